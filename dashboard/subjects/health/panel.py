"""The Health page's parts: the indicators, and the rows behind each family of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters, links
from dashboard.parts import page_parts
from dashboard.parts.tables import table_with_download
from dashboard.subjects.health import blocks, tables, words
from dashboard.words.sentences import say
from data_access.answers import rows
from data_access.questions.health.dependence import TeamDependence, team_dependence
from data_access.questions.health.indicators import Indicator, health_indicators
from data_access.questions.health.quality import LowRating, who_needs_help
from data_access.questions.health.silent import SilentMember, silent_members
from data_access.questions.health.trips import LongTrip, long_trips
from data_access.questions.health.workload import pm_quarters
from data_access.questions.members.conduct import ListedDispute, disputes_list
from data_access.selection import Role, Selection

QUESTION = "What will go wrong if nobody acts, and who has to?"


def whole() -> Selection:
    """The day alone: filters choose nothing here."""
    return Selection(as_of=filters.asked().selection.as_of)


def found() -> list[Indicator]:
    """All indicators on the day."""
    return rows(Indicator, _answer(health_indicators))


def _answer(question: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    return cached.answer(question, whole(), filters.asked().scope)


def heading(indicators: Sequence[Indicator]) -> None:
    """The finding, and the headline numbers."""
    now = filters.asked()
    page_parts.heading(QUESTION, words.finding(indicators), words.more(indicators))
    page_parts.selection_line(say("The whole program on {day}", day=now.selection.as_of))
    if words.is_known(indicators):
        page_parts.headline_numbers(words.headlines(indicators, now.scope))


def nothing() -> None:
    """The empty page."""
    advice = "Import memberships, requests, events and contributions on the Data page, or with `uplift import`."
    page_parts.empty("No indicator has any data by this day.", advice)


def warnings(indicators: Sequence[Indicator]) -> None:
    """The indicators, and the figures behind them."""
    now = filters.asked()
    st.header("Early warnings", anchor=False)
    query = links.to_copy(now.opening, now.viewer.parameter)
    here = frozenset(f"#{part.anchor}" for part in PARTS if now.scope.role in part.roles)
    page_parts.show(blocks.indicators(indicators, query, here))
    with st.expander("The figures of all indicators", icon=":material/table:"):
        table_with_download(
            _answer(health_indicators), "health_indicators", alt="Indicators with their figures", columns=Indicator
        )


class DetailList(NamedTuple):
    """A list behind an indicator: its address on the page, title, question, and what it says when it is empty."""

    anchor: str
    title: str
    question: Callable[..., pd.DataFrame]
    columns: type[NamedTuple]
    caption: str
    none: str
    shown: tuple[str, ...] | None = None
    read_as: Callable[[pd.DataFrame], pd.DataFrame] = lambda found: found
    roles: frozenset[Role] = frozenset({Role.PM, Role.BOARD})


PARTS = (
    DetailList(
        "pm-work",
        "The program manager’s work, by quarter",
        pm_quarters,
        tables.QuarterWork,
        "What arrived, was decided and was left, counted as above. The running quarter is up to today.",
        "No request and no membership is recorded yet.",
        read_as=tables.quarters,
    ),
    DetailList(
        "help",
        "Who needs help",
        who_needs_help,
        LowRating,
        "Rated below 3.2 of 5 on average, over five ratings or more in the last 365 days. Only the program manager "
        "sees this list.",
        "Nobody is rated that low, or nobody has five ratings in the last 365 days.",
        roles=frozenset({Role.PM}),
    ),
    DetailList(
        "disputes",
        "Disputes",
        disputes_list,
        ListedDispute,
        "Open ones first, the oldest of them first. Only the program manager and the board see them.",
        "No dispute is recorded.",
    ),
    DetailList(
        "trips",
        "Long trips to tiny events",
        long_trips,
        LongTrip,
        "More than 3,000 km to 15 people or fewer, in the last 365 days, the dearest for an attendee first.",
        "No long trip to a tiny event is recorded in the last 365 days.",
        (
            "name",
            "title",
            "starts_on",
            "distance_km",
            "attendance",
            "travel",
            "per_attendee",
            "currency",
            "home",
            "place",
        ),
    ),
    DetailList(
        "dependence",
        "On whom each team depends",
        team_dependence,
        TeamDependence,
        "Contributions of the last 365 days: how many people make half of them, and what one person makes.",
        "No team has contributions in the last 365 days.",
    ),
    DetailList(
        "silent",
        "Members without a trace",
        silent_members,
        SilentMember,
        "Neither an event nor a contribution in the last 90 days, and members for longer.",
        "Every member took part in something in the last 90 days.",
    ),
)
_WIDTHS: dict[str, Any] = {"name": 170, "title": 200, "person": 150, "coordinator": 150}
_TALL = 320


def details() -> None:
    """The lists behind the indicators, each for who may see it."""
    scope = filters.asked().scope
    for part in PARTS:
        if scope.role not in part.roles:
            continue
        found = _answer(part.question)
        st.header(part.title, anchor=part.anchor)
        if found.empty:
            page_parts.nothing(part.none)
            continue
        st.caption(part.caption)
        height: dict[str, Any] = {"height": _TALL} if len(found) > 8 else {}
        table_with_download(
            part.read_as(found),
            part.question.__name__,
            alt=part.title,
            columns=part.columns,
            with_keys=False,
            shown=part.shown,
            widths=_WIDTHS,
            **height,
        )
