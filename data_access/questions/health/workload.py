"""Whether decisions keep up with requests, members and teams: the program manager's work, now and by quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, or_, select

from data_access.answers import Count, Day, Flag, Number, table
from data_access.database.schema import funding_requests, memberships, teams
from data_access.membership import left_by, member_on
from data_access.questions.health.judging import Figure, Spans, first_day, interval
from data_access.questions.health.thresholds import FEWEST, LATE_DAYS, NO_QUEUE, QUARTER, QUEUE_WEEKS
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Period, Scope, Selection, add_months

WITHDRAWN = "withdrawn"
# A membership that ends so is a loss; hired, completed and conduct are told elsewhere.
DROPPED = ("below_floor", "left")
QUARTERS = 8


@dataclass(frozen=True, slots=True)
class _Requests:
    """So many requests of a day, and when they left the queue: `closed_on` (None: they wait).

    `dated`: whether the day of the decision is recorded; without one it counts as the day of the request.
    """

    requested_on: date
    closed_on: date | None
    dated: bool
    withdrawn: bool
    number: int


@dataclass(frozen=True, slots=True)
class DeskRecord:
    """What the request desk did in the days (`since`, `day`], and what was left at their end."""

    day: date
    waiting: int
    oldest_on: date | None
    arrived: int
    settled: int
    decided: int
    waits: tuple[tuple[int, int], ...]

    @property
    def oldest_days(self) -> int:
        return (self.day - self.oldest_on).days if self.oldest_on else 0

    @property
    def median_days(self) -> float | None:
        """Median days from request to decision; None without a decision whose day is known."""
        days = [days for days, number in self.waits for _ in range(number)]
        return float(median(days)) if days else None

    @property
    def in_time(self) -> int:
        return sum(number for days, number in self.waits if days <= LATE_DAYS)


def _requests(connection: Connection, since: date, as_of: date) -> list[_Requests]:
    """Requests up to `as_of` that came or waited after `since`, grouped by their days."""
    own = funding_requests.c
    paid_on = case((own.paid_amount.is_not(None), own.paid_on))
    decided = case((or_(own.decision.is_(None), own.decision == "pending"), "no"), else_=own.decision)
    statement = (
        select(own.requested_on, own.decided_on, paid_on.label("paid"), decided.label("decided"), func.count())
        .where(own.requested_on <= as_of)
        .where(or_(own.requested_on > since, decided == "no", own.decided_on > since))
        .group_by(own.requested_on, own.decided_on, paid_on, decided)
    )
    return [_grouped(*row) for row in connection.execute(statement)]


def _grouped(requested_on: date, decided_on: date | None, paid_on: date | None, decided: str, number: int) -> _Requests:
    """As the ledger closes what was pending: with the decision or the payment, whichever came first."""
    ends = [day for day in (None if decided == "no" else decided_on or requested_on, paid_on) if day]
    dated = bool(paid_on or decided_on)
    return _Requests(requested_on, min(ends, default=None), dated, decided == WITHDRAWN, number)


def _desk(requests: Sequence[_Requests], since: date, day: date) -> DeskRecord:
    waiting = arrived = settled = decided = 0
    oldest: date | None = None
    waits: Counter[int] = Counter()
    for each in requests:
        if each.requested_on > day:
            continue
        arrived += each.number if each.requested_on > since else 0
        if each.closed_on is None or each.closed_on > day:
            waiting += each.number
            oldest = min(oldest or day, each.requested_on)
        elif each.closed_on > since:
            settled += each.number
            if not each.withdrawn:
                decided += each.number
                if each.dated:
                    waits[(each.closed_on - each.requested_on).days] += each.number
    return DeskRecord(day, waiting, oldest, arrived, settled, decided, tuple(sorted(waits.items())))


def figures(connection: Connection, selection: Selection) -> Iterator[Figure]:
    """The indicators of the program manager's load."""
    span = Spans(selection.as_of, QUARTER)
    yield from _queue(connection, span)
    yield from _people(connection, span)


def _queue(connection: Connection, span: Spans) -> Iterator[Figure]:
    first = first_day(connection, funding_requests.c.requested_on)
    requests = _requests(connection, span.earlier, span.as_of)
    now = _desk(requests, span.since, span.as_of) if first <= span.as_of else None
    before = _desk(requests, span.earlier, span.since) if first <= span.since else None
    limit = max(now.decided * 7 * QUEUE_WEEKS / span.days, NO_QUEUE) if now else None
    decisions = sum(number for _, number in now.waits) if now else 0
    undated = now.decided - decisions if now else None
    yield _of("queue", now, before, "waiting", threshold=limit)
    yield _of("oldest", now, before, "oldest_days")
    yield _of("decision_days", now, before, "median_days", base=decisions, missing=undated)
    yield Figure("keeping_up", _kept_up(now), _kept_up(before), base=now.arrived if now else 0)


