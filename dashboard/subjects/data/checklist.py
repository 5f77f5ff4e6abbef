"""The checklist of the Data page: what each page still needs, as soon as something was imported."""

from __future__ import annotations

import streamlit as st

from dashboard.asking.access import Viewer
from dashboard.parts import own_program
from dashboard.parts.page_parts import show
from dashboard.parts.tables import table_with_download
from dashboard.subjects.data import blocks
from dashboard.words import needs as words
from dashboard.words.sentences import Counted
from data_access.answers import table
from data_access.questions.data.needs import PageNeed

COMPLETE = "Every page has what it is made of."
LACKING = Counted("{n} page lacks something", "{n} pages lack something")


def what_pages_need(viewer: Viewer) -> None:
    """A line for each page that lacks something, with what it is for; the whole list folded away."""
    known = own_program.needs(viewer)
    if not any(need.rows for need in known):
        return
    missing = {page: words.lacking(known, page) for page in dict.fromkeys(need.page for need in known)}
    lines = [(words.needs_words(page, found), [need.why for need in found]) for page, found in missing.items() if found]
    st.header("What each page still needs", anchor=False)
    show(blocks.checklist(lines) if lines else blocks.complete(COMPLETE))
    with st.expander(LACKING(len(lines)) if lines else "What each page is made of", icon=":material/checklist:"):
        every = table(PageNeed, known)
        table_with_download(every, "page_needs", alt="What each page is made of", columns=PageNeed)
