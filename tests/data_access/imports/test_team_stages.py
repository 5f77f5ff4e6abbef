"""Bad stage histories and milestones in a bundle: each gets a message that names its place and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.database.engine import Database
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from tests.bundles import write_table

TEAM = {"team_key": "docs", "name": "Docs"}


def imported(database: Database, folder: Path, *stages: tuple[str, str]) -> ImportReport:
    write_table(folder, "teams", TEAM)
    rows = ({"team_key": "docs", "stage": stage, "entered_on": day} for stage, day in stages)
    write_table(folder, "team_stages", *rows)
    return run_import(database, [folder])


def test_stages_out_of_order_are_imported_with_a_hint(either: Database, tmp_path: Path) -> None:
    """A team may fall back; more often a date is wrong."""
    history = (("learning", "2026-03-01"), ("pre_work", "2026-01-01"), ("starting", "2026-05-01"))
    report = imported(either, tmp_path, *history)
    assert report.committed
    assert [(problem.line, problem.problem) for problem in report.problems] == [
        (2, "the team skips a stage: it was in pre_work before"),
        (4, "the team goes back: it was in learning before"),
    ]
    assert not imported(either, tmp_path, *history).problems, "nothing changed, so nothing to say again"


def test_two_stages_on_one_day_are_an_error(database: Database, tmp_path: Path) -> None:
    report = imported(database, tmp_path, ("pre_work", "2026-01-01"), ("starting", "2026-01-01"))
    assert not report.committed
    [problem] = report.errors
    assert problem.line == 3
    assert "the key stands already in team_stages.csv, line 2" in problem.problem


@pytest.mark.parametrize(("milestone", "remedy"), [("roles_claer", "Did you mean roles_clear"), ("?", "Choose from")])
def test_an_unknown_milestone_is_an_error_with_its_remedy(
    database: Database, tmp_path: Path, milestone: str, remedy: str
) -> None:
    write_table(tmp_path, "teams", TEAM)
    write_table(tmp_path, "team_milestones", {"team_key": "docs", "milestone": milestone, "reached_on": "2026-01-01"})
    report = run_import(database, [tmp_path])
    assert not report.committed
    [problem] = report.errors
    assert problem.remedy.startswith(remedy)
