"""What people recorded in the product beats files: an import keeps it, and says where a file differs.

The audit says what stands recorded: each entry that nobody undid. Once it was undone, or a file was told to win, the
row is in the file's hands again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select, update

from data_access.database.schema import audit, recorded_payments
from data_access.imports.rows import Problem
from data_access.imports.staging import FILE, LINE, ROW, Stage
from data_access.kept_rows import KEPT_ROWS
from data_access.persons.aliases import load_aliases
from data_access.recorded import (
    CLASHES,
    COORDINATOR,
    MILESTONE,
    PERSON_KEYS,
    REQUEST,
    RISK,
    STAGES,
    TARGET,
    State,
    as_column,
    target_of,
)

KEPT, TAKEN = CLASHES
Key = tuple[str, ...]
Values = dict[str, Any]

_KEPT_REMEDY = (
    "If the file is right, undo what was recorded on its page, or import again with --overwrite-recorded (on the Data "
    "page: take the file’s). Else correct the file."
)
_PAID_REMEDY = "A file does not take a payment back: if it was not made, undo it on the Requests page."
_TAKEN_REMEDY = "If the file is wrong, record it again."

# By table: the subject of its audit entries, and the columns that are recorded together.
_DECISION, _PAYMENT = ("decision", "decided_on", "approved_amount"), ("paid_amount", "paid_on")
_SUBJECTS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "funding_requests": (REQUEST, (_DECISION, _PAYMENT)),
    "teams": (COORDINATOR, (("coordinator_key", "coordinator_appointed_on"),)),
    "team_milestones": (MILESTONE, (("reached_on", "evidence_url", "note"),)),
    "team_risks": (RISK, (("risk",), ("severity",), ("raised_on",), ("closed_on",))),
    "team_stages": (STAGES, (("stage", "note"),)),
    "targets": (TARGET, (("value",),)),
    **{kept.table: (subject, kept.groups) for subject, kept in KEPT_ROWS.items()},
}
# An amount means nothing without its currency, and a payment nothing without its approval.
_WITH = {_DECISION: ("currency",), _PAYMENT: (*_DECISION, "currency")}
_WITH |= {group: kept.along.get(group[0], ()) for kept in KEPT_ROWS.values() for group in kept.groups}


def clashes(connection: Connection, stage: Stage, files: Sequence[str], *, overwrite: bool) -> Iterator[Problem]:
    """Find the staged rows that differ from what people recorded; keep the recorded, or with `overwrite` the file's.

    A payment that was recorded is kept either way from a file that has none: it was made, and is made once.
    """
    if stage.name not in _SUBJECTS or not stage.rows:
        return
    held = _held(connection, stage)
    for row in _staged(connection, stage, held):
        values = held[_key(stage, row)]
        own = {name: row._mapping[f"own_{name}"] for name in stage.contract.column_names}
        # What an import was told to overwrite before is the file's.
        if any(own[name] != value for name, value in values.items()):
            continue
        given = {name: row._mapping[name] for name in values if name in stage.given}
        differing = [name for name, value in given.items() if value != own[name]]
        if not differing:
            continue
        paid = values.get("paid_amount") is not None and "paid_amount" in given and given["paid_amount"] is None
        taken = overwrite and not paid
        if taken:
            _take(connection, stage, row, given)
        else:
            _keep(connection, stage, row, own, list(given))
        yield Problem(
            files[row._mapping[FILE]],
            row._mapping[LINE],
            stage.name,
            differing[0],
            _both(own, given, differing),
            TAKEN if taken else KEPT,
            _TAKEN_REMEDY if taken else _PAID_REMEDY if paid and overwrite else _KEPT_REMEDY,
            "hint",
        )


def _both(own: Values, given: Values, differing: Sequence[str]) -> str:
    """Both values of each column, for the report."""
    return "; ".join(f"{name}: {_text(own[name])} recorded, {_text(given[name])} in the file" for name in differing)


def _text(value: Any) -> str:
    return "nothing" if value is None else f"{value:f}" if hasattr(value, "quantize") else str(value)


def _held(connection: Connection, stage: Stage) -> dict[Key, Values]:
    """What stands recorded of the stage's rows: by their key, the columns with their values."""
    subject, groups = _SUBJECTS[stage.name]
    wanted = select(audit).where(audit.c.subject == subject).order_by(audit.c.entry_id)
    if subject != TARGET and (subject not in KEPT_ROWS or len(stage.contract.key) == 1):
        by_own = {REQUEST: "request_key", RISK: "risk_key", **{name: kept.keys[0] for name, kept in KEPT_ROWS.items()}}
        about = stage.table.c[by_own.get(subject, "team_key")]
        column = audit.c.subject_key if subject in by_own else audit.c.team_key
        wanted = wanted.where(column.in_(select(about)))
    by_subject: dict[Key, dict[int, Row[Any]]] = {}
    acts: dict[int, bool] = {}
    for entry in connection.execute(wanted):
        standing = by_subject.setdefault((entry.team_key, entry.subject_key), {})
        # To undo an undoing is to do it again.
        acts[entry.entry_id] = entry.undoes is None or not acts.get(entry.undoes, True)
        if acts[entry.entry_id]:
            standing[entry.entry_id] = entry
        else:
            standing.pop(entry.undoes, None)
    held: dict[Key, Values] = {}
    for entries in by_subject.values():
        for entry in entries.values():
            for key, before, after in _rows_of(subject, entry):
                held.setdefault(key, {}).update(_changed(groups, before, after))
    return {_key_as_meant(connection, subject, key): _as_meant(connection, values) for key, values in held.items()}


