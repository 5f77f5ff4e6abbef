"""Rejected rows on disk: as they came, with their problem, for the account that imports alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from data_access.database.private_files import open_private, private_folder
from data_access.imports.batches import Batch, written_out
from data_access.imports.report import Problems
from data_access.imports.rows import Problem


def write_rejected(
    items: Iterable[Batch | Problem], problems: Problems, folder: Path, struck_out: Callable[[str], str]
) -> None:
    """Write the rejected rows of sources that are read once more, a file for each table, each cell as `struck_out`."""
    written: set[str] = set()
    for item in items:
        if not isinstance(item, Batch):
            continue
        lines = problems.rejected_lines(item.file, item.table)
        if lines.keys() & set(item.lines):
            with open_private(folder / f"{item.table}.csv", "a") as handle:
                rows = [
                    [struck_out(cell) for cell in row] if line in lines else row
                    for row, line in zip(item.rows, item.lines, strict=True)
                ]
                written_out(replace(item, rows=rows), handle, lines, header=item.table not in written)
            written.add(item.table)


def keep_rejected(source: Path, target: Path) -> list[str]:
    """Move the files to where they are kept; returns their paths."""
    kept = []
    for path in sorted(source.iterdir()):
        private_folder(target)
        with open_private(target / path.name) as file:
            file.write(path.read_bytes().decode("utf-8"))
        kept.append(str(target / path.name))
    return kept
