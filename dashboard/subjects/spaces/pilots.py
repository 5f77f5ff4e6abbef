"""The part of the Spaces page that is about pilots: their clocks, roadmaps and lessons, and where the next could be."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import named, page_parts
from dashboard.parts.tables import table_with_download
from dashboard.subjects.spaces import pilot_words, tables
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access import answers
from data_access.answers import rows
from data_access.questions.named.entries import SPACE
from data_access.questions.spaces.candidates import PilotCandidate, pilot_candidates
from data_access.questions.spaces.pilots import (
    PilotNewcomers,
    SpaceCoordinator,
    SpaceNote,
    SpacePilot,
    pilot_newcomers,
    space_coordinators,
    space_notes_list,
    space_pilots,
)
from data_access.selection import Selection

NOTES = ("kind", "note", "state", "due_on", "done_on", "noted_on")


def listed(selection: Selection) -> list[SpacePilot]:
    """Every pilot, the newest first."""
    return rows(SpacePilot, cached.answer(space_pilots, selection, filters.asked().scope))


def pilots(found: Sequence[SpacePilot], selection: Selection) -> None:
    """Each pilot that runs with its clock, roadmap and verdict; the others in a table; where the next could be."""
    scope = filters.asked().scope
    st.header("Pilots", anchor="pilots")
    if not found:
        page_parts.nothing("No space is or was a pilot.")
    notes = rows(SpaceNote, cached.answer(space_notes_list, selection, scope)) if scope.inside else []
    people: dict[str, PilotNewcomers] = {}
    if scope.inside:
        people = {row.space: row for row in rows(PilotNewcomers, cached.answer(pilot_newcomers, selection, scope))}
    for row in pilot_words.running(found):
        st.subheader(plain(row.name), anchor=False)
        named.onward((SPACE, row.space, row.name))
        st.progress(min(row.day / row.days, 1.0), text=plain(pilot_words.clock(row)))
        page_parts.remark(pilot_words.verdict(row, people.get(row.space)))
        own = [note for note in notes if note.space == row.space]
        if own:
            page_parts.remark(pilot_words.roadmap(own))
            _notes(own, f"notes_{row.space}")
    if not scope.inside and found:
        page_parts.remark("Roadmaps, challenges and lessons are told inside: to the program manager and the board.")
    if found:
        _all(found)
    others = [note for note in notes if note.space not in {row.space for row in pilot_words.running(found)}]
    if others:
        with st.expander(say("Notes on other spaces ({n})", n=len(others)), icon=":material/sticky_note_2:"):
            _notes(others, "space_notes", with_space=True)
    if scope.inside:
        _candidates(selection)


def _notes(own: Sequence[SpaceNote], name: str, *, with_space: bool = False) -> None:
    table_with_download(
        answers.table(SpaceNote, own),
        name,
        alt="Roadmap, challenges and lessons",
        columns=SpaceNote,
        shown=("name", *NOTES) if with_space else NOTES,
        widths={"note": 360, "kind": "small", "state": "small", "name": 160},
    )


def _all(found: Sequence[SpacePilot]) -> None:
    table = answers.table(SpacePilot, found)
    table_with_download(
        table.assign(verdict=[pilot_words.VERDICT_WORDS[row.verdict] for row in found]),
        "space_pilots",
        alt="Pilots with their clock, events and target",
        columns=SpacePilot,
        shown=(
            "name",
            "state",
            "day",
            "days",
            "held",
            "target",
            "gap",
            "needed",
            "per_week",
            "others_per_week",
            "verdict",
        ),
        widths={**tables.WIDTHS, "state": "small", "day": "small", "days": "small", "verdict": 150},
    )


def _candidates(selection: Selection) -> None:
    st.subheader("Where the next pilot could be", anchor=False)
    found = cached.answer(pilot_candidates, Selection(as_of=selection.as_of), filters.asked().scope)
    if found.empty:
        page_parts.nothing("No town further than 100 km from every space has somebody who organized there twice.")
        return
    st.caption(
        "Towns with people who organized there twice, more than 100 km from every open space; ranked by known "
        "organizers, by people who contribute, and by distance, each a third."
    )
    table_with_download(
        found,
        "pilot_candidates",
        alt="Towns for the next pilot, best first",
        columns=PilotCandidate,
        shown=("city", "country_name", "score", "organizers", "community", "events", "distance"),
    )


def coordinators(selection: Selection) -> None:
    """Inside: who looks after each space, and where nobody does."""
    scope = filters.asked().scope
    if not scope.inside:
        return
    found = cached.answer(space_coordinators, selection, scope)
    people = rows(SpaceCoordinator, found)
    if not people:
        return
    missing = sum(row.person is None for row in people)
    st.header("Who coordinates", anchor=False)
    if missing:
        page_parts.remark(
            say("{missing} of {all} places are empty: each space has a technical and a community side.",
                missing=missing, all=len(people))
        )  # fmt: skip
    wide = tables.coordinators(people)
    table_with_download(
        answers.table(tables.CoordinatorsOf, wide),
        "space_coordinators",
        alt="Coordinators of each space",
        columns=tables.CoordinatorsOf,
        with_keys=False,
        widths=tables.WIDTHS,
    )
