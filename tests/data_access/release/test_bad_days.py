"""Releases on bad days: killed half-way, a full disk, a clock set back, late data, few people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.schema import contributions, released_counts, releases
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.questions.contributors.activity import SpanContributors
from data_access.release.project import have_release
from data_access.selection import Selection
from tests.bundles import write_table
from tests.releasing import ask_outside

IN_AUGUST, IN_OCTOBER = date(2026, 8, 23), date(2026, 10, 5)


def bundle(folder: Path, people: int = 12, day: str = "2026-05-05") -> Path:
    """People who contributed on a day."""
    write_table(folder, "program", {"name": "P", "currency": "EUR"})
    write_table(folder, "areas", {"area": "docs"})
    write_table(folder, "people", *({"person_key": f"p{number}"} for number in range(people)))
    done = ({"person_key": f"p{number}", "contributed_on": day, "area": "docs"} for number in range(people))
    write_table(folder, "contributions", *done)
    return folder


def new_contributors(database: Database) -> list[int | None]:
    """New contributors by quarter, as everybody outside reads them."""
    trend = ask_outside(database, "contributors_trend", Selection(as_of=IN_OCTOBER))
    return [row.new for row in rows(SpanContributors, trend)]


def numbers(database: Database) -> tuple[int, int]:
    """How many releases there were, and how many counts they told."""
    with database.program.connect() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in (releases, released_counts)
        )  # type: ignore[return-value]


class Killed(BaseException):
    """What a kill in the middle of a release looks like to the import."""


@pytest.mark.parametrize("step", ["Releasing", "Protecting", "Writing contributors trend"])
def test_a_release_that_is_killed_leaves_everything_as_it_was(database: Database, tmp_path: Path, step: str) -> None:
    assert run_import(database, [bundle(tmp_path / "first")], ImportOptions(as_of=IN_AUGUST)).committed
    before, told = numbers(database), new_contributors(database)

    def kill(what: str, done: int, total: int | None) -> None:
        if what.startswith(step):
            raise Killed

    later = bundle(tmp_path / "later", 30, "2026-08-05")
    with pytest.raises(Killed):
        run_import(database, [later], ImportOptions(as_of=IN_OCTOBER, progress=kill))
    assert numbers(database) == before
    assert new_contributors(database) == told == [12]
    with database.program.connect() as connection:
        assert connection.execute(select(func.count()).select_from(contributions)).scalar_one() == 12
    run_import(database, [later], ImportOptions(as_of=IN_OCTOBER))
    assert new_contributors(database) == [12, 17]


def test_a_program_that_comes_in_parts_is_released_when_it_is_whole(database: Database, tmp_path: Path) -> None:
    """Until then nothing is told: what a release of a part said would stay told."""
    part = ImportOptions(as_of=IN_AUGUST, releases=False)
    assert run_import(database, [bundle(tmp_path / "part")], part).committed
    assert numbers(database) == (0, 0)
    assert new_contributors(database) == []
    assert run_import(database, [bundle(tmp_path / "rest", 30)], ImportOptions(as_of=IN_AUGUST)).committed
    assert numbers(database)[0] == 1
    assert new_contributors(database) == [32], "30 to 34"


def test_where_the_file_cannot_be_written_the_older_one_is_shown(database: Database, tmp_path: Path) -> None:
    """A disk that is full, or a folder where the unfinished file would lie: the import is done, and says so."""
    assert run_import(database, [bundle(tmp_path / "first")], ImportOptions(as_of=IN_AUGUST)).committed
    path = database.release_file
    assert path is not None
    path.rename(path.with_suffix(".kept"))
    path.mkdir()
    (path / "in the way").touch()
    report = run_import(database, [bundle(tmp_path / "later", 30, "2026-08-05")], ImportOptions(as_of=IN_OCTOBER))
    assert report.committed
    assert any("the release could not be written" in problem.problem for problem in report.problems)
    (path / "in the way").unlink()
    path.rmdir()
    path.with_suffix(".kept").rename(path)
    assert new_contributors(database) == [12]


def test_a_quarter_is_released_once(either: Database, tmp_path: Path) -> None:
    """By the first import after it; not again by the next, nor when the clock is set back."""
    for day, expected in ((IN_AUGUST, 1), (IN_AUGUST, 1), (IN_OCTOBER, 2), (IN_AUGUST, 2), (date(2026, 2, 1), 2)):
        run_import(either, [bundle(tmp_path / "bundle")], ImportOptions(as_of=day))
        assert numbers(either)[0] == expected


def test_after_an_update_that_released_more_the_release_is_written_again(database: Database, tmp_path: Path) -> None:
    """The file of a program that did not know a question yet: the next start gives it the table and its answer."""
    run_import(database, [bundle(tmp_path / "bundle")], ImportOptions(as_of=IN_OCTOBER))
    told = new_contributors(database)
    assert database.release_file
    older = create_engine(f"sqlite:///{database.release_file}")
    with older.begin() as connection:
        connection.execute(text("DROP TABLE released_contributors_trend"))
    older.dispose()
    have_release(Database(database.url))
    assert new_contributors(Database(database.url)) == told


def test_late_data_of_a_released_quarter_move_nothing(either: Database, tmp_path: Path) -> None:
    run_import(either, [bundle(tmp_path / "first")], ImportOptions(as_of=IN_AUGUST))
    told = new_contributors(either)
    run_import(either, [bundle(tmp_path / "late", 40)], ImportOptions(as_of=IN_AUGUST))
    assert new_contributors(either) == told == [12]
    run_import(either, [bundle(tmp_path / "late", 40)], ImportOptions(as_of=IN_OCTOBER))
    assert new_contributors(either)[0] == 12


def test_of_a_program_of_few_people_nothing_about_them_is_told(either: Database, tmp_path: Path) -> None:
    """Facts are released; the import of the same quarter that brings enough people makes the release anew."""
    run_import(either, [bundle(tmp_path / "few", 4)], ImportOptions(as_of=IN_AUGUST))
    assert numbers(either) == (1, 0)
    assert new_contributors(either) == []
    with either.outside() as connection:
        assert connection.execute(text("SELECT name FROM program")).scalar() == "P"
    run_import(either, [bundle(tmp_path / "more", 5)], ImportOptions(as_of=IN_AUGUST))
    assert numbers(either)[0] == 1
    assert new_contributors(either) == [7]
