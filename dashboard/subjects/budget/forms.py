"""The board's approval of the year's budget, and what was recorded of it."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording, row_forms
from dashboard.words import numbers
from dashboard.words.sentences import say
from data_access import actions, answers
from data_access.actions import Author, Snapshot
from data_access.kept_rows import BUDGET
from data_access.questions.budget.approvals import BudgetApproval, budget_approvals
from data_access.selection import Role

_FORM = "budget"


def approval(running: int) -> None:
    """Whether the budget of the year, or of the one after it, is approved; the board's form while it is not."""
    now = filters.asked()
    scope = now.scope
    if not scope.inside:
        return
    st.header("The board’s approval", anchor="approval")
    recording.show_outcome()
    years = {str(year): str(year) for year in (running, running + 1)}
    fiscal_year = int(page_parts.linked_choice("Fiscal year", years, "approval"))
    rows = [(BUDGET, actions.budget_key(fiscal_year))]
    row_forms.open_on(_FORM, rows)
    answer = cached.answer(budget_approvals, now.selection, scope, year=fiscal_year)
    found = next(iter(answers.rows(BudgetApproval, answer)), None)
    if found is not None and found.approved_on is not None:
        words = {"year": str(fiscal_year), "day": found.approved_on, "amount": _amount(found)}
        page_parts.remark(say("The budget of {year}, {amount}, was approved on {day}.", **words))
    elif scope.role is Role.BOARD:
        _form(fiscal_year, rows, found)
    else:
        page_parts.nothing(say("The budget of {year} waits for the board’s approval.", year=str(fiscal_year)))
    row_forms.changes(rows, may_undo=scope.role is Role.BOARD)


def _amount(found: BudgetApproval) -> str:
    return numbers.money(found.amount, found.currency)


def _form(fiscal_year: int, rows: row_forms.Rows, asked: BudgetApproval | None) -> None:
    """What is asked for, if a budget of that year was imported, to be approved as it is or with another amount."""
    names = {name: f"{fiscal_year}_{name}" for name in ("amount", "approved_on", "note")}

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        actions.approve_budget(
            cached.current(),
            by,
            fiscal_year,
            opened=opened,
            today=row_forms.today(),
            amount=row_forms.text(_FORM, names["amount"]),
            approved_on=row_forms.value(_FORM, names["approved_on"]),
            note=row_forms.text(_FORM, names["note"]),
        )
        return "Recorded: the budget is approved."

    with st.form(f"budget_form_{fiscal_year}", border=False):
        currency = asked.currency if asked else cached.program(filters.asked().scope).currency or ""
        value = f"{asked.amount:f}" if asked else ""
        label = say("Amount in {currency}", currency=currency)
        st.text_input(label, value=value, max_chars=30, key=recording.key(_FORM, names["amount"]))
        row_forms.day(_FORM, "Approved on", names["approved_on"])
        row_forms.note(_FORM, "Reason, where the amount is another than asked for", names["note"])
        row_forms.button(_FORM, "Approve the budget", f"approve_{fiscal_year}", rows, write)
