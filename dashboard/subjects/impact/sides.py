"""The Impact page for any selection: its headline numbers, and what stands beside another one."""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import Side
from dashboard.parts.trends import boundary, trend_picture
from dashboard.subjects.impact import charts, words
from dashboard.words import periods
from data_access.questions.contributors.activity import contributors_trend
from data_access.questions.events.counts import events_by_month
from data_access.questions.impact.summary import impact_summary
from data_access.questions.impact.windows import spend_by_month
from data_access.selection import STAFF, Scope, Selection


def summed_up(own: Selection, scope: Scope) -> words.ImpactSummary:
    """The headline numbers of a selection."""
    program = cached.program(scope)
    return words.ImpactSummary.of(cached.answer(impact_summary, own, scope), program.currency, program.min_group_size)


def side(own: Selection) -> Side:
    """The page for a selection that stands beside the chosen one."""
    scope = filters.asked().scope
    found, longer = summed_up(own, scope), periods.trend_selection(own)
    months, people = cached.answer(events_by_month, longer, scope), cached.answer(contributors_trend, longer, scope)
    paid = cached.answer(spend_by_month, longer, scope) if scope.role in STAFF else None
    drawn = charts.panels(own, months, people, paid, cached.program(scope).currency)
    picture = trend_picture(drawn, boundary(drawn, own), page_parts.theme_type())
    return Side(words.finding(own, found), words.headlines(found, words.small_trends(drawn, own)), picture)
