"""Strategy: what do we want on each of the ten topics, how far are we, and what was decided?"""

from __future__ import annotations

from dashboard.asking import filters
from dashboard.asking.access import require
from dashboard.navigation import PAGES
from dashboard.parts import page_parts
from dashboard.subjects.strategy import panel, words
from data_access.selection import STAFF

require(*STAFF)
role = filters.asked().scope.role
decided = panel.register()
listed = panel.cards(decided, {entry.url_path for entry in PAGES if role in entry.roles})
page_parts.heading(words.QUESTION, words.finding(listed, decided), words.without_decision(decided))
page_parts.selection_line()
panel.topics(listed)
panel.decisions(decided)
page_parts.how_counted("strategy", "decision_register", "targets")
