"""Spaces: does each keep its schedule, and whom does it bring?"""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import named, page_parts, targets
from dashboard.parts.beside import Side, side_by_side
from dashboard.subjects.spaces import charts, forms, panel, pilot_words, pilots, words
from data_access.answers import rows
from data_access.questions.named.entries import SPACE
from data_access.questions.spaces.newcomers import BridgeStep, newcomer_bridge
from data_access.questions.spaces.schedule import SpaceMonth, SpaceSchedule, space_months, space_schedule
from data_access.selection import STAFF, Selection

require(*STAFF)
now = filters.asked()
selection, scope = words.year_selection(now.selection, now.opening), now.scope
found = cached.answer(space_schedule, selection, scope)
spaces = rows(SpaceSchedule, found)
steps = rows(BridgeStep, cached.answer(newcomer_bridge, selection, scope)) if scope.inside else []
if spaces:
    aimed = targets.progress(words.of_year(selection, spaces), words.is_of_spaces)
    known = [(SPACE, row.space, row.name) for row in spaces]
    said = [named.sentence(words.finding(spaces), known), named.sentence(words.more(spaces, steps), known)]
    page_parts.heading("Does each space keep its schedule, and whom does it bring?", *said)
    page_parts.selection_line(words.year_words(spaces, selection))
    if len(spaces) == 1:
        named.onward(*known)
    listed = pilots.listed(selection)
    page_parts.headline_numbers(
        [*words.headlines(spaces, steps), *map(pilot_words.tile, pilot_words.running(listed)[:1])]
    )
    panel.schedule(found, spaces, selection)
    panel.bridge(steps, selection)
    pilots.pilots(listed, selection)
    pilots.coordinators(selection)
    forms.record(selection)
    panel.closer(selection)
    targets.section(aimed, where=targets.set_on_impact())
else:
    panel.nothing(selection)


def side(own: Selection) -> Side:
    """The same page for a selection that stands beside the chosen one."""
    year = words.year_selection(own, now.opening)
    found = rows(SpaceSchedule, cached.answer(space_schedule, year, scope))
    if not found:
        return Side("No space is known here.")
    months = rows(SpaceMonth, cached.answer(space_months, year, scope))
    picture = charts.months_picture(found, months, page_parts.theme_type()) if months else None
    return Side(words.finding(found), words.headlines(found, []), picture, words.year_words(found, year))


side_by_side(side, "space_months")
page_parts.how_counted("space_schedule", "space_newcomers", "newcomer_bridge", "space_people", "pilots", "targets")