def _of(code: str, now: DeskRecord | None, before: DeskRecord | None, name: str, **more: Any) -> Figure:
    values = (None if desk is None else getattr(desk, name) for desk in (now, before))
    return Figure(code, *values, **more)


def _kept_up(desk: DeskRecord | None) -> float | None:
    """Settled ÷ arrived; None where too few arrived to judge."""
    return desk.settled / desk.arrived if desk and desk.arrived >= FEWEST else None


def _people(connection: Connection, span: Spans) -> Iterator[Figure]:
    first = first_day(connection, memberships.c.started_on)
    now, before = (_members(connection, day) if first <= day else None for day in (span.as_of, span.since))
    yield Figure("members", now, before)
    yield _partners(connection)
    lost, lost_before = (_dropped(connection, span.as_of, *days) for days in _both(span))
    were = _members(connection, span.since) if first <= span.since else None
    were_before = _members(connection, span.earlier) if first <= span.earlier else None
    share = lost / were if were else None
    low, high = interval(lost, were)
    yield Figure("leaving", share, lost_before / were_before if were_before else None, low, high, base=were)


def _both(span: Spans) -> tuple[tuple[date, date], tuple[date, date]]:
    return (span.since, span.as_of), (span.earlier, span.since)


def _members(connection: Connection, day: date) -> int:
    statement = select(func.count(memberships.c.person_key.distinct())).where(member_on(day))
    return int(connection.execute(statement).scalar_one())


def _dropped(connection: Connection, as_of: date, since: date, day: date) -> int:
    """People who were members on `since` and dropped out by `day`."""
    own = memberships.c
    statement = select(func.count(own.person_key.distinct())).where(
        own.ended_on > since, own.ended_on <= day, own.started_on <= since, own.end_reason.in_(DROPPED), left_by(as_of)
    )
    return int(connection.execute(statement).scalar_one())


def _partners(connection: Connection) -> Figure:
    statement = select(teams.c.partner, func.count()).group_by(teams.c.partner)
    load = {row[0]: row[1] for row in connection.execute(statement)}
    without = load.pop(None, 0)
    most = max(load.values(), default=None)
    return Figure("partner_teams", most, base=len(load), missing=without)


class PmQuarter(NamedTuple):
    quarter: Annotated[date, Day("Quarter", help="Its first day")]
    arrived: Annotated[int, Count("Arrived", "requests")]
    decided: Annotated[int, Count("Decided", "requests", help="Withdrawn ones left the queue without a decision")]
    median_days: Annotated[
        float | None, Number("Median wait", "days", decimals=1, help="From request to decision; empty: none is known")
    ]
    in_time: Annotated[int, Count("Within 30 days", "requests")]
    waiting: Annotated[int, Count("Wait at its end", "requests", help="Of the running quarter: today")]
    oldest_days: Annotated[int | None, Number("Oldest of them", "days", help="Empty: none waits")]
    members: Annotated[int, Count("Members at its end", "members")]
    dropped: Annotated[int, Count("Dropped out", "members", help="Below the floor or left, of its first day’s members")]
    open: Annotated[bool, Flag("Open", help="The quarter is not over")]


@question(roles=INSIDE, counts=PEOPLE, columns=PmQuarter)
def pm_quarters(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What the program manager decided, quarter by quarter: arrivals, decisions, waits, the queue, and who dropped out.

    The last eight calendar quarters up to `as_of`, newest first, none before the first request or membership. Filters
    do not apply. The same counts as the workload of `health_indicators`, over quarters in place of 90 days.
    """
    last = Period.quarter_of(selection.as_of)
    first = min(first_day(connection, at) for at in (funding_requests.c.requested_on, memberships.c.started_on))
    quarters = [Period.quarter_of(add_months(last.start, -3 * number)) for number in range(QUARTERS)]
    quarters = [quarter for quarter in quarters if quarter.end > first and first <= selection.as_of]
    if not quarters:
        return table(PmQuarter, [])
    requests = _requests(connection, quarters[-1].start - timedelta(days=1), selection.as_of)
    found = []
    for quarter in quarters:
        since, day = quarter.start - timedelta(days=1), min(quarter.end - timedelta(days=1), selection.as_of)
        desk = _desk(requests, since, day)
        found.append(
            PmQuarter(
                quarter.start,
                desk.arrived,
                desk.decided,
                desk.median_days,
                desk.in_time,
                desk.waiting,
                desk.oldest_days if desk.oldest_on else None,
                _members(connection, day),
                _dropped(connection, selection.as_of, since, day),
                quarter.is_open(selection.over_by),
            )
        )
    return table(PmQuarter, found)
