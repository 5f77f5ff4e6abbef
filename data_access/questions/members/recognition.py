"""What deserves a word of thanks: first talks, tenth events, new languages, anniversaries; and who could lead next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import CTE, Connection, Select, case, func, or_, select

from data_access.database.schema import applications, cohorts, events, memberships, mentorships, participations, people
from data_access.geography.languages import language_name
from data_access.questions.contributors.activity import home_conditions
from data_access.questions.event_map.members import active_on
from data_access.questions.frames import TEXT, WHOLE, frame, typed
from data_access.questions.members.standing import NAMED, QUALIFYING_ROLES
from data_access.questions.registry import question
from data_access.selection import Scope, Selection

FIRST_TALK, ROUND_EVENT, NEW_LANGUAGE, ANNIVERSARY = "first talk", "10th event", "new language", "anniversary"
ROUND = 10


@question(NAMED)
def recognition(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What members achieved in the period that deserves a word of thanks, newest first.

    Columns: person_key, name, what (first talk, 10th event, new language, anniversary), on, event_key, title, detail
    (the language, or the years). A first talk is the first event ever at which the person speaks; the 10th event the
    tenth of those in which they speak, organize, mentor or facilitate; a new language the first such event in a
    language other than those before; an anniversary the day on which a membership without a gap reaches a whole number
    of years. Held events up to `as_of`, of people who are members on that day. Countries and regions are those of the
    home; other filters do not apply.
    """
    rows = [
        *_first_talks(connection, selection),
        *_round_events(connection, selection),
        *_new_languages(connection, selection),
        *_anniversaries(connection, selection),
    ]
    rows.sort(key=lambda row: (-row["on"].toordinal(), row["what"], row["person_key"], row["detail"] or ""))
    columns = ["person_key", "name", "what", "on", "event_key", "title", "detail"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return typed(table, person_key=TEXT, what=TEXT)


def _own_events(selection: Selection, *roles: str) -> CTE:
    """Held events of today's members in which they had one of the roles, once each: person_key, event_key, on."""
    held = or_(events.c.status == "held", events.c.status.is_(None))
    return (
        select(participations.c.person_key, participations.c.event_key, func.max(events.c.starts_on).label("on"))
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            participations.c.person_key.in_(active_on(selection.as_of)),
            participations.c.role.in_(roles),
            held,
            events.c.starts_on <= selection.as_of,
            *home_conditions(participations.c.person_key, selection),
        )
        .group_by(participations.c.person_key, participations.c.event_key)
        .cte("own_events")
    )


def _nth(connection: Connection, selection: Selection, what: str, number: int, *roles: str) -> list[dict[str, Any]]:
    """The event that was each person's `number`th, where it lies in the period."""
    own = _own_events(selection, *roles)
    place = func.row_number().over(partition_by=own.c.person_key, order_by=(own.c.on, own.c.event_key))
    ranked = select(own, place.label("place")).cte("ranked")
    in_period = (ranked.c.on >= selection.period.start, ranked.c.on < selection.period.end)
    return _found(connection, ranked, what, ranked.c.place == number, *in_period)


def _found(connection: Connection, own: CTE, what: str, *where: Any) -> list[dict[str, Any]]:
    statement = (
        select(own, people.c.name, events.c.title)
        .join_from(own, people, people.c.person_key == own.c.person_key)
        .join(events, events.c.event_key == own.c.event_key)
        .where(*where)
    )
    return [
        {**{name: row._mapping[name] for name in ("person_key", "name", "on", "event_key", "title")}, "what": what}
        | {"detail": None}
        for row in connection.execute(statement)
    ]


def _first_talks(connection: Connection, selection: Selection) -> list[dict[str, Any]]:
    return _nth(connection, selection, FIRST_TALK, 1, "speaker")


def _round_events(connection: Connection, selection: Selection) -> list[dict[str, Any]]:
    return _nth(connection, selection, ROUND_EVENT, ROUND, *QUALIFYING_ROLES)


def _new_languages(connection: Connection, selection: Selection) -> list[dict[str, Any]]:
    """The first event in each language, for languages that came after the person's first."""
    held = or_(events.c.status == "held", events.c.status.is_(None))
    spoken = (
        select(
            participations.c.person_key,
            participations.c.language,
            events.c.starts_on.label("on"),
            events.c.event_key,
            func.row_number()
            .over(
                partition_by=(participations.c.person_key, participations.c.language),
                order_by=(events.c.starts_on, events.c.event_key),
            )
            .label("place"),
            func.min(events.c.starts_on).over(partition_by=participations.c.person_key).label("first_on"),
        )
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            participations.c.person_key.in_(active_on(selection.as_of)),
            participations.c.role.in_(QUALIFYING_ROLES),
            participations.c.language.is_not(None),
            held,
            events.c.starts_on <= selection.as_of,
            *home_conditions(participations.c.person_key, selection),
        )
        .cte("spoken")
    )
    statement = (
        select(spoken, people.c.name, events.c.title)
        .join_from(spoken, people, people.c.person_key == spoken.c.person_key)
        .join(events, events.c.event_key == spoken.c.event_key)
        .where(
            spoken.c.place == 1,
            spoken.c.on > spoken.c.first_on,
            spoken.c.on >= selection.period.start,
            spoken.c.on < selection.period.end,
        )
    )
    return [
        {
            "person_key": row.person_key,
            "name": row.name,
            "what": NEW_LANGUAGE,
            "on": row.on,
            "event_key": row.event_key,
            "title": row.title,
            "detail": language_name(row.language),
        }
        for row in connection.execute(statement)
    ]


