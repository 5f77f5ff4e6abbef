"""What people recorded, in words: each change of a request, team or viewer as a clause."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from data_access.contract.lifecycle import MILESTONE_WORDS, risk_words, stage_title
from data_access.kept_rows import KEPT_ROWS
from data_access.selection import Scope, split_list
from data_access.subscriptions import CHANNEL_WORDS, PACE_WORDS, TOPICS
from data_access.viewers import ROLE_WORDS
from data_access.wording import amount_words, either, say

State = dict[str, Any] | list[dict[str, Any]] | None
MILESTONE, RISK, STAGES, COORDINATOR = "milestone", "risk", "stages", "coordinator"
REQUEST = "request"
VIEWER, TOKEN, SUBSCRIPTION = "viewer", "access token", "subscription"
TARGET = "target"
# What concerns the whole program: its beginning, and an import that was taken back.
PROGRAM, IMPORT = "program", "import"
# Who is one person, who is not, and what is no person.
SAME, DIFFERENT, NOT_PEOPLE = "same person", "different people", "not people"
# Columns of recorded states that hold a person's key.
PERSON_KEYS = ("person_key", "coordinator_key", "coordinator_technical", "coordinator_community")
# What an import says where a file differs from what people recorded: theirs was kept, or the file's taken.
CLASHES = (
    "people recorded something else here; it is kept",
    "people had recorded something else here; the file’s is taken",
)


def author_words(name: str, role: str, scope: Scope, own: str = "") -> str:
    """Who recorded something: by name inside, and to themselves; to everybody else by their role."""
    return name if scope.inside or name == own else ROLE_WORDS.get(role, role)


def in_words(subject: str, before: State, after: State, *, names_people: bool) -> str:
    """What a change did, in a clause: `milestone “Pathway created with the partner” reached on 3 March 2026`."""
    if subject == STAGES:
        return _stage_words(before, after)
    now, was = (state if isinstance(state, dict) else {} for state in (after, before))
    if subject == REQUEST:
        return _request_words(was, now)
    if subject in KEPT_ROWS:
        return KEPT_ROWS[subject].words(was, now)
    if subject == VIEWER:
        return _viewer_words(was, now)
    if subject == TOKEN:
        return _token_words(was, now)
    if subject == SUBSCRIPTION:
        return _subscription_words(was, now)
    if subject == TARGET:
        return _target_words(was, now)
    if subject == PROGRAM:
        return say("program “{name}” begun", name=now.get("name", ""))
    if subject == IMPORT:
        return say("import of {source} undone", source=was.get("source", ""))
    if subject in (SAME, DIFFERENT, NOT_PEOPLE):
        return _person_words(subject, was, now, names_people=names_people)
    if subject == MILESTONE:
        return _milestone_words(was, now)
    if subject == RISK:
        return _risk_words(was, now)
    return _coordinator_words(now, names_people=names_people)


# By whether it is so now, and whether the viewer may learn who it is.
_PERSONS = {
    (SAME, True, True): "{one} merged into {other}",
    (SAME, False, True): "{one} split from {other}",
    (SAME, True, False): "two keys of one person merged",
    (SAME, False, False): "two people split",
    (DIFFERENT, True, True): "{one} and {other} kept apart",
    (DIFFERENT, False, True): "{one} and {other} may be one again",
    (DIFFERENT, True, False): "two people kept apart",
    (DIFFERENT, False, False): "two people may be one again",
}


def _person_words(subject: str, was: dict[str, Any], now: dict[str, Any], *, names_people: bool) -> str:
    if subject == NOT_PEOPLE:
        old, new = (state.get("patterns", []) for state in (was, now))
        added, gone = sorted(set(new) - set(old)), sorted(set(old) - set(new))
        if added and gone:
            return say("no people: {added} added, {gone} taken off", added=either(added), gone=either(gone))
        if not (added or gone):
            return "who is no person"
        return say("no people: {added} added" if added else "no people: {added} taken off", added=either(added or gone))
    either_state = now or was
    keys = {"one": either_state["person_key"], "other": either_state["kept_key"]}
    return say(_PERSONS[subject, bool(now), names_people], **keys)


def _token_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    if not now:
        return say("token “{name}” ended", name=was["name"])
    return say(
        "token “{name}” made for {role}, until {day}", name=now["name"], role=role_words(now), day=_day(now["ends_on"])
    )


def _subscription_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    row = now or was
    named = {
        "address": row["address"],
        "topics": ", ".join(TOPICS[code].label for code in split_list(row["topics"]) if code in TOPICS),
        "channel": CHANNEL_WORDS.get(row["channel"], row["channel"]),
        "pace": PACE_WORDS.get(row["pace"], row["pace"]),
    }
    if not now:
        return say("{address} is no longer told by {channel} of: {topics}", **named)
    return say("{address} is told by {channel}, {pace}, of: {topics}", **named)


def _milestone_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    code = (now or was).get("milestone", "")
    name = MILESTONE_WORDS.get(code, code)
    if not now:
        return say("milestone “{name}” taken back", name=name)
    return say("milestone “{name}” reached on {day}", name=name, day=_day(now["reached_on"]))


def _risk_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    name = risk_words((now or was).get("risk", ""))
    if not now:
        return say("risk “{name}” taken back", name=name)
    if now.get("closed_on"):
        return say("risk “{name}” closed on {day}", name=name, day=_day(now["closed_on"]))
    if was:
        return say("risk “{name}” opened again", name=name)
    return say("risk “{name}” raised on {day}", name=name, day=_day(now["raised_on"]))


# By whether the viewer may learn who it is, and whether the day is recorded.
_APPOINTED = {
    (True, True): "coordinator {key} appointed on {day}",
    (True, False): "coordinator {key} appointed",
    (False, True): "coordinator appointed on {day}",
    (False, False): "coordinator appointed",
}


def _coordinator_words(now: dict[str, Any], *, names_people: bool) -> str:
    key, day = now.get("coordinator_key"), now.get("coordinator_appointed_on")
    if not key:
        return "coordinator taken back"
    return say(_APPOINTED[names_people, bool(day)], key=key, day=_day(day) if day else "")


def _request_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    if now.get("paid_on") != was.get("paid_on") or now.get("paid_amount") != was.get("paid_amount"):
        if now.get("paid_amount") is None:
            return "payment taken back"
        paid = amount_words(now["paid_amount"], now["currency"])
        return say("{amount} paid on {day}", amount=paid, day=_day(now["paid_on"]))
    if now.get("decision") == "approved":
        whole = now["approved_amount"] == now["requested_amount"]
        return say(
            "{amount} approved on {day}" if whole else "{amount} of {requested} approved on {day}",
            amount=amount_words(now["approved_amount"], now["currency"]),
            requested=amount_words(now["requested_amount"]),
            day=_day(now["decided_on"]),
        )
    if now.get("decision") == "declined":
        return say("declined on {day}", day=_day(now["decided_on"]))
    return "decision taken back: pending again"


def _viewer_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    if not now:
        return say("{email} removed, was {role}", email=was.get("email", ""), role=role_words(was))
    if not was:
        return say("{email} is now {role}", email=now["email"], role=role_words(now))
    return say("{email} is now {role}, was {before}", email=now["email"], role=role_words(now), before=role_words(was))


def target_key(metric: str, period_start: str, period_end: str, scope: str | None) -> str:
    """What a target is known by in the audit; days in ISO. `target_of` reads it."""
    return json.dumps([metric, period_start, period_end, scope or ""], ensure_ascii=False)


def target_of(key: str) -> tuple[str, str, str, str]:
    """Metric, first day, last day and scope ("" for the whole program) of a target's key."""
    metric, start, end, scope = json.loads(key)
    return metric, start, end, scope


