"""What a column of a table may be about, by its heading and a sample of its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from data_access.geography.countries import english_country_code
from data_access.imports.mapping import values
from data_access.imports.mapping.headings import ASKED, heard
from data_access.imports.mapping.sheets import Sheet
from data_access.imports.readers.places import country_of

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_COUNT = re.compile(r"\d[\d.,'’\s]*", re.ASCII)
_LOOKED_AT = 60  # different cells of a column: more say nothing new
_SURE = 0.7
_FEW_ANSWERS = 4
# What a row may be called by.
WHO = ("name", "first_name", "last_name", "email", "handle", "key")
_NAMING = frozenset(("title", "event", *WHO))


@dataclass(frozen=True)
class SeenColumn:
    """A column: its heading, what it may be about (concept → share), its different cells, and how many are filled."""

    heading: str
    about: Mapping[str, float]
    cells: tuple[str, ...]
    filled: int


def date_order_of(sheet: Sheet) -> str:
    texts = [text for index, name in enumerate(sheet.names) if name for text in sheet.column(index)]
    return values.date_order(texts)


def seen_columns(sheet: Sheet, order: str) -> list[SeenColumn]:
    """The columns that have a heading; `order` is that of days and months in dates.

    Where none says what a row is called, the first one of words that differ from row to row does.
    """
    columns = [_column(sheet, index, order) for index in range(len(sheet.names)) if sheet.names[index]]
    if any(_NAMING & column.about.keys() for column in columns):
        return columns
    for place, column in enumerate(columns):
        are_words = _share(column.cells, lambda text: any(map(str.isalpha, text))) >= _SURE
        if not column.about and are_words and len(column.cells) >= 0.9 * column.filled > 1:
            columns[place] = replace(column, about={"title": 0.5, "name": 0.4})
            break
    return columns


def _column(sheet: Sheet, index: int, order: str) -> SeenColumn:
    filled = sheet.column(index)
    cells = tuple(dict.fromkeys(filled))[:_LOOKED_AT]
    heading = sheet.names[index]
    about = {each.concept: each.share for each in heard(heading) if _fits(each.concept, cells, order)}
    if any(each == ("status", ASKED) for each in heard(heading)) and len(cells) <= _FEW_ANSWERS:
        about["status"] = ASKED  # "Did it take place?" asks for it in whatever words: their meaning can be told
    if not any(share >= 0.6 for share in about.values()):
        for concept, share in _by_cells(cells, order):
            about[concept] = max(about.get(concept, 0), share)
    return SeenColumn(heading, about, tuple(dict.fromkeys(filled)), len(filled))


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _is_date(order: str) -> Callable[[str], object]:
    return lambda text: values.read_date(text, order or values.DAY_FIRST) or values.read_date(text, values.MONTH_FIRST)


def _is_amount(text: str) -> bool:
    return bool(values.read_amount(text)[0])


def _is_status(text: str) -> bool:
    return any(values.read_word(kind, text) for kind in ("events.status", "funding_requests.decision", "attended"))


def _is_yes_or_no(text: str) -> object:
    return values.read_word("yes or no", text)


def _is_word(kind: str) -> Callable[[str], object]:
    return lambda text: values.read_word(kind, text)


_DATES = frozenset(("start", "end", "date", "joined", "member_since", "left", "paid_on", "decided_on"))
_AMOUNTS = frozenset(("amount", "approved", "paid"))
_NAMED = frozenset(
    ("name", "first_name", "last_name", "title", "event", "place", "city", "country", "venue", "speakers")
)
_NUMBERED = frozenset(("attendance", "new_contributors", "quantity", "rating"))


def _fits(concept: str, cells: Sequence[str], order: str) -> bool:
    """Whether the cells can be what the heading says; an empty column can be anything."""
    if not cells:
        return True
    if concept in _DATES:
        return _share(cells, _is_date(order)) >= 0.5
    if concept in _AMOUNTS:
        return _share(cells, _is_amount) >= 0.5 and not _share(cells, _is_date(order)) > 0.5
    if concept == "email":
        return _share(cells, _EMAIL.fullmatch) >= 0.5
    if concept in _NUMBERED:
        return _share(cells, lambda text: any(sign.isdigit() for sign in text) and len(text) < 20) >= 0.5
    if concept in ("latitude", "longitude"):
        return _share(cells, lambda text: any(sign.isdigit() for sign in text)) >= 0.5
    if concept in _NAMED or concept == "organizers":
        return _share(cells, lambda text: not (_COUNT.fullmatch(text) or _EMAIL.fullmatch(text))) >= 0.5
    if concept == "languages":
        return _share(cells, lambda text: values.read_languages(text)[0]) >= 0.4
    if concept == "status":
        return _share(cells, _is_status) >= 0.4
    if concept == "attended":
        return _share(cells, _is_word("attended")) >= 0.7
    if concept == "state":  # "Estado" is a region, or how things stand
        return _share(cells, _is_status) < 0.4
    if concept == "mode":
        return _share(cells, _is_word("events.mode")) >= 0.3
    return True


def _by_cells(cells: Sequence[str], order: str) -> list[tuple[str, float]]:
    """What the cells of a column with a heading that says nothing may be about."""
    if len(cells) < 1:
        return []
    tests: tuple[tuple[str, Callable[[str], object], float], ...] = (
        ("email", _EMAIL.fullmatch, 0.7),
        ("url", _URL.fullmatch, 0.6),
        ("date", _is_date(order), 0.55),
        ("amount", lambda text: values.read_amount(text)[1], 0.65),
        ("country", lambda text: len(text) > 3 and english_country_code(text), 0.6),
        ("languages", lambda text: len(text) > 3 and values.read_languages(text)[0], 0.55),
        ("mode", lambda text: len(text) > 2 and not _is_yes_or_no(text) and values.read_word("events.mode", text), 0.6),
        ("status", lambda text: len(text) > 3 and not _is_yes_or_no(text) and _is_status(text), 0.55),
        ("category", _is_word("funding_requests.category"), 0.5),
        ("place", _names_a_town, 0.5),
    )
    for concept, test, share in tests:
        if _share(cells[:25], test) >= _SURE and (concept != "place" or len(cells) > 2):
            return [(concept, share)]
    return []


@lru_cache(maxsize=10_000)
def _names_a_town(text: str) -> bool:
    if len(text) > 80 or any(sign.isdigit() for sign in text):
        return False
    return bool(country_of(text))