def _key_as_meant(connection: Connection, subject: str, key: Key) -> Key:
    """The key with a person by the key they have now."""
    names = KEPT_ROWS[subject].keys if subject in KEPT_ROWS else ()
    if "person_key" not in names:
        return key
    now = _as_meant(connection, dict(zip(names, key, strict=True)))
    return tuple(str(now[name]) for name in names)


def _as_meant(connection: Connection, values: Values) -> Values:
    """The values with each person by the key they have now: they may have been merged since."""
    keys = {name: values[name] for name in PERSON_KEYS if values.get(name)}
    return values | {name: load_aliases(connection).stands_as(key) or key for name, key in keys.items()}


def _rows_of(subject: str, entry: Row[Any]) -> Iterator[tuple[Key, Mapping[str, Any], Mapping[str, Any]]]:
    """The rows that an entry wrote: key, values before and after."""
    before: State = json.loads(entry.before)
    after: State = json.loads(entry.after)
    if isinstance(after, list):
        old = [row for row in before or [] if isinstance(row, dict)]
        for row in after:
            if row not in old:
                yield (entry.team_key, row["entered_on"]), {}, row
    elif isinstance(after, dict):
        key: Key = (entry.team_key, entry.subject_key) if subject == MILESTONE else (entry.subject_key,)
        if subject == TARGET:
            key = target_of(entry.subject_key)
        if subject in KEPT_ROWS:
            key = KEPT_ROWS[subject].key_of(entry.subject_key)
        yield key, before if isinstance(before, dict) else {}, after


def _changed(groups: Sequence[tuple[str, ...]], before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    found: Values = {}
    for group in groups:
        if not before or any(before.get(name) != after.get(name) for name in group):
            for name in (*group, *_WITH.get(group, ())):
                value = after.get(name)
                found[name] = None if value is None else as_column(name, value)
    return found


def _key(stage: Stage, row: Row[Any]) -> Key:
    return tuple(str(row._mapping[name] or "") for name in stage.contract.key)


def _staged(connection: Connection, stage: Stage, held: dict[Key, Values]) -> list[Row[Any]]:
    """The staged rows of which something stands recorded, with the database's own columns next to theirs."""
    first, target = stage.contract.key[0], stage.target
    keys = [target.c[first].type.python_type(key) for key in sorted({key[0] for key in held})]
    same = and_(*(stage.table.c[name].is_not_distinct_from(target.c[name]) for name in stage.contract.key))
    own = [target.c[name].label(f"own_{name}") for name in stage.contract.column_names]
    found: list[Row[Any]] = []
    for start in range(0, len(keys), 500):
        some = stage.table.c[first].in_(keys[start : start + 500])
        found += connection.execute(select(stage.table, *own).join_from(stage.table, target, same).where(some)).all()
    return [row for row in found if _key(stage, row) in held]


def _keep(connection: Connection, stage: Stage, row: Row[Any], own: Values, names: list[str]) -> None:
    """Put what is recorded into the staged row; and the first day of a span that would else end before it begins."""
    kept = {name: own[name] for name in names}
    for start, end in stage.contract.spans:
        first, last = row._mapping[start], kept.get(end)
        if start in stage.given and first is not None and last is not None and last < first:
            kept[start] = own[start]
    connection.execute(update(stage.table).where(stage.table.c[ROW] == row._mapping[ROW]).values(**kept))


def _take(connection: Connection, stage: Stage, row: Row[Any], given: Values) -> None:
    """The file's value wins: a payment that it has too is then the file's."""
    if given.get("paid_amount") is not None:
        mine = recorded_payments.c.request_key == row._mapping["request_key"]
        connection.execute(delete(recorded_payments).where(mine))
