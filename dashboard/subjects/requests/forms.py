"""The request desk's forms: approve, decline, record a payment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording
from dashboard.words.sentences import say
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.questions.requests.queue import QueuedRequest
from data_access.selection import Role

_OPENED = "uplift_request_opened"
_FIELDS = ("amount", "note", "reason", "paid_amount", "paid_on", "decided_on")
# Given who writes, what the form was opened on, what it holds and what has been confirmed; returns what was done.
Submitted = Callable[[Author, Snapshot, dict[str, Any], frozenset[str]], str]


def decide(row: QueuedRequest) -> None:
    """The forms that the viewer may use on a request."""
    is_approved, role = row.approved_amount is not None, filters.asked().scope.role
    st.session_state[_OPENED] = (row.request_key, _snapshot(row.request_key))
    recording.show_outcome(recording.FORM)
    if role is Role.BOARD:
        if is_approved:
            page_parts.nothing("Payments are recorded by the program manager.")
        elif not row.for_board:
            page_parts.nothing("It stays within the ceiling: the program manager decides it.")
        else:
            _approve_form(row)
    elif is_approved:
        _pay_form(row)
    else:
        approve, decline = st.tabs(["Approve", "Decline"], key="decide_tabs")
        with approve:
            _approve_form(row)
        with decline:
            _decline_form(row)


def _snapshot(key: str) -> Snapshot:
    """What the forms are opened on: of the version that the page shows, or the page is made again."""
    with cached.current().program.connect() as connection:
        found = actions.request_snapshot(connection, key)
    if cached.current().version() != cached.version():
        st.rerun()
    return found


def _approve_form(row: QueuedRequest) -> None:
    def write(by: Author, opened: Snapshot, given: dict[str, Any], confirmed: frozenset[str]) -> str:
        actions.approve(
            cached.current(),
            by,
            row.request_key,
            opened=opened,
            today=_today(),
            amount=str(given["amount"] or "").strip(),
            decided_on=given["decided_on"],
            note=str(given["note"] or ""),
            confirmed=confirmed,
        )
        return "Approved. It now waits for its payment; “Recent decisions” can undo it."

    with st.form("approve_form", border=False):
        label = say("Amount in {currency}", currency=row.currency)
        st.text_input(label, value=f"{row.requested_amount:f}", max_chars=30, key=_key("amount"))
        _day("Decided on", "decided_on")
        st.text_input("Note", max_chars=2_000, key=_key("note"))
        _button("Approve", "approve", row.request_key, write)


def _decline_form(row: QueuedRequest) -> None:
    def write(by: Author, opened: Snapshot, given: dict[str, Any], confirmed: frozenset[str]) -> str:
        reason = str(given["reason"] or "")
        actions.decline(cached.current(), by, row.request_key, opened=opened, today=_today(), reason=reason)
        return "Declined. The reason is kept; “Recent decisions” can undo it."

    with st.form("decline_form", border=False):
        st.text_input("Reason", max_chars=2_000, key=_key("reason"))
        _button("Decline", "decline", row.request_key, write)


def _pay_form(row: QueuedRequest) -> None:
    def write(by: Author, opened: Snapshot, given: dict[str, Any], confirmed: frozenset[str]) -> str:
        actions.mark_paid(
            cached.current(),
            by,
            row.request_key,
            opened=opened,
            today=_today(),
            amount=str(given["paid_amount"] or "").strip(),
            paid_on=given["paid_on"],
            confirmed=confirmed,
        )
        return "Recorded as paid."

    with st.form("pay_form", border=False):
        label = say("Paid amount in {currency}", currency=row.currency)
        approved = row.approved_amount or Decimal(0)
        st.text_input(label, value=f"{approved:f}", max_chars=30, key=_key("paid_amount"))
        _day("Paid on", "paid_on")
        _button("Mark as paid", "pay", row.request_key, write)


def _key(name: str) -> str:
    return recording.key("request", name)


def _today() -> date:
    return settings.current().today()


def _day(label: str, name: str) -> None:
    st.date_input(label, value=_today(), max_value=_today(), format="YYYY-MM-DD", key=_key(name))


def _button(label: str, name: str, key: str, write: Submitted) -> None:
    st.form_submit_button(label, type="primary", key=_key(f"{name}_submit"), on_click=_submit, args=(key, write))


def _submit(key: str, write: Submitted) -> None:
    """Write against the state that the viewer saw, with what the form holds at this moment."""
    opened_key, opened = st.session_state.get(_OPENED, ("", {}))
    if opened_key != key:
        recording.refuse("The page was reloaded in the meantime. Nothing was changed; try again.")
        return
    given = {name: st.session_state.get(_key(name)) for name in _FIELDS}
    recording.attempt(lambda by, confirmed: write(by, opened, given, confirmed))
