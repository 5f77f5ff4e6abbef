"""What people recorded, in words: each change of a request, team or viewer as a clause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from data_access.contract.lifecycle import MILESTONE_WORDS, risk_words, stage_title
from data_access.selection import day_in_words, split_list
from data_access.viewers import ROLE_WORDS

State = dict[str, Any] | list[dict[str, Any]] | None
MILESTONE, RISK, STAGES, COORDINATOR = "milestone", "risk", "stages", "coordinator"
REQUEST = "request"
VIEWER = "viewer"


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
