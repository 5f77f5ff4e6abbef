"""Members of whom nothing was heard for long: no event, no contribution."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import CTE, Connection, Select, and_, func, or_, select, union

from data_access.answers import Count, Day, Key, Text, table
from data_access.database.prepared import member_attendances
from data_access.database.schema import contributions, people
from data_access.membership import stays_on
from data_access.questions.health.thresholds import SILENT_DAYS
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection

_HAPPENED = or_(member_attendances.c.status == "held", member_attendances.c.status.is_(None))


class SilentMember(NamedTuple):
    person_key: Annotated[str, Key("Person key")]
    name: Annotated[str | None, Text("Name")]
    days: Annotated[int, Count("Days silent", "days", help="Since the last sign, or since the membership began")]
    last_event_on: Annotated[date | None, Day("Last event", help="In whatever role; empty: none")]
    last_contribution_on: Annotated[date | None, Day("Last contribution", help="Empty: none")]
    next_event_on: Annotated[date | None, Day("Next event", help="Planned with them; empty: none")]
    member_since: Annotated[date, Day("Member since")]
    home_country: Annotated[str | None, Text("Country")]


@question(roles=INSIDE, counts=PEOPLE, columns=SilentMember)
def silent_members(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Members without an event or a contribution in the last 90 days, the longest silence first (PM and board only).

    Who is a member for fewer days is not silent yet. An event counts once it has begun and was held, in whatever role.
    Filters do not apply.
    """
    day = selection.as_of
    found = connection.execute(silent_people(day)).all()
    keys = [row.person_key for row in found]
    named = select(people.c.person_key, people.c.name, people.c.home_country).where(people.c.person_key.in_(keys))
    who = {row.person_key: row for row in connection.execute(named).all()}
    own = member_attendances.c
    ahead = or_(own.starts_on > day, and_(own.starts_on == day, own.status == "planned"))
    planned = (
        select(own.person_key, func.min(own.starts_on).label("next_on"))
        .where(own.person_key.in_(keys), ahead, func.coalesce(own.status, "planned") != "cancelled")
        .group_by(own.person_key)
    )
    next_on = {row.person_key: row.next_on for row in connection.execute(planned).all()}
    seen, made = _last_signs(connection, day, keys)
    rows = [
        SilentMember(
            row.person_key,
            who[row.person_key].name,
            (day - max(filter(None, (row.since, seen.get(row.person_key), made.get(row.person_key))))).days,
            seen.get(row.person_key),
            made.get(row.person_key),
            next_on.get(row.person_key),
            row.since,
            who[row.person_key].home_country,
        )
        for row in found
    ]
    rows.sort(key=lambda row: (-row.days, row.person_key))
    return table(SilentMember, rows)


def _members(day: date) -> Select[Any]:
    long_ago = day - timedelta(days=SILENT_DAYS)
    stays = stays_on(day).subquery("stays")
    return select(stays.c.person_key, stays.c.member_since.label("since")).where(stays.c.member_since <= long_ago)


def silent_share(connection: Connection, day: date) -> tuple[int, int]:
    """How many members gave no sign in the 90 days up to a day, and of how many one could be expected.

    That is of those who have been members for 90 days without a gap.
    """
    members = _members(day).cte("members")
    signs = union(*_signs(members, day)).subquery("signs")
    heard = members.outerjoin(signs, signs.c.person_key == members.c.person_key)
    signed, of = connection.execute(select(func.count(signs.c.person_key), func.count()).select_from(heard)).one()
    return int(of) - int(signed), int(of)


def silent_people(day: date) -> Select[Any]:
    """Members without a sign in the 90 days up to a day: person_key, since."""
    members = _members(day).cte("members")
    seen, made = _signs(members, day)
    key = members.c.person_key
    return select(key, members.c.since).where(key.not_in(seen), key.not_in(made))


def _signs(members: CTE, day: date) -> tuple[Select[Any], Select[Any]]:
    """Whose events and whose contributions lie in the 90 days up to a day: person_key, more than once."""
    long_ago = day - timedelta(days=SILENT_DAYS)
    seen = select(member_attendances.c.person_key).where(
        _HAPPENED, member_attendances.c.starts_on > long_ago, member_attendances.c.starts_on <= day
    )
    made = select(contributions.c.person_key).where(
        contributions.c.contributed_on > long_ago, contributions.c.contributed_on <= day
    )
    # Only members are looked up: a large program has a hundred times as many other people.
    keys = select(members.c.person_key)
    seen = seen.where(member_attendances.c.person_key.in_(keys))
    return seen, made.where(contributions.c.person_key.in_(keys))


def _last_signs(connection: Connection, day: date, keys: list[str]) -> tuple[dict[str, date], dict[str, date]]:
    """The last event and the last contribution of people up to a day."""
    seen = (
        select(member_attendances.c.person_key, func.max(member_attendances.c.starts_on))
        .where(_HAPPENED, member_attendances.c.starts_on <= day, member_attendances.c.person_key.in_(keys))
        .group_by(member_attendances.c.person_key)
    )
    made = (
        select(contributions.c.person_key, func.max(contributions.c.contributed_on))
        .where(contributions.c.contributed_on <= day, contributions.c.person_key.in_(keys))
        .group_by(contributions.c.person_key)
    )
    first, second = ({row[0]: row[1] for row in connection.execute(each)} for each in (seen, made))
    return first, second
