"""Is it shared fairly: money and events over the members, by region and by what they say about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Select, func, literal, select

from data_access.answers import Amount, Code, Count, Number, Parts, Share, Text, empty, table
from data_access.consent import disclosed_by
from data_access.database.schema import events, funding_conversions, funding_requests, participations, person_attributes
from data_access.privacy.released import EVERYBODY, ReleasedCounts, released_counts, window_of
from data_access.program import load_program
from data_access.questions.contributors.populations import group_of, members_of, without_meaning
from data_access.questions.people.diversity import WINDOW
from data_access.questions.registry import PEOPLE, question
from data_access.selection import STAFF, Period, Scope, Selection, SelectionError
from data_access.statistics import inequality

MONEY, EVENTS = RESOURCES = ("money", "events")
EVERYONE, ELSEWHERE = "everyone", "all others"
EVERY_GROUP = Parts(but=("member_of", EVERYONE))
# An index of inequality is shown, to all outside, over so many times the smallest group; and with two digits.
INDEX_GROUPS, INDEX_DIGITS = 4, 2
CENT = Decimal("0.01")
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Shared:
    """What each member of a selection received: amounts and groups, one entry a member; the days it is about.

    `known` is what everybody outside may know of the members; None inside.
    """

    amounts: list[Decimal]
    groups: list[str]
    period: Period
    without_rate: int
    known: ReleasedCounts | None

    def of(self, names: Sequence[str]) -> list[Decimal]:
        return [amount for amount, group in zip(self.amounts, self.groups, strict=True) if group in names]


class FairShare(NamedTuple):
    member_of: Annotated[str, Text("Group", help="“everyone” first; empty: not known or not disclosed")]
    members: Annotated[int | None, Count("Members", "members", help="Outside a range’s middle")]
    receiving: Annotated[int | None, Count("Receiving", "members", help="With more than nothing; inside only")]
    amount: Annotated[Decimal | None, Amount("Exact amount", help="Money, or a number of events")]
    share_of_members: Annotated[float | None, Share("Of members", of_whole=EVERY_GROUP)]
    share_of_amount: Annotated[float | None, Share("Of the amount", of_whole=EVERY_GROUP)]
    per_member: Annotated[Decimal | None, Amount("Per member")]
    ratio: Annotated[
        float | None, Number("Per member, against all", decimals=2, help="1: as much as all members on average")
    ]
    gini: Annotated[float | None, Number("Gini", decimals=2, help="0: all have the same; 1: one has everything")]
    low: Annotated[float | None, Number("Gini, from", decimals=2, help="95% interval (bootstrap)")]
    high: Annotated[float | None, Number("Gini, to", decimals=2, help="95% interval (bootstrap)")]
    top_tenth: Annotated[float | None, Share("Of the tenth with most", help="Its share of the amount")]
    currency: Annotated[str, Code("Currency", help="Empty for events")]
    without_rate: Annotated[
        int | None,
        Count("Without a rate", "payments", help="Payments left out: no exchange rate. Empty: some, seen from outside"),
    ]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=FairShare)
def fairness(
    connection: Connection, selection: Selection, scope: Scope, *, of: str = MONEY, by: str = "region"
) -> pd.DataFrame:
    """Money or events over the members, by region or by a self-described dimension, with the Gini coefficient.

    `of` is "money" (paid in the period, in the program's currency) or "events" (held in the period, with the member as
    speaker, organizer, mentor or facilitator). Members without any count with 0, and
    groups in which nobody has any are rows with 0.

    For everyone outside: the nearest window of four quarters without filters; groups whose amount belongs to fewer
    members than the minimum are taken together with others ("all others"); indices only over four times the minimum,
    with two digits.
    """
    shared = _shared(connection, selection, scope, of, by)
    if shared is None:
        return empty(FairShare)
    program = load_program(connection)
    groups = _listed(shared, 0 if scope.inside else scope.min_group_size)
    members = _members(shared, groups, by)
    total, everyone = sum(shared.amounts, Decimal(0)), members[0]
    mean = total / everyone if everyone else None
    rows = []
    for (name, parts), number in zip(groups, members, strict=True):
        amounts = shared.of(parts)
        shown = _may_show_amount(amounts, scope)
        amount = sum(amounts, Decimal(0))
        indices = _indices(np.array(amounts, dtype=np.float64), scope) if shown else _Indices()
        rows.append(
            FairShare(
                member_of=name,
                members=number,
                receiving=sum(1 for own in amounts if own > 0) if shared.known is None else None,
                amount=amount if shown else None,
                share_of_members=number / everyone if number and everyone else None,
                share_of_amount=float(amount / total) if shown and total else None,
                per_member=(amount / number).quantize(CENT) if shown and number else None,
                ratio=float(amount / number / mean) if shown and number and mean else None,
                gini=indices.gini,
                low=indices.low,
                high=indices.high,
                top_tenth=indices.top_tenth,
                currency=program.currency if of == MONEY else "",
                without_rate=shared.without_rate if scope.inside or not shared.without_rate else None,
                window=str(shared.period),
            )
        )
    return table(FairShare, rows)


class LorenzPoint(NamedTuple):
    share_of_members: Annotated[float, Share("Of members", help="Those with least, first")]
    share_of_amount: Annotated[float, Share("Of the amount", help="What they have together")]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=LorenzPoint)
def lorenz_curve(connection: Connection, selection: Selection, scope: Scope, *, of: str = MONEY) -> pd.DataFrame:
    """How much the members with least have together, point by point: both shares from 0 to 1.

    A point for every hundredth of the members; for everyone outside only as many as leave the minimum group between
    two points (at most ten), and in whole hundredths. Empty when nobody received anything or too few may be shown.
    """
    shared = _shared(connection, selection, scope, of, "region")
    if shared is None or not any(shared.amounts):
        return empty(LorenzPoint)
    amounts = np.array(shared.amounts, dtype=np.float64)
    steps = 100 if scope.inside else min(10, len(amounts) // scope.min_group_size)
    if steps < 2 or not _may_show_amount(shared.amounts, scope):
        return empty(LorenzPoint)
    people, amount = inequality.lorenz(amounts)
    at = np.linspace(0, 1, steps + 1)
    heights = np.interp(at, people, amount)
    heights = heights if scope.inside else heights.round(2)
    window = str(shared.period)
    return table(LorenzPoint, [LorenzPoint(*point, window) for point in zip(at, heights, strict=True)])


def _shared(connection: Connection, selection: Selection, scope: Scope, of: str, by: str) -> _Shared | None:
    if of not in RESOURCES:
        raise SelectionError(f"{of!r} is not shared out. Choose {' or '.join(RESOURCES)}.")
    known = None
    if scope.inside:
        for name in without_meaning("members", selection):
            selection = selection.without(name)
        named = select(person_attributes.c.dimension).where(disclosed_by(selection.as_of)).distinct()
        dimensions = sorted(connection.execute(named).scalars())
    else:
        window = window_of(connection, "members", selection)
        if window is None:
            return None
        known = released_counts(connection, "members", window, scope)
        selection, dimensions = Selection(window, selection.as_of), known.dimensions
    if by != "region" and by not in dimensions:
        raise SelectionError(f"{by!r} is not a way to group members. Choose from {', '.join(['region', *dimensions])}.")
    who = members_of("members", selection).cte("who")
    received = _paid(selection).subquery() if of == MONEY else _took_part(selection).subquery()
    if by == "region":
        grouped = group_of("members", "region", selection).subquery()
    else:
        said, disclosed = person_attributes.c, disclosed_by(selection.as_of)
        named_by = select(said.person_key, said.value.label("member_of")).where(said.dimension == by, disclosed)
        grouped = named_by.subquery()
    statement = (
        select(func.coalesce(grouped.c.member_of, "").label("grouped_as"), received.c.amount, received.c.without_rate)
        .select_from(who)
        .join(received, received.c.person_key == who.c.person_key, isouter=True)
        .join(grouped, grouped.c.person_key == who.c.person_key, isouter=True)
        .order_by(who.c.person_key)
    )
    rows = connection.execute(statement).fetchall()
    amounts = [Decimal(0) if row.amount is None else Decimal(row.amount) for row in rows]
    groups, without_rate = [row.grouped_as for row in rows], sum(row.without_rate or 0 for row in rows)
    return _Shared(amounts, groups, selection.period, without_rate, known)


def _paid(selection: Selection) -> Select[Any]:
    """What each person was paid in the period, in the program's currency, and how many payments had no rate."""
    requested, converted = funding_requests.c, funding_conversions.c
    return (
        select(
            requested.person_key,
            func.sum(converted.paid).label("amount"),
            func.count().filter(converted.paid.is_(None)).label("without_rate"),
        )
        .join_from(funding_requests, funding_conversions, converted.request_key == requested.request_key)
        .where(
            requested.paid_amount.is_not(None),
            requested.paid_on >= selection.period.start,
            requested.paid_on < selection.period.end,
            requested.paid_on <= selection.as_of,
        )
        .group_by(requested.person_key)
    )


