"""Uploaded files: kept under safe names in a temporary folder for as long as an import reads them, then deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from data_access.database.engine import Database
from data_access.database.private_files import work_folder
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused

if TYPE_CHECKING:
    from data_access.imports.mapping.known import Known
    from data_access.imports.mapping.mapping import SheetMapping
    from data_access.imports.unmapped import Unmapped

ENDINGS = ("csv", "tsv", "txt", "zip", "xlsx", "ics", "json", "gz")
Progress = Callable[[str, int, int | None], None]


class Uploaded(Protocol):
    """What Streamlit's uploader gives us of a file."""

    name: str
    size: int

    def getbuffer(self) -> memoryview: ...


@contextmanager
def kept(files: Sequence[Uploaded], most_bytes: int) -> Iterator[list[Path]]:
    """The files on disk under safe names, for the length of the block. Raises ImportRefused for what is not welcome."""
    with work_folder("upload") as folder:
        paths: list[Path] = []
        for file in files:
            name = safe_name(file.name)
            if not name.lower().endswith(tuple(f".{ending}" for ending in ENDINGS)):
                raise ImportRefused(f"{name} is not of a kind Uplift reads. It reads: {', '.join(ENDINGS)}.")
            if file.size > most_bytes:
                raise ImportRefused(
                    f"{name} is larger than {most_bytes // 1_000_000:,} MB. Import it with `uplift import` on the "
                    "server, or raise UPLIFT_MAX_UPLOAD_MB."
                )
            path = folder / name
            if path in paths:
                raise ImportRefused(f"Two of the files are called {name}. Give each its own name.")
            path.write_bytes(file.getbuffer())
            paths.append(path)
        yield paths


def safe_name(name: str) -> str:
    """The last part of the name with only harmless characters: a file name, never a path."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.\- ()]", "_", last).lstrip(". ")[-120:] or "file"


def unmapped_tables(database: Database, files: Sequence[Uploaded], most_bytes: int) -> tuple[list[Unmapped], Known]:
    """The tables in the files that nobody has said how to read, each with a guess; and what the program has."""
    from data_access.imports.mapping.known import Known, load_known
    from data_access.imports.mapping.remembered import load_readings
    from data_access.imports.mapping.sheets import SheetMappings
    from data_access.imports.unmapped import unmapped
    from data_access.program import load_program

    with kept(files, most_bytes) as paths, database.program.connect() as connection:
        currency = load_program(connection).currency or ""
        found = unmapped(paths, SheetMappings(load_readings(connection)), currency)
        return found, load_known(connection) if found else Known(currency=currency)


def import_files(
    database: Database,
    files: Sequence[Uploaded],
    *,
    dry_run: bool,
    skip_bad_rows: bool,
    overwrite_recorded: bool = False,
    mend_text: bool = False,
    over_sample: bool = False,
    readings: Sequence[SheetMapping] = (),
    by: str,
    most_bytes: int,
    progress: Progress | None = None,
) -> ImportReport:
    """Check or import the uploaded files. Rejected rows are in the report; nothing stays on disk."""
    # Imported here: the readers of every format would make each viewer's first page wait, and only this needs them.
    from data_access.imports.options import ImportOptions
    from data_access.imports.refused import import_files as take_in

    with kept(files, most_bytes) as paths, work_folder("rejected") as rejected:
        options = ImportOptions(
            dry_run=dry_run,
            skip_bad_rows=skip_bad_rows,
            overwrite_recorded=overwrite_recorded,
            mend_text=mend_text,
            over_sample=over_sample,
            readings=readings,
            imported_by=by,
            rejected_dir=Path(rejected),
            progress=progress,
        )
        return take_in(database, paths, options)
