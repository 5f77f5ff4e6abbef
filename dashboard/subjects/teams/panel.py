"""The Teams page's parts: the board, the lists to act on, one team's own view, transitions, circles, recent changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.figures import show_figure
from dashboard.parts.page_parts import show
from dashboard.parts.tables import table_with_download
from dashboard.subjects.teams import blocks, charts, forms
from dashboard.subjects.teams import words as teams_words
from dashboard.subjects.teams.words import Card, present
from dashboard.words import numbers
from dashboard.words.text import counted, plain
from data_access.contract.lifecycle import LIFECYCLE, STAGE
from data_access.imports.rows import clipped
from data_access.questions.frames import records
from data_access.questions.teams.circles import UNNAMED, circle_links, leadership_circles
from data_access.questions.teams.details import (
    team_change_funnel,
    team_changes,
    team_growth,
    team_milestones_list,
    team_risks_list,
)
from data_access.questions.teams.stages import team_stage_history
from data_access.selection import Role

SHOWN_TEAM = "show_team"
MOST_CARDS = 15
COLUMNS: dict[str, Any] = {
    "team": None,  # the key says nothing that the name does not; the download has it
    "name": st.column_config.TextColumn("Team", width=170),
    "title": st.column_config.TextColumn("Stage", width=225),
    "days_in_stage": st.column_config.NumberColumn("Days in stage", format="localized", width=105),
    "state": st.column_config.TextColumn("State", width=120),
    "measure": st.column_config.TextColumn("Exit measure", width=480),
    "milestones_done": st.column_config.NumberColumn("Milestones", width="small"),
    "milestones_total": st.column_config.NumberColumn("of", width="small"),
    "open_risks": st.column_config.NumberColumn("Open risks", width="small"),
    "partner": "Partner",
    "move": st.column_config.TextColumn("Move", width="large"),
    "moved_on": st.column_config.DateColumn("Moved on", format="D MMM YYYY"),
    "days": st.column_config.NumberColumn("Days in the stage left", format="localized", width="small"),
    "entered_on": st.column_config.DateColumn("Entered on", format="D MMM YYYY"),
    "left_on": st.column_config.DateColumn("Left on", format="D MMM YYYY"),
    "reached_on": st.column_config.DateColumn("Reached on", format="D MMM YYYY"),
    "happened_at": st.column_config.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
    "people": st.column_config.Column("People"),
}


def shown_team(board: pd.DataFrame) -> dict[str, Any] | None:
    """The board's row of the team that the address names, if it names one that is on the board."""
    asked = st.query_params.get(SHOWN_TEAM, "")
    if not asked:
        return None
    for row in teams_words.rows_of(board, filters.asked().scope):
        if row["team"] == asked:
            return row
    st.warning(plain(f"The link’s team was left out: there is no team “{asked[:60]}”."), icon=":material/link_off:")
    return None


def _show(team: str) -> None:
    st.query_params[SHOWN_TEAM] = team


def _show_all() -> None:
    st.query_params.pop(SHOWN_TEAM, None)


def _show_row(table: str, keys: Sequence[str]) -> None:
    rows = st.session_state[f"table_{table}"].selection.rows
    if rows:
        _show(keys[rows[0]])


def no_teams() -> None:
    """The empty page: no teams at all, or none that the filters leave."""
    now = filters.asked()
    narrowed = bool(now.selection.team or now.selection.area)
    page_parts.heading("What must each team do next?", "There are no teams to show.")
    page_parts.selection_line(teams_words.as_of_words(now.selection, now.names))
    if narrowed:
        page_parts.empty("No team matches the filters.", "Clear the filters.", "Clear the filters", filters.reset)
    else:
        advice = "Import `teams` and `team_stages` on the Data page, or with `uplift import`."
        page_parts.empty("No teams have been imported.", advice)


def board(cards: list[Card], without_stage: list[tuple[str, str]]) -> None:
    """Five columns, a card a team; on a phone one below the other. Teams (key, name) without a stage stand below."""
    for column, stage in zip(st.columns(len(LIFECYCLE), gap="small"), LIFECYCLE, strict=True):
        here = [card for card in cards if card.stage == stage.code]
        with column:
            show(blocks.stage(stage.title, len(here), stage.learning_state))
            for card in here[:MOST_CARDS]:
                _card(card)
            if len(here) > MOST_CARDS:
                st.caption(f"{len(here) - MOST_CARDS} more: see the list below.")
            if not here:
                page_parts.nothing("No team is in this stage.")
    if without_stage:
        st.caption("No stage is recorded for:")
        with st.container(horizontal=True, gap="small"):
            for team, name in without_stage[:MOST_CARDS]:
                _open_button(team, name)