def _took_part(selection: Selection) -> Select[Any]:
    """At how many held events of the period each person did something."""
    held = replace(Selection(selection.period, selection.as_of), status=("held",))
    return (
        select(
            participations.c.person_key,
            func.count(func.distinct(participations.c.event_key)).label("amount"),
            literal(0).label("without_rate"),
        )
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(participations.c.role != "attendee", events.c.starts_on <= selection.as_of, *held.conditions())
        .group_by(participations.c.person_key)
    )


def _listed(shared: _Shared, size: int) -> list[tuple[str, list[str]]]:
    """The groups to show, each with those it is made of: everyone, then most members first, then all others.

    A group is shown by itself when its amount belongs to `size` receiving members at least (0: always). The rest is
    shown together, and takes in the smallest groups until it is large enough itself: else subtraction would give it
    away.
    """
    members: dict[str, int] = {}
    receiving: dict[str, int] = {}
    for amount, group in zip(shared.amounts, shared.groups, strict=True):
        members[group] = members.get(group, 0) + 1
        receiving[group] = receiving.get(group, 0) + (amount > 0)
    order = sorted(members, key=lambda group: (group == "", -members[group], group))
    small = [group for group in order if receiving[group] < size]
    large = [group for group in order if group not in small]
    while small and large and sum(receiving[group] for group in small) < size:
        small.append(large.pop(min(range(len(large)), key=lambda at: receiving[large[at]])))
    listed = [(EVERYONE, order), *((group, [group]) for group in large)]
    return [*listed, (ELSEWHERE, small)] if small else listed


