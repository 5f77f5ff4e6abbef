"""Events and organizers: do events drive action, and who carries them?"""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import side_by_side
from dashboard.subjects.organizers import circle_panel, panel, sides, words
from data_access.selection import STAFF

require(*STAFF)
views = {
    words.ARC: panel.arcs,
    words.PROJECTS: panel.projects,
    words.CIRCLES: circle_panel.circles_view,
    words.NEEDS: circle_panel.needs_view,
    words.EFFORT: panel.effort,
}
views[panel.chosen_view()]()
side_by_side(sides.side, "organizers")
page_parts.how_counted("event_arcs", "followthrough", "event_projects", "organizers", "circles", "needs", "effort")
