"""For which windows a question is released, and the reading of what was: one row of the release's database each.

A window is one of a few: everything up to the release, years, single quarters. Whoever is outside asks about a period
and gets the released window that is most like it, as of the newest release that was made by the day they ask about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Float, Integer, MetaData, Table, Text, func, select

from data_access.answers import Amount, AnswerColumn, Day, Moment, columns_of, typed
from data_access.database.column_types import ExactNumber
from data_access.database.schema import releases
from data_access.money.ledger import fiscal_year, fiscal_year_of
from data_access.program import Program, load_program
from data_access.selection import Period, Selection, add_months

QUARTERS_BACK = 8
YEARS_BACK = 6
Options = Mapping[str, Any]


class Windows(Enum):
    """Kinds of windows, each made of whole quarters that are over on the day of the release."""

    EVERYTHING = "everything"  # from the first quarter on
    WHOLE_YEARS = "whole years"  # calendar years that are over: no two have a day in common
    YEARS = "years"  # the four quarters to the release, and calendar years that are over
    ROLLING = "rolling"  # the four quarters to the release, and those a year before
    FISCAL = "fiscal"  # fiscal years that are over, and what is over of the one that runs
    QUARTERS = "quarters"  # the last quarters, each for itself

    def of(self, first: date, end: date, program: Program) -> list[Period]:
        """The windows of a release of this day, the first after its quarter; `first` is the first quarter’s."""
        ends = [add_months(end, -3 * back) for back in range(QUARTERS_BACK)]
        if self is Windows.EVERYTHING:
            return [Period(min(first, add_months(end, -3)), end)]
        if self is Windows.QUARTERS:
            return [Period(add_months(each, -3), each) for each in ends if each > first] or [Period(ends[1], end)]
        if self is Windows.ROLLING:
            return [Period(add_months(each, -12), each) for each in (end, add_months(end, -12)) if each > first]
        numbers = range(end.year - YEARS_BACK, end.year + 1)
        if self in (Windows.WHOLE_YEARS, Windows.YEARS):
            years = [Period(date(number, 1, 1), date(number + 1, 1, 1)) for number in numbers]
            found = [period for period in years if first < period.end <= end]
            rolling = [] if self is Windows.WHOLE_YEARS else [Period(add_months(end, -12), end)]
            return list(dict.fromkeys([*found, *rolling]))
        fiscal = [fiscal_year(number, program) for number in numbers]
        return [Period(year.start, min(year.end, end)) for year in fiscal if year.start < end and first < year.end]


@dataclass(frozen=True)
class Released:
    """How a question is released: for which windows, and with which of its options.

    `narrowed_by` names a column of days: the reader sees the rows whose day lies in the period that they ask about.
    `rows_by` says which options choose rows by a column: one answer holds them for every value, and is asked with "".
    Options that depend on the data are found by a function.
    `goes_on`: what came of the window's people is told anew by each release; else each window is released once.
    """

    windows: tuple[Windows, ...]
    options: tuple[Options, ...] | Callable[[Connection], tuple[Options, ...]] = field(default=({},))
    narrowed_by: str = ""
    rows_by: Mapping[str, str] = field(default_factory=dict)
    goes_on: bool = False

    def text_of(self, defaults: Options, options: Options) -> str:
        """The options as the table has them: those that are not as by default, in order."""
        given = {
            name: value for name, value in options.items() if value != defaults.get(name) and name not in self.rows_by
        }
        return ",".join(f"{name}={value}" for name, value in sorted(given.items()))


class ReleasedWindow(NamedTuple):
    """What an answer is of: the release's day (the first after its quarter), and the window."""

    released_on: date
    window: Period


