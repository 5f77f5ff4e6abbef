"""The case study of a team as a file to take along."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts.documents import Paper
from dashboard.parts.downloads import download_button
from dashboard.subjects.teams.case_study import TeamStory, case_study
from data_access.answers import rows
from data_access.database.engine import NoReleaseError
from data_access.questions.teams.details import (
    ChangeStep,
    TeamMilestone,
    TeamQuarter,
    TeamRisk,
    team_change_funnel,
    team_growth,
    team_milestones_list,
)
from data_access.questions.teams.stages import TeamStay
from data_access.selection import Role, Scope

FILE = "case_study.{}"


def case_study_of(name: str, team: str, stays: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> None:
    """Offers the case study of a team that has a stage."""
    st.header("Case study", anchor=False)
    st.caption(
        "What happened, what changed at each change of stage, what helped and which risks were met, written from the "
        "team’s own data for readers outside: people in ranges, as released; no names, no notes."
    )

    def made() -> Paper:
        return case_study(_story(name, team, stays, risks))

    with st.container(horizontal=True, gap="small"):
        download_button(
            "Case study as a page", lambda: made().as_html(), FILE.format("html"), "text/html", "case_study_html"
        )
        download_button(
            "Case study as Markdown", lambda: made().as_markdown(), FILE.format("md"), "text/markdown", "case_study_md"
        )


def _story(name: str, team: str, stays: Sequence[TeamStay], risks: Sequence[TeamRisk]) -> TeamStory:
    now = filters.asked()
    milestones = cached.answer(team_milestones_list, now.selection, now.scope, team=team)
    # Whoever saves it: what is told of people is what somebody outside is told.
    outside = Scope(Role.LEADERSHIP, min_group_size=now.scope.min_group_size)
    try:
        funnel = rows(ChangeStep, cached.answer(team_change_funnel, now.selection, outside, team=team))
        quarters = rows(TeamQuarter, cached.answer(team_growth, now.selection, outside, team=team))
    except NoReleaseError:
        funnel, quarters = [], []
    return TeamStory(
        name=name,
        program=cached.program(now.scope).name,
        as_of=now.selection.as_of,
        stays=stays,
        milestones=rows(TeamMilestone, milestones),
        risks=risks,
        funnel=funnel,
        quarters=quarters,
    )
