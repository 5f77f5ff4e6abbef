"""Risks that the data show by themselves, beside those that somebody recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Select, and_, func, or_, select

from data_access.answers import Code, Count, Day, Flag, Key, Number, Text, empty, table
from data_access.contract.lifecycle import CORE_KEPT, ORDER, PROTOTYPE_PEOPLE
from data_access.database.schema import contributions, events, team_contributors, team_milestones, team_risks, teams
from data_access.database.sql import day_number
from data_access.program import Program, load_program
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import PEOPLE, question
from data_access.questions.teams import signs
from data_access.questions.teams.activity import core_kept, year_before
from data_access.questions.teams.chosen import chosen
from data_access.questions.teams.conversions import Became, converted
from data_access.questions.teams.shares import busiest, part_of
from data_access.questions.teams.signs import SIGNS
from data_access.questions.teams.stages import Stay, stays
from data_access.selection import EARLIEST, INSIDE, Role, Scope, Selection
from data_access.statistics.intervals import wilson_interval

STEPS = ("active", "core")


class DetectedRisk(NamedTuple):
    team: Annotated[str, Key("Team key")]
    name: Annotated[str, Text("Team")]
    stage: Annotated[str | None, Key("Stage code")]
    risk: Annotated[str, Key("Risk code")]
    words: Annotated[str, Text("Risk")]
    step: Annotated[str, Code("Step", help="Of the pathway, where it is about one: to active, or to core")]
    value: Annotated[float, Number("Found", decimals=2, help="In the unit of its row")]
    low: Annotated[float | None, Number("Low end", decimals=2, help="Of the 99% interval, where it is an estimate")]
    high: Annotated[float | None, Number("High end", decimals=2)]
    threshold: Annotated[float, Number("Threshold", decimals=2)]
    unit: Annotated[str, Code("Unit")]
    base: Annotated[int | None, Count("Of how many", "cases", help="Contributions, newcomers or core contributors")]
    since: Annotated[date | None, Day("Since", help="At the latest; empty: not known")]
    recorded: Annotated[bool, Flag("Recorded too", help="The same risk stands open in the list of risks")]


@dataclass(frozen=True, slots=True)
class _Found:
    team: str
    risk: str
    value: float
    threshold: float
    since: date | None = None
    base: int | None = None
    low: float | None = None
    high: float | None = None
    step: str = ""


def _by_team(found: pd.DataFrame) -> pd.DataFrame:
    order = found["risk"].map({code: place for place, code in enumerate(SIGNS)})
    return (
        found.assign(_order=order)
        .sort_values(["name", "team", "_order", "step"], ignore_index=True, kind="stable")
        .drop(columns="_order")
    )


@question(roles=INSIDE | {Role.PARTNER}, counts=PEOPLE, columns=DetectedRisk, own_teams=OwnTeams(_by_team))
def detected_risks(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Risks of the teams that data show, a row for each, with evidence, threshold, and since when it has been so.

    Not delegating: more than half of the contributions of 365 days by one person, of at least as many as make one core.
    Pathway gaps: the 99% interval of the share of newcomers who became active, or of the active who became core, lies
    below the share in all other teams; of a year's newcomers whose conversion window is over. No new core: 180 days
    without, in learning or scaling for at least as long. Core leaving: less than 80% of the core of a year ago is still
    there. No coordinator: in starting, or for more than 90 days in preparing. Prototype too large: more than 20 people
    came since starting, and the milestone is not reached. No renewal: sustaining, and 180 days without an event.
    """
    if not scope.exact:
        return empty(DetectedRisk)
    listed = select(teams.c.team_key, teams.c.name).where(*chosen(selection, team))
    names = {row[0]: row[1] for row in connection.execute(listed)}
    program, day = load_program(connection), selection.as_of
    current = {key: found[-1] for key, found in stays(connection, day).items() if key in names}
    found = [
        *_not_delegating(connection, program, day, names),
        *_pathway_gaps(connection, program, day, names),
        *_no_new_core(connection, program, day, current),
        *_core_leaving(connection, program, day, current),
        *_no_coordinator(connection, day, current),
        *_prototype_too_large(connection, day, current),
        *_no_renewal(connection, day, current),
    ]
    known = _recorded(connection, day)
    rows = [
        DetectedRisk(
            team=each.team,
            name=names[each.team],
            stage=current[each.team].stage if each.team in current else None,
            risk=each.risk,
            words=SIGNS[each.risk].words,
            step=each.step,
            value=float(each.value),
            low=each.low,
            high=each.high,
            threshold=float(each.threshold),
            unit=SIGNS[each.risk].unit,
            base=each.base,
            since=each.since,
            recorded=(each.team, SIGNS[each.risk].recorded_as) in known,
        )
        for each in found
    ]
    return _by_team(table(DetectedRisk, rows))


