"""People: who is here, who is missing, and is what the program gives shared fairly?"""

from __future__ import annotations

from dashboard import cached, filters, page_parts, people, people_panel
from dashboard.access import require
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope

view = people_panel.chosen_view()
population = people_panel.chosen_population(view)
shares = cached.answer("attribute_shares", selection, scope, population=population)
effective = cached.answer("effective_groups", selection, scope, population=population)

page_parts.heading("Who is here, and who is missing?", people.finding(population, shares, scope.min_group_size))
page_parts.selection_line("" if scope.sees_small_groups else people.window_line(shares))
people_panel.small_print(now, population, shares)
people_panel.choose_view()
people_panel.choose_population(view)
page_parts.headline_numbers(people.headlines(population, shares, effective))
people_panel.show(view, population, shares)
page_parts.how_counted("people", "disclosure", "effective_groups", "group_difference", "fair_share", "small_groups")
