"""Leadership circles: organizers of a city with mentors and mentees. Who they are: inside only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from data_access.answers import Count, Flag, Key, Text, table
from data_access.database.schema import events, mentorships, participations, people
from data_access.privacy.small_groups import Sum
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.questions.teams.activity import Range, people_ends, ranges
from data_access.selection import INSIDE, STAFF, Scope, Selection

ORGANIZING_DAYS = 365
UNNAMED = "Mentorships without a circle"


@dataclass
class Circle:
    """One circle on a day: keys of its organizers, and (mentor, mentee) pairs."""

    organizers: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)

    @property
    def mentors(self) -> set[str]:
        return {mentor for mentor, _ in self.pairs}

    @property
    def mentees(self) -> set[str]:
        return {mentee for _, mentee in self.pairs}

    @property
    def people(self) -> set[str]:
        return self.organizers | self.mentors | self.mentees


def _circles(connection: Connection, day: date) -> dict[str, Circle]:
    """Circles by name. A circle that is named after a city takes in who organized events there in the last year."""
    lasting = or_(mentorships.c.ended_on.is_(None), mentorships.c.ended_on > day)
    pairs = select(mentorships.c.mentor_key, mentorships.c.mentee_key, mentorships.c.circle)
    found: dict[str, Circle] = defaultdict(Circle)
    for mentor, mentee, circle in connection.execute(pairs.where(mentorships.c.started_on <= day, lasting)):
        found[circle or UNNAMED].pairs.add((mentor, mentee))
    cities = {_city_of(name): name for name in sorted(found)}
    organizing = (
        select(events.c.city, participations.c.person_key)
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            participations.c.role.in_(("organizer", "mentor")),
            events.c.starts_on > day - timedelta(days=ORGANIZING_DAYS),
            events.c.starts_on <= day,
            func.coalesce(events.c.status, "held") == "held",
            events.c.city.is_not(None),
        )
        .distinct()
    )
    for city, person in connection.execute(organizing):
        found[cities.get(_city_of(city), city)].organizers.add(person)
    return dict(sorted(found.items()))


def _city_of(name: str) -> str:
    """`Berlin circle` and `Berlin` are the same circle."""
    return name.casefold().removesuffix("circle").strip()


_OR_RANGE = "Empty where it is a range"


class CircleSize(NamedTuple):
    circle: Annotated[str, Text("Circle")]
    people: Annotated[int | None, Count("People", "people", help=_OR_RANGE)]
    at_least: Annotated[int, Count("People, at least", "people")]
    at_most: Annotated[int, Count("People, at most", "people")]
    mentors: Annotated[int | None, Count("Mentors only", "people", help=_OR_RANGE)]
    mentors_at_least: Annotated[int, Count("Mentors only, at least", "people")]
    mentors_at_most: Annotated[int, Count("Mentors only, at most", "people")]
    both: Annotated[int | None, Count("Mentors and mentees", "people", help=_OR_RANGE)]
    both_at_least: Annotated[int, Count("Mentors and mentees, at least", "people")]
    both_at_most: Annotated[int, Count("Mentors and mentees, at most", "people")]
    mentees: Annotated[int | None, Count("Mentees only", "people", help=_OR_RANGE)]
    mentees_at_least: Annotated[int, Count("Mentees only, at least", "people")]
    mentees_at_most: Annotated[int, Count("Mentees only, at most", "people")]
    organizers_only: Annotated[int | None, Count("Organizers only", "people", help=_OR_RANGE)]
    organizers_only_at_least: Annotated[int, Count("Organizers only, at least", "people")]
    organizers_only_at_most: Annotated[int, Count("Organizers only, at most", "people")]


_COUNTS = 5  # people, and the four parts that add up to them


@question(roles=STAFF, counts=PEOPLE, columns=CircleSize, released=Released((Windows.EVERYTHING,)))
def leadership_circles(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Circles by size, largest first, and how many of their people mentor, are mentored, both, or only organize.

    A circle: the mentors and mentees of a mentorship that lasts on `as_of` under the circle's name, with the people who
    organized or mentored at events of that city in the last 365 days. Released are ranges, as of the end of a quarter,
    and circles of fewer than the minimum group are left out.
    """
    found = _circles(connection, selection.as_of)
    counts: list[int] = []
    sums: list[Sum] = []
    for circle in found.values():
        both = circle.mentors & circle.mentees
        only = circle.organizers - circle.mentors - circle.mentees
        parts = [len(circle.mentors - both), len(both), len(circle.mentees - both), len(only)]
        first = len(counts)
        sums.append(Sum(first, tuple(range(first + 1, first + _COUNTS))))
        counts += [len(circle.people), *parts]
    shown = ranges(counts, scope, sums) if counts else []
    sizes = [(name, shown[_COUNTS * place : _COUNTS * (place + 1)]) for place, name in enumerate(found)]
    # Circles so small that even their number of people is withheld: a list of their names would still disclose people.
    sizes = [(name, size) for name, size in sizes if size[0].at_least > 0]
    sizes.sort(key=lambda item: (-item[1][0].at_most, item[0]))
    return table(CircleSize, [(name, *_columns(size)) for name, size in sizes])


def _columns(size: list[Range]) -> list[int | None]:
    return [end for part in size for end in people_ends(part)]


class CircleLink(NamedTuple):
    circle: Annotated[str, Text("Circle")]
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str, Text("Name")]
    organizes: Annotated[bool, Flag("Organizes")]
    mentors: Annotated[str | None, Key("Mentors, key")]
    mentors_name: Annotated[str | None, Text("Mentors")]


@question(roles=INSIDE, counts=PEOPLE, columns=CircleLink)
def circle_links(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who belongs to which circle, and who mentors whom (PM and board only).

    One row a mentorship, and one for each person who mentors nobody.
    """
    found = _circles(connection, selection.as_of)
    named = dict.fromkeys(sorted({key for circle in found.values() for key in circle.people}), "")
    statement = select(people.c.person_key, people.c.name).where(people.c.name.is_not(None))
    named |= {row[0]: row[1] for row in connection.execute(statement) if row[0] in named}
    rows = []
    for circle, members in found.items():
        for person in sorted(members.people):
            who = (circle, person, named[person] or person, person in members.organizers)
            mentees = sorted(mentee for mentor, mentee in members.pairs if mentor == person)
            rows += [CircleLink(*who, mentee, named[mentee] or mentee) for mentee in mentees]
            if not mentees:
                rows.append(CircleLink(*who, None, None))
    return table(CircleLink, rows)
