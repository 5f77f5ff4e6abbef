"""The request desk's parts: the queue, one request with every figure explained, the decisions with undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import named, page_parts, recording
from dashboard.parts.tables import MOST_SHOWN, Whole, table_with_download
from dashboard.subjects.requests import blocks, forms, tables, words
from dashboard.words.sentences import say
from dashboard.words.text import plain
from data_access import answers
from data_access.imports.rows import clipped
from data_access.questions.named.entries import EVENT, PERSON
from data_access.questions.requests.figures import WhatIfFigure
from data_access.questions.requests.nearer import MOST_NEARER, NearerMember, nearer_members
from data_access.questions.requests.queue import (
    PENDING,
    TO_PAY,
    QueuedRequest,
    RequestDecision,
    request_decisions,
    request_queue,
)
from data_access.questions.requests.totals import WaitingTotal, request_totals
from data_access.questions.requests.what_if import what_if
from data_access.selection import Role

SHOWN_REQUEST = "request"
_NEXT = "uplift_request_next"
QUESTION = "Which request comes next, and what would it do?"
SHOWN_DECISIONS = ["happened_at", "author", "name", "words", "note", "undone"]
SHOWN_NEARER = [name for name in NearerMember._fields if name != "person_key"]


class Desk(NamedTuple):
    """What waits: the first of each queue, oldest first, and the totals of all."""

    pending: list[QueuedRequest]
    unpaid: list[QueuedRequest]
    totals: WaitingTotal
    unpaid_totals: WaitingTotal


def desk() -> Desk:
    """What waits for a decision or for its payment on the day."""
    now = filters.asked()
    totals, unpaid_totals = answers.rows(WaitingTotal, cached.answer(request_totals, now.selection, now.scope))
    return Desk(_queue(PENDING), _queue(TO_PAY), totals, unpaid_totals)


def _queue(waiting: str, request: str = "", limit: int = MOST_SHOWN) -> list[QueuedRequest]:
    now = filters.asked()
    found = cached.answer(request_queue, now.selection, now.scope, waiting=waiting, request=request, limit=limit)
    return answers.rows(QueuedRequest, found)


def chosen(shown: Desk) -> QueuedRequest | None:
    """The request that the address names, listed or not; None when it names none, or one that waits no more."""
    named = st.query_params.get(SHOWN_REQUEST, "")
    if not named:
        return None
    for row in (*_queue(PENDING, named), *_queue(TO_PAY, named)):
        return row
    recording.show_outcome(recording.FORM)
    gone = say("The request “{request}” does not wait any more, or is not there.", request=named[:60])
    st.info(plain(gone), icon=":material/info:")
    _next_button(following(shown.pending, named, str(st.session_state.get(_NEXT, ""))), "primary")
    return None


def following(pending: Sequence[QueuedRequest], request: str, remembered: str = "") -> str:
    """The key of the request to decide after this one: the next older one's; of a decided one the remembered, or the
    first. The board's are those that only the board can approve. "" when there is no other.
    """
    board = filters.asked().scope.role is Role.BOARD
    keys = [row.request_key for row in pending if row.request_key == request or row.for_board or not board]
    if request in keys:
        at = keys.index(request)
        keys = [*keys[at + 1 :], *keys[:at]]
    return remembered if remembered in keys else next(iter(keys), "")


def _next_button(key: str, look: Literal["primary", "secondary"]) -> None:
    if key:
        st.button(
            "Next request", icon=":material/arrow_forward:", key="next_request", type=look, on_click=_open, args=(key,)
        )


def _open(request: str) -> None:
    st.query_params[SHOWN_REQUEST] = request


def _show(table: str, keys: Sequence[str]) -> None:
    rows = st.session_state[f"table_{table}"].selection.rows
    if rows:
        _open(keys[rows[0]])


def _show_none() -> None:
    st.query_params.pop(SHOWN_REQUEST, None)


def queue(shown: Desk) -> None:
    """What waits for a decision, oldest first; a row opens its request."""
    st.header("The queue, oldest first", anchor=False)
    if not shown.pending:
        page_parts.nothing("Nothing waits. New requests arrive with the next import.")
        return
    st.caption(words.queue_words(filters.asked().scope))
    alt = "Requests that wait for a decision, oldest first"
    _table(shown.pending, PENDING, shown.totals.requests, "request_queue", alt)


def _table(found: Sequence[QueuedRequest], waiting: str, rows: int, name: str, alt: str) -> None:
    keys = [row.request_key for row in found]
    table_with_download(
        tables.waiting(found),
        name,
        alt=alt,
        columns=tables.WaitingRequest,
        shown=tables.SHOWN,
        widths=tables.WIDTHS,
        height=420,
        on_select=lambda: _show(name, keys),
        whole=Whole(rows, lambda: tables.waiting(_queue(waiting, limit=0))),
    )


def to_pay(shown: Desk) -> None:
    """What is approved and waits for its payment."""
    rows = shown.unpaid_totals.requests
    with st.expander(say("Approved, not yet paid ({n})", n=rows), icon=":material/payments:"):
        if shown.unpaid:
            st.caption("Select a row to record its payment. The age counts from the approval.")
            _table(shown.unpaid, TO_PAY, rows, "requests_to_pay", "Approved requests that are not paid, oldest first")
        else:
            page_parts.nothing("Everything that was approved is paid.")


def one_request(row: QueuedRequest, shown: Desk) -> None:
    """The request with its event and all its figures, the forms to decide it, who could go instead, and the next."""
    now = filters.asked()
    answer = cached.answer(what_if, now.selection, now.scope, request=row.request_key)
    figures = answers.rows(WhatIfFigure, answer)
    waits = row.approved_amount is None
    then = following(shown.pending, row.request_key, "" if waits else str(st.session_state.get(_NEXT, "")))
    if waits:
        st.session_state[_NEXT] = then
    with st.container(border=True, key="one_request"):
        page_parts.opened(row.request_key)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="request_ways"):
            if said := words.place_in_queue(row, shown.pending, shown.totals.requests):
                page_parts.remark(said, width="content")
            _next_button(then, "secondary" if waits else "primary")
            st.button("Close this request", icon=":material/close:", key="close_request", on_click=_show_none)
        st.header(plain(clipped(words.title(row), 200)), anchor=False)
        named.onward((PERSON, row.person_key, row.name or row.person_key), (EVENT, row.event_key, row.title or ""))
        page_parts.show(blocks.event(words.event(row), over=words.is_over(row)))
        page_parts.show(blocks.verdict(words.verdict(figures)))
        page_parts.show(blocks.what_if(figures, cached.program(filters.asked().scope).currency))
        _nearer(row.request_key)
        forms.decide(row)


def _nearer(key: str) -> None:
    now = filters.asked()
    found = cached.answer(nearer_members, now.selection, now.scope, request=key)
    if found.empty:
        return
    label = "Who lives nearer ({n} or more)" if len(found) == MOST_NEARER else "Who lives nearer ({n})"
    with st.expander(say(label, n=len(found)), icon=":material/person_pin_circle:"):
        table_with_download(
            found,
            "nearer_members",
            alt="Members who live nearer to the event",
            columns=NearerMember,
            shown=SHOWN_NEARER,
            widths={"name": 150},
        )


def decisions() -> None:
    """What was decided, newest first, each with its undo."""
    now = filters.asked()
    found = cached.answer(request_decisions, now.selection, now.scope)
    st.header("Recent decisions", anchor=False)
    recording.show_outcome(recording.UNDO)
    if found.empty:
        page_parts.nothing("Nothing has been decided through the dashboard yet.")
        return
    for row in answers.rows(RequestDecision, found.head(10)):
        reason = clipped(row.note, 200) if row.note else ""
        recording.change_line(row, words.decision_words(row, reason), may_undo=True)
    [first] = answers.rows(RequestDecision, found.head(1))
    label = "All recorded decisions ({n})" if first.in_all == len(found) else "The latest {shown} of {n} decisions"
    with st.expander(say(label, n=first.in_all, shown=len(found)), icon=":material/history:"):
        table_with_download(
            found.drop(columns="in_all"),
            "request_decisions",
            alt="Decisions, newest first",
            columns=RequestDecision,
            shown=SHOWN_DECISIONS,
            widths={"name": 150},
        )


def heading(shown: Desk) -> None:
    """The finding, and the headline numbers."""
    as_of = filters.asked().selection.as_of
    page_parts.heading(QUESTION, words.finding(shown.totals, as_of), words.more(shown.totals))
    page_parts.selection_line("All requests that wait, whatever the filters")
    currency = cached.program(filters.asked().scope).currency
    page_parts.headline_numbers(words.headlines(shown.totals, shown.unpaid_totals, currency, as_of))
    if SHOWN_REQUEST not in st.query_params:
        recording.show_outcome(recording.FORM)
