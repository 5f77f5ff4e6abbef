"""On how few people the work depends: in each team, and in the program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, or_, select

from data_access.answers import Code, Count, Key, Share, Text, rows, table
from data_access.database.schema import contributions, memberships, people, teams
from data_access.program import load_program
from data_access.questions.budget.summary import BudgetSummary, budget_summary
from data_access.questions.health.judging import Figure, Spans, first_day, interval
from data_access.questions.health.silent import silent_share
from data_access.questions.health.thresholds import HALF, QUARTER, SILENT_DAYS, YEAR
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams.shares import part_of, work_shares
from data_access.selection import INSIDE, Scope, Selection

ONE_PERSON, SHARED, TOO_LITTLE = "one_person", "shared", "too_little_to_say"


class TeamDependence(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    state: Annotated[
        str,
        Code(
            "State", help="one person makes half or more, shared, too little to say: less than one core contributor’s"
        ),
    ]
    contributions: Annotated[int, Count("Contributions", "contributions", help="Of the last 365 days")]
    people: Annotated[int, Count("Contributors", "people")]
    half: Annotated[int, Count("Make half of it", "people", help="So many, the busiest first, make half of the work")]
    person_key: Annotated[str, Key("Person key")]
    person: Annotated[str | None, Text("Makes most")]
    share: Annotated[float, Share("Of the work")]
    share_before: Annotated[
        float | None, Share("Year before", help="Of that year’s work, by whoever made most; empty: too little then")
    ]
    coordinator: Annotated[str | None, Text("Coordinator")]
    coordinator_share: Annotated[
        float | None, Share("Coordinator’s share", help="Empty: no coordinator is recorded on the day")
    ]


class _Work:
    """Who made how much of a year's work, by team, in the days (`since`, `day`]."""

    def __init__(self, connection: Connection, since: date, day: date, as_of: date) -> None:
        self.enough = load_program(connection).core_min
        self.by_team = {row.team_key: row for row in connection.execute(work_shares(since, day, as_of))}

    def judged(self) -> list[Any]:
        return [row for row in self.by_team.values() if row.total >= self.enough]


def _makes_half(part: Any, whole: Any) -> bool:
    return part_of(part, whole) >= HALF


