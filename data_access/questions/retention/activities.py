"""The mission-driven by what they do; and how invested contributors are: how long, how broadly, what they give back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from data_access.answers import Code, Count, Day, Key, Share, Text, empty, fetch, table
from data_access.contract.activities import (
    ACTIVITIES,
    MENTORING,
    ORIGINALS,
    OTHER,
    ROLES,
    TRANSLATIONS,
    activity_of,
)
from data_access.database.prepared import attendances
from data_access.database.schema import (
    areas,
    contributions,
    contributor_areas,
    contributor_levels,
    contributor_spans,
    materials,
    mentorships,
    people,
)
from data_access.questions.registry import PEOPLE, question
from data_access.questions.retention.persona import contributors_of, last_quarter, year_contributors
from data_access.selection import INSIDE, Period, Scope, Selection, SelectionError, add_months
from data_access.statistics.intervals import wilson_interval

ALL, MOST_ROWS = "all", 1_000
TENURE, BREADTH, GIVING = "tenure", "breadth", "giving_back"
# Of each measure its bands, from the least invested on.
BANDS = {
    TENURE: ("under_1_year", "1_to_2_years", "2_to_4_years", "4_years_and_more"),
    BREADTH: ("1_area", "2_areas", "3_areas", "4_areas_and_more"),
    GIVING: ("neither", "organizes", "mentors", "both"),
}
_Choices = Sequence[tuple[ColumnElement[bool], str]]


class PersonaActivity(NamedTuple):
    activity: Annotated[str, Code("Activity", help="all: whoever contributed; other: what is none of the seven")]
    people: Annotated[int, Count("People", "people", help="Contributed in the year; each counts in all that they do")]
    mission_driven: Annotated[int, Count("Mission-driven", "people")]
    share: Annotated[float | None, Share("Share", help="Mission-driven, of the people")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval")]
    year: Annotated[str, Text("Year", help="The year that ends with the last whole quarter of the period")]


@question(roles=INSIDE, counts=PEOPLE, columns=PersonaActivity)
def persona_by_activity(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Contributors of a year by what they do: evangelizing, teaching, advocating, localizing and so on.

    The year ends with the last whole quarter of the period, as in `persona`. Areas of contributions, roles at held
    events, materials and mentoring in that year say what somebody does (the contract's `activities`); who does several
    counts in each. Filters choose people as in `persona`.
    """
    quarter = last_quarter(connection, selection)
    if quarter is None:
        return empty(PersonaActivity)
    year = _year(quarter)
    those = contributors_of(connection, selection, quarter).cte("those")
    did = _did(connection, selection, year).cte("did")
    counted = (func.count(), func.sum(those.c.mission_driven))
    statement = union_all(
        select(literal(ALL, String).label("activity"), *counted).select_from(those),
        select(did.c.activity, *counted)
        .join_from(did, those, those.c.person_key == did.c.person_key)
        .group_by(did.c.activity),
    )
    found = {row[0]: (int(row[1]), int(row[2] or 0)) for row in connection.execute(statement)}
    if not found[ALL][0]:
        return empty(PersonaActivity)
    rows = []
    for activity in (ALL, *ACTIVITIES, OTHER):
        number, driven = found.get(activity, (0, 0))
        low, high = wilson_interval(driven, number)
        share = driven / number if number else None
        ends = (float(low), float(high)) if number else (None, None)
        rows.append(PersonaActivity(activity, number, driven, share, ends[0], ends[1], year.in_words()))
    return table(PersonaActivity, rows)


