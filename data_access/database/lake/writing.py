"""Writing a snapshot: a columnar copy, exported to Parquet; files that did not change are referred to."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
from sqlalchemy import Table

from data_access.database.columnar import open_copy
from data_access.database.engine import Database, data_version
from data_access.database.lake.manifest import PROGRAM, Snapshot, TableFiles, columns_of, shape_of
from data_access.database.private_files import sweep
from data_access.database.read_copy import copied_tables, write_read_copy

Progress = Callable[[str, int, int | None], None]
# For the account that writes and the group that the folder is of, as which the engine may run; for nobody else.
FILE, FOLDER = 0o640, 0o750
WAITS_SECONDS = 30.0
MEMORY_MB = 2048
_UNFINISHED = ".unfinished-"
# Each year of these is a file of its own: an import changes few of them.
_BY_YEAR = {
    "contributions": ("contributions AS each", "extract(year FROM each.contributed_on)"),
    "participations": (
        "participations AS each LEFT JOIN events ON events.event_key = each.event_key",
        "extract(year FROM events.starts_on)",
    ),
}


class LakeIsBusy(OSError):
    """Another process is writing to the lake; the message says so."""


def write_program(database: Database, lake: Path, progress: Progress | None = None) -> Snapshot:
    """Write the program as it is now into the lake's folder and make it the current snapshot.

    Readers keep the snapshot before it until this one is whole. Raises OSError or duckdb.Error when it cannot be
    written: then the old one stays.
    """
    with only_writer(lake, PROGRAM) as folder:
        if database.read_copy is not None and database.reads_from_copy():
            return write_snapshot(database.read_copy, copied_tables(), folder, progress)
        with unfinished_folder(folder) as beside:
            write_read_copy(database.program, beside / "copy.duckdb", progress)
            return write_snapshot(beside / "copy.duckdb", copied_tables(), folder, progress)


@contextmanager
def only_writer(lake: Path, name: str) -> Iterator[Path]:
    """The folder of that name in the lake, for one process at a time. Raises LakeIsBusy when another does not end."""
    folder = lake / name
    for made in (lake, folder):
        made.mkdir(mode=FOLDER, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        until = time.monotonic() + WAITS_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as cause:
                if time.monotonic() > until:
                    raise LakeIsBusy(f"another process is writing to {folder}") from cause
                time.sleep(0.1)
        # Whoever was killed while writing has left its folder; nobody else writes now.
        sweep(folder, _UNFINISHED, timedelta(0))
        yield folder


@contextmanager
def unfinished_folder(folder: Path) -> Iterator[Path]:
    """A folder that nobody else can enter, on the same disk as the snapshot."""
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as made:
        yield Path(made)


def write_snapshot(copy: Path, tables: Sequence[Table], folder: Path, progress: Progress | None = None) -> Snapshot:
    """Export these tables of a columnar copy; to be called by the one writer of the folder."""
    engine = open_copy(copy)
    with engine.connect() as connection:
        version = data_version(connection)
    engine.dispose()
    parts: dict[str, TableFiles] = {}
    with unfinished_folder(folder) as beside, duckdb.connect(":memory:") as source:
        source.execute("SET enable_progress_bar = false")
        source.execute(f"SET memory_limit = '{MEMORY_MB}MB'")
        source.execute(f"SET temp_directory = '{_quoted(beside)}'")
        source.execute(f"ATTACH '{_quoted(copy)}' AS copied (READ_ONLY)")
        source.execute("USE copied")
        for number, table in enumerate(tables):
            if progress:
                progress(f"Writing {table.name} to the lake", number, len(tables))
            parts[table.name] = _export(source, table, folder, beside)
        snapshot = Snapshot(version, shape_of(tables), parts)
        snapshot.write(folder)
    _forget_others(folder, snapshot.files)
    return snapshot


def _export(source: duckdb.DuckDBPyConnection, table: Table, folder: Path, beside: Path) -> TableFiles:
    rows, year = _BY_YEAR.get(table.name, (f'"{table.name}" AS each', "NULL"))
    names = ", ".join(f'each."{column.name}"' for column in table.columns)
    each = f"SELECT CAST({year} AS INTEGER) AS year, hash({names}) AS mark FROM {rows}"  # noqa: S608  # our own names
    # The order of rows does not matter: a database may hand the same rows over in another.
    marks = "year, count(*), sum(mark)::VARCHAR, bit_xor(mark)::VARCHAR"
    by_year = f"SELECT {marks} FROM ({each}) GROUP BY year ORDER BY year"  # noqa: S608
    found = source.execute(by_year).fetchall() or [(None, 0, "", "")]
    columns, files, total = columns_of(table), [], 0
    for value, count, *mark in found:
        content = hashlib.sha256("\n".join([columns, str(count), *mark]).encode()).hexdigest()[:24]
        file = f"{table.name}/{'all' if value is None else value}-{content}.parquet"
        if not (folder / file).exists():
            those = "" if table.name not in _BY_YEAR else f" WHERE {year} IS NOT DISTINCT FROM {value or 'NULL'}"
            _write_file(source, f"SELECT {names} FROM {rows}{those}", beside / "rows.parquet", folder / file)  # noqa: S608
        files.append(file)
        total += count
    return TableFiles(columns, tuple(files), total)


def _write_file(source: duckdb.DuckDBPyConnection, rows: str, unfinished: Path, path: Path) -> None:
    source.execute(f"COPY ({rows}) TO '{_quoted(unfinished)}' (FORMAT parquet, COMPRESSION zstd)")
    unfinished.chmod(FILE)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    path.parent.mkdir(mode=FOLDER, exist_ok=True)
    unfinished.replace(path)


def _forget_others(folder: Path, files: set[str]) -> None:
    """Nothing that was erased stays behind; a query that still reads it fails, and is answered from elsewhere."""
    for path in folder.glob("*/*.parquet"):
        if str(path.relative_to(folder)) not in files:
            path.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