@question(roles=INSIDE, counts=PEOPLE, columns=TeamDependence)
def team_dependence(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """How many people make half of each team's work of the last 365 days, who makes most, and its coordinator's share.

    Work is contributions, by their quantity. Teams with less than one core contributor's (the program's threshold) are
    too little to say anything of. Teams that lean on one person first. Filters do not apply.
    """
    span = Spans(selection.as_of, YEAR)
    now = _Work(connection, span.since, span.as_of, span.as_of)
    before = _Work(connection, span.earlier, span.since, span.as_of)
    wanted = {key for row in now.by_team.values() for key in (row.person_key, row.coordinator_key) if key}
    named = select(people.c.person_key, people.c.name).where(people.c.person_key.in_(wanted))
    names = {row[0]: row[1] or row[0] for row in connection.execute(named)}
    then = {row.team_key: part_of(row.most, row.total) for row in before.judged()}
    found = []
    for row in now.by_team.values():
        state = ONE_PERSON if _makes_half(row.most, row.total) else SHARED
        found.append(
            TeamDependence(
                row.team_key,
                row.name,
                state if row.total >= now.enough else TOO_LITTLE,
                int(row.total),
                row.people,
                row.half,
                row.person_key,
                names.get(row.person_key, row.person_key),
                part_of(row.most, row.total),
                then.get(row.team_key),
                names.get(row.coordinator_key, row.coordinator_key),
                None if row.coordinator_key is None else part_of(row.coordinated, row.total),
            )
        )
    order = (ONE_PERSON, SHARED, TOO_LITTLE)
    found.sort(key=lambda row: (order.index(row.state), -row.share, row.team))
    return table(TeamDependence, found)


def figures(connection: Connection, selection: Selection) -> Iterator[Figure]:
    """People who carry the program, teams that lean on one person or their coordinator, money, silent members."""
    span = Spans(selection.as_of, YEAR)
    (carriers, everybody), (carriers_before, _) = _carriers(connection, span)
    yield Figure("carriers", carriers or None, carriers_before or None, base=everybody)
    enough = load_program(connection).core_min
    teams_now, teams_before = _leaning(connection, span)
    (judged, before) = ([row for row in each if row.total >= enough] for each in (teams_now, teams_before))
    coordinated, coordinated_before = (
        [row for row in each if row.coordinator_key is not None] for each in (judged, before)
    )
    yield Figure(
        "one_person",
        sum(_makes_half(row.most, row.total) for row in judged) if judged else None,
        sum(_makes_half(row.most, row.total) for row in before) if before else None,
        base=len(judged),
        missing=len(teams_now) - len(judged),
    )
    yield Figure(
        "coordinator",
        sum(_makes_half(row.coordinated, row.total) for row in coordinated) if coordinated else None,
        sum(_makes_half(row.coordinated, row.total) for row in coordinated_before) if coordinated_before else None,
        base=len(coordinated),
        missing=len(teams_now) - len(coordinated),
    )
    yield _runway(connection, selection)
    yield _silent(connection, selection.as_of)


def _made(span: Spans, *by: ColumnElement[Any]) -> Subquery:
    """What was made in the year now (recent = 1) and in the one before: recent, `by`, made."""
    own = contributions.c
    recent = case((own.contributed_on > span.since, 1), else_=0).label("recent")
    return (
        select(recent, *by, func.sum(own.quantity).label("made"))
        .where(own.contributed_on > span.earlier, own.contributed_on <= span.as_of)
        .group_by(recent, *by)
        .subquery("made_by")
    )


def _carriers(connection: Connection, span: Spans) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many people, the busiest first, make half of the program's work; and how many made any. Now, and before."""
    each = _made(span, contributions.c.person_key)
    # So many made so much: a few hundred rows, whatever the program.
    statement = select(each.c.recent, each.c.made, func.count()).group_by(each.c.recent, each.c.made)
    found: tuple[list[tuple[int, int]], ...] = ([], [])
    for recent, made, number in connection.execute(statement):
        found[1 - recent].append((int(made), number))
    return _half_of(found[0]), _half_of(found[1])


def _half_of(made: list[tuple[int, int]]) -> tuple[int, int]:
    """How many people it takes to make half, and how many there are, of (what each of them made, people)."""
    whole, upto, carriers = sum(each * number for each, number in made), 0, 0
    for each, number in sorted(made, reverse=True):
        # Another one is needed for as long as less than half is made.
        needed = max(0, -(-(whole - 2 * upto) // (2 * each)))
        carriers += min(needed, number)
        upto += each * number
    return carriers, sum(number for _, number in made)


def _leaning(connection: Connection, span: Spans) -> tuple[list[Any], list[Any]]:
    """A row a team, of the year now and of the one before: total, most (by one person), its coordinator's part."""
    own, on = contributions.c, teams.c.coordinator_appointed_on
    each = _made(span, own.team_key, own.person_key)
    known = or_(on.is_(None), on <= span.as_of)
    mine = and_(known, each.c.person_key == teams.c.coordinator_key)
    statement = (
        select(
            each.c.recent,
            func.max(teams.c.coordinator_key).filter(known).label("coordinator_key"),
            func.sum(each.c.made).label("total"),
            func.max(each.c.made).label("most"),
            func.coalesce(func.sum(each.c.made).filter(mine), 0).label("coordinated"),
        )
        .join_from(each, teams, teams.c.team_key == each.c.team_key)
        .group_by(each.c.recent, each.c.team_key)
    )
    found: tuple[list[Any], ...] = ([], [])
    for row in connection.execute(statement):
        found[1 - row.recent].append(row)
    return found[0], found[1]


def _runway(connection: Connection, selection: Selection) -> Figure:
    """What the Budget page projects of the year's end, over the budget; what is used already where it projects none."""
    span = Spans(selection.as_of, QUARTER)
    now, low, high = _used(connection, span.as_of)
    before, _, _ = _used(connection, span.since)
    return Figure("runway", now, before, low, high)


def _used(connection: Connection, day: date) -> tuple[float | None, float | None, float | None]:
    if not load_program(connection).currency:
        return None, None, None
    [year] = rows(BudgetSummary, budget_summary(connection, Selection(as_of=day), Scope.everything()))
    if not year.budget:
        return None, None, None
    if year.year_end is None:
        return year.burn, None, None
    ends = (year.year_end, year.year_end_low, year.year_end_high)
    now, low, high = (None if end is None else float(end) / float(year.budget) for end in ends)
    return now, low, high


def _silent(connection: Connection, as_of: date) -> Figure:
    span = Spans(as_of, SILENT_DAYS)
    first = first_day(connection, memberships.c.started_on)
    counted = [silent_share(connection, day) if first <= day else (0, 0) for day in (span.as_of, span.since)]
    (now, of), (before, of_before) = counted
    low, high = interval(now, of)
    return Figure("silent", now / of if of else None, before / of_before if of_before else None, low, high, base=of)
