"""People with several keys on the Data page: who is probably one, and what is no person. For the PM alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts, recording
from dashboard.parts.tables import table_with_download
from dashboard.subjects.data import blocks
from dashboard.words.sentences import Counted, say
from dashboard.words.text import plain
from data_access import actions, answers
from data_access.actions import Author
from data_access.answers import Key, Text
from data_access.persons.aliases import load_aliases
from data_access.persons.likeness import Alike, by_strength
from data_access.persons.not_people import load_not_people, names_of

MOST_ASKED, NEWEST = 10, 10
FOUND = Counted("{n} pair of keys may be one person", "{n} pairs of keys may be one person each")
HOW_SURE = "{found}: {strong} with strong signs, {likely} likely, {possible} possible."
NONE = "No two people look like one. Whoever was judged already is not asked about again."
MORE = "The surest {shown} of {n}. The next ones come as these are judged; the table has all."
APART = (
    "Who is on this list is counted among no people, and what they did is nobody’s contribution: their rows are kept "
    "apart, and come back once the line goes. A star stands for anything. Whoever asks for money, applied, is a member "
    "or coordinates a team stays a person."
)
SET_APART = Counted("{n} key is set apart by it.", "{n} keys are set apart by it.")
MERGING = "Everything held under {merged} becomes {kept}’s, also what a later import brings. It can be undone."


class PairOfKeys(NamedTuple):
    """A pair as the table lists it."""

    strength: Annotated[str, Text("How sure")]
    kept: Annotated[str, Key("Key")]
    kept_name: Annotated[str, Text("Name")]
    merged: Annotated[str, Key("Other key")]
    merged_name: Annotated[str, Text("Other name")]
    evidence: Annotated[str, Text("What speaks for it")]
    against: Annotated[str, Text("What speaks against it")]


class KeySetApart(NamedTuple):
    """A key of a bot or placeholder."""

    key: Annotated[str, Key("Key")]
    name: Annotated[str, Text("Name")]


def section() -> None:
    """Nothing is merged before it is said of each pair."""
    st.header("One person, several keys", anchor=False)
    recording.show_outcome(recording.FORM, recording.UNDO)
    found = cached.probable_same_persons(filters.asked().scope)
    if found:
        st.write(say(HOW_SURE, found=FOUND(len(found)), **by_strength(found)))
        for number, pair in enumerate(found[:MOST_ASKED]):
            _ask(number, pair)
        _all_pairs(found)
    else:
        page_parts.nothing(NONE)
    _by_hand()
    _recorded()
    _not_people()


def _called(key: str, name: str) -> str:
    return say("{name} ({key})", name=name, key=key) if name and name != key else key


def _ask(number: int, pair: Alike) -> None:
    one, other = _called(pair.kept, pair.kept_name), _called(pair.merged, pair.merged_name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"pair_{number}"):
        page_parts.show(blocks.pair_line(one, other, pair.strength, pair.evidence, pair.against))
        with st.popover("Merge", icon=":material/merge:", key=recording.key("merge", str(number))):
            st.write(plain(say(MERGING, merged=pair.merged, kept=pair.kept)))
            st.button(
                "Merge them",
                type="primary",
                key=recording.key("merge_now", str(number)),
                on_click=_merge,
                args=(pair.merged, pair.kept),
            )
            st.button(
                plain(say("Keep {key} instead", key=pair.merged)),
                key=recording.key("merge_other_way", str(number)),
                on_click=_merge,
                args=(pair.kept, pair.merged),
            )
        st.button(
            "Not the same",
            icon=":material/call_split:",
            key=recording.key("different", str(number)),
            on_click=_different,
            args=(pair.kept, pair.merged),
        )


def _all_pairs(found: list[Alike]) -> None:
    if len(found) > MOST_ASKED:
        st.caption(say(MORE, shown=MOST_ASKED, n=len(found)))
    with st.expander("All pairs as a table", icon=":material/table:"):
        table_with_download(
            answers.table(PairOfKeys, [PairOfKeys(*pair) for pair in found]),
            "probable_same_persons",
            alt="People who are probably one, the surest first",
            columns=PairOfKeys,
            widths={"evidence": "large"},
        )


def _by_hand() -> None:
    with cached.current().program.connect() as connection:
        merged: Mapping[str, str] = {
            key: kept for key, kept in load_aliases(connection).merged_into.items() if kept is not None
        }
    with st.expander("Merge or split by key", icon=":material/edit:"):
        with st.form("merge_form", border=False):
            names = [recording.key("merge_by_hand", name) for name in ("merged", "kept")]
            st.text_input("Key that goes", key=names[0], max_chars=200)
            st.text_input("Key that stays", key=names[1], max_chars=200)
            st.form_submit_button("Merge them", on_click=_merge_typed, args=tuple(names))
        if merged:
            chosen = st.selectbox(
                "Merged key",
                sorted(merged),
                format_func=lambda key: say("{key}, merged into {kept}", key=key, kept=merged[key]),
                key=recording.key("split", "chosen"),
            )
            st.button("Split it", key=recording.key("split", "now"), on_click=_split, args=(chosen,))


def _recorded() -> None:
    with cached.current().program.connect() as connection:
        changes = actions.persons_changes(connection)[:NEWEST]
    if changes:
        with st.expander("What was merged, split and kept apart", icon=":material/history:"):
            for change in changes:
                recording.change_line(change, change.words, may_undo=True)


def _not_people() -> None:
    with cached.current().program.connect() as connection:
        listed = "\n".join(sorted(load_not_people(connection).patterns))
        apart = names_of(connection)
    with st.expander("Bots and placeholders", icon=":material/smart_toy:"):
        st.write(APART)
        if apart:
            st.write(SET_APART(len(apart)))
            table_with_download(
                answers.table(KeySetApart, [KeySetApart(key, name or "") for key, name in sorted(apart.items())]),
                "set_apart",
                alt="Keys that are set apart",
                columns=KeySetApart,
            )
        with st.form("not_people_form", border=False):
            name = recording.key("not_people", "lines")
            st.text_area("No people: a key or name a line", listed, height=240, key=name, max_chars=100_000)
            st.form_submit_button("Keep the list", on_click=_keep_list, args=(name, listed))


def _merge(merged: str, kept: str) -> None:
    def write(by: Author, _: frozenset[str]) -> str:
        return actions.merge_people(cached.current(), by, merged, kept)

    recording.attempt(write)


def _merge_typed(merged: str, kept: str) -> None:
    _merge(*(str(st.session_state.get(name, "")).strip() for name in (merged, kept)))


def _split(merged: str) -> None:
    def write(by: Author, _: frozenset[str]) -> str:
        return actions.split_person(cached.current(), by, merged)

    recording.attempt(write)


def _different(one: str, other: str) -> None:
    def write(by: Author, _: frozenset[str]) -> str:
        return actions.say_different(cached.current(), by, one, other)

    recording.attempt(write)


def _keep_list(name: str, opened: str) -> None:
    def write(by: Author, _: frozenset[str]) -> str:
        lines = str(st.session_state.get(name, "")).splitlines()
        return actions.change_not_people(cached.current(), by, lines, opened=opened)

    recording.attempt(write)
