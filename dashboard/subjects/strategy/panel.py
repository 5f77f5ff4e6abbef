"""The parts of the Strategy page: ten topics, asked of the questions of other pages, and the register of decisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters, links
from dashboard.parts import page_parts, targets
from dashboard.parts.aims import scope_words
from dashboard.parts.tables import table_with_download
from dashboard.subjects.strategy import blocks, forms, measures, tables, words
from dashboard.subjects.strategy.cards import PAGES, Told, TopicCard
from dashboard.words.sentences import listed, say
from data_access.answers import rows, table
from data_access.contract.strategy_tables import TOPICS
from data_access.questions import QUESTIONS
from data_access.questions.data.quality import data_quality
from data_access.questions.events.presence import presence
from data_access.questions.funnel.contributor_funnel import contributor_funnel
from data_access.questions.impact.targets import TargetProgress
from data_access.questions.members.summary import floor_summary
from data_access.questions.organizers.circles import leadership_circles
from data_access.questions.people.diversity import effective_groups
from data_access.questions.people.fairness import fairness
from data_access.questions.strategy.decisions import RegisteredDecision, decisions_register
from data_access.questions.strategy.thanks import thanks_due
from data_access.questions.teams.board import team_board
from data_access.selection import Period, Role, Selection

_Question = Callable[..., pd.DataFrame]
_ROLES = {
    Role.PM: "the program manager",
    Role.BOARD: "the board",
    Role.LEADERSHIP: "leadership",
    Role.PARTNER: "partners",
    Role.PUBLIC: "everybody",
}


class Asking(NamedTuple):
    """How a topic is told: the question, what its answer says, and its options."""

    question: _Question
    told: Callable[[list[Any], Selection], Told]
    options: dict[str, str]


def whole() -> Selection:
    """The period and the day: a strategy is of the whole program, whatever was filtered elsewhere."""
    asked = filters.asked().selection
    return Selection(asked.period, asked.as_of)


def register() -> list[RegisteredDecision]:
    """Every decision up to the day."""
    now = filters.asked()
    found = cached.answer(decisions_register, Selection(as_of=now.selection.as_of), now.scope)
    return rows(RegisteredDecision, found)


def cards(
    decided: Sequence[RegisteredDecision], open_pages: Collection[str], own: Selection | None = None
) -> list[TopicCard]:
    """The ten topics, in their order, in the chosen period or that of a selection of one's own."""
    now = filters.asked()
    asked = Selection(own.period, own.as_of) if own else whole()
    currency = cached.program(now.scope).currency
    aimed = targets.today(asked)

    def named(scope: str) -> str:
        return scope_words(scope, now.names)

    return [
        TopicCard(
            title,
            _told(topic, aimed, named, asked),
            tuple(words.targets_of(aimed, topic, named, currency)),
            tuple(words.standing(decided, topic)),
            PAGES[topic] if PAGES[topic].address in open_pages else None,
        )
        for topic, title in TOPICS.items()
    ]


def _told(topic: str, aimed: Sequence[TargetProgress], named: Callable[[str], str], selection: Selection) -> Told:
    if topic == "metrics":
        return measures.measured(aimed, named)
    now, ask = filters.asked(), _asking()[topic]
    allowed = QUESTIONS[ask.question.__name__].roles
    if now.scope.role not in allowed:
        return Told(
            say("This is told to {roles} alone.", roles=listed([_ROLES[role] for role in Role if role in allowed]))
        )
    found = cached.answer(ask.question, selection, now.scope, **ask.options)
    return ask.told(rows(QUESTIONS[ask.question.__name__].row, found), selection)


def _asking() -> dict[str, Asking]:
    """Which question tells of each topic."""
    now = filters.asked()
    exact = now.scope.exact
    floor = cached.program(now.scope).floor_events_per_quarter

    def funnel(found: list[Any], selection: Selection) -> Told:
        period = selection.period if exact or not found else _cohort(found)
        return measures.travelled(found, period, exact=exact)

    return {
        "regional_identities": Asking(presence, lambda found, _: measures.regional(found), {}),
        "diversity": Asking(
            effective_groups, lambda found, _: measures.diverse(found, exact=exact), {"population": "contributors"}
        ),
        "accountability": Asking(floor_summary, lambda found, _: measures.accountable(found, floor, exact=exact), {}),
        "leadership": Asking(leadership_circles, lambda found, _: measures.led(found, exact=exact), {}),
        "resources": Asking(fairness, lambda found, _: measures.shared(found, exact=exact), {"of": "money"}),
        "recognition": Asking(thanks_due, lambda found, asked: measures.thanked(found, asked.period), {}),
        "communication": Asking(data_quality, lambda found, _: measures.communicated(found), {}),
        "journey": Asking(contributor_funnel, funnel, {}),
        "staff_support": Asking(team_board, lambda found, _: measures.supported(found), {}),
    }


def _cohort(found: list[Any]) -> Period:
    """Of whom the released funnel is."""
    return Period.parse(found[0].cohort)


def topics(shown: Sequence[TopicCard]) -> None:
    """The cards, and the figures behind their bars."""
    now = filters.asked()
    query = links.to_copy(now.selection, now.viewer.parameter)
    page_parts.show(blocks.topics(shown, query))
    if missing := words.unknown(shown):
        page_parts.nothing(missing)
    with st.expander("The figures behind the bars", icon=":material/table:"):
        table_with_download(
            tables.figures(shown),
            "strategy_figures",
            alt="Every bar of every topic with its figure",
            columns=tables.TopicFigure,
            widths={"topic": 150, "about": 240, "label": 180, "shown": 200, "value": "small"},
        )


def decisions(found: Sequence[RegisteredDecision]) -> None:
    """The register: what was decided, when, how it stands, and inside whose part it was; and the forms."""
    now = filters.asked()
    st.header("Decisions", anchor=False)
    if found:
        table_with_download(
            table(RegisteredDecision, found),
            "decisions_register",
            alt="Decisions by topic, those that stand first",
            columns=RegisteredDecision,
            shown=(*tables.DECISIONS, *tables.INSIDE) if now.scope.inside else tables.DECISIONS,
            widths=tables.WIDTHS,
        )
    else:
        page_parts.nothing("No decision is recorded.")
    if not now.scope.inside:
        page_parts.remark(
            "Who decided, agreed, was consulted and informed is told to the program manager and the board."
        )
        return
    forms.record(found)
