"""Mentoring of organizers: who is new and has no mentor, whom mentors carry, and what each circle has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, ColumnElement, Connection, Subquery, and_, case, func, or_, select

from data_access.answers import Count, Day, Key, Number, Share, Text, table
from data_access.database.schema import mentorships, people
from data_access.database.sql import bytewise
from data_access.questions.organizers.circles import ORGANIZING_DAYS, CircleRows, Spelled, lasts_on
from data_access.questions.organizers.growth import first_organized
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Role, Scope, Selection
from data_access.statistics.intervals import wilson_interval

# An organizer is new for a year after the first event, and experienced from then on.
NEW_DAYS = ORGANIZING_DAYS
MOST_LISTED, MOST_LOAD = 100, 6
_ANYWHERE = ("mentors_anywhere", "mentored_anywhere")
NOWHERE = "Online, or in no town"


class OrganizersStanding:
    """People of circles on a day, as SQL: who is new, who is experienced, who lacks a mentor.

    Who organized where no city is recorded is in the circle `nowhere`, or left out without one.
    """

    def __init__(
        self, connection: Connection, day: date, spelled: Spelled | None = None, nowhere: str = NOWHERE
    ) -> None:
        self._rows = CircleRows(connection, day, nowhere, spelled)
        self._first = first_organized(day)
        self.since = day - timedelta(days=NEW_DAYS)

    def members(self) -> CTE:
        """A row a circle and person, with when they first organized."""
        own, anywhere, first = self._rows.members().c, self._rows.pairing().c, self._first.c
        # A mentorship counts wherever it is: one without a circle, too.
        counts = (func.coalesce(anywhere[name.removesuffix("_anywhere")], 0).label(name) for name in _ANYWHERE)
        return (
            select(*own, *counts, first.first_on)
            .join_from(own.circle.table, anywhere.person_key.table, anywhere.person_key == own.person_key, isouter=True)
            .join(self._first, first.person_key == own.person_key, isouter=True)
            .cte("standing")
        )

    def each_person(self) -> Subquery:
        """A row a person, whatever circles they are in, with when they first organized."""
        own, first = self._rows.each_person().c, self._first.c
        anywhere = (own[name.removesuffix("_anywhere")].label(name) for name in _ANYWHERE)
        return (
            select(own.person_key, own.organizes, *anywhere, first.first_on)
            .join_from(own.person_key.table, self._first, first.person_key == own.person_key, isouter=True)
            .subquery("standing")
        )

    def is_new(self, rows: Any) -> ColumnElement[bool]:
        """Organized lately, and never before the year."""
        return and_(rows.organizes > 0, rows.first_on > self.since)

    def lacks(self, rows: Any) -> ColumnElement[bool]:
        """New, and neither mentored nor a mentor."""
        return and_(self.is_new(rows), rows.mentored_anywhere == 0, rows.mentors_anywhere == 0)

    def is_experienced(self, rows: Any) -> ColumnElement[bool]:
        """Organized lately, and first more than a year ago."""
        return and_(rows.organizes > 0, rows.first_on <= self.since)


def count_of(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """How many rows are so."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


class OrganizersMentored(NamedTuple):
    organizers: Annotated[int, Count("Organizers", "people", help="Organized or mentored at an event of 365 days")]
    new: Annotated[int, Count("New", "people", help="Organized for the first time in the last 365 days")]
    mentored: Annotated[int, Count("With a mentor", "people", help="New ones whose mentorship lasts on the day")]
    unmentored: Annotated[int, Count("Without a mentor", "people", help="New ones, neither mentored nor mentors")]
    share: Annotated[float | None, Share("Without a mentor, share", help="Of the new ones")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval (Wilson)")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval (Wilson)")]
    experienced: Annotated[int, Count("Experienced", "people", help="Organized first more than a year ago, and lately")]
    free: Annotated[int, Count("Could mentor", "people", help="Experienced ones who mentor nobody yet")]
    mentors: Annotated[int, Count("Mentors", "people", help="Of a mentorship that lasts")]
    mentees: Annotated[int, Count("Mentees", "people")]