def _open_button(team: str, name: str, **look: Any) -> None:
    st.button(plain(clipped(name)), type="tertiary", key=f"open_{team}", on_click=_show, args=(team,), **look)


def _card(card: Card) -> None:
    with st.container(border=True, gap="xsmall", key=f"card_{card.team}"):
        _open_button(card.team, card.name, width="stretch")
        show(blocks.card(card))


def lists(found: pd.DataFrame, moves: pd.DataFrame) -> None:
    """Exit measures not yet met, teams ready to move, moves that came too early."""
    scope = filters.asked().scope
    unmet = teams_words.unmet(found, scope)
    st.header("Exit measures not yet met", anchor=False)
    st.caption("Longest in its stage first. Select a row to open the team.")
    _teams_table(unmet, "teams_unmet", "Teams whose exit measure is not met yet")
    ready = teams_words.ready_to_move(found)
    st.header("Ready to move on", anchor=False)
    if ready.empty:
        page_parts.nothing("No team has met the exit measure of its stage.")
    else:
        rows = [{**row, "measure": teams_words.measure_words(row)} for row in teams_words.rows_of(ready, scope)]
        wanted = ["team", "name", "title", "days_in_stage", "measure", "partner"]
        _teams_table(pd.DataFrame(rows)[wanted], "teams_ready", "Teams that are ready to move on")
    early = teams_words.early_moves(moves, scope)
    untold = teams_words.untold_moves(moves)
    with st.expander(f"Moved too early ({len(early)})", icon=":material/fast_forward:"):
        if untold:
            st.caption(f"Of {counted(untold, 'more move')} it cannot be told.")
        if early.empty:
            page_parts.nothing("Every move came after its exit measure was met, as far as can be told.")
        else:
            _teams_table(early, "teams_early", "Moves before the exit measure was met")


def _teams_table(table: pd.DataFrame, name: str, alt: str) -> None:
    shown = [str(column) for column in table.columns if column != "team"]
    keys = list(table["team"])
    table_with_download(table, name, alt=alt, columns=COLUMNS, shown=shown, on_select=lambda: _show_row(name, keys))


def transitions(found: pd.DataFrame, board: pd.DataFrame) -> None:
    """How long stages take, and where each team stands against that."""
    st.header("How long does each stage take?", anchor=False)
    if not found["teams"].sum():
        page_parts.nothing("No stages are recorded yet.")
        return
    st.caption(
        "Stroke: half of the teams have moved on (Kaplan–Meier). Grey: from a quarter to three quarters. "
        "Dots: teams in the stage now; ▲ stalled."
    )
    show_figure(charts.transitions_picture(found, board, page_parts.theme_type()), key="team_transitions")
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table_with_download(found, "team_transitions", alt="Times from stage to stage", columns=COLUMNS)


def circles() -> None:
    """Circles of organizers with mentors and mentees: a network for the PM, sizes for everybody else."""
    now = filters.asked()
    found = cached.answer(leadership_circles, now.selection, now.scope)
    st.header("Leadership circles", anchor=False)
    if found.empty:
        page_parts.nothing("No circle is large enough to be shown, or none is recorded.")
        return
    theme_type = page_parts.theme_type()
    if now.scope.role is not Role.PM:
        found = found[found["circle"] != UNNAMED]
        show_figure(charts.sizes_picture(found, theme_type), key="circle_sizes")
    else:
        links = cached.answer(circle_links, now.selection, now.scope)
        mentoring = found[(found["people"] > found["organizers_only"]) & (found["circle"] != UNNAMED)]["circle"]
        drawn = list(mentoring)[: charts.MOST_CIRCLES]
        st.caption(f"The {len(drawn)} largest circles with mentors; lines lead from a mentor to a mentee.")
        if drawn:
            show_figure(charts.circles_picture(links, drawn, theme_type), key="circle_network")
        with st.expander("Who is in which circle", icon=":material/groups:"):
            table_with_download(links, "circle_links", alt="People of the circles, and whom they mentor")
    with st.expander(f"All circles ({len(found)})", icon=":material/table:"):
        table_with_download(found, "leadership_circles", alt="Circles by number of people")


def changes(team: str = "") -> None:
    """What was recorded through the dashboard, newest first, each with its undo for those who may."""
    now = filters.asked()
    found = cached.answer(team_changes, now.selection, now.scope, team=team)
    st.header("Recent changes", anchor=False)
    if found.empty:
        page_parts.nothing("Nothing has been recorded through the dashboard yet.")
        return
    forms.recent_changes(found.head(10), with_names=not team)
    with st.expander(f"All recorded changes ({len(found)})", icon=":material/history:"):
        table_with_download(found, "team_changes", alt="Recorded changes, newest first", columns=COLUMNS)


