"""What an amount would do to a member's ceiling and the program's budget, and what has to be confirmed for it.

The queue, the what-if and the decision itself all read it here, so that none of them can promise what another refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    case,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from data_access.database.schema import applications, budget_conversions, memberships
from data_access.membership import member_on
from data_access.money.ledger import FiscalYear, Standing, standings
from data_access.program import Program
from data_access.wording import amount_words, counted, paragraph, say

GRADUATED, NOT_GRADUATED, ENDED, NEVER = "graduated", "not graduated", "ended", "never"
ABOVE_REQUESTED, OVER_CEILING, OVER_BUDGET = "above requested", "over ceiling", "over budget"
NO_MEMBER = "no graduated member"
UNKNOWN_RATE, CEILING_UNKNOWN = "no rate", "no rate of the ceiling"
# What the audit calls an approval that only the board can give.
OVER_THE_CEILING, AS_EXCEPTION = "approval over the ceiling", "approval of an exception"
_NO_CEILING = {
    NOT_GRADUATED: "This member has not graduated by {day}: only graduated members have a ceiling.",
    ENDED: "This person’s membership is over on {day}: only graduated members have a ceiling.",
    NEVER: "This person was never a member up to {day}: only graduated members have a ceiling.",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt that has to be confirmed; by the board alone what is `recorded_as` something else than an approval.

    `code` holds the figures: when they change, it has to be confirmed again.
    """

    code: str
    words: str
    recorded_as: str = ""

    @property
    def for_board(self) -> bool:
        return bool(self.recorded_as)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person stands in a fiscal year, on a day: as a member, and with their money."""

    program: Program
    year: FiscalYear
    day: date
    membership: str
    standing: Standing
    ceiling_unknown: bool

    @property
    def ceiling(self) -> Decimal | None:
        """In the program's currency, zero included; None where none is set, and for whoever is no graduated member."""
        return self.standing.ceiling if self.membership == GRADUATED else None

    @property
    def why_no_ceiling(self) -> str:
        """The sentence for whoever is no graduated member; empty for those who are."""
        return say(_NO_CEILING[self.membership], day=self.day) if self.membership in _NO_CEILING else ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A position, and the program's, with an amount added that was in `currency`; None where its rate is not known."""

    position: Position
    added: Decimal | None
    currency: str
    whole: Standing | None = None

    @property
    def after(self) -> Decimal | None:
        """Paid and committed with the amount."""
        own = self.position.standing
        return None if self.added is None else own.paid + own.committed + self.added

    @property
    def over(self) -> bool | None:
        """Whether that is more than the ceiling, of which exactly 100 % is not; None where that is not known."""
        ceiling = self.position.ceiling
        return None if ceiling is None or self.after is None else self.after > ceiling

    @property
    def share(self) -> float | None:
        """The share of the ceiling; None where it is not known, and of a ceiling of zero."""
        ceiling = self.position.ceiling
        return float(self.after / ceiling) if ceiling and self.after is not None else None

    @property
    def needs_board(self) -> bool:
        return any(doubt.for_board for doubt in self.doubts())

    def doubts(self) -> Iterator[Doubt]:
        """All that has to be confirmed before the amount is approved."""
        yield from self.membership_doubts()
        yield from self.ceiling_doubts()
        yield from self.budget_doubts()

    def membership_doubts(self) -> Iterator[Doubt]:
        """That only graduated members have a ceiling: anybody else is an exception."""
        if why := self.position.why_no_ceiling:
            words = paragraph((why, "A request by anybody else is an exception."))
            yield Doubt(f"{NO_MEMBER} {self.position.membership}", words, AS_EXCEPTION)

    def ceiling_doubts(self) -> Iterator[Doubt]:
        """What is over the ceiling, or cannot be held against it."""
        own, year = self.position.standing, self.position.year
        if self.added is None:
            words = say(
                "No exchange rate is known for {currency} on that day: it cannot be checked against the ceiling.",
                currency=self.currency,
            )
            yield Doubt(UNKNOWN_RATE, words)
            return
        if self.position.ceiling_unknown and self.position.membership == GRADUATED:
            yield Doubt(CEILING_UNKNOWN, "No exchange rate is known for this member’s own ceiling.")
            return
        ceiling, after = self.position.ceiling, self.after
        if ceiling is None or after is None:
            return
        if own.unknown:
            words = counted(
                own.unknown,
                "{n} of this member’s amounts has no known exchange rate: the ceiling cannot be checked fully.",
                "{n} of this member’s amounts have no known exchange rate: the ceiling cannot be checked fully.",
            )
            yield Doubt(f"{UNKNOWN_RATE} {own.unknown}", words)
        if after > ceiling:
            words = say(
                "This takes the member to {after} of a ceiling of {ceiling} in the fiscal year {year}, {difference} "
                "over it.",
                after=amount_words(after, self.position.program.currency),
                ceiling=amount_words(ceiling),
                year=str(year.number),
                difference=amount_words(after - ceiling),
            )
            yield Doubt(f"{OVER_CEILING} {after}", words, OVER_THE_CEILING)

    def budget_doubts(self) -> Iterator[Doubt]:
        """What is over the program's budget."""
        if self.whole is None or self.whole.ceiling is None or self.added is None:
            return
        after = self.whole.paid + self.whole.committed + self.added
        if after > self.whole.ceiling:
            words = say(
                "This takes the program to {after} of a budget of {budget} in the fiscal year {year}.",
                after=amount_words(after, self.position.program.currency),
                budget=amount_words(self.whole.ceiling),
                year=str(self.position.year.number),
            )
            yield Doubt(f"{OVER_BUDGET} {after}", words)


