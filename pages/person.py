"""Person: what is held about a person, to see, to hand over and to erase."""

from __future__ import annotations

from dashboard.asking.access import require
from dashboard.parts import page_parts, recording
from dashboard.subjects.person import panel, words
from data_access.selection import Role

require(Role.PM)
count = panel.known()
recording.show_outcome(recording.FORM)
key = panel.choose(count)
held = panel.held(key) if key else None
if held:
    page_parts.heading(words.QUESTION, words.finding(held), words.more(held))
    panel.everything(held)
    panel.erase(held)
elif count:
    page_parts.heading(words.QUESTION, words.KNOWN(count), words.MORE)
page_parts.selection_line("Everything that is held, whatever the period")
panel.who_read()
page_parts.how_counted("persons_rights", "reads")
