"""Leadership circles: organizers of a city with mentors and mentees. Who they are: inside only."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    String,
    Subquery,
    and_,
    case,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    values,
)

from data_access.answers import Count, Flag, Key, Text, table
from data_access.database.prepared import attendances, event_cities
from data_access.database.schema import mentorships, people
from data_access.database.sql import bytewise
from data_access.privacy.small_groups import Sum
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.questions.teams.activity import Range, people_ends, ranges
from data_access.selection import INSIDE, STAFF, Scope, Selection

ORGANIZING_DAYS = 365
UNNAMED = "Mentorships without a circle"
# How many circles `circle_links` tells of, and how many people of each.
MOST_CIRCLES, MOST_PEOPLE = 12, 40


def organized_lately(day: date) -> list[ColumnElement[bool]]:
    """Conditions on attendances: who organized or mentored at a held event in the last year."""
    return [
        attendances.c.role.in_(("organizer", "mentor")),
        attendances.c.starts_on > day - timedelta(days=ORGANIZING_DAYS),
        attendances.c.starts_on <= day,
        func.coalesce(attendances.c.status, "held") == "held",
    ]


def lasts_on(day: date) -> ColumnElement[bool]:
    """Whether a mentorship has begun by the day and not ended on it."""
    return and_(mentorships.c.started_on <= day, or_(mentorships.c.ended_on.is_(None), mentorships.c.ended_on > day))


class Spelled(NamedTuple):
    """The circle of each city that has one under a name of its own: `Berlin circle` and `Berlin` are the same."""

    of: dict[str, str]
    cte: CTE  # the same as SQL: city and circle; of cities without an event, too


class CircleRows:
    """Mentorships and organizing as rows of numbers (mentors, mentored, organizes), a circle and person each, as SQL.

    A circle that is named after a city takes in who organized events there in the last year. Who organized where no
    city is recorded is left out, or in the circle `nowhere`. `spelled` is `circle_of_city`, where it is known.
    """

    def __init__(self, connection: Connection, day: date, nowhere: str = "", spelled: Spelled | None = None) -> None:
        circles = (circle_of_city(connection, day) if spelled is None else spelled).cte.c
        circle = func.coalesce(func.nullif(mentorships.c.circle, ""), UNNAMED).label("circle")
        pairs = select(mentorships.c.mentor_key, mentorships.c.mentee_key, circle).where(lasts_on(day))
        different = pairs.distinct().cte("pairs")
        nothing, one = literal(0), literal(1)
        own = attendances.c
        at = func.coalesce(circles.circle, own.city, literal_column(f"'{nowhere}'")).label("circle")
        self._pairing = (
            select(different.c.circle, different.c.mentor_key.label("person_key"), *_three(one, nothing, nothing)),
            select(different.c.circle, different.c.mentee_key.label("person_key"), *_three(nothing, one, nothing)),
        )
        self._organizing = (
            select(at, own.person_key, *_three(nothing, nothing, one))
            .select_from(attendances.outerjoin(circles.city.table, circles.city == own.city))
            .where(*organized_lately(day), *(() if nowhere else (own.city.is_not(None),)))
        )

    def members(self) -> Subquery:
        """A row a circle and person: whom they mentor, who mentors them, how often they organize."""
        return self._summed("circle_members", "circle", "person_key")

    def each_person(self) -> Subquery:
        """A row a person, whatever circles they are in, with the same numbers."""
        return self._summed("each_person", "person_key")

    def pairing(self) -> Subquery:
        """A row a person of a mentorship, with the same numbers, of their mentorships alone."""
        return self._summed("pairing", "person_key", organizing=False)

    def _summed(self, name: str, *keys: str, organizing: bool = True) -> Subquery:
        # Summed once, from rows of single ones: millions of keys are not gone through twice.
        each = union_all(*self._pairing, *((self._organizing,) if organizing else ())).subquery("each_one")
        by = [each.c[key] for key in keys]
        return (
            select(*by, *(func.sum(each.c[each_of]).label(each_of) for each_of in _NUMBERS))
            .group_by(*by)
            .subquery(name)
        )


_NUMBERS = ("mentors", "mentored", "organizes")


def _three(*numbers: Any) -> list[Any]:
    return [number.label(name) for number, name in zip(numbers, _NUMBERS, strict=True)]


def circle_of_city(connection: Connection, day: date) -> Spelled:
    """Which circle each city has whose name is another than the circle's."""
    named = connection.execute(select(mentorships.c.circle).where(lasts_on(day)).distinct()).scalars()
    names = sorted(name for name in named if name)
    circles = {_city_of(name): name for name in names}
    cities = connection.execute(select(event_cities.c.city)).scalars().all() if circles else ()
    of = {city: circles[_city_of(city)] for city in cities if _city_of(city) in circles}
    # Most circles are named after the city and `circle`: SQL finds them itself, which is sooner than to name them all.
    own = mentorships.c.circle
    city = func.substr(own, 1, func.length(own) - len(_CIRCLE))
    others = [name for name in names if name.endswith(_CIRCLE) and circles.get(_city_of(name[: -len(_CIRCLE)])) != name]
    regular = (
        select(city.label("city"), own.label("circle"))
        .where(lasts_on(day), func.substr(own, func.length(own) - len(_CIRCLE) + 1) == _CIRCLE)
        .where(*([own.not_in(others)] if others else ()))
        .distinct()
    )
    different = [(name, circle) for name, circle in of.items() if circle not in (name, name + _CIRCLE)]
    if not different:
        return Spelled(of, regular.cte("spelled"))
    columns = (column("city", String), column("circle", String))
    # Named by a statement of its own: SQLite names no columns of values elsewhere.
    listed = values(*columns, name="different").data(different).cte("different")
    return Spelled(of, union_all(regular, select(listed)).cte("spelled"))