def _recorded(connection: Connection, day: date) -> set[tuple[str, str]]:
    """(team, risk) of what stands open in the list of risks on the day."""
    risk = team_risks.c
    still = or_(risk.closed_on.is_(None), risk.closed_on > day)
    statement = select(risk.team_key, risk.risk).where(risk.raised_on <= day, still)
    return {(row[0], row[1]) for row in connection.execute(statement)}


def _not_delegating(connection: Connection, program: Program, day: date, names: Mapping[str, str]) -> Iterator[_Found]:
    """Teams in which one person made most; back in steps of a quarter for as long as it has been so, a year at most."""

    def leaning(on: date, among: list[str]) -> dict[str, tuple[float, int]]:
        rows = connection.execute(busiest(on - timedelta(days=signs.YEAR), on, among)).all() if among else []
        made = {row.team_key: (part_of(row.most, row.total), int(row.total)) for row in rows}
        return {key: found for key, found in made.items() if found[1] >= program.core_min and found[0] > signs.MOST}

    now = leaning(day, sorted(names))
    since, among = dict.fromkeys(now, day), sorted(now)
    for quarters in range(1, 5):
        then = day - timedelta(days=91 * quarters)
        among = sorted(leaning(then, among))
        since |= dict.fromkeys(among, then)
    for key, (share, total) in now.items():
        yield _Found(key, "not_delegating", share, signs.MOST, since[key], total)


def _pathway_gaps(connection: Connection, program: Program, day: date, names: Mapping[str, str]) -> Iterator[_Found]:
    """Steps of a team's newcomers whose interval lies below the share in all other teams of the program."""
    end = day - timedelta(days=program.conversion_window_days)  # the day itself is over when it is no longer today
    start = end - timedelta(days=signs.YEAR)
    everybody = select(team_contributors.c.team_key).distinct()
    spans = [(key, start, end) for key in connection.execute(everybody).scalars()]
    became = {key: found for (key, _, _), found in converted(connection, program, spans, day).items()}
    together = Became(*(sum(column) for column in zip(*became.values(), strict=True))) if became else Became(0, 0, 0)
    for key, found in became.items():
        if key not in names:
            continue
        others = Became(*(whole - own for whole, own in zip(together, found, strict=True)))
        for step, (of, took), (others_of, others_took) in zip(STEPS, _steps(found), _steps(others), strict=True):
            if min(of, others_of) < signs.FEWEST_NEWCOMERS:
                continue
            usual = others_took / others_of
            low, high = (float(edge) for edge in wilson_interval(took, of, signs.CONFIDENCE))
            if high < usual:
                yield _Found(key, "pathway_gaps", took / of, usual, None, of, low, high, step)


def _steps(found: Became) -> tuple[tuple[int, int], tuple[int, int]]:
    """(of how many, how many took it) for the steps to active and to core."""
    return (found.new, found.active), (found.active, found.core)


def _no_new_core(connection: Connection, program: Program, day: date, current: Mapping[str, Stay]) -> Iterator[_Found]:
    growing = {
        key: stay
        for key, stay in current.items()
        if stay.stage in ("learning", "scaling") and stay.days >= signs.HALF_YEAR
    }
    # Most teams need no look at all of their people: somebody who came lately became core, or at least somebody who
    # contributed as much lately.
    lately = day - timedelta(days=signs.HALF_YEAR + program.window_days)
    newest, without = dict[str, date](), sorted(growing)
    for among in (_came, _contributed):
        newest |= _newest_core(connection, program, day, without, among(program, day, without, lately))
        without = [key for key in without if (day - newest.get(key, date.min)).days >= signs.HALF_YEAR]
    newest |= _newest_core(connection, program, day, without, _contributed(program, day, without, EARLIEST))
    for key, stay in growing.items():
        since = newest.get(key, stay.entered_on)
        days = (day - since).days
        if days >= signs.HALF_YEAR:
            yield _Found(key, "no_new_core", days, signs.HALF_YEAR, since)


def _came(program: Program, day: date, among: list[str], lately: date) -> Select[Any]:
    """Who came to these teams since `lately`: team_key, person_key."""
    own = team_contributors.c
    return select(own.team_key, own.person_key).where(
        own.team_key.in_(among), own.first_on > lately, own.first_on <= day
    )


