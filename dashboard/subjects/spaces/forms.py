"""What the program manager records of spaces: roadmap, challenges and lessons, what is done, coordinators, pilots."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording, row_forms
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access import actions
from data_access.actions import ActionRefused, Author, Snapshot
from data_access.answers import rows
from data_access.contract.space_tables import NOTE_KINDS
from data_access.kept_rows import SPACE, SPACE_NOTE
from data_access.persons.held import find_people
from data_access.questions.spaces.pilots import SpaceCoordinator, SpaceNote, space_coordinators, space_notes_list
from data_access.selection import Role, Selection

_FORM, PLACE = "space", "space"
KINDS = dict(zip(NOTE_KINDS, ("Item of the roadmap", "Challenge", "Lesson", "Verdict on the pilot"), strict=True))
SIDES = {"coordinator_technical": "Technical", "coordinator_community": "Community"}


def record(selection: Selection) -> None:
    """A tab for each thing that can be recorded, and what was."""
    scope = filters.asked().scope
    if scope.role is not Role.PM:
        return
    open_ones = rows(SpaceCoordinator, cached.answer(space_coordinators, selection, scope))
    names = {row.space: row.name for row in open_ones}
    if not names:
        return
    notes = rows(SpaceNote, cached.answer(space_notes_list, selection, scope))
    undone = [row for row in notes if row.done_on is None and row.kind in ("roadmap", "challenge")]
    subjects = [*((SPACE, key) for key in names), *((SPACE_NOTE, row.note_key) for row in undone)]
    st.header("Record something", anchor="record")
    recording.show_outcome(PLACE, recording.UNDO)
    row_forms.open_on(_FORM, subjects)
    tabs = (
        ("Write a note", lambda: _note(subjects, names)),
        ("Done", lambda: _done(subjects, undone)),
        ("Coordinator", lambda: _coordinator(subjects, names)),
        ("Start a pilot", lambda: _pilot(subjects, names)),
    )
    row_forms.choose("", tabs, "space_tabs")
    row_forms.changes([(SPACE, ""), (SPACE_NOTE, "")], may_undo=True, title="Recorded of spaces")


def _space(names: dict[str, str], field: str) -> None:
    st.selectbox(
        "Space",
        list(names),
        index=0 if len(names) == 1 else None,
        placeholder="Choose a space",
        format_func=lambda key: visible(names.get(key) or key),
        key=recording.key(_FORM, field),
    )


def _chosen(field: str) -> str:
    key = row_forms.text(_FORM, field)
    if not key:
        raise ActionRefused("Space: choose one.")
    return key


def _note(subjects: row_forms.Rows, names: dict[str, str]) -> None:
    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        kind = row_forms.text(_FORM, "kind")
        actions.note_of_space(
            cached.current(),
            by,
            _chosen("noted"),
            today=row_forms.today(),
            kind=kind,
            words=row_forms.text(_FORM, "words"),
            noted_on=row_forms.value(_FORM, "noted_on"),
            due_on=row_forms.value(_FORM, "due_on") if kind == "roadmap" else None,
        )
        return "Recorded: the note."

    with st.form("space_note_form", border=False):
        left, right = st.columns(2)
        with left:
            _space(names, "noted")
            row_forms.day(_FORM, "Noted on", "noted_on")
        with right:
            st.selectbox(
                "Kind",
                list(KINDS),
                index=list(KINDS).index("verdict") if row_forms.asked_for() == "verdict" else None,
                placeholder="Choose a kind",
                format_func=KINDS.__getitem__,
                key=recording.key(_FORM, "kind"),
            )
            due = recording.key(_FORM, "due_on")
            st.date_input("Due on, of the roadmap", value=None, format="YYYY-MM-DD", key=due)
        st.text_input("What", max_chars=2_000, key=recording.key(_FORM, "words"))
        row_forms.button(_FORM, "Write the note", "note", subjects, write, PLACE)


def _done(subjects: row_forms.Rows, undone: Sequence[SpaceNote]) -> None:
    if not undone:
        page_parts.nothing("Nothing on a roadmap is left to do, and no challenge is open.")
        return
    listed = {row.note_key: say("{space}: {note}", space=visible(row.name), note=visible(row.note)) for row in undone}

    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        key, day = row_forms.text(_FORM, "finished"), row_forms.value(_FORM, "done_on")
        actions.finish_note(cached.current(), by, key, opened=opened, today=row_forms.today(), done_on=day)
        return "Recorded: it is done."

    with st.form("space_done_form", border=False):
        st.selectbox(
            "What is done",
            list(listed),
            index=None,
            placeholder="Choose from the roadmap or the challenges",
            format_func=lambda key: listed.get(key, key),
            key=recording.key(_FORM, "finished"),
        )
        row_forms.day(_FORM, "Done on", "done_on")
        row_forms.button(_FORM, "Record that it is done", "done", subjects, write, PLACE)


def _coordinator(subjects: row_forms.Rows, names: dict[str, str]) -> None:
    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        person = _person(row_forms.text(_FORM, "person"))
        given = {"side": row_forms.text(_FORM, "side"), "person": person, "note": row_forms.text(_FORM, "note")}
        actions.name_coordinator(cached.current(), by, _chosen("coordinated"), opened=opened, **given)
        return "Recorded: who coordinates." if person else "Recorded: nobody coordinates this side now."

    with st.form("space_coordinator_form", border=False):
        left, right = st.columns(2)
        with left:
            _space(names, "coordinated")
            st.text_input("Person, by key or name; empty: nobody", max_chars=200, key=recording.key(_FORM, "person"))
        with right:
            st.selectbox(
                "Side",
                list(SIDES),
                index=None,
                placeholder="Choose a side",
                format_func=SIDES.__getitem__,
                key=recording.key(_FORM, "side"),
            )
            row_forms.note(_FORM)
        row_forms.button(_FORM, "Name the coordinator", "coordinator", subjects, write, PLACE)


def _person(sought: str) -> str:
    """The key of the one person who is meant; "" for nobody. Raises ActionRefused where it could be several."""
    if not sought:
        return ""
    with cached.current().program.connect() as connection:
        found = find_people(connection, sought)
    keys = [key for key, name in found if sought in (key, name)] or [key for key, _ in found]
    if len(keys) == 1 or sought in keys:
        return sought if sought in keys else keys[0]
    if not keys:
        raise ActionRefused("Person: nobody here has such a key or name.")
    raise ActionRefused(say("Person: several have this name. Write the key of one, such as {key}.", key=keys[0]))


def _pilot(subjects: row_forms.Rows, names: dict[str, str]) -> None:
    def write(by: Author, opened: Snapshot, _: frozenset[str]) -> str:
        given = {"started_on": row_forms.value(_FORM, "started_on"), "days": row_forms.value(_FORM, "days")}
        note, today = row_forms.text(_FORM, "why"), row_forms.today()
        actions.start_pilot(cached.current(), by, _chosen("piloted"), opened=opened, today=today, note=note, **given)
        return "Recorded: the clock of the pilot runs from this day."

    with st.form("space_pilot_form", border=False):
        left, right = st.columns(2)
        with left:
            _space(names, "piloted")
            row_forms.day(_FORM, "Started on", "started_on", future=True)
        with right:
            st.number_input("Days", min_value=1, max_value=1_000, value=90, key=recording.key(_FORM, "days"))
            row_forms.note(_FORM, name="why")
        row_forms.button(_FORM, "Start the pilot", "pilot", subjects, write, PLACE)
