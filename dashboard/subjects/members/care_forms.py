"""The program manager's forms about care: thanks that were given, trainings that were held, and who came to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording, row_forms
from dashboard.subjects.members import care_words, words
from dashboard.words import numbers
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.kept_rows import ATTENDANCE, THANKS, TRAINING
from data_access.questions.members.thanking import WaitsForThanks
from data_access.questions.members.trainings import TrainingEffect
from data_access.selection import Role

_THANK, _TRAINING, _CAME = "thank", "training", "came"
_WAITS = "uplift_waits_for_thanks"
PLACE = "care"


def may_record() -> bool:
    """Whether the viewer is the program manager."""
    return filters.asked().scope.role is Role.PM


def choose_waiting(found: Sequence[WaitsForThanks]) -> None:
    """Take the row that was selected in the table to the form."""
    rows = st.session_state["table_thanks_waiting"].selection.rows
    if rows and rows[0] < len(found):
        st.session_state[_WAITS] = _key(found[rows[0]])


def _key(row: WaitsForThanks) -> str:
    return actions.thanks_key(row.person_key, row.what, row.on)


def thank(found: Sequence[WaitsForThanks]) -> None:
    """That somebody was thanked: for the row that was selected, or chosen here."""
    recording.show_outcome(PLACE)
    waiting = {_key(row): row for row in found}
    if st.session_state.get(_WAITS) not in waiting:
        st.session_state[_WAITS] = None
    chosen = st.selectbox(
        "Who was thanked: select a row above, or choose",
        list(waiting),
        format_func=lambda key: _named(waiting[key]) if key in waiting else key,
        placeholder="Choose whom and for what",
        key=_WAITS,
    )
    if chosen in waiting:
        _thank_form(waiting[chosen])
    row_forms.changes([(THANKS, "")], may_undo=True, title="Thanks that were recorded")


def _named(row: WaitsForThanks) -> str:
    named = {
        "name": visible(row.name or row.person_key),
        "what": words.THANKS[row.what],
        "day": numbers.short_day(row.on),
    }
    if row.detail:
        return say("{name}: {what} ({detail}), {day}", detail=visible(row.detail), **named)
    return say("{name}: {what}, {day}", **named)


def _thank_form(row: WaitsForThanks) -> None:
    subjects = [(THANKS, _key(row))]
    row_forms.open_on(_THANK, subjects)

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        actions.thank(
            cached.current(),
            by,
            row.person_key,
            opened=opened,
            today=row_forms.today(),
            occasion=row.what,
            occasion_on=row.on,
            given_on=row_forms.value(_THANK, "given_on"),
            how=row_forms.text(_THANK, "how"),
        )
        return "Recorded: thanks were given."

    with st.form("thank_form", border=False):
        left, right = st.columns(2)
        with left:
            row_forms.day(_THANK, "Thanked on", "given_on")
        with right:
            st.text_input("How", max_chars=500, key=recording.key(_THANK, "how"))
        row_forms.button(_THANK, "Thanked", "thank", subjects, write, PLACE)


def training(held: Sequence[TrainingEffect], cohorts: Mapping[str, str]) -> None:
    """A training that was held, and who came to one; `cohorts`: names by key."""
    recording.show_outcome(PLACE)
    tabs = (
        ("Who came", lambda: _attendance(held)),
        ("Record a training", lambda: _training_form(held, cohorts)),
    )
    row_forms.choose("", tabs, "training_tabs")
    row_forms.changes([(TRAINING, ""), (ATTENDANCE, "")], may_undo=True, title="Recorded of trainings")


def _training_form(held: Sequence[TrainingEffect], cohorts: Mapping[str, str]) -> None:
    subjects = [(TRAINING, row.training_key) for row in held[:20] if row.training_key]
    row_forms.open_on(_TRAINING, subjects)

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {name: row_forms.text(_TRAINING, name) for name in ("title", "kind", "cohort", "note")}
        day = row_forms.value(_TRAINING, "held_on")
        actions.record_training(cached.current(), by, opened=opened, today=row_forms.today(), held_on=day, **given)
        return "Recorded: the training was held. Say who came."

    with st.form("training_form", border=False):
        st.text_input("Title", max_chars=200, key=recording.key(_TRAINING, "title"))
        left, right = st.columns(2)
        with left:
            st.selectbox(
                "Kind",
                list(care_words.KINDS),
                index=None,
                placeholder="Choose a kind",
                format_func=care_words.KINDS.__getitem__,
                key=recording.key(_TRAINING, "kind"),
            )
            row_forms.day(_TRAINING, "Held on", "held_on")
        with right:
            st.selectbox(
                "Cohort, if it was for one",
                list(cohorts),
                index=None,
                placeholder="Open to all members",
                format_func=lambda key: visible(cohorts.get(key, key)),
                key=recording.key(_TRAINING, "cohort"),
            )
            row_forms.note(_TRAINING)
        row_forms.button(_TRAINING, "Record the training", "training", subjects, write, PLACE)


def _attendance(held: Sequence[TrainingEffect]) -> None:
    listed = {row.training_key: row for row in held if row.training_key}
    if not listed:
        page_parts.nothing("No training is recorded.")
        return
    chosen = st.selectbox(
        "Training",
        list(listed),
        index=None,
        placeholder="Choose a training",
        format_func=lambda key: _titled(listed[key]) if key in listed else key,
        key="training_chosen",
    )
    if chosen:
        _attendance_form(chosen)


def _titled(row: TrainingEffect) -> str:
    day = numbers.short_day(row.held_on) if row.held_on else ""
    return say("{title}, {day}", title=visible(row.title or ""), day=day)


def _attendance_form(key: str) -> None:
    with cached.current().program.connect() as connection:
        found = actions.training_people(connection, key, row_forms.today())
    if not found:
        page_parts.nothing("Nobody was accepted into its cohort, and no member is here who could have come.")
        return
    subjects = actions.attendance_rows(key, found)
    row_forms.open_on(_CAME, subjects)
    names = {person.person_key: visible(person.name) for person in found}

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        chosen = {name: row_forms.value(_CAME, f"{name}_{key}") or [] for name in ("came", "absent")}
        actions.record_attendance(cached.current(), by, key, opened=opened, **chosen)
        return "Recorded: who came to the training."

    with st.form("attendance_form", border=False):
        for name, label, attended in (("came", "Came", True), ("absent", "Were asked, and did not come", False)):
            st.multiselect(
                label,
                list(names),
                default=[person.person_key for person in found if person.attended is attended],
                format_func=lambda person: names.get(person, person),
                key=recording.key(_CAME, f"{name}_{key}"),
            )
        row_forms.button(_CAME, "Record who came", "came", subjects, write, PLACE)