@cache
def released_table(name: str, row: type[NamedTuple]) -> Table:
    """The table that holds a question's released answers: which one, the place in it, and its declared columns."""
    return Table(
        f"released_{name}",
        MetaData(),
        Column("released_on", Date, primary_key=True),
        Column("from_day", Date, primary_key=True),
        Column("until_day", Date, primary_key=True),
        Column("chosen", Text, primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        *(Column(f"{column.name}", _type_of(column)) for column in columns_of(row)),
    )


def _type_of(column: AnswerColumn) -> Any:
    if isinstance(column, Amount):
        return ExactNumber
    if isinstance(column, Day):
        return Date
    if isinstance(column, Moment):
        return DateTime
    return {"Int64": Integer, "Float64": Float, "boolean": Boolean}.get(column.dtype or "", Text)


def newest_released(connection: Connection, day: date) -> date | None:
    """The day of the newest release that was made for the day or one before, in the release's own database."""
    made = select(func.max(releases.c.released_on)).where(releases.c.released_on <= day)
    return connection.execute(made).scalar()


def window_of(
    connection: Connection, table: Table, released: Released, selection: Selection, options: str
) -> ReleasedWindow | None:
    """The released window that is most like the selection's period; None: nothing was released for these options.

    What each release tells of everything is read from the newest.
    """
    columns = table.c
    statement = (
        select(columns.released_on, columns.from_day, columns.until_day)
        .where(columns.chosen == options, columns.released_on <= selection.over_by)
        .distinct()
    )
    found = [ReleasedWindow(row[0], Period(row[1], row[2])) for row in connection.execute(statement)]
    if released.windows == (Windows.EVERYTHING,):
        return max(found, key=lambda each: each.released_on, default=None)
    asked = selection.period
    return max(found, key=lambda each: (_likeness(each.window, asked), each.released_on), default=None)


def _fiscal_year_of(connection: Connection, selection: Selection) -> Period:
    """The fiscal year that a question about budgets is about: the one of the period's last day."""
    day = min(selection.period.end - timedelta(days=1), selection.as_of)
    year = fiscal_year_of(day, load_program(connection))
    return Period(year.start, year.end)


def _likeness(window: Period, asked: Period) -> tuple[float, int, date, float, int]:
    """How much of the two is common to both, in hundredths: a leap day makes no window more like all time.

    Of windows that lie elsewhere, the nearest; of equals, the later, and of these the one of about the same length.
    """
    common = (min(window.end, asked.end) - max(window.start, asked.start)).days
    both = (max(window.end, asked.end) - min(window.start, asked.start)).days
    share = max(common, 0) / both
    longer = (window.end - window.start).days - (asked.end - asked.start).days
    return (round(share, 2), min(common, 0), window.end, share, -abs(longer))


def read_released(
    connection: Connection,
    name: str,
    row: type[NamedTuple],
    released: Released,
    selection: Selection,
    defaults: Options,
    options: Options,
) -> pd.DataFrame:
    """The released answer for the window most like the period; without a row when there is none, or filters are in use.

    What is released knows no filters: an answer about fewer events than were asked about would be a wrong one.
    """
    table, text = released_table(name, row), released.text_of(defaults, options)
    if released.windows == (Windows.FISCAL,):
        selection = replace(selection, period=_fiscal_year_of(connection, selection))
    names = [column.name for column in columns_of(row) if not column.only_with or options.get(column.only_with)]
    asked = None if selection.narrowed_by else window_of(connection, table, released, selection, text)
    if asked is None:
        return typed(row, pd.DataFrame(columns=names, dtype=object))
    columns = table.c
    statement = (
        select(*(columns[column] for column in names))
        .where(
            columns.released_on == asked.released_on,
            columns.from_day == asked.window.start,
            columns.until_day == asked.window.end,
            columns.chosen == text,
            columns.place >= 0,
        )
        .order_by(columns.place)
    )
    for option, column in released.rows_by.items():
        if value := options.get(option, defaults[option]):
            statement = statement.where(columns[column] == value)
    if released.narrowed_by:
        day = columns[released.narrowed_by]
        statement = statement.where(day >= selection.period.start, day < selection.period.end)
    return typed(row, pd.DataFrame(connection.execute(statement).fetchall(), columns=names, dtype=object))
