"""Event: what led to it, the day itself, and what came of it."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.named import panel
from data_access.questions.named.entries import EVENT
from data_access.selection import STAFF

require(*STAFF)
panel.page(EVENT)
page_parts.how_counted("timeline")
