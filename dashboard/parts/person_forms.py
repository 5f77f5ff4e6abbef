"""The program manager's forms about one person: the application's next step, grace, the end of a membership, return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import recording, row_forms
from dashboard.words.sentences import Counted, say
from dashboard.words.text import plain
from data_access import actions, answers
from data_access.actions import Author, PersonRows, Snapshot
from data_access.questions.members.missed import MissedRun, missed_in_a_row
from data_access.selection import Selection

_FORM = "person_record"
MISSED = Counted("{n} quarter was missed in a row", "{n} quarters were missed in a row")
REASONS = {
    "below_floor": "Dropped: below the floor",
    "left": "Left",
    "hired": "Hired",
    "completed": "Completed",
    "conduct": "Conduct",
}
DECISIONS = {"accepted": "Accept", "declined": "Decline", "withdrawn": "Was withdrawn"}
# Given who writes, what the form was opened on and what has been confirmed.
Act = Callable[[Author, Snapshot, frozenset[str]], int]


def forms(key: str) -> PersonRows | None:
    """The forms for what can be recorded next about the person, and what was; None for who is not known."""
    with cached.current().program.connect() as connection:
        found = actions.person_rows(connection, key)
    if found is None:
        return None
    row_forms.open_on(_FORM, found.subjects)
    tabs = [
        (say(title, cohort=plain(row["cohort"] or row["cohort_key"])), _step_form(found, row))
        for row in found.applications
        if (title := _next_step(row))
    ]
    undecided = [row for row in found.applications if row["decision"] in (None, "pending")]
    tabs += [(say("Reviews ({cohort})", cohort=plain(row["cohort"])), _reviews(found, row)) for row in undecided]
    present = [row for row in found.memberships if row["ended_on"] is None]
    for row in present:
        tabs += [("Grace", _grace_form(found, row)), ("End the membership", _end_form(found, row))]
    if found.memberships and not present:
        tabs.append(("Take back as a member", _return_form(found, found.memberships[0])))
    tabs.append(("Code of conduct", lambda: _conduct(found)))
    row_forms.choose("Nothing can be recorded: no application waits, and there was no membership.", tabs, "person_tabs")
    row_forms.changes(found.subjects, may_undo=True)
    return found


def _next_step(row: dict[str, Any]) -> str:
    """The title of an application's next step; "" where it waits for nothing."""
    if row["graduated_on"] or row["decision"] in ("declined", "withdrawn"):
        return ""
    if row["trained_on"]:
        return "Graduation ({cohort})"
    if row["decision"] == "accepted":
        return "Training ({cohort})"
    return "Decision ({cohort})" if row["evaluated_on"] else "Evaluation ({cohort})"


def _button(found: PersonRows, label: str, name: str, act: Act, done: str) -> None:
    def write(by: Author, opened: Snapshot, confirmed: frozenset[str]) -> str:
        act(by, opened, confirmed)
        return done

    row_forms.button(_FORM, label, name, found.subjects, write)


def _step_form(found: PersonRows, row: dict[str, Any]) -> Callable[[], None]:
    """The form of an application's next step."""
    if row["trained_on"]:
        return lambda: _graduation(found, row["application_key"])
    if row["decision"] == "accepted":
        return lambda: _training(found, row["application_key"])
    if row["evaluated_on"]:
        return lambda: _decision(found, row["application_key"])
    return lambda: _evaluation(found, row["application_key"])


def _given(key: str, *names: str) -> dict[str, Any]:
    """The fields of a form about the row of this key, the day of recording with them."""
    values = {name: row_forms.value(_FORM, f"{key}_{name}") for name in names}
    return {**values, "note": row_forms.text(_FORM, f"{key}_note"), "today": row_forms.today()}


