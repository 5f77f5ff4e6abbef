"""The program's money of a fiscal year: budget against paid, committed and pending, its pace, and where that leads.

The fiscal year is the one that holds the selection's last day (or `as_of`, when that is earlier); filters do not apply:
a budget is the whole program's. Sums that belong to fewer members than the program's minimum are withheld from
everybody but the PM and the board, and so is what would tell them by subtraction: for leadership `burnt`, and all that
is made of it, counts what is paid alone, for what is approved and not paid belongs to few members as a rule.
Leadership is told of ends of quarters between which enough members were paid, whatever day it asks for: from the sums
of one day and of the next, somebody could read who was paid in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Connection, Double, cast, func, or_, select, type_coerce

from data_access.contract.kinds import MONEY_SCALE
from data_access.database.schema import funding_conversions, funding_requests, ledger
from data_access.money import ledger as book
from data_access.money.ledger import FiscalYear
from data_access.program import Program, load_program
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.selection import Role, Scope, Selection, add_months
from data_access.statistics.projection import TRAILING_DAYS, Projection

NAMED = frozenset({Role.PM, Role.BOARD})
OVERSEERS = NAMED | {Role.LEADERSHIP}
NEAR = 0.9
CENT = Decimal("0.01")
NO_BUDGET, OVER, USED_UP, NEARLY, NOT_THIS_YEAR, THIS_YEAR, CLOSED, HIDDEN, NO_PROJECTION = (
    "no budget",
    "over",
    "used up",
    "near",
    "not at this pace",
    "at this pace",
    "year over",
    "withheld",
    "no projection",
)


@dataclass(frozen=True)
class Year:
    """What every question about money needs: program, fiscal year, day, and how many members a sum must belong to."""

    program: Program
    fiscal: FiscalYear
    as_of: date
    least: int

    @property
    def burning(self) -> tuple[str, ...]:
        """The states that count as burnt. What is approved but not paid belongs to few members, as a rule."""
        return (book.PAID,) if self.least else book.BURNT

    @property
    def since(self) -> date:
        """The day after which spending makes the pace: 90 days ago, or the day before the year began."""
        return self.last - timedelta(days=self.days)

    @property
    def days(self) -> int:
        return max(min(TRAILING_DAYS, self.fiscal.days_gone(self.as_of)), 1)

    @property
    def last(self) -> date:
        """The last day of the year that is over."""
        return min(self.as_of, self.fiscal.last_day)


def year_asked(connection: Connection, selection: Selection, scope: Scope) -> Year:
    """The fiscal year of the selection's last day, as of its day."""
    program = load_program(connection)
    day = min(selection.period.end - timedelta(days=1), selection.as_of)
    least = 0 if scope.role in NAMED else max(scope.min_group_size, 1)
    return Year(program, book.fiscal_year_of(day, program), selection.as_of, least)


def year_told(connection: Connection, selection: Selection, scope: Scope) -> Year:
    """The same; for leadership as of the last day whose sums it is told."""
    year = year_asked(connection, selection, scope)
    return replace(year, as_of=days_told(connection, year)[-1]) if year.least else year


def days_told(connection: Connection, year: Year) -> list[date]:
    """The day before the year, and the ends of its quarters that are over and may be told.

    A later day of asking adds to them and takes none away, so that all who ask are told sums of the same spans.
    """
    told, first = [year.fiscal.start - timedelta(days=1)], add_months(year.fiscal.start, 3)
    while first <= year.fiscal.end and first - timedelta(days=1) <= year.as_of:
        end = first - timedelta(days=1)
        moved = _moved(connection, year, told[-1], end)
        if not moved or moved >= year.least:
            told.append(end)
        first = add_months(first, 3)
    return told


