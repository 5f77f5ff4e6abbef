"""Rows that were left out, written as they came with what is wrong: to be mended and imported again.

They are for the account that imports alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from data_access import formulas
from data_access.database.private_files import open_private, private_folder
from data_access.imports.batches import PROBLEM, Batch
from data_access.imports.report import Problems
from data_access.imports.rows import Problem


def write_rejected(
    items: Iterable[Batch | Problem], problems: Problems, folder: Path, struck_out: Callable[[str], str]
) -> None:
    """Write the rejected rows of sources that are read once more, a file for each table and its columns.

    Each cell is written as `struck_out` leaves it.
    """
    paths: dict[tuple[str, tuple[str, ...]], Path] = {}
    for item in items:
        if not isinstance(item, Batch):
            continue
        lines = problems.rejected_lines(item.file, item.table)
        if lines.keys() & set(item.lines):
            # Files of one table may have other columns, or the same in another order.
            same = sum(table == item.table for table, _ in paths)
            name = f"{item.table} ({same + 1}).csv" if same else f"{item.table}.csv"
            path = paths.setdefault((item.table, item.columns), folder / name)
            with open_private(path, "a") as handle:
                _write(item, handle, lines, struck_out, header=not handle.tell())


def _write(
    batch: Batch, handle: IO[str], lines: dict[int, str], struck_out: Callable[[str], str], *, header: bool
) -> None:
    """The batch's rows that stand in `lines` (line → problem), with the problem behind them.

    What a spreadsheet would run is guarded by `formulas.cell`; reading the mended file frees it again.
    """
    writer = csv.writer(handle)
    if header:
        writer.writerow([*batch.columns, PROBLEM])
    for row, line in zip(batch.rows, batch.lines, strict=True):
        if line in lines:
            writer.writerow([formulas.cell(struck_out(cell)) for cell in (*row, lines[line])])


def keep_rejected(source: Path, target: Path) -> list[str]:
    """Copy what was written to where people find it; returns the paths."""
    kept = []
    for path in sorted(source.iterdir()):
        private_folder(target)
        with open_private(target / path.name) as file:
            file.write(path.read_bytes().decode("utf-8"))
        kept.append(str(target / path.name))
    return kept
