"""Every question answers of a merged person, from the read copy, as of one from the beginning."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from data_access import actions
from data_access.actions import Author
from data_access.contract.tables import TABLES
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.persons.belonging import CONTRACT_KEYS
from data_access.selection import Role, Scope, Selection
from sample_data.generator import write_program
from tests.bundles import write_table
from tests.data_access.questions.test_engines import answers

TODAY = date(2026, 9, 15)
PM = Author("pm", Scope(Role.PM))
# What tells of imports and of what was recorded.
RECORD = {"imports_total", "personal_reads", "page_needs"}


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def disguise(folder: Path, disguised: Path) -> dict[str, str]:
    """Write the program with a part of the rows of those who do most under a second key; returns whose that is."""
    dice = random.Random(3)  # noqa: S311
    most = Counter(row["person_key"] for row in read(folder, "contributions"))
    members = {row["person_key"] for row in read(folder, "memberships")}
    second = {key: f"@{key.upper()}" for key in [*members, *(key for key, _ in most.most_common(12))][:20]}
    for name in TABLES:
        if not (folder / f"{name}.csv").exists():
            continue
        rows = read(folder, name)
        if name in CONTRACT_KEYS and name not in ("people", "person_attributes"):
            for row in rows:
                for column in CONTRACT_KEYS[name]:
                    if row.get(column) in second and dice.random() < 0.5:
                        row[column] = second[row[column]]
        if name == "people":
            rows += [{"person_key": alias} for alias in second.values()]
        write_table(disguised, name, *rows)
    return second


@pytest.mark.slow
def test_every_question_answers_as_of_one_person(database: Database, tmp_path: Path) -> None:
    write_program(tmp_path / "one", events=120, contributions=900, people=100, seed=7)
    second = disguise(tmp_path / "one", tmp_path / "two")
    one = Database(f"sqlite:///{tmp_path / 'one.db'}")
    initialise(one.program)
    for program, folder in ((one, "one"), (database, "two")):
        report = run_import(program, [tmp_path / folder], ImportOptions(as_of=TODAY))
        assert report.committed, report.in_words()
    for key, alias in second.items():
        actions.merge_people(database, PM, alias, key)
    write_read_copy(database.program, tmp_path / "copy.duckdb")
    merged = Database(database.url, tmp_path / "copy.duckdb")
    assert merged.reads_from_copy()
    found, expected = (answers(each, Selection(as_of=TODAY), PM.scope) for each in (merged, one))
    assert {name: found[name] for name in found if name not in RECORD} == {
        name: expected[name] for name in expected if name not in RECORD
    }
    for program in (one, merged):
        program.close()
