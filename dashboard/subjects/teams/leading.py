"""How leadership is shared in a team: the measure in numbers and words, and what breaks if one person leaves."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import page_parts
from dashboard.parts.page_parts import show
from dashboard.parts.shapes import Headline
from dashboard.parts.tables import table_with_download
from dashboard.subjects.teams import blocks
from dashboard.words import numbers
from dashboard.words.counts import share_of
from dashboard.words.sentences import Counted, listed, say
from data_access.answers import rows
from data_access.questions.teams.leadership import (
    SinglePoint,
    TeamLeadership,
    team_leadership,
    team_single_points,
)

MAKE_HALF = Counted("{n} person made half of the work or more", "{n} people made half of the work")
MEETINGS = Counted("{n} meeting", "{n} meetings")
UNSCALED = Counted("{n} event has no scale", "{n} events have no scale")
MENTORS = Counted("{n} mentor", "{n} mentors")
RESTS = Counted("{n} thing rests on one person", "{n} things rest on one person")
_MOST_NAMED = 4


def leading(team: str) -> None:
    """The measure of leadership of a team, for who may see its people."""
    now = filters.asked()
    found = cached.answer(team_leadership, now.selection, now.scope, team=team)
    points = cached.answer(team_single_points, now.selection, now.scope, team=team)
    st.header("How is leadership shared?", anchor=False)
    for row in rows(TeamLeadership, found):
        single = rows(SinglePoint, points)
        show(blocks.sentence(finding(row, single)))
        page_parts.headline_numbers(headlines(row, single))
    with st.expander("Leadership as a table", icon=":material/table:"):
        table_with_download(
            found, "team_leadership", alt="Measure of leadership", columns=TeamLeadership, with_keys=False
        )
    if points.empty:
        return
    label = say("What breaks if one person leaves ({n})", n=len(points))
    with st.expander(label, icon=":material/link_off:"):
        table_with_download(
            points if now.scope.inside else points.drop(columns=["person_key", "person"]),
            "team_single_points",
            alt="What rests on one person",
            columns=SinglePoint,
            with_keys=False,
        )


def finding(row: TeamLeadership, points: Sequence[SinglePoint]) -> str:
    """On how many the team rests, in a sentence or two."""
    if row.largest_share is None or row.half is None:
        spread = say("{n} contributions in 365 days are too few to say how the work is shared.", n=row.contributions)
    else:
        spread = say(
            "In the last 365 days {half}; the busiest of {people} made {share}.",
            half=MAKE_HALF(row.half),
            people=row.people,
            share=numbers.percent(row.largest_share),
        )
    if not points:
        return spread
    things = listed([point.thing for point in points], _MOST_NAMED)
    breaks = say("{rests}: {things}.", rests=RESTS(len(points)), things=things)
    return " ".join((spread, breaks))


def headlines(row: TeamLeadership, points: Sequence[SinglePoint]) -> list[Headline]:
    """Who carries, who begins to lead, who mentors, how often the team meets, what rests on one person."""
    return [
        Headline(
            "Make half of the work",
            "–" if row.half is None else numbers.number(row.half),
            note=_spread(row),
        ),
        Headline(
            "First-time organizers",
            numbers.number(row.first_time),
            note=say("of {n} who organized its events", n=row.organizers),
        ),
        Headline(
            "Mentors per newcomer",
            "–" if row.mentors_per_newcomer is None else numbers.ratio(row.mentors_per_newcomer),
            note=_mentors(row),
        ),
        Headline("Meetings", numbers.number(row.meetings), note=_regular(row)),
        Headline("Rest on one person", numbers.number(len(points)), note="areas, projects, languages, spaces"),
    ]


def _spread(row: TeamLeadership) -> str:
    if row.gini is None:
        return ""
    return say("of {people}; Gini {gini}", people=row.people, gini=numbers.ratio(row.gini))


def _mentors(row: TeamLeadership) -> str:
    if not row.newcomers:
        return "no newcomers in 365 days"
    return say(
        "{mentors}; newcomers with one: {share}",
        mentors=MENTORS(row.mentors),
        share=share_of(row.mentored, row.newcomers),
    )


def _regular(row: TeamLeadership) -> str:
    met = say("in {months} of the last 12 months", months=row.months_met)
    return say("{met}; {unscaled}", met=met, unscaled=UNSCALED(row.unscaled)) if row.unscaled else met
