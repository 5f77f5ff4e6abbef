"""Team: what it must do next, and everything about it on one time line."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import named, page_parts
from dashboard.subjects.named import panel
from dashboard.subjects.teams.one_team import one_team
from data_access.answers import rows
from data_access.questions.named.entries import TEAM
from data_access.questions.teams.board import TeamStanding, team_board
from data_access.selection import STAFF, Selection

require(*STAFF)
now = filters.asked()
key = st.query_params.get(named.KEY, "")
board = rows(TeamStanding, cached.answer(team_board, Selection(as_of=now.selection.as_of), now.scope)) if key else []
chosen = next((row for row in board if row.team == key), None)
if chosen:
    page_parts.name_tab(chosen.name)
    one_team(chosen, lambda: panel.onward(TEAM, key))
    panel.time_line(TEAM, key, chosen.name)
else:
    panel.page(TEAM)
page_parts.how_counted("timeline", "stages", "exit_measures", "stalled", "team_people", "team_funnel", "targets")
