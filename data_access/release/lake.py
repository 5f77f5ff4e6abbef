"""Writing both parts of a lake: the program, and the release, which alone answers whoever is outside."""

from __future__ import annotations

from pathlib import Path

from data_access.database.engine import Database, NoReleaseError, snapshot
from data_access.database.lake.manifest import RELEASE, Snapshot
from data_access.database.lake.writing import Progress, only_writer, unfinished_folder, write_program, write_snapshot
from data_access.database.read_copy import write_copy
from data_access.release.facts import fact_tables
from data_access.release.project import tables_of_answers


def write_lake(database: Database, lake: Path, progress: Progress | None = None) -> Snapshot:
    """Write what the program and its release are now into the lake's folder; returns the program's snapshot.

    Each becomes the current one when it is whole. Raises OSError or duckdb.Error when one cannot be written.
    """
    written = write_program(database, lake, progress)
    tables = [*fact_tables(), *tables_of_answers().values()]
    with only_writer(lake, RELEASE) as folder, unfinished_folder(folder) as beside:
        try:
            with database.outside_here() as connection:
                snapshot(connection)
                write_copy(connection, tables, beside / "copy.duckdb", progress)
        except NoReleaseError:
            return written
        write_snapshot(beside / "copy.duckdb", tables, folder, progress)
    return written
