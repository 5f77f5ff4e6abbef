"""The People page for a selection that stands beside another one."""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import Side
from dashboard.subjects.people import charts, missing_words, panel, words
from data_access.questions.people.diversity import attribute_shares, effective_groups
from data_access.selection import Selection


def side(own: Selection) -> Side:
    """Who is missing or here among the same people, their numbers, and their shares."""
    scope = filters.asked().scope
    population = panel.chosen_population(panel.chosen_view(), words.names_for(scope))
    shares = cached.answer(attribute_shares, own, scope, population=population)
    said = missing_words.missing(population, shares) or words.finding(population, shares)
    drawn = words.dots(shares, [], scope.min_group_size) if not shares.empty else []
    picture = charts.dots_picture(drawn, [], page_parts.theme_type()) if drawn else None
    effective = cached.answer(effective_groups, own, scope, population=population)
    return Side(said, words.headlines(shares, effective), picture)
