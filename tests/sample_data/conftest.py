"""One default-sized program for the whole folder, read as plain rows of text."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sample_data.generator import write_program

Row = dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """A written bundle: its folder, what the generator said it wrote, and its rows by table."""

    folder: Path
    counts: dict[str, int]
    tables: dict[str, list[Row]]

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]


def read_table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_bundle(folder: Path, **arguments: Any) -> Bundle:
    counts = write_program(folder, **arguments)
    return Bundle(folder, counts, {path.stem: read_table(path) for path in sorted(folder.glob("*.csv"))})


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return make_bundle(tmp_path_factory.mktemp("program"))
