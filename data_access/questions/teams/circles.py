"""Leadership circles: organizers of a city with mentors and mentees. Who they are: PM only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from data_access.database.schema import events, mentorships, participations, people
from data_access.privacy.small_groups import Sum
from data_access.questions.frames import TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.questions.teams.activity import people_day, ranges, shown_columns
from data_access.selection import STAFF, Role, Scope, Selection

ORGANIZING_DAYS = 365
UNNAMED = "Mentorships without a circle"
_PARTS = ("mentors", "both", "mentees", "organizers_only")


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


@question(STAFF)
def leadership_circles(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Circles by size: circle, people, at_least, at_most, and the same for mentors, both (mentor and mentee), mentees,
    organizers_only, which add up to the people.

    A circle: the mentors and mentees of a mentorship that lasts on `as_of` under the circle's name, with the people who
    organized or mentored at events of that city in the last 365 days. For all but the PM: as of the end of the last
    quarter, as ranges, and circles of fewer than the minimum group are left out.
    """
    found = _circles(connection, people_day(selection.as_of, scope))
    names: list[str] = []
    counts: list[int] = []
    sums: list[Sum] = []
    for name, circle in found.items():
        both = circle.mentors & circle.mentees
        only = circle.organizers - circle.mentors - circle.mentees
        parts = [len(circle.mentors - both), len(both), len(circle.mentees - both), len(only)]
        first = len(counts)
        sums.append(Sum(first, tuple(range(first + 1, first + 5))))
        names.append(name)
        counts += [len(circle.people), *parts]
    told = ranges(counts, scope, sums) if counts else []
    table = pd.DataFrame({"circle": names}, dtype=object)
    for offset, part in enumerate(("", *_PARTS)):
        shown = shown_columns(told[offset::5], f"{part}_" if part else "")
        table = table.assign(**shown)
    table = table.rename(columns={"value": "people"} | {f"{part}_value": part for part in _PARTS})
    # Circles so small that even their number of people is withheld: a list of their names would still tell of people.
    table = table[table["at_least"] > 0]
    order = table.sort_values(["at_most", "circle"], ascending=[False, True])
    wholes = [name for name in order.columns if name != "circle"]
    return typed(order.reset_index(drop=True), circle=TEXT, **dict.fromkeys(wholes, WHOLE))


@question(frozenset({Role.PM}))
def circle_links(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who belongs to which circle, and who mentors whom (PM only): circle, person_key, name, organizes, mentors (key),
    mentors_name; one row a mentorship, and one for each person who mentors nobody.
    """
    found = _circles(connection, selection.as_of)
    named = dict.fromkeys(sorted({key for circle in found.values() for key in circle.people}), "")
    statement = select(people.c.person_key, people.c.name).where(people.c.name.is_not(None))
    named |= {row[0]: row[1] for row in connection.execute(statement) if row[0] in named}
    rows = []
    for circle, members in found.items():
        for person in sorted(members.people):
            mentees = sorted(mentee for mentor, mentee in members.pairs if mentor == person)
            for mentee in (*mentees,) or (None,):
                who = (circle, person, named[person] or person, person in members.organizers)
                rows.append((*who, mentee, None if mentee is None else named[mentee] or mentee))
    columns = ["circle", "person_key", "name", "organizes", "mentors", "mentors_name"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    texts = dict.fromkeys(("circle", "person_key", "name", "mentors", "mentors_name"), TEXT)
    return typed(table, **texts, organizes="boolean")
