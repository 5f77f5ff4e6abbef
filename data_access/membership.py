"""Who was a member when: the one place that reads the edges of memberships.

`ended_on` is the last day of a membership. One that begins on that day or the next continues it: nobody left, and the
person is a member since the first of them began. After a longer gap it is a new membership.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select

from data_access.database.schema import memberships
from data_access.database.sql import day_number


def member_on(day: date) -> ColumnElement[bool]:
    """The memberships that hold on a day, both of their edges included."""
    return and_(memberships.c.started_on <= day, or_(memberships.c.ended_on.is_(None), memberships.c.ended_on >= day))


def member_within(start: date, end: date, as_of: date) -> ColumnElement[bool]:
    """The memberships of at least one day in [start, end), as far as they had begun by `as_of`."""
    ended = memberships.c.ended_on
    lasting = or_(ended.is_(None), and_(ended >= start, ended >= memberships.c.started_on))
    return and_(memberships.c.started_on < end, memberships.c.started_on <= as_of, lasting)


def end_known_on(as_of: date, stay: Any = memberships) -> ColumnElement[date | None]:
    """The last day of a membership, NULL while it is not known: an end after `as_of` has not happened."""
    return case((stay.c.ended_on <= as_of, stay.c.ended_on))


def begins(stay: Any = memberships) -> ColumnElement[bool]:
    """Whether a membership continues no other: a stay begins with it."""
    earlier = memberships.alias("earlier")
    before = or_(
        earlier.c.started_on < stay.c.started_on,
        and_(earlier.c.started_on == stay.c.started_on, earlier.c.membership_key < stay.c.membership_key),
    )
    goes_on = or_(earlier.c.ended_on.is_(None), _next_day(earlier) >= day_number(stay.c.started_on))
    same = earlier.c.person_key == stay.c.person_key
    return ~select(earlier.c.person_key).where(same, before, goes_on).exists()


def left_by(as_of: date) -> ColumnElement[bool]:
    """The memberships that ended by a day and that nothing which had begun by then continues."""
    later = memberships.alias("later")
    own, other = memberships.c, later.c
    longer = or_(
        other.ended_on.is_(None),
        other.ended_on > own.ended_on,
        and_(other.ended_on == own.ended_on, other.membership_key > own.membership_key),
    )
    begun = and_(other.started_on <= as_of, day_number(other.started_on) <= _next_day(memberships))
    different = and_(other.person_key == own.person_key, other.membership_key != own.membership_key)
    continued = select(other.person_key).where(different, begun, longer).exists()
    return and_(own.ended_on <= as_of, ~continued)


def stays() -> Subquery:
    """Since when the person of each membership, on its first day, is a member without a gap.

    Columns membership_key, member_since.
    """
    own = memberships.c
    columns = (own.membership_key, own.person_key, own.started_on)
    begun = select(*columns, case((begins(), own.started_on)).label("began_on")).subquery("begun").c
    since = func.max(begun.began_on).over(partition_by=begun.person_key, order_by=begun.started_on)
    return select(begun.membership_key, since.label("member_since")).subquery("stays")


def stays_on(day: date, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Since when the members of a day are members without a gap: person_key, member_since.

    Conditions are on their memberships.
    """
    stay = stays()
    return (
        select(memberships.c.person_key, func.max(stay.c.member_since).label("member_since"))
        .join_from(memberships, stay, stay.c.membership_key == memberships.c.membership_key)
        .where(member_on(day), *conditions)
        .group_by(memberships.c.person_key)
    )


def _next_day(stay: Any) -> ColumnElement[int]:
    return day_number(stay.c.ended_on) + 1
