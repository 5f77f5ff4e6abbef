"""Creating and upgrading the program database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, select

from data_access.database.changes import record_change
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database, gather_statistics, let_readers_go_on
from data_access.database.private_files import work_folder
from data_access.database.schema import (
    contributions,
    contributor_levels,
    contributor_records,
    contributor_spells,
    countries,
)
from data_access.derived.levels import refresh_contributors
from data_access.derived.money import refresh_budgets, refresh_money
from data_access.geography.countries import all_countries
from data_access.program import load_program
from data_access.release.project import drop_release_schema, write_release_schema


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def initialise(engine: Engine) -> tuple[str | None, str]:
    """Bring the database to the newest schema, keeping every row; returns (revision before, revision now)."""
    let_readers_go_on(engine)
    with engine.begin() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        if before not in (None, newest_revision()):
            drop_release_schema(connection)  # its views would hold the tables that change
        command.upgrade(_config(connection), "head")
        _seed_countries(connection)
        _derive_what_is_new(connection)
        now = MigrationContext.configure(connection).get_current_revision()
        if before not in (None, now):
            # What an older version has derived may lack columns and tables of this one.
            refresh_money(connection, None)
            refresh_budgets(connection)
            gather_statistics(connection)
            write_release_schema(connection)
    return before, now or ""


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring a database, an empty one too, to this schema, in the connection's transaction."""
    command.upgrade(_config(connection), revision)


@contextmanager
def for_trial(database: Database) -> Iterator[Database]:
    """The database for work that is thrown away, which neither creates nor migrates it.

    Where there is no program yet, an empty one takes its place for as long. Raises DatabaseError for an older schema.
    """
    revision = _revision(database.program)
    if revision is not None:
        if revision != newest_revision():
            raise DatabaseError(
                f"The database has the schema {revision} of an older version, and a dry run changes nothing. "
                "Run `uplift init` first; it keeps every row."
            )
        yield database
        return
    with work_folder("trial") as folder:
        empty = Database(f"sqlite:///{folder}/empty.db")
        initialise(empty.program)
        yield empty
        empty.close()


def has_program(engine: Engine) -> bool:
    """Whether there is a program database, of whatever schema."""
    return _revision(engine) is not None


def _revision(engine: Engine) -> str | None:
    """The schema's revision; None for a database without one, and for an SQLite file that is not there."""
    path = engine.url.database
    if engine.dialect.name == "sqlite" and not (path and Path(path).exists()):
        return None  # opening it would make the file
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _derive_what_is_new(connection: Connection) -> None:
    """Fill derived tables that are younger than the data, once, as a change that makes an older read copy stale."""
    has_data = connection.execute(select(contributions.c.person_key).limit(1)).first() is not None
    enough = contributor_records.c.total >= load_program(connection).active_min
    was_active = connection.execute(select(contributor_records.c.person_key).where(enough).limit(1)).first() is not None
    lacks_levels = connection.execute(select(contributor_levels.c.person_key).limit(1)).first() is None
    lacks_spells = connection.execute(select(contributor_spells.c.person_key).limit(1)).first() is None
    if (has_data and lacks_levels) or (was_active and lacks_spells):
        refresh_contributors(connection, None)
        record_change(connection, "upgrade", "contributor levels")


def newest_revision() -> str:
    """The revision that this version of the program expects."""
    script = ScriptDirectory(str(Path(__file__).parent))
    return script.get_current_head() or ""


def write_revision(engine: Engine, message: str, revision: str) -> None:
    """Write a migration, for developers, from the difference between the schema and an up-to-date database."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, rev_id=revision, autogenerate=True)


def _seed_countries(connection: Connection) -> None:
    """Add countries and territories with their UN M49 region: facts of the product, not of a program."""
    known = set(connection.execute(select(countries.c.country)).scalars())
    rows = [
        {
            "country": country.code,
            "alpha3": country.alpha3,
            "name": country.name,
            "region": country.region,
            "continent": country.continent,
            "population": country.population,
        }
        for country in all_countries()
        if country.code not in known
    ]
    if rows:
        connection.execute(insert(countries), rows)
