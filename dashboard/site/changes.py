"""What is new against the site published before, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from dashboard.site.texts import money_words, range_words
from dashboard.words.text import counted, visible
from data_access.publishing.reader import Publication
from data_access.publishing.tables import public
from data_access.questions.frames import records

Tables = Mapping[str, pd.DataFrame]
_TOLD_ABOVE = ("publication", "texts", "definitions", "figures")


def changes(before: Publication, old: Tables, now: Publication, new: Tables) -> list[str]:
    """A sentence for each change: the facts, the headline numbers, the definitions, then table by table."""
    said = [*_facts(before, now), *_figures(old, new, now.about["currency"]), *_definitions(old, new)]
    for name in public.tables:
        if name not in _TOLD_ABOVE:
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
            yield f"{words}: {visible(before.about[name]) or 'none'}, now {visible(now.about[name]) or 'none'}."


def _figures(old: Tables, new: Tables, currency: str) -> Iterator[str]:
    then = {row["figure"]: row for row in records(old["figures"])}
    now = {row["figure"]: row for row in records(new["figures"])}
    for name in {**then, **now}:
        words = [
            "not told" if row is None else money_words(row, currency) if row["unit"] == "money" else range_words(row)
            for row in (then.get(name), now.get(name))
        ]
        if words[0] != words[1]:
            yield f"{(now.get(name) or then[name])['label']}: {words[0]}, now {words[1]}."


def _definitions(old: Tables, new: Tables) -> Iterator[str]:
    then, now = ({row["name"]: row for row in records(tables["definitions"])} for tables in (old, new))
    for name in {**then, **now}:
        title = (now.get(name) or then[name])["title"]
        if name not in then:
            yield f"New definition: “{title}”."
        elif name not in now:
            yield f"The definition “{title}” is gone."
        elif (then[name]["title"], then[name]["text"]) != (now[name]["title"], now[name]["text"]):
            yield f"The definition “{title}” reads otherwise: “{then[name]['text']}” is now “{now[name]['text']}”"


def _rows(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    keys = [column.name for column in public.tables[name].primary_key.columns]
    then, now = ({tuple(row[key] for key in keys): _comparable(row) for row in records(t)} for t in (old, new))
    moved = sum(then[key] != now[key] for key in then.keys() & now.keys())
    numbers = {"new": len(now.keys() - then.keys()), "changed": moved, "gone": len(then.keys() - now.keys())}
    parts = [counted(number, f"row {what}", f"rows {what}") for what, number in numbers.items() if number]
    if parts:
        yield f"Table {name}: {', '.join(parts)}."


def _comparable(row: Mapping[str, object]) -> tuple[str, ...]:
    # The place in an order is no number that anybody reads.
    return tuple(str(value) for name, value in row.items() if name != "position")
