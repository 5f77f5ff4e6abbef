"""The funnel: how do people become contributors, and where do we lose them?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import Side, side_by_side
from dashboard.subjects.funnel import charts, panel, words
from dashboard.words.counts import RANGES
from data_access.answers import rows
from data_access.questions.funnel.contributor_funnel import contributor_funnel
from data_access.questions.funnel.step_table import FunnelStep
from data_access.selection import STAFF, Period, Selection

require(*STAFF)
now = filters.asked()
answer = cached.answer(contributor_funnel, now.selection, now.scope)
steps = rows(FunnelStep, answer)
# Released are whole years: the one that is most like the period.
period = Period.parse(steps[0].cohort) if steps else now.selection.period

page_parts.heading(
    "How do people become contributors, and where do we lose them?",
    words.finding(steps, period),
    " ".join(filter(None, (words.in_the_end(steps), words.weakest(steps)))),
)
page_parts.selection_line()
if not steps and not now.selection.narrowed_by:
    page_parts.empty(
        "Nothing has been released yet about people who joined.",
        "A calendar year is told with the first release after its end.",
    )
elif not steps:
    page_parts.empty(
        "Counts of people are not filtered for your role.",
        "Answers could be compared until they reveal one person. Remove the filters to see everybody.",
        "Remove the filters",
        filters.reset,
    )
elif steps[0].at_most == 0:
    page_parts.empty(
        "Nobody joined in this period.",
        "Choose a longer period, or import people with their joining date, or contributions.",
        "Show the opening view",
        filters.reset,
    )
else:
    notes = ["Each step has its own window of time."]
    if not now.scope.inside:
        notes += [words.as_released(steps, period), RANGES]
    page_parts.headline_numbers(words.headlines(steps), " ".join(notes))
    st.header("The steps", anchor=False)
    panel.steps(answer)
    st.header("Are we getting better?", anchor=False)
    panel.cohorts()
    st.header("Where to act: weak and slow steps", anchor=False)
    panel.weak_steps()
    if now.scope.inside:
        st.header("How long does it take?", anchor=False)
        panel.waiting()
        panel.thresholds()
st.header("From application to active member", anchor=False)
panel.program_steps()


def side(own: Selection) -> Side:
    """The same page for a selection that stands beside the chosen one."""
    found = rows(FunnelStep, cached.answer(contributor_funnel, own, now.scope))
    joined = Period.parse(found[0].cohort) if found else own.period
    drawn = found and found[0].at_most
    picture = charts.steps_picture(words.stages(found), page_parts.theme_type()) if drawn else None
    return Side(words.finding(found, joined), words.headlines(found) if drawn else (), picture)


side_by_side(side, "funnel_steps")
page_parts.how_counted("cohort", "levels", "conversion", "groups_at_entry", "waiting", "program_steps", "small_cohorts")
