"""One team: its milestones and risks, its active contributors by quarter, and the funnel around each stage change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, and_, func, literal, select

from data_access.answers import Code, Count, Day, Flag, Key, Moment, Text, empty, table
from data_access.contract.lifecycle import GROWTH_NEEDED, LIFECYCLE, risk_words, stage_title
from data_access.database.schema import audit, team_milestones, team_risks, teams
from data_access.privacy.small_groups import Name, Sum
from data_access.program import Program, load_program
from data_access.questions.own_teams import OwnTeams
from data_access.questions.registry import NOTHING, PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.questions.teams.activity import Range, first_days, people_ends, ranges
from data_access.questions.teams.conversions import Became, converted
from data_access.questions.teams.people import new_in_team, people_of
from data_access.questions.teams.stages import Stay, stays
from data_access.recorded import author_words, in_words
from data_access.selection import INSIDE, STAFF, Period, Role, Scope, Selection, add_months

MOST_QUARTERS, MOST_CHANGES = 40, 100
_GRAVITY = {"high": 0, "medium": 1, "low": 2}


class TeamMilestone(NamedTuple):
    team: Annotated[str, Key("Team key")]
    stage: Annotated[str, Key("Stage code")]
    title: Annotated[str, Text("Stage")]
    milestone: Annotated[str, Key("Milestone code")]
    words: Annotated[str, Text("Milestone")]
    reached_on: Annotated[date | None, Day("Reached on", help="Empty: not yet")]
    evidence_url: Annotated[str | None, Text("Evidence")]
    note: Annotated[str | None, Text("Note", help="For program manager, board and the team’s own partner")]


def _by_team(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values("team", ignore_index=True, kind="stable")


@question(roles=STAFF, counts=NOTHING, columns=TeamMilestone, own_teams=OwnTeams(_by_team))
def team_milestones_list(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Every milestone of the lifecycle for a team, in order; without a team, those that each team has reached."""
    reached = team_milestones.c
    note: Any = reached.note if scope.exact else literal(None).label("note")
    columns = (reached.team_key, reached.milestone, reached.reached_on, reached.evidence_url, note)
    statement = select(*columns).where(reached.reached_on <= selection.as_of)
    if team:
        statement = statement.where(team_milestones.c.team_key == team)
    found = {(row.team_key, row.milestone): row for row in connection.execute(statement)}
    rows = []
    for key in [team] if team else sorted({key for key, _ in found}):
        for stage in LIFECYCLE:
            for code, words in stage.milestones.items():
                row = found.get((key, code))
                if row is None and not team:
                    continue
                note = row.note if row and scope.reads_notes_of(key) else None
                when = (row.reached_on, row.evidence_url, note) if row else (None, None, None)
                rows.append(TeamMilestone(key, stage.code, stage.title, code, words, *when))
    return table(TeamMilestone, rows)


class TeamRisk(NamedTuple):
    risk_key: Annotated[str, Key("Risk key")]
    team: Annotated[str, Key("Team key")]
    risk: Annotated[str, Key("Risk code", help="Or the words in which it was recorded")]
    words: Annotated[str, Text("Risk")]
    severity: Annotated[str | None, Code("Severity")]
    raised_on: Annotated[date, Day("Raised on")]
    closed_on: Annotated[date | None, Day("Closed on", help="Empty: open")]
    days_open: Annotated[int, Count("Days open", "days", help="To the closing, or to the day of the answer")]


def _open_and_gravest_first(found: pd.DataFrame) -> pd.DataFrame:
    gravity = found["severity"].map(_GRAVITY).fillna(len(_GRAVITY))
    keys = found.assign(_closed=found["closed_on"].notna(), _gravity=gravity)
    ordered = keys.sort_values(["_closed", "_gravity", "raised_on", "risk_key"], ignore_index=True)
    return ordered.drop(columns=["_closed", "_gravity"])


