"""The Impact page's picture: events, attendance, new and active contributors, and money, over one time axis."""

from __future__ import annotations

import pandas as pd

from dashboard.parts.shapes import Panel, Value
from dashboard.words import numbers
from dashboard.words.periods import first_day, is_open_month
from data_access.selection import Selection


def panels(
    selection: Selection,
    by_month: pd.DataFrame,
    contributors: pd.DataFrame,
    spend: pd.DataFrame | None,
    currency: str,
) -> list[Panel]:
    """The rows of the picture, in the order of the chain; a measure without any figure is left out."""
    made = []
    if spend is not None and currency and _has_figures(spend, "spend"):
        made.append(_monthly(selection, spend, "spend", "Paid", "a month", numbers.symbol(currency)))
    made.append(_monthly(selection, by_month, "events", "Events", "a month"))
    if _has_figures(by_month, "attendance"):
        made.append(_monthly(selection, by_month, "attendance", "Attendance", "a month"))
    if not contributors.empty:
        quarters = "Q" in str(contributors["span"].iloc[0])
        each = "a quarter" if quarters else "a month"
        starts = list(contributors["starts_on"])
        opened = [bool(value) for value in contributors["open"]]
        active = f"at the end of each {'quarter' if quarters else 'month'}"
        if _has_figures(contributors, "new"):
            made.append(Panel("New contributors", each, "bar", starts, _values(contributors, "new"), opened))
        if _has_figures(contributors, "active"):
            made.append(Panel("Active contributors", active, "line", starts, _values(contributors, "active"), opened))
    return made


def _monthly(selection: Selection, table: pd.DataFrame, column: str, label: str, unit: str, prefix: str = "") -> Panel:
    starts = [first_day(month) for month in table["month"]]
    opened = [is_open_month(start, selection.as_of) for start in starts]
    return Panel(label, unit, "bar", starts, _values(table, column), opened, prefix)


def _values(table: pd.DataFrame, column: str) -> list[Value]:
    return [None if value is None or value is pd.NA or value != value else float(value) for value in table[column]]


def _has_figures(table: pd.DataFrame, column: str) -> bool:
    return any(value for value in _values(table, column))
