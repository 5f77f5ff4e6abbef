"""What a picture is made of, as it was told to the canvas: its marks as rows, and which of them open theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.parts.axes import Place
from dashboard.words import numbers
from dashboard.words.sentences import say
from dashboard.words.text import visible


class Mark(NamedTuple):
    """One mark: its series, where it stands, its value (or its end, from `start`), and what is said of it."""

    series: str
    at: Place
    value: Place
    start: Place
    low: Place
    high: Place
    said: str
    key: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Marks that were drawn in one call: values lie along one axis, at places of the other one (`across`).

    The cells of a grid are a series a `row`, which is a place on y.
    """

    series: str
    across: str
    places: Sequence[Place]
    values: Sequence[Place]
    starts: Sequence[Place] = ()
    low: Sequence[Place] = ()
    high: Sequence[Place] = ()
    said: Sequence[str] = ()
    keys: Sequence[str] = ()
    row: Place = None

    def marks(self, names: Mapping[str, Mapping[Place, str]]) -> Iterator[Mark]:
        """Each mark that has a value or something said of it; `names` are those of places, by axis."""
        own, down = names.get(self.across, {}), names.get("y", {})
        series = self.series if self.row is None else str(down.get(self.row, self.row))
        for number, (place, value) in enumerate(zip(self.places, self.values, strict=True)):
            said = _at(self.said, number) or ""
            if value is None or value != value:
                if not said:
                    continue
                value = None
            at = place if place is None else own.get(place, place)
            if self.across == "y":  # a list whose columns have names holds no number
                value = names.get("x", {}).get(value, value)
            start, low, high = (_at(part, number) for part in (self.starts, self.low, self.high))
            yield Mark(series, at, value, start, low, high, said, _at(self.keys, number) or "")


def _at(values: Sequence[Any], number: int) -> Any:
    return values[number] if number < len(values) else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, the same in words for readers who do not see it, and the finding that it shows.

    `traces` and `layout` are as Plotly reads them, `drawn` are its marks as they were told, `names` what is written
    beside places of its axes: {"y": {0: "Paid"}}.
    """

    traces: Sequence[dict[str, Any]]
    layout: Mapping[str, Any]
    alt: str
    title: str
    drawn: Sequence[Drawn] = ()
    names: Mapping[str, Mapping[Place, str]] | None = None

    @property
    def figure(self) -> go.Figure:
        """As Streamlit takes it, made anew; tests have Plotly check what each page sends."""
        return go.Figure(list(self.traces), dict(self.layout), _validate=False)

    def days(self) -> list[date]:
        """The days at which its marks stand; none where they do not stand on a time line."""
        along = (place for part in self.drawn for place in (part.places if part.across == "x" else part.values))
        return [place for place in along if isinstance(place, date)]

    def marks(self) -> list[Mark]:
        """Its marks in the order in which they were drawn, each once."""
        every = (mark for part in self.drawn for mark in part.marks(self.names or {}))
        return list(dict.fromkeys(every))

    def openable(self) -> dict[str, str]:
        """What is said of each mark that opens its rows, by its key; of a line that opens as a whole its name."""
        found: dict[str, str] = {}
        for mark in self.marks() if any(part.keys for part in self.drawn) else ():
            if mark.key:
                said = " ".join(visible(mark.said).split())
                at = numbers.month(mark.at) if isinstance(mark.at, date) else mark.at
                named = isinstance(at, str) and at not in said
                if mark.key in found and mark.series:
                    found[mark.key] = visible(mark.series)
                found.setdefault(mark.key, say("{at}: {said}", at=at, said=said) if named else said)
        return found

    def table(self) -> pd.DataFrame:
        """Its marks as rows, under the names of `COLUMNS`, without those that hold nothing."""
        rows = [
            (mark.series, _place(mark.at), mark.start, mark.value, mark.low, mark.high, visible(mark.said))
            for mark in self.marks()
        ]
        table = pd.DataFrame(rows, columns=list(HEADINGS), dtype=object)
        empty = [name for name in table if all(value in (None, "") for value in table[name])]
        return table.drop(columns=empty)


def _place(place: Place) -> Place:
    return visible(place) if isinstance(place, str) else place


# What each column of a picture's table is headed.
HEADINGS = {
    "series": "Series",
    "at": "At",
    "start": "From",
    "value": "Value",
    "low": "Interval from",
    "high": "Interval to",
    "said": "In words",
}