class MissionDrivenPerson(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Person")]
    home: Annotated[str | None, Text("Home country")]
    first_on: Annotated[date, Day("First contribution")]
    total: Annotated[int, Count("People in all", "people", help="Listed or not")]


@question(roles=INSIDE, counts=PEOPLE, columns=MissionDrivenPerson)
def mission_driven_people(
    connection: Connection, selection: Selection, scope: Scope, *, activity: str = ALL, limit: int = MOST_ROWS
) -> pd.DataFrame:
    """The mission-driven of `persona` in the last whole quarter of the period, who began last first.

    `activity` is one of those of `persona_by_activity`: of them those who did it in the year. `limit` at most (0: all).
    """
    if activity not in (ALL, *ACTIVITIES, OTHER):
        offered = ", ".join((ALL, *ACTIVITIES, OTHER))
        raise SelectionError(f"{activity!r} is not an activity. Choose from {offered}.")
    quarter = last_quarter(connection, selection)
    if quarter is None:
        return empty(MissionDrivenPerson)
    those = contributors_of(connection, selection, quarter).cte("those")
    own, began = those.c.person_key, contributor_spans.c.first_on
    statement = (
        select(own, people.c.name, people.c.home_country.label("home"), began, func.count().over().label("total"))
        .join_from(those, people, people.c.person_key == own)
        .join(contributor_spans, contributor_spans.c.person_key == own)
        .where(those.c.mission_driven == 1)
        .order_by(began.desc(), own)
    )
    if activity != ALL:
        did = _did(connection, selection, _year(quarter)).cte("did")
        statement = statement.where(own.in_(select(did.c.person_key).where(did.c.activity == activity)))
    return fetch(connection, statement.limit(limit) if limit > 0 else statement, MissionDrivenPerson)


def _year(quarter: Period) -> Period:
    return Period(add_months(quarter.end, -12), quarter.end)


def _did(connection: Connection, selection: Selection, year: Period) -> Any:
    """Who did what in the year, each once: person_key, activity."""
    by_activity: dict[str, list[str]] = {}
    for name in connection.execute(select(areas.c.area)).scalars():
        by_activity.setdefault(activity_of(name), []).append(name)
    days = contributions.c.contributed_on
    in_area: _Choices = [(contributions.c.area.in_(names), activity) for activity, names in by_activity.items()]
    parts: list[Any] = []
    if in_area:
        parts.append(
            select(contributions.c.person_key, _case(in_area).label("activity")).where(
                days >= year.start, days < year.end
            )
        )
    of_role: _Choices = [(attendances.c.role == role, activity) for role, activity in ROLES.items()]
    parts.append(
        select(attendances.c.person_key, _case(of_role).label("activity")).where(
            *_held(selection, year), attendances.c.role.in_(ROLES)
        )
    )
    translated = case((materials.c.original_key.is_not(None), TRANSLATIONS), else_=ORIGINALS)
    parts.append(
        select(materials.c.author_key, translated.label("activity")).where(
            materials.c.author_key.is_not(None),
            materials.c.published_on >= year.start,
            materials.c.published_on < year.end,
        )
    )
    mentors = select(mentorships.c.mentor_key, literal(MENTORING, String).label("activity"))
    parts.append(mentors.where(*_lasted(year)))
    return union(*parts)


def _case(choices: _Choices) -> ColumnElement[str]:
    return case(*((condition, literal(value, String)) for condition, value in choices), else_=literal(OTHER, String))


def _held(selection: Selection, year: Period) -> tuple[ColumnElement[bool], ...]:
    held = Selection(as_of=selection.as_of).status_conditions()
    return (*attendances.beside(held), attendances.c.starts_on >= year.start, attendances.c.starts_on < year.end)


def _lasted(year: Period) -> tuple[ColumnElement[bool], ...]:
    """A mentorship of some day of the year."""
    ended = mentorships.c.ended_on
    return mentorships.c.started_on < year.end, or_(ended.is_(None), ended >= year.start)


class InvestmentBand(NamedTuple):
    measure: Annotated[str, Code("Measure", help="tenure, breadth, giving back")]
    band: Annotated[str, Code("Band")]
    people: Annotated[int, Count("People", "people")]
    share: Annotated[float, Share("Share", help="Of all who contributed in the year")]
    low: Annotated[float, Share("From", help="Lower end of the 95% interval")]
    high: Annotated[float, Share("To", help="Upper end of the 95% interval")]
    casual: Annotated[int, Count("Casual", "people", help="Came that far and no further, by the year’s end")]
    active: Annotated[int, Count("Active", "people", help="Came that far and no further")]
    core: Annotated[int, Count("Core", "people")]
    year: Annotated[str, Text("Year", help="The year that ends with the last whole quarter of the period")]


@question(roles=INSIDE, counts=PEOPLE, columns=InvestmentBand)
def investment(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How invested contributors of a year are: since when they contribute, in how many areas, and what they give back.

    Tenure is from the first contribution to the year's end; breadth the areas contributed to by then; giving back
    whether somebody organized a held event in the year, or mentored. By the level that each had reached by the year's
    end. The year and the filters as in `persona_by_activity`.
    """
    quarter = last_quarter(connection, selection)
    if quarter is None:
        return empty(InvestmentBand)
    year = _year(quarter)
    bands = _bands(selection, quarter, year)
    names = (TENURE, BREADTH, GIVING, "level")
    statement = select(*(bands.c[name] for name in names), func.count()).group_by(*(bands.c[name] for name in names))
    counts: Counter[tuple[str, int, int]] = Counter()
    total = 0
    for *places, level, number in connection.execute(statement):
        total += number
        for measure, place in zip(names[:3], places, strict=True):
            counts[measure, int(place), int(level)] += number
    return table(InvestmentBand, _rows(counts, total, year))


def _rows(counts: Counter[tuple[str, int, int]], total: int, year: Period) -> Iterator[InvestmentBand]:
    for measure, bands in BANDS.items() if total else ():
        for place, band in enumerate(bands):
            casual, active, core = (counts[measure, place, level] for level in range(3))
            number = casual + active + core
            low, high = wilson_interval(number, total)
            share = (number / total, float(low), float(high))
            yield InvestmentBand(
                measure, band, number, share[0], share[1], share[2], casual, active, core, year.in_words()
            )


def _bands(selection: Selection, quarter: Period, year: Period) -> CTE:
    """Of each contributor the place of their band in each measure, and of their level."""
    last = year.end - timedelta(days=1)
    those = year_contributors(selection, quarter).cte("those")
    breadth = (
        select(contributor_areas.c.person_key, func.count().label("areas"))
        .where(contributor_areas.c.first_on <= last)
        .group_by(contributor_areas.c.person_key)
        .cte("breadth")
    )
    organized = (
        select(attendances.c.person_key)
        .where(*_held(selection, year), attendances.c.role == "organizer")
        .distinct()
        .cte("organized")
    )
    mentored = select(mentorships.c.mentor_key.label("person_key")).where(*_lasted(year)).distinct().cte("mentoring")
    first, level = contributor_spans.c.first_on, contributor_levels.c
    since = [year.end.replace(year=year.end.year - years) for years in (1, 2, 4)]
    tenure = case((first >= since[0], 0), (first >= since[1], 1), (first >= since[2], 2), else_=literal(3, Integer))
    many = func.coalesce(breadth.c.areas, 1)
    wide = case((many >= len(BANDS[BREADTH]), len(BANDS[BREADTH]) - 1), else_=many - 1)
    gives, teaches = organized.c.person_key.is_not(None), mentored.c.person_key.is_not(None)
    giving = case((and_(gives, teaches), 3), (teaches, 2), (gives, 1), else_=literal(0, Integer))
    reached = case((level.core_on <= last, 2), (level.active_on <= last, 1), else_=literal(0, Integer))
    own = those.c.person_key
    return (
        select(tenure.label(TENURE), wide.label(BREADTH), giving.label(GIVING), reached.label("level"))
        .join_from(those, contributor_spans, contributor_spans.c.person_key == own)
        .join(contributor_levels, level.person_key == own)
        .outerjoin(breadth, breadth.c.person_key == own)
        .outerjoin(organized, organized.c.person_key == own)
        .outerjoin(mentored, mentored.c.person_key == own)
        .cte("bands")
    )
