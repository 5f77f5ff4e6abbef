"""The newest imports on the Data page, each with the button that undoes it or why it cannot be undone. For the PM."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached
from dashboard.parts import page_parts, recording
from dashboard.subjects.data import blocks
from dashboard.words import numbers
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access.actions import Author, newest_imports, undo_import

UNDO = "undo_import"
ASKED = "Import {number} of {source}: rows that it added go, rows that it changed are again what they were."


def undo_imports() -> None:
    """Nothing is undone before the question is answered."""
    with cached.current().program.connect() as connection:
        found = newest_imports(connection)
    recording.show_outcome(UNDO)
    if not found:
        return
    st.header("Undo an import", anchor=False)
    for each in found:
        number = str(each.import_id)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"import_{number}"):
            moment = numbers.short_moment(each.finished_at)
            page_parts.show(
                blocks.import_line(say("Import {number}", number=number), each.source, moment, each.problem)
            )
            if not each.problem:
                with st.popover("Undo", icon=":material/undo:", key=f"undo_import_{number}"):
                    st.write(plain(say(ASKED, number=number, source=each.source)))
                    st.button("Undo this import", type="primary", key=f"undo_{number}", on_click=_undo, args=(number,))


def _undo(number: str) -> None:
    def write(by: Author, confirmed: frozenset[str]) -> str:
        return undo_import(cached.current(), by, int(number))

    recording.attempt(write, place=UNDO)
