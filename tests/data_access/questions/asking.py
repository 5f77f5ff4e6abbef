"""Asks questions of small programs that are imported as bundles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import pandas as pd
import pytest
from sqlalchemy import text

from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.questions import QUESTIONS, Question
from data_access.questions.answering import connection_for
from data_access.questions.data.quality import CHECKS
from data_access.selection import Scope, Selection
from tests.bundles import EVENT, write_table

T = TypeVar("T")
# Whether each question is asked everything, or a part that is its own: all of it takes longer than `make test` has.
DEPTHS = [pytest.param(False, id="in turns"), pytest.param(True, id="all", marks=pytest.mark.long)]


def in_turns(name: str, things: Sequence[T], always: int, more: int) -> list[T]:
    """The first few, and some of the others that are this question's own: together the questions get all of them."""
    rest = things[always:]
    start = crc32(name.encode()) % len(rest)
    return [*things[:always], *(rest[(start + number) % len(rest)] for number in range(more))]


def ask(
    database: Database, question: str, selection: Selection, scope: Scope | None = None, **options: object
) -> pd.DataFrame:
    """The answer on the program database inside, on the release outside."""
    scope = scope or Scope.everything()
    asked = QUESTIONS[question]
    # Who may not ask is refused without anything to read.
    with database.reading() if scope.role not in asked.roles else connection_for(database, scope) as connection:
        return asked.ask(connection, selection, scope, **options)


def copy_of(database: Database, folder: Path) -> Database:
    """A copy of a SQLite program, for a test that writes."""
    path = folder / "copy.db"
    with database.program.connect() as connection:
        connection.execute(text("VACUUM INTO :path"), {"path": str(path)})
    return Database(f"sqlite:///{path}")


# Of the sample program.
NAMED = {"person": "p000001", "event": "e0000020", "space": "berlin", "text": "a", "team": "localization"}


def named_for(question: Question) -> dict[str, str]:
    """The options without which a question about one thing has no answer."""
    if question.name in ("what_if", "nearer_members"):
        return {"request": "f000007"}
    named = NAMED | ({"country": "IN"} if question.name == "country_timeline" else {})
    named |= {"check": CHECKS[0].name} if question.name == "data_problems" else {}
    return {name: value for name, value in named.items() if name in question.options}


def ways(
    question: Question, choices: Mapping[str, Iterable[object]], needed: Mapping[str, object]
) -> Iterator[dict[str, object]]:
    """The options that it needs alone, then each of its options one by one."""
    always = {name: value for name, value in needed.items() if name in question.options}
    yield always
    for name in question.options:
        yield from (always | {name: value} for value in choices.get(name, ()))


def import_events(database: Database, folder: Path, *rows: dict[str, str]) -> None:
    """Each row is an event with a key of its own, held on 1 March 2024 unless it says otherwise."""
    write_table(folder, "events", *(EVENT | {"event_key": f"e{number}"} | row for number, row in enumerate(rows)))
    assert run_import(database, [folder]).committed


def held(*countries_and_counts: tuple[str, int]) -> list[dict[str, str]]:
    """So many events per country."""
    return [{"country": code} for code, count in countries_and_counts for _ in range(count)]
