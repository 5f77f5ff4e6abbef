"""The event map: where are we, where are we not, and who could go there?"""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.parts import named, page_parts
from dashboard.parts.beside import side_by_side
from dashboard.subjects.event_map import forms, panel, sides, tables, words
from data_access.answers import rows
from data_access.questions.event_map.gaps import CountryGap, country_gaps
from data_access.questions.event_map.reach import urban_reach
from data_access.questions.events.counts import events_by_country, events_by_place, events_total
from data_access.questions.named.entries import COUNTRY
from data_access.selection import Role

require(*Role)
now = filters.asked()
selection, scope = now.selection, now.scope

gaps = cached.answer(country_gaps, selection, scope)
found = words.summary(
    cached.answer(events_total, selection, scope),
    cached.answer(events_by_place, selection, scope),
    cached.answer(events_by_country, selection, scope),
    cached.answer(urban_reach, selection, scope),
    gaps,
    selection,
    now.names,
)
if not found.total:
    page_parts.nothing_here(now, forms.record_what_became)
    st.stop()

countries = [(COUNTRY, gap.country, gap.name) for gap in rows(CountryGap, gaps)]
finding = named.sentence(words.finding(found), countries)
page_parts.heading("Where are we, and where are we not?", finding, words.more(found))
page_parts.selection_line()
page_parts.headline_numbers(words.headlines(found))
panel.map_and_list()
forms.record_what_became()

st.header("Where are we not?", anchor="gaps")
tables.gaps_ranked(gaps)
tables.who_could_go(gaps)
tables.towns_out_of_reach()
tables.presence()
tables.profiles()
tables.every_country(gaps)
side_by_side(sides.side, "event_map")
page_parts.how_counted(
    "period", "events", "rate", "gap_ratio", "reach", "presence", "region_profile", "borders", "unknown_place"
)
