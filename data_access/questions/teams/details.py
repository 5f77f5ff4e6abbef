"""One team: its milestones and risks, its active contributors by quarter, and the funnel around each stage change."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, and_, func, literal_column, select

from data_access.contract.lifecycle import GROWTH_NEEDED, LIFECYCLE, risk_words, stage_title
from data_access.database.schema import audit, contributions, team_contributors, team_milestones, team_risks, teams
from data_access.privacy.small_groups import Sum
from data_access.program import Program, load_program
from data_access.questions.frames import TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.questions.teams.activity import Range, activity, people_day, ranges, shown_columns
from data_access.questions.teams.stages import Stay, stays
from data_access.recorded import in_words
from data_access.selection import STAFF, Period, Scope, Selection, add_months

MOST_QUARTERS, MOST_CHANGES = 40, 100


@question(STAFF)
def team_milestones_list(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Every milestone of the lifecycle for a team, in order: stage, title, milestone, words, reached_on (missing = not
    yet), evidence_url, note. Without a team: those reached by each team, with its key.
    """
    statement = select(team_milestones).where(team_milestones.c.reached_on <= selection.as_of)
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
                told = (row.reached_on, row.evidence_url, row.note) if row else (None, None, None)
                rows.append((key, stage.code, stage.title, code, words, *told))
    columns = ["team", "stage", "title", "milestone", "words", "reached_on", "evidence_url", "note"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return typed(table, **dict.fromkeys([name for name in columns if name != "reached_on"], TEXT))


@question(STAFF)
def team_risks_list(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Risks of a team (or of all), open ones first, gravest first: risk_key, team, risk, words, severity, raised_on,
    closed_on, days_open (to the closing, or to `as_of`).
    """
    statement = select(team_risks).where(team_risks.c.raised_on <= selection.as_of)
    if team:
        statement = statement.where(team_risks.c.team_key == team)
    gravity = {"high": 0, "medium": 1, "low": 2}
    rows = []
    for row in connection.execute(statement):
        closed = row.closed_on if row.closed_on and row.closed_on <= selection.as_of else None
        days = ((closed or selection.as_of) - row.raised_on).days
        told = (row.risk_key, row.team_key, row.risk, risk_words(row.risk), row.severity, row.raised_on, closed, days)
        rows.append((closed is not None, gravity.get(row.severity, 3), row.raised_on, row.risk_key, told))
    columns = ["risk_key", "team", "risk", "words", "severity", "raised_on", "closed_on", "days_open"]
    table = pd.DataFrame([told for *_, told in sorted(rows)], columns=columns, dtype=object)
    return typed(table, **dict.fromkeys(("risk_key", "team", "risk", "words", "severity"), TEXT), days_open=WHOLE)


@question(STAFF)
def team_growth(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """A team's active contributors by quarter: quarter (its first day), counted_on, people, at_least, at_most, open.

    Counted on each quarter's last day; for the PM the last row is the open quarter, counted on `as_of`. `goal_at_least`
    and `goal_at_most` are ten times those active at the entry of the growing stage, on every row from then on; missing
    before it and where they may not be told. At most the last 40 quarters, from the team's first contribution on.
    """
    last = people_day(selection.as_of, scope)
    first = connection.execute(
        select(func.min(team_contributors.c.first_on)).where(team_contributors.c.team_key == team)
    ).scalar_one()
    starts = _quarters(first, last)
    program = load_program(connection)
    days = [min(add_months(start, 3) - timedelta(days=1), last) for start in starts]
    entry = _scaling_entry(stays(connection, selection.as_of).get(team, []))
    pairs = [(team, day) for day in days]
    base_day = people_day(entry, scope) if entry else None
    counts = activity(connection, program, [*pairs, *([(team, base_day)] if base_day else [])])
    shown = ranges([counts[pair][0] for pair in pairs], scope) if pairs else []
    goal = ranges([counts[team, base_day][0]], scope)[0].times(GROWTH_NEEDED) if base_day else None
    if goal and goal.at_least <= 0:
        goal = None
    goals = [goal if entry and day >= entry else None for day in days]
    still_open = [add_months(start, 3) > selection.as_of + timedelta(days=1) for start in starts]
    table = pd.DataFrame({"quarter": starts, "counted_on": days}, dtype=object)
    table = table.assign(**shown_columns(shown)).rename(columns={"value": "people"})
    table["open"] = pd.Series(still_open, dtype="boolean")
    table = table.assign(**shown_columns(goals, "goal_")).drop(columns="goal_value")
    return typed(table, **dict.fromkeys(("people", "at_least", "at_most", "goal_at_least", "goal_at_most"), WHOLE))


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


@question(STAFF)
def team_change_funnel(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """Newcomers of a team before and after each change of stage, and how many became active and core.

    Three rows (steps new, active, core) for each change and side: changed_on, next_stage, next_title, side (before or
    after), step, people, at_least, at_most, closed, first_day, last_day (of the newcomers' first contributions). For
    the PM these are the window's days before the change, and as many from it on; for everybody else the whole quarters
    before and after the quarter of the change. A newcomer counts as active or core when the trailing window reaches the
    threshold within the conversion window after the first contribution; `closed` says that this time is over for all.
    """
    program, day = load_program(connection), people_day(selection.as_of, scope)
    changes = [stay for stay in stays(connection, selection.as_of).get(team, []) if stay.next_stage and stay.left_on]
    rows = []
    for stay in changes:
        changed = stay.left_on or stay.entered_on
        for side, period in zip(("before", "after"), _around(changed, program, scope), strict=True):
            if period.start > day or (period.is_open(day) and not scope.sees_small_groups):
                continue
            closed = period.end + timedelta(days=program.conversion_window_days) <= day + timedelta(days=1)
            counts = _converted(connection, program, team, period, day)
            for step, shown in zip(STEPS, _steps(counts, scope), strict=True):
                last = min(period.end - timedelta(days=1), day)
                what = (changed, stay.next_stage, stage_title(stay.next_stage or ""), side, step)
                rows.append((*what, shown, closed, period.start, last))
    columns = ["changed_on", "next_stage", "next_title", "side", "step", "shown", "closed", "first_day", "last_day"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    table = (
        table.assign(**shown_columns(list(table["shown"]))).rename(columns={"value": "people"}).drop(columns="shown")
    )
    texts = dict.fromkeys(("next_stage", "next_title", "side", "step"), TEXT)
    return typed(table, **texts, closed="boolean", **dict.fromkeys(("people", "at_least", "at_most"), WHOLE))


def _around(changed: date, program: Program, scope: Scope) -> tuple[Period, Period]:
    if scope.sees_small_groups:
        length = timedelta(days=program.window_days)
        return Period(changed - length, changed), Period(changed, changed + length)
    quarter = Period.quarter_of(changed)
    return quarter.previous(), Period(quarter.end, add_months(quarter.end, 3))


def _steps(counts: tuple[int, int, int], scope: Scope) -> list[Range]:
    new, active, core = counts
    told = ranges([new, active, core, new - active, active - core], scope, [Sum(0, (1, 3)), Sum(1, (2, 4))])
    return told[:3]


def _converted(
    connection: Connection, program: Program, team: str, period: Period, as_of: date
) -> tuple[int, int, int]:
    """(new, active, core): people with their first contribution to the team in the period, and what they became."""
    newcomers = team_contributors
    # The coalesced key is no column of an index: SQLite then looks for the few contributions of each newcomer, and does
    # not walk through all of the team's.
    same_team = func.coalesce(contributions.c.team_key, literal_column("''")) == team
    own = and_(contributions.c.person_key == newcomers.c.person_key, same_team)
    days = (
        select(contributions.c.person_key, contributions.c.contributed_on, func.sum(contributions.c.quantity))
        .join_from(newcomers, contributions, own)
        .where(
            newcomers.c.team_key == team,
            newcomers.c.first_on >= period.start,
            newcomers.c.first_on < period.end,
            contributions.c.contributed_on <= as_of,
        )
        .group_by(contributions.c.person_key, contributions.c.contributed_on)
        .order_by(contributions.c.person_key, contributions.c.contributed_on)
    )
    histories: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for person, day, quantity in connection.execute(days):
        histories[person].append((day, int(quantity)))
    peaks = [_peak(history, program) for history in histories.values()]
    active = sum(peak >= program.active_min for peak in peaks)
    return len(peaks), active, sum(peak >= max(program.core_min, program.active_min) for peak in peaks)


def _peak(history: Sequence[tuple[date, int]], program: Program) -> int:
    """The most contributions within any trailing window that ends inside the conversion window."""
    end = history[0][0] + timedelta(days=program.conversion_window_days)
    window, first, total, most = timedelta(days=program.window_days), 0, 0, 0
    for day, quantity in history:
        if day > end:
            break
        total += quantity
        while history[first][0] <= day - window:
            total -= history[first][1]
            first += 1
        most = max(most, total)
    return most


@question(STAFF)
def team_changes(connection: Connection, selection: Selection, scope: Scope, *, team: str = "") -> pd.DataFrame:
    """What was recorded through the dashboard, newest first: entry_id, happened_at (UTC), author, team, name, words,
    undone (by a later entry), newest (of what it changed: only then can it be undone). At most 100, whatever `as_of`.
    """
    statement = (
        select(audit, teams.c.name)
        .join_from(audit, teams, teams.c.team_key == audit.c.team_key, isouter=True)
        .where(audit.c.team_key != "")
        .order_by(audit.c.entry_id.desc())
    )
    if team:
        statement = statement.where(audit.c.team_key == team)
    rows, undone, seen = [], set(), set()
    for row in connection.execute(statement.limit(MOST_CHANGES)):
        undone.add(row.undoes)
        subject = (row.team_key, row.subject, row.subject_key)
        states = json.loads(row.before), json.loads(row.after)
        words = in_words(row.subject, *states, names_people=scope.sees_small_groups)
        what = (row.entry_id, row.happened_at, row.author, row.team_key, row.name, words[:1].upper() + words[1:])
        rows.append((*what, row.entry_id in undone, subject not in seen))
        seen.add(subject)
    columns = ["entry_id", "happened_at", "author", "team", "name", "words", "undone", "newest"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    texts = dict.fromkeys(("author", "team", "name", "words"), TEXT)
    return typed(table, entry_id=WHOLE, **texts, undone="boolean", newest="boolean")