def _members(shared: _Shared, groups: list[tuple[str, list[str]]], by: str) -> list[int | None]:
    """How many members each listed group has; for everyone outside no more than other answers show."""
    if shared.known is None:
        return [len(shared.of(parts)) for _, parts in groups]
    middles: list[int | None] = []
    for name, _ in groups:
        cell = ("region", name, "", "") if by == "region" else ("", "", by, name)
        low, high = shared.known.range(*(EVERYBODY if name == EVERYONE else cell))
        middles.append((low + high) // 2 if low else None)
    if groups[-1][0] == ELSEWHERE:
        middles[-1] = max((middles[0] or 0) - sum(middle or 0 for middle in middles[1:-1]), 0) or None
    return middles


def _may_show_amount(amounts: Sequence[Decimal], scope: Scope) -> bool:
    return scope.inside or sum(1 for amount in amounts if amount > 0) >= scope.min_group_size


class _Indices(NamedTuple):
    """How unevenly amounts are spread; None is not shown."""

    gini: float | None = None
    low: float | None = None
    high: float | None = None
    top_tenth: float | None = None


def _indices(amounts: Numbers, scope: Scope) -> _Indices:
    if not scope.inside and len(amounts) < INDEX_GROUPS * scope.min_group_size:
        return _Indices()
    digits = 12 if scope.inside else INDEX_DIGITS
    found = [inequality.gini(amounts), *inequality.gini_interval(amounts)]
    if scope.inside or len(amounts) >= 10 * scope.min_group_size:
        found.append(inequality.top_share(amounts))
    return _Indices(*(None if np.isnan(value) else round(float(value), digits) for value in found))
