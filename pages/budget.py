"""Budget: how fast does the money burn, and whose ceiling is near?"""

from __future__ import annotations

from dashboard import budget, budget_panel, cached, filters, page_parts
from dashboard.access import require
from dashboard.people import rows_of
from data_access.selection import Role

require(Role.PM, Role.BOARD, Role.LEADERSHIP)
now = filters.asked()
selection, scope = budget.money_selection(now), now.scope
what = budget.burnt_words(scope)
row = rows_of(cached.answer("budget_summary", selection, scope))[0]
told = cached.answer("burn_distribution", selection, scope)

page_parts.heading("How fast does the money burn?", budget.finding(row, what), budget.risk_sentence(told))
page_parts.selection_line(budget.year_words(row))
page_parts.headline_numbers(budget.headlines(row, what))
budget_panel.say_unknown(row)
budget_panel.show_curve(selection, scope, row)
budget_panel.show_members(selection, scope, told)
budget_panel.show_parts(selection, scope)
budget_panel.show_costs(selection, scope, row)
budget_panel.show_unconverted(selection, scope, row)
page_parts.how_counted(
    "budget", "burn", "projection", "member_burn", "rates_of_exchange", "outcome_cost", "small_money"
)
