"""Retention: who comes back, who is mission-driven, and which events bring people?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import Side, side_by_side
from dashboard.subjects.retention import panel, words
from dashboard.words import periods
from dashboard.words.counts import RANGES
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.retention.grid import RetentionMonth, retention_overall
from data_access.selection import STAFF, Selection

require(*STAFF)
now = filters.asked()
longer = periods.trend_or_all(now.selection, now.scope, 36)
overall = rows(RetentionMonth, cached.answer(retention_overall, longer, now.scope))

page_parts.heading("Who comes back, and what brings them?", words.finding(overall, exact=now.scope.exact))
page_parts.selection_line()
if not overall:
    narrowed = bool(now.selection.narrowed_by) and not now.scope.inside
    page_parts.empty(
        *words.nothing(narrowed=narrowed, exact=now.scope.exact),
        "Show the opening view",
        filters.reset,
    )
else:
    notes = [say("First contributions: {period}.", period=longer.period.in_words())]
    if not now.scope.exact:
        notes = ["All calendar years of first contributions together, once the month is over for a whole year.", RANGES]
    page_parts.headline_numbers(words.headlines(overall, exact=now.scope.exact), " ".join(notes))
    st.header("Month by month", anchor=False)
    panel.grid(overall)
    st.header("Returning and reactivated", anchor=False)
    panel.returning()
    st.header("The mission-driven", anchor=False)
    panel.persona()
    panel.activities()
st.header("Events drive action", anchor=False)
panel.following()


def side(own: Selection) -> Side:
    """The same page for a selection that stands beside the chosen one."""
    found = rows(RetentionMonth, cached.answer(retention_overall, periods.trend_or_all(own, now.scope, 36), now.scope))
    finding = words.finding(found, exact=now.scope.exact)
    if not found:
        return Side(finding)
    return Side(finding, words.headlines(found, exact=now.scope.exact), panel.curve_picture(found))


side_by_side(side, "retention_curve")
page_parts.how_counted("retention", "returning", "persona", "investment", "followthrough", "small_cohorts")