@question(roles=STAFF, counts=NOTHING, columns=TeamRisk, own_teams=OwnTeams(_open_and_gravest_first))
def team_risks_list(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Risks of a team (or of all), open ones first, gravest first. One that was closed after `as_of` is open."""
    statement = select(team_risks).where(team_risks.c.raised_on <= selection.as_of)
    if team:
        statement = statement.where(team_risks.c.team_key == team)
    rows = []
    for row in connection.execute(statement):
        closed = row.closed_on if row.closed_on and row.closed_on <= selection.as_of else None
        days = ((closed or selection.as_of) - row.raised_on).days
        what = (row.risk_key, row.team_key, row.risk, risk_words(row.risk), row.severity)
        rows.append(TeamRisk(*what, row.raised_on, closed, days))
    return _open_and_gravest_first(table(TeamRisk, rows))


class TeamQuarter(NamedTuple):
    team: Annotated[str, Key("Team key")]
    quarter: Annotated[date, Day("Quarter", help="Its first day")]
    counted_on: Annotated[date, Day("Counted on")]
    people: Annotated[int | None, Count("Active contributors", "contributors", help="Empty where it is a range")]
    at_least: Annotated[int, Count("At least", "contributors")]
    at_most: Annotated[int, Count("At most", "contributors")]
    open: Annotated[bool, Flag("Open", help="The quarter is not over")]
    goal_at_least: Annotated[int | None, Count("Goal, at least", "contributors")]
    goal_at_most: Annotated[int | None, Count("Goal, at most", "contributors")]


def _by_quarter(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["team", "quarter"], ignore_index=True)


@question(roles=STAFF, counts=PEOPLE, columns=TeamQuarter, own_teams=OwnTeams(_by_quarter))
def team_growth(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """A team's active contributors by quarter, exact inside and in ranges outside.

    Counted on each quarter's last day; inside the last row is the open quarter, counted on `as_of`. The goal is ten
    times those active at the entry of the growing stage, on every row from then on; missing before it and where it may
    not be shown. At most the last 40 quarters, from the team's first contribution on (released: from the first quarter
    with enough active contributors to show).
    """
    people = people_of(connection, selection, scope)
    last = people.day(selection.as_of)
    first = first_days(connection).get(team) if scope.exact else add_months(last, -3 * MOST_QUARTERS)
    days = {start: min(add_months(start, 3) - timedelta(days=1), last) for start in _quarters(first, last)}
    entry = _scaling_entry(stays(connection, selection.as_of).get(team, []))
    base_day = people.day(entry) if entry else None
    counts = people.active([(team, day) for day in (*days.values(), *([base_day] if base_day else []))])
    base = counts[team, base_day] if base_day else None
    goal = base.times(GROWTH_NEEDED) if base and base.at_least > 0 else None
    shown = {start: active for start, day in days.items() if (active := counts[team, day]) is not None}
    enough = [start for start, active in shown.items() if active.at_least > 0 or scope.exact]
    rows = []
    for start in [start for start in shown if enough and start >= enough[0]]:
        is_open = add_months(start, 3) > selection.over_by
        _, *goal_ends = people_ends(goal if entry and days[start] >= entry else None)
        rows.append((team, start, days[start], *people_ends(shown[start]), is_open, *goal_ends))
    return table(TeamQuarter, rows)


def _quarters(first: date | None, last: date) -> list[date]:
    if first is None:
        return []
    start, starts = Period.quarter_of(first).start, []
    while start <= last:
        starts.append(start)
        start = add_months(start, 3)
    return starts[-MOST_QUARTERS:]


def _scaling_entry(found: Sequence[Stay]) -> date | None:
    """When the team entered the growing stage, the last time it did."""
    return max((stay.entered_on for stay in found if stay.stage == "scaling"), default=None)


STEPS = ("new", "active", "core")


class ChangeStep(NamedTuple):
    team: Annotated[str, Key("Team key")]
    changed_on: Annotated[date, Day("Changed on")]
    next_stage: Annotated[str, Key("New stage, code")]
    next_title: Annotated[str, Text("New stage")]
    side: Annotated[str, Code("Newcomers", help="Before or after the change")]
    step: Annotated[str, Code("Step", help="New, active, core")]
    closed: Annotated[bool, Flag("Window over", help="The time to become active or core is over for all of them")]
    first_day: Annotated[date, Day("First contributions from")]
    last_day: Annotated[date, Day("First contributions to")]
    people: Annotated[int | None, Count("People", "contributors", help="Empty where it is a range")]
    at_least: Annotated[int, Count("At least", "contributors")]
    at_most: Annotated[int, Count("At most", "contributors")]


def _by_change(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values(["team", "changed_on"], ignore_index=True, kind="stable")


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=ChangeStep,
    released=Released((Windows.EVERYTHING,), rows_by={"team": "team"}),
    own_teams=OwnTeams(_by_change),
)
def team_change_funnel(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Newcomers of a team (or of each) before and after each change of stage, and how many became active and core.

    Three rows (steps new, active, core) for each change and side. Inside these are newcomers of the window's days
    before the change, and of as many from it on; released are the whole quarters before and after the quarter of the
    change, in ranges, once the conversion window of all of them is over. A newcomer counts as active or core when the
    trailing window reaches the threshold within the conversion window after the first contribution.
    """
    program, day = load_program(connection), selection.as_of
    sides = [
        (key, stay.left_on, stay.next_stage, side, period)
        for key, found in sorted(stays(connection, day).items())
        for stay in found
        if team in ("", key) and stay.next_stage and stay.left_on
        for side, period in zip(("before", "after"), _around(stay.left_on, program, scope), strict=True)
        if period.start <= day and (scope.exact or _closed(period, program, selection))
    ]
    became = converted(connection, program, [(key, period.start, period.end) for key, *_, period in sides], day)
    rows: list[tuple[object, ...]] = []
    for key, changed_on, stage, side, period in sides:
        window = (_closed(period, program, selection), period.start, min(period.end - timedelta(days=1), day))
        shown = _shown(key, period, became[key, period.start, period.end], scope)
        change = (key, changed_on, stage, stage_title(stage), side)
        rows += [(*change, step, *window, *people_ends(each)) for step, each in zip(STEPS, shown, strict=False)]
    return table(ChangeStep, rows)


