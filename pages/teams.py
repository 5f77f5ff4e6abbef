"""Teams: what must each team do next to reach its next stage?"""

from __future__ import annotations

from dashboard import cached, filters, page_parts, team_panels, teams
from dashboard.access import require
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope
board = cached.answer("team_board", selection, scope)

if board.empty:
    team_panels.no_teams()
elif chosen := team_panels.shown_team(board):
    team_panels.one_team(chosen)
else:
    page_parts.heading("What must each team do next?", teams.finding(board), teams.more(board))
    page_parts.selection_line(teams.as_of_words(selection, now.names))
    page_parts.headline_numbers(teams.headlines(board))
    team_panels.board(teams.cards(board, scope), teams.without_stage(board))
    team_panels.lists(board, cached.answer("team_moves", selection, scope))
    team_panels.transitions(cached.answer("team_transitions", selection, scope), board)
    team_panels.circles()
    team_panels.changes()
page_parts.how_counted(
    *("stages", "exit_measures", "stalled", "time_in_stage", "team_people", "team_funnel", "circles", "audit")
)
