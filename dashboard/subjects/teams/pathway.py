"""People in a team's pathway, who left its core, and the jump that a change of stage brings over all teams."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.page_parts import show
from dashboard.parts.shapes import Headline
from dashboard.parts.tables import table_with_download
from dashboard.subjects.teams import blocks, tables
from dashboard.words import numbers
from dashboard.words.counts import LEAST_BASE, percent_range, share_of
from dashboard.words.sentences import PEOPLE, Counted, say
from data_access.answers import rows
from data_access.questions.teams.jumps import ContributionJump, contribution_jumps
from data_access.questions.teams.pathway import CoreLeaver, TeamPathway, core_leavers, team_pathway
from data_access.selection import Role

CAME = Counted("{n} person has come into the pathway", "{n} people have come into the pathway")
CHANGES = Counted("{n} change", "{n} changes")
_LIMITS = {"starting": "a prototype takes at most {n}", "learning": "more than {n} are needed"}


def pathway(team: str) -> None:
    """The people in a team's pathway, for who may see them."""
    now = filters.asked()
    found = cached.answer(team_pathway, now.selection, now.scope, team=team)
    for row in rows(TeamPathway, found):
        st.header("Who is in the pathway?", anchor=False)
        show(blocks.sentence(finding(row)))
        page_parts.headline_numbers(headlines(row))
        with st.expander("The pathway as a table", icon=":material/table:"):
            table_with_download(
                found, "team_pathway", alt="People in the pathway", columns=TeamPathway, with_keys=False
            )
    if now.scope.role is not Role.PM:
        return
    left = cached.answer(core_leavers, now.selection, now.scope, team=team)
    if not left.empty:
        with st.expander(say("Who left the core ({n})", n=len(left)), icon=":material/person_off:"):
            table_with_download(
                left,
                "core_leavers",
                alt="Core contributors who left",
                columns=CoreLeaver,
                with_keys=False,
            )


def finding(row: TeamPathway) -> str:
    """How many came since the team entered its stage, and how many of them were connected to what comes next."""
    came = say("{people} since {day}.", people=CAME(row.people), day=row.since)
    if not row.judged:
        return came
    connected = say(
        "{share} were connected to an event, a task or a mentor within 30 days.",
        share=share_of(row.connected, row.judged),
    )
    return " ".join((came, connected))


def headlines(row: TeamPathway) -> list[Headline]:
    """In the pathway, connected, by which way, and gone from the core."""
    limit = say(_LIMITS[row.stage], n=row.limit) if row.limit and row.stage in _LIMITS else ""
    return [
        Headline("In the pathway", numbers.number(row.people), note=limit),
        Headline("Connected within 30 days", numbers.number(row.connected), note=_interval(row)),
        Headline("To another event", numbers.number(row.to_event)),
        Headline("To a task of one", numbers.number(row.to_task)),
        Headline("To a mentor", numbers.number(row.to_mentor)),
        Headline(
            "Left the core",
            numbers.number(row.core_left),
            note=say("of {people} a year ago", people=PEOPLE(row.core_before)),
        ),
    ]


def _interval(row: TeamPathway) -> str:
    if row.share_low is None or row.share_high is None:
        return "too early to say"
    if row.judged < LEAST_BASE:
        return say("of {people}", people=PEOPLE(row.judged))
    return say(
        "of {people}; 95% interval {interval}",
        people=PEOPLE(row.judged),
        interval=percent_range(row.share_low, row.share_high),
    )


def jumps() -> None:
    """What a change of stage brings, estimated over all teams."""
    now = filters.asked()
    found = cached.answer(contribution_jumps, now.selection, now.scope)
    told = rows(ContributionJump, found)
    st.header("Which jump does a change of stage bring?", anchor=False)
    if not any(row.judged for row in told):
        page_parts.nothing("No team has changed its stage long enough ago.")
        return
    show(blocks.sentence(jump_words(told)))
    with st.expander("The jump by stage", icon=":material/table:"):
        table_with_download(
            found,
            "contribution_jumps",
            alt="Contributions after a change of stage, as a multiple of those before",
            columns=ContributionJump,
            with_keys=False,
            widths=tables.WIDTHS,
        )


def jump_words(told: Sequence[ContributionJump]) -> str:
    """The jump into growing, or into the last stage before it that teams have entered; with its interval."""
    judged = [row for row in told if row.judged]
    row = next((row for row in judged if row.stage == "scaling"), judged[-1])
    values = {
        "stage": row.title,
        "jump": numbers.ratio(row.jump or 0),
        "changes": CHANGES(row.judged),
    }
    if row.low is None or row.high is None:
        return say("Contributions were {jump} times as many after entering “{stage}”, in {changes}.", **values)
    template = (
        "After entering “{stage}” contributions grew to {jump} times as many (95% interval {low} to {high}, {changes})."
        if row.low > 1
        else "After entering “{stage}” contributions fell to {jump} times as many "
        "(95% interval {low} to {high}, {changes})."
        if row.high < 1
        else "After entering “{stage}” contributions were {jump} times as many; that is not told apart from no change "
        "(95% interval {low} to {high}, {changes})."
    )
    return say(template, low=numbers.ratio(row.low), high=numbers.ratio(row.high), **values)
