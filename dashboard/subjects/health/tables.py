"""The program manager's quarters as people read them: each by its name."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.words.periods import quarter_name
from dashboard.words.sentences import say
from data_access.answers import Count, Number, Text, columns_of, rows, table
from data_access.questions.health.workload import PmQuarter
from data_access.selection import Period

_HEADS = {column.name: column for column in columns_of(PmQuarter)}


class QuarterWork(NamedTuple):
    quarter: Annotated[str, Text("Quarter")]
    arrived: Annotated[int, Count("Arrived", "requests")]
    decided: Annotated[int, Count("Decided", "requests", help=_HEADS["decided"].help)]
    median_days: Annotated[float | None, Number("Median wait", "days", decimals=1, help=_HEADS["median_days"].help)]
    in_time: Annotated[int, Count("Within 30 days", "requests")]
    waiting: Annotated[int, Count("Wait at its end", "requests", help=_HEADS["waiting"].help)]
    oldest_days: Annotated[int | None, Number("Oldest of them", "days", help=_HEADS["oldest_days"].help)]
    members: Annotated[int, Count("Members at its end", "members")]
    dropped: Annotated[int, Count("Dropped out", "members", help=_HEADS["dropped"].help)]


def quarters(found: pd.DataFrame) -> pd.DataFrame:
    """A row a quarter; the one that runs says so."""
    return table(QuarterWork, [(_name(row), *row[1:-1]) for row in rows(PmQuarter, found)])


def _name(row: PmQuarter) -> str:
    quarter = quarter_name(Period.quarter_of(row.quarter))
    return say("{quarter}, so far", quarter=quarter) if row.open else quarter
