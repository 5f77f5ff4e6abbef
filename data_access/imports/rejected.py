"""Rows that were left out, written as they came with what is wrong: to be mended and imported again."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import IO

from data_access import formulas
from data_access.imports.batches import PROBLEM, Batch, Meter
from data_access.imports.report import Problems
from data_access.imports.sources import Sources


def write_rejected(sources: Sources, problems: Problems, as_of: date, folder: Path) -> None:
    """Read the sources once more and write the rejected rows as they came, a file for each table and its columns."""
    paths: dict[tuple[str, tuple[str, ...]], Path] = {}
    for item in sources.batches(Meter(), as_of):
        if not isinstance(item, Batch):
            continue
        lines = problems.rejected_lines(item.file, item.table)
        if lines.keys() & set(item.lines):
            # Files of one table may have other columns, or the same in another order.
            same = sum(table == item.table for table, _ in paths)
            name = f"{item.table} ({same + 1}).csv" if same else f"{item.table}.csv"
            path = paths.setdefault((item.table, item.columns), folder / name)
            with path.open("a", encoding="utf-8", newline="") as handle:
                _write(item, handle, lines, header=not handle.tell())


def _write(batch: Batch, handle: IO[str], lines: dict[int, str], *, header: bool) -> None:
    """The batch's rows that stand in `lines` (line → problem), with the problem behind them.

    What a spreadsheet would run is guarded by `formulas.cell`; reading the mended file frees it again.
    """
    writer = csv.writer(handle)
    if header:
        writer.writerow([*batch.columns, PROBLEM])
    for row, line in zip(batch.rows, batch.lines, strict=True):
        if line in lines:
            writer.writerow(list(map(formulas.cell, [*row, lines[line]])))


def keep_rejected(source: Path, target: Path) -> list[str]:
    """Copy what was written to where people find it; returns the paths."""
    paths = sorted(source.iterdir())
    if paths:
        target.mkdir(parents=True, exist_ok=True)
    return [str(shutil.copyfile(path, target / path.name)) for path in paths]
