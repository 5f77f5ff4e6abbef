"""Who needs a word now: a card a person with what to say and the forms in place; all of them in a folded table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import blocks, named, page_parts
from dashboard.parts.tables import MOST_SHOWN, Whole, table_with_download
from dashboard.subjects.members import forms, tables, word_words, words
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.members.conduct import MissingAcceptance, conduct_not_accepted
from data_access.questions.members.missed import MissedRun, missed_in_a_row
from data_access.questions.members.standing import AT_RISK, MemberStanding, floor_standing
from data_access.questions.members.summary import FloorCount
from data_access.questions.members.waiting import WaitingApplication, applications_waiting
from data_access.questions.named.entries import PERSON
from data_access.selection import Period, Selection

MOST_CARDS = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a word: how many there are, the first of them, what is said when there is none, and the table."""

    label: str
    people: int
    first: Sequence[word_words.Word]
    none: str
    table: Callable[[], None]


def needed(selection: Selection, summary: Sequence[FloorCount]) -> str:
    """The people of one kind of reason, the most pressing first; returns the key of whose forms are open, or ""."""
    kinds = {
        "risk": _at_risk(selection, summary),
        "missed": _missed(selection),
        "waiting": _waiting(selection),
        "conduct": _conduct(selection),
    }
    st.header("Who needs a word now", anchor=False)
    labels = {name: say("{kind}: {n}", kind=kind.label, n=kind.people) for name, kind in kinds.items()}
    kind = kinds[page_parts.linked_choice("Because of", labels, "word")]
    if not kind.people:
        page_parts.nothing(kind.none)
    cards = {each.key: each for each in kind.first}  # somebody may wait with two applications
    opened = [key for key, each in cards.items() if _card(each)]
    if kind.people:
        with st.expander(say("All of them as a table ({n})", n=kind.people), icon=":material/table:"):
            kind.table()
    return next(iter(opened), "")


def _card(each: word_words.Word) -> bool:
    with st.container(border=True, gap="xsmall", key=f"word_{each.key}"):
        name = named.link(PERSON, each.key, each.name)
        page_parts.show(blocks.person_card(name, each.when, each.words))
        return forms.in_place(each.key)


def _at_risk(selection: Selection, summary: Sequence[FloorCount]) -> Reason:
    now = filters.asked()
    this_quarter = replace(selection, period=Period.quarter_of(selection.as_of))
    found = rows(
        MemberStanding, cached.answer(floor_standing, this_quarter, now.scope, state=AT_RISK, limit=MOST_SHOWN)
    )
    people = words.by_state(summary, selection.as_of)[AT_RISK]

    def table() -> None:
        table_with_download(
            tables.at_risk(found),
            "members_at_risk",
            alt="Members at risk this quarter",
            columns=tables.MemberAtRisk,
            with_keys=False,
            widths=tables.WIDTHS,
            on_select=forms.on_row("members_at_risk", [row.person_key for row in found]),
            whole=Whole(
                people,
                lambda: tables.at_risk(
                    rows(MemberStanding, cached.answer(floor_standing, this_quarter, now.scope, state=AT_RISK))
                ),
            ),
        )

    none = "Nobody: everybody who counts has met the floor or has enough events scheduled."
    return Reason("At risk", people, [word_words.at_risk(row) for row in found[:MOST_CARDS]], none, table)


def _missed(selection: Selection) -> Reason:
    answer = cached.answer(missed_in_a_row, selection, filters.asked().scope)

    def table() -> None:
        table_with_download(
            answer,
            "missed_in_a_row",
            alt="Members by quarters missed in a row",
            columns=MissedRun,
            with_keys=False,
            widths=tables.WIDTHS,
            on_select=forms.on_row("missed_in_a_row", list(answer["person_key"])),
        )

    first = [word_words.missed(row) for row in rows(MissedRun, answer.head(MOST_CARDS))]
    return Reason("Missed in a row", len(answer), first, "Nobody missed the last quarter that is over.", table)


def _waiting(selection: Selection) -> Reason:
    answer = cached.answer(applications_waiting, selection, filters.asked().scope)

    def table() -> None:
        table_with_download(
            answer,
            "applications_waiting",
            alt="Applications that wait for their next step, the longest first",
            columns=WaitingApplication,
            shown=["name", "cohort", "step", "since", "days", "asked", "reviewed", "review_score", "score"],
            widths=tables.WIDTHS,
            height=320,
            on_select=forms.on_row("applications_waiting", list(answer["person_key"])),
        )

    first = [word_words.waiting(row) for row in rows(WaitingApplication, answer.head(MOST_CARDS))]
    return Reason("Applications that wait", len(answer), first, "No application waits for its next step.", table)


def _conduct(selection: Selection) -> Reason:
    answer = cached.answer(conduct_not_accepted, selection, filters.asked().scope)

    def table() -> None:
        table_with_download(
            answer,
            "conduct_not_accepted",
            alt="Members who have not accepted the newest version of the code of conduct",
            columns=MissingAcceptance,
            shown=["name", "accepted", "accepted_on"],
            widths=tables.WIDTHS,
            height=240,
            on_select=forms.on_row("conduct_not_accepted", list(answer["person_key"])),
        )

    first = [word_words.conduct(row) for row in rows(MissingAcceptance, answer.head(MOST_CARDS))]
    none = "Every member has accepted the newest version that is recorded."
    return Reason("Code of conduct", len(answer), first, none, table)
