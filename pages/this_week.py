"""This week: what needs the viewer, the sooner too late the earlier, each with the way to do it."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.this_week import panel
from data_access.selection import Role

require(Role.PM, Role.BOARD, Role.PARTNER)
week = panel.found()
panel.heading(week)
panel.cards(week)
page_parts.how_counted("this_week", "floor_states", "health_states")
