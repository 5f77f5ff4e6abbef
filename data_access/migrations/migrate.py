"""Creating and upgrading the program database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, select

from data_access.database.changes import record_change
from data_access.database.schema import contributions, contributor_levels, countries
from data_access.derived.levels import refresh_contributors
from data_access.derived.money import refresh_budgets, refresh_money
from data_access.geography.countries import all_countries


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def initialise(engine: Engine) -> tuple[str | None, str]:
    """Bring the database to the newest schema, keeping every row; returns (revision before, revision now)."""
    with engine.begin() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), "head")
        _seed_countries(connection)
        _derive_what_is_new(connection)
        now = MigrationContext.configure(connection).get_current_revision()
        if before not in (None, now):
            # What an older version has derived may lack columns and tables of this one.
            refresh_money(connection, None)
            refresh_budgets(connection)
    return before, now or ""


def _derive_what_is_new(connection: Connection) -> None:
    """Fill derived tables that are younger than the data, once, as a change that makes an older read copy stale."""
    has_data = connection.execute(select(contributions.c.person_key).limit(1)).first() is not None
    if has_data and connection.execute(select(contributor_levels.c.person_key).limit(1)).first() is None:
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