def _anniversaries(connection: Connection, selection: Selection) -> list[dict[str, Any]]:
    statement = (
        _stays(selection.as_of)
        .add_columns(people.c.name)
        .join(people, people.c.person_key == memberships.c.person_key)
        .where(*home_conditions(memberships.c.person_key, selection))
        .group_by(people.c.name)
    )
    rows = []
    for row in connection.execute(statement):
        for years in range(1, selection.as_of.year - row.member_since.year + 1):
            on = _years_after(row.member_since, years)
            if selection.period.start <= on < selection.period.end and on <= selection.as_of:
                detail = f"{years} year{'' if years == 1 else 's'}"
                found = {"person_key": row.person_key, "name": row.name, "what": ANNIVERSARY, "on": on}
                rows.append(found | {"event_key": None, "title": None, "detail": detail})
    return rows


def _stays(as_of: date) -> Select[Any]:
    """Since when today's members are members without a gap: person_key, member_since."""
    earlier = memberships.alias("earlier")
    goes_on = (
        select(earlier.c.person_key)
        .where(
            earlier.c.person_key == memberships.c.person_key,
            earlier.c.started_on < memberships.c.started_on,
            or_(earlier.c.ended_on.is_(None), earlier.c.ended_on >= memberships.c.started_on),
        )
        .exists()
    )
    since = func.max(case((~goes_on, memberships.c.started_on)))
    return (
        select(memberships.c.person_key, since.label("member_since"))
        .where(memberships.c.person_key.in_(active_on(as_of)), memberships.c.started_on <= as_of)
        .group_by(memberships.c.person_key)
    )


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@question(NAMED)
def leavers(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Memberships that ended in the period, newest first, with the reason and, where known, who hired the person.

    Columns: person_key, name, cohort, started_on, ended_on, days, end_reason (below_floor, left, conduct, hired,
    completed; missing: not told), hired_by. Ended up to `as_of`. Countries and regions are those of the home.
    """
    statement = (
        select(
            memberships.c.person_key,
            people.c.name,
            cohorts.c.name.label("cohort"),
            memberships.c.started_on,
            memberships.c.ended_on,
            memberships.c.end_reason,
            memberships.c.hired_by,
        )
        .join_from(memberships, people, people.c.person_key == memberships.c.person_key)
        .join(cohorts, cohorts.c.cohort_key == memberships.c.cohort_key, isouter=True)
        .where(
            memberships.c.ended_on >= selection.period.start,
            memberships.c.ended_on < selection.period.end,
            memberships.c.ended_on <= selection.as_of,
            *home_conditions(memberships.c.person_key, selection),
        )
        .order_by(memberships.c.ended_on.desc(), memberships.c.membership_key)
    )
    table = frame(connection, statement, person_key=TEXT)
    days = [(end - start).days for start, end in zip(table["started_on"], table["ended_on"], strict=True)]
    table.insert(5, "days", pd.Series(days, dtype=WHOLE))
    return table


@question(NAMED)
def bench(connection: Connection, selection: Selection, scope: Scope, *, limit: int = 20) -> pd.DataFrame:
    """Members from whom the next program manager could come: those with the widest experience first.

    Columns: person_key, name, graduated_on, member_since, organized, mentored, spoke (held events in that role),
    mentees (different people, now or before), last_event_on. Members on `as_of` who have graduated, or whose
    graduation is not recorded at all; by the number of kinds of experience (organizing, mentoring or having mentees,
    speaking), then events organized and mentored and mentees together, then longest standing.
    """
    day = selection.as_of
    stays = _stays(day).where(*home_conditions(memberships.c.person_key, selection)).cte("stays")
    held = or_(events.c.status == "held", events.c.status.is_(None))

    def events_as(name: str, *roles: str) -> Any:
        is_so = participations.c.role.in_(roles)
        return func.count(case((is_so, participations.c.event_key)).distinct()).label(name)

    done = (
        select(
            participations.c.person_key,
            events_as("organized", "organizer"),
            events_as("mentored", "mentor", "facilitator"),
            events_as("spoke", "speaker"),
            func.max(events.c.starts_on).label("last_event_on"),
        )
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(held, events.c.starts_on <= day, participations.c.person_key.in_(select(stays.c.person_key)))
        .group_by(participations.c.person_key)
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
        .group_by(applications.c.person_key)
        .cte("graduated")
    )

    def known(column: Any) -> Any:
        return func.coalesce(column, 0)

    organized, mentored, spoke = (known(done.c[name]) for name in ("organized", "mentored", "spoke"))
    mentees = known(taught.c.mentees)
    leads, teaches, speaks = (case((is_so, 1), else_=0) for is_so in (organized > 0, mentored + mentees > 0, spoke > 0))
    statement = (
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
        )
        .join_from(stays, people, people.c.person_key == stays.c.person_key)
        .join(done, done.c.person_key == stays.c.person_key, isouter=True)
        .join(taught, taught.c.mentor_key == stays.c.person_key, isouter=True)
        .join(graduated, graduated.c.person_key == stays.c.person_key, isouter=True)
        .where(or_(graduated.c.graduated_on.is_not(None), graduated.c.applications.is_(None)))
        .order_by(
            (leads + teaches + speaks).desc(),
            (organized + mentored + mentees).desc(),
            stays.c.member_since,
            stays.c.person_key,
        )
    )
    if limit > 0:
        statement = statement.limit(limit)
    wholes = dict.fromkeys(("organized", "mentored", "spoke", "mentees"), WHOLE)
    return frame(connection, statement, person_key=TEXT, **wholes)
