"""Forms for what a partner records about a team, and the undo: written as seen, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording, row_forms
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access import actions
from data_access.actions import Author, Snapshot
from data_access.answers import rows
from data_access.contract.lifecycle import LIFECYCLE, MILESTONE_WORDS, ORDER, RISK_WORDS, stage_title
from data_access.questions.teams.details import TeamChange, TeamMilestone, TeamRisk, team_milestones_list
from data_access.questions.teams.stages import TeamStay

_OPENED = "uplift_team_opened"
OTHER_RISK = "Another risk…"
SEVERITIES = ("low", "medium", "high")

# Given the team's key, its history and its risks.
Form = Callable[[str, Sequence[TeamStay], Sequence[TeamRisk]], None]


def forms(team: str, history: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    """Five small forms for those who may write; the outcome of the last one stands above them."""
    st.header("Record something", anchor="record")
    recording.show_outcome()
    if not recording.author(filters.asked().viewer).may_change(team):
        page_parts.nothing("Only the program manager and this team’s own partner can record changes.")
        return
    st.session_state[_OPENED] = (team, _snapshot(team))
    parts: tuple[tuple[str, Form], ...] = (
        ("Milestone", _milestone_form),
        ("Risk", _risk_form),
        ("Close a risk", _close_form),
        ("Stage", _stage_form),
        ("Coordinator", _coordinator_form),
    )
    titles = [title for title, _ in parts]
    wanted = next((title for title in titles if title.lower() == row_forms.asked_for()), None)
    for tab, (_, form) in zip(st.tabs(titles, default=wanted, key="record_tabs"), parts, strict=True):
        with tab:
            form(team, history, risks)


def _snapshot(team: str) -> Snapshot:
    """What these forms are opened on: of the version that the page shows, or the page runs again."""
    with cached.current().program.connect() as connection:
        found = actions.snapshot(connection, team)
    if cached.current().version() != cached.program_version():
        st.rerun()
    return found


def _key(name: str) -> str:
    return recording.key("team", name)


def _value(name: str) -> Any:
    return st.session_state.get(_key(name))


def _today() -> date:
    return settings.current().today()


def _day(label: str, name: str) -> None:
    st.date_input(label, value=_today(), max_value=_today(), format="YYYY-MM-DD", key=_key(name))


def _button(label: str, name: str, write: Callable[[Author, Snapshot], str], team: str) -> None:
    st.form_submit_button(label, type="primary", key=_key(f"{name}_submit"), on_click=_submit, args=(team, write))


def _submit(team: str, write: Callable[[Author, Snapshot], str]) -> None:
    """Write before the page runs again: against the state that the viewer saw, as the viewer of this moment."""
    opened_team, opened = st.session_state.get(_OPENED, ("", {}))
    if opened_team != team:
        recording.refuse("The page was reloaded in the meantime. Nothing was changed; try again.")
        return
    recording.attempt(lambda by, _: write(by, opened))


def _milestone_form(team: str, history: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    now = filters.asked()
    listed = rows(TeamMilestone, cached.answer(team_milestones_list, now.selection, now.scope, team=team))
    still_open = [row.milestone for row in listed if row.reached_on is None]
    here = history[-1].stage if history else ""
    first = [code for stage in LIFECYCLE if stage.code == here for code in stage.milestones if code in still_open]
    options = first + [code for code in still_open if code not in first]
    if not options:
        page_parts.nothing("Every milestone is reached.")
        return

    def write(by: Author, opened: Snapshot) -> str:
        code = str(_value("milestone") or "")
        given = {"reached_on": _value("reached_on"), "evidence_url": _value("evidence") or "", "note": _value("note")}
        actions.record_milestone(cached.current(), by, team, opened=opened, today=_today(), milestone=code, **given)
        return say("Recorded: milestone “{milestone}”.", milestone=MILESTONE_WORDS.get(code, code))

    with st.form("milestone_form", border=False):
        st.selectbox("Milestone", options, format_func=MILESTONE_WORDS.__getitem__, key=_key("milestone"))
        _day("Reached on", "reached_on")
        st.text_input("Evidence (web address)", placeholder="https://…", max_chars=2_000, key=_key("evidence"))
        st.text_input("Note", max_chars=2_000, key=_key("note"))
        _button("Record the milestone", "milestone", write, team)


def _risk_form(team: str, history: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    here = history[-1].stage if history else ""
    own = [code for stage in LIFECYCLE if stage.code == here for code in stage.risks]
    options = [*own, OTHER_RISK, *(code for code in RISK_WORDS if code not in own)]

    def write(by: Author, opened: Snapshot) -> str:
        chosen = str(_value("risk"))
        words = str(_value("risk_words") or "") if chosen == OTHER_RISK else chosen
        given = {"severity": str(_value("severity") or ""), "raised_on": _value("raised_on")}
        actions.raise_risk(cached.current(), by, team, today=_today(), risk=words, **given)
        return say("Recorded: risk “{risk}”.", risk=RISK_WORDS.get(words, words))

    with st.form("risk_form", border=False):
        st.selectbox("Risk", options, format_func=lambda code: RISK_WORDS.get(code, code), key=_key("risk"))
        own_words = say("In your own words (with “{other}”)", other=OTHER_RISK)
        st.text_input(own_words, max_chars=2_000, key=_key("risk_words"))
        st.segmented_control(
            "Severity", SEVERITIES, default="medium", format_func=str.capitalize, required=True, key=_key("severity")
        )
        _day("Raised on", "raised_on")
        _button("Record the risk", "risk", write, team)


def _close_form(team: str, history: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    words = {row.risk_key: row.words for row in risks if row.closed_on is None}
    if not words:
        page_parts.nothing("No risk is open.")
        return

    def write(by: Author, opened: Snapshot) -> str:
        key = str(_value("close_key"))
        given = {"risk_key": key, "closed_on": _value("closed_on")}
        actions.close_risk(cached.current(), by, team, opened=opened, today=_today(), **given)
        return say("Recorded: risk “{risk}” is closed.", risk=words.get(key, key))

    with st.form("close_form", border=False):
        st.selectbox("Risk", list(words), format_func=lambda key: visible(words[key][:120]), key=_key("close_key"))
        _day("Closed on", "closed_on")
        _button("Close the risk", "close", write, team)


def _stage_form(team: str, history: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    here = history[-1].stage if history else None
    codes = [stage.code for stage in LIFECYCLE]
    reachable = codes if here is None else [codes[place] for place in _reachable(ORDER[here], len(codes))]

    def write(by: Author, opened: Snapshot) -> str:
        code = str(_value("stage"))
        given = {"entered_on": _value("entered_on"), "note": str(_value("stage_note") or "")}
        actions.change_stage(cached.current(), by, team, opened=opened, today=_today(), stage=code, **given)
        return say("Recorded: the team is in “{stage}”.", stage=stage_title(code))

    with st.form("stage_form", border=False):
        st.selectbox("New stage", reachable, format_func=stage_title, key=_key("stage"))
        _day("Entered on", "entered_on")
        st.text_input("Note", max_chars=2_000, key=_key("stage_note"))
        _button("Record the stage", "stage", write, team)


def _reachable(position: int, count: int) -> list[int]:
    """The next stage first, then back, the nearest first."""
    return [*([position + 1] if position + 1 < count else []), *range(position - 1, -1, -1)]


def _coordinator_form(team: str, history: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    sees_names = filters.asked().scope.inside

    def write(by: Author, opened: Snapshot) -> str:
        given = {"person": str(_value("person") or ""), "appointed_on": _value("appointed_on")}
        actions.appoint_coordinator(cached.current(), by, team, opened=opened, today=_today(), **given)
        return "Recorded: the coordinator is appointed."

    with st.form("coordinator_form", border=False):
        label = "Person (key or exact name)" if sees_names else "Person (key)"
        st.text_input(label, max_chars=200, key=_key("person"))
        _day("Appointed on", "appointed_on")
        _button("Appoint the coordinator", "coordinator", write, team)


def recent_changes(found: Sequence[TeamChange], *, with_names: bool) -> None:
    """The newest changes, a line each; those that may be undone have a button."""
    by = recording.author(filters.asked().viewer)
    if with_names:
        recording.show_outcome()
    for row in found:
        team = row.name or row.team
        words = say("{team}: {change}", team=team, change=row.words) if with_names else row.words
        recording.change_line(row, words, may_undo=by.may_change(row.team))
