"""Viewers: who may look, and as what?"""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.viewers import forms, panel
from data_access.selection import Role

require(Role.PM)
known = panel.known()
panel.heading(known)
panel.table(known)
forms.change(known)
panel.changes()
page_parts.how_counted("roles", "audit")
