"""Forms for the register, for the program manager and the board: a new decision, or a change of one that is there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached
from dashboard.parts import page_parts, recording, row_forms
from dashboard.subjects.strategy import words
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.contract.strategy_tables import DECIDED, DONE, PROPOSED, TOPICS
from data_access.imports.rows import clipped
from data_access.kept_rows import DECISION
from data_access.questions.strategy.decisions import RegisteredDecision

_FORM, PLACE = "decision", "decision"
_ROLES_ONLY = "Write roles, such as “board” or “partners”, and no names: outside is told what was decided and when."


def record(found: Sequence[RegisteredDecision]) -> None:
    """A tab for each of the two, and what was recorded."""
    recording.show_outcome(PLACE)
    rows = [(DECISION, row.decision_key) for row in found]
    row_forms.open_on(_FORM, rows)
    tabs = (
        ("Record a decision", lambda: _fields("new", rows, found, None)),
        ("Change a decision", lambda: _change(rows, found)),
    )
    row_forms.choose("", tabs, "decision_tabs")
    row_forms.changes([(DECISION, "")], may_undo=True, title="Recorded of decisions")


def _change(rows: row_forms.Rows, found: Sequence[RegisteredDecision]) -> None:
    if not found:
        page_parts.nothing("There is no decision to change.")
        return
    shown = _named(found)
    chosen = st.selectbox(
        "Decision to change",
        list(shown),
        index=None,
        placeholder="Choose a decision",
        format_func=lambda key: shown.get(key, key),
        key=recording.key(_FORM, "changed"),
    )
    row = next((row for row in found if row.decision_key == chosen), None)
    if row is not None:
        _fields(row.decision_key, rows, found, row)


def _named(found: Sequence[RegisteredDecision]) -> dict[str, str]:
    return {
        row.decision_key: say("{topic}: {what}", topic=row.topic_name, what=visible(clipped(row.what, 80)))
        for row in found
    }


def _fields(
    name: str, rows: row_forms.Rows, found: Sequence[RegisteredDecision], row: RegisteredDecision | None
) -> None:
    """The form of a decision, empty or filled with one that is there."""

    def key(field: str) -> str:
        return recording.key(_FORM, f"{name}_{field}")

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {
            field: row_forms.text(_FORM, f"{name}_{field}") for field in ("topic", "what", "status", "evidence_url")
        }
        actions.record_decision(
            cached.current(),
            by,
            row.decision_key if row else "",
            opened=opened,
            today=row_forms.today(),
            decided_on=None if given["status"] == PROPOSED else row_forms.value(_FORM, f"{name}_decided_on"),
            parts={field: row_forms.text(_FORM, f"{name}_{field}") for field in words.PARTS},
            supersedes=row_forms.text(_FORM, f"{name}_supersedes"),
            note=row_forms.text(_FORM, f"{name}_note"),
            **given,
        )
        return "Recorded: the decision is in the register."

    settled = _named([each for each in found if each.state in (DECIDED, DONE, "superseded") and each is not row])
    replaced = row.supersedes if row else None
    statuses = list(words.STATUSES)
    with st.form(f"decision_{name}_form", border=False):
        st.caption(_ROLES_ONLY)
        topics = list(TOPICS)
        index = topics.index(row.topic) if row else None
        st.selectbox(
            "Topic", topics, index, TOPICS.__getitem__, key=key("topic"), placeholder="Choose what it belongs to"
        )
        st.text_area("Decision, in a sentence", row.what if row else "", max_chars=2_000, key=key("what"), height=80)
        left, right = st.columns(2)
        status = row.state if row and row.state in words.STATUSES else DECIDED
        left.selectbox("Status", statuses, statuses.index(status), words.STATUSES.__getitem__, key=key("status"))
        right.date_input(
            "Decided on; a proposal has no day",
            (row.decided_on or row_forms.today()) if row else row_forms.today(),
            max_value=row_forms.today(),
            format="YYYY-MM-DD",
            key=key("decided_on"),
        )
        for number, (field, label) in enumerate(words.PARTS.items()):
            (left, right)[number % 2].text_input(
                label, (getattr(row, field) or "") if row else "", max_chars=200, key=key(field)
            )
        left.selectbox(
            "Takes the place of",
            list(settled),
            list(settled).index(replaced) if replaced in settled else None,
            lambda each: settled.get(each, each),
            key=key("supersedes"),
            placeholder="No other",
        )
        right.text_input(
            "Papers, a web address", (row.evidence_url or "") if row else "", max_chars=2_000, key=key("evidence_url")
        )
        row_forms.note(_FORM, "Note, for the record of changes", f"{name}_note")
        row_forms.button(_FORM, "Record the decision" if row is None else "Change it", name, rows, write, PLACE)