def above_requested(granted: Decimal, requested: Decimal, currency: str) -> Iterator[Doubt]:
    """The doubt about granting more than was requested, both in the request's own currency."""
    if granted > requested:
        given, wanted = amount_words(granted, currency), amount_words(requested)
        words = say("{given} is more than the {requested} requested.", given=given, requested=wanted)
        yield Doubt(f"{ABOVE_REQUESTED} {granted}", words)


def effect(
    connection: Connection,
    program: Program,
    person: str,
    added: Decimal | None,
    currency: str,
    *,
    year: FiscalYear,
    day: date,
    as_of: date,
    whole: Standing,
) -> Effect:
    """What the amount would do if it were approved for the person on `day`, in that fiscal year, as known on `as_of`.

    `added` is in the program's currency: 0 for what is in the ledger already, None without a known rate. `whole` is the
    program's own standing in that year (`program_totals`).
    """
    [found] = positions(connection, program, [person], year=year, day=day, as_of=as_of).values()
    return Effect(found, added, currency, whole)


def positions(
    connection: Connection,
    program: Program,
    person_keys: Sequence[str] | Select[Any],
    *,
    year: FiscalYear,
    day: date,
    as_of: date,
) -> dict[str, Position]:
    """Where each of the people stands in the fiscal year, members or not."""
    people = person_keys if isinstance(person_keys, Select) else _selected(person_keys)
    if people is None:
        return {}
    own = budget_conversions.c
    unknown = set(
        connection.execute(
            select(own.person_key).where(
                own.fiscal_year == year.number, own.amount.is_(None), own.person_key.in_(people)
            )
        ).scalars()
    )
    standing = memberships_on(connection, day, people)
    return {
        key: Position(program, year, day, standing.get(key, NEVER), found, key in unknown)
        for key, found in standings(connection, program, year, as_of, people).items()
    }


def _selected(person_keys: Sequence[str]) -> Select[Any] | None:
    keys = [select(literal(key, String).label("person_key")) for key in dict.fromkeys(person_keys)]
    return select(union_all(*keys).subquery().c.person_key) if keys else None


def memberships_on(connection: Connection, day: date, people: Select[Any]) -> dict[str, str]:
    """How each of the people is a member on a day; who never was one by then is not in it.

    Graduated is whose application says so by that day, and every member of
    whom no application is recorded: a program that records none has members all the same.
    """
    one: ColumnElement[int] = literal_column("1")
    zero: ColumnElement[int] = literal_column("0")
    member = (
        select(memberships.c.person_key, func.max(case((member_on(day), one), else_=zero)).label("lasting"))
        .where(memberships.c.started_on <= day, memberships.c.person_key.in_(people))
        .group_by(memberships.c.person_key)
        .subquery()
    )
    graduated = case((applications.c.graduated_on <= day, one), else_=zero)
    applied = (
        select(applications.c.person_key, func.max(graduated).label("graduated"))
        .where(applications.c.applied_on <= day, applications.c.person_key.in_(people))
        .group_by(applications.c.person_key)
        .subquery()
    )
    known = func.coalesce(applied.c.graduated, one)
    rows = connection.execute(
        select(member.c.person_key, member.c.lasting, known).join_from(
            member, applied, applied.c.person_key == member.c.person_key, isouter=True
        )
    )
    return {key: (GRADUATED if passed else NOT_GRADUATED) if now else ENDED for key, now, passed in rows}
