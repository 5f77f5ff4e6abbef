"""What deserves a word of thanks: first talks, tenth events, new languages, anniversaries; and who could lead next."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, Connection, Select, case, func, or_, select

from data_access.answers import Code, Count, Day, Key, Text, fetch, table
from data_access.database.prepared import member_attendances
from data_access.database.schema import applications, cohorts, events, memberships, mentorships, people
from data_access.geography.languages import language_name
from data_access.membership import left_by, stays, stays_on
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.members.achieved import (
    ANNIVERSARY,
    AS_MEMBER,
    CONTRIBUTOR_ANNIVERSARY,
    NEW_LANGUAGE,
    Days,
    achieved,
)
from data_access.questions.members.standing import MEMBER_SINCE
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection
from data_access.wording import counted


class Achievement(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    what: Annotated[str, Code("What")]
    on: Annotated[date, Day("On")]
    event_key: Annotated[str | None, Key("Event key")]
    title: Annotated[str | None, Text("Event")]
    detail: Annotated[str | None, Text("Which", help="The language, or the years")]


@question(roles=INSIDE, counts=PEOPLE, columns=Achievement)
def recognition(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What members achieved in the period that deserves a word of thanks, newest first.

    A first talk is the first event ever at which the person speaks; the 10th event the tenth of those in which they
    speak, organize, mentor or facilitate; a new language the first such event in a language other than those before; an
    anniversary the day on which a membership without a gap reaches a whole number of years. Held events up to `as_of`,
    of people who are members on that day. Countries and regions are those of the home; other filters do not apply.
    """
    days = Days.of_period(connection, selection)
    found = achieved(days, AS_MEMBER)
    rows = [
        Achievement(row.person_key, row.name, row.what, row.on, row.event_key, row.title, detail)
        for row in connection.execute(_named(found))
        for detail in [detail_words(row.what, row.detail)]
    ]
    rows.sort(key=lambda row: (-row.on.toordinal(), row.what, row.person_key, row.detail or ""))
    return table(Achievement, rows)


def _named(found: CTE) -> Select[Any]:
    """Achievements with the names of people and events: person_key, name, what, on, event_key, title, detail."""
    own = found.c
    return (
        select(own.person_key, people.c.name, own.what, own.on, own.event_key, events.c.title, own.detail)
        .join_from(found, people, people.c.person_key == own.person_key)
        .join(events, events.c.event_key == own.event_key, isouter=True)
    )


def detail_words(what: str, detail: str | None) -> str | None:
    """Which language or area, or how many years."""
    if detail is None:
        return None
    if what == NEW_LANGUAGE:
        return language_name(detail)
    if what in (ANNIVERSARY, CONTRIBUTOR_ANNIVERSARY):
        return counted(int(detail), "{n} year", "{n} years")
    return detail


