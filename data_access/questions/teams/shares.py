"""How a team's work is spread over its people: one way of counting for every question that asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from data_access.database.schema import contributions, teams


def work_shares(since: date, day: date, as_of: date, only: Sequence[str] | None = None) -> Select[Any]:
    """A row a team (or each of `only`) of who made how much of its contributions in the days (`since`, `day`].

    `total`, by quantity; `people`; `half`: so many, the busiest first, make half of it; `most`, made by `person_key`;
    `placed`: what everybody made times their place, the busiest being the first; `coordinated`: the part of the
    coordinator, `coordinator_key`, who is known on `as_of`.
    """
    own, on = contributions.c, teams.c.coordinator_appointed_on
    wanted = own.team_key.is_not(None) if only is None else own.team_key.in_(only)
    each = (
        select(own.team_key, own.person_key, func.sum(own.quantity).label("made"))
        .where(own.contributed_on > since, own.contributed_on <= day, wanted)
        .group_by(own.team_key, own.person_key)
        .subquery("each")
    )
    busiest = (each.c.made.desc(), each.c.person_key)
    ranked = select(
        each,
        func.row_number().over(partition_by=each.c.team_key, order_by=busiest).label("place"),
        func.sum(each.c.made).over(partition_by=each.c.team_key).label("whole"),
        func.sum(each.c.made).over(partition_by=each.c.team_key, order_by=busiest, rows=(None, 0)).label("upto"),
    ).subquery("ranked")
    known = or_(on.is_(None), on <= as_of)
    mine = ranked.c.person_key == teams.c.coordinator_key
    return (
        select(
            ranked.c.team_key,
            teams.c.name,
            func.max(teams.c.coordinator_key).filter(known).label("coordinator_key"),
            func.max(ranked.c.whole).label("total"),
            func.count().label("people"),
            func.count().filter((ranked.c.upto - ranked.c.made) * 2 < ranked.c.whole).label("half"),
            func.max(ranked.c.made).label("most"),
            func.max(ranked.c.person_key).filter(ranked.c.place == 1).label("person_key"),
            func.sum(ranked.c.made * ranked.c.place).label("placed"),
            func.coalesce(func.sum(ranked.c.made).filter(known, mine), 0).label("coordinated"),
        )
        .join_from(ranked, teams, teams.c.team_key == ranked.c.team_key)
        .group_by(ranked.c.team_key, teams.c.name)
    )


def busiest(since: date, day: date, only: Sequence[str]) -> Select[Any]:
    """Of each of some teams the contributions of those days, and those of whoever made most: team_key, total, most."""
    own = contributions.c
    each = (
        select(own.team_key, func.sum(own.quantity).label("made"))
        .where(own.contributed_on > since, own.contributed_on <= day, own.team_key.in_(only))
        .group_by(own.team_key, own.person_key)
        .subquery("each")
    )
    sums = (func.sum(each.c.made).label("total"), func.max(each.c.made).label("most"))
    return select(each.c.team_key, *sums).group_by(each.c.team_key)


def part_of(part: Any, whole: Any) -> float:
    """The share of whole numbers, which PostgreSQL adds up to decimals."""
    return float(part) / float(whole)


def gini(total: Any, people: int, placed: Any) -> float:
    """Gini's coefficient of what `people` made, of their sum and of the sum of each part times its place.

    0: everybody made as much; near 1: one made all. The largest part has the place 1.
    """
    return (people + 1 - 2 * float(placed) / float(total)) / people