def _closed(period: Period, program: Program, selection: Selection) -> bool:
    return period.end + timedelta(days=program.conversion_window_days) <= selection.over_by


def _shown(team: str, period: Period, became: Became, scope: Scope) -> list[Range]:
    """New, active and core as the scope may see them."""
    new, active, core = became
    # What a quarter's newcomers became is told by every change of stage next to that quarter.
    parts: list[Name] = [("of new in team", part, team, str(period)) for part in ("active", "core", "not", "not core")]
    counts, names = [new, active, core, new - active, active - core], [new_in_team(team, period), *parts]
    return ranges(counts, scope, [Sum(0, (1, 3)), Sum(1, (2, 4))], names)


def _around(changed: date, program: Program, scope: Scope) -> tuple[Period, Period]:
    if scope.exact:
        length = timedelta(days=program.window_days)
        return Period(changed - length, changed), Period(changed, changed + length)
    quarter = Period.quarter_of(changed)
    return quarter.previous(), Period(quarter.end, add_months(quarter.end, 3))


class TeamChange(NamedTuple):
    entry_id: Annotated[int, Key("Entry")]
    happened_at: Annotated[datetime, Moment("When (UTC)")]
    author: Annotated[str, Text("Author", help="Outside: their role")]
    team: Annotated[str, Key("Team key")]
    name: Annotated[str | None, Text("Team", help="Empty: the team is gone")]
    words: Annotated[str, Text("Change")]
    undone: Annotated[bool, Flag("Undone", help="By a later entry")]
    newest: Annotated[bool, Flag("Newest", help="Of what it changed: only then can it be undone")]
    in_all: Annotated[int, Count("Changes in all", "changes", help="How many there are, listed or not")]


def _newest_entry_first(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values("entry_id", ascending=False, ignore_index=True)


@question(
    roles=INSIDE | {Role.PARTNER},
    counts=NOTHING,
    columns=TeamChange,
    names_people=True,
    own_teams=OwnTeams(_newest_entry_first),
)
def team_changes(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """What was recorded through the dashboard, newest first: at most 100 entries, whatever `as_of`.

    A partner sees what was recorded of their own teams, and in which role it was.
    """
    if not scope.exact:
        return empty(TeamChange)
    wanted = audit.c.team_key == team if team else audit.c.team_key != ""
    if scope.own_teams:
        wanted = and_(wanted, audit.c.team_key.in_(scope.teams))
    in_all = connection.execute(select(func.count()).select_from(audit).where(wanted)).scalar_one()
    statement = (
        select(audit, teams.c.name)
        .join_from(audit, teams, teams.c.team_key == audit.c.team_key, isouter=True)
        .where(wanted)
        .order_by(audit.c.entry_id.desc())
    )
    rows, undone, seen = [], set(), set()
    for row in connection.execute(statement.limit(MOST_CHANGES)):
        undone.add(row.undoes)
        subject = (row.team_key, row.subject, row.subject_key)
        states = json.loads(row.before), json.loads(row.after)
        words = in_words(row.subject, *states, names_people=scope.inside)
        author = author_words(row.author, row.role, scope)
        what = (row.entry_id, row.happened_at, author, row.team_key, row.name, words[:1].upper() + words[1:])
        rows.append(TeamChange(*what, row.entry_id in undone, subject not in seen, in_all))
        seen.add(subject)
    return table(TeamChange, rows)
