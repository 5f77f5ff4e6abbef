"""Members: who is above the floor, who is at risk before the quarter ends, and who comes and goes?"""

from __future__ import annotations

from dashboard import cached, filters, member_panels, members, page_parts
from dashboard.access import require
from data_access.questions.standing import NAMED
from data_access.selection import Period, Role

require(Role.PM, Role.BOARD, Role.LEADERSHIP)
now = filters.asked()
selection, scope = member_panels.recent(now.selection), now.scope

if scope.role not in NAMED:
    member_panels.for_leadership(selection)
    page_parts.how_counted("floor", "floor_states", "small_groups")
else:
    summary = cached.answer("floor_summary", member_panels.now_and_last(selection), scope)
    if summary.empty:
        member_panels.no_members()
    else:
        as_of, floor = selection.as_of, cached.program().floor_events_per_quarter
        days_left = (Period.quarter_of(as_of).end - as_of).days
        page_parts.heading(
            member_panels.QUESTION, members.finding(summary, as_of, floor, days_left), members.more(summary, as_of)
        )
        page_parts.selection_line()
        page_parts.headline_numbers(members.headlines(summary, as_of))
        member_panels.strip(selection)
        member_panels.at_risk(selection)
        member_panels.cohorts()
        member_panels.recognition()
        member_panels.leavers()
        member_panels.bench()
    page_parts.how_counted("floor", "floor_states", "streak", "cohort_pipeline", "recognition", "bench", "leaving")
