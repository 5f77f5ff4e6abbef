"""Strategy: what do we want on each of the ten topics, how far are we, and what was decided?"""

from __future__ import annotations

from dashboard.asking import filters
from dashboard.asking.access import require
from dashboard.navigation import PAGES
from dashboard.parts import page_parts
from dashboard.parts.beside import side_by_side
from dashboard.subjects.strategy import panel, sides, words
from data_access.selection import STAFF

require(*STAFF)
role = filters.asked().scope.role
decided = panel.register()
open_pages = {entry.url_path for entry in PAGES if role in entry.roles}
listed = panel.cards(decided, open_pages)
page_parts.heading(words.QUESTION, words.finding(listed, decided), words.without_decision(decided))
page_parts.selection_line()
panel.topics(listed)
panel.decisions(decided)
side_by_side(lambda own: sides.side(own, decided, open_pages), "strategy")
page_parts.how_counted("strategy", "decision_register", "targets")
