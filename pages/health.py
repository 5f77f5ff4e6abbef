"""Health: early warnings of what may go wrong, who acts on each, and the rows behind them."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.health import panel, words
from data_access.selection import Role

require(Role.PM, Role.BOARD)
indicators = panel.found()
panel.heading(indicators)
if words.is_known(indicators):
    panel.warnings(indicators)
    panel.details()
else:
    panel.nothing()
page_parts.how_counted(
    "health_states", "health_workload", "health_quality", "health_conduct", "health_trips", "health_dependence"
)
