"""The request desk: what waits, what each request would do, and the decision with its record."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.requests import panel
from data_access.selection import Role

require(Role.PM, Role.BOARD)
shown = panel.desk()
panel.heading(shown)
chosen = panel.chosen(shown)
if chosen:
    panel.one_request(chosen, shown)
panel.queue(shown)
panel.to_pay(shown)
panel.decisions()
page_parts.how_counted("ceiling", "what_if", "comparable", "floor", "decisions")
