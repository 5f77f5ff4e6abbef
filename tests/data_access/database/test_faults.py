"""Each kind of fault, made for real, is told from the others, and its message says the way out."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from data_access.actions import ActionRefused, Author, set_viewer
from data_access.database import one_writer
from data_access.database.connecting import DatabaseError
from data_access.database.engine import CopyUnreadable, Database
from data_access.database.fault_words import OUTSIDE, Fault
from data_access.database.faults import DatabaseFault, explain, in_words, newest_schema, schema_fault
from data_access.database.one_writer import take_write_lock, tell_waiting
from data_access.database.read_copy import write_read_copy
from data_access.migrations import migrate
from data_access.questions import QUESTIONS
from data_access.questions.answering import answer_from
from data_access.selection import Role, Scope, Selection
from tests.builders import believable_program

pytestmark = pytest.mark.slow
PM = Author("Ada", Scope(Role.PM))


def found_in(database: Database, ask: Callable[[], object] | None = None) -> DatabaseFault:
    with pytest.raises(DatabaseFault) as raised, in_words(database.program):
        (ask or database.version)()
    return raised.value


def file_of(database: Database) -> Path:
    return Path(str(database.program.url.database))


def test_every_fault_has_words_for_who_is_not_the_operator() -> None:
    assert set(OUTSIDE) == set(Fault)
    assert not any("`" in words or "/" in words for words in OUTSIDE.values())


def test_the_newest_schema_is_the_one_that_migrations_end_in() -> None:
    assert newest_schema() == ScriptDirectory(str(Path(migrate.__file__).parent)).get_current_head()


def test_faults_of_a_file(database: Database, tmp_path: Path) -> None:
    missing = Database(f"sqlite:///{tmp_path / 'none.db'}")
    assert (found_in(missing).fault, list(tmp_path.iterdir())) == (Fault.NO_DATABASE, [])
    assert "uplift init" in str(found_in(missing))
    for content, fault in ((b"", Fault.NO_PROGRAM), (b"nonsense" * 1_000, Fault.CORRUPT)):
        (tmp_path / "other.db").write_bytes(content)
        other = Database(f"sqlite:///{tmp_path / 'other.db'}")
        assert found_in(other).fault is fault
        other.close()
    with database.program.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(DatabaseFault) as full, in_words(database.program):
            connection.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(1000000)")
        connection.invalidate()
    assert (full.value.fault, "bytes are free" in str(full.value)) == (Fault.DISK_FULL, True)
    only_read = Database(f"sqlite:///file:{file_of(database)}?mode=ro&uri=true")
    assert found_in(only_read, lambda: set_viewer(only_read, PM, "a@example.org", "pm")).fault is Fault.READ_ONLY
    only_read.program.dispose()


def test_a_schema_of_another_version_is_named_with_what_to_do(either: Database) -> None:
    for number, fault, says in (("0031", Fault.SCHEMA_OLDER, "`uplift init`"), ("9999", Fault.SCHEMA_NEWER, "newer")):
        with either.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
        found = schema_fault(either.program)
        assert found is not None
        assert (found.fault, says in str(found)) == (fault, True)


@pytest.mark.postgresql
def test_faults_of_a_server(postgresql: Database) -> None:
    url = postgresql.url
    name = str(postgresql.program.url.database)
    for address, fault in (
        (url.replace("postgres:", "nobody:"), Fault.REFUSED),
        (url.replace(f"/{name}", "/no_such"), Fault.NO_DATABASE),
        ("postgresql://ada:hunter2@127.0.0.1:9/uplift", Fault.UNREACHABLE),
    ):
        found = found_in(Database(address))
        assert found.fault is fault
        assert "hunter2" not in str(found)

    def write_read_only() -> None:
        with postgresql.program.begin() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            connection.execute(text("DELETE FROM targets"))

    def sleep_too_long() -> None:
        with postgresql.program.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 20"))
            connection.execute(text("SELECT pg_sleep(5)"))

    assert found_in(postgresql, write_read_only).fault is Fault.READ_ONLY
    assert found_in(postgresql, sleep_too_long).fault is Fault.TOO_LONG


def test_a_statement_that_takes_too_long_is_stopped_but_for_one_that_may(database: Database) -> None:
    limited = Database(database.url, None, statement_seconds=1)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT max(i) FROM n"
    with limited.program.connect() as connection:
        began = time.monotonic()
        with pytest.raises(DatabaseFault) as stopped, in_words(limited.program):
            connection.exec_driver_sql(endless.format(10**12))
    assert stopped.value.fault is Fault.TOO_LONG
    assert time.monotonic() - began >= 1
    with limited.writing() as connection:
        began = time.monotonic()
        while time.monotonic() - began < 1.2:
            connection.exec_driver_sql(endless.format(10**6))
    limited.close()


def test_who_waits_for_another_writer_is_told_by_whom(either: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_writer, "SAYS_AFTER", 0.05)
    monkeypatch.setattr("data_access.actions.record.PATIENCE", 0.1)
    told: list[str] = []
    tell_waiting(told.append)
    holding, release = threading.Event(), threading.Event()
    other = Database(either.url)

    def hold() -> None:
        with other.program.connect() as connection:
            take_write_lock(connection, 5)
            holding.set()
            release.wait(20)
            connection.rollback()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(20)
    try:
        with pytest.raises(ActionRefused, match="writing right now"):
            set_viewer(either, PM, "a@example.org", "pm")
        with either.program.connect() as connection, pytest.raises(DatabaseFault) as locked:
            take_write_lock(connection, 0.1)
        assert locked.value.fault is Fault.LOCKED
        by = "this server itself" if either.program.dialect.name == "sqlite" else "session "
        assert by in str(locked.value)
        assert by in told[0]
    finally:
        release.set()
        holder.join()
        other.close()
        tell_waiting(lambda _: None)
    assert "pm" in set_viewer(either, PM, "a@example.org", "pm") or told


def test_a_mistake_of_ours_is_no_fault_of_the_database(either: Database) -> None:
    for words in ("SELEKT 1", "INSERT INTO budgets (fiscal_year) VALUES (NULL)", "SELECT nothing FROM events"):
        with pytest.raises(Exception) as raised, either.writing() as connection:  # noqa: PT011
            connection.execute(text(words))
        assert explain(raised.value, either.program) is None
    assert explain(KeyError("x")) is None
    full = explain(OSError(28, "No space left on device", "/srv/x"))
    assert full is not None
    assert (full.fault, "/srv/x" in str(full)) == (Fault.DISK_FULL, True)


def test_a_damaged_read_copy_is_left_aside_whatever_page_is_damaged(tmp_path: Path) -> None:
    built = believable_program(f"sqlite:///{tmp_path / 'uplift.db'}")
    copy = tmp_path / "copy.duckdb"
    write_read_copy(built.database.program, copy)
    content, page, aside = copy.read_bytes(), 4_096, 0
    selection, scope = Selection(as_of=date(2026, 9, 15)), Scope(Role.PM)
    asked = [QUESTIONS[name] for name in ("events_total", "contributors_trend")]
    right = [answer_from(built.database, each, selection, scope).to_csv() for each in asked]
    for number in range(8):
        at = 3 * page + (len(content) - 4 * page) * number // 8
        # A page, or a stretch so long that some of them hold what is asked for.
        much = len(content) // 16 if number % 2 else page
        copy.write_bytes(content[:at] + os.urandom(much) + content[at + much :])
        read = Database(built.database.url, copy)
        assert [answer_from(read, each, selection, scope).to_csv() for each in asked] == right
        aside += bool(read._aside) or not read.reads_from_copy()
        read.close()
    assert aside
    assert issubclass(CopyUnreadable, DatabaseError)


def test_a_copy_of_the_file_alone_is_whole_once_the_database_was_closed(database: Database, tmp_path: Path) -> None:
    reader = Database(database.url)
    with reader.program.connect() as connection:
        connection.execute(text("SELECT count(*) FROM imports")).all()
        set_viewer(database, PM, "a@example.org", "pm")
        database.close()
        alone = tmp_path / "alone.db"
        alone.write_bytes(file_of(database).read_bytes())
    reader.close()
    with closing(sqlite3.connect(alone)) as copied:
        assert copied.execute("SELECT email FROM viewers").fetchall() == [("a@example.org",)]
