"""Disputes for the program manager and the board: opened, taken through the runbook, closed with an outcome."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached
from dashboard.parts import page_parts, recording, row_forms
from dashboard.words import numbers
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.contract.runbook import STEPS
from data_access.kept_rows import DISPUTE, DISPUTE_STEP
from data_access.questions.members.conduct import ListedDispute

_FORM, PLACE = "dispute", "dispute"
_UNDONE = [(DISPUTE, ""), (DISPUTE_STEP, "")]


def forms(listed: Sequence[ListedDispute]) -> None:
    """A tab for each thing that can be recorded, and what was."""
    recording.show_outcome(PLACE)
    rows = [(DISPUTE, row.dispute_key) for row in listed]
    rows += [(DISPUTE_STEP, f"{row.dispute_key}/{step}") for row in listed for step in STEPS]
    row_forms.open_on(_FORM, rows)
    running = [row for row in listed if row.closed_on is None]
    tabs = (
        ("Open a dispute", lambda: _open_form(rows)),
        ("Step of the runbook", lambda: _step_form(rows, [row for row in listed if row.next_step])),
        ("Close a dispute", lambda: _close_form(rows, running)),
    )
    row_forms.choose("", tabs, "dispute_tabs")
    row_forms.changes(_UNDONE, may_undo=True, title="Recorded of disputes")


def _named(row: ListedDispute) -> str:
    return say("{kind}, opened {day}", kind=visible(row.kind), day=numbers.short_day(row.opened_on))


def _choose(listed: Sequence[ListedDispute], name: str) -> None:
    shown = {row.dispute_key: _named(row) for row in listed}
    st.selectbox(
        "Dispute",
        list(shown),
        index=None,
        placeholder="Choose a dispute",
        format_func=lambda key: shown.get(key, key),
        key=recording.key(_FORM, name),
    )


def _open_form(rows: row_forms.Rows) -> None:
    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {"kind": row_forms.text(_FORM, "kind"), "note": row_forms.text(_FORM, "note")}
        day = row_forms.value(_FORM, "opened_on")
        actions.open_dispute(cached.current(), by, today=row_forms.today(), opened_on=day, **given)
        return "Recorded: the dispute is open. The runbook names the next step."

    with st.form("dispute_open_form", border=False):
        st.text_input("About, in a word or two", max_chars=100, key=recording.key(_FORM, "kind"))
        row_forms.day(_FORM, "Opened on", "opened_on")
        row_forms.note(_FORM)
        row_forms.button(_FORM, "Open the dispute", "open", rows, write, PLACE)


def _step_form(rows: row_forms.Rows, listed: Sequence[ListedDispute]) -> None:
    if not listed:
        page_parts.nothing("No dispute has a step left.")
        return

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {"step": row_forms.text(_FORM, "step"), "done_on": row_forms.value(_FORM, "done_on")}
        dispute = row_forms.text(_FORM, "stepped")
        actions.do_step(cached.current(), by, dispute, opened=opened, today=row_forms.today(), **given)
        return "Recorded: the step is done."

    with st.form("dispute_step_form", border=False):
        _choose(listed, "stepped")
        st.selectbox(
            "Step",
            list(STEPS),
            index=None,
            placeholder="Choose what was done",
            format_func=STEPS.__getitem__,
            key=recording.key(_FORM, "step"),
        )
        row_forms.day(_FORM, "Done on", "done_on")
        row_forms.button(_FORM, "Record the step", "step", rows, write, PLACE)


def _close_form(rows: row_forms.Rows, running: Sequence[ListedDispute]) -> None:
    if not running:
        page_parts.nothing("No dispute is open.")
        return

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {"outcome": row_forms.text(_FORM, "outcome"), "closed_on": row_forms.value(_FORM, "closed_on")}
        dispute = row_forms.text(_FORM, "closed")
        actions.close_dispute(cached.current(), by, dispute, opened=opened, today=row_forms.today(), **given)
        return "Recorded: the dispute is closed."

    with st.form("dispute_close_form", border=False):
        _choose(running, "closed")
        st.text_input("Outcome", max_chars=2_000, key=recording.key(_FORM, "outcome"))
        row_forms.day(_FORM, "Closed on", "closed_on")
        row_forms.button(_FORM, "Close the dispute", "close", rows, write, PLACE)
