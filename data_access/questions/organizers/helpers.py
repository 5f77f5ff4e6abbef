"""Which established circle could help a young one: near it, with its language, holding the same kinds of events."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from math import fsum
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, select

from data_access.answers import Count, Number, Text, table
from data_access.database.schema import events, places
from data_access.geography.distances import distance_km
from data_access.geography.languages import language_name
from data_access.questions.organizers.circles import ORGANIZING_DAYS, UNNAMED, Spelled, circle_of_city
from data_access.questions.organizers.mentoring import OrganizersStanding, count_of
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

# Established: so many experienced organizers. A circle that has fewer, and new ones, is young.
LEAST_EXPERIENCED = 3
NEAR_KM = 500.0
# So many degrees of latitude are farther than that.
NEAR_DEGREES = 5.0
MOST_YOUNG, MOST_HELPERS = 20, 2


class CircleHelper(NamedTuple):
    circle: Annotated[str, Text("Young circle", help="With new organizers and fewer than three experienced ones")]
    new: Annotated[int, Count("New", "people", help="Organized for the first time in the last 365 days")]
    unmentored: Annotated[int, Count("Without a mentor", "people")]
    helper: Annotated[str, Text("Could help", help="With three experienced organizers or more")]
    experienced: Annotated[int, Count("Experienced there", "people")]
    mentors: Annotated[int, Count("Mentors there", "people")]
    reasons: Annotated[int, Count("Reasons", "reasons", help="Of three: a language, a kind of event, and 500 km")]
    language: Annotated[
        str | None, Text("Both in", help="The language of most of the young circle’s events they share")
    ]
    kind: Annotated[str | None, Text("Both hold", help="The kind of most of the young circle’s events they share")]
    distance: Annotated[float | None, Number("Distance", "km", help="Empty: not known of one")]


class _Circle(NamedTuple):
    """What events of the last year say of a circle: languages and kinds, those of most events first; where it is."""

    languages: list[str]
    kinds: list[str]
    spoken: frozenset[str]
    held: frozenset[str]
    at: tuple[float, float] | None


@question(roles=INSIDE, counts=PEOPLE, columns=CircleHelper)
def circle_helpers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Established circles that could help young ones, with the reasons: most new organizers without a mentor first.

    For each of at most 20 young circles the two established ones with most reasons, the nearest first. Languages,
    kinds and places are those of held events of the last 365 days. No filter applies.
    """
    day = selection.as_of
    spelled = circle_of_city(connection, day)
    sizes = circle_sizes(connection, day, spelled)
    young = [row for row in sizes.values() if row.new and not row.is_established]
    young.sort(key=lambda row: (-row.unmentored, -row.new, row.circle))
    found = []
    offers = helpers_of(connection, day, sizes, [row.circle for row in young[:MOST_YOUNG]], spelled)
    for row in young[:MOST_YOUNG]:
        own = (row.circle, row.new, row.unmentored)
        found += [(*own, *offer) for offer in offers[row.circle]]
    return table(CircleHelper, found)


class CircleSizes(NamedTuple):
    """People of a circle: new, without a mentor, experienced, mentors."""

    circle: str
    new: int
    unmentored: int
    experienced: int
    mentors: int

    @property
    def is_established(self) -> bool:
        return self.experienced >= LEAST_EXPERIENCED


class Offer(NamedTuple):
    """A circle that could help: who is there, and why."""

    helper: str
    experienced: int
    mentors: int
    reasons: int
    language: str | None
    kind: str | None
    distance: float | None


def circle_sizes(connection: Connection, day: date, spelled: Spelled) -> dict[str, CircleSizes]:
    """Every circle of a town by its name; `spelled` is `circle_of_city`."""
    standing = OrganizersStanding(connection, day, spelled, nowhere="")
    own = standing.members().c
    counts = (
        count_of(standing.is_new(own)),
        count_of(standing.lacks(own)),
        count_of(standing.is_experienced(own)),
        count_of(own.mentors > 0),
    )
    statement = select(own.circle, *counts).where(own.circle != UNNAMED).group_by(own.circle)
    return {name: CircleSizes(name, *map(int, numbers)) for name, *numbers in connection.execute(statement).all()}


def helpers_of(
    connection: Connection, day: date, sizes: dict[str, CircleSizes], wanted: Collection[str], spelled: Spelled
) -> dict[str, list[Offer]]:
    """For each circle the two other, established ones with most reasons, the nearest of them first."""
    known = _circles(connection, day, spelled) if wanted else {}
    nothing = _Circle([], [], frozenset(), frozenset(), None)
    established = [(size, known.get(size.circle, nothing)) for size in sizes.values() if size.is_established]
    return {circle: _offers(circle, known.get(circle, nothing), established) for circle in wanted}


