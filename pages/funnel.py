"""The funnel: how do people become contributors, and where do we lose them?"""

from __future__ import annotations

import streamlit as st

from dashboard import cached, filters, funnel, funnel_panel, page_parts
from dashboard.access import require
from data_access.questions.cohorts import year_selection
from data_access.selection import STAFF, Role

require(*STAFF)
now = filters.asked()
answer = cached.answer("contributor_funnel", now.selection, now.scope)
# Everybody but the program manager is told of whole years.
period = (year_selection(now.selection, now.scope) or now.selection).period

page_parts.heading(
    "How do people become contributors, and where do we lose them?",
    funnel.finding(answer, period.in_words()),
    funnel.weakest(answer),
)
page_parts.selection_line()
if answer.empty:
    page_parts.empty(
        "Counts of people are not filtered for your role.",
        "Two answers could be compared until they tell of one person. Remove the filters to see everybody.",
        "Remove the filters",
        filters.reset,
    )
elif not funnel.shown_people(answer.iloc[0]).strip("0"):
    page_parts.empty(
        "Nobody joined in this period.",
        "Choose a longer period, or import people with their joining date, or contributions.",
        "Show the opening view",
        filters.reset,
    )
else:
    told = funnel.about_counts(now.scope.sees_small_groups)
    page_parts.headline_numbers(funnel.headlines(answer), f"Each step has its own window of time.{told}")
    st.header("The steps", anchor=False)
    funnel_panel.steps(answer)
    st.header("Are we getting better?", anchor=False)
    funnel_panel.cohorts()
    st.header("Where to act: weak and slow steps", anchor=False)
    funnel_panel.slow_and_weak()
    st.header("How long does it take?", anchor=False)
    funnel_panel.waiting()
    if now.scope.role is Role.PM:
        funnel_panel.thresholds()
st.header("From application to active member", anchor=False)
funnel_panel.program_steps()
page_parts.how_counted("cohort", "levels", "conversion", "groups_at_entry", "waiting", "program_steps", "small_cohorts")