@question(roles=INSIDE, counts=PEOPLE, columns=OrganizersMentored)
def organizers_mentored(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many new organizers have a mentor, how many lack one, and who could mentor, in one row. No filter applies."""
    standing = OrganizersStanding(connection, selection.as_of)
    own = standing.each_person().c
    new = standing.is_new(own)
    counts = (
        count_of(own.organizes > 0),
        count_of(new),
        count_of(and_(new, own.mentored_anywhere > 0)),
        count_of(standing.lacks(own)),
        count_of(standing.is_experienced(own)),
        count_of(and_(standing.is_experienced(own), own.mentors_anywhere == 0)),
        count_of(own.mentors_anywhere > 0),
        count_of(own.mentored_anywhere > 0),
    )
    row = [int(value) for value in connection.execute(select(*counts)).one()]
    organizers, new_ones, mentored, lacking, experienced, free, mentors, mentees = row
    low, high = wilson_interval([lacking], [new_ones])
    share = (lacking / new_ones, float(low[0]), float(high[0])) if new_ones else (None, None, None)
    found = (organizers, new_ones, mentored, lacking, *share, experienced, free, mentors, mentees)
    return table(OrganizersMentored, [found] if organizers or mentors else [])


class MentorLoad(NamedTuple):
    mentees: Annotated[int, Count("Mentees", "people", help="That a mentor has; the last row: so many and more")]
    mentors: Annotated[int, Count("Mentors", "people")]


@question(roles=INSIDE, counts=PEOPLE, columns=MentorLoad)
def mentor_load(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many mentors have one mentee, two, and so on, on the day; six and more together. No filter applies."""
    own = mentorships.c
    mentees = func.count(own.mentee_key.distinct()).label("mentees")
    each = select(mentees).where(lasts_on(selection.as_of)).group_by(own.mentor_key).subquery("each_mentor")
    capped = case((each.c.mentees > MOST_LOAD, MOST_LOAD), else_=each.c.mentees).label("of_mentees")
    statement = select(capped, func.count().label("mentors")).group_by("of_mentees")
    found = {int(row.of_mentees): row.mentors for row in connection.execute(statement)}
    return table(MentorLoad, [(number, found.get(number, 0)) for number in range(1, max(found, default=0) + 1)])


class CircleMentoring(NamedTuple):
    circle: Annotated[str, Text("Circle")]
    unmentored: Annotated[int, Count("Without a mentor", "people", help="New ones, neither mentored nor mentors")]
    new: Annotated[int, Count("New", "people", help="Organized for the first time in the last 365 days")]
    mentored: Annotated[int, Count("With a mentor", "people", help="Of the new ones")]
    experienced: Annotated[int, Count("Experienced", "people", help="Organized first more than a year ago, and lately")]
    mentors: Annotated[int, Count("Mentors", "people")]
    mentees: Annotated[int, Count("Mentees", "people")]
    per_mentor: Annotated[float | None, Number("Mentees per mentor", decimals=1, help="Empty: no mentor")]
    total: Annotated[int, Count("Circles in all", "circles", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=CircleMentoring)
def circle_mentoring(
    connection: Connection, selection: Selection, scope: Scope, *, limit: int = MOST_LISTED
) -> pd.DataFrame:
    """Circles by how many of their new organizers lack a mentor, most first; `limit` at most. No filter applies."""
    standing = OrganizersStanding(connection, selection.as_of)
    own = standing.members().c
    new = standing.is_new(own)
    counts = {
        "unmentored": count_of(standing.lacks(own)),
        "new": count_of(new),
        "mentored": count_of(and_(new, own.mentored_anywhere > 0)),
        "experienced": count_of(standing.is_experienced(own)),
        "mentors": count_of(own.mentors > 0),
        "mentees": count_of(own.mentored > 0),
        "pairs": func.sum(own.mentors),
    }
    grouped = select(own.circle, *(count.label(name) for name, count in counts.items())).group_by(own.circle)
    by_circle = grouped.subquery("by_circle")
    concerned = or_(by_circle.c.new > 0, by_circle.c.mentors > 0)
    statement = (
        select(by_circle, func.count().over().label("total"))
        .where(concerned)
        .order_by(by_circle.c.unmentored.desc(), by_circle.c.new.desc(), bytewise(by_circle.c.circle))
        .limit(limit)
    )
    found = []
    for row in connection.execute(statement):
        numbers = [int(row._mapping[name]) for name in tuple(counts)[:-1]]
        load = int(row.pairs) / int(row.mentors) if row.mentors else None
        found.append((row.circle, *numbers, load, row.total))
    return table(CircleMentoring, found)


class MentorlessOrganizer(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str, Text("Name")]
    circle: Annotated[str, Text("Circle", help="Where they organized most in the last 365 days")]
    first_on: Annotated[date, Day("First organized")]
    times: Annotated[int, Count("Times", "times", help="Organized or mentored at an event, in the last 365 days")]
    mentor_key: Annotated[str | None, Key("Could mentor, key")]
    mentor: Annotated[
        str | None,
        Text("Could mentor", help="Of the circle’s experienced organizers with fewest mentees who organizes most"),
    ]
    total: Annotated[int, Count("Without a mentor in all", "people", help="Listed or not")]


@question(roles=frozenset({Role.PM}), counts=PEOPLE, columns=MentorlessOrganizer)
def mentorless_organizers(
    connection: Connection, selection: Selection, scope: Scope, *, limit: int = MOST_LISTED
) -> pd.DataFrame:
    """New organizers without a mentor by name, those who organize most first, and who of their circle could mentor.

    `limit` at most. For the program manager alone. No filter applies.
    """
    standing = OrganizersStanding(connection, selection.as_of)
    own = standing.members().c
    most_there = (own.organizes.desc(), bytewise(own.circle))
    # Who lacks a mentor is in circles by organizing alone: all their rows are theirs who lack one.
    ranked = (
        select(
            *(own.circle, own.person_key, own.first_on),
            func.row_number().over(partition_by=own.person_key, order_by=most_there).label("place"),
            func.sum(own.organizes).over(partition_by=own.person_key).label("organizes"),
        )
        .where(standing.lacks(own))
        .subquery("ranked")
    )
    listed = (
        select(ranked, func.count().over().label("total"))
        .where(ranked.c.place == 1)
        .order_by(ranked.c.organizes.desc(), ranked.c.first_on, bytewise(ranked.c.person_key))
        .limit(limit)
        .cte("listed")
    )
    # Of the circle's experienced ones who has fewest mentees, then organizes most.
    suitable = (own.mentors_anywhere, own.organizes.desc(), bytewise(own.person_key))
    first_of = func.row_number().over(partition_by=own.circle, order_by=suitable)
    possible = (
        select(own.circle, own.person_key, first_of.label("suits"))
        .where(standing.is_experienced(own), own.circle.in_(select(listed.c.circle)))
        .subquery("possible")
    )
    mentor = people.alias("mentor")
    statement = (
        select(
            *(listed.c.person_key, people.c.name, listed.c.circle, listed.c.first_on, listed.c.organizes),
            *(possible.c.person_key.label("mentor_key"), mentor.c.name.label("mentor"), listed.c.total),
        )
        .select_from(listed)
        .join(possible, and_(possible.c.circle == listed.c.circle, possible.c.suits == 1), isouter=True)
        .join(people, people.c.person_key == listed.c.person_key, isouter=True)
        .join(mentor, mentor.c.person_key == possible.c.person_key, isouter=True)
        .order_by(listed.c.organizes.desc(), listed.c.first_on, bytewise(listed.c.person_key))
    )
    found = [
        MentorlessOrganizer(
            row.person_key,
            row.name or row.person_key,
            row.circle,
            row.first_on,
            int(row.organizes),
            row.mentor_key,
            row.mentor or row.mentor_key,
            row.total,
        )
        for row in connection.execute(statement)
    ]
    return table(MentorlessOrganizer, found)
