"""Which established circle could help a young one: near it, with its language, holding the same kinds of events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, Connection, Subquery, func, select

from data_access.answers import Count, Number, Text, table
from data_access.database.schema import event_languages, events, places
from data_access.geography.distances import distance_km
from data_access.geography.languages import language_name
from data_access.questions.organizers.circles import ORGANIZING_DAYS, UNNAMED, circle_of_city
from data_access.questions.organizers.mentoring import NOWHERE, OrganizersStanding, count_of
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

# Established: so many experienced organizers. A circle that has fewer, and new ones, is young.
LEAST_EXPERIENCED = 3
NEAR_KM = 500.0
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
    """What events of the last year say of a circle: (language or kind, events) with most first, and where it is."""

    languages: list[str]
    kinds: list[str]
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


def circle_sizes(connection: Connection, day: date, spelled: CTE) -> dict[str, CircleSizes]:
    """Every circle of a town by its name; `spelled` is `circle_of_city`."""
    standing = OrganizersStanding(connection, day, spelled)
    own = standing.members.c
    counts = (
        count_of(standing.is_new(own)),
        count_of(standing.lacks(own)),
        count_of(standing.is_experienced(own)),
        count_of(own.mentors > 0),
    )
    statement = select(own.circle, *counts).where(own.circle.not_in((UNNAMED, NOWHERE))).group_by(own.circle)
    return {name: CircleSizes(name, *map(int, numbers)) for name, *numbers in connection.execute(statement)}


def helpers_of(
    connection: Connection, day: date, sizes: dict[str, CircleSizes], wanted: Collection[str], spelled: CTE
) -> dict[str, list[Offer]]:
    """For each circle the two other, established ones with most reasons, the nearest of them first."""
    known = _circles(connection, day, spelled) if wanted else {}
    nothing = _Circle([], [], None)
    offers: dict[str, list[Offer]] = {}
    for circle in wanted:
        possible = [
            Offer(
                other.circle,
                other.experienced,
                other.mentors,
                *_reasons(known.get(circle, nothing), known.get(other.circle, nothing)),
            )
            for other in sizes.values()
            if other.is_established and other.circle != circle
        ]
        some = [offer for offer in possible if offer.reasons]
        some.sort(key=lambda offer: (-offer.reasons, offer.distance is None, offer.distance or 0.0, offer.helper))
        # Only those that are told get the name of their language: looking one up takes longer than all the rest.
        offers[circle] = [
            offer._replace(language=language_name(offer.language)) if offer.language else offer
            for offer in some[:MOST_HELPERS]
        ]
    return offers


def _reasons(one: _Circle, other: _Circle) -> tuple[int, str | None, str | None, float | None]:
    """How many reasons there are, and each of them: tag of a language, kind of event, kilometres."""
    language = next((tag for tag in one.languages if tag in other.languages), None)
    kind = next((each for each in one.kinds if each in other.kinds), None)
    km = distance_km(*one.at, *other.at) if one.at and other.at else None
    reasons = (language is not None) + (kind is not None) + (km is not None and km <= NEAR_KM)
    return reasons, language, kind, km


def _circles(connection: Connection, day: date, spelled: CTE) -> dict[str, _Circle]:
    here = _events_of_circles(day, spelled)
    languages = (
        select(here.c.circle, event_languages.c.language, func.count())
        .join_from(here, event_languages, event_languages.c.event_key == here.c.event_key)
        .group_by(here.c.circle, event_languages.c.language)
    )
    # The middle of a circle follows from its kinds' sums: the events are walked once for both.
    kinds = (
        select(
            here.c.circle,
            here.c.format,
            func.count().label("events"),
            func.count(places.c.latitude).label("placed"),
            func.sum(places.c.latitude).label("latitudes"),
            func.sum(places.c.longitude).label("longitudes"),
        )
        .select_from(here.outerjoin(places, places.c.place_id == here.c.place_id))
        .group_by(here.c.circle, here.c.format)
    )
    rows = connection.execute(kinds).all()
    spoken = _most_first(connection.execute(languages))
    held = _most_first((row.circle, row.format, row.events) for row in rows if row.format)
    placed: dict[str, tuple[int, float, float]] = {}
    for row in rows:
        if row.placed:
            count, north, east = placed.get(row.circle, (0, 0.0, 0.0))
            placed[row.circle] = (count + row.placed, north + float(row.latitudes), east + float(row.longitudes))
    at = {circle: (north / count, east / count) for circle, (count, north, east) in placed.items()}
    names = {*spoken, *held, *at}
    return {name: _Circle(spoken.get(name, []), held.get(name, []), at.get(name)) for name in names}


def _most_first(counted: Any) -> dict[str, list[str]]:
    """For each circle its words, those of most events first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for circle, word, number in counted:
        found[circle].append((-number, word))
    return {circle: [word for _, word in sorted(words)] for circle, words in found.items()}


def _events_of_circles(day: date, spelled: CTE) -> Subquery:
    """The held events of the last year in cities, with the circle of each."""
    columns = (events.c.event_key, events.c.format, events.c.place_id)
    return (
        select(*columns, func.coalesce(spelled.c.circle, events.c.city).label("circle"))
        .select_from(events.outerjoin(spelled, spelled.c.city == events.c.city))
        .where(
            events.c.city.is_not(None),
            events.c.starts_on > day - timedelta(days=ORGANIZING_DAYS),
            events.c.starts_on <= day,
            func.coalesce(events.c.status, "held") == "held",
        )
        .subquery("events_of_circles")
    )
