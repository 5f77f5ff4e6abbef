"""Viewers: who may look, and as what?"""

from __future__ import annotations

from dashboard import page_parts, viewers_panel
from dashboard.access import require
from data_access.selection import Role

require(Role.PM)
known = viewers_panel.known()
viewers_panel.heading(known)
viewers_panel.table(known)
viewers_panel.forms(known)
viewers_panel.changes()
page_parts.how_counted("roles", "audit")
