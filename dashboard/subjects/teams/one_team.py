"""A team's own view: where it stands, what to do next, what happened, and the forms for those who may write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import aims, behind, page_parts, targets
from dashboard.parts.figures import Opened, Rows, show_figure
from dashboard.parts.page_parts import show
from dashboard.parts.shapes import ACTIVE, Aim
from dashboard.parts.tables import table_with_download
from dashboard.subjects.teams import blocks, charts, export, forms, helpers, panel, signs, tables, words
from dashboard.subjects.teams.guide import guide
from dashboard.subjects.teams.leading import leading
from dashboard.subjects.teams.pathway import pathway
from dashboard.words.periods import during
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access.answers import rows
from data_access.contract.lifecycle import LIFECYCLE
from data_access.questions.teams.board import TeamStanding
from data_access.questions.teams.details import (
    ChangeStep,
    TeamMilestone,
    TeamQuarter,
    TeamRisk,
    team_change_funnel,
    team_growth,
    team_milestones_list,
    team_risks_list,
)
from data_access.questions.teams.newcomers import TeamNewcomer, team_newcomers
from data_access.questions.teams.risks import DetectedRisk, detected_risks
from data_access.questions.teams.stages import TeamStay, team_stage_history
from data_access.selection import Period, Selection


def one_team(standing: TeamStanding, back: Callable[[], None]) -> None:
    """The whole view of a team that is on the board; `back` shows the way to all of them."""
    now, team = filters.asked(), standing.team
    found = cached.answer(team_stage_history, now.selection, now.scope, team=team)
    found_risks = cached.answer(team_risks_list, now.selection, now.scope, team=team)
    history, risks = rows(TeamStay, found), rows(TeamRisk, found_risks)
    page_parts.opened(team)
    page_parts.heading(
        "What must this team do next?", words.team_finding(standing, now.scope), words.team_more(standing)
    )
    back()
    page_parts.selection_line(say("As of {day}", day=now.selection.as_of))
    aimed = targets.today(now.selection, lambda row: aims.scope_of(row.scope) == ("team", team))
    page_parts.headline_numbers(words.team_headlines(standing, risks, aims.running(aimed, "active_contributors")))
    for sentence in words.oddities(history):
        warning = " ".join(("The stage history is out of order.", sentence))
        st.warning(plain(warning), icon=":material/swap_vert:")
    _growth(team, history, aims.lines(aimed, "active_contributors", 1, level=True))
    targets.section(aimed, where=targets.set_on_impact())
    if standing.stage:
        guide(standing.stage)
    _milestones(team, standing.stage)
    _risks(team, risks, found_risks)
    if _of_own(team):
        leading(team)
        pathway(team)
    forms.forms(team, history, risks)
    _funnel(team)
    if history and _of_own(team):
        export.case_study_of(standing.name, team, history, risks)
    if now.scope.inside:
        helpers.who_could_help_here(team, standing.area)
    with st.expander("History of stages", icon=":material/timeline:"):
        table_with_download(
            found if _of_own(team) else found.drop(columns="note"),
            "team_stage_history",
            alt="Stages of the team",
            columns=TeamStay,
            with_keys=False,
            widths=tables.WIDTHS,
        )
    panel.changes(team)


def _growth(team: str, history: Sequence[TeamStay], aims: Sequence[Aim]) -> None:
    now = filters.asked()
    found = cached.answer(team_growth, now.selection, now.scope, team=team)
    quarters = rows(TeamQuarter, found)
    if not history and not quarters:
        page_parts.empty("Nothing is known of this team yet.", "Import its stages and its contributions.")
        return
    if not quarters:
        st.caption("Nobody has contributed to this team yet.")
    picture = charts.growth_picture(quarters, history, now.selection.as_of, page_parts.theme_type(), aims)
    show_figure(picture, key="team_growth", rows=_active_on(team) if now.scope.inside else None)
    with st.expander("Active contributors by quarter", icon=":material/table:"):
        table_with_download(found, "team_growth", alt="Active contributors by quarter", columns=TeamQuarter)


def _active_on(team: str) -> Rows:
    """Who was active in the team on a day."""

    def opened(mark: str) -> Opened:
        day, now = date.fromisoformat(mark), filters.asked()
        on_the_day = Selection(Period(day, day + timedelta(days=1)), as_of=now.selection.as_of, team=(team,))
        return behind.people_of(on_the_day, ACTIVE, say("active on {day}", day=day))

    return opened


def _milestones(team: str, present_stage: str | None) -> None:
    now = filters.asked()
    found = cached.answer(team_milestones_list, now.selection, now.scope, team=team)
    milestones = rows(TeamMilestone, found)
    st.header("Milestones", anchor=False)
    for stage in LIFECYCLE:
        own = [row for row in milestones if row.stage == stage.code]
        done = sum(row.reached_on is not None for row in own)
        with st.expander(
            say("{stage}: {done} of {all}", stage=plain(stage.title), done=done, all=len(own)),
            expanded=stage.code == present_stage,
            icon=":material/check_circle:" if done == len(own) else ":material/radio_button_unchecked:",
        ):
            show(blocks.milestones(own))
    with st.expander("Milestones as a table", icon=":material/table:"):
        table_with_download(
            found if _of_own(team) else found.drop(columns="note"),
            "team_milestones",
            alt="Milestones of the team",
            columns=TeamMilestone,
            with_keys=False,
            widths=tables.WIDTHS,
        )


def _risks(team: str, risks: Sequence[TeamRisk], found: pd.DataFrame) -> None:
    """What somebody recorded and what the data show, side by side."""
    now = filters.asked()
    still = [row for row in risks if row.closed_on is None]
    st.header("Open risks", anchor=False)
    recorded, shown = st.columns(2, gap="medium") if _of_own(team) else (st.container(), None)
    with recorded:
        if shown:
            st.subheader("Recorded", anchor=False)
        if still:
            show(blocks.open_risks(still))
        else:
            page_parts.nothing("No risk is open.")
    if shown:
        detected = cached.answer(detected_risks, now.selection, now.scope, team=team)
        with shown:
            st.subheader("In the data", anchor=False)
            if detected.empty:
                page_parts.nothing("The data show none of the risks that they can show.")
            else:
                show(blocks.detected(rows(DetectedRisk, detected)))
        if not detected.empty:
            with st.expander("Risks in the data as a table", icon=":material/table:"):
                table_with_download(
                    signs.in_words(rows(DetectedRisk, detected)),
                    "detected_risks",
                    alt="Risks of the team that the data show",
                    columns=signs.RiskInWords,
                    with_keys=False,
                )
    if risks:
        with st.expander("All recorded risks as a table", icon=":material/table:"):
            table_with_download(found, "team_risks", alt="Risks of the team", columns=TeamRisk, with_keys=False)


def _of_own(team: str) -> bool:
    """Whether the viewer may know the team’s people exactly."""
    scope = filters.asked().scope
    return scope.inside or team in scope.teams


def _funnel(team: str) -> None:
    now = filters.asked()
    funnel = rows(ChangeStep, cached.answer(team_change_funnel, now.selection, now.scope, team=team))
    st.header("Newcomers before and after each change of stage", anchor=False)
    if not funnel:
        page_parts.nothing("The team has not changed its stage yet, or not long enough ago.")
        return
    if not all(row.closed for row in funnel):
        st.caption("Hatched: the conversion window is still open, so the numbers can grow.")

    def newcomers(mark: str) -> Opened:
        step, first, last = mark.split(".")
        came = Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        asked = Selection(came, now.selection.as_of)
        found = cached.answer(team_newcomers, asked, now.scope, team=team, step=step)
        return behind.people_listed(
            found, TeamNewcomer, say("{step}, first here {during}", step=step, during=during(came))
        )

    picture = charts.funnel_picture(funnel, page_parts.theme_type())
    show_figure(picture, key="team_funnel", rows=newcomers if now.scope.inside else None)
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table_with_download(
            tables.changes_in_words(funnel),
            "team_change_funnel",
            alt="Newcomers around changes of stage",
            columns=tables.ChangeInWords,
        )
