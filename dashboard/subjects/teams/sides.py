"""The Teams page for a selection that stands beside another one."""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import Side
from dashboard.subjects.teams import charts, words
from data_access.answers import rows
from data_access.questions.teams.board import TeamStanding, team_board
from data_access.questions.teams.stages import StageTransition, team_transitions
from data_access.selection import Selection


def side(own: Selection) -> Side:
    """What its teams must do next, their numbers, and where each stands against the usual times."""
    scope = filters.asked().scope
    board = rows(TeamStanding, cached.answer(team_board, own, scope))
    if not board:
        return Side("No team is known here.")
    stages = rows(StageTransition, cached.answer(team_transitions, own, scope))
    drawn = any(stage.teams for stage in stages)
    picture = charts.transitions_picture(stages, board, page_parts.theme_type()) if drawn else None
    return Side(words.finding(board), words.headlines(board), picture)
