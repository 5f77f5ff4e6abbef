"""What waits for a decision: requests before their events, budgets, applications, disputes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from data_access import answers
from data_access.contract.runbook import DISPUTE_DAYS
from data_access.database.schema import events, funding_requests, ledger
from data_access.money.ledger import fiscal_year, fiscal_year_of
from data_access.program import load_program
from data_access.questions.budget.approvals import BudgetApproval, budget_approvals
from data_access.questions.health.thresholds import LATE_DAYS
from data_access.questions.members.conduct import ListedDispute, disputes_list
from data_access.questions.members.waiting import of_row, waiting
from data_access.questions.requests.queue import PENDING, QueuedRequest, queued, waits
from data_access.questions.this_week.items import (
    AHEAD,
    APPLICATION,
    BOARD_REQUEST,
    BUDGET,
    BUDGET_AHEAD,
    DISPUTE,
    DISPUTE_AHEAD,
    OVER,
    REQUEST,
    WAITED_FOR,
    DueItem,
    days_left,
    item,
)
from data_access.selection import Scope, Selection


def requests(connection: Connection, selection: Selection, each: int) -> Iterator[DueItem]:
    """Requests whose event is near or over, or that have waited for more than thirty days."""
    as_of = selection.as_of
    near, long_ago = as_of + timedelta(days=AHEAD), as_of - timedelta(days=LATE_DAYS)
    due = or_(events.c.starts_on <= near, ledger.c.starts_on < long_ago)
    ahead = and_(events.c.starts_on >= as_of, events.c.starts_on <= near)
    order = (case((ahead, 0), (events.c.starts_on < as_of, 2), else_=1), events.c.starts_on)
    found = queued(connection, as_of, PENDING, due, order=order, limit=each)
    if not found:
        return
    joined = ledger.join(funding_requests, funding_requests.c.request_key == ledger.c.request_key)
    joined = joined.join(events, events.c.event_key == funding_requests.c.event_key, isouter=True)
    counted = select(func.count()).select_from(joined).where(*waits(PENDING, as_of), due)
    in_all: int = connection.execute(counted).scalar_one()
    for_board = sum(row.for_board for row in found)
    numbers = {True: for_board, False: in_all - for_board}
    for row in found:
        yield _request(row, selection, numbers[row.for_board])


def _request(row: QueuedRequest, selection: Selection, in_all: int) -> DueItem:
    as_of = selection.as_of
    is_near = row.days_to_event is not None and row.days_to_event <= AHEAD
    due_on = row.starts_on if is_near and row.starts_on else row.requested_on + timedelta(days=LATE_DAYS)
    return item(
        BOARD_REQUEST if row.for_board else REQUEST,
        row.request_key,
        person=row.person_key,
        name=row.name,
        event_key=row.event_key,
        title=row.title,
        due_on=due_on,
        days=days_left(due_on, as_of),
        age=row.age_days,
        amount=row.requested_amount,
        currency=row.currency,
        state=OVER if row.days_to_event is not None and row.days_to_event < 0 else "near" if is_near else "waits",
        in_all=in_all,
    )


def budgets(connection: Connection, selection: Selection, scope: Scope) -> Iterator[DueItem]:
    """The budgets of this fiscal year, and of the next one shortly before, that the board has not approved."""
    as_of, program = selection.as_of, load_program(connection)
    this_year = fiscal_year_of(as_of, program).number
    found = answers.rows(BudgetApproval, budget_approvals(connection, Selection(as_of=as_of), scope))
    waiting_years = [row for row in found if row.approved_on is None and row.fiscal_year >= this_year]
    starts = {row.fiscal_year: fiscal_year(row.fiscal_year, program).start for row in waiting_years}
    waiting_years = [row for row in waiting_years if days_left(starts[row.fiscal_year], as_of) <= BUDGET_AHEAD]
    for row in waiting_years:
        due_on = starts[row.fiscal_year]
        yield item(
            BUDGET,
            str(row.fiscal_year),
            title=str(row.fiscal_year),
            due_on=due_on,
            days=days_left(due_on, as_of),
            amount=row.amount,
            currency=row.currency,
            in_all=len(waiting_years),
        )


def applications(connection: Connection, selection: Selection, each: int) -> Iterator[DueItem]:
    """Applications that have waited for more than thirty days for their next step, and for less than a year."""
    as_of, waits_for = selection.as_of, waiting(selection.as_of).order_by(None).subquery("waiting")
    statement: Any = (
        select(waits_for, func.count().over().label("in_all"))
        .where(waits_for.c.since < as_of - timedelta(days=LATE_DAYS))
        .where(waits_for.c.since >= as_of - timedelta(days=WAITED_FOR))
        .order_by(waits_for.c.since, waits_for.c.application_key)
        .limit(each)
    )
    for found in connection.execute(statement).all():
        row = of_row(found, as_of)
        due_on = row.since + timedelta(days=LATE_DAYS)
        yield item(
            APPLICATION,
            row.application_key,
            person=row.person_key,
            name=row.name,
            title=row.cohort,
            due_on=due_on,
            days=days_left(due_on, as_of),
            age=row.days,
            state=row.step,
            in_all=found.in_all,
        )


def disputes(connection: Connection, selection: Selection, scope: Scope, each: int) -> Iterator[DueItem]:
    """Open disputes that have lasted for sixty days, or soon will."""
    as_of = selection.as_of
    found = answers.rows(ListedDispute, disputes_list(connection, selection, scope))
    due = [row for row in found if row.closed_on is None and row.days > DISPUTE_DAYS - DISPUTE_AHEAD]
    for row in due[:each]:
        due_on = row.opened_on + timedelta(days=DISPUTE_DAYS)
        yield item(
            DISPUTE,
            row.dispute_key,
            title=row.kind,
            due_on=due_on,
            days=days_left(due_on, as_of),
            age=row.days,
            state=row.next_step,
            in_all=len(due),
        )
