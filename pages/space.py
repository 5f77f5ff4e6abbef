"""Space: its events, its pilot, its notes, and who came through it."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.named import panel
from data_access.questions.named.entries import SPACE
from data_access.selection import STAFF

require(*STAFF)
panel.page(SPACE)
page_parts.how_counted("timeline")