# By whether it is of a part of the program, and whether there was one before.
_SET = {
    (False, False): "target for {metric} from {start} to {end} set to {value}",
    (False, True): "target for {metric} from {start} to {end} set to {value}, was {before}",
    (True, False): "target for {metric} of {scope} from {start} to {end} set to {value}",
    (True, True): "target for {metric} of {scope} from {start} to {end} set to {value}, was {before}",
}


def _target_words(was: dict[str, Any], now: dict[str, Any]) -> str:
    row = now or was
    named = {"metric": row.get("metric", "").replace("_", " "), "scope": row.get("scope") or ""}
    days = {"start": _day(row["period_start"]), "end": _day(row["period_end"])}
    if not now:
        return say("target for {metric} from {start} to {end} taken back", **named, **days)
    values = {"value": f"{now['value']:,g}", "before": f"{was.get('value', 0):,g}"}
    return say(_SET[bool(named["scope"]), bool(was)], **named, **days, **values)


def role_words(state: Mapping[str, Any]) -> str:
    """`program manager`, `partner of docs and l10n`."""
    role, teams = ROLE_WORDS.get(state["role"], state["role"]), split_list(state["teams"])
    return say("{role} of {teams}", role=role, teams=" and ".join(teams)) if teams else role


def _stage_words(before: State, after: State) -> str:
    old = [row for row in before or [] if isinstance(row, dict)]
    new = [row for row in after or [] if isinstance(row, dict)]
    changed = [row for row in new if row not in old] or [row for row in old if row not in new]
    if not changed:
        return "stages"
    stage, day = stage_title(changed[-1]["stage"]), _day(changed[-1]["entered_on"])
    if len(new) < len(old):
        return say("stage “{stage}” entered on {day} taken back", stage=stage, day=day)
    return say("stage “{stage}” entered on {day}", stage=stage, day=day)


def as_column(name: str, value: Any) -> Any:
    """A value of a recorded state as its column holds it: days and amounts are text in the audit."""
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return Decimal(value) if name.endswith("amount") else value


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
