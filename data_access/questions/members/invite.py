"""Whom to invite: people who do the work of members and were never asked to become one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, ColumnElement, Connection, Select, and_, case, func, literal, or_, select, union_all

from data_access.answers import Count, Day, Key, Text, table
from data_access.database.prepared import attendances
from data_access.database.schema import (
    applications,
    contributions,
    countries,
    memberships,
    people,
    person_languages,
)
from data_access.geography.language_reach import base_language
from data_access.geography.languages import language_name
from data_access.membership import member_on
from data_access.program import load_program
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.selection import Role, Scope, Selection
from data_access.wording import counted, paragraph, say

YEAR_DAYS = 365
FEWEST_SPEAKERS, FEWEST_EVENTS = 2, 2


class Invitation(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    reasons: Annotated[str, Text("Why")]
    organized: Annotated[int, Count("Organized", "events")]
    spoke: Annotated[int, Count("Spoke at", "events")]
    contributions: Annotated[int, Count("Contributions", "contributions")]
    home_city: Annotated[str | None, Text("Lives in")]
    country: Annotated[str | None, Text("Country")]
    language: Annotated[str | None, Text("Language that is lacking", help="Spoken by fewer than two members")]
    last_on: Annotated[date, Day("Last active")]
    declined_on: Annotated[date | None, Day("Declined on", help="An application of theirs; empty: never")]
    candidates: Annotated[int, Count("In all", "people")]


@question(roles=frozenset({Role.PM}), counts=PEOPLE, columns=Invitation)
def whom_to_invite(connection: Connection, selection: Selection, scope: Scope, *, limit: int = 20) -> pd.DataFrame:
    """Active people who were never members, with the reasons to invite them: the most kinds of reasons first.

    They organized or spoke at held events twice or more in the 365 days up to `as_of`, or contributed in them as often
    as is asked of core contributors; no application of theirs waits or was accepted. Further reasons: a language that
    fewer than two members speak (by base language), and a home in a country where no member lives. Then by events, then
    by contributions. Countries and regions are those of the home; the period and other filters do not apply.
    """
    core_min = load_program(connection).core_min
    own = _active(selection, core_min)
    statement = _candidates(connection, selection, own, core_min)
    if limit > 0:
        statement = statement.limit(limit)
    found = []
    for row in connection.execute(statement):
        language = language_name(base_language(row.lacking)) if row.lacking else None
        reasons = _reasons(row, core_min, language, row.country if row.is_far else None)
        about = (row.person_key, row.name, reasons, row.organized, row.spoke, row.contributions)
        last = (row.last_on, row.declined_on, row.candidates)
        found.append(Invitation(*about, row.home_city, row.country, language, *last))
    return table(Invitation, found)


def _active(selection: Selection, core_min: int) -> CTE:
    """What each person did in the year, where it is enough: person_key, organized, spoke, contributions, last_on."""
    day = selection.as_of
    since = day - timedelta(days=YEAR_DAYS)
    person, role, on = attendances.c.person_key, attendances.c.role, attendances.c.starts_on

    def events_as(name: str) -> ColumnElement[Any]:
        return func.count(case((role == name, 1)))

    held = or_(attendances.c.status == "held", attendances.c.status.is_(None))
    acted = (
        select(
            person,
            events_as("organizer").label("organized"),
            events_as("speaker").label("spoke"),
            literal(0).label("contributions"),
            func.max(on).label("last_on"),
        )
        .where(
            held, attendances.c.starts_on > since, attendances.c.starts_on <= day, role.in_(("organizer", "speaker"))
        )
        .group_by(person)
    )
    given = contributions.c
    contributed = (
        select(*(given.person_key, literal(0), literal(0), func.sum(given.quantity), func.max(given.contributed_on)))
        .where(given.contributed_on > since, given.contributed_on <= day)
        .group_by(given.person_key)
        .having(func.sum(given.quantity) > 0)
    )
    both = union_all(acted, contributed).subquery()
    sums = [func.sum(both.c[name]).label(name) for name in ("organized", "spoke", "contributions")]
    often = func.sum(both.c.organized + both.c.spoke) >= FEWEST_EVENTS
    enough = or_(often, func.sum(both.c.contributions) >= core_min)
    done = select(both.c.person_key, *sums, func.max(both.c.last_on).label("last_on"))
    return done.group_by(both.c.person_key).having(enough).cte("done")


def _candidates(connection: Connection, selection: Selection, own: CTE, core_min: int) -> Select[Any]:
    day = selection.as_of
    member = select(memberships.c.person_key).where(memberships.c.started_on <= day)
    asked, decided = applications.c, func.coalesce(applications.c.decided_on, applications.c.applied_on)
    refused = and_(asked.decision.in_(("declined", "withdrawn")), decided <= day)
    open_still = select(asked.person_key).where(asked.applied_on <= day, or_(asked.decision.is_(None), ~refused))
    declined = (
        select(asked.person_key, func.max(decided).label("declined_on"))
        .where(asked.decision == "declined", decided <= day)
        .group_by(asked.person_key)
        .cte("declined")
    )
    today = select(memberships.c.person_key).where(member_on(day))
    common = _common_tags(connection, today)
    speaks = person_languages.c
    lacking = (
        select(speaks.person_key, func.min(speaks.language).label("lacking"))
        .where(speaks.person_key.in_(select(own.c.person_key)), speaks.language.not_in(common))
        .group_by(speaks.person_key)
        .cte("lacking")
    )
    near = select(people.c.home_country).where(people.c.person_key.in_(today), people.c.home_country.is_not(None))
    is_far = and_(people.c.home_country.is_not(None), people.c.home_country.not_in(near))
    kinds = (own.c.organized > 0, own.c.spoke > 0, own.c.contributions >= core_min, lacking.c.lacking.is_not(None))
    *reasons, far = (case((is_so, 1), else_=0) for is_so in (*kinds, is_far))
    # Ordered around what is selected: engines past one machine order by no subquery.
    found = (
        select(
            *(own.c.person_key, people.c.name, own.c.organized, own.c.spoke, own.c.contributions, own.c.last_on),
            *(people.c.home_city, countries.c.name.label("country"), lacking.c.lacking, declined.c.declined_on),
            far.label("is_far"),
            func.count().over().label("candidates"),
            sum(reasons, literal(0)).label("reasons"),
        )
        .join_from(own, people, people.c.person_key == own.c.person_key)
        .join(countries, countries.c.country == people.c.home_country, isouter=True)
        .join(lacking, lacking.c.person_key == own.c.person_key, isouter=True)
        .join(declined, declined.c.person_key == own.c.person_key, isouter=True)
        .where(
            own.c.person_key.not_in(member),
            own.c.person_key.not_in(open_still),
            *home_conditions(own.c.person_key, selection),
        )
        .subquery("found")
    )
    each = found.c
    most = ((each.reasons + each.is_far).desc(), (each.organized + each.spoke).desc(), each.contributions.desc())
    return select(found).order_by(*most, each.person_key)


def _common_tags(connection: Connection, members: Select[Any]) -> list[str]:
    """The tags of languages that at least two of the members speak, by base language."""
    tags = list(connection.execute(select(person_languages.c.language).distinct()).scalars())
    variants = {tag: base_language(tag) for tag in tags if base_language(tag) != tag}
    language = person_languages.c.language
    base = case(variants, value=language, else_=language) if variants else language
    spoken = (
        select(base.label("base"))
        .where(person_languages.c.person_key.in_(members))
        .group_by(base)
        .having(func.count(person_languages.c.person_key.distinct()) >= FEWEST_SPEAKERS)
    )
    common = set(connection.execute(spoken).scalars())
    return sorted(tag for tag in tags if base_language(tag) in common)


def _reasons(row: Any, core_min: int, language: str | None, country: str | None) -> str:
    """Each reason as a sentence."""
    times = {
        "organized": counted(row.organized, "{n} event", "{n} events"),
        "spoke": counted(row.spoke, "{n} event", "{n} events"),
    }
    if row.organized and row.spoke:
        done = say("Organized {organized} and spoke at {spoke}.", **times)
    elif row.organized:
        done = say("Organized {organized}.", **times)
    else:
        done = say("Spoke at {spoke}.", **times) if row.spoke else ""
    much = counted(row.contributions, "{n} contribution", "{n} contributions")
    gave = say("Made {much}.", much=much) if row.contributions >= core_min else ""
    speaks = say("Speaks {language}, as at most one member does.", language=language) if language else ""
    lives = say("Lives in {country}, where no member does.", country=country) if country else ""
    return paragraph((done, gave, speaks, lives))
