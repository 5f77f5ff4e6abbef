"""The seven measures of a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from data_access.selection import Period, Selection
from tests.second import contributors, money
from tests.second.bundle import Bundle
from tests.second.days import month_later
from tests.second.events import attendance, held


def measures(bundle: Bundle, asked: Selection) -> dict[str, int | Decimal | None]:
    found = held(bundle, asked)
    return {
        "events": len(found),
        # Nobody came to no event; of events that report none it is not known.
        "attendance": attendance(found) if found else 0,
        "countries": len({event.country for event in found if event.country}),
        "languages": len({language for event in found for language in event.languages}),
        "active contributors": contributors.active(bundle, asked),
        "new contributors": contributors.new(bundle, asked),
        "spend": money.paid_in_period(bundle, asked),
    }


def before(asked: Selection) -> Selection:
    """The period before; as many of its first days as the open one has had."""
    start, end = asked.period.start, asked.period.end
    if start.day == 1 and end.day == 1:
        months = (end.year - start.year) * 12 + end.month - start.month
        earlier = month_later(start, -months)
    else:
        earlier = start - (end - start)
    until: date = start
    if asked.as_of < end:
        until = min(start, earlier + (asked.as_of - start) + timedelta(days=1))
    return replace(asked, period=Period(earlier, until))
