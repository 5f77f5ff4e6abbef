"""Teams that are ready or stalled, pilots that end, targets off their pace, and data that are stale."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, and_, exists, func, select

from data_access import answers
from data_access.contract.lifecycle import LIFECYCLE
from data_access.database.schema import imports, live_sources, refused_imports, space_notes
from data_access.questions.impact.targets import TargetProgress, named_metric, targets_progress
from data_access.questions.spaces.pilots import OVER, RUNNING, SpacePilot, space_pilots
from data_access.questions.teams.board import TeamStanding, team_board
from data_access.questions.this_week.items import (
    AHEAD,
    PILOT,
    READY,
    REFUSED,
    SOURCE,
    STALE,
    STALE_AFTER,
    STALLED,
    TARGET,
    VERDICT_FOR,
    VERDICT_WITHIN,
    DueItem,
    days_left,
    item,
)
from data_access.selection import Period, Scope, Selection

_LAST_STAGE = LIFECYCLE[-1].code


def teams(connection: Connection, selection: Selection, scope: Scope, each: int) -> Iterator[DueItem]:
    """Teams whose exit measure is met, and those longer in their stage than is usual; the longest in it first."""
    board = answers.rows(TeamStanding, team_board(connection, Selection(as_of=selection.as_of), scope))
    ready = [row for row in board if row.ready and row.stage != _LAST_STAGE]
    stalled = [row for row in board if row.stalled and not row.ready]
    for kind, listed in ((READY, ready), (STALLED, stalled)):
        own = [row for row in listed if not scope.own_teams or row.team in scope.teams]
        for row in own[:each]:
            usual = row.stalled_after_days if kind == STALLED else None
            yield item(
                kind, row.team, team=row.team, title=row.name, age=row.days_in_stage, needed=usual, state=row.stage,
                in_all=len(own),
            )  # fmt: skip


def pilots(connection: Connection, selection: Selection, scope: Scope, each: int) -> Iterator[DueItem]:
    """Pilots that end within four weeks, and those that are over without a verdict."""
    as_of = selection.as_of
    found = answers.rows(SpacePilot, space_pilots(connection, Selection(as_of=as_of), scope))
    near = [row for row in found if row.state == RUNNING and days_left(row.ends_on, as_of) <= AHEAD]
    over = [row for row in found if row.state == OVER and days_left(row.ends_on, as_of) >= -VERDICT_FOR]
    if over:
        verdicts = _verdicts(connection, as_of)
        over = [row for row in over if verdicts.get(row.space, date.min) < row.starts_on]
    due = [*near, *over]
    for row in due[:each]:
        due_on = row.ends_on if row.state == RUNNING else row.ends_on + timedelta(days=VERDICT_WITHIN)
        yield item(
            PILOT,
            row.space,
            title=row.name,
            due_on=due_on,
            days=days_left(due_on, as_of),
            done=float(row.held),
            needed=float(row.target),
            state="verdict" if row.state == OVER else RUNNING,
            in_all=len(due),
        )


def _verdicts(connection: Connection, as_of: date) -> dict[str, date]:
    """The day of each space's last verdict."""
    own = space_notes.c
    statement = select(own.space_key, func.max(own.noted_on)).where(own.kind == "verdict", own.noted_on <= as_of)
    return {row[0]: row[1] for row in connection.execute(statement.group_by(own.space_key))}


def targets(
    connection: Connection, selection: Selection, scope: Scope, each: int, apart: Collection[str] = ()
) -> Iterator[DueItem]:
    """Targets of which less is reached than of their time is gone; the one that ends first comes first.

    Those of the spaces `apart` are told with their pilots.
    """
    as_of = selection.as_of
    today = Selection(Period(as_of, as_of + timedelta(days=1)), as_of)
    found = targets_progress(connection, today, scope, only_behind=True)
    # Who spends less than was planned is late with nothing.
    behind = [row for row in answers.rows(TargetProgress, found) if named_metric(row.metric) != "spend"]
    behind = [row for row in behind if space_of(row.scope) not in apart]
    behind.sort(key=lambda row: (row.period_end, row.metric, row.scope))
    for row in behind[:each]:
        yield item(
            TARGET,
            f"{row.metric}:{row.scope}:{row.period_start}",
            team=_key_in(row.scope, "team"),
            title=row.scope or None,
            due_on=row.period_end,
            days=days_left(row.period_end, as_of),
            done=None if row.value is None else float(row.value),
            needed=float(row.target),
            state=row.metric,
            in_all=len(behind),
        )


def space_of(scope: str) -> str:
    """The space that a target's scope names; empty for another scope."""
    return _key_in(scope, "space")


def _key_in(scope: str, of: str) -> str:
    kind, _, about = scope.replace("=", ":", 1).partition(":")
    return about.strip() if kind.strip().casefold() == of else ""


def data(connection: Connection, selection: Selection) -> Iterator[DueItem]:
    """The last import, where it is two weeks old."""
    as_of = selection.as_of
    before = datetime.combine(as_of + timedelta(days=1), time.min)
    own = imports.c
    newest: datetime | None = connection.execute(
        select(func.max(own.finished_at)).where(and_(own.kind == "import", own.finished_at < before))
    ).scalar()
    if newest is None or (as_of - newest.date()).days <= STALE_AFTER:
        return
    due_on = newest.date() + timedelta(days=STALE_AFTER)
    yield item(STALE, "imports", due_on=due_on, days=days_left(due_on, as_of), age=(as_of - newest.date()).days)


def failed_sources(connection: Connection, as_of: date, each: int) -> list[DueItem]:
    """The live sources of which nothing came when they were asked last, up to a day.

    Asked of the program database itself: asking a source makes no new data version, and no read copy holds them.
    """
    own = live_sources.c
    before = datetime.combine(as_of + timedelta(days=1), time.min)
    statement = (
        select(own.name, own.asked_at, own.next_step, func.count().over().label("in_all"))
        .where(own.next_step.is_not(None), own.next_step != "", own.asked_at < before)
        .order_by(own.asked_at, own.name)
        .limit(each)
    )
    return [
        item(
            SOURCE, row.name, title=row.name, due_on=row.asked_at.date(), age=(as_of - row.asked_at.date()).days,
            days=days_left(row.asked_at.date(), as_of), state=row.next_step, in_all=row.in_all,
        )
        for row in connection.execute(statement)
    ]  # fmt: skip


def refused_files(connection: Connection, as_of: date, each: int) -> list[DueItem]:
    """Files whose import was refused within two weeks up to a day, and that did not come in since; the newest first.

    Asked of the program database itself, as live sources are.
    """
    own = refused_imports.c
    first, before = (datetime.combine(as_of + timedelta(days=days), time.min) for days in (-STALE_AFTER, 1))
    came_in = exists().where(
        imports.c.kind == "import",
        imports.c.source == own.source,
        imports.c.finished_at.between(own.refused_at, before),
    )
    statement = select(own.source, own.refused_at, own.errors).where(
        own.refused_at >= first, own.refused_at < before, ~came_in
    )
    newest = {row.source: row for row in connection.execute(statement.order_by(own.refused_id))}
    found = sorted(newest.values(), key=lambda row: row.refused_at, reverse=True)
    return [
        item(
            REFUSED, row.source, title=row.source, due_on=row.refused_at.date(), more=row.errors, in_all=len(found),
            age=(as_of - row.refused_at.date()).days, days=days_left(row.refused_at.date(), as_of),
        )
        for row in found[:each]
    ]  # fmt: skip
