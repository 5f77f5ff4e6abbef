"""What a period is compared with: the time before it, as much of it as is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from data_access.selection import EARLIEST, Period, Selection


def comparable_previous(selection: Selection) -> Selection | None:
    """The previous period, cut to as many days as an open period has behind it; None when there is none."""
    period = selection.period
    if period.start <= EARLIEST or period.start > selection.as_of:
        return None
    previous = selection.previous()
    if not period.is_open(selection.over_by):
        return previous
    elapsed = selection.as_of - period.start + timedelta(days=1)
    end = min(previous.period.start + elapsed, previous.period.end)
    return replace(previous, period=Period(previous.period.start, end))
