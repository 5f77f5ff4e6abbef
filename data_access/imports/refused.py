"""Imports of files that were refused: when, by whom, of which files, with how many errors; nothing out of the files.

Each is noted in a transaction of its own, after the import's was undone, and makes no new data version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from data_access.database.connecting import busy_timeout
from data_access.database.engine import Database
from data_access.database.private_files import account
from data_access.database.schema import refused_imports
from data_access.happenings import happened
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused

KEPT = 100
# Whoever was refused because somebody else writes does not wait for them once more.
PATIENCE = 2.0


def import_files(database: Database, paths: Sequence[Path], options: ImportOptions) -> ImportReport:
    """Import files as `run_import` does, and note it where they were refused; a dry run notes nothing."""
    if options.dry_run:
        return run_import(database, paths, options)
    with noting_refusals(database, paths, options.imported_by):
        report = run_import(database, paths, options)
    if not report.committed:
        note_refused(database, paths, options.imported_by, len(report.errors))
    return report


@contextmanager
def noting_refusals(database: Database, paths: Sequence[Path], by: str = "") -> Iterator[None]:
    """Whatever refuses the files as a whole inside the block is noted, and goes on up."""
    try:
        yield
    except ImportRefused:
        note_refused(database, paths, by, 0)
        raise


def note_refused(database: Database, paths: Sequence[Path], by: str, errors: int) -> None:
    """Note it beside the newest ones; where that cannot be written, the log says so and nothing else changes."""
    row = {
        "refused_at": datetime.now(UTC).replace(tzinfo=None),
        "imported_by": (by or account())[:200],
        "source": ", ".join(path.name or str(path) for path in paths),
        "errors": errors,
    }
    own = refused_imports.c.refused_id
    older = select(own).order_by(own.desc()).offset(KEPT).limit(1).scalar_subquery()
    try:
        with database.program.connect() as connection:
            is_file = connection.dialect.name == "sqlite"
            with busy_timeout(connection, PATIENCE) if is_file else nullcontext():
                connection.execute(insert(refused_imports).values(row))
                connection.execute(delete(refused_imports).where(own <= older))
                connection.commit()
    except SQLAlchemyError as cause:
        happened("refused_import_not_noted", kind=type(cause).__name__)