def _contributed(program: Program, day: date, among: list[str], lately: date) -> Select[Any]:
    """Who contributed enough to these teams since `lately` to have become core since: team_key, person_key."""
    own = contributions.c
    return (
        select(own.team_key, own.person_key)
        .where(own.team_key.in_(among), own.contributed_on <= day, own.contributed_on > lately)
        .group_by(own.team_key, own.person_key)
        .having(func.sum(own.quantity) >= _enough(program))
    )


def _enough(program: Program) -> int:
    return max(program.core_min, program.active_min)


def _newest_core(
    connection: Connection, program: Program, day: date, among: list[str], whose: Select[Any]
) -> dict[str, date]:
    """The last day on which somebody of these people became core of each team, by contributions to it."""
    own, able = contributions.c, whose.subquery("able")
    days = (
        select(own.team_key, own.person_key, own.contributed_on, func.sum(own.quantity).label("made"))
        .join_from(contributions, able, and_(able.c.team_key == own.team_key, able.c.person_key == own.person_key))
        .where(own.team_key.in_(among), own.contributed_on <= day)
        .group_by(own.team_key, own.person_key, own.contributed_on)
        .subquery("days")
    )
    total = func.sum(days.c.made).over(
        partition_by=(days.c.team_key, days.c.person_key),
        order_by=day_number(days.c.contributed_on),
        range_=(-(program.window_days - 1), 0),
    )
    windows = select(days.c.team_key, days.c.person_key, days.c.contributed_on, total.label("total")).subquery(
        "windows"
    )
    became = (
        select(windows.c.team_key, func.min(windows.c.contributed_on).label("became_on"))
        .where(windows.c.total >= _enough(program))
        .group_by(windows.c.team_key, windows.c.person_key)
        .subquery("became")
    )
    newest = select(became.c.team_key, func.max(became.c.became_on)).group_by(became.c.team_key)
    return {row[0]: row[1] for row in connection.execute(newest)} if among else {}


def _core_leaving(connection: Connection, program: Program, day: date, current: Mapping[str, Stay]) -> Iterator[_Found]:
    then = year_before(day)
    spans = [(key, then, day) for key, stay in current.items() if ORDER[stay.stage] >= ORDER["learning"]]
    for (key, _, _), (core, kept) in core_kept(connection, program, spans).items():
        if core >= signs.FEWEST_CORE and kept / core < CORE_KEPT:
            yield _Found(key, "core_leaving", kept / core, CORE_KEPT, None, core)


def _no_coordinator(connection: Connection, day: date, current: Mapping[str, Stay]) -> Iterator[_Found]:
    appointed = select(teams.c.team_key).where(teams.c.coordinator_appointed_on <= day)
    have = set(connection.execute(appointed).scalars())
    allowed = {"pre_work": signs.WITHOUT_COORDINATOR_DAYS, "starting": 0}
    for key, stay in current.items():
        if key not in have and stay.stage in allowed and (stay.days > allowed[stay.stage] or stay.stage == "starting"):
            yield _Found(key, "no_coordinator", stay.days, allowed[stay.stage], stay.entered_on)


def _prototype_too_large(connection: Connection, day: date, current: Mapping[str, Stay]) -> Iterator[_Found]:
    tried = select(team_milestones.c.team_key).where(
        team_milestones.c.milestone == "pathway_prototyped", team_milestones.c.reached_on <= day
    )
    over = set(connection.execute(tried).scalars())
    for key, stay in current.items():
        if stay.stage != "starting" or key in over:
            continue
        came = team_contributors.c
        counted = (
            select(came.first_on, func.row_number().over(order_by=(came.first_on, came.person_key)).label("place"))
            .where(came.team_key == key, came.first_on > stay.entered_on, came.first_on <= day)
            .subquery("came")
        )
        one_more = func.min(counted.c.first_on).filter(counted.c.place > PROTOTYPE_PEOPLE)
        people, since = connection.execute(select(func.count(), one_more).select_from(counted)).one()
        if people > PROTOTYPE_PEOPLE:
            yield _Found(key, "prototype_too_large", people, PROTOTYPE_PEOPLE, since)


def _no_renewal(connection: Connection, day: date, current: Mapping[str, Stay]) -> Iterator[_Found]:
    """Where events of the team are recorded at all: a team without any may simply keep them elsewhere."""
    steady = {key: stay for key, stay in current.items() if stay.stage == "sustaining" and stay.days >= signs.HALF_YEAR}
    last = (
        select(events.c.team_key, func.max(events.c.starts_on))
        .where(events.c.team_key.in_(sorted(steady)), *Selection(as_of=day).status_conditions())
        .group_by(events.c.team_key)
    )
    for key, since in connection.execute(last).all() if steady else []:
        days = (day - since).days
        if days >= signs.HALF_YEAR:
            yield _Found(key, "no_renewal", days, signs.HALF_YEAR, since)
