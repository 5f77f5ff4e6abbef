"""One action, one transaction: who may act, on which state, what is written, the audit entry, the data version."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, event, insert, select
from sqlalchemy.exc import IntegrityError

from data_access.actions.subjects import NOTHING, all_states, as_meant, read_state, text_of, write_state
from data_access.contract.cells import BadCell, parse_cell
from data_access.contract.tables import TABLES
from data_access.database.changes import record_change
from data_access.database.engine import Database
from data_access.database.fault_words import Fault
from data_access.database.faults import DatabaseFault
from data_access.database.one_writer import take_write_lock
from data_access.database.schema import audit, teams
from data_access.happenings import happened
from data_access.persons.merging import NotMergeable
from data_access.recorded import State, author_words, in_words
from data_access.selection import NotAllowed, Role, Scope
from data_access.wording import day_in_words, moment_in_words, paragraph, say

# What a form was opened on: the state of each (subject, key) of its team, as text; what is absent was not there.
Snapshot = Mapping[tuple[str, str], str]
UNDO = "undo"
# For how long whoever has pressed a button waits for an import to end.
PATIENCE = 10.0


class ActionRefused(ValueError):
    """An action that cannot be done; the message says why and the way out. Nothing was changed."""


class Changed(ActionRefused):
    """Somebody else changed the same thing since the form was opened."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: the name that the audit keeps, and what they may."""

    name: str
    scope: Scope

    def may_change(self, team: str) -> bool:
        """The PM every team, a partner their own, nobody else any."""
        return self.scope.role is Role.PM or (self.scope.role is Role.PARTNER and team in self.scope.teams)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for undoing a kind of subject: `who` may undo it, and what must be true `afterwards`; both raise.

    `afterwards` gets the connection, the author, the subject's key, the state before and the one that was written, and
    what the author has confirmed; when it raises, nothing is kept.
    """

    who: Callable[[Connection, Author, str], None]
    afterwards: Callable[[Connection, Author, str, State, State, Collection[str]], None]
    new_version: bool = True


# By subject. What is not named here belongs to a team.
RULES: dict[str, Rules] = {}


def snapshot(connection: Connection, team: str) -> Snapshot:
    """What a form about this team is opened on, to be handed to the action that it ends in."""
    return all_states(connection, team)


def act(
    database: Database,
    author: Author,
    team: str,
    action: str,
    subject: str,
    key: str,
    opened: Snapshot,
    change: Callable[[Connection, State], State],
) -> int:
    """Change one subject of a team; returns the number of the audit entry.

    `change` turns the present state into the new one, or raises ActionRefused. Raises Changed when the present state is
    not the one the form was opened on, NotAllowed for an author who may not change the team.
    """
    with writing(database) as connection:
        _require(connection, author, team)
        before = read_state(connection, team, subject, key)
        if text_of(before) != opened.get((subject, key), NOTHING):
            raise Changed(who_changed(connection, author, team, subject, key, before))
        after = change(connection, before)
        write_state(connection, team, subject, key, after)
        return keep_entry(connection, author, team, action, subject, key, before, after)


def undo(database: Database, author: Author, entry_id: int, confirmed: Collection[str] = ()) -> int:
    """Restore the state before an entry, as a new entry; refused once something newer builds on it.

    The rules of its subject hold as for any other change: undoing the undoing of an approval is an approval.
    """
    with writing(database) as connection:
        entry = connection.execute(select(audit).where(audit.c.entry_id == entry_id)).first()
        if entry is None:
            raise ActionRefused(f"There is no recorded change {entry_id}.")
        rules = RULES.get(entry.subject)
        if rules:
            rules.who(connection, author, entry.subject_key)
        else:
            _require(connection, author, entry.team_key)
        undone = connection.execute(select(audit).where(audit.c.undoes == entry_id)).first()
        if undone is not None:
            who, when = _author_of(undone, author), moment_in_words(undone.happened_at)
            raise Changed(say("{who} undid this already, on {when}. Nothing was changed.", who=who, when=when))
        what = (entry.team_key, entry.subject, entry.subject_key)
        now = read_state(connection, *what)
        if text_of(now) != text_of(as_meant(connection, entry.subject, json.loads(entry.after))):
            raise Changed(
                f"It cannot be undone: something newer builds on it. {_newest(connection, author, *what, now)} "
                "Undo that first, or record a new change. Nothing was changed."
            )
        before = as_meant(connection, entry.subject, json.loads(entry.before))
        try:
            write_state(connection, *what, before)
        except NotMergeable as cause:
            raise ActionRefused(f"{cause} Nothing was changed.") from cause
        except IntegrityError as cause:
            refused = "It cannot be undone: something else was recorded of it. Undo that first. Nothing was changed."
            raise ActionRefused(refused) from cause
        if rules:
            rules.afterwards(connection, author, entry.subject_key, now, before, confirmed)
        return keep_entry(
            connection,
            author,
            entry.team_key,
            UNDO,
            *what[1:],
            now,
            before,
            undoes=entry_id,
            new_version=rules is None or rules.new_version,
        )


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """One writer at a time, imports included: of two who act at once, the second sees what the first did."""
    with database.program.connect() as connection:
        try:
            take_write_lock(connection, PATIENCE)
        except DatabaseFault as cause:
            if cause.fault is not Fault.LOCKED:
                raise
            refused = "An import is writing right now. Nothing was changed; try again when it is done."
            raise ActionRefused(refused) from cause
        yield connection
        connection.commit()


def _require(connection: Connection, author: Author, team: str) -> None:
    name = connection.execute(select(teams.c.name).where(teams.c.team_key == team)).scalar_one_or_none()
    if not author.may_change(team):
        raise NotAllowed("Changes to a team are open to the program manager and to the team’s own partner.")
    if name is None:
        raise ActionRefused(f"There is no team {team!r}. Nothing was changed.")


def keep_entry(
    connection: Connection,
    author: Author,
    team: str,
    action: str,
    subject: str,
    key: str,
    before: State,
    after: State,
    *,
    undoes: int | None = None,
    note: str | None = None,
    new_version: bool = True,
) -> int:
    """Add the audit entry of what was written, and the new data version of what questions read; returns its number."""
    entry = connection.execute(
        insert(audit).values(
            happened_at=datetime.now(UTC).replace(tzinfo=None),
            author=author.name[:200],
            role=str(author.scope.role),
            team_key=team,
            action=action,
            subject=subject,
            subject_key=key,
            before=text_of(before),
            after=text_of(after),
            note=note,
            undoes=undoes,
        )
    )
    if new_version:
        what, which = ("team", team) if team else (subject, key)
        words = say("{action} of {what} {which}", action=action, what=what, which=which)
        record_change(connection, "edit", words, imported_by=author.name[:200])
    number = int(entry.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
    told: dict[str, str | int] = {"action": action, "subject": subject, "role": str(author.scope.role), "entry": number}
    event.listen(connection, "commit", lambda _: happened("action", **told), once=True)
    return number


def who_changed(connection: Connection, author: Author, team: str, subject: str, key: str, now: State) -> str:
    """Who changed the subject since the form was opened, and the way on."""
    newest = _newest(connection, author, team, subject, key, now)
    way_on = "Your change was not saved, and nothing was lost: look at the present state, then try again."
    return paragraph((newest, way_on))


def _newest(connection: Connection, author: Author, team: str, subject: str, key: str, now: State) -> str:
    same = (audit.c.team_key == team, audit.c.subject == subject, audit.c.subject_key == key)
    newest: Row[Any] | None = connection.execute(
        select(audit).where(*same).order_by(audit.c.entry_id.desc()).limit(1)
    ).first()
    if newest is None or text_of(as_meant(connection, subject, json.loads(newest.after))) != text_of(now):
        return "An import changed this meanwhile."
    names = author.scope.inside
    words = in_words(subject, json.loads(newest.before), json.loads(newest.after), names_people=names)
    moment = moment_in_words(newest.happened_at)
    return say("{who} changed this on {moment}: {words}.", who=_author_of(newest, author), moment=moment, words=words)


def _author_of(entry: Row[Any], author: Author) -> str:
    """As a sentence begins with them."""
    words = author_words(entry.author, entry.role, author.scope, own=author.name)
    return words if words == entry.author else say("The {role}", role=words)


def checked(table: str, column: str, value: object, label: str) -> Any:
    """The value as the import would store it; raises ActionRefused with the import's own words."""
    try:
        return parse_cell(TABLES[table].column(column), "" if value is None else str(value))
    except BadCell as bad:
        raise ActionRefused(f"{label}: {bad.problem}. {bad.remedy}") from bad


def past_day(table: str, column: str, value: date | None, label: str, today: date) -> str:
    """The day as ISO text; it must be given and must not lie in the future."""
    day: str = checked(table, column, value.isoformat() if value else "", label)
    if not day:
        raise ActionRefused(f"{label}: a day is needed.")
    if day > today.isoformat():
        raise ActionRefused(f"{label}: {day_in_words(date.fromisoformat(day))} lies in the future.")
    return day
