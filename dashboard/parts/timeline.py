"""A time line: everything about one thing as a picture with a row a kind, and below it as rows that lead on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import htpy as h
import pandas as pd
import streamlit as st

from dashboard.parts import named, page_parts
from dashboard.parts.charts import DAYS, Canvas, Picture
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.shapes import HowTold
from dashboard.parts.tables import table_with_download
from dashboard.parts.theme import ThemeType
from dashboard.words import numbers
from dashboard.words.sentences import Counted, say
from data_access.answers import rows
from data_access.questions.named.entries import TimelineEntry

# How many are shown at first and with each press of the button; so many are asked for.
SHOWN, MOST = 50, 1_000
_MANY, _MANY_BEFORE = "entries", "rows"  # links of before had another word, which now names a chart's rows
_LANE, _MARGINS, _LEAST = 34, 56, 3
ENTRIES = Counted("{n} entry", "{n} entries")
OF_MANY = "The newest {shown} of {entries}."
ALT = "{entries} from {first} to {last}, a row for each of: {lanes}."


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry with its day, what happened and the rest in words."""

    entry: TimelineEntry
    told: HowTold
    day: str
    rest: str


def show(found: pd.DataFrame, told: Mapping[str, HowTold], name: str) -> None:
    """The picture, the rows, the older ones on demand, and all of it as a table."""
    entries = rows(TimelineEntry, found)
    if not entries:
        page_parts.nothing("Nothing is recorded of it yet.")
        return
    lines = [_line(entry, told[entry.what]) for entry in entries]
    as_told = found.assign(what=[line.told.words for line in lines])
    if len(lines) >= _LEAST:
        places = {key: place for place, key in enumerate(_keys(lines))}

        def entry(mark: str) -> Opened:
            place = places[mark]
            line, own = lines[place], as_told[place : place + 1]
            return Opened(" · ".join(filter(None, (line.day, line.rest))), own, TimelineEntry, _shown(own))

        show_figure(picture(lines, page_parts.theme_type()), key="timeline", rows=entry, listed=False)
    many = _many()
    page_parts.show(_rows(lines[:many]))
    if len(lines) > many:
        st.caption(say(OF_MANY, shown=many, entries=ENTRIES(len(lines))))
        st.button("Show older", icon=":material/expand_more:", key="timeline_older", on_click=_older)
    # Up to a thousand rows that hardly anybody opens: they are written when somebody does.
    table = st.expander("The time line as a table", icon=":material/table:", key="timeline_table", on_change="rerun")
    if not table.open:
        return
    with table:
        table_with_download(
            as_told,
            "timeline",
            alt=say("Everything on the time line of {name}", name=name),
            columns=TimelineEntry,
            shown=_shown(found),
            widths={"happened_on": 100, "what": 190, "name": "medium"},
        )


_LISTED = ("happened_on", "what", "name", "words", "people", "number", "amount", "currency")


def _keys(lines: Sequence[_Line]) -> list[str]:
    """What names each entry: its day, and its place among those of the day, which later ones do not change."""
    of_day = Counter(line.entry.happened_on for line in lines)
    keys = []
    for line in lines:
        day = line.entry.happened_on
        of_day[day] -= 1
        keys.append(f"{day.isoformat()}.{of_day[day]}")
    return keys


def _shown(found: pd.DataFrame) -> list[str]:
    return [column for column in _LISTED if found[column].notna().any()]


def _many() -> int:
    asked = st.query_params.get(_MANY) or st.query_params.get(_MANY_BEFORE, "")
    return min(int(asked), MOST) if asked.isdecimal() and len(asked) < 5 and int(asked) > 0 else SHOWN


def _older() -> None:
    st.query_params[_MANY] = str(_many() + 2 * SHOWN)
    if st.query_params.get(_MANY_BEFORE, "").isdecimal():
        st.query_params.pop(_MANY_BEFORE)


def _line(entry: TimelineEntry, told: HowTold) -> _Line:
    number = entry.number if entry.people is None else entry.people
    day = numbers.month(entry.happened_on) if told.monthly else numbers.day(entry.happened_on)
    words = (entry.words or "").replace("_", " ") if told.coded else entry.words or ""
    amount = numbers.money(entry.amount, entry.currency) if entry.amount is not None and entry.currency else ""
    counted = told.counts(number) if told.counts and number is not None else ""
    return _Line(entry, told, day, " · ".join(part for part in (counted, amount, words) if part))


def _rows(lines: Sequence[_Line]) -> h.Element:
    """The entries below each other, newest first, a heading a year."""
    years = groupby(lines, key=lambda line: line.entry.happened_on.year)
    return h.div(".up-timeline")[
        [h.section[h.h2[str(year)], h.ol[[_row(line) for line in listed]]] for year, listed in years]
    ]


def _row(line: _Line) -> h.Element:
    entry = line.entry
    return h.li[
        h.time(datetime=entry.happened_on.isoformat())[line.day],
        h.span(".up-entry")[
            h.b[line.told.words],
            entry.name and [" ", named.link(entry.kind or "", entry.key, entry.name)],
            line.rest and h.small[" ", line.rest],
        ],
    ]


def picture(lines: Sequence[_Line], theme_type: ThemeType) -> Picture:
    """A row for each kind of entry, a point for each entry on its day."""
    lanes = list(dict.fromkeys(line.told.lane for line in lines))
    canvas = Canvas(theme_type, len(lanes) * _LANE + _MARGINS, left=92, right=12, top=8, bottom=40)
    days = [line.entry.happened_on for line in lines]
    said = [
        " · ".join(part for part in (line.day, line.told.words, line.entry.name, line.rest) if part) for line in lines
    ]
    heights = [float(lanes.index(line.told.lane)) for line in lines]
    canvas.dots(days, heights, size=9, said=said, keys=_keys(lines))
    canvas.listed(lanes)
    canvas.x_axis(**DAYS)
    alt = say(ALT, entries=ENTRIES(len(lines)), first=min(days), last=max(days), lanes=", ".join(lanes))
    title = say("{entries} from {first} to {last}.", entries=ENTRIES(len(lines)), first=min(days), last=max(days))
    return canvas.picture(alt, title)