class _Shared(dict[frozenset[str], str | None]):
    """The first of a circle's words that another one has, by all of the other's: most are asked of many circles."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def __missing__(self, others: frozenset[str]) -> str | None:
        self[others] = found = next((word for word in self.words if word in others), None)
        return found


def _offers(circle: str, own: _Circle, established: list[tuple[CircleSizes, _Circle]]) -> list[Offer]:
    languages, kinds = _Shared(own.languages), _Shared(own.kinds)
    by_reasons: dict[int, list[tuple[CircleSizes, _Circle, str | None, str | None]]] = defaultdict(list)
    for size, other in established:
        if size.circle != circle:
            language, kind = languages[other.spoken], kinds[other.held]
            reasons = (language is not None) + (kind is not None) + _are_near(own, other)
            by_reasons[reasons].append((size, other, language, kind))
    found: list[Offer] = []
    for reasons in (3, 2, 1):
        # How far those with fewer reasons are matters only where there are not enough with more.
        if len(found) < MOST_HELPERS:
            offers = [
                Offer(size.circle, size.experienced, size.mentors, reasons, language, kind, _distance(own, other))
                for size, other, language, kind in by_reasons[reasons]
            ]
            offers.sort(key=lambda offer: (offer.distance is None, offer.distance or 0.0, offer.helper))
            found += offers
    # Only those that are told get the name of their language: looking one up takes longer than all the rest.
    return [
        offer._replace(language=language_name(offer.language)) if offer.language else offer
        for offer in found[:MOST_HELPERS]
    ]


def _distance(one: _Circle, other: _Circle) -> float | None:
    """To the metre: a database may add up coordinates in any order, and their last digits with it."""
    return round(distance_km(*one.at, *other.at), 3) if one.at and other.at else None


def _are_near(one: _Circle, other: _Circle) -> bool:
    if not one.at or not other.at or abs(one.at[0] - other.at[0]) > NEAR_DEGREES:
        return False
    return distance_km(*one.at, *other.at) <= NEAR_KM


def _circles(connection: Connection, day: date, spelled: Spelled) -> dict[str, _Circle]:
    own = events.c
    held = (
        own.city.is_not(None),
        own.starts_on > day - timedelta(days=ORGANIZING_DAYS),
        own.starts_on <= day,
        func.coalesce(own.status, "held") == "held",
    )

    def counted(*columns: ColumnElement[Any]) -> Select[Any]:
        return select(own.city, *columns, func.count().label("number")).where(*held).group_by(own.city, *columns)

    spoken: dict[str, Counter[str]] = defaultdict(Counter)
    # As the cell lists them: their rows of `event_languages` would have to be joined to every event. And all rows at
    # once: to fetch one at a time takes longer than to count them.
    for city, languages, number in connection.execute(counted(own.languages).where(own.languages.is_not(None))).all():
        for tag in languages.split(";"):
            spoken[spelled.of.get(city, city)][tag] += number
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for city, kind, number in connection.execute(counted(own.format).where(own.format.is_not(None))).all():
        kinds[spelled.of.get(city, city)][kind] += number
    placed = counted(own.place_id).subquery("placed")
    where = select(placed.c.city, placed.c.number, places.c.latitude, places.c.longitude)
    where = where.join_from(placed, places, places.c.place_id == placed.c.place_id)
    points: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for city, number, north, east in connection.execute(where.where(places.c.latitude.is_not(None))).all():
        points[spelled.of.get(city, city)].append((number, float(north), float(east)))
    known = {}
    for name in {*spoken, *kinds, *points}:
        words = (_most_first(spoken[name]), _most_first(kinds[name]))
        known[name] = _Circle(*words, frozenset(words[0]), frozenset(words[1]), _middle(points[name]))
    return known


def _most_first(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda word: (-counted[word], word))


def _middle(points: list[tuple[int, float, float]]) -> tuple[float, float] | None:
    """The mean of points that occur so often each: in any order the same, and of equal points the point itself."""
    count = sum(number for number, _, _ in points)
    if not count:
        return None
    _, north, east = min(points, key=lambda point: point[1:])
    return (
        north + fsum(number * (latitude - north) for number, latitude, _ in points) / count,
        east + fsum(number * (longitude - east) for number, _, longitude in points) / count,
    )