_CIRCLE = " circle"


def _city_of(name: str) -> str:
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
    own = CircleRows(connection, selection.as_of).members().c
    mentors, mentored = own.mentors > 0, own.mentored > 0
    parts = (and_(mentors, ~mentored), and_(mentors, mentored), and_(~mentors, mentored), and_(~mentors, ~mentored))
    statement = (
        select(own.circle, func.count(), *(func.sum(case((part, 1), else_=0)) for part in parts))
        .group_by(own.circle)
        .order_by(bytewise(own.circle))
    )
    found = {name: [int(number) for number in numbers] for name, *numbers in connection.execute(statement).all()}
    counts = [number for numbers in found.values() for number in numbers]
    sums = [Sum(at, tuple(range(at + 1, at + _COUNTS))) for at in range(0, len(counts), _COUNTS)]
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
    in_circle: Annotated[int, Count("In the circle", "people", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=CircleLink)
def circle_links(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who belongs to the 12 largest circles with mentors, and who mentors whom (PM and board only).

    One row a mentorship, and one for each person who mentors nobody: of each circle 40 people at most, who mentor or
    are mentored first, then those who organize most. Mentorships without a circle are left out.
    """
    day = selection.as_of
    members = CircleRows(connection, day).members()
    own = select(members).cte("members").c
    in_circle = func.count().label("in_circle")
    largest_of = (
        select(own.circle, in_circle)
        .where(own.circle != UNNAMED)
        .group_by(own.circle)
        .having(func.sum(own.mentors) > 0)
        .order_by(in_circle.desc(), bytewise(own.circle))
        .limit(MOST_CIRCLES)
        .cte("largest")
    )
    pairing = case((own.mentors > 0, 0), (own.mentored > 0, 1), else_=2)
    order = (pairing, own.organizes.desc(), bytewise(own.person_key))
    ranked = (
        select(
            *(own.circle, own.person_key, own.organizes, largest_of.c.in_circle),
            func.row_number().over(partition_by=own.circle, order_by=order).label("place"),
        )
        .join_from(own.circle.table, largest_of, largest_of.c.circle == own.circle)
        .subquery("ranked")
    )
    sized = (
        select(ranked, people.c.name)
        .join_from(ranked, people, people.c.person_key == ranked.c.person_key, isouter=True)
        .where(ranked.c.place <= MOST_PEOPLE)
    )
    by_circle: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(sized.order_by(bytewise(ranked.c.circle), bytewise(ranked.c.person_key))):
        by_circle[row.circle].append(row)
    largest = sorted(by_circle, key=lambda circle: (-by_circle[circle][0].in_circle, circle))
    pairs = select(mentorships.c.circle, mentorships.c.mentor_key, mentorships.c.mentee_key)
    mentees: dict[tuple[str, str], set[str]] = defaultdict(set)
    for circle, mentor, mentee in connection.execute(pairs.where(lasts_on(day), mentorships.c.circle.in_(largest))):
        mentees[circle, mentor].add(mentee)
    rows = []
    for circle in largest:
        listed = by_circle[circle]
        names = {row.person_key: row.name or row.person_key for row in listed}
        for row in listed:
            who = (circle, row.person_key, names[row.person_key], row.organizes > 0)
            mentored = sorted(mentees[circle, row.person_key] & names.keys())
            rows += [CircleLink(*who, mentee, names[mentee], row.in_circle) for mentee in mentored]
            if not mentored:
                rows.append(CircleLink(*who, None, None, row.in_circle))
    return table(CircleLink, rows)
