"""Teams: what must each team do next to reach its next stage?"""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import aims, named, page_parts, targets
from dashboard.parts.beside import side_by_side
from dashboard.subjects.named import panel as named_panel
from dashboard.subjects.teams import cards, panel, sides, words
from dashboard.subjects.teams.one_team import one_team
from dashboard.subjects.teams.pathway import jumps
from data_access.answers import rows
from data_access.questions.named.entries import TEAM
from data_access.questions.teams.board import TeamMove, TeamStanding, team_board, team_moves
from data_access.questions.teams.risks import DetectedRisk, detected_risks
from data_access.questions.teams.stages import team_transitions
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope
board = rows(TeamStanding, cached.answer(team_board, selection, scope))

if not board:
    panel.no_teams()
elif chosen := panel.shown_team(board):
    one_team(chosen, panel.to_the_board)
    named_panel.time_line(TEAM, chosen.team, chosen.name)
else:
    teams = [(TEAM, row.team, row.name) for row in board]
    said = [named.sentence(words.finding(board), teams), named.sentence(words.more(board), teams)]
    page_parts.heading("What must each team do next?", *said)
    page_parts.selection_line(words.as_of_words(selection, now.names))
    page_parts.headline_numbers(words.headlines(board))
    aimed = targets.today(selection, aims.of_scope("team"))
    shown = rows(DetectedRisk, cached.answer(detected_risks, selection, scope)) if scope.inside or scope.teams else []
    panel.board(cards.cards(board, scope, aimed, shown), cards.without_stage(board))
    panel.lists(board, rows(TeamMove, cached.answer(team_moves, selection, scope)))
    panel.transitions(cached.answer(team_transitions, selection, scope), board)
    if scope.inside:
        jumps()
    targets.section(aimed, where=targets.set_on_impact())
    panel.changes()
    side_by_side(sides.side, "team_transitions")
page_parts.how_counted(
    *(
        "stages",
        "exit_measures",
        "stalled",
        "time_in_stage",
        "team_people",
        "team_funnel",
        "detected_risks",
        "team_leadership",
        "team_pathway",
        "contribution_jump",
        "case_study",
        "targets",
        "audit",
        "timeline",
    )
)
