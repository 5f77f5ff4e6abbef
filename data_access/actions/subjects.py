"""What the actions change, each as a value that can be read, compared, written back and put into words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, String, Table, delete, insert, literal, select, update

from data_access.derived import refresh_money
from data_access.lifecycle import MILESTONE_WORDS, risk_words, stage_title
from data_access.schema import funding_requests, team_milestones, team_risks, team_stages, teams, viewers
from data_access.selection import day_in_words, split_list
from data_access.viewers import ROLE_WORDS

State = dict[str, Any] | list[dict[str, Any]] | None
MILESTONE, RISK, STAGES, COORDINATOR = "milestone", "risk", "stages", "coordinator"
REQUEST = "request"
VIEWER = "viewer"
NOTHING = "null"
_COORDINATOR_COLUMNS = ("coordinator_key", "coordinator_appointed_on")
# What a decision is about, and what it writes.
_ASKED = ("requested_amount", "currency", "requested_on", "person_key")
_DECIDED = ("decision", "decided_on", "approved_amount", "paid_amount", "paid_on")
_ONE_ROW: dict[str, tuple[Table, str]] = {MILESTONE: (team_milestones, "milestone"), RISK: (team_risks, "risk_key")}


def text_of(state: State) -> str:
    """The state as JSON: equal states are equal texts."""
    return json.dumps(state, sort_keys=True, ensure_ascii=False)


def read_state(connection: Connection, team: str, subject: str, key: str) -> State:
    """The row of a request, milestone, risk or viewer, a team's whole stage history or coordinator; None for no row."""
    if subject == REQUEST:
        asked = (funding_requests.c[name] for name in (*_ASKED, *_DECIDED))
        row = connection.execute(select(*asked).where(funding_requests.c.request_key == key)).first()
        return None if row is None else _plain(row._mapping)
    if subject == VIEWER:
        row = connection.execute(select(viewers).where(viewers.c.email == key)).first()
        return None if row is None else _plain(row._mapping)
    if subject in _ONE_ROW:
        table, name = _ONE_ROW[subject]
        row = connection.execute(select(table).where(table.c.team_key == team, table.c[name] == key)).first()
        return None if row is None else _plain(row._mapping)
    if subject == STAGES:
        columns = (team_stages.c.stage, team_stages.c.entered_on, team_stages.c.note)
        ordered = select(*columns).where(team_stages.c.team_key == team).order_by(team_stages.c.entered_on)
        return [_plain(row._mapping) for row in connection.execute(ordered)]
    columns_now = (teams.c[name] for name in _COORDINATOR_COLUMNS)
    return _plain(connection.execute(select(*columns_now).where(teams.c.team_key == team)).one()._mapping)


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _as_json(value) for name, value in row.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write_state(connection: Connection, team: str, subject: str, key: str, state: State) -> None:
    """Make the database say what the state says, what is derived from it included."""
    if subject == REQUEST and isinstance(state, dict):
        this = funding_requests.c.request_key == key
        decided = _typed({name: state[name] for name in _DECIDED})
        connection.execute(update(funding_requests).where(this).values(**decided))
        refresh_money(connection, select(literal(key, String)))
    elif subject == VIEWER:
        connection.execute(delete(viewers).where(viewers.c.email == key))
        if isinstance(state, dict):
            connection.execute(insert(viewers).values(**state))
    elif subject in _ONE_ROW:
        table, name = _ONE_ROW[subject]
        connection.execute(delete(table).where(table.c.team_key == team, table.c[name] == key))
        if isinstance(state, dict):
            connection.execute(insert(table).values(**_typed(state)))
    elif subject == STAGES:
        connection.execute(delete(team_stages).where(team_stages.c.team_key == team))
        rows = [{"team_key": team, **_typed(row)} for row in state or []]  # type: ignore[arg-type]  # a list of rows
        if rows:
            connection.execute(insert(team_stages), rows)
    elif isinstance(state, dict):
        connection.execute(update(teams).where(teams.c.team_key == team).values(**_typed(state)))


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if value is None else _as_column(name, value) for name, value in row.items()}


def _as_column(name: str, value: Any) -> Any:
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return Decimal(value) if name.endswith("_amount") else value


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


def in_words(subject: str, before: State, after: State, *, names_people: bool) -> str:
    """What a change did, in a clause: `milestone “Pathway created with the partner” reached on 3 March 2026`."""
    if subject == STAGES:
        return _stage_words(before, after)
    now, was = (state if isinstance(state, dict) else {} for state in (after, before))
    row = now or was
    if subject == REQUEST:
        return _request_words(was, now)
    if subject == VIEWER:
        return _viewer_words(was, now)
    if subject == MILESTONE:
        words = f"milestone “{MILESTONE_WORDS.get(row.get('milestone', ''), row.get('milestone', ''))}”"
        return f"{words} reached on {_day(row['reached_on'])}" if now else f"{words} taken back"
    if subject == RISK:
        words = f"risk “{risk_words(row.get('risk', ''))}”"
        if not now:
            return f"{words} taken back"
        if now.get("closed_on"):
            return f"{words} closed on {_day(now['closed_on'])}"
        return f"{words} opened again" if was else f"{words} raised on {_day(now['raised_on'])}"
    key, day = now.get("coordinator_key"), now.get("coordinator_appointed_on")
    if not key:
        return "coordinator taken back"
    return f"coordinator{f' {key}' if names_people else ''} appointed{f' on {_day(day)}' if day else ''}"


def _request_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    if now.get("paid_on") != was.get("paid_on") or now.get("paid_amount") != was.get("paid_amount"):
        if now.get("paid_amount") is None:
            return "payment taken back"
        return f"{amount_words(now['paid_amount'], now['currency'])} paid on {_day(now['paid_on'])}"
    if now.get("decision") == "approved":
        asked = (
            "" if now["approved_amount"] == now["requested_amount"] else f" of {amount_words(now['requested_amount'])}"
        )
        return f"{amount_words(now['approved_amount'], now['currency'])}{asked} approved on {_day(now['decided_on'])}"
    if now.get("decision") == "declined":
        return f"declined on {_day(now['decided_on'])}"
    return "decision taken back: pending again"


def _viewer_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    if not now:
        return f"{was.get('email', '')} removed, was {role_words(was)}"
    return f"{now['email']} is now {role_words(now)}{f', was {role_words(was)}' if was else ''}"


def role_words(state: Mapping[str, Any]) -> str:
    """`program manager`, `partner of docs and l10n`."""
    words = ROLE_WORDS.get(state["role"], state["role"])
    teams = split_list(state["teams"])
    return f"{words} of {' and '.join(teams)}" if teams else words


def amount_words(amount: Decimal | str, currency: str = "") -> str:
    """`1,200 EUR`, `85.50 EUR`: every digit that matters."""
    exact = Decimal(amount)
    digits = max(2, -int(exact.normalize().as_tuple().exponent)) if exact % 1 else 0
    return f"{exact:,.{digits}f} {currency}".rstrip()


def _stage_words(before: State, after: State) -> str:
    old = [row for row in before or [] if isinstance(row, dict)]
    new = [row for row in after or [] if isinstance(row, dict)]
    added = [row for row in new if row not in old] or [row for row in old if row not in new]
    if not added:
        return "stages"
    words = f"stage “{stage_title(added[-1]['stage'])}” entered on {_day(added[-1]['entered_on'])}"
    return words if len(new) >= len(old) else f"{words} taken back"


def _day(iso: str) -> str:
    return day_in_words(date.fromisoformat(iso))
