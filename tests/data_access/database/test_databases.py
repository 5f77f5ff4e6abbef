"""Creating, upgrading and opening databases, and the read copy next to them."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from data_access.contract.tables import TABLES
from data_access.database import schema
from data_access.database.connecting import DatabaseError, make_engine
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.imports.pipeline import run_import
from data_access.migrations import migrate
from tests.bundles import EVENT, PROGRAM, write_table

pytestmark = pytest.mark.slow


def events(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(schema.events)).scalar_one()


def test_migrations_make_exactly_the_schema(postgresql: Database) -> None:
    """A database made by migrations differs in nothing from what the code expects."""
    with postgresql.program.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_sqlite_has_every_table_and_index(database: Database) -> None:
    """SQLite does not reflect expression indexes, so its catalogue is read."""
    with database.program.connect() as connection:
        found = set(
            connection.execute(text("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")).scalars()
        )
    expected = {index.name for table in schema.metadata.tables.values() for index in table.indexes}
    assert expected | set(schema.metadata.tables) <= found


def test_upgrading_an_old_database_keeps_its_rows(either: Database, tmp_path: Path) -> None:
    """Rows written at the first revision are all there at the newest, in every table of the contract."""
    engine = either.program
    with engine.begin() as connection:
        command.downgrade(migrate._config(connection), "base")
        command.upgrade(migrate._config(connection), "0001")
        for statement in (
            "INSERT INTO program (program_id, name, currency) VALUES (1, 'Old', 'USD')",
            "INSERT INTO people (person_key, name) VALUES ('ada', 'Ada')",
            "INSERT INTO areas (area) VALUES ('docs')",
            "INSERT INTO events (event_key, title, starts_on) VALUES ('e1', 'Old event', '2020-01-01')",
            "INSERT INTO contributions (person_key, contributed_on, area) VALUES ('ada', '2020-01-01', 'docs')",
            "INSERT INTO budgets (fiscal_year, amount, currency) VALUES (2020, 15000000, 'USD')",
        ):
            connection.execute(text(statement))
    before, now = migrate.initialise(engine)
    assert (before, now) == ("0001", migrate.newest_revision())
    with engine.connect() as connection:
        counted = {
            name: connection.execute(select(func.count()).select_from(schema.metadata.tables[name])).scalar_one()
            for name in TABLES
        }
        amount = connection.execute(select(schema.budgets.c.amount)).scalar_one()
    assert {name for name, number in counted.items() if number} == {
        "program",
        "people",
        "areas",
        "events",
        "contributions",
        "budgets",
    }
    assert amount == 1500
    about = {"person_key": "ada", "requested_amount": 1, "currency": "USD", "requested_on": date(2026, 1, 1)}
    for category in ("swag", "training"):  # younger than the first revision, and checked by the database
        with engine.begin() as connection:
            connection.execute(insert(schema.funding_requests).values(request_key=category, category=category, **about))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(schema.funding_requests).values(request_key="x", category="gifts", **about))


def test_initialising_twice_changes_nothing(either: Database) -> None:
    """`uplift init` on an up-to-date database is harmless."""
    with either.program.connect() as connection:
        countries = connection.execute(select(func.count()).select_from(schema.countries)).scalar_one()
    assert countries >= 245
    assert migrate.initialise(either.program)[0] == migrate.newest_revision()


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("events", "event_key, title, starts_on, status) VALUES ('e', 't', '2024-01-01', 'done'"),
        ("events", "event_key, title, starts_on, ends_on) VALUES ('e', 't', '2024-01-02', '2024-01-01'"),
        ("events", "event_key, title, starts_on, latitude) VALUES ('e', 't', '2024-01-01', 91"),
        ("events", "event_key, title, starts_on, team_key) VALUES ('e', 't', '2024-01-01', 'nobody'"),
        ("budgets", "fiscal_year, amount, currency) VALUES (2024, -1, 'USD'"),
        ("program", "program_id, name, currency) VALUES (2, 'Second', 'USD'"),
    ],
)
def test_the_database_itself_refuses_what_the_contract_forbids(either: Database, table: str, values: str) -> None:
    """Keys, references and checks hold even for what does not come through an import."""
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), either.writing() as connection:
        connection.execute(text(f"INSERT INTO {table} ({values})"))  # the test's own text


@pytest.mark.parametrize("url", ["mysql://x/y", "not a url", "duckdb:///x.duckdb"])
def test_an_address_of_another_kind_is_refused_with_an_example(url: str) -> None:
    """The message shows an address that works."""
    with pytest.raises(DatabaseError, match=r"sqlite:///uplift\.db"):
        make_engine(url)


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    """`uplift init` is named; nothing is created by asking."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(DatabaseError, match="uplift init"):
        database.version()
    assert not list(tmp_path.iterdir())
    database.close()


