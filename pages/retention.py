"""Retention: who comes back, who is mission-driven, and which events bring people?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.subjects.funnel.words import about_counts
from dashboard.subjects.retention import panel
from dashboard.subjects.retention import words as retention_words
from dashboard.words import periods
from data_access.questions.retention.grid import retention_overall
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
longer = periods.trend_selection(now.selection, 36)
overall = cached.answer(retention_overall, longer, now.scope)

page_parts.heading("Who comes back, and what brings them?", retention_words.finding(overall))
page_parts.selection_line()
if overall.empty:
    narrowed = bool(now.selection.narrowed_by) and not now.scope.sees_small_groups
    page_parts.empty(
        "Counts of people are not filtered for your role." if narrowed else "Nobody began to contribute in this time.",
        "Remove the filters to see everybody." if narrowed else "Choose a longer period, or import contributions.",
        "Show the opening view",
        filters.reset,
    )
else:
    told = about_counts(now.scope.sees_small_groups)
    words = f"First contributions: {longer.period.in_words()}.{told}"
    page_parts.headline_numbers(retention_words.headlines(overall), words)
    st.header("Month by month", anchor=False)
    panel.grid(overall)
    st.header("Returning and reactivated", anchor=False)
    panel.returning()
    st.header("The mission-driven", anchor=False)
    panel.persona()
st.header("Events drive action", anchor=False)
panel.following()
page_parts.how_counted("retention", "returning", "persona", "followthrough", "small_cohorts")
