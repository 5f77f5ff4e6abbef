"""Who belongs to a population in a selection, and to which group: selects of person keys, for exact counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.database.prepared import attendances
from data_access.database.schema import (
    applications,
    contributions,
    contributor_months,
    countries,
    memberships,
    people,
    regions,
)
from data_access.membership import member_within
from data_access.narrowing import FILTERS
from data_access.privacy.attributes import ACCEPTED, ACTIVE, BREAKDOWNS, NOT_ACCEPTED
from data_access.questions.contributors.activity import contribution_conditions, home_conditions
from data_access.selection import Period, Selection, SelectionError, month_index

# The role at events of who is known by it.
TOOK_PART = {"speakers": "speaker", "organizers": "organizer"}
# Filters with a meaning for each population; the others speak of events that need not be theirs.
_AT_HOME = frozenset({"country", "region"})
MEANINGFUL = {
    "speakers": None,  # every filter: places are homes, the others speak of the events they spoke at
    "organizers": None,
    "members": _AT_HOME,
    "applicants": _AT_HOME,
    "contributors": _AT_HOME | {"area", "team"},
}


def check_population(population: str, by: str = "") -> None:
    """Raises SelectionError with the choices for a population or breakdown that does not exist."""
    if population not in BREAKDOWNS:
        raise SelectionError(f"{population!r} is not a population. Choose from {', '.join(BREAKDOWNS)}.")
    if by and by not in BREAKDOWNS[population]:
        raise SelectionError(f"{population} are not broken down by {by!r}. Choose {_or(BREAKDOWNS[population])}.")


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def without_meaning(population: str, selection: Selection) -> list[str]:
    """The names of the filters in use that say nothing about the population."""
    meaningful = MEANINGFUL[population]
    if meaningful is None:
        return []
    return [item.name for item in selection.narrowed_by if item.name not in meaningful]


def filters_with_meaning(population: str) -> frozenset[str]:
    """The names of the filters that say something about the population."""
    meaningful = MEANINGFUL[population]
    return frozenset(item.name for item in FILTERS) if meaningful is None else meaningful


def members_of(population: str, selection: Selection) -> Select[Any]:
    """The distinct person keys of the population in the selection's period and filters, up to `as_of`."""
    start, end, as_of = selection.period.start, selection.period.end, selection.as_of
    if population in TOOK_PART:
        # Where they live, not where they spoke; and a talk that is planned is none yet.
        spoken_at = replace(selection, country=(), region=(), status=("held",))
        spoke = (
            attendances.c.role == TOOK_PART[population],
            attendances.c.starts_on <= as_of,
            *attendances.beside(spoken_at.conditions()),
        )
        if selection.is_all_time:
            # One such event of each person is soon found; all of all people would have to be sorted.
            once = select(attendances.c.event_key).where(attendances.c.person_key == people.c.person_key, *spoke)
            return select(people.c.person_key).where(once.exists(), *home_conditions(people.c.person_key, selection))
        statement = (
            select(attendances.c.person_key).where(*spoke).where(*home_conditions(attendances.c.person_key, selection))
        )
    elif population == "members":
        statement = select(memberships.c.person_key).where(
            *_member_conditions(selection), *home_conditions(memberships.c.person_key, selection)
        )
    elif population == "applicants":
        statement = select(applications.c.person_key).where(
            *_applied_conditions(selection), *home_conditions(applications.c.person_key, selection)
        )
    else:
        statement = select(contributions.c.person_key).where(
            contributions.c.contributed_on >= start,
            contributions.c.contributed_on < end,
            contributions.c.contributed_on <= as_of,
            *contribution_conditions(selection),
        )
    return statement.distinct()


def in_years(population: str, years: Sequence[Selection]) -> Select[Any]:
    """Who belongs to the population in some years, a row a person: person_key, and 1 or 0 for each (in_0, in_1, …).

    Years are made of whole quarters; no filter applies.
    """
    as_of, first = years[0].as_of, min(year.period.start for year in years)
    last = max(year.period.end for year in years)
    who: ColumnElement[str]
    if population in TOOK_PART:
        spoken = replace(years[0], period=Period(first, last), status=("held",))
        on, who = attendances.c.starts_on, attendances.c.person_key
        there = [and_(on >= year.period.start, on < year.period.end) for year in years]
        statement = select(who).where(
            attendances.c.role == TOOK_PART[population], on <= as_of, *attendances.beside(spoken.conditions())
        )
    elif population == "contributors":
        month, who = contributor_months.c.month, contributor_months.c.person_key
        spans = [(month_index(year.period.start), month_index(year.period.end)) for year in years]
        there = [and_(month >= start, month < end) for start, end in spans]
        statement = select(who).where(
            month >= month_index(first), month < month_index(last), contributor_months.c.first_on <= as_of
        )
    else:
        parts = (
            select(literal(number, Integer).label("number"), members_of(population, year).subquery().c.person_key)
            for number, year in enumerate(years)
        )
        found = union_all(*parts).subquery()
        who, there = found.c.person_key, [found.c.number == number for number in range(len(years))]
        statement = select(who)
    flags = [func.max(case((here, 1), else_=0)).label(f"in_{number}") for number, here in enumerate(there)]
    return statement.add_columns(*flags).group_by(who)


