"""Regional identities: since when a region or country has had events, how it grows, its languages, its people."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, select

from data_access.answers import Code, Count, Day, Key, Number, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import contributions, events, memberships, people
from data_access.geography.language_reach import base_language
from data_access.membership import member_on
from data_access.questions.event_map.reach import last_twelve_months
from data_access.questions.languages.coverage import NOT_RECORDED, named
from data_access.questions.registry import EVENTS, question
from data_access.questions.territories import territories
from data_access.selection import EVERYBODY, Period, Scope, Selection, SelectionError
from data_access.statistics.intervals import wilson_interval

REGION, COUNTRY = "region", "country"
NEW, MORE, FEWER, STEADY, SILENT = "new", "growing", "shrinking", "no clear change", "silent"
DAYS_OF_A_YEAR = 365.25
LEAST_OF_CIRCLE = 2


class RegionProfile(NamedTuple):
    among: Annotated[str, Key("Region or country code")]
    name: Annotated[str, Text("Region")]
    first_on: Annotated[date, Day("First event")]
    events: Annotated[int, Count("Events", "events", help="Since the first, up to the day")]
    a_year: Annotated[float, Number("Events a year", decimals=1, help="Since the first; of a year at the least")]
    last_year: Annotated[int, Count("Last 12 months", "events")]
    year_before: Annotated[int, Count("12 months before", "events")]
    growth: Annotated[
        str,
        Code("Growth", help="growing or shrinking where a 95% Wilson interval of the last year’s part leaves out half"),
    ]
    cities: Annotated[int, Count("Cities", "cities")]
    languages: Annotated[int, Count("Languages", "languages")]
    main_languages: Annotated[str, Text("Most held in", help="The three languages of most events")]
    members: Annotated[int | None, Count("Members", "members", help="Who live there, on the day; inside only")]
    speakers: Annotated[
        int | None, Count("Speakers", "people", help="Who live there, of the last 12 months; inside only")
    ]
    organizers: Annotated[int | None, Count("Organizers", "people", help="In the same way; inside only")]
    contributors: Annotated[int | None, Count("Contributors", "people", help="In the same way; inside only")]
    circles: Annotated[
        int | None,
        Count(
            "Circles", "cities", help="Cities in which two people or more organized in the last 12 months; inside only"
        ),
    ]
    largest_circle: Annotated[str | None, Text("Largest circle", help="Inside only")]


@dataclass
class _Found:
    """What is known of one region or country."""

    first_on: date = date.max
    events: int = 0
    last_year: int = 0
    year_before: int = 0
    cities: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    circles: list[tuple[int, str]] = field(default_factory=list)


@question(roles=EVERYBODY, counts=EVENTS, columns=RegionProfile)
def region_profile(connection: Connection, selection: Selection, scope: Scope, *, by: str = REGION) -> pd.DataFrame:
    """Since when each region has had events, how it grows, its languages, and inside its people and circles.

    One row a region, or with by=country a country, that ever had a held event in a known place, most events first.
    Over all time up to `as_of`, whatever the period; other filters choose the events. People are counted by their
    homes today, whatever the filters.
    """
    if by not in (REGION, COUNTRY):
        raise SelectionError(f"Profiles are not told by {by!r}. Choose {REGION} or {COUNTRY}.")
    held = replace(selection, period=Selection().period, status=("held",))
    lands = territories(connection, held)
    among = {land.code: land.code if by == COUNTRY else land.region for land in lands}
    last = last_twelve_months(held)
    found: dict[str, _Found] = defaultdict(_Found)
    _add_events(connection, held, last, among, found)
    if scope.inside:
        _add_people(connection, held, last, among, found)
    names = {land.code: land.name for land in lands} if by == COUNTRY else {}
    rows = [_row(key, names.get(key, key), of, selection, scope) for key, of in found.items() if of.events]
    rows.sort(key=lambda row: (-row.events, row.among))
    return table(RegionProfile, rows)


def _add_events(
    connection: Connection, held: Selection, last: Period, among: dict[str, str], found: dict[str, _Found]
) -> None:
    def within(period: Period) -> Any:
        inside = (events.c.starts_on >= period.start) & (events.c.starts_on < period.end)
        return func.sum(case((inside, 1), else_=0))

    where = events.c.located_country
    before = last.previous()
    columns = (func.min(events.c.starts_on), func.count(), within(last), within(before))
    per_list = select(where, events.c.languages, *columns).where(where.is_not(None), *held.conditions())
    for code, languages, first_on, count, lately, earlier in connection.execute(
        per_list.group_by(where, events.c.languages)
    ):
        if code not in among:
            continue
        of = found[among[code]]
        of.first_on = min(of.first_on, first_on)
        of.events += count
        of.last_year += int(lately)
        of.year_before += int(earlier)
        of.languages.update(dict.fromkeys({base_language(tag) for tag in (languages or "").split(";") if tag}, count))
    cities = select(where, func.count(events.c.city.distinct())).where(where.is_not(None), *held.conditions())
    for code, count in connection.execute(cities.group_by(where)):
        if code in among:
            found[among[code]].cities += count


def _add_people(
    connection: Connection, held: Selection, last: Period, among: dict[str, str], found: dict[str, _Found]
) -> None:
    """Members, speakers, organizers and contributors by home, and the cities with circles."""
    lately = replace(held, period=last, country=(), region=())
    home, person = people.c.home_country, people.c.person_key
    # Each person once before their homes are looked up: there are far fewer of them than of what they did.
    role, who = attendances.c.role, attendances.c.person_key
    took_part = (
        select(role, who)
        .where(role.in_(("speaker", "organizer")), *attendances.beside(lately.conditions()))
        .group_by(role, who)
        .subquery("took_part")
    )
    in_roles = (
        select(took_part.c.role, home, func.count())
        .join_from(took_part, people, person == took_part.c.person_key)
        .group_by(took_part.c.role, home)
    )
    counted: list[tuple[str, str | None, int]] = [tuple(row) for row in connection.execute(in_roles)]
    of_members = (
        select(home, func.count(person.distinct()))
        .join_from(people, memberships, memberships.c.person_key == person)
        .where(member_on(held.as_of))
        .group_by(home)
    )
    counted += [("member", *row) for row in connection.execute(of_members)]
    contributed = contributions.c.contributed_on
    gave = (
        select(contributions.c.person_key)
        .where(contributed >= last.start, contributed < last.end)
        .group_by(contributions.c.person_key)
        .subquery("gave")
    )
    of_contributors = select(home, func.count()).join_from(gave, people, person == gave.c.person_key).group_by(home)
    counted += [("contributor", *row) for row in connection.execute(of_contributors)]
    for kind, code, count in counted:
        if code in among:
            found[among[code]].people[kind] += count
    organizers = func.count(attendances.c.person_key.distinct())
    circles = (
        select(attendances.c.located_country, attendances.c.city, organizers)
        .where(
            attendances.c.role.in_(("organizer", "mentor")),
            attendances.c.city.is_not(None),
            *attendances.beside(lately.conditions()),
        )
        .group_by(attendances.c.located_country, attendances.c.city)
        .having(organizers >= LEAST_OF_CIRCLE)
    )
    for code, city, count in connection.execute(circles):
        if code in among:
            found[among[code]].circles.append((count, city))


def _growth(of: _Found) -> str:
    both = of.last_year + of.year_before
    if not of.last_year:
        return SILENT
    if of.events == of.last_year:
        return NEW
    low, high = wilson_interval(of.last_year, both)
    return MORE if low > 0.5 else FEWER if high < 0.5 else STEADY


def _row(key: str, name: str, of: _Found, selection: Selection, scope: Scope) -> RegionProfile:
    years = max(((selection.as_of - of.first_on).days + 1) / DAYS_OF_A_YEAR, 1.0)
    spoken = [language for language, _ in sorted(of.languages.items(), key=lambda item: (-item[1], item[0]))]
    spoken = [language for language in spoken if language != NOT_RECORDED]
    known = scope.inside
    largest = min(of.circles, key=lambda circle: (-circle[0], circle[1]), default=None)
    return RegionProfile(
        among=key,
        name=name,
        first_on=of.first_on,
        events=of.events,
        a_year=of.events / years,
        last_year=of.last_year,
        year_before=of.year_before,
        growth=_growth(of),
        cities=of.cities,
        languages=len(spoken),
        main_languages=", ".join(named(language) for language in spoken[:3]),
        members=of.people["member"] if known else None,
        speakers=of.people["speaker"] if known else None,
        organizers=of.people["organizer"] if known else None,
        contributors=of.people["contributor"] if known else None,
        circles=len(of.circles) if known else None,
        largest_circle=largest[1] if known and largest else None,
    )
