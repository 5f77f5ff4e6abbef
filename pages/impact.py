"""Impact: what did the program achieve, against the period before?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import behind, named, page_parts, target_forms, targets, time_notes
from dashboard.parts.beside import side_by_side
from dashboard.parts.figures import show_trends
from dashboard.report import panel as report
from dashboard.subjects.impact import charts, moves_words, sides, tables, words
from dashboard.words import periods
from dashboard.words.sentences import say
from data_access.questions.comparison import comparable_previous
from data_access.questions.contributors.activity import contributors_trend
from data_access.questions.events.counts import events_by_country, events_by_month
from data_access.questions.impact.windows import spend_by_month
from data_access.selection import STAFF, Role

require(*Role)
now = filters.asked()
selection, scope = now.selection, now.scope
program = cached.program(scope)

summary = sides.summed_up(selection, now.scope)
earlier = comparable_previous(selection) if summary.change("events").kind != "no data" else None
by_country = cached.answer(events_by_country, selection, scope)
changes = moves_words.country_changes(
    by_country,
    cached.answer(events_by_country, earlier, scope) if earlier else None,
)
if summary.is_empty:
    page_parts.nothing_here(now)

longer = periods.trend_selection(selection)
by_month = cached.answer(events_by_month, longer, scope)
contributors = cached.answer(contributors_trend, longer, scope)
spend = cached.answer(spend_by_month, longer, scope) if scope.role in STAFF else None
panels = charts.panels(selection, by_month, contributors, spend, program.currency)
aimed = targets.progress(selection)
# Under filters the targets that are listed are those of the filters.
lines = aimed if selection.narrowed_by else [row for row in aimed if not row.scope]

title = say("{program}: what did it achieve?", program=program.name)
planned = "" if summary.value("events") else page_parts.planned_words(now)
moved = named.sentence(moves_words.movers(changes), moves_words.countries(changes))
page_parts.heading(title, words.finding(selection, summary), planned or moved)
page_parts.selection_line()
if planned:
    st.button("Show what is planned", key="empty_action", on_click=page_parts.show_planned)
page_parts.headline_numbers(
    words.headlines(summary, words.small_trends(panels, selection), lines), words.compared_words(selection, summary)
)

st.header("From money to active contributors", anchor=False)
page_parts.chain(words.chain_steps(summary))
show_trends(
    charts.with_targets(panels, lines), selection, "impact_trends", lambda mark: behind.of_span(mark, selection)
)

targets.section(aimed)
target_forms.forms()
time_notes.write(now)

if earlier:
    tables.changes(changes)
else:
    tables.where_it_happened(by_country)
tables.behind_the_picture(by_month, contributors, spend if program.currency else None)
report.offer()
side_by_side(sides.side, "impact_trends")
page_parts.how_counted("period", *words.MEASURES, "rates", "change", "targets", "small_groups")