def _member_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    return [member_within(selection.period.start, selection.period.end, selection.as_of)]


def _applied_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    on = applications.c.applied_on
    return [on >= selection.period.start, on < selection.period.end, on <= selection.as_of]


def group_of(population: str, by: str, selection: Selection) -> Select[Any]:
    """One row a person with a known group: person_key, member_of. Who is in no row has no known group."""
    if by == "region":
        return (
            select(people.c.person_key, func.coalesce(regions.c.region, countries.c.region).label("member_of"))
            .join_from(people, countries, countries.c.country == people.c.home_country)
            .join(regions, regions.c.country == people.c.home_country, isouter=True)
        )
    if by == "country":
        return select(people.c.person_key, people.c.home_country.label("member_of"))
    if by == "area":
        return _first_of(_by_area(selection))
    return _first_of(_applications(by, selection) if population == "applicants" else _by_cohort(selection))


def _first_of(ranked: Select[Any]) -> Select[Any]:
    rows = ranked.subquery()
    return select(rows.c.person_key, rows.c.member_of).where(rows.c.place == 1, rows.c.member_of.is_not(None))


def _by_area(selection: Selection) -> Select[Any]:
    """Each person's areas in the period, most contributions first, then by name."""
    done = func.sum(contributions.c.quantity)
    return (
        select(
            contributions.c.person_key,
            contributions.c.area.label("member_of"),
            func.row_number()
            .over(partition_by=contributions.c.person_key, order_by=(done.desc(), contributions.c.area))
            .label("place"),
        )
        .where(
            contributions.c.contributed_on >= selection.period.start,
            contributions.c.contributed_on < selection.period.end,
            contributions.c.contributed_on <= selection.as_of,
        )
        .group_by(contributions.c.person_key, contributions.c.area)
    )


def _by_cohort(selection: Selection) -> Select[Any]:
    """Each member's cohorts, that of the newest membership first."""
    newest = (memberships.c.started_on.desc(), memberships.c.membership_key.desc())
    place = func.row_number().over(partition_by=memberships.c.person_key, order_by=newest)
    return select(memberships.c.person_key, memberships.c.cohort_key.label("member_of"), place.label("place")).where(
        *_member_conditions(selection)
    )


def was_accepted(as_of: date) -> ColumnElement[bool]:
    """Whether an application had been accepted by the day."""
    decided = or_(applications.c.decided_on.is_(None), applications.c.decided_on <= as_of)
    return and_(applications.c.decision == "accepted", decided)


def _applications(by: str, selection: Selection) -> Select[Any]:
    """Each applicant's applications: the one that came furthest first, then the newest."""
    became_member = (
        select(memberships.c.membership_key)
        .where(
            memberships.c.person_key == applications.c.person_key,
            memberships.c.started_on >= applications.c.applied_on,
            memberships.c.started_on <= selection.as_of,
        )
        .exists()
    )
    accepted = was_accepted(selection.as_of)
    came = case((and_(accepted, became_member), 2), (accepted, 1), else_=0).label("came")
    columns = [applications.c[name] for name in ("person_key", "applied_on", "application_key", "cohort_key")]
    # How far each came, then the order of that: engines past one machine order by no subquery.
    each = select(*columns, came).where(*_applied_conditions(selection)).subquery("each_application").c
    outcome = case((each.came == 2, ACTIVE), (each.came == 1, ACCEPTED), else_=literal(NOT_ACCEPTED, String()))
    furthest = (each.came.desc(), each.applied_on.desc(), each.application_key.desc())
    return select(
        each.person_key,
        (outcome if by == "outcome" else each.cohort_key).label("member_of"),
        func.row_number().over(partition_by=each.person_key, order_by=furthest).label("place"),
    )
