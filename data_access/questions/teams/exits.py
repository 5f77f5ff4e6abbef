"""Exit measures of the stages: what each team has reached, against what ends its stage, on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from data_access.contract.lifecycle import CORE_KEPT, GROWTH_NEEDED, LARGEST_FALL, LEADERSHIP, NEWCOMERS_NEEDED, PATHWAY
from data_access.database.schema import team_milestones, teams
from data_access.privacy.small_groups import Sum
from data_access.program import Program
from data_access.questions.teams.activity import Range, activity, core_kept, newcomers, people_day, ranges
from data_access.selection import Period, Scope, add_months


@dataclass(frozen=True, slots=True)
class ExitCheck:
    """A team that entered a stage on a day, to be judged on another."""

    team: str
    stage: str
    entered_on: date
    on: date


@dataclass(frozen=True, slots=True)
class Exit:
    """What was reached, against what is needed; `second` is the stage's other condition, where it has one.

    `met` is None where the viewer's ranges leave it open, or where there is nothing to grow from. A measure that is a
    ratio has the people that it is a ratio to: `base`, `second_base`.
    """

    value: Range | None
    needed: float
    met: bool | None
    second: Range | None = None
    second_needed: float | None = None
    base: Range | None = None
    second_base: Range | None = None


def year_before(day: date) -> date:
    """The same day four quarters earlier; the last day of a quarter stays one."""
    if (day + timedelta(days=1)).day == 1:
        return add_months(day + timedelta(days=1), -12) - timedelta(days=1)
    return day.replace(year=day.year - 1)


def exits(connection: Connection, program: Program, scope: Scope, checks: Iterable[ExitCheck]) -> dict[ExitCheck, Exit]:
    """The exit measure of each (team, stage, entry) on its day, as the scope may see it."""
    wanted = list(dict.fromkeys(checks))
    found: dict[ExitCheck, Exit] = {}
    found |= _with_coordinator(connection, [item for item in wanted if item.stage == "pre_work"])
    reached = _milestones(connection)
    for item in wanted:
        if item.stage == "starting":
            done = Range(*(2 * [_done(reached, item, PATHWAY)]))
            found[item] = Exit(done, len(PATHWAY), done.reaches(len(PATHWAY)))
    found |= _learning(connection, scope, [item for item in wanted if item.stage == "learning"])
    found |= _scaling(connection, program, scope, [item for item in wanted if item.stage == "scaling"], reached)
    found |= _sustaining(connection, program, scope, [item for item in wanted if item.stage == "sustaining"])
    return found


def _with_coordinator(connection: Connection, wanted: list[ExitCheck]) -> dict[ExitCheck, Exit]:
    """A coordinator is a fact about the team and not a count: everybody may know whether there is one."""
    if not wanted:
        return {}
    appointed = select(teams.c.team_key, teams.c.coordinator_appointed_on).where(
        teams.c.coordinator_key.is_not(None), teams.c.coordinator_appointed_on.is_not(None)
    )
    days = {row[0]: row[1] for row in connection.execute(appointed)}
    found = {}
    for item in wanted:
        there = item.team in days and days[item.team] <= item.on
        found[item] = Exit(Range(int(there), int(there)), 1, there)
    return found


def _milestones(connection: Connection) -> dict[tuple[str, str], date]:
    rows = connection.execute(
        select(team_milestones.c.team_key, team_milestones.c.milestone, team_milestones.c.reached_on).where(
            team_milestones.c.milestone.in_((*PATHWAY, *LEADERSHIP))
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _done(reached: dict[tuple[str, str], date], item: ExitCheck, codes: tuple[str, ...]) -> int:
    return sum((item.team, code) in reached and reached[item.team, code] <= item.on for code in codes)


def _learning(connection: Connection, scope: Scope, wanted: list[ExitCheck]) -> dict[ExitCheck, Exit]:
    """People whose first contribution to the team is after the stage's entry: more than 25.

    For everybody outside the entry falls inside a quarter: without it the count is the least, with it the most.
    """
    inner, outer = {}, {}
    for item in wanted:
        last = people_day(item.on, scope)
        if scope.inside:
            inner[item] = outer[item] = (item.team, item.entered_on, last)
        else:
            quarter = Period.quarter_of(item.entered_on)
            inner[item] = (item.team, min(quarter.end - timedelta(days=1), last), last)
            outer[item] = (item.team, min(quarter.start - timedelta(days=1), last), last)
    counts = newcomers(connection, [*inner.values(), *outer.values()])
    found = {}
    for item in wanted:
        low, high = ranges([counts[inner[item]], counts[outer[item]]], scope)
        people = Range(low.at_least, high.at_most)
        found[item] = Exit(people, NEWCOMERS_NEEDED, people.reaches(NEWCOMERS_NEEDED + 1))
    return found


def _scaling(
    connection: Connection,
    program: Program,
    scope: Scope,
    wanted: list[ExitCheck],
    reached: dict[tuple[str, str], date],
) -> dict[ExitCheck, Exit]:
    """Active now ÷ active at stage entry, at least tenfold, and both leadership milestones."""
    then = {item: (item.team, people_day(item.entered_on, scope)) for item in wanted}
    now = {item: (item.team, people_day(item.on, scope)) for item in wanted}
    counts = activity(connection, program, [*then.values(), *now.values()])
    found = {}
    for item in wanted:
        before, after = ranges([counts[then[item]][0], counts[now[item]][0]], scope)
        growth = after.divided_by(before)
        done = _done(reached, item, LEADERSHIP)
        grown = growth.reaches(GROWTH_NEEDED) if growth else None
        met = _both(grown, done == len(LEADERSHIP))
        found[item] = Exit(growth, GROWTH_NEEDED, met, Range(done, done), len(LEADERSHIP), base=before)
    return found


def _sustaining(
    connection: Connection, program: Program, scope: Scope, wanted: list[ExitCheck]
) -> dict[ExitCheck, Exit]:
    """Active now ÷ active four quarters ago, at least 90 %, and 80 % of the core of then not lapsed now."""
    now = {item: people_day(item.on, scope) for item in wanted}
    spans = {item: (item.team, year_before(now[item]), now[item]) for item in wanted}
    days = [(team, day) for team, then, today in spans.values() for day in (then, today)]
    counts = activity(connection, program, days)
    kept = core_kept(connection, program, spans.values())
    found = {}
    for item in wanted:
        team, then, today = spans[item]
        before, after = ranges([counts[team, then][0], counts[team, today][0]], scope)
        core, still = kept[spans[item]]
        whole, staying, _ = ranges([core, still, core - still], scope, [Sum(0, (1, 2))])
        share = staying.divided_by(whole)
        share = Range(share.at_least, min(share.at_most, 1.0)) if share else None
        steady = after.divided_by(before)
        met = _both(_at_least(steady, 1 - LARGEST_FALL), _at_least(share, CORE_KEPT))
        found[item] = Exit(steady, 1 - LARGEST_FALL, met, share, CORE_KEPT, before, whole)
    return found


def _at_least(ratio: Range | None, needed: float) -> bool | None:
    return None if ratio is None else ratio.reaches(needed)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None
