"""Members against the floor, quarter by quarter."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date

from data_access.selection import Selection
from tests.second.bundle import Bundle
from tests.second.contributors import at_home
from tests.second.days import ONE_DAY, month_later, quarter_start, quarters
from tests.second.events import status_of

QUALIFYING = ("speaker", "organizer", "mentor", "facilitator")


@dataclass(frozen=True, slots=True)
class Stay:
    """A membership without a gap: its first and last day, both included; no last day while it lasts; grace given."""

    first: date
    last: date | None
    grace: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Quarter:
    held: int
    scheduled: int
    unconfirmed: int
    state: str
    days_left: int
    streak: int


def stays(bundle: Bundle, day: date) -> dict[str, list[Stay]]:
    """Each person's memberships as they are known on the day; what begins on the next day continues."""
    found: dict[str, list[Stay]] = defaultdict(list)
    for row in sorted(bundle.memberships, key=lambda row: row.started_on):
        if row.started_on > day:
            continue
        last = row.ended_on if row.ended_on and row.ended_on <= day else None
        mine = found[row.person]
        given = (row.grace,) if row.grace and row.grace[0] <= day else ()
        if mine and (mine[-1].last is None or row.started_on <= mine[-1].last + ONE_DAY):
            before = mine.pop()
            last = None if before.last is None or last is None else max(before.last, last)
            mine.append(Stay(before.first, last, before.grace + given))
        else:
            mine.append(Stay(row.started_on, last, given))
    return found


def standing(bundle: Bundle, asked: Selection) -> dict[tuple[str, date], Quarter]:
    """Of each member and quarter that touches the period and has begun: events and state."""
    day = asked.as_of
    events: dict[tuple[str, date], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in bundle.participations:
        event = bundle.events[row.event]
        status = status_of(event, day)
        if row.role in QUALIFYING and status != "cancelled":
            kind = "held" if status == "held" else "scheduled" if event.day >= day else "unconfirmed"
            events[row.person, quarter_start(event.day)][kind].add(row.event)
    last_day = min(day, asked.period.end - ONE_DAY)
    found: dict[tuple[str, date], Quarter] = {}
    for person, mine in stays(bundle, day).items():
        if not at_home(bundle.people[person], asked):
            continue
        rows: dict[date, Quarter] = {}
        for stay in mine:
            for start in quarters(stay.first, min(last_day, stay.last or last_day)):
                counts = events[person, start]
                held, scheduled = len(counts["held"]), len(counts["scheduled"])
                state = _state(bundle, stay, start, day, held, scheduled)
                left = max(0, (month_later(start, 3) - day).days)
                # Of two stays in one quarter the later one speaks.
                rows[start] = Quarter(held, scheduled, len(counts["unconfirmed"]), state, left, 0)
        streak = 0
        for start in sorted(rows):
            # Grace and leaving neither break a row of quarters nor lengthen it.
            streak = streak + 1 if rows[start].state == "met" else 0 if rows[start].state == "missed" else streak
            if month_later(start, 3) > asked.period.start:
                found[person, start] = replace(rows[start], streak=streak)
    return found


def _state(bundle: Bundle, stay: Stay, start: date, day: date, held: int, scheduled: int) -> str:
    floor, end = bundle.settings.floor, month_later(start, 3)
    if held >= floor:
        return "met"
    if stay.last is not None and stay.last < end - ONE_DAY:
        return "left"
    partial = stay.first != quarter_start(stay.first)
    counts_from = month_later(quarter_start(stay.first), 3 * (partial + bundle.settings.grace_quarters))
    given = any(first < end and start <= last for first, last in stay.grace)
    if start < counts_from or given:
        return "grace"
    if day >= end:
        return "missed"
    return "on track" if held + scheduled >= floor else "at risk"


def summary(bundle: Bundle, asked: Selection) -> dict[tuple[date, str], int]:
    return dict(Counter((start, row.state) for (_, start), row in standing(bundle, asked).items()))
