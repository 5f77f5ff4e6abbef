"""The Person page: somebody is found, shown, handed over and erased; and who read about persons is listed."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import streamlit as st

from dashboard import settings
from dashboard.asking import cached, filters
from dashboard.parts import named, page_parts, person_forms, recording
from dashboard.parts.downloads import download_button
from dashboard.parts.tables import table_with_download
from dashboard.subjects.person import words
from dashboard.words.sentences import say
from data_access import actions, answers
from data_access.actions import Author
from data_access.answers import Text
from data_access.persons.held import MOST_FOUND, PersonFile, UnknownPerson, find_people, held_about, known_people
from data_access.persons.reads import MOST_SHOWN, newest_reads
from data_access.questions.data.reads import PersonalRead

# In the address of older links: the key of the person; now it is `key`, as for everything with a name.
OLDER = "person"
_SHOWN = "uplift_person_shown"


class HeldRow(NamedTuple):
    """A row of what is held, as the page lists it."""

    table: Annotated[str, Text("Where")]
    row: Annotated[str, Text("What")]


def known() -> int:
    """How many people are known."""
    with cached.current().program.connect() as connection:
        return known_people(connection)


def choose(count: int) -> str | None:
    """The key of the person who is looked for; None while nobody is chosen."""
    if not count:
        page_parts.empty("Nothing is held about anybody.", "Import people on the Data page, or with `uplift import`.")
        return None
    asked = (st.query_params.get(named.KEY) or st.query_params.get(OLDER, ""))[:200]
    box, among = recording.key("person", "sought"), recording.key("person", "key")
    if asked and (box not in st.session_state or asked != st.session_state.get(_SHOWN)):
        # A link to somebody, perhaps while this page showed another: what was looked for before is over.
        st.session_state[box] = asked
        st.session_state.pop(among, None)
    sought = st.text_input("Key or name", key=box, max_chars=200, on_change=_forget_shown)
    if not sought.strip():
        return None
    with cached.current().program.connect() as connection:
        found = find_people(connection, sought)
    if not found:
        page_parts.nothing("Nobody here has such a key or name.")
        return None
    if len(found) == MOST_FOUND:
        page_parts.remark(say(words.MANY_FOUND, n=MOST_FOUND))
    names = dict(found)
    chosen: str = st.selectbox("Person", list(names), format_func=lambda key: words.choice(key, names[key]), key=among)
    st.query_params.pop(OLDER, None)
    st.query_params[named.KEY] = st.session_state[_SHOWN] = chosen
    return chosen


def _forget_shown() -> None:
    """What is looked for now decides, and no longer the address."""
    for name in (named.KEY, OLDER):
        st.query_params.pop(name, None)


def note_opened(key: str) -> None:
    """Let it be recorded whose page was opened."""
    cached.note_read("person_timeline", filters.asked().scope, about=key)


def held(key: str) -> PersonFile | None:
    """Everything about the person, read with each run; that it was read is recorded."""
    try:
        with cached.current().program.connect() as connection:
            found = held_about(connection, key)
    except UnknownPerson:
        return None
    cached.note_read("person_show", filters.asked().scope, about=key)
    return found


def everything(found: PersonFile) -> None:
    """The rows of every table, and the two files."""
    rows = [HeldRow(table, row) for table, row in found.lines()]
    table_with_download(
        answers.table(HeldRow, rows),
        "person",
        alt="Everything held about a person",
        columns=HeldRow,
        widths={"table": 180},
    )
    scope = filters.asked().scope

    def made(content: str) -> bytes:
        cached.note_read("person_export", scope, about=found.key)
        return content.encode()

    with st.container(horizontal=True, gap="small"):
        download_button(
            "Export as JSON", lambda: made(found.as_json()), "person.json", "application/json", "person_json"
        )
        download_button("Export as text", lambda: made(found.as_text()), "person.txt", "text/plain", "person_text")


def record(key: str) -> None:
    """What can be recorded next about the person."""
    with st.expander("Record something", icon=":material/edit:"):
        person_forms.forms(key)


def rights(key: str) -> None:
    """Everything that is held about the person: to see, to hand over, and to erase."""
    st.header("What is held", anchor=False)
    # Every text of the program is searched for the name: only for who asks, and that it was read is recorded.
    if not st.toggle("Show what is held, to hand it over or to erase it", key="person_held"):
        return
    found = held(key)
    if found is None:
        return
    page_parts.remark(words.finding(found))
    page_parts.remark(words.more(found))
    everything(found)
    erase(found)


def erase(found: PersonFile) -> None:
    """The form that erases, once the key is typed."""
    st.header("Erase this person", anchor=False)
    st.write(words.ERASING)
    with st.form("person_form", border=False):
        typed = recording.key("person", "typed")
        st.text_input("Type the person’s key to confirm", key=typed, max_chars=200)
        st.form_submit_button("Erase for good", type="primary", on_click=_erase, args=(found.key, typed))


def _erase(key: str, typed: str) -> None:
    def write(by: Author, _: Any) -> str:
        done = actions.erase_person(
            cached.current(), by, key, typed=str(st.session_state.get(typed, "")), today=settings.current().today()
        )
        # Answers of before, with the name in them, are kept no longer either.
        st.cache_data.clear()
        return done

    recording.attempt(write)


def who_read() -> None:
    """The newest readings about persons."""
    st.header("Who read about persons", anchor=False)
    with cached.current().program.connect() as connection:
        found = newest_reads(connection)
    if not found:
        page_parts.nothing("Nothing was read yet.")
        return
    if len(found) == MOST_SHOWN:
        page_parts.remark(say(words.NEWEST, n=MOST_SHOWN))
    table_with_download(
        answers.table(PersonalRead, found), "reads", alt="Who read what about persons", columns=PersonalRead
    )
