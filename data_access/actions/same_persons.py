"""Saying who is one person, who is not, and what is no person: by the program manager, audited, and to be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from data_access.actions.record import RULES, UNDO, ActionRefused, Author, Changed, Rules, keep_entry, writing
from data_access.actions.subjects import read_state, text_of, write_state
from data_access.database.engine import Database
from data_access.database.schema import audit
from data_access.persons.aliases import load_aliases
from data_access.persons.merging import NotMergeable, require_mergeable
from data_access.persons.not_people import NoPattern, checked_patterns
from data_access.persons.states import PERSONS, pair_key
from data_access.recorded import DIFFERENT, NOT_PEOPLE, SAME, State, in_words
from data_access.selection import NotAllowed, Role
from data_access.wording import counted, moment_in_words, say

MOST_SHOWN = 50


def merge_people(database: Database, author: Author, merged: str, kept: str) -> str:
    """Make one person of two: what is held under `merged` is `kept`'s from now on, and what an import brings under it.

    Returns what was done, in words. Raises ActionRefused, Changed where one of them was merged meanwhile, NotAllowed.
    """

    def check(connection: Connection) -> State:
        _not_meanwhile(connection, merged, kept)
        require_mergeable(connection, merged, kept)
        return {"person_key": merged, "kept_key": kept}

    _record(database, author, "merge", SAME, merged, check)
    return say("{merged} and {kept} are one person now, under {kept}.", merged=merged, kept=kept)


def split_person(database: Database, author: Author, merged: str) -> str:
    """Make two persons again of a key that was merged and the one it was merged into; returns what was done."""

    def check(connection: Connection) -> State:
        if read_state(connection, "", SAME, merged) is None:
            raise ActionRefused(f"The key {merged[:80]!r} is not merged into another. Nothing was changed.")
        return None

    before = _record(database, author, "split", SAME, merged, check)
    kept = before["kept_key"] if isinstance(before, dict) else ""
    return say("{merged} and {kept} are two people again.", merged=merged, kept=kept)


def say_different(database: Database, author: Author, one: str, other: str) -> str:
    """Keep in mind that two people are not the same: they are not proposed again. Returns what was done."""

    def check(connection: Connection) -> State:
        _not_meanwhile(connection, one, other)
        require_mergeable(connection, one, other)
        least, greatest = sorted((one, other))
        return {"person_key": least, "kept_key": greatest}

    _record(database, author, "not the same", DIFFERENT, pair_key(one, other), check)
    return say("{one} and {other} are kept apart, and not proposed again.", one=one, other=other)


def change_not_people(database: Database, author: Author, lines: Iterable[str], opened: str | None = None) -> str:
    """Change the list of what is no person, a pattern a line, and set apart whom it means; returns what was done.

    `opened` is the list, as text, that a form was opened on: where it is another one by now, Changed is raised.
    """

    def check(connection: Connection) -> State:
        before = read_state(connection, "", NOT_PEOPLE, "")
        if opened is not None and isinstance(before, dict) and "\n".join(before["patterns"]) != opened:
            raise Changed("Somebody changed the list meanwhile. Your change was not saved: look at it, then try again.")
        try:
            after = {"patterns": checked_patterns(lines)}
        except NoPattern as problem:
            raise ActionRefused(f"{problem} Nothing was changed.") from problem
        if after == before:
            raise ActionRefused("The list is the same as before. Nothing was changed.")
        return after

    _record(database, author, "list changed", NOT_PEOPLE, "", check)
    with database.program.connect() as connection:
        apart = len(load_aliases(connection).nobodys())
    return counted(
        apart,
        "The list is kept. By it, {n} key is set apart and counted among no people.",
        "The list is kept. By it, {n} keys are set apart and counted among no people.",
    )


class PersonsChange(NamedTuple):
    """A recorded change of who is one; `happened_at` is in UTC. What is not the newest of its subject stays."""

    entry_id: int
    happened_at: datetime
    author: str
    words: str
    undone: bool
    newest: bool


def persons_changes(connection: Connection) -> list[PersonsChange]:
    """The newest changes, newest first."""
    statement = select(audit).where(audit.c.subject.in_(PERSONS)).order_by(audit.c.entry_id.desc()).limit(MOST_SHOWN)
    found, undone, last = [], set(), set()
    for row in connection.execute(statement):
        undone.add(row.undoes)
        words = in_words(row.subject, json.loads(row.before), json.loads(row.after), names_people=True)
        if row.action == UNDO:
            words = say("{change} (undone)", change=words)
        subject = (row.subject, row.subject_key)
        found.append(
            PersonsChange(row.entry_id, row.happened_at, row.author, words, row.entry_id in undone, subject not in last)
        )
        last.add(subject)
    return found


def _record(
    database: Database, author: Author, action: str, subject: str, key: str, check: Callable[[Connection], State]
) -> State:
    """Write the state that `check` returns, with its entry; returns the one before."""
    _require_manager(author)
    with writing(database) as connection:
        before = read_state(connection, "", subject, key)
        try:
            after = check(connection)
            write_state(connection, "", subject, key, after)
        except NotMergeable as problem:
            raise ActionRefused(f"{problem} Nothing was changed.") from problem
        keep_entry(connection, author, "", action, subject, key, before, after)
        return before


def _not_meanwhile(connection: Connection, *keys: str) -> None:
    """Raise Changed where a key was merged by somebody: who acts has not seen it."""
    for key in keys:
        state = read_state(connection, "", SAME, key)
        if state is None:
            continue
        same = (audit.c.subject == SAME, audit.c.subject_key == key)
        entry = connection.execute(select(audit).where(*same).order_by(audit.c.entry_id.desc()).limit(1)).first()
        if entry is not None and entry.after == text_of(state):
            words = in_words(SAME, None, state, names_people=True)
            who, when = entry.author, moment_in_words(entry.happened_at)
            raise Changed(say("{who}, {when}: {words}. Nothing was changed.", who=who, when=when, words=words))


def _require_manager(author: Author) -> None:
    if author.scope.role is not Role.PM:
        raise NotAllowed("Who is one person is said by the program manager. Nothing was changed.")


def _may_undo(connection: Connection, author: Author, key: str) -> None:
    _require_manager(author)


def _nothing_more(
    connection: Connection, author: Author, key: str, now: State, before: State, confirmed: Collection[str]
) -> None:
    """Who is one person needs no more than that both are there, which writing it looks for."""


for _subject in PERSONS:
    RULES[_subject] = Rules(_may_undo, _nothing_more)
