"""Is it shared fairly: money and events over the members, by region and by what they say about themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from data_access.answers import Amount, Code, Count, Number, Parts, Share, Text, empty, table
from data_access.consent import disclosed_by
from data_access.database.prepared import attendances
from data_access.database.schema import funding_conversions, funding_requests, person_attributes
from data_access.privacy.amounts import rounded
from data_access.privacy.attributes import EVERYBODY, NOT_DISCLOSED, OTHER, ReleasedCounts
from data_access.privacy.small_groups import Payment, shown_amount
from data_access.program import load_program
from data_access.questions.contributors.populations import group_of, members_of, without_meaning
from data_access.questions.people.counts import counts_of
from data_access.questions.people.diversity import WINDOW
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Options, Released, Windows
from data_access.selection import INSIDE, STAFF, Scope, Selection, SelectionError
from data_access.statistics import inequality

MONEY, EVENTS = RESOURCES = ("money", "events")
EVERYONE = "everyone"
EVERY_GROUP = Parts(but=("member_of", EVERYONE))
# A released index of inequality is over so many times the smallest group, and has two digits.
INDEX_GROUPS, TENTH_GROUPS, INDEX_DIGITS = 4, 10, 2
CENT = Decimal("0.01")
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Shared:
    """What each member of a selection received: amounts and groups, one entry a member."""

    amounts: list[Decimal]
    groups: list[str]
    without_rate: int

    def of(self, names: Collection[str]) -> list[Decimal]:
        return [amount for amount, group in zip(self.amounts, self.groups, strict=True) if group in names]


@dataclass(frozen=True)
class _Group:
    """A group as it is shown: how many members it has (None: too few to say), what they received, how evenly."""

    name: str
    members: int | None
    receiving: int | None
    amount: Decimal | None
    indices: _Indices


class FairShare(NamedTuple):
    member_of: Annotated[str, Text("Group", help="“everyone” first; empty: not known or not disclosed")]
    members: Annotated[int | None, Count("Members", "members", help="Released: a range’s middle")]
    receiving: Annotated[int | None, Count("Receiving", "members", help="With more than nothing; not released")]
    amount: Annotated[Decimal | None, Amount("Amount", help="Money, or a number of events")]
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
        Count("Without a rate", "payments", help="Payments left out: no exchange rate. Empty, released: some"),
    ]
    window: Annotated[str, WINDOW]


def _of_each(connection: Connection) -> tuple[Options, ...]:
    """Money by region, and by each dimension that enough people have said something about."""
    said = person_attributes.c
    enough = func.count(func.distinct(said.person_key)) >= load_program(connection).min_group_size
    found = connection.execute(select(said.dimension).group_by(said.dimension).having(enough).order_by(said.dimension))
    return ({}, *({"by": dimension} for dimension in found.scalars()))


@question(roles=STAFF, counts=PEOPLE, columns=FairShare, released=Released((Windows.ROLLING,), _of_each))
def fairness(
    connection: Connection, selection: Selection, scope: Scope, *, of: str = MONEY, by: str = "region"
) -> pd.DataFrame:
    """Money or events over the members, by region or by a self-described dimension, with the Gini coefficient.

    `of` is "money" (paid in the period, in the program's currency) or "events" (held in the period, with the member as
    speaker, organizer, mentor or facilitator). Members without any count with 0, and
    groups in which nobody has any are rows with 0.

    Released is money, for four quarters: amounts to two figures where they may be told, and indices with two digits
    over four times the minimum group.
    """
    groups = list(_groups(connection, selection, of, by) if scope.inside else _told(connection, selection, scope, by))
    if not groups:
        return empty(FairShare)
    currency = load_program(connection).currency if of == MONEY else ""
    without = _shared(connection, selection, of, by).without_rate
    without_rate = without if scope.inside or not without else None
    total, everyone = groups[0].amount, groups[0].members
    mean = total / everyone if everyone and total is not None else None

    def figure(value: float) -> float:
        return value if scope.inside else round(value, INDEX_DIGITS)

    rows = []
    for group in groups:
        amount, number = group.amount, group.members
        each = None if amount is None or not number else amount / number
        rows.append(
            FairShare(
                member_of=group.name,
                members=number,
                receiving=group.receiving,
                amount=amount,
                share_of_members=figure(number / everyone) if number and everyone else None,
                share_of_amount=figure(float(amount / total)) if amount is not None and total else None,
                per_member=None if each is None else each.quantize(CENT) if scope.inside else rounded(each),
                ratio=figure(float(each / mean)) if each is not None and mean else None,
                gini=group.indices.gini,
                low=group.indices.low,
                high=group.indices.high,
                top_tenth=group.indices.top_tenth,
                currency=currency,
                without_rate=without_rate,
                window=str(selection.period),
            )
        )
    return table(FairShare, rows)


class LorenzPoint(NamedTuple):
    share_of_members: Annotated[float, Share("Of members", help="Those with least, first")]
    share_of_amount: Annotated[float, Share("Of the amount", help="What they have together")]
    window: Annotated[str, WINDOW]


@question(roles=INSIDE, counts=PEOPLE, columns=LorenzPoint)
def lorenz_curve(connection: Connection, selection: Selection, scope: Scope, *, of: str = MONEY) -> pd.DataFrame:
    """How much the members with least have together, point by point: both shares from 0 to 1 (PM and board).

    A point for every hundredth of the members. Empty when nobody received anything.
    """
    shared = _shared(connection, selection, of, "region")
    if not any(shared.amounts):
        return empty(LorenzPoint)
    people, amount = inequality.lorenz(np.array(shared.amounts, dtype=np.float64))
    at = np.linspace(0, 1, 101)
    heights = np.interp(at, people, amount)
    window = str(selection.period)
    return table(LorenzPoint, [LorenzPoint(*point, window) for point in zip(at, heights, strict=True)])


def _groups(connection: Connection, selection: Selection, of: str, by: str) -> Iterator[_Group]:
    """Everyone, then most members first, as they are; nothing where there are no members."""
    shared = _shared(connection, selection, of, by)
    members = Counter(shared.groups)
    order = sorted(members, key=lambda group: (group == "", -members[group], group))
    for name, parts in [(EVERYONE, order), *((group, [group]) for group in order)] if order else []:
        own = shared.of(parts)
        receiving = sum(1 for amount in own if amount > 0)
        yield _Group(name, len(own), receiving, sum(own, Decimal(0)), _indices(own))


def _told(connection: Connection, selection: Selection, scope: Scope, by: str) -> Iterator[_Group]:
    """The groups that the release tells of, with the money paid to their members as far as it may be told."""
    known = counts_of(connection, selection, scope, "members", "region")
    if known is None or (by != "region" and by not in known.dimensions):
        return
    shared = _shared(connection, selection, MONEY, by)
    payments = _payments(connection, selection, by)
    told = _parts_told(known, by, set(shared.groups))
    for name, parts in told.items():
        cell = EVERYBODY if name == EVERYONE else ("region", name, "", "") if by == "region" else ("", "", by, name)
        low, high = known.range(*cell)
        label = () if name == EVERYONE else (by, name)
        paid = [payment for group, payment in payments if group in parts]
        amount = shown_amount(paid, scope, ("paid to members", str(selection.period), *label))
        indices = _Indices() if amount is None else _released_indices(shared.of(parts), low, scope.min_group_size)
        if low or amount is not None or name == EVERYONE:
            yield _Group(_LABELS.get(name, name), (low + high) // 2 if low else None, None, amount, indices)


_LABELS = {OTHER: "all others"}


def _parts_told(known: ReleasedCounts, by: str, groups: Collection[str]) -> dict[str, set[str]]:
    """Everyone, and the groups by which the release counts members: of what they are made."""
    names = known.groups("region") if by == "region" else known.values(by)
    alone = {name: {name} for name in names if name != OTHER}
    told = {EVERYONE: set(groups)} | {name: parts for name, parts in alone.items() if name != NOT_DISCLOSED}
    if OTHER in names:
        told[OTHER] = {group for group in groups if group and group not in alone}
    return told | {name: parts for name, parts in alone.items() if name == NOT_DISCLOSED}


def _grouped(by: str, selection: Selection) -> Any:
    if by == "region":
        return group_of("members", "region", selection).subquery()
    said = person_attributes.c
    disclosed = disclosed_by(selection.as_of)
    return select(said.person_key, said.value.label("member_of")).where(said.dimension == by, disclosed).subquery()


def _payments(connection: Connection, selection: Selection, by: str) -> list[tuple[str, Payment]]:
    """What members were paid in the period, payment by payment, each with the member's group."""
    who, grouped = members_of("members", selection).cte("who"), _grouped(by, selection)
    requested, converted = funding_requests.c, funding_conversions.c
    rows = connection.execute(
        select(
            func.coalesce(grouped.c.member_of, "").label("grouped_as"),
            requested.request_key,
            requested.person_key,
            converted.paid,
        )
        .select_from(who)
        .join(funding_requests, requested.person_key == who.c.person_key)
        .join(funding_conversions, converted.request_key == requested.request_key)
        .join(grouped, grouped.c.person_key == who.c.person_key, isouter=True)
        .where(*_paid_in(selection), converted.paid.is_not(None))
    )
    return [(row[0], Payment(*row[1:])) for row in rows]


