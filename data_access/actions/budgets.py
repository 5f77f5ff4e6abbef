"""The program's budget of a fiscal year: the board approves it, with its amount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import BOARD_ONLY, Row, record_row, undoing
from data_access.contract.kinds import MONEY_SCALE
from data_access.database.engine import Database
from data_access.kept_rows import BUDGET
from data_access.program import load_program
from data_access.wording import amount_words, say


def budget_key(fiscal_year: int) -> str:
    """What the program's budget of a year is known by in the audit."""
    return f"{fiscal_year}/"


def approve_budget(
    database: Database,
    author: Author,
    fiscal_year: int,
    *,
    opened: Snapshot,
    today: date,
    amount: object,
    approved_on: date | None,
    note: str = "",
) -> int:
    """The board approves the budget of a fiscal year: the amount that was imported, or another with a reason.

    Where none was imported the approval brings it, in the program's currency. An approval that stands has to be undone
    first.
    """
    scaled = checked("budgets", "amount", amount, "Amount")
    year: int | None = checked("budgets", "fiscal_year", fiscal_year, "Fiscal year")
    day = past_day("budgets", "approved_on", approved_on, "Approved on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        if scaled is None or year is None:
            raise ActionRefused("Amount: it is needed; 0 is a budget of nothing.")
        whole = Decimal(scaled) / MONEY_SCALE
        currency = before["currency"] if before else load_program(connection).currency
        if not currency:
            raise ActionRefused("The program has no currency yet. Import `program` with one.")
        if before and before["approved_on"]:
            approved = date.fromisoformat(before["approved_on"])
            raise ActionRefused(say("It was approved on {day} already. Undo that first, to correct it.", day=approved))
        if before and Decimal(before["amount"]) != whole and not note.strip():
            asked = amount_words(before["amount"], currency)
            raise ActionRefused(say("Reason: the budget asks for {amount}; say why it is another.", amount=asked))
        kept = before or {"fiscal_year": year, "person_key": None}
        return {**kept, "amount": str(whole), "currency": currency, "approved_on": day}

    key = budget_key(fiscal_year)
    return record_row(database, author, BUDGET, key, "budget", opened, change, roles=BOARD_ONLY, note=note)


undoing(BUDGET, BOARD_ONLY)
