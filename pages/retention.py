"""Retention: who comes back, who is mission-driven, and which events bring people?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.retention import panel, words
from dashboard.words import periods
from dashboard.words.counts import RANGES
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.retention.grid import RetentionMonth, retention_overall
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
longer = periods.trend_selection(now.selection, 36)
overall = rows(RetentionMonth, cached.answer(retention_overall, longer, now.scope))

page_parts.heading("Who comes back, and what brings them?", words.finding(overall))
page_parts.selection_line()
if not overall:
    narrowed = bool(now.selection.narrowed_by) and not now.scope.inside
    page_parts.empty(
        "Counts of people are not filtered for your role." if narrowed else "Nobody started contributing in this time.",
        "Remove the filters to see everybody." if narrowed else "Choose a longer period, or import contributions.",
        "Show the opening view",
        filters.reset,
    )
else:
    notes = [say("First contributions: {period}.", period=longer.period.in_words())]
    if not now.scope.inside:
        notes.append(RANGES)
    page_parts.headline_numbers(words.headlines(overall), " ".join(notes))
    st.header("Month by month", anchor=False)
    panel.grid(overall)
    st.header("Returning and reactivated", anchor=False)
    panel.returning()
    st.header("The mission-driven", anchor=False)
    panel.persona()
st.header("Events drive action", anchor=False)
panel.following()
page_parts.how_counted("retention", "returning", "persona", "followthrough", "small_cohorts")
