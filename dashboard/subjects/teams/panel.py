"""The Teams page's parts: the board, the lists to act on, times from stage to stage, recent changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.figures import Opened, show_figure
from dashboard.parts.page_parts import show
from dashboard.parts.tables import Columns, table_with_download
from dashboard.subjects.teams import blocks, charts, forms, tables, words
from dashboard.subjects.teams.cards import Card
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access.answers import rows, table
from data_access.contract.lifecycle import LIFECYCLE
from data_access.imports.rows import clipped
from data_access.questions.teams.board import TeamMove, TeamStanding
from data_access.questions.teams.details import TeamChange, team_changes
from data_access.questions.teams.stages import StageTransition

SHOWN_TEAM = "show_team"
MOST_CARDS, MOST_CHANGES = 15, 10
_STANDING = ("name", "title", "entered_on", "days_in_stage", "stalled", "milestones_done", "open_risks", "partner")


def shown_team(board: Sequence[TeamStanding]) -> TeamStanding | None:
    """The board's row of the team that the address names, if it names one that is on the board."""
    key = st.query_params.get(SHOWN_TEAM, "")
    if not key:
        return None
    found = next((row for row in board if row.team == key), None)
    if found is None:
        said = say("The link’s team was left out: there is no team “{team}”.", team=key[:60])
        st.warning(plain(said), icon=":material/link_off:")
    return found


def _show(team: str) -> None:
    st.query_params[SHOWN_TEAM] = team


def to_the_board() -> None:
    """The button that leads from a team of the board back to all of them."""
    st.button("All teams", icon=":material/arrow_back:", key="all_teams", on_click=_show_all)


def _show_all() -> None:
    st.query_params.pop(SHOWN_TEAM, None)


def _show_row(table: str, keys: Sequence[str]) -> None:
    chosen = st.session_state[f"table_{table}"].selection.rows
    if chosen:
        _show(keys[chosen[0]])


def no_teams() -> None:
    """The empty page: no teams at all, or none that the filters leave."""
    now = filters.asked()
    narrowed = bool(now.selection.team or now.selection.area)
    page_parts.heading("What must each team do next?", "There are no teams to show.")
    page_parts.selection_line(words.as_of_words(now.selection, now.names))
    if narrowed:
        page_parts.empty("No team matches the filters.", "Clear the filters.", "Clear the filters", filters.reset)
    else:
        advice = "Import `teams` and `team_stages` on the Data page, or with `uplift import`."
        page_parts.empty("No teams have been imported.", advice)


def board(cards: Sequence[Card], without_stage: Sequence[tuple[str, str]]) -> None:
    """Five columns, a card a team, as far as they fit side by side. Teams (key, name) without a stage stand below."""
    with st.container(key="board"):
        columns = st.columns(len(LIFECYCLE), gap="small")
    for column, stage in zip(columns, LIFECYCLE, strict=True):
        here = [card for card in cards if card.stage == stage.code]
        with column:
            show(blocks.stage(stage.title, len(here), stage.learning_state))
            for card in here[:MOST_CARDS]:
                _card(card)
            if len(here) > MOST_CARDS:
                st.caption(say("{n} more: see the list below.", n=len(here) - MOST_CARDS))
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


def lists(standings: Sequence[TeamStanding], moves: Sequence[TeamMove]) -> None:
    """Exit measures not yet met, teams ready to move, moves that came too early."""
    scope = filters.asked().scope
    st.header("Exit measures not yet met", anchor=False)
    st.caption("Longest in its stage first. Select a row to open the team.")
    unmet, unmet_alt = tables.unmet(standings, scope), "Teams whose exit measure is not met yet"
    _teams_table(unmet, "teams_unmet", unmet_alt, tables.UnmetMeasure)
    ready = tables.ready(standings, scope)
    st.header("Ready to move on", anchor=False)
    if ready.empty:
        page_parts.nothing("No team has met the exit measure of its stage.")
    else:
        _teams_table(ready, "teams_ready", "Teams that are ready to move on", tables.ReadyTeam)
    early = tables.early_moves(moves, scope)
    with st.expander(say("Moved too early ({n})", n=len(early)), icon=":material/fast_forward:"):
        if uncertain := words.uncertain_moves(moves):
            st.caption(uncertain)
        if early.empty:
            page_parts.nothing("Every move came after its exit measure was met, as far as is known.")
        else:
            _teams_table(early, "teams_early", "Moves before the exit measure was met", tables.EarlyMove)


def _teams_table(table: pd.DataFrame, name: str, alt: str, columns: Columns) -> None:
    keys = list(table["team"])
    table_with_download(
        table,
        name,
        alt=alt,
        columns=columns,
        with_keys=False,
        widths=tables.WIDTHS,
        on_select=lambda: _show_row(name, keys),
    )


def transitions(found: pd.DataFrame, standings: Sequence[TeamStanding]) -> None:
    """How long stages take, and where each team stands against that."""
    stages = rows(StageTransition, found)
    st.header("How long does each stage take?", anchor=False)
    if not any(stage.teams for stage in stages):
        page_parts.nothing("No stages are recorded yet.")
        return
    st.caption(
        "Stroke: half of the teams have moved on (Kaplan–Meier). Grey: from a quarter to three quarters. "
        "Dots: teams in the stage now; ▲ stalled."
    )

    def standing(mark: str) -> Opened:
        what, _, key = mark.partition(".")
        some = [row for row in standings if key == (row.title if what == charts.STAGE else row.team)]
        name = key if what == charts.STAGE else some[0].name
        return Opened(say("{name}: where it stands", name=name), table(TeamStanding, some), TeamStanding, _STANDING)

    picture = charts.transitions_picture(stages, standings, page_parts.theme_type())
    show_figure(picture, key="team_transitions", rows=standing)
    with st.expander("The figures behind the picture", icon=":material/table:"):
        table_with_download(
            found,
            "team_transitions",
            alt="Times from stage to stage",
            columns=StageTransition,
            with_keys=False,
            widths=tables.WIDTHS,
        )


def changes(team: str = "") -> None:
    """What was recorded through the dashboard, newest first, each with its undo for those who may.

    Partners see what was recorded of their own teams; for whoever sees none the part is left out.
    """
    now = filters.asked()
    if not now.scope.inside and (not now.scope.teams or team not in ("", *now.scope.teams)):
        return
    found = cached.answer(team_changes, now.selection, now.scope, team=team)
    st.header("Recent changes", anchor=False)
    if found.empty:
        page_parts.nothing("Nothing has been recorded through the dashboard yet.")
        return
    listed = rows(TeamChange, found)
    forms.recent_changes(listed[:MOST_CHANGES], with_names=not team)
    in_all = listed[0].in_all
    label = "All recorded changes ({n})" if in_all == len(listed) else "The latest {shown} of {n} changes"
    with st.expander(say(label, n=in_all, shown=len(listed)), icon=":material/history:"):
        table_with_download(
            found.drop(columns="in_all"),
            "team_changes",
            alt="Recorded changes, newest first",
            columns=TeamChange,
            with_keys=False,
            widths={"name": 170},
        )
