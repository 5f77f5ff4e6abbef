"""Team: everything about one team on one time line."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.named import panel
from data_access.questions.named.entries import TEAM
from data_access.selection import STAFF

require(*STAFF)
panel.page(TEAM)
page_parts.how_counted("timeline")
