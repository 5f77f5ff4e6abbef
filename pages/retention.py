"""Retention: who comes back, who is mission-driven, and which events bring people?"""

from __future__ import annotations

import streamlit as st

from dashboard import cached, filters, page_parts, periods, retention, retention_panel
from dashboard.access import require
from dashboard.funnel import about_counts
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
longer = periods.trend_selection(now.selection, 36)
overall = cached.answer("retention_overall", longer, now.scope)

page_parts.heading("Who comes back, and what brings them?", retention.finding(overall))
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
    page_parts.headline_numbers(retention.headlines(overall), words)
    st.header("Month by month", anchor=False)
    retention_panel.grid(overall)
    st.header("Returning and reactivated", anchor=False)
    retention_panel.returning()
    st.header("The mission-driven", anchor=False)
    retention_panel.persona()
st.header("Events drive action", anchor=False)
retention_panel.following()
page_parts.how_counted("retention", "returning", "persona", "followthrough", "small_cohorts")
