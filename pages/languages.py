"""Languages: in which languages do we work, whom do they reach, and which are missing?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.figures import show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.languages import tables, words
from dashboard.subjects.languages.charts import legend, matrix_picture
from dashboard.subjects.languages.panel import language_map
from data_access.questions.languages.coverage import (
    language_people,
    languages_by_quarter,
    languages_of_events,
    materials_by_language,
)
from data_access.questions.languages.reach import language_gaps, language_next, language_reach
from data_access.selection import STAFF

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope

spoken = cached.answer(languages_of_events, selection, scope)
if not int(spoken["events"].sum()):
    page_parts.nothing_here(now)
materials = cached.answer(materials_by_language, selection, scope)
following = cached.answer(language_next, selection, scope)
found = words.summary(spoken, materials, cached.answer(language_reach, selection, scope), following)
gaps = cached.answer(language_gaps, selection, scope)
matrix, exact = words.matrix(gaps), scope.sees_small_groups

page_parts.heading("In which languages do we work, and whom do they reach?", words.finding(found), words.more(found))
page_parts.selection_line()
page_parts.headline_numbers(words.headlines(found))

st.header("Spoken there, held there, or within reach?", anchor=False)
st.caption(f"Numbers: per cent of the inhabitants who know the language. {legend(exact)}.")
show_figure(matrix_picture(matrix, page_parts.theme_type(), exact), key="language_matrix")

st.header("Which gaps could we close?", anchor="gaps")
tables.gaps_to_close(gaps)
tables.who_could_speak()
tables.what_to_add(following)

st.header("How far do the languages offered in each country reach?", anchor=False)
language_map()

by_quarter = cached.answer(languages_by_quarter, words.trend_asked(selection), scope)
tables.trend_picture(by_quarter, spoken)
tables.materials_picture(materials)
tables.every_language(spoken, materials, cached.answer(language_people, selection, scope))
with st.expander("The figures behind the pictures", icon=":material/table:"):
    table_with_download(gaps, "language_matrix", alt="Countries and languages")
    table_with_download(by_quarter, "languages_by_quarter", alt="Events by language and quarter")
page_parts.how_counted(
    "period", "events_by_language", "talks", "original_share", "language_reach", "language_next", "language_gap",
    "offered_there", "language_people", "borders",
)  # fmt: skip
