"""Data: what was imported when, how complete it is, what to mend, and the way to import more."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.asking.access import require
from dashboard.asking.linked import keep
from dashboard.parts import page_parts
from dashboard.parts.beside import side_by_side
from dashboard.subjects.data import checklist, in_order, mending, panel, same_persons, sides, undoing, words
from dashboard.subjects.messages import panel as messages
from data_access.answers import rows
from data_access.questions.data.imports_log import (
    ImportTotal,
    imports_log,
    imports_total,
)
from data_access.questions.data.quality import data_quality
from data_access.selection import STAFF, Role

require(*STAFF)
now = filters.asked()
narrowed = st.query_params.get(words.QUALITY_OF) == words.CHOSEN
selection = now.selection if narrowed else words.everything(now.selection)
total, checks = words.found(cached.answer(data_quality, selection, now.scope))
[totals] = rows(ImportTotal, cached.answer(imports_total, selection, now.scope))

page_parts.heading("How complete and fresh is the data?", words.finding(total, checks))
page_parts.selection_line("" if narrowed else "All events, of any time and status")
st.segmented_control(
    "Events to check",
    [words.EVERY, words.CHOSEN],
    required=True,
    **keep(words.QUALITY_OF, (words.EVERY, words.CHOSEN), words.EVERY),
    label_visibility="collapsed",
)
page_parts.headline_numbers(words.headlines(total, checks, cached.version(), totals.imports))

if checks:
    mending.to_mend(selection, checks)
elif total:
    page_parts.empty("Nothing to mend.", "No check found a doubtful or incomplete event among those asked for.")

side_by_side(sides.side, "quality")
if now.scope.inside:
    panel.imported(cached.answer(imports_log, selection, now.scope), totals)
    panel.refused()
if now.scope.role is Role.PM:
    checklist.what_pages_need(now.viewer)
    st.header("Import files", anchor=False)
    panel.upload_panel(now.viewer)
    panel.sources()
    undoing.undo_imports()
    same_persons.section()
    in_order.section()
messages.section(now.viewer)
counted = ("events", "unknown_place", "probable_duplicate", "quality_share")
page_parts.how_counted(*counted, *(("several_keys", "not_people") if now.scope.role is Role.PM else ()))