@pytest.fixture
def copied(database: Database, tmp_path: Path) -> Database:
    write_table(tmp_path / "bundle", "program", PROGRAM)
    write_table(tmp_path / "bundle", "events", EVENT | {"topics": "a;b"})
    run_import(database, [tmp_path / "bundle"])
    copy = tmp_path / "copy.duckdb"
    write_read_copy(database.program, copy)
    return Database(database.url, copy)


def test_the_read_copy_answers_while_it_is_fresh_and_steps_back_when_it_is_not(
    copied: Database, tmp_path: Path
) -> None:
    """After another import the old copy is passed over; a new one is picked up without a restart."""
    assert (copied.reads_from_copy(), events(copied)) == (True, 1)
    write_table(tmp_path / "more", "events", EVENT | {"event_key": "e2"})
    run_import(Database(copied.url), [tmp_path / "more"])
    assert (copied.reads_from_copy(), events(copied)) == (False, 2)
    assert copied.read_copy
    write_read_copy(copied.program, copied.read_copy)
    assert (copied.reads_from_copy(), events(copied)) == (True, 2)
    copied.close()


def test_the_read_copy_can_be_swapped_while_somebody_reads(copied: Database) -> None:
    """An open reader keeps its file; the next one gets the new file."""
    assert copied.read_copy
    with copied.reading() as connection:
        write_read_copy(copied.program, copied.read_copy)
        assert connection.execute(select(func.count()).select_from(schema.event_topics)).scalar_one() == 2
    assert copied.reads_from_copy()
    copied.close()


def test_an_import_rewrites_the_read_copy(copied: Database, tmp_path: Path) -> None:
    """Whoever imports, by command or on the Data page, leaves a fresh copy."""
    write_table(tmp_path / "more", "events", EVENT | {"event_key": "e2"})
    run_import(copied, [tmp_path / "more"])
    assert (copied.reads_from_copy(), events(copied)) == (True, 2)
    copied.close()


def test_an_import_stands_when_the_read_copy_cannot_be_written(database: Database, tmp_path: Path) -> None:
    """The failure is a hint that names the way out."""
    write_table(tmp_path / "bundle", "events", EVENT)
    other = Database(database.url, tmp_path / "no such folder" / "copy.duckdb")
    report = run_import(other, [tmp_path / "bundle"])
    assert report.committed
    assert [problem.remedy for problem in report.hints if "read copy" in problem.problem]
    assert events(other) == 1
    other.close()


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_missing_or_damaged_read_copy_is_passed_over(copied: Database, content: bytes | None) -> None:
    """The program database answers instead."""
    assert copied.read_copy
    copied.read_copy.unlink()
    if content is not None:
        copied.read_copy.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (copied.reads_from_copy(), events(copied)) == (False, 1)
    copied.close()


def test_a_failed_copy_leaves_the_old_one(copied: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks on the way is the unfinished file, which is removed."""
    assert copied.read_copy
    full = "data_access.database.unfinished_copy.copy_table"
    monkeypatch.setattr(full, lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_read_copy(copied.program, copied.read_copy)
    assert copied.reads_from_copy()
    assert [path.name for path in copied.read_copy.parent.glob("*.duckdb*")] == [copied.read_copy.name]
    copied.close()


def test_a_large_import_leaves_statistics_behind(either: Database, tmp_path: Path) -> None:
    """Without them, joins of large tables are planned row by row: half a minute instead of half a second."""
    write_table(tmp_path, "events", *(EVENT | {"event_key": f"e{number}"} for number in range(1_000)))
    run_import(either, [tmp_path])
    statistics = {
        "sqlite": "SELECT stat FROM sqlite_stat1 WHERE tbl = 'events' LIMIT 1",
        "postgresql": "SELECT reltuples::int FROM pg_class WHERE oid = 'public.events'::regclass",
    }
    with either.program.connect() as connection:
        found = connection.execute(text(statistics[either.program.dialect.name])).scalar_one()
    assert str(found).split()[0] == "1000"
