"""Retention's tables: the grid of cohorts by months, and events with their groups' names."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.subjects.retention.words import Grid
from dashboard.words.sentences import say
from data_access.answers import AnswerColumn, Count, Share, Text


def grid_columns(months: Sequence[int]) -> list[AnswerColumn]:
    """The columns of `grid_table`: there are as many as months."""
    shares = [Share(say("Month {month}", month=month), name=month_column(month)) for month in months]
    return [Text("Cohort", name="cohort"), Count("People", "people", name="people"), *shares]


def grid_table(grid: Grid) -> pd.DataFrame:
    """The grid as a table: a row a cohort, the newest first, a column a month."""
    listed = list(zip(grid.cohorts, grid.people, grid.shares, strict=True))
    months = [month_column(month) for month in grid.months]
    rows = [(cohort, people, *shares) for cohort, people, shares in reversed(listed)]
    table = pd.DataFrame(rows, columns=["cohort", "people", *months])
    return table.astype({"people": "Int64", **dict.fromkeys(months, "Float64")})


def month_column(month: int) -> str:
    """The name of a month's column."""
    return f"month_{month}"
