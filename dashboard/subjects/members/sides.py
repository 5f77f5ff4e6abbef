"""The Members page for a selection that stands beside another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.beside import PERIOD, Side
from dashboard.subjects.members import charts, panel, words
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.members.summary import FloorCount, floor_summary
from data_access.selection import Selection

# Outside counts are of all members together.
OUTSIDE = frozenset({PERIOD})


def side(own: Selection) -> Side:
    """The floor in the quarter in which the period ends, and in the seven before it."""
    now = filters.asked()
    day = min(own.period.end - timedelta(days=1), own.as_of)
    quarters = panel.recent(replace(own, as_of=day))
    floor = cached.program(now.scope).floor_events_per_quarter
    about = say("As of {day}", day=day) if day != now.selection.as_of and own.period != now.selection.period else ""
    if not now.scope.inside:
        released = rows(FloorCount, cached.answer(floor_summary, Selection(quarters.period, own.as_of), now.scope))
        if not released:
            return Side("Nothing has been released of these quarters.", about=about)
        picture = charts.summary_picture(released, floor, page_parts.theme_type())
        return Side(words.finding_in_ranges(released, floor), (), picture, about)
    lately = rows(FloorCount, cached.answer(floor_summary, panel.now_and_last(quarters), now.scope))
    if not lately:
        return Side("Nobody is a member here.", about=about)
    counted = rows(FloorCount, cached.answer(floor_summary, quarters, now.scope))
    picture = charts.summary_picture(counted, floor, page_parts.theme_type())
    return Side(words.finding(lately, day, floor), words.headlines(lately, day), picture, about)
