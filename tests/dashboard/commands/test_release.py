"""`uplift release`: what is due is made once; what is said of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboard.cli import main
from dashboard.commands.release import listed, release
from data_access.database.engine import Database
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.bundles import EVENT, write_table

pytestmark = pytest.mark.slow


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    made.add_event(starts_on=date(2026, 5, 1))
    for _ in range(5):
        made.add_person()
    made.add_import()
    return made


def held(database: Database) -> int:
    """The events that somebody outside counts."""
    with database.outside() as connection:
        everything = Selection(as_of=date(2027, 1, 1))
        return int(QUESTIONS["events_total"].ask(connection, everything, Scope(Role.PUBLIC))["events"].iloc[0])


def test_a_release_is_made_when_it_is_due_and_else_the_newest_is_named(built: ProgramBuilder) -> None:
    """On 15 September that of the second quarter; on 1 October the next; between them facts are brought up to date."""
    assert release(built.database, date(2026, 9, 15)) == [
        "The release for the second quarter of 2026 is made: everybody outside is answered from it.",
        "The next is due on 1 October 2026: the first import from then on makes it, or this command.",
    ]
    assert held(built.database) == 1
    built.add_event(starts_on=date(2026, 8, 1))
    assert release(built.database, date(2026, 9, 30))[0] == (
        "None is due. The newest is the release for the second quarter of 2026; its database was written anew."
    )
    assert held(built.database) == 2
    assert "for the third quarter of 2026 is made" in release(built.database, date(2026, 10, 1))[0]
    quarters = [line.partition(":")[0] for line in listed(built.database)]
    assert quarters == [
        "Release 2, for the third quarter of 2026",
        "Release 1, for the second quarter of 2026",
    ]


def test_a_program_that_comes_in_parts_is_released_by_command(tmp_path: Path) -> None:
    """Its events are seen outside meanwhile, as between two releases."""
    people = [{"person_key": f"p{number}"} for number in range(12)]
    path = write_table(tmp_path / "part", "people", *people).parent
    write_table(path, "events", EVENT)
    database = Database(f"sqlite:///{tmp_path / 'p.db'}")
    assert main(["import", str(path), "--no-release", "--as-of", "2026-08-23", "--database", database.url]) == 0
    assert not [line for line in listed(database) if line.startswith("Release")]
    assert held(database) == 1
    assert "is made" in release(database, date(2026, 8, 23))[0]
    assert [line for line in listed(database) if line.startswith("Release 1, ")]
    database.close()


def test_a_written_release_that_was_lost_comes_back(built: ProgramBuilder) -> None:
    release(built.database, date(2026, 9, 15))
    path = built.database.release_file
    assert path is not None
    path.unlink()
    release(built.database, date(2026, 9, 15))
    assert held(built.database) == 1


def test_starting_over_tells_what_is_known_now(built: ProgramBuilder) -> None:
    """A first import lacked most people: only on demand is a release made anew, and it is the first again."""
    release(built.database, date(2026, 9, 15))
    assert "None is due" in release(built.database, date(2026, 9, 15))[0]
    assert "is made" in release(built.database, date(2026, 9, 15), start_over=True)[0]
    assert [line.partition(",")[0] for line in listed(built.database)] == ["Release 1"]


def test_the_command_lists_and_refuses_in_a_sentence(
    built: ProgramBuilder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty program makes no release: it would stand in the way of the first import's."""
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    initialise(Database(empty).program)
    for url, arguments, status, says in (
        (built.database.url, ["--list"], 0, "Nothing was released yet."),
        (built.database.url, ["--as-of", "2026-09-15"], 0, "The release for the second quarter of 2026 is made"),
        (built.database.url, ["--list"], 0, "Release 1, for the second quarter of 2026: made on "),
        (empty, [], 2, "Nothing was imported yet, so there is nothing to release"),
        (f"sqlite:///{tmp_path / 'no.db'}", [], 2, "uplift init"),
    ):
        assert main(["release", *arguments, "--database", url]) == status
        printed = capsys.readouterr()
        assert says in printed.out + printed.err
