"""Languages: in which languages do we work, whom do they reach, and which are missing?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import page_parts
from dashboard.parts.beside import side_by_side
from dashboard.parts.figures import show_figure
from dashboard.parts.tables import table_with_download
from dashboard.subjects.languages import charts, panel, sides, tables, words
from dashboard.words.places import chosen_places
from data_access.questions.languages.coverage import LanguageInQuarter, languages_by_quarter, languages_of_events
from data_access.questions.languages.gaps import LanguageGap, language_gaps
from data_access.questions.languages.materials import materials_by_language
from data_access.questions.languages.reach import language_next, language_reach
from data_access.questions.languages.speakers import language_people
from data_access.selection import STAFF, Selection

require(*STAFF)
now = filters.asked()
selection, scope = now.selection, now.scope

spoken = cached.answer(languages_of_events, selection, scope)
if not int(spoken["events"].sum()):
    page_parts.nothing_here(now)
materials = cached.answer(materials_by_language, selection, scope)
following = cached.answer(language_next, selection, scope)
found = words.summary(
    spoken,
    materials,
    cached.answer(language_reach, selection, scope),
    following,
    chosen_places(selection, now.names),
)
gaps = cached.answer(language_gaps, selection, scope)
matrix, exact = words.matrix(gaps), scope.inside

page_parts.heading("In which languages do we work, and whom do they reach?", words.finding(found), words.more(found))
page_parts.selection_line()
page_parts.headline_numbers(words.headlines(found))

st.header("Spoken there, held there, or within reach?", anchor=False)
if matrix.countries:
    st.caption(words.legend(exact))
    picture = charts.matrix_picture(matrix, page_parts.theme_type(), exact)
    show_figure(picture, key="language_matrix", rows=panel.events_in)
else:
    page_parts.nothing("Of none of these countries is it known which languages are spoken there.")

st.header("Which gaps could we close?", anchor="gaps")
tables.gaps_to_close(gaps)
tables.who_could_speak()
tables.what_to_add(following)

st.header("How far do the languages offered in each country reach?", anchor=False)
panel.language_map()

by_quarter = cached.answer(languages_by_quarter, words.trend_asked(selection), scope)
panel.trend_picture(by_quarter, spoken)
panel.materials_picture(materials)
tables.every_language(spoken, materials, cached.answer(language_people, Selection(as_of=selection.as_of), scope))
with st.expander("The figures behind the pictures", icon=":material/table:"):
    matrix_rows = gaps if exact else gaps.drop(columns="members_there")
    table_with_download(matrix_rows, "language_matrix", alt="Countries and languages", columns=LanguageGap)
    table_with_download(
        by_quarter, "languages_by_quarter", alt="Events by language and quarter", columns=LanguageInQuarter
    )

side_by_side(sides.side, "language_trends")
talks = ("talks",) if exact else ()
page_parts.how_counted(
    "period", "events_by_language", *talks, "original_share", "language_reach", "language_next", "language_gap",
    "offered_there", "language_people", "borders",
)  # fmt: skip
