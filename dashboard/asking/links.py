"""Links: a page's address ↔ the Selection and role it asks for. What cannot be understood is named, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dashboard.words.sentences import either, say
from data_access.geography.languages import language_name
from data_access.questions.known_values import nearest
from data_access.questions.options import FilterOptions
from data_access.selection import QUERY_NAMES, Selection, SelectionError

ROLE = "as"
# Values of these come from the program; one that is not offered cannot be shown in its filter, nor found in the data.
CLOSED = ("country", "region", "area", "topic", "language", "space", "team")
_LABELS = {"as_of": "date"}
LEFT_OUT = "The link’s {part} was left out: {problem}"
NOT_OFFERED = "The link’s {part} “{value}” was left out: nobody and no event has it."
NEAREST_OFFERED = "The link’s {part} “{value}” was left out: nobody and no event has it. Did you mean {nearest}?"
LONGEST_QUOTED = 60


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link asks for, and a sentence for each part of it that was left out."""

    selection: Selection
    ignored: tuple[str, ...] = ()


def read(query: Mapping[str, str], default: Selection, offered: FilterOptions | None = None) -> OpenedLink:
    """The selection a link asks for, part by part: one bad part does not spoil the others."""
    selection, ignored = default, []
    for name in QUERY_NAMES:
        if not query.get(name):
            continue
        try:
            selection = Selection.from_query({name: query[name]}, selection)
        except SelectionError as problem:
            ignored.append(say(LEFT_OUT, part=_LABELS.get(name, name), problem=problem))
    for name in CLOSED if offered else ():
        selection, sentences = _only_offered(selection, name, offered)
        ignored += sentences
    return OpenedLink(selection, tuple(ignored))


def _only_offered(selection: Selection, name: str, offered: FilterOptions | None) -> tuple[Selection, list[str]]:
    known = offered.names().get(name, {}) if offered else {}
    asked: tuple[str, ...] = getattr(selection, name)
    unknown = [value for value in asked if value not in known]
    if not unknown:
        return selection, []
    kept: dict[str, object] = {name: tuple(value for value in asked if value in known)}
    sentences = [_left_out(name, value, known) for value in unknown[:5]]
    return replace(selection, **kept), sentences  # type: ignore[arg-type]  # the field is a tuple of text


def _left_out(name: str, value: str, known: Mapping[str, str]) -> str:
    named = {tag: language_name(tag) for tag in known} if name == "language" else known
    found = nearest(value, named)
    template = NEAREST_OFFERED if found else NOT_OFFERED
    return say(template, part=name, value=_shortened(value), nearest=either([_shortened(each) for each in found]))


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_QUOTED else f"{value[: LONGEST_QUOTED - 1]}…"


def write(selection: Selection, default: Selection, role: str = "") -> dict[str, str]:
    """The parameters the address bar shows: only what differs from the page's opening view."""
    query = selection.to_query()
    if selection.period == default.period:
        del query["period"]
    if selection.as_of == default.as_of:
        query.pop("as_of", None)
    return query | ({ROLE: role} if role else {})


def to_copy(selection: Selection, role: str = "", own: Mapping[str, str] | None = None) -> str:
    """The parameters of a link that opens exactly this view on any later day, encoded; `own` are the page’s own."""
    query = {**selection.to_query(), "period": str(selection.period), "as_of": selection.as_of.isoformat()}
    return urlencode(query | ({ROLE: role} if role else {}) | dict(own or {}))
