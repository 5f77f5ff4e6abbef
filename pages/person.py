"""Person: what is held about a person, to see, to hand over and to erase."""

from __future__ import annotations

import streamlit as st

from dashboard.asking.access import require
from dashboard.parts import page_parts, recording
from dashboard.subjects.person import panel, words
from data_access.selection import Role

require(Role.PM)
count = panel.known()
top = st.container()  # the finding comes first, and says what was chosen below it
recording.show_outcome()
key = panel.choose(count)
held = panel.held(key) if key else None
with top:
    page_parts.heading(words.QUESTION, *words.heading(count, held))
    page_parts.selection_line("Everything that is held, whatever the period")
if held:
    panel.record(held)
    panel.everything(held)
    panel.erase(held)
panel.who_read()
page_parts.how_counted("persons_rights", "reads")
