"""Person: everything about a person on one time line; what is held, to see, to hand over and to erase."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import filters
from dashboard.asking.access import require
from dashboard.parts import page_parts, recording
from dashboard.subjects.named import panel as named
from dashboard.subjects.person import panel, words
from data_access.questions.named.entries import PERSON
from data_access.selection import INSIDE, Role

require(*INSIDE)
is_manager = filters.asked().scope.role is Role.PM  # what is held, and what can be recorded, is for them alone
count = panel.known()
top = st.container()  # the finding comes first, and says what was chosen below it
key = panel.choose(count)
with top:
    recording.show_outcome()
    shown = named.about(PERSON, key) if key else None
    if shown:
        if is_manager:
            panel.record(shown.thing.key)
        panel.note_opened(shown.thing.key)
        named.line(shown)
    else:
        page_parts.heading(words.QUESTION, *words.heading(count))
        page_parts.selection_line("Everything that is known, whatever the period")
if is_manager:
    if shown:
        panel.rights(shown.thing.key)
    panel.who_read()
page_parts.how_counted("timeline", "persons_rights", "reads")
