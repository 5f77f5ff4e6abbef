"""Who is long gone is erased: by the latest day in any row about them; off unless the program says for how long."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from data_access.actions import ActionRefused, expire, whose_time_is_over
from data_access.database.engine import Database
from data_access.database.schema import audit, people
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.persons.traces import gone_for
from tests.bundles import write_table
from tests.data_access.persons.program import PM

TODAY = date(2026, 8, 23)
# By key, the rows of which the latest day is the last trace; the period is two years, so it ends with 22 August 2024.
LONG_GONE = {"contributed": "2024-08-22", "joined": "2020-01-01", "left": "2024-08-22", "spoke": "2024-08-22"}
HERE = {
    "contributed-later": "2024-08-23",
    "member-still": "2019-01-01",
    "coordinates": "2019-01-01",
    "spoke-later": "2024-08-23",
    "asked-later": "2024-08-23",
    "no-day-at-all": "",
    "has-a-budget": "2019-01-01",
}


def bundle(folder: Path, **program: str) -> Path:
    write_table(folder, "program", {"name": "Test", "currency": "EUR", **program})
    write_table(folder, "areas", {"area": "docs"})
    joined = {"joined", "no-day-at-all"}
    write_table(
        folder,
        "people",
        *(
            {"person_key": key, "name": f"Name of {key}", "joined_on": day if key in joined else ""}
            for key, day in (LONG_GONE | HERE).items()
        ),
    )
    done = [{"person_key": key, "contributed_on": day, "area": "docs"} for key, day in _some("contributed").items()]
    write_table(folder, "contributions", *done)
    write_table(
        folder,
        "memberships",
        {"membership_key": "m1", "person_key": "left", "started_on": "2019-01-01", "ended_on": "2024-08-22"},
        {"membership_key": "m2", "person_key": "member-still", "started_on": "2019-01-01", "ended_on": ""},
    )
    team = {"team_key": "docs", "name": "Docs", "coordinator_key": "coordinates"}
    write_table(folder, "teams", team | {"coordinator_appointed_on": "2019-01-01"})
    write_table(
        folder,
        "events",
        *(
            {"event_key": key, "title": "Talk", "starts_on": day, "status": "held"}
            for key, day in _some("spoke").items()
        ),
    )
    write_table(
        folder, "participations", *({"event_key": key, "person_key": key, "role": "speaker"} for key in _some("spoke"))
    )
    asked = {"request_key": "r", "person_key": "asked-later", "requested_amount": "1", "currency": "EUR"}
    write_table(folder, "funding_requests", asked | {"requested_on": "2024-08-23"})
    budget = {"fiscal_year": "2026", "amount": "9", "currency": "EUR", "person_key": "has-a-budget"}
    write_table(folder, "budgets", budget)
    return folder


def _some(what: str) -> dict[str, str]:
    return {key: day for key, day in (LONG_GONE | HERE).items() if key.startswith(what)}


def imported(database: Database, folder: Path) -> ImportReport:
    report = run_import(database, [folder], ImportOptions(as_of=TODAY, imported_by="cron", releases=False))
    assert report.committed, report.problems
    return report


def test_nobody_is_erased_unless_the_program_says_for_how_long(either: Database, tmp_path: Path) -> None:
    assert imported(either, bundle(tmp_path)).erased_people == 0
    with either.program.connect() as connection:
        assert gone_for(connection, 2, TODAY) == sorted(LONG_GONE)
        assert gone_for(connection, 7, TODAY) == []
        with pytest.raises(ActionRefused, match="retention_years"):
            whose_time_is_over(connection, TODAY)


def test_an_import_erases_whose_time_is_over_and_the_next_leaves_them_out(either: Database, tmp_path: Path) -> None:
    report = imported(either, bundle(tmp_path, retention_years="2"))
    assert report.erased_people == len(LONG_GONE)
    assert "4 people were erased: their last trace is older than the retention period" in report.in_words()
    with either.program.connect() as connection:
        names = connection.execute(select(people.c.name)).scalars().all()
        entry = connection.execute(select(audit.c.author, audit.c.action, audit.c.after)).one()
    assert sorted(names) == sorted(["Erased person"] * 4 + [f"Name of {key}" for key in HERE])
    assert tuple(entry) == ("cron", "retention", '{"people": 4}')
    again = imported(either, tmp_path)
    assert (again.erased_people, again.total("created"), again.total("changed")) == (0, 0, 0)
    assert again.left_out == 7  # four people, one contribution, membership and participation


def test_a_dry_run_erases_nobody(database: Database, tmp_path: Path) -> None:
    imported(database, bundle(tmp_path))
    bundle(tmp_path, retention_years="2")
    run_import(database, [tmp_path], ImportOptions(as_of=TODAY, dry_run=True))
    with database.program.connect() as connection:
        assert "Name of left" in connection.execute(select(people.c.name)).scalars().all()


def test_the_command_erases_only_who_is_still_gone_when_it_is_confirmed(database: Database, tmp_path: Path) -> None:
    """Between the list and the confirmation somebody came back: an erased key that is not due stays."""
    imported(database, bundle(tmp_path))
    write_table(tmp_path / "more", "program", {"name": "Test", "currency": "EUR", "retention_years": "7"})
    imported(database, tmp_path / "more")
    assert expire(database, PM, ["left", "coordinates"], today=date(2031, 9, 1)).startswith("1 people were erased.")
