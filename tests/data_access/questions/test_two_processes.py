"""Two processes give the same answers: nothing depends on the order of a set, which is another one in each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Role, Scope, Selection
from sample_data.generator import write_program
from tests.data_access.questions.asking import ask, named_for

DAY = date(2026, 9, 15)
ROOT = Path(__file__).parents[3]


@pytest.mark.long
def test_each_question_says_the_same_in_another_process(tmp_path: Path) -> None:
    """To the last digit, which the order of a sum of fractions would change."""
    write_program(tmp_path / "bundle", events=400, contributions=4_000, people=300, seed=7)
    url = f"sqlite:///{tmp_path / 'program.db'}"
    made = Database(url)
    initialise(made.program)
    assert run_import(made, [tmp_path / "bundle"], ImportOptions(releases=False)).committed
    made.close()
    first, second = (answers(url, seed) for seed in ("1", "2"))
    assert len(first) > 150
    assert {name for name in first if first[name] != second[name]} == set()


def answers(url: str, seed: str) -> dict[str, str]:
    """The answers of a process whose sets are ordered by this seed."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.data_access.questions.test_two_processes", url],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, str] = json.loads(asked.stdout)
    return found


def every_answer(url: str) -> dict[str, str]:
    database, scope = Database(url), Scope(Role.PM)
    return {
        name: repr(ask(database, name, Selection(as_of=DAY), scope, **named_for(question)).values.tolist())
        for name, question in QUESTIONS.items()
        if Role.PM in question.roles
    }


if __name__ == "__main__":
    print(json.dumps(every_answer(sys.argv[1])))
