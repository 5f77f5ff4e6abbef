"""An application's way: evaluated, decided, trained, graduated, and with that a member. One step after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, func, select

from data_access.actions.memberships import new_membership, overlapping, refuse_overlap
from data_access.actions.record import UNDO, ActionRefused, Author, Snapshot, checked, keep_entry, past_day
from data_access.actions.requests import NeedsConfirmation
from data_access.actions.rows import PM_ONLY, record_row, there, undoing
from data_access.actions.subjects import NOTHING, read_state, text_of, write_state
from data_access.database.engine import Database
from data_access.database.schema import applications, audit, cohorts
from data_access.kept_rows import APPLICATION, MEMBERSHIP
from data_access.money.effect import Doubt
from data_access.recorded import State
from data_access.wording import counted, day_in_words, say

_KEY_ROOM = 180
_TOGETHER = "Together with the graduation"
_TABLE = "applications"
_STEPS = {"evaluated_on": "evaluated", "decided_on": "decided on", "trained_on": "trained", "graduated_on": "graduated"}
Values = dict[str, Any]


def evaluate(
    database: Database,
    author: Author,
    application: str,
    *,
    opened: Snapshot,
    today: date,
    score: object = None,
    evaluated_on: date | None = None,
    note: str = "",
) -> int:
    """The application was evaluated, with a score where one was given; before it is decided on."""
    number = checked(_TABLE, "score", score, "Score")

    def change(connection: Connection, row: Values) -> Values:
        _not_yet(row, "evaluated_on")
        if _is_decided(row):
            raise ActionRefused(_taken(row, "decided_on"))
        return {"evaluated_on": _after(row, "evaluated_on", evaluated_on, today, "applied_on"), "score": number}

    return _record(database, author, application, "evaluation", opened, change, note)


def decide(
    database: Database,
    author: Author,
    application: str,
    *,
    opened: Snapshot,
    today: date,
    decision: str,
    decided_on: date | None = None,
    note: str = "",
    confirmed: Collection[str] = (),
) -> int:
    """Accept, decline, or note that it was withdrawn. It is evaluated before it is accepted; a decline has a reason.

    More acceptances than the cohort has places have to be confirmed: raises NeedsConfirmation.
    """
    what: str = checked(_TABLE, "decision", decision, "Decision")

    def change(connection: Connection, row: Values) -> Values:
        if what in (None, "pending"):
            raise ActionRefused("Decision: choose accepted, declined or withdrawn.")
        if _is_decided(row):
            raise ActionRefused(_taken(row, "decided_on"))
        if what == "accepted" and not row["evaluated_on"]:
            raise ActionRefused("It is not evaluated yet. Record the evaluation first, with or without a score.")
        if what == "declined" and not note.strip():
            raise ActionRefused("Reason: a reason is needed, so that the applicant can learn it.")
        day = _after(row, "decided_on", decided_on, today, "evaluated_on", "applied_on")
        if what == "accepted":
            _confirm_places(connection, row["cohort_key"], confirmed)
        return {"decision": what, "decided_on": day}

    return _record(database, author, application, what or "decision", opened, change, note)


def train(
    database: Database,
    author: Author,
    application: str,
    *,
    opened: Snapshot,
    today: date,
    trained_on: date | None = None,
    note: str = "",
) -> int:
    """The training of somebody who was accepted is done."""

    def change(connection: Connection, row: Values) -> Values:
        _not_yet(row, "trained_on")
        if row["decision"] != "accepted":
            raise ActionRefused("Only somebody who was accepted is trained. Accept the application first.")
        return {"trained_on": _after(row, "trained_on", trained_on, today, "decided_on", "applied_on")}

    return _record(database, author, application, "training", opened, change, note)


def graduate(
    database: Database,
    author: Author,
    application: str,
    *,
    opened: Snapshot,
    today: date,
    graduated_on: date | None = None,
    member_from: date | None = None,
    note: str = "",
) -> int:
    """Somebody who was trained has graduated; their membership begins on `member_from`, else on that day.

    Whoever is a member already stays one: no second membership begins. Undoing it takes the membership back too.
    """

    def change(connection: Connection, row: Values) -> Values:
        _not_yet(row, "graduated_on")
        if not row["trained_on"]:
            raise ActionRefused("Only somebody who was trained graduates. Record the training first.")
        day = _after(row, "graduated_on", graduated_on, today, "trained_on")
        if member_from and member_from.isoformat() < day:
            raise ActionRefused("Member from: nobody is a member before the graduation.")
        return {"graduated_on": day}

    def begin(connection: Connection, row: Values) -> None:
        first = past_day("memberships", "started_on", member_from, "Member from", today) if member_from else ""
        key, first = membership_of(application), first or row["graduated_on"]
        if overlapping(connection, key, row["person_key"], first, None) or read_state(connection, "", MEMBERSHIP, key):
            return
        member = new_membership(key, row["person_key"], row["cohort_key"], first)
        write_state(connection, "", MEMBERSHIP, key, member)
        keep_entry(connection, author, "", "membership", MEMBERSHIP, key, None, member, new_version=False)

    return _record(database, author, application, "graduation", opened, change, note, begin)


def membership_of(application: str) -> str:
    """The key of the membership that begins with an application's graduation."""
    short = application if len(application) <= _KEY_ROOM else blake2b(application.encode(), digest_size=16).hexdigest()
    return f"graduated-{short}"


