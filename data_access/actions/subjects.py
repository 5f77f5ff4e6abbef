"""What the actions change, each as a value that can be read, compared, written back and put into words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, String, Table, delete, func, insert, literal, select, update

from data_access.actions.row_states import kept_row, kept_rows, write_kept_row
from data_access.database.schema import (
    funding_requests,
    recorded_payments,
    subscriptions,
    targets,
    team_milestones,
    team_risks,
    team_stages,
    teams,
    viewers,
)
from data_access.derived.money import refresh_money
from data_access.kept_rows import KEPT_ROWS
from data_access.persons.aliases import load_aliases
from data_access.persons.states import PERSONS, persons_state, write_persons_state
from data_access.recorded import (
    COORDINATOR,
    MILESTONE,
    PERSON_KEYS,
    REQUEST,
    RISK,
    STAGES,
    SUBSCRIPTION,
    TARGET,
    VIEWER,
    State,
    as_column,
    target_key,
    target_of,
)

NOTHING = "null"
_COORDINATOR_COLUMNS = ("coordinator_key", "coordinator_appointed_on")
# What a decision is about, and what it writes.
_REQUESTED = ("requested_amount", "currency", "requested_on", "person_key")
_DECIDED = ("decision", "decided_on", "approved_amount", "paid_amount", "paid_on")
_BY_KEY: dict[str, Column[Any]] = {VIEWER: viewers.c.email, SUBSCRIPTION: subscriptions.c.subscription_key}
_ONE_ROW: dict[str, tuple[Table, str]] = {MILESTONE: (team_milestones, "milestone"), RISK: (team_risks, "risk_key")}


def text_of(state: State) -> str:
    """The state as JSON: equal states are equal texts."""
    return json.dumps(state, sort_keys=True, ensure_ascii=False)


def read_states(connection: Connection, *whats: tuple[str, str]) -> dict[tuple[str, str], State]:
    """The states of (subject, key), rows of one table in one statement; what is not there is left out."""
    found: dict[tuple[str, str], State] = {}
    for subject in dict.fromkeys(subject for subject, _ in whats):
        keys = [key for each, key in whats if each == subject]
        if subject in KEPT_ROWS:
            kept = kept_rows(connection, subject, keys)
            found |= {(subject, key): _plain(row) for key, row in kept.items()}
        else:
            states = {(subject, key): read_state(connection, "", subject, key) for key in keys}
            found |= {what: state for what, state in states.items() if state is not None}
    return found


def read_state(connection: Connection, team: str, subject: str, key: str) -> State:
    """The row of what has one (None: there is none), or a team's whole stage history or coordinator."""
    if subject == REQUEST:
        columns = (funding_requests.c[name] for name in (*_REQUESTED, *_DECIDED))
        row = connection.execute(select(*columns).where(funding_requests.c.request_key == key)).first()
        return None if row is None else _plain(row._mapping)
    if subject in KEPT_ROWS:
        kept = kept_row(connection, subject, key)
        return None if kept is None else _plain(kept)
    if subject in _BY_KEY:
        column = _BY_KEY[subject]
        row = connection.execute(select(column.table).where(column == key)).first()
        return None if row is None else _plain(row._mapping)
    if subject in PERSONS:
        return persons_state(connection, subject, key)
    if subject == TARGET:
        row = connection.execute(select(targets).where(*_this_target(key))).first()
        return None if row is None else _plain(row._mapping)
    if subject in _ONE_ROW:
        table, name = _ONE_ROW[subject]
        row = connection.execute(select(table).where(table.c.team_key == team, table.c[name] == key)).first()
        return None if row is None else _plain(row._mapping)
    if subject == STAGES:
        stage_columns = (team_stages.c.stage, team_stages.c.entered_on, team_stages.c.note)
        ordered = select(*stage_columns).where(team_stages.c.team_key == team).order_by(team_stages.c.entered_on)
        return [_plain(row._mapping) for row in connection.execute(ordered)]
    columns_now = (teams.c[name] for name in _COORDINATOR_COLUMNS)
    return _plain(connection.execute(select(*columns_now).where(teams.c.team_key == team)).one()._mapping)


