"""People: who is here, who is missing, and is what the program gives shared fairly?"""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import side_by_side
from dashboard.subjects.people import missing_words, panel, sides, words
from data_access.questions.people.diversity import attribute_shares, effective_groups
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope

view = panel.chosen_view()
names = words.names_for(scope)
population = panel.chosen_population(view, names)
shares = cached.answer(attribute_shares, selection, scope, population=population)
effective = cached.answer(effective_groups, selection, scope, population=population)

here, absent = words.finding(population, shares), missing_words.missing(population, shares)
more = " ".join(filter(None, (here, missing_words.compared(shares)))) if absent else ""
page_parts.heading("Who is here, and who is missing?", absent or here, more)
page_parts.selection_line("" if scope.inside else words.window_line(shares))
panel.small_print(now, population, shares)
panel.choose_view()
panel.choose_population(view, names)
page_parts.headline_numbers(words.headlines(shares, effective))
panel.show(view, population, shares)
side_by_side(sides.side, "people")
on_map = ("diversity_map",) if view == "map" else ()
page_parts.how_counted(
    "people", "disclosure", *on_map, "effective_groups", "group_difference", "fair_share", "small_groups"
)