def _shared(connection: Connection, selection: Selection, of: str, by: str) -> _Shared:
    if of not in RESOURCES:
        raise SelectionError(f"{of!r} is not shared out. Choose {' or '.join(RESOURCES)}.")
    for name in without_meaning("members", selection):
        selection = selection.without(name)
    named = select(person_attributes.c.dimension).where(disclosed_by(selection.as_of)).distinct()
    dimensions = sorted(connection.execute(named).scalars())
    if by != "region" and by not in dimensions:
        raise SelectionError(f"{by!r} is not a way to group members. Choose from {', '.join(['region', *dimensions])}.")
    who, grouped = members_of("members", selection).cte("who"), _grouped(by, selection)
    received = _paid(selection).subquery() if of == MONEY else _took_part(selection).subquery()
    statement = (
        select(func.coalesce(grouped.c.member_of, "").label("grouped_as"), received.c.amount, received.c.without_rate)
        .select_from(who)
        .join(received, received.c.person_key == who.c.person_key, isouter=True)
        .join(grouped, grouped.c.person_key == who.c.person_key, isouter=True)
        .order_by(who.c.person_key)
    )
    rows = connection.execute(statement).fetchall()
    amounts = [Decimal(0) if row.amount is None else Decimal(row.amount) for row in rows]
    return _Shared(amounts, [row.grouped_as for row in rows], sum(row.without_rate or 0 for row in rows))


