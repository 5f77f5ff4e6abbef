"""Budget: how fast does the money burn, and whose ceiling is near?"""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import aims, page_parts, targets
from dashboard.parts.beside import Side, side_by_side
from dashboard.subjects.budget import forms, panel, words
from data_access import answers
from data_access.questions.budget.burn import CeilingState, burn_distribution
from data_access.questions.budget.summary import BudgetSummary, budget_summary
from data_access.selection import Role, Selection

require(Role.PM, Role.BOARD, Role.LEADERSHIP)
now = filters.asked()
selection, scope = words.money_selection(now.selection, now.opening), now.scope
what = words.burnt_words(scope)
summary = answers.rows(BudgetSummary, cached.answer(budget_summary, selection, scope))
if summary:
    row = summary[0]
    distribution = answers.rows(CeilingState, cached.answer(burn_distribution, selection, scope))
    page_parts.heading(
        "How fast does the money burn?", words.finding(row, what), words.risk_sentence(distribution, row.as_of)
    )
    page_parts.selection_line(words.year_words(row, what))
    aimed = targets.progress(words.year_of(row, selection.as_of), words.is_of_money)
    page_parts.headline_numbers(words.headlines(row, what, aims.running(aimed, "spend")))
    forms.approval(row.fiscal_year)
    if panel.is_anything_known(row):
        panel.say_unknown(row)
        panel.show_curve(selection, scope, row, aimed)
        panel.show_members(selection, scope, distribution)
        panel.show_parts(selection, scope)
        panel.show_costs(selection, scope, row)
        panel.show_unconverted(selection, scope, row)
    targets.section(aimed, where=targets.set_on_impact())
else:
    panel.nothing_released()


def side(own: Selection) -> Side:
    """The same page for a year that stands beside the chosen one."""
    year = words.money_selection(own, now.opening)
    found = answers.rows(BudgetSummary, cached.answer(budget_summary, year, scope))
    if not found:
        return Side("Nothing is told of this year.")
    [row] = found
    told = words.finding(row, what), words.headlines(row, what), panel.curve(year, scope, row)
    return Side(*told, words.year_words(row, what))


side_by_side(side, "burn_curve")
page_parts.how_counted(
    "budget", "burn", "projection", "member_burn", "rates_of_exchange", "outcome_cost", "small_money", "targets"
)
