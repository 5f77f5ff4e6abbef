"""What is new against the site published before, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from dashboard.site.texts import money_words
from dashboard.words.ranges import people_words
from dashboard.words.sentences import Counted, say
from dashboard.words.text import visible
from data_access.answers import rows
from data_access.publishing.reader import Publication
from data_access.publishing.rows import ROWS, PublishedDefinition, PublishedFigure
from data_access.publishing.tables import public

Tables = Mapping[str, pd.DataFrame]
NEW_HISTORY = (
    "With this publication a new history begins: its numbers are those of the program’s quarterly releases. What was "
    "published before was protected in another way, so a number that differs need not have changed."
)
_HAS_ITS_OWN_SENTENCES = ("publication", "texts", "definitions", "figures")


def changes(before: Publication, old: Tables, now: Publication, new: Tables) -> list[str]:
    """A sentence for each change: the facts, the headline numbers, the definitions, then table by table."""
    said = [NEW_HISTORY] if now.begins_a_history else []
    said += [*_facts(before, now), *_figures(old, new, now.currency), *_definitions(old, new)]
    for name in public.tables:
        if name not in _HAS_ITS_OWN_SENTENCES:
            said += _rows(name, old[name], new[name])
    return said


_FACTS = {
    "title": "The program’s name",
    "currency": "The currency",
    "period_end": "The end of the published period",
    "min_group_size": "The minimum group",
}


def _facts(before: Publication, now: Publication) -> Iterator[str]:
    for name, words in _FACTS.items():
        if before.about[name] != now.about[name]:
            then, here = (visible(one.about[name]) or "none" for one in (before, now))
            yield say("{what}: {before}, now {now}.", what=words, before=then, now=here)


def _figures(old: Tables, new: Tables, currency: str) -> Iterator[str]:
    then, now = ({row.figure: row for row in rows(PublishedFigure, tables["figures"])} for tables in (old, new))
    for name, row in {**then, **now}.items():
        before, here = _figure_words(then.get(name), currency), _figure_words(now.get(name), currency)
        if before != here:
            yield say("{what}: {before}, now {now}.", what=row.label, before=before, now=here)


def _figure_words(row: PublishedFigure | None, currency: str) -> str:
    if row is None:
        return "not published"
    if row.unit == "money":
        return money_words(row.at_least, row.at_most, currency)
    return people_words(row.at_least, row.at_most)


def _definitions(old: Tables, new: Tables) -> Iterator[str]:
    then, now = ({row.name: row for row in rows(PublishedDefinition, tables["definitions"])} for tables in (old, new))
    for name, row in {**then, **now}.items():
        if name not in then:
            yield say("New definition: “{title}”.", title=row.title)
        elif name not in now:
            yield say("The definition “{title}” is gone.", title=row.title)
        elif (then[name].title, then[name].text) != (row.title, row.text):
            yield say(_REWORDED, title=row.title, before=then[name].text, now=row.text)


_REWORDED = "The definition “{title}” was reworded: “{before}” is now “{now}”"
_NEW = Counted("{n} row new", "{n} rows new")
_CHANGED = Counted("{n} row changed", "{n} rows changed")
_GONE = Counted("{n} row gone", "{n} rows gone")


def _rows(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    then, now = _by_key(name, old), _by_key(name, new)
    moved = sum(then[key] != now[key] for key in then.keys() & now.keys())
    numbers = ((_NEW, len(now.keys() - then.keys())), (_CHANGED, moved), (_GONE, len(then.keys() - now.keys())))
    parts = [counted(number) for counted, number in numbers if number]
    if parts:
        yield say("Table {name}: {changes}.", name=name, changes=", ".join(parts))


def _by_key(name: str, table: pd.DataFrame) -> dict[tuple[object, ...], tuple[object, ...]]:
    """The rows of a table by its primary key. The place in an order is left out: it is no number that anybody reads."""
    keys = [column.name for column in public.tables[name].primary_key.columns]
    found = {}
    for row in rows(ROWS[name], table):
        cells = row._asdict()
        compared = tuple(value for column, value in cells.items() if column != "position")
        found[tuple(cells[key] for key in keys)] = compared
    return found
