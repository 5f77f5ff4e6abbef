"""The people of one event: who was there, who contributed because of it before, during and after, who came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, and_, case, func, select

from data_access.answers import Count, Day, Flag, Key, table
from data_access.database.prepared import attendances
from data_access.database.schema import contributor_levels, event_contributors, events, participations
from data_access.questions.contributors.cohorts import levels
from data_access.questions.events.arcs import first_arc
from data_access.questions.funnel.followthrough import LATER, SOON
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, status_on

HELPERS = ("mentor", "facilitator")


class EventPeople(NamedTuple):
    event_key: Annotated[str, Key("Event key")]
    recorded: Annotated[int, Count("Recorded", "people", help="In any role; most visitors are not recorded by name")]
    organizers: Annotated[int, Count("Organizers", "people")]
    helpers: Annotated[int, Count("Helpers", "people", help="Mentors and facilitators who do not organize")]
    speakers: Annotated[int, Count("Speakers", "people")]
    before: Annotated[int, Count("Began before", "people", help="First contribution for the event lies before it")]
    during: Annotated[int, Count("Began during", "people", help="First contribution for the event on its days")]
    after: Annotated[int, Count("Began after", "people", help="First contribution for the event within 90 days")]
    new_30: Annotated[int, Count("New, 30 days", "people", help="First contribution ever, within 30 days")]
    new_90: Annotated[int, Count("New, 90 days", "people", help="First contribution ever, within 90 days")]
    returning_30: Annotated[int, Count("Returning, 30 days", "people", help="Had contributed before")]
    returning_90: Annotated[int, Count("Returning, 90 days", "people", help="Had contributed before")]
    came_again: Annotated[
        int, Count("Came again", "people", help="Of the recorded: at another held event within 90 days after its end")
    ]
    known_on: Annotated[date, Day("Known whole on", help="90 days after the first day of the event, or after its end")]
    open: Annotated[bool, Flag("Still open", help="The 90 days are not over")]


@question(roles=INSIDE, counts=PEOPLE, columns=EventPeople)
def event_arc_people(connection: Connection, selection: Selection, scope: Scope, *, event: str = "") -> pd.DataFrame:
    """Who was at one event, who contributed because of it, new or returning, and who came again within 90 days.

    As in `event_followthrough` a contribution belongs to the event it names, no later than so many days after the
    first day. Without an `event` of the first that `event_arcs` lists. Filters do not matter.
    """
    key = event or first_arc(connection, selection)
    days = (events.c.starts_on, func.coalesce(events.c.ends_on, events.c.starts_on).label("ends_on"))
    this = connection.execute(select(*days).where(events.c.event_key == key)).first()
    if this is None:
        return table(EventPeople, [])
    starts, ends = this.starts_on, this.ends_on
    known_on = ends + timedelta(days=LATER)
    there = _there(connection, key)
    follow = _follow(connection, key, starts, ends, selection.as_of)
    again = _came_again(connection, key, ends, selection.as_of)
    row = (key, *there, *follow, again, known_on, selection.as_of < known_on)
    return table(EventPeople, [row])


def _there(connection: Connection, key: str) -> tuple[int, int, int, int]:
    """Recorded, organizers, helpers who do not organize, speakers: people."""
    role = participations.c.role
    roles = {"organizes": role == "organizer", "helps": role.in_(HELPERS), "speaks": role == "speaker"}
    each = (
        select(*(func.max(case((is_so, 1), else_=0)).label(name) for name, is_so in roles.items()))
        .where(participations.c.event_key == key)
        .group_by(participations.c.person_key)
        .subquery("each_one")
    )
    helps = case((and_(each.c.helps == 1, each.c.organizes == 0), 1), else_=0)
    counts = (func.coalesce(func.sum(what), 0) for what in (each.c.organizes, helps, each.c.speaks))
    recorded, organizers, helpers, speakers = connection.execute(select(func.count(), *counts).select_from(each)).one()
    return recorded, int(organizers), int(helpers), int(speakers)


def _follow(connection: Connection, key: str, starts: date, ends: date, as_of: date) -> list[int]:
    """Began before, during, after; new and returning within 30 and 90 days."""
    first = event_contributors.c.first_on
    is_new = and_(levels.event_key == event_contributors.c.event_key, levels.casual_on == first)
    soon, later = starts + timedelta(days=SOON), starts + timedelta(days=LATER)
    conditions = [first < starts, and_(first >= starts, first <= ends), first > ends]
    for kind in (is_new, ~func.coalesce(is_new, False)):
        conditions += [and_(kind, first <= soon), and_(kind, first <= later)]
    counts = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions)
    statement = (
        select(*counts)
        .join_from(event_contributors, contributor_levels, levels.person_key == event_contributors.c.person_key)
        .where(event_contributors.c.event_key == key, first <= as_of, first <= max(later, ends))
    )
    return [int(value) for value in connection.execute(statement).one()]


def _came_again(connection: Connection, key: str, ends: date, as_of: date) -> int:
    """Of who is recorded at the event, who is at another one that was held within 90 days after it."""
    other = attendances.c
    statement = (
        select(func.count(participations.c.person_key.distinct()))
        .join_from(participations, attendances, other.person_key == participations.c.person_key)
        .where(
            participations.c.event_key == key,
            other.event_key != key,
            other.starts_on > ends,
            other.starts_on <= min(as_of, ends + timedelta(days=LATER)),
            *attendances.beside([status_on(as_of) == "held"]),
        )
    )
    return connection.execute(statement).scalar_one()