def _paid_in(selection: Selection) -> list[ColumnElement[bool]]:
    requested = funding_requests.c
    return [
        requested.paid_amount.is_not(None),
        requested.paid_on >= selection.period.start,
        requested.paid_on < selection.period.end,
        requested.paid_on <= selection.as_of,
    ]


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
        .where(*_paid_in(selection))
        .group_by(requested.person_key)
    )


def _took_part(selection: Selection) -> Select[Any]:
    """At how many held events of the period each person did something."""
    held = replace(Selection(selection.period, selection.as_of), status=("held",))
    return (
        select(
            attendances.c.person_key,
            func.count(func.distinct(attendances.c.event_key)).label("amount"),
            literal(0).label("without_rate"),
        )
        .where(
            attendances.c.role != "attendee",
            attendances.c.starts_on <= selection.as_of,
            *attendances.beside(held.conditions()),
        )
        .group_by(attendances.c.person_key)
    )


class _Indices(NamedTuple):
    """How unevenly amounts are spread; None is not shown."""

    gini: float | None = None
    low: float | None = None
    high: float | None = None
    top_tenth: float | None = None


def _indices(shared: Collection[Decimal]) -> _Indices:
    amounts = np.array(shared, dtype=np.float64)
    found = (inequality.gini(amounts), *inequality.gini_interval(amounts), inequality.top_share(amounts))
    return _Indices(*(None if np.isnan(value) else round(float(value), 12) for value in found))


def _released_indices(shared: Collection[Decimal], members: int, size: int) -> _Indices:
    """The indices where there are so many `members` at least."""
    if members < INDEX_GROUPS * size:
        return _Indices()
    gini, low, high, top_tenth = (None if value is None else round(value, INDEX_DIGITS) for value in _indices(shared))
    return _Indices(gini, low, high, top_tenth if members >= TENTH_GROUPS * size else None)
