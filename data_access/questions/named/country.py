"""Everything about one country in time: its first event, each new town, quiet spells, members, what is planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from data_access.database.schema import events, memberships, people, places, spaces
from data_access.database.sql import month_number
from data_access.membership import begins, left_by
from data_access.questions.named.entries import (
    EVENT,
    MOST,
    PERSON,
    SPACE,
    Branch,
    TimelineEntry,
    newest_first,
    of_event,
    of_person,
    rows_of,
)
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection, status_on

# So many whole months without an event are told as a quiet spell.
QUIET_MONTHS = 6


@question(roles=STAFF, counts=NOTHING, columns=TimelineEntry, names_people=True)
def country_timeline(
    connection: Connection, selection: Selection, scope: Scope, *, country: str = "", most: int = MOST
) -> pd.DataFrame:
    """Everything about one country (its code) in time, the newest first: `most` entries at the most.

    Events held, by month; the first one, the first in each further town, six quiet months and more, what is planned and
    its spaces for everybody; inside also which of its people became members, and left.
    """
    as_of, code = selection.as_of, country.upper()
    branches = [*_members(code, as_of)] if scope.inside else []
    found = rows_of(connection, [*branches, *_events(code, as_of), *_spaces(code, as_of)], most)
    return newest_first([*found, *_quiet(_months(connection, code, as_of), as_of)], most)


def _events(code: str, as_of: date) -> Iterator[Branch]:
    here, day, status = events.c.located_country == code, events.c.starts_on, status_on(as_of)
    held = and_(here, status == "held")
    yield Branch("events_held", day, events, (held,), {"number": func.count()}, by_month=True)
    first = select(func.min(day)).where(held).scalar_subquery()
    town = func.coalesce(places.c.matched_name, events.c.city)
    of_town = (
        select(town.label("city"), func.min(day).label("first_on"))
        .select_from(events.outerjoin(places, places.c.place_id == events.c.place_id))
        .where(held, town.is_not(None))
        .group_by(town)
        .subquery("towns")
    )
    later = (of_town.c.first_on > first,)
    yield Branch("new_town", of_town.c.first_on, of_town, later, {"words": of_town.c.city})
    own = select(func.min(events.c.event_key)).where(held, day == first).scalar_subquery()
    yield Branch("first_event", day, events, (events.c.event_key == own,), of_event(), EVENT)
    ahead = {**of_event(), "words": events.c.city}
    yield Branch("event_planned", day, events, (here, status == "planned"), ahead, EVENT)


def _spaces(code: str, as_of: date) -> Iterator[Branch]:
    named = {"name": spaces.c.name, "key": spaces.c.space_key}
    for what, day in (("space_opened", spaces.c.opened_on), ("space_closed", spaces.c.closed_on)):
        yield Branch(what, day, spaces, (spaces.c.country == code, day <= as_of), named, SPACE)


def _members(code: str, as_of: date) -> Iterator[Branch]:
    tables = memberships.join(people, people.c.person_key == memberships.c.person_key)
    home, starts = people.c.home_country == code, memberships.c.started_on
    yield Branch("became_member", starts, tables, (home, starts <= as_of, begins()), of_person(), PERSON)
    cells = {**of_person(), "words": memberships.c.end_reason}
    yield Branch("membership_ended", memberships.c.ended_on, tables, (home, left_by(as_of)), cells, PERSON)


def _months(connection: Connection, code: str, as_of: date) -> Sequence[tuple[int, date, date]]:
    """Each month with held events, by its number: the first and last day on which one began."""
    day = events.c.starts_on
    month = month_number(day)
    held = (events.c.located_country == code, status_on(as_of) == "held")
    wanted = select(month, func.min(day), func.max(day)).where(*held).group_by(month).order_by(month)
    return [tuple(row) for row in connection.execute(wanted)]


def _quiet(months: Sequence[tuple[int, date, date]], as_of: date) -> list[TimelineEntry]:
    """Spells without events: dated by the event that ended each, and the one that lasts by the day asked about."""
    spells = [(following[1], following[0] - earlier[0] - 1, "quiet_until") for earlier, following in pairwise(months)]
    if months:
        spells.append((as_of, as_of.year * 12 + as_of.month - 1 - months[-1][0] - 1, "quiet_since"))
    told = [spell for spell in spells if spell[1] >= QUIET_MONTHS]
    ended = sum(what == "quiet_until" for *_, what in told)
    return [
        TimelineEntry(
            *(day, what, None, None, None, None, None, length, None, None, None, ended if what == "quiet_until" else 1)
        )
        for day, length, what in told
    ]