@question(OVERSEERS)
def budget_summary(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """The program's budget against paid, committed and pending, with its pace and projected exhaustion (one row).

    Columns: as_of, fiscal_year, starts_on, ends_on (its last day), currency, budget, paid, committed (approved, not
    paid), pending, burnt (paid + committed), remaining, burn (burnt ÷ budget), share_gone (of the year), pace (burn ÷
    share gone), state (no budget, over, used up, near, at this pace, not at this pace, year over, withheld, no
    projection),
    exhausted_on with exhausted_first and exhausted_last (95 %, missing: not this year), year_end with year_end_low and
    year_end_high (burnt at the year's end), trailing_days (whose spending makes the pace), unknown (amounts left out:
    no rate).

    For leadership `burnt` is what is paid, missing where it is of fewer members than the minimum, and what is committed
    or pending is missing.
    """
    year = year_told(connection, selection, scope)
    total = book.program_totals(connection, year.fiscal, year.as_of)
    budget, members = total.ceiling, _members(connection, year)
    # Of what is approved or asked for, days are not chosen so that enough members' sums changed between them.
    shown = dict.fromkeys(book.STATES, not year.least) | {book.PAID: members[book.PAID] >= year.least}
    burnt = total.paid if year.least else total.paid + total.committed
    row: dict[str, Any] = {
        "as_of": year.as_of,
        "fiscal_year": year.fiscal.number,
        "starts_on": year.fiscal.start,
        "ends_on": year.fiscal.last_day,
        "currency": year.program.currency,
        "budget": budget,
        "paid": total.paid if shown[book.PAID] else None,
        "committed": total.committed if shown[book.COMMITTED] else None,
        "pending": total.pending if shown[book.PENDING] else None,
        "share_gone": year.fiscal.share_gone(year.as_of),
        "unknown": total.unknown,
        "trailing_days": year.days,
        "state": HIDDEN,
    }
    if shown[book.PAID]:
        row |= {"burnt": burnt} | _pace(connection, year, budget, burnt)
    return typed(pd.DataFrame([row], columns=list(_SUMMARY), dtype=object), **_SUMMARY)


_SUMMARY = {
    "as_of": "object",
    "fiscal_year": WHOLE,
    **dict.fromkeys(("starts_on", "ends_on"), "object"),
    "currency": TEXT,
    **dict.fromkeys(("budget", "paid", "committed", "pending", "burnt", "remaining"), "object"),
    **dict.fromkeys(("burn", "share_gone", "pace"), NUMBER),
    "state": TEXT,
    **dict.fromkeys(("exhausted_on", "exhausted_first", "exhausted_last"), "object"),
    **dict.fromkeys(("year_end", "year_end_low", "year_end_high"), NUMBER),
    **dict.fromkeys(("trailing_days", "unknown"), WHOLE),
}


def _members(connection: Connection, year: Year) -> dict[str, int]:
    """How many members the sums of each state belong to."""
    in_year = select(ledger.c.person_key, ledger.c.state).where(
        ledger.c.fiscal_year == year.fiscal.number, book.in_force(year.as_of), ledger.c.amount > Decimal(0)
    )
    rows = in_year.distinct().subquery()
    counts = [func.count().filter(rows.c.state == state) for state in book.STATES]
    found = connection.execute(select(*counts).select_from(rows)).one()
    return dict(zip(book.STATES, found, strict=True))


def _pace(connection: Connection, year: Year, budget: Decimal | None, burnt: Decimal) -> dict[str, Any]:
    """Burn, pace, state and projection of the whole program."""
    gone = year.fiscal.share_gone(year.as_of)
    found: dict[str, Any] = {"state": NO_BUDGET}
    projection = projection_of(connection, year)
    if projection is not None:
        ahead = projection.by(year.fiscal.last_day)
        found |= dict(
            zip(
                ("year_end_low", "year_end", "year_end_high"),
                (round(float(burnt) + more, 2) for more in ahead),
                strict=True,
            )
        )
    if not budget:
        return found
    remaining = budget - burnt
    burn = float(burnt / budget)
    found |= {"remaining": remaining, "burn": burn, "pace": burn / gone if gone else None}
    if remaining <= 0:
        return found | {"state": OVER if remaining < 0 else USED_UP}
    if year.as_of >= year.fiscal.last_day:
        return found | {"state": CLOSED}
    if projection is None:
        return found | {"state": NEARLY if burn >= NEAR else NO_PROJECTION}
    first, middle, last = projection.reaches(float(remaining), year.fiscal.last_day)
    found |= {"exhausted_first": first, "exhausted_on": middle, "exhausted_last": last}
    return found | {"state": NEARLY if burn >= NEAR else THIS_YEAR if middle else NOT_THIS_YEAR}


def projection_of(connection: Connection, year: Year) -> Projection | None:
    """The program's projection from its trailing days; None when the year is over, not begun, or it may not be told."""
    if not year.fiscal.start <= year.as_of < year.fiscal.last_day:
        return None
    changed = book.burnt_since(year.fiscal.number, year.since, year.as_of, "request_key", year.burning).subquery()
    amount = cast(type_coerce(changed.c.change, BigInteger), Double) / float(MONEY_SCALE)
    spent, squares = connection.execute(select(func.sum(amount), func.sum(amount * amount))).one()
    if year.least and _moved(connection, year, year.since, year.as_of) < year.least:
        return None
    return Projection(year.last, year.days, float(spent or 0), float(squares or 0))


@question(OVERSEERS)
def burn_curve(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Money burnt in the fiscal year at the end of each month, as it was known then, against the budget's even pace.

    Columns: day (the day before the year, month ends, `as_of`, then month ends to come), paid, committed, burnt (paid +
    committed, cumulative), plan (budget × share of the year gone), kind (known or projected), low and high (95 %, of
    what is projected), currency. The budget is missing where none is set.

    For leadership `burnt` is what is paid, and only days are told between which enough members were paid.
    """
    year = year_told(connection, selection, scope)
    budget = book.program_budget(connection, year.fiscal)
    rows = _known(connection, year)
    if not rows:
        return typed(pd.DataFrame(columns=list(_CURVE), dtype=object), **_CURVE)
    projection = projection_of(connection, year)
    last = rows[-1]
    if projection is not None:
        for day in [end for end in _month_ends(year.fiscal) if end > year.last]:
            low, middle, high = (round(float(last["burnt"]) + more, 2) for more in projection.by(day))
            rows.append({"day": day, "burnt": middle, "low": low, "high": high, "kind": "projected"})
    for row in rows:
        gone = (row["day"] - year.fiscal.start).days + 1
        row["plan"] = None if budget is None else (budget * gone / year.fiscal.days).quantize(CENT)
        row["currency"] = year.program.currency
    return typed(pd.DataFrame(rows, columns=list(_CURVE), dtype=object), **_CURVE)


_CURVE = {
    "day": "object",
    **dict.fromkeys(("paid", "committed", "burnt", "plan"), "object"),
    "kind": TEXT,
    **dict.fromkeys(("low", "high"), NUMBER),
    "currency": TEXT,
}


def _month_ends(fiscal: FiscalYear) -> list[date]:
    ends, first = [], add_months(fiscal.start, 1)
    while first < fiscal.end:
        ends.append(first - timedelta(days=1))
        first = add_months(first, 1)
    return [*ends, fiscal.last_day]


def _known(connection: Connection, year: Year) -> list[dict[str, Any]]:
    """The curve up to now, one row a day told; empty when nothing may be told or the year has not begun."""
    start = year.fiscal.start - timedelta(days=1)
    days = [start, *(end for end in _month_ends(year.fiscal) if end < year.last), year.last]
    if year.as_of < year.fiscal.start:
        return []
    sums = [
        column
        for at, day in enumerate(days)
        for column in (
            book.total(day, book.PAID).label(f"paid_{at}"),
            book.total(day, book.COMMITTED).label(f"committed_{at}"),
        )
    ]
    found = connection.execute(select(*sums).where(ledger.c.fiscal_year == year.fiscal.number)).one()
    rows = []
    for at, day in enumerate(days):
        paid, committed = found[2 * at], found[2 * at + 1]
        rows.append({"day": day, "paid": paid, "committed": committed, "burnt": paid + committed, "kind": "known"})
    return rows if not year.least else _told(connection, year, rows)


def _told(connection: Connection, year: Year, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The days between which the money of enough members moved, found anew within each span that is always told."""
    told = [rows[0]]
    ends = days_told(connection, year)[1:]
    for end in ends:
        start = len(told)
        inside = [row for row in rows if told[-1]["day"] < row["day"] <= end]
        for row in inside[:-1]:
            if _moved(connection, year, told[-1]["day"], row["day"]) >= year.least:
                told.append(row)
        while len(told) > start and _moved(connection, year, told[-1]["day"], end) < year.least:
            told.pop()
        told.append(inside[-1])
    return [{**row, "burnt": row["paid"], "committed": None} for row in told] if len(told) > 1 else []


def _moved(connection: Connection, year: Year, since: date, until: date) -> int:
    moved = book.burnt_since(year.fiscal.number, since, until, "person_key", year.burning).subquery()
    return connection.execute(select(func.count()).select_from(moved)).scalar_one()


@question(NAMED)
def unconverted_amounts(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Amounts of the fiscal year that no sum counts, because no exchange rate is known for their day (PM and board).

    Columns: request_key, person_key, state (pending, committed, paid), amount, currency (their own), day (whose rate is
    missing). Newest first, 1,000 at most.
    """
    year = year_told(connection, selection, scope)
    asked = funding_requests.c
    rows = connection.execute(
        select(
            ledger.c.request_key, ledger.c.person_key, ledger.c.state, *_OWN_AMOUNTS, asked.currency, ledger.c.starts_on
        )
        .join_from(ledger, funding_requests, asked.request_key == ledger.c.request_key)
        .where(ledger.c.fiscal_year == year.fiscal.number, book.in_force(year.as_of), ledger.c.amount.is_(None))
        .order_by(ledger.c.starts_on.desc(), ledger.c.request_key)
        .limit(1_000)
    )
    own = {book.PENDING: "requested_amount", book.COMMITTED: "approved_amount", book.PAID: "paid_amount"}
    found = [
        (row.request_key, row.person_key, row.state, row._mapping[own[row.state]], row.currency, row.starts_on)
        for row in rows
    ]
    columns = ["request_key", "person_key", "state", "amount", "currency", "day"]
    return typed(pd.DataFrame(found, columns=columns, dtype=object), request_key=TEXT, state=TEXT, currency=TEXT)


_OWN_AMOUNTS = tuple(funding_requests.c[name] for name in ("requested_amount", "approved_amount", "paid_amount"))


@question(NAMED)
def requested_and_approved(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What was asked and approved of the requests made in the period, in each currency of its own (PM and board).

    Columns: currency, requests, requested, decided (requests with both amounts), requested_of_decided, approved,
    approved_share (approved ÷ requested of those), converted (how many have a rate for the day of the request).
    """
    asked, both = funding_requests.c, funding_requests.c.approved_amount.is_not(None)
    statement = (
        select(
            asked.currency,
            func.count().label("requests"),
            book.as_money(func.sum(asked.requested_amount)).label("requested"),
            func.count().filter(both).label("decided"),
            book.as_money(func.sum(asked.requested_amount).filter(both)).label("requested_of_decided"),
            book.as_money(func.sum(asked.approved_amount)).label("approved"),
            func.count(funding_conversions.c.requested).label("converted"),
        )
        .join_from(
            funding_requests, funding_conversions, funding_conversions.c.request_key == asked.request_key, isouter=True
        )
        .where(
            asked.requested_on >= selection.period.start,
            asked.requested_on < selection.period.end,
            asked.requested_on <= selection.as_of,
            or_(asked.decided_on.is_(None), asked.decided_on <= selection.as_of),
        )
        .group_by(asked.currency)
        .order_by(func.count().desc(), asked.currency)
    )
    rows = []
    for row in connection.execute(statement).mappings():
        asked_for, granted = row["requested_of_decided"], row["approved"]
        rows.append(
            {**row, "approved_share": float(granted / asked_for) if granted is not None and asked_for else None}
        )
    return typed(pd.DataFrame(rows, columns=list(_APPROVED), dtype=object), **_APPROVED)


_APPROVED = {
    "currency": TEXT,
    "requests": WHOLE,
    "requested": "object",
    "decided": WHOLE,
    **dict.fromkeys(("requested_of_decided", "approved"), "object"),
    "approved_share": NUMBER,
    "converted": WHOLE,
}
