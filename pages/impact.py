"""Impact: what did the program achieve, against the period before?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts, tables
from dashboard.parts.figures import show_trends
from dashboard.parts.tables import table_with_download
from dashboard.subjects.impact import words
from dashboard.subjects.impact.charts import panels
from dashboard.words import periods
from data_access.questions.contributors.activity import contributors_trend
from data_access.questions.events.counts import events_by_country, events_by_month
from data_access.questions.impact.summary import comparable_previous, impact_summary, spend_by_month
from data_access.selection import STAFF, Role

require(*Role)
now = filters.asked()
selection, scope = now.selection, now.scope
program = cached.program()

summary = words.Summary(cached.answer(impact_summary, selection, scope), program.currency)
earlier = comparable_previous(selection)
by_country = cached.answer(events_by_country, selection, scope)
changes = words.country_changes(
    by_country,
    cached.answer(events_by_country, earlier, scope) if earlier else None,
)
if summary.is_empty:
    page_parts.nothing_here(now)

longer = periods.trend_selection(selection)
by_month = cached.answer(events_by_month, longer, scope)
contributors = cached.answer(contributors_trend, longer, scope)
spend = cached.answer(spend_by_month, longer, scope) if scope.role in STAFF else None
rows = panels(selection, by_month, contributors, spend, program.currency)

page_parts.heading(f"{program.name}: what did it achieve?", words.finding(selection, summary), words.movers(changes))
page_parts.selection_line()
page_parts.headline_numbers(
    words.headlines(summary, words.small_trends(rows, selection)), words.compared_words(selection, summary)
)

st.header("From money to active contributors", anchor=False)
page_parts.chain(words.chain_steps(summary))
show_trends(rows, selection, key="impact_trends")

if earlier:
    st.header("What changed most", anchor=False)
    st.caption("Events by country. Select a row to look at that country alone.")
    table_with_download(
        changes,
        "country_changes",
        alt="Countries by how much their number of events changed",
        columns=tables.CHANGE_COLUMNS,
        shown=["name", "change", "events", "before", "attendance"],
        on_select=lambda: filters.narrow_to_row("country_changes", list(changes["country"]), "country"),
    )
else:
    st.header("Where it happened", anchor=False)
    table_with_download(by_country, "events_by_country", alt="Events by country", columns=tables.CHANGE_COLUMNS)

with st.expander("The figures behind the picture", icon=":material/table:"):
    table_with_download(by_month, "events_by_month", alt="Events and attendance per month")
    if not contributors.empty:
        table_with_download(contributors, "contributors", alt="Active and new contributors")
    if spend is not None and program.currency:
        table_with_download(spend, "spend_by_month", alt="Money paid per month")
page_parts.how_counted("period", *words.MEASURES, "rates", "change", "small_groups")