class Leaver(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    cohort: Annotated[str | None, Text("Cohort")]
    started_on: Annotated[date, Day("Started on")]
    ended_on: Annotated[date, Day("Last day")]
    days: Annotated[int, Count("Days a member", "days")]
    end_reason: Annotated[str | None, Code("Reason", help="Empty: not recorded")]
    hired_by: Annotated[str | None, Text("Hired by")]


@question(roles=INSIDE, counts=PEOPLE, columns=Leaver)
def leavers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Who left in the period, newest first, with the reason and, where known, who hired the person.

    Nobody left whose next membership began on the day after the last at the latest: `started_on` is the first day of a
    membership without a gap, `ended_on` its last.
    Reasons are below_floor, left, conduct, hired, completed, or missing where none is recorded. Ended up to `as_of`.
    Countries and regions are those of the home.
    """
    stay = stays()
    statement = (
        select(
            memberships.c.person_key,
            people.c.name,
            cohorts.c.name.label("cohort"),
            stay.c.member_since.label("started_on"),
            memberships.c.ended_on,
            memberships.c.end_reason,
            memberships.c.hired_by,
        )
        .join_from(memberships, people, people.c.person_key == memberships.c.person_key)
        .join(stay, stay.c.membership_key == memberships.c.membership_key)
        .join(cohorts, cohorts.c.cohort_key == memberships.c.cohort_key, isouter=True)
        .where(
            memberships.c.ended_on >= selection.period.start,
            memberships.c.ended_on < selection.period.end,
            left_by(selection.as_of),
            *home_conditions(memberships.c.person_key, selection),
        )
        .order_by(memberships.c.ended_on.desc(), memberships.c.membership_key)
    )
    rows = [
        Leaver(
            *(row.person_key, row.name, row.cohort, row.started_on, row.ended_on),
            *((row.ended_on - row.started_on).days + 1, row.end_reason, row.hired_by),
        )
        for row in connection.execute(statement)
    ]
    return table(Leaver, rows)


class BenchMember(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    graduated_on: Annotated[date | None, Day("Graduated on", help="Empty: not recorded")]
    member_since: Annotated[date, MEMBER_SINCE]
    organized: Annotated[int, Count("Organized", "events")]
    mentored: Annotated[int, Count("Mentored at", "events", help="As mentor or facilitator")]
    spoke: Annotated[int, Count("Spoke at", "events")]
    mentees: Annotated[int, Count("Mentees", "people", help="Different people, now or before")]
    last_event_on: Annotated[date | None, Day("Last event")]


@question(roles=INSIDE, counts=PEOPLE, columns=BenchMember)
def bench(connection: Connection, selection: Selection, scope: Scope, *, limit: int = 20) -> pd.DataFrame:
    """Members from whom the next program manager could come: those with the widest experience first.

    Members on `as_of` who have graduated, or whose graduation is not recorded at all; by the number of kinds of
    experience (organizing, mentoring or having mentees, speaking), then events organized and mentored and mentees
    together, then longest standing. Events are held ones, up to `as_of`.
    """
    day = selection.as_of
    stays = stays_on(day, *home_conditions(memberships.c.person_key, selection)).cte("stays")
    own = member_attendances.c
    held = or_(own.status == "held", own.status.is_(None))

    def events_as(name: str, *roles: str) -> Any:
        is_so = own.role.in_(roles)
        return func.count(case((is_so, own.event_key)).distinct()).label(name)

    done = (
        select(
            own.person_key,
            events_as("organized", "organizer"),
            events_as("mentored", "mentor", "facilitator"),
            events_as("spoke", "speaker"),
            func.max(own.starts_on).label("last_event_on"),
        )
        .where(held, own.starts_on <= day, own.person_key.in_(select(stays.c.person_key)))
        .group_by(own.person_key)
        .cte("done")
    )
    taught = (
        select(mentorships.c.mentor_key, func.count(mentorships.c.mentee_key.distinct()).label("mentees"))
        .where(mentorships.c.started_on <= day)
        .group_by(mentorships.c.mentor_key)
        .cte("taught")
    )
    graduated = (
        select(
            applications.c.person_key,
            func.max(case((applications.c.graduated_on <= day, applications.c.graduated_on))).label("graduated_on"),
            func.count().label("applications"),
        )
        .where(applications.c.applied_on <= day)
        .group_by(applications.c.person_key)
        .cte("graduated")
    )

    def known(column: Any) -> Any:
        return func.coalesce(column, 0)

    organized, mentored, spoke = (known(done.c[name]) for name in ("organized", "mentored", "spoke"))
    mentees = known(taught.c.mentees)
    leads, teaches, speaks = (case((is_so, 1), else_=0) for is_so in (organized > 0, mentored + mentees > 0, spoke > 0))
    ranked = (
        select(
            stays.c.person_key,
            people.c.name,
            graduated.c.graduated_on,
            stays.c.member_since,
            organized.label("organized"),
            mentored.label("mentored"),
            spoke.label("spoke"),
            mentees.label("mentees"),
            done.c.last_event_on,
            (leads + teaches + speaks).label("kinds"),
            (organized + mentored + mentees).label("times"),
        )
        .join_from(stays, people, people.c.person_key == stays.c.person_key)
        .join(done, done.c.person_key == stays.c.person_key, isouter=True)
        .join(taught, taught.c.mentor_key == stays.c.person_key, isouter=True)
        .join(graduated, graduated.c.person_key == stays.c.person_key, isouter=True)
        .where(or_(graduated.c.graduated_on.is_not(None), graduated.c.applications.is_(None)))
        .subquery("ranked")
    )
    best = (ranked.c.kinds.desc(), ranked.c.times.desc(), ranked.c.member_since, ranked.c.person_key)
    statement = select(*(ranked.c[name] for name in BenchMember._fields)).order_by(*best)
    if limit > 0:
        statement = statement.limit(limit)
    return fetch(connection, statement, BenchMember)