def as_meant(connection: Connection, subject: str, state: State) -> State:
    """A recorded state with each person by the key that they have now: they may have been merged since."""
    if subject not in (REQUEST, COORDINATOR, *KEPT_ROWS) or not isinstance(state, dict):
        return state
    aliases = load_aliases(connection)
    keys = {name: state[name] for name in PERSON_KEYS if state.get(name)}
    return state | {name: aliases.stands_as(key) or key for name, key in keys.items()}


def _this_target(key: str) -> tuple[ColumnElement[bool], ...]:
    metric, start, end, scope = target_of(key)
    own = targets.c
    return (
        own.metric == metric,
        own.period_start == date.fromisoformat(start),
        own.period_end == date.fromisoformat(end),
        func.coalesce(own.scope, "") == scope,
    )


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _as_json(value) for name, value in row.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write_state(connection: Connection, team: str, subject: str, key: str, state: State) -> None:
    """Write the state to the database, and recompute what is derived from it."""
    if subject == REQUEST and isinstance(state, dict):
        this = funding_requests.c.request_key == key
        decided = _typed({name: state[name] for name in _DECIDED})
        _keep_payment(connection, key, decided)
        connection.execute(update(funding_requests).where(this).values(**decided))
        refresh_money(connection, select(literal(key, String)))
    elif subject in KEPT_ROWS:
        write_kept_row(connection, subject, key, state)
    elif subject in _BY_KEY:
        column = _BY_KEY[subject]
        connection.execute(delete(column.table).where(column == key))
        if isinstance(state, dict):
            connection.execute(insert(column.table).values(**_typed(state)))
    elif subject in PERSONS:
        write_persons_state(connection, subject, key, state)
    elif subject == TARGET:
        connection.execute(delete(targets).where(*_this_target(key)))
        if isinstance(state, dict):
            days = {name: date.fromisoformat(state[name]) for name in ("period_start", "period_end")}
            connection.execute(insert(targets).values(**state | days))
    elif subject in _ONE_ROW:
        table, name = _ONE_ROW[subject]
        connection.execute(delete(table).where(table.c.team_key == team, table.c[name] == key))
        if isinstance(state, dict):
            connection.execute(insert(table).values(**_typed(state)))
    elif subject == STAGES:
        connection.execute(delete(team_stages).where(team_stages.c.team_key == team))
        rows = [{"team_key": team, **_typed(row)} for row in (state if isinstance(state, list) else ())]
        if rows:
            connection.execute(insert(team_stages), rows)
    elif isinstance(state, dict):
        connection.execute(update(teams).where(teams.c.team_key == team).values(**_typed(state)))


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if value is None else as_column(name, value) for name, value in row.items()}


def _keep_payment(connection: Connection, key: str, decided: Mapping[str, Any]) -> None:
    """Keep the payment, or take it back; the database refuses a second one of the same request."""
    own = funding_requests.c
    before = connection.execute(select(own.paid_amount, own.paid_on).where(own.request_key == key)).one()
    now = (decided["paid_amount"], decided["paid_on"])
    if now == tuple(before):
        return
    if None not in tuple(before):
        connection.execute(delete(recorded_payments).where(recorded_payments.c.request_key == key))
    if None not in now:
        connection.execute(insert(recorded_payments).values(request_key=key, paid_amount=now[0], paid_on=now[1]))


def all_states(connection: Connection, team: str) -> dict[tuple[str, str], str]:
    """Every state of a team by (subject, key), as text."""
    found = {
        (subject, key): text_of(read_state(connection, team, subject, key))
        for subject, key in ((STAGES, team), (COORDINATOR, team))
    }
    for subject, (table, name) in _ONE_ROW.items():
        for row in connection.execute(select(table).where(table.c.team_key == team)):
            found[subject, row._mapping[name]] = text_of(_plain(row._mapping))
    return found


def target_states(connection: Connection) -> dict[tuple[str, str], str]:
    """Every target by (subject, key), as text."""
    states = [_plain(row._mapping) for row in connection.execute(select(targets))]
    columns = ("metric", "period_start", "period_end", "scope")
    return {(TARGET, target_key(*(state[name] for name in columns))): text_of(state) for state in states}
