"""Exit measures of the stages: what each team has reached, against what ends its stage, on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from data_access.contract.lifecycle import CORE_KEPT, GROWTH_NEEDED, LARGEST_FALL, LEADERSHIP, NEWCOMERS_NEEDED, PATHWAY
from data_access.database.schema import team_milestones, teams
from data_access.questions.teams.activity import Range, year_before
from data_access.questions.teams.people import TeamPeople
from data_access.selection import Period


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


def exits(connection: Connection, people: TeamPeople, checks: Iterable[ExitCheck]) -> dict[ExitCheck, Exit]:
    """The exit measure of each (team, stage, entry) on its day, by the counts of people that the viewer may know."""
    wanted = list(dict.fromkeys(checks))
    found: dict[ExitCheck, Exit] = {}
    found |= _with_coordinator(connection, [item for item in wanted if item.stage == "pre_work"])
    reached = _milestones(connection)
    for item in wanted:
        if item.stage == "starting":
            done = Range(*(2 * [_done(reached, item, PATHWAY)]))
            found[item] = Exit(done, len(PATHWAY), done.reaches(len(PATHWAY)))
    found |= _learning(people, [item for item in wanted if item.stage == "learning"])
    found |= _scaling(people, [item for item in wanted if item.stage == "scaling"], reached)
    found |= _sustaining(people, [item for item in wanted if item.stage == "sustaining"])
    return found


def _with_coordinator(connection: Connection, wanted: list[ExitCheck]) -> dict[ExitCheck, Exit]:
    """A coordinator is a fact about the team and not a count: everybody may know whether there is one."""
    if not wanted:
        return {}
    appointed = select(teams.c.team_key, teams.c.coordinator_appointed_on).where(
        teams.c.coordinator_appointed_on.is_not(None)
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


def _learning(people: TeamPeople, wanted: list[ExitCheck]) -> dict[ExitCheck, Exit]:
    """People whose first contribution to the team is after the stage's entry: more than 25.

    Where people are counted at the ends of quarters, the entry falls inside one: without it the count is the least,
    with it the most.
    """
    inner, outer = {}, {}
    for item in wanted:
        last, entered = people.day(item.on), item.entered_on
        if people.day(entered) == entered:
            inner[item] = outer[item] = (item.team, entered, last)
        else:
            quarter = Period.quarter_of(entered)
            inner[item] = (item.team, min(quarter.end - timedelta(days=1), last), last)
            outer[item] = (item.team, min(quarter.start - timedelta(days=1), last), last)
    counts = people.newcomers([*inner.values(), *outer.values()])
    found = {}
    for item in wanted:
        low, high = counts[inner[item]], counts[outer[item]]
        came = Range(low.at_least, max(low.at_most, high.at_most)) if low and high else None
        found[item] = Exit(came, NEWCOMERS_NEEDED, came.reaches(NEWCOMERS_NEEDED + 1) if came else None)
    return found


def _scaling(
    people: TeamPeople, wanted: list[ExitCheck], reached: dict[tuple[str, str], date]
) -> dict[ExitCheck, Exit]:
    """Active now ÷ active at stage entry, at least tenfold, and both leadership milestones."""
    then = {item: (item.team, people.day(item.entered_on)) for item in wanted}
    now = {item: (item.team, people.day(item.on)) for item in wanted}
    counts = people.active([*then.values(), *now.values()])
    found = {}
    for item in wanted:
        before = counts[then[item]]
        growth = _ratio(counts[now[item]], before)
        done = _done(reached, item, LEADERSHIP)
        grown = growth.reaches(GROWTH_NEEDED) if growth else None
        met = _both(grown, done == len(LEADERSHIP))
        found[item] = Exit(growth, GROWTH_NEEDED, met, Range(done, done), len(LEADERSHIP), base=before)
    return found


def _sustaining(people: TeamPeople, wanted: list[ExitCheck]) -> dict[ExitCheck, Exit]:
    """Active now ÷ active four quarters ago, at least 90 %, and 80 % of the core of then not lapsed now."""
    now = {item: people.day(item.on) for item in wanted}
    spans = {item: (item.team, year_before(now[item]), now[item]) for item in wanted}
    counts = people.active([(team, day) for team, then, today in spans.values() for day in (then, today)])
    kept = people.core_kept(spans.values())
    found = {}
    for item in wanted:
        team, then, today = spans[item]
        before, (core, still) = counts[team, then], kept[spans[item]]
        share = _ratio(still, core)
        share = Range(min(share.at_least, 1.0), min(share.at_most, 1.0)) if share else None
        steady = _ratio(counts[team, today], before)
        met = _both(_at_least(steady, 1 - LARGEST_FALL), _at_least(share, CORE_KEPT))
        found[item] = Exit(steady, 1 - LARGEST_FALL, met, share, CORE_KEPT, before, core)
    return found


def _ratio(part: Range | None, base: Range | None) -> Range | None:
    return part.divided_by(base) if part and base else None


def _at_least(ratio: Range | None, needed: float) -> bool | None:
    return None if ratio is None else ratio.reaches(needed)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None