def _record(
    database: Database,
    author: Author,
    application: str,
    action: str,
    opened: Snapshot,
    change: Callable[[Connection, Values], Values],
    note: str,
    also: Callable[[Connection, Values], None] | None = None,
) -> int:
    def whole(connection: Connection, before: Values | None) -> Values:
        row = there(before, "application")
        return {**row, **change(connection, row)}

    return record_row(database, author, APPLICATION, application, action, opened, whole, note=note, also=also)


def _is_decided(row: Values) -> bool:
    return row["decision"] not in (None, "pending")


def _not_yet(row: Values, column: str) -> None:
    if row[column]:
        raise ActionRefused(_taken(row, column))


def _taken(row: Values, column: str) -> str:
    if not row[column]:
        return say("This application was {step} already. Undo that first, to correct it.", step=_STEPS[column])
    day = day_in_words(date.fromisoformat(row[column]))
    template = "This application was {step} on {day} already. Undo that first, to correct it."
    if column == "decided_on":
        template = "This application was {step} already, on {day}. Undo that first, to correct it."
    return say(template, step=row["decision"] if column == "decided_on" else _STEPS[column], day=day)


def _after(row: Values, column: str, given: date | None, today: date, *earlier: str) -> str:
    """The day of a step, which is not before that of the step before it."""
    label = {"evaluated_on": "Evaluated on", "decided_on": "Decided on", "trained_on": "Trained on"}.get(
        column, "Graduated on"
    )
    day = past_day(_TABLE, column, given or today, label, today)
    before = next((row[name] for name in earlier if row[name]), None)
    if before and day < before:
        last = day_in_words(date.fromisoformat(before))
        raise ActionRefused(say("{label}: the step before was on {day}; it cannot be earlier.", label=label, day=last))
    return day


def _confirm_places(connection: Connection, cohort: str, confirmed: Collection[str]) -> None:
    places = connection.execute(select(cohorts.c.places).where(cohorts.c.cohort_key == cohort)).scalar()
    own = applications.c
    accepted = select(func.count()).where(own.cohort_key == cohort, own.decision == "accepted")
    taken = connection.execute(accepted).scalar_one()
    doubt = Doubt(
        f"places:{places}:{taken}",
        counted(
            places or 0,
            "The cohort has {n} place, and all are taken.",
            "The cohort has {n} places, and all are taken.",
        ),
    )
    if places is not None and taken >= places and doubt.code not in confirmed:
        raise NeedsConfirmation([doubt])


def _with_the_membership(
    connection: Connection, author: Author, key: str, before: State, after: State, confirmed: Collection[str]
) -> None:
    """Undoing a graduation takes back the membership that began with it; undoing that brings it again."""
    if not isinstance(before, dict) or not isinstance(after, dict) or before["graduated_on"] == after["graduated_on"]:
        return
    member = membership_of(key)
    now = read_state(connection, "", MEMBERSHIP, member)
    newest = _newest(connection, MEMBERSHIP, member)
    if newest is None:
        return
    if after["graduated_on"] is None and now is not None:
        if newest.before != NOTHING or newest.after != text_of(now):
            raise ActionRefused(
                "The membership that began with it was changed since. Undo that first. Nothing was changed."
            )
        restored: State = None
    elif after["graduated_on"] and now is None and newest.after == NOTHING and newest.note == _TOGETHER:
        restored = json.loads(newest.before)
    else:
        return
    write_state(connection, "", MEMBERSHIP, member, restored)
    refuse_overlap(connection, author, member, now, restored, confirmed)
    what = (UNDO, MEMBERSHIP, member)
    keep_entry(connection, author, "", *what, now, restored, undoes=newest.entry_id, note=_TOGETHER, new_version=False)


def _newest(connection: Connection, subject: str, key: str) -> Row[Any] | None:
    wanted = select(audit).where(audit.c.subject == subject, audit.c.subject_key == key)
    return connection.execute(wanted.order_by(audit.c.entry_id.desc()).limit(1)).first()


undoing(APPLICATION, PM_ONLY, _with_the_membership)
