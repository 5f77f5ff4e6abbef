"""What the program aims at: the program manager sets a target, or changes its value."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from data_access.actions.changes import KeptChange, newest_changes
from data_access.actions.record import (
    RULES,
    ActionRefused,
    Author,
    Changed,
    Rules,
    Snapshot,
    checked,
    keep_entry,
    who_changed,
    writing,
)
from data_access.actions.subjects import NOTHING, read_state, target_states, text_of, write_state
from data_access.database.engine import Database
from data_access.recorded import TARGET, State, in_words, target_key
from data_access.selection import NotAllowed, Role

LONGEST_KEY = 200


def targets_snapshot(connection: Connection) -> Snapshot:
    """What a form about targets is opened on."""
    return target_states(connection)


def target_changes(connection: Connection) -> list[KeptChange]:
    """The newest changes of targets, newest first."""
    return newest_changes(connection, TARGET)


def set_target(
    database: Database,
    author: Author,
    *,
    metric: str,
    period_start: date | None,
    period_end: date | None,
    value: float | None,
    scope: str = "",
    opened: Snapshot | None = None,
) -> str:
    """Aim at a value by the last day of a time, or change what is aimed at; returns what was done, in words.

    A target is known by metric, days and scope ("" for the whole program, `team:docs`, `space:berlin`). Without
    `opened` nobody looked at a form, and what is there is changed. Raises ActionRefused, Changed, NotAllowed.
    """
    if not metric.strip():
        raise ActionRefused("Target: choose what is aimed at.")
    if period_start is None or period_end is None:
        raise ActionRefused("From and to: both days are needed.")
    if period_end < period_start:
        raise ActionRefused("To: the last day lies before the first.")
    if value is None:
        raise ActionRefused("Aim: a number is needed.")
    name: str = checked("targets", "metric", metric, "Target")
    days = {"period_start": period_start.isoformat(), "period_end": period_end.isoformat()}
    aim = float(checked("targets", "value", repr(float(value)), "Aim"))
    if not aim > 0:
        raise ActionRefused("Aim: it must be more than nothing.")
    narrowed: str = checked("targets", "scope", scope, "For") or ""
    key = target_key(name, days["period_start"], days["period_end"], narrowed)
    if len(key) > LONGEST_KEY:
        raise ActionRefused("The names of target and scope are too long together. Shorten one of them.")
    after = {"metric": name, **days, "value": aim, "scope": narrowed or None}
    with writing(database) as connection:
        _may_aim(connection, author, key)
        before = read_state(connection, "", TARGET, key)
        if opened is not None and text_of(before) != opened.get((TARGET, key), NOTHING):
            raise Changed(who_changed(connection, author, "", TARGET, key, before))
        if before == after:
            raise ActionRefused("That is the target already.")
        write_state(connection, "", TARGET, key, after)
        keep_entry(connection, author, "", "target", TARGET, key, before, after)
        return in_words(TARGET, before, after, names_people=True)


def _may_aim(connection: Connection, author: Author, key: str) -> None:
    if author.scope.role is not Role.PM:
        raise NotAllowed("Targets are set by the program manager. Nothing was changed.")


def _nothing_more(
    connection: Connection, author: Author, key: str, before: State, after: State, confirmed: Collection[str]
) -> None:
    """Any value that was a target can be one again."""


RULES[TARGET] = Rules(_may_aim, _nothing_more)