def _evaluation(found: PersonRows, key: str) -> None:
    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        return actions.evaluate(cached.current(), by, key, opened=opened, **_given(key, "score", "evaluated_on"))

    with st.form(f"evaluation_{key}", border=False):
        st.text_input("Score, if one was given", max_chars=20, key=recording.key(_FORM, f"{key}_score"))
        row_forms.day(_FORM, "Evaluated on", f"{key}_evaluated_on")
        row_forms.note(_FORM, name=f"{key}_note")
        _button(found, "Record the evaluation", f"evaluation_{key}", act, "Recorded: the application is evaluated.")


def _decision(found: PersonRows, key: str) -> None:
    def act(by: Author, opened: Snapshot, confirmed: frozenset[str]) -> int:
        given = _given(key, "decision", "decided_on")
        return actions.decide(cached.current(), by, key, opened=opened, confirmed=confirmed, **given)

    with st.form(f"decision_{key}", border=False):
        st.selectbox(
            "Decision",
            list(DECISIONS),
            index=None,
            format_func=DECISIONS.__getitem__,
            placeholder="Choose a decision",
            key=recording.key(_FORM, f"{key}_decision"),
        )
        row_forms.day(_FORM, "Decided on", f"{key}_decided_on")
        row_forms.note(_FORM, "Reason (needed to decline)", f"{key}_note")
        _button(found, "Record the decision", f"decision_{key}", act, "Recorded: the application is decided.")


def _reviews(found: PersonRows, row: dict[str, Any]) -> Callable[[], None]:
    """What its reviewers say, and the form for one more: with a score it is a review, without one it is asked for."""
    key = row["application_key"]
    own = [each for each in found.reviews if each["application_key"] == key]

    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        given = _given(f"review_{key}", "reviewer", "score", "on")
        about = {"opened": opened, "today": given["today"], "note": given["note"]}
        about["reviewer"] = str(given["reviewer"] or "").strip()
        if str(given["score"] or "").strip():
            score, day = given["score"], given["on"]
            return actions.review(cached.current(), by, key, score=score, reviewed_on=day, **about)
        return actions.ask_for_review(cached.current(), by, key, assigned_on=given["on"], **about)

    def form() -> None:
        for each in own:
            said = {"reviewer": plain(each["reviewer"])}
            if each["reviewed_on"]:
                done = "{reviewer}: {score} on {day}"
                st.caption(say(done, score=f"{each['score']:g}", day=each["reviewed_on"], **said))
            else:
                st.caption(say("{reviewer}: asked on {day}", day=each["assigned_on"], **said))
        with st.form(f"review_{key}", border=False):
            left, right = st.columns(2)
            with left:
                name = recording.key(_FORM, f"review_{key}_reviewer")
                st.text_input("Reviewer", max_chars=200, key=name)
                row_forms.day(_FORM, "On", f"review_{key}_on")
            with right:
                name = recording.key(_FORM, f"review_{key}_score")
                st.text_input("Score; empty: the review is asked for", max_chars=20, key=name)
                row_forms.note(_FORM, name=f"review_{key}_note")
            _button(found, "Record the review", f"review_{key}", act, "Recorded: the review.")

    return form


def _training(found: PersonRows, key: str) -> None:
    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        return actions.train(cached.current(), by, key, opened=opened, **_given(key, "trained_on"))

    with st.form(f"training_{key}", border=False):
        row_forms.day(_FORM, "Trained on", f"{key}_trained_on")
        row_forms.note(_FORM, name=f"{key}_note")
        _button(found, "Record the training", f"training_{key}", act, "Recorded: the training is done.")


def _graduation(found: PersonRows, key: str) -> None:
    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        given = _given(key, "graduated_on", "member_from")
        return actions.graduate(cached.current(), by, key, opened=opened, **given)

    with st.form(f"graduation_{key}", border=False):
        left, right = st.columns(2)
        with left:
            row_forms.day(_FORM, "Graduated on", f"{key}_graduated_on")
        with right:
            row_forms.day(_FORM, "Member from", f"{key}_member_from")
        row_forms.note(_FORM, name=f"{key}_note")
        _button(found, "Record the graduation", f"graduation_{key}", act, "Recorded: graduated, and a member.")


