"""Bundles for tests, written as a person would hand them in.

The universe of most tests: program "Uplift" in USD; person ada; team docs; events spoken of as e1, e2, … in 2024.
"""

from __future__ import annotations

import csv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

EVENT = {"event_key": "e1", "title": "Docs sprint", "starts_on": "2024-03-01"}
PROGRAM = {"name": "Uplift", "currency": "USD"}


def write_table(folder: Path, table: str, *rows: dict[str, str]) -> Path:
    """Write rows as `<table>.csv`; the header is every column that some row has."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path = folder / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
