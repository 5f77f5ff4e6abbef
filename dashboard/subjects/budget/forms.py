"""The board's approval of the year's budget, and what was recorded of it."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording, row_forms
from dashboard.words.sentences import say
from data_access import actions, answers
from data_access.actions import Author, Snapshot
from data_access.kept_rows import BUDGET
from data_access.questions.budget.approvals import BudgetApproval, budget_approvals
from data_access.selection import Role

_FORM = "budget"


def approval(fiscal_year: int) -> None:
    """Whether the year's budget is approved; the board's form while it is not."""
    now = filters.asked()
    scope = now.scope
    if not scope.inside:
        return
    st.header("The board’s approval", anchor=False)
    recording.show_outcome()
    rows = [(BUDGET, actions.budget_key(fiscal_year))]
    row_forms.open_on(_FORM, rows)
    answer = cached.answer(budget_approvals, now.selection, scope, year=fiscal_year)
    found = next(iter(answers.rows(BudgetApproval, answer)), None)
    if found is not None and found.approved_on is not None:
        page_parts.remark(
            say("The budget of {year} was approved on {day}.", year=str(fiscal_year), day=found.approved_on)
        )
    elif scope.role is Role.BOARD:
        amount = "" if found is None else f"{found.amount:f}"
        _form(fiscal_year, rows, amount, "" if found is None else found.currency)
    else:
        page_parts.nothing(say("The budget of {year} waits for the board’s approval.", year=str(fiscal_year)))
    row_forms.changes(rows, may_undo=scope.role is Role.BOARD)


def _form(fiscal_year: int, rows: row_forms.Rows, amount: str, currency: str) -> None:
    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        actions.approve_budget(
            cached.current(),
            by,
            fiscal_year,
            opened=opened,
            today=row_forms.today(),
            amount=row_forms.text(_FORM, "amount"),
            approved_on=row_forms.value(_FORM, "approved_on"),
            note=row_forms.text(_FORM, "note"),
        )
        return "Recorded: the budget is approved."

    with st.form("budget_form", border=False):
        label = say("Amount in {currency}", currency=currency or cached.program(filters.asked().scope).currency or "")
        st.text_input(label, value=amount, max_chars=30, key=recording.key(_FORM, "amount"))
        row_forms.day(_FORM, "Approved on", "approved_on")
        row_forms.note(_FORM, "Reason, where the amount is another than asked for")
        row_forms.button(_FORM, "Approve the budget", "approve", rows, write)
