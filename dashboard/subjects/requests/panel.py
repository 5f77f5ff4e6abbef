"""The request desk's parts: the queue, one request with every figure explained, the forms, the decisions with undo."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording
from dashboard.parts.page_parts import show
from dashboard.parts.tables import table_with_download
from dashboard.subjects.requests import blocks, words
from dashboard.subjects.teams.words import present
from dashboard.words.text import plain
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.imports.rows import clipped
from data_access.questions.frames import records
from data_access.questions.requests.nearer import MOST_NEARER, nearer_members
from data_access.questions.requests.queue import request_decisions, request_queue
from data_access.questions.requests.what_if import what_if
from data_access.selection import Role

SHOWN_REQUEST = "request"
_OPENED = "uplift_request_opened"
COLUMNS: dict[str, Any] = {
    "request_key": None,  # the key says nothing to a reader; the download has it
    "person_key": None,
    "name": st.column_config.TextColumn("Member", width=150),
    "age_days": st.column_config.NumberColumn("Age in days", format="localized", width=85),
    "requested": st.column_config.TextColumn("Amount", width=120),
    "share_after": st.column_config.NumberColumn("Of the ceiling", format="percent", width=100),
    "ceiling": st.column_config.TextColumn("Ceiling after", width=120),
    "title": st.column_config.TextColumn("Event", width=200),
    "days_to_event": st.column_config.NumberColumn("Days to event", format="localized", width=100),
    "category": "For",
    "home_city": "Home",
    "home_country": "Country",
    "distance_km": st.column_config.NumberColumn("Distance in km", format="%.0f"),
    "saved_km": st.column_config.NumberColumn("Nearer by km", format="%.0f"),
    "languages": "Languages",
    "language_fit": st.column_config.CheckboxColumn("Speaks a main language there"),
    "remaining": st.column_config.NumberColumn("Left under the ceiling", format="localized"),
    "currency": "Currency",
    "happened_at": st.column_config.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
    "author": "By",
    "words": "What",
    "note": "Reason",
}
QUESTION = "Which request comes next, and what would it do?"


def chosen(*queues: pd.DataFrame) -> dict[str, Any] | None:
    """The request that the address names, from the queues; None when it names none, or one that waits no more."""
    asked = st.query_params.get(SHOWN_REQUEST, "")
    if not asked:
        return None
    for queue in queues:
        for row in records(queue[queue["request_key"] == asked]):
            return row
    recording.tell(recording.FORM)
    st.info(plain(f"The request “{asked[:60]}” does not wait any more, or is not there."), icon=":material/info:")
    return None


def _show(table: str, keys: list[str]) -> None:
    rows = st.session_state[f"table_{table}"].selection.rows
    if rows:
        st.query_params[SHOWN_REQUEST] = keys[rows[0]]


def _show_none() -> None:
    st.query_params.pop(SHOWN_REQUEST, None)


def queue(found: pd.DataFrame) -> None:
    """What waits for a decision, oldest first; a row opens its request."""
    st.header("The queue, oldest first", anchor=False)
    if found.empty:
        page_parts.nothing("Nothing waits. New requests arrive with the next import.")
        return
    st.caption("Select a row to see what it would do, and to decide it.")
    _table(found, "request_queue", "Requests that wait for a decision, oldest first")


def _table(found: pd.DataFrame, name: str, alt: str) -> None:
    table, keys = words.listed(found), list(found["request_key"])
    shown = ["name", "age_days", "requested", "share_after", "ceiling", "title", "days_to_event", "category"]
    table_with_download(
        table, name, alt=alt, columns=COLUMNS, shown=shown, height=420, on_select=lambda: _show(name, keys)
    )


def to_pay(found: pd.DataFrame) -> None:
    """What is approved and waits for its payment."""
    with st.expander(f"Approved, not yet paid ({len(found)})", icon=":material/payments:"):
        if found.empty:
            page_parts.nothing("Everything that was approved is paid.")
        else:
            st.caption("Select a row to record its payment. The age counts from the approval.")
            _table(found, "requests_to_pay", "Approved requests that are not paid, oldest first")


def one_request(row: dict[str, Any]) -> None:
    """The request with all its figures, the forms to decide it, and who could go instead."""
    now, key = filters.asked(), str(row["request_key"])
    figures = cached.answer(what_if, now.selection, now.scope, request=key)
    with st.container(border=True, key="one_request"):
        st.header(plain(clipped(words.title(row), 200)), anchor=False)
        show(blocks.verdict(words.verdict(figures)))
        show(blocks.what_if(records(figures), cached.program().currency))
        _nearer(key)
        _forms(row)
        st.button("Close this request", icon=":material/close:", key="close_request", on_click=_show_none)


def _nearer(key: str) -> None:
    now = filters.asked()
    found = cached.answer(nearer_members, now.selection, now.scope, request=key)
    if found.empty:
        return
    count = f"{len(found)}{' or more' if len(found) == MOST_NEARER else ''}"
    with st.expander(f"Who lives nearer ({count})", icon=":material/person_pin_circle:"):
        table_with_download(found, "nearer_members", alt="Members who live nearer to the event", columns=COLUMNS)


def _snapshot(key: str) -> Snapshot:
    """What the forms are opened on: of the version that the page shows, or the page is made again."""
    with cached.current().program.connect() as connection:
        found = actions.request_snapshot(connection, key)
    if cached.current().version() != cached.version():
        st.rerun()
    return found


def _forms(row: dict[str, Any]) -> None:
    key, is_approved = str(row["request_key"]), present(row["approved_amount"]) is not None
    role = filters.asked().scope.role
    st.session_state[_OPENED] = (key, _snapshot(key))
    recording.tell(recording.FORM)
    if role is Role.BOARD:
        if is_approved:
            page_parts.nothing("Payments are recorded by the program manager.")
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


def _key(name: str) -> str:
    return recording.key("request", name)


def _value(name: str) -> Any:
    return st.session_state.get(_key(name))


def _button(label: str, name: str, key: str, write: Any) -> None:
    st.form_submit_button(label, type="primary", key=_key(f"{name}_submit"), on_click=_submit, args=(key, write))


def _submit(key: str, write: Any) -> None:
    """Against the state that the viewer saw, with what the form holds at this moment."""
    opened_key, opened = st.session_state.get(_OPENED, ("", {}))
    if opened_key != key:
        recording.refuse("The page was made anew meanwhile. Nothing was changed; try again.")
        return
    given = {name: _value(name) for name in ("amount", "note", "reason", "paid_amount", "paid_on", "decided_on")}
    recording.attempt(lambda by, confirmed: write(by, opened, given, confirmed))


def _today() -> Any:
    return settings.current().today()


def _day(label: str, name: str) -> None:
    st.date_input(label, value=_today(), max_value=_today(), format="YYYY-MM-DD", key=_key(name))


def _plain(amount: Any) -> str:
    return f"{Decimal(amount):f}"


def _approve_form(row: dict[str, Any]) -> None:
    key = str(row["request_key"])

    def write(by: Author, opened: Snapshot, given: dict[str, Any], confirmed: frozenset[str]) -> str:
        actions.approve(
            cached.current(),
            by,
            key,
            opened=opened,
            today=_today(),
            amount=str(given["amount"] or "").strip(),
            decided_on=given["decided_on"],
            note=str(given["note"] or ""),
            confirmed=confirmed,
        )
        return "Approved. It now waits for its payment; “Recent decisions” can undo it."

    with st.form("approve_form", border=False):
        st.text_input(
            f"Amount in {row['currency']}", value=_plain(row["requested_amount"]), max_chars=30, key=_key("amount")
        )
        _day("Decided on", "decided_on")
        st.text_input("Note", max_chars=2_000, key=_key("note"))
        _button("Approve", "approve", key, write)


def _decline_form(row: dict[str, Any]) -> None:
    key = str(row["request_key"])

    def write(by: Author, opened: Snapshot, given: dict[str, Any], confirmed: frozenset[str]) -> str:
        actions.decline(cached.current(), by, key, opened=opened, today=_today(), reason=str(given["reason"] or ""))
        return "Declined. The reason is kept; “Recent decisions” can undo it."

    with st.form("decline_form", border=False):
        st.text_input("Reason", max_chars=2_000, key=_key("reason"))
        _button("Decline", "decline", key, write)


def _pay_form(row: dict[str, Any]) -> None:
    key = str(row["request_key"])

    def write(by: Author, opened: Snapshot, given: dict[str, Any], confirmed: frozenset[str]) -> str:
        actions.mark_paid(
            cached.current(),
            by,
            key,
            opened=opened,
            today=_today(),
            amount=str(given["paid_amount"] or "").strip(),
            paid_on=given["paid_on"],
            confirmed=confirmed,
        )
        return "Recorded as paid."

    with st.form("pay_form", border=False):
        label = f"Paid amount in {row['currency']}"
        st.text_input(label, value=_plain(row["approved_amount"]), max_chars=30, key=_key("paid_amount"))
        _day("Paid on", "paid_on")
        _button("Mark as paid", "pay", key, write)


def decisions() -> None:
    """What was decided, newest first, each with its undo."""
    now = filters.asked()
    found = cached.answer(request_decisions, now.selection, now.scope)
    st.header("Recent decisions", anchor=False)
    recording.tell(recording.UNDO)
    if found.empty:
        page_parts.nothing("Nothing has been decided through the dashboard yet.")
        return
    for row in records(found.head(10)):
        reason = f" ({clipped(str(row['note']), 200)})" if present(row["note"]) else ""
        who = present(row["name"]) or row["request_key"]
        recording.change_line(row, f"{who}: {row['words']}{reason}", may_undo=True)
    with st.expander(f"All recorded decisions ({len(found)})", icon=":material/history:"):
        table_with_download(found, "request_decisions", alt="Decisions, newest first", columns=COLUMNS)


def heading(queue: pd.DataFrame, unpaid: pd.DataFrame) -> None:
    """The finding, and the headline numbers."""
    page_parts.heading(QUESTION, words.finding(queue), words.more(queue))
    page_parts.selection_line("All requests that wait, whatever the filters")
    page_parts.headline_numbers(words.headlines(queue, unpaid, cached.program().currency))
    if SHOWN_REQUEST not in st.query_params:
        recording.tell(recording.FORM)


def queue_of(waiting: str) -> pd.DataFrame:
    """The requests that wait for a decision, or for their payment."""
    now = filters.asked()
    return cached.answer(request_queue, now.selection, now.scope, waiting=waiting)