def one_team(row: dict[str, Any]) -> None:
    """A team's own view: where it stands, what to do next, what happened, and the forms for those who may write."""
    now, team = filters.asked(), row["team"]
    selection, scope = now.selection, now.scope
    history = cached.answer(team_stage_history, selection, scope, team=team)
    risks = cached.answer(team_risks_list, selection, scope, team=team)
    page_parts.heading("What must this team do next?", teams_words.team_finding(row), teams_words.team_more(row))
    st.button("All teams", icon=":material/arrow_back:", key="all_teams", on_click=_show_all)
    page_parts.selection_line(f"As of {numbers.day(selection.as_of)}")
    page_parts.headline_numbers(teams_words.team_headlines(row, risks))
    for sentence in teams_words.oddities(history):
        st.warning(plain(f"The stage history is out of order: {sentence}"), icon=":material/swap_vert:")
    _growth(team, history)
    if present(row["stage"]):
        _guidance(row["stage"])
    _milestones(team, present(row["stage"]))
    _risks(risks)
    forms.forms(team, row["name"], history, risks)
    _funnel(team)
    with st.expander("History of stages", icon=":material/timeline:"):
        shown = ["title", "entered_on", "left_on", "days", "remark", "note"]
        table_with_download(history, "team_stage_history", alt="Stages of the team", columns=COLUMNS, shown=shown)
    changes(team)


def _growth(team: str, history: pd.DataFrame) -> None:
    now = filters.asked()
    growth = cached.answer(team_growth, now.selection, now.scope, team=team)
    if history.empty and growth.empty:
        page_parts.empty("Nothing is known of this team yet.", "Import its stages and its contributions.")
        return
    if growth.empty:
        st.caption("Nobody has contributed to this team yet.")
    picture = charts.growth_picture(growth, history, now.selection.as_of, page_parts.theme_type())
    show_figure(picture, key="team_growth")
    with st.expander("Active contributors by quarter", icon=":material/table:"):
        table_with_download(growth, "team_growth", alt="Active contributors by quarter")


def _guidance(code: str) -> None:
    stage = STAGE[code]
    st.header("What to do next", anchor=False)
    st.caption(plain(f"{stage.title}. {stage.learning_state}."))
    sides = (("For the coordinator", stage.for_coordinator), ("For the CBT partner", stage.for_partner))
    for column, (title, points) in zip(st.columns(2, gap="medium"), sides, strict=True):
        with column:
            show(blocks.guidance(title, points))


def _milestones(team: str, present_stage: str | None) -> None:
    now = filters.asked()
    found = cached.answer(team_milestones_list, now.selection, now.scope, team=team)
    st.header("Milestones", anchor=False)
    for stage in LIFECYCLE:
        rows = records(found[found["stage"] == stage.code])
        done = sum(present(row["reached_on"]) is not None for row in rows)
        with st.expander(
            f"{plain(stage.title)}: {done} of {len(rows)}",
            expanded=stage.code == present_stage,
            icon=":material/check_circle:" if done == len(rows) else ":material/radio_button_unchecked:",
        ):
            show(blocks.milestones(rows))
    with st.expander("Milestones as a table", icon=":material/table:"):
        table_with_download(found, "team_milestones", alt="Milestones of the team", columns=COLUMNS)


def _risks(found: pd.DataFrame) -> None:
    still = found[found["closed_on"].isna()]
    st.header("Open risks", anchor=False)
    if still.empty:
        page_parts.nothing("No risk is open.")
    else:
        show(blocks.open_risks(records(still)))
    if not found.empty:
        with st.expander("All risks as a table", icon=":material/table:"):
            table_with_download(found, "team_risks", alt="Risks of the team")


def _funnel(team: str) -> None:
    now = filters.asked()
    found = cached.answer(team_change_funnel, now.selection, now.scope, team=team)
    st.header("Newcomers before and after each change of stage", anchor=False)
    if found.empty:
        page_parts.nothing("The team has not changed its stage yet, or not long enough ago.")
        return
    table = teams_words.changes_of_funnel(found)
    if (table["window"] == "still open").any():
        st.caption("Hatched: the conversion window is still open, so the numbers can grow.")
    show_figure(charts.funnel_picture(found, page_parts.theme_type()), key="team_funnel")
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table_with_download(table, "team_change_funnel", alt="Newcomers around changes of stage", columns=COLUMNS)
