"""Members: who is above the floor, who is at risk before the quarter ends, and who comes and goes?"""

from __future__ import annotations

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import side_by_side
from dashboard.subjects.members import asked, care, forms, hiring, panel, sides, word, words
from data_access.answers import rows
from data_access.questions.members.summary import FloorCount, floor_summary
from data_access.selection import Role

require(Role.PM, Role.BOARD, Role.LEADERSHIP)
now = filters.asked()
selection, scope = panel.recent(now.selection), now.scope

if not scope.inside:
    panel.for_leadership(selection)
    hiring.for_leadership(selection)
    asked.section()
    side_by_side(sides.side, "members_summary", sides.OUTSIDE)
    page_parts.how_counted("floor", "floor_states", "hires", "small_groups")
else:
    summary = rows(FloorCount, cached.answer(floor_summary, panel.now_and_last(selection), scope))
    if not summary:
        panel.no_members()
    else:
        as_of, floor = selection.as_of, cached.program(scope).floor_events_per_quarter
        page_parts.heading(panel.QUESTION, words.finding(summary, as_of, floor), words.more(summary, as_of))
        page_parts.selection_line()
        page_parts.headline_numbers(words.headlines(summary, as_of))
        forms.record(word.needed(selection, summary))
        panel.strip(selection, summary)
        panel.disputes(selection)
        care.looks()
        panel.more()
        side_by_side(sides.side, "members_summary")
    page_parts.how_counted(
        *("floor", "floor_states", "streak", "missed_run", "waiting_applications", "conduct", "disputes"),
        *("cohort_pipeline", *care.DEFINITIONS, "bench", "hires", "leaving"),
    )
