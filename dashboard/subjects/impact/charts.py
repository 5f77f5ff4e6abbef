"""The Impact page's picture: events, attendance, new and active contributors, and money, over one time axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from dashboard.parts import aims
from dashboard.parts.shapes import ACTIVE, ATTENDED, HELD, NEW, PAID, Panel, Value
from dashboard.words import numbers
from dashboard.words.measures import LABELS
from dashboard.words.periods import first_day, is_open_month
from data_access.answers import rows
from data_access.questions.contributors.activity import SpanContributors
from data_access.questions.events.counts import MonthEvents
from data_access.questions.impact.targets import TargetProgress
from data_access.questions.impact.windows import SpanSpend
from data_access.selection import Selection

Figure = int | Decimal | None
A_MONTH, A_QUARTER = "a month", "a quarter"
ACTIVE_AT = {A_MONTH: "at month’s end", A_QUARTER: "at quarter’s end"}


def panels(
    selection: Selection,
    by_month: pd.DataFrame,
    contributors: pd.DataFrame,
    spend: pd.DataFrame | None,
    currency: str,
) -> list[Panel]:
    """The rows of the picture, in the order of the chain; a measure without any figure is left out."""
    made = []
    if spend is not None and currency:
        paid = rows(SpanSpend, spend)
        if any(row.spend for row in paid):
            made.append(_paid(selection, paid, numbers.symbol(currency)))
    months = rows(MonthEvents, by_month)
    made.append(_monthly(selection, "Events", [(row.month, row.events) for row in months], HELD))
    if any(row.attendance for row in months):
        made.append(_monthly(selection, "Attendance", [(row.month, row.attendance) for row in months], ATTENDED))
    return [*made, *_people(rows(SpanContributors, contributors))]


def with_targets(panels: Sequence[Panel], found: Sequence[TargetProgress]) -> list[Panel]:
    """The rows with the targets of the whole program, or of what the filters leave, as lines."""
    measures = {label: name for name, label in LABELS.items()}
    made = []
    for panel in panels:
        months = 3 if panel.unit in (A_QUARTER, ACTIVE_AT[A_QUARTER]) else 1
        level = panel.kind == "line"
        made.append(replace(panel, aims=aims.lines(found, measures[panel.label], months, level=level)))
    return made


def _people(spans: Sequence[SpanContributors]) -> Iterator[Panel]:
    if not spans:
        return
    each = A_QUARTER if "Q" in spans[0].span else A_MONTH
    starts, opened = [row.starts_on for row in spans], [row.open for row in spans]
    if any(row.new for row in spans):
        yield Panel("New contributors", each, "bar", starts, [_value(row.new) for row in spans], opened, opens=NEW)
    if any(row.active for row in spans):
        values = [_value(row.active) for row in spans]
        yield Panel("Active contributors", ACTIVE_AT[each], "line", starts, values, opened, opens=ACTIVE)


def _paid(selection: Selection, spans: Sequence[SpanSpend], prefix: str) -> Panel:
    quarterly = "Q" in spans[0].span
    starts = [row.starts_on for row in spans]
    # A quarter that was released is over.
    opened = [not quarterly and is_open_month(start, selection.as_of) for start in starts]
    unit, values = A_QUARTER if quarterly else A_MONTH, [_value(row.spend) for row in spans]
    return Panel("Paid", unit, "bar", starts, values, opened, prefix, opens=PAID)


def _monthly(selection: Selection, label: str, figures: Sequence[tuple[str, Figure]], opens: str) -> Panel:
    starts = [first_day(month) for month, _ in figures]
    opened = [is_open_month(start, selection.as_of) for start in starts]
    return Panel(label, A_MONTH, "bar", starts, [_value(value) for _, value in figures], opened, opens=opens)


def _value(value: Figure) -> Value:
    return None if value is None else float(value)
