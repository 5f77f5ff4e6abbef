"""The tables of spaces that are not an answer as it stands: weekdays and focus areas as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.parts.tables import Width
from data_access.answers import AnswerColumn, Count, Key, Text
from data_access.questions.spaces.newcomers import SpaceArea
from data_access.questions.spaces.pilots import SpaceCoordinator
from data_access.questions.spaces.schedule import SpaceWeekday

SCHEDULE = (
    *("name", "gap", "held", "due", "needed", "per_week", "recent", "weeks_met", "weeks", "planned"),
    *("due_in_year", "target_week", "state"),
)
NEWCOMERS = (
    *("name", "events", "target", "active", "attributed", "reported", "difference", "not_yet", "per_event"),
    *("low", "high", "reporting"),
)
VISITORS = ("name", "visitors", "returning", "share", "low", "high", "elsewhere")
WIDTHS: dict[str, Width] = {"name": 190, "gap": 120}


class CoordinatorsOf(NamedTuple):
    """A space with who looks after either side of it."""

    space: Annotated[str, Key("Space key")]
    name: Annotated[str, Text("Space")]
    technical: Annotated[str | None, Text("Technical")]
    community: Annotated[str | None, Text("Community")]


def coordinators(rows: Sequence[SpaceCoordinator]) -> list[CoordinatorsOf]:
    """A row a space."""
    sides: dict[tuple[str, str], dict[str, str | None]] = {}
    for row in rows:
        sides.setdefault((row.space, row.name), {})[row.side] = row.person
    return [CoordinatorsOf(*key, own.get("technical"), own.get("community")) for key, own in sides.items()]


def weekday_columns(rows: Sequence[SpaceWeekday]) -> list[AnswerColumn]:
    """The columns of `weekdays`."""
    days = dict.fromkeys(row.weekday for row in rows)
    counts = [Count(day, "events", name=f"day_{number}") for number, day in enumerate(days)]
    return [Text("Space", name="name"), *counts, Text("Begins between", name="hours")]


def weekdays(rows: Sequence[SpaceWeekday]) -> pd.DataFrame:
    """A row a space, a column a weekday with how many events began on it, and the times at which they begin."""
    made: dict[str, list[object]] = {}
    times: dict[str, list[str]] = {}
    for row in rows:
        made.setdefault(row.space, [row.name]).append(row.events)
        times.setdefault(row.space, []).extend(time for time in (row.first_at, row.last_at) if time)
    filled = [[*cells, f"{min(times[key])}–{max(times[key])}" if times[key] else None] for key, cells in made.items()]
    return _typed(filled, weekday_columns(rows))


def area_columns(rows: Sequence[SpaceArea]) -> list[AnswerColumn]:
    """The columns of `areas`: a focus area each, those with most newcomers first."""
    counts = [
        Count(area[:1].upper() + area[1:] or "Not recorded", "people", name=f"area_{number}")
        for number, area in enumerate(_areas(rows))
    ]
    return [Text("Space", name="name"), *counts]


def areas(rows: Sequence[SpaceArea]) -> pd.DataFrame:
    """A row a space, a column a focus area with the newcomers who began there."""
    listed = _areas(rows)
    by_space: dict[str, dict[str, int]] = {}
    names = {}
    for row in rows:
        names[row.space] = row.name
        by_space.setdefault(row.space, {})[row.area] = row.newcomers
    filled = [[names[key], *(own.get(area, 0) for area in listed)] for key, own in by_space.items()]
    return _typed(filled, area_columns(rows))


def _areas(rows: Sequence[SpaceArea]) -> list[str]:
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.area] = totals.get(row.area, 0) + row.newcomers
    return sorted(totals, key=lambda area: (-totals[area], area))


def _typed(filled: Sequence[Sequence[object]], columns: Sequence[AnswerColumn]) -> pd.DataFrame:
    frame = pd.DataFrame(filled, columns=[column.name for column in columns], dtype=object)
    return frame.astype({column.name: "Int64" for column in columns if isinstance(column, Count)})
