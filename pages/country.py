"""Country: its first event, its towns, quiet times, members and what is planned."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.named import panel
from data_access.questions.named.entries import COUNTRY
from data_access.selection import STAFF

require(*STAFF)
panel.page(COUNTRY)
page_parts.how_counted("timeline")
