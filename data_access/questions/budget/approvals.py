"""The program's budgets, year by year, and when the board approved each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, select

from data_access.answers import Amount, Code, Day, Key, fetch
from data_access.database.schema import budgets
from data_access.questions.registry import MONEY, question
from data_access.selection import INSIDE, Scope, Selection


class BudgetApproval(NamedTuple):
    fiscal_year: Annotated[int, Key("Fiscal year", help="The calendar year in which it starts")]
    amount: Annotated[Decimal, Amount("Budget")]
    currency: Annotated[str, Code("Currency")]
    approved_on: Annotated[date | None, Day("Approved on", help="Empty: it waits for the board")]


@question(roles=INSIDE, counts=MONEY, columns=BudgetApproval)
def budget_approvals(connection: Connection, selection: Selection, scope: Scope, *, year: int = 0) -> pd.DataFrame:
    """The program's budget of each fiscal year (or of the one that is given), newest first, in its own currency.

    An approval later than the day is none yet. Members' own ceilings are left out; period and filters do not apply.
    """
    own = budgets.c
    known = case((own.approved_on <= selection.as_of, own.approved_on)).label("approved_on")
    statement = select(own.fiscal_year, own.amount, own.currency, known).where(own.person_key.is_(None))
    if year:
        statement = statement.where(own.fiscal_year == year)
    return fetch(connection, statement.order_by(own.fiscal_year.desc()), BudgetApproval)