def _grace_form(found: PersonRows, row: dict[str, Any]) -> Callable[[], None]:
    key = row["membership_key"]

    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        return actions.give_grace(cached.current(), by, key, opened=opened, **_given(key, "starts_on", "ends_on"))

    def form() -> None:
        _missed(found.key)
        with st.form(f"grace_{key}", border=False):
            left, right = st.columns(2)
            with left:
                row_forms.day(_FORM, "From", f"{key}_starts_on")
            with right:
                row_forms.day(_FORM, "To, the last day", f"{key}_ends_on", future=True)
            row_forms.note(_FORM, "Reason", f"{key}_note")
            _button(found, "Give grace", f"grace_{key}", act, "Recorded: the quarters of these days are of grace.")

    return form


def _end_form(found: PersonRows, row: dict[str, Any]) -> Callable[[], None]:
    key = row["membership_key"]

    def act(by: Author, opened: Snapshot, confirmed: frozenset[str]) -> int:
        given = _given(f"end_{key}", "reason", "ended_on", "hired_by")
        given["hired_by"] = str(given["hired_by"] or "").strip()
        return actions.end_membership(cached.current(), by, key, opened=opened, confirmed=confirmed, **given)

    def form() -> None:
        _missed(found.key)
        with st.form(f"end_{key}", border=False):
            st.selectbox(
                "Why it ends",
                list(REASONS),
                index=None,
                format_func=REASONS.__getitem__,
                placeholder="Choose a reason",
                key=recording.key(_FORM, f"end_{key}_reason"),
            )
            row_forms.day(_FORM, "Last day", f"end_{key}_ended_on")
            st.text_input("Hired by, if hired", max_chars=200, key=recording.key(_FORM, f"end_{key}_hired_by"))
            row_forms.note(_FORM, name=f"end_{key}_note")
            _button(found, "End the membership", f"end_{key}", act, "Recorded: the membership has ended.")

    return form


def _return_form(found: PersonRows, row: dict[str, Any]) -> Callable[[], None]:
    key = row["membership_key"]

    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        given = _given(f"return_{key}", "started_on")
        return actions.take_back(cached.current(), by, key, opened=opened, **given)

    def form() -> None:
        with st.form(f"return_{key}", border=False):
            row_forms.day(_FORM, "Member again from", f"return_{key}_started_on")
            row_forms.note(_FORM, name=f"return_{key}_note")
            _button(found, "Take back as a member", f"return_{key}", act, "Recorded: a member again.")

    return form


def _conduct(found: PersonRows) -> None:
    def act(by: Author, opened: Snapshot, _: frozenset[str]) -> int:
        given = _given("code", "accepted_on") | {"version": row_forms.text(_FORM, "code_version")}
        return actions.accept_code(cached.current(), by, found.key, opened=opened, **given)

    said = "Accepted so far: version {version}." if found.accepted else "No acceptance is recorded."
    st.caption(plain(say(said, version=found.accepted or "")))
    with st.form("code_form", border=False):
        st.text_input("Version that was accepted", max_chars=60, key=recording.key(_FORM, "code_version"))
        row_forms.day(_FORM, "Accepted on", "code_accepted_on")
        row_forms.note(_FORM, name="code_note")
        _button(found, "Record the acceptance", "code", act, "Recorded: the code of conduct is accepted.")


def _missed(person: str) -> None:
    """The run of missed quarters, beside what it is a reason for."""
    now = filters.asked()
    selection = Selection(as_of=row_forms.today())
    for run in answers.rows(MissedRun, cached.answer(missed_in_a_row, selection, now.scope, person=person)):
        st.caption(say("{missed}, since {day}.", missed=MISSED(run.missed), day=run.first_missed))
        return
    st.caption("No quarter in a row was missed.")
