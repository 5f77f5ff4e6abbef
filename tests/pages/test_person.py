"""The Person page: somebody is found, shown and erased there; and what pages show of persons is recorded as read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from dashboard.asking import reads as recorder
from data_access.database.engine import Database
from data_access.database.schema import people, reads
from data_access.migrations.migrate import initialise
from data_access.persons.reads import Read, newest_reads, record_read
from tests.dashboard.apptest import Dashboard
from tests.data_access.persons.program import ADA, NAME, build, where_she_is

pytestmark = pytest.mark.slow


@pytest.fixture
def known(tmp_path: Path) -> Database:
    (tmp_path / "data").mkdir()
    made = Database(f"sqlite:///{tmp_path / 'data' / 'uplift.db'}")
    initialise(made.program)
    build(made, tmp_path / "bundle")
    recorder._noted.clear()
    return made


def shown(monkeypatch: pytest.MonkeyPatch, known: Database, sought: str) -> Dashboard:
    opened = Dashboard(monkeypatch, known.url).open("person")
    opened.at.text_input[0].set_value(sought)
    opened.run()
    if not opened.at.toggle:
        return opened
    opened.at.toggle(key="person_held").set_value(True)
    return opened.run()


def recorded(known: Database) -> list[Read]:
    recorder.all_recorded()
    with known.program.connect() as connection:
        return newest_reads(connection)


def test_somebody_is_found_by_a_part_of_the_name_and_all_is_shown(
    monkeypatch: pytest.MonkeyPatch, known: Database
) -> None:
    page = shown(monkeypatch, known, "zqlove")
    assert page.finding == f"{NAME}: 1 event and 4 contributions so far."
    assert f"are held about {NAME}." in page.text
    rows = next(table.value for table in page.at.dataframe if "row" in table.value)
    assert "hired_by: zqhirer" in " ".join(rows["row"])
    assert {"people", "ledger", "named elsewhere"} <= set(rows["table"])
    assert Read(date.today(), "Program manager (dashboard)", "pm", "person_show", ADA, 1) in recorded(known)
    assert "Nobody here has such a key or name." in shown(monkeypatch, known, "nobody").text


def test_lists_that_are_cut_say_so(monkeypatch: pytest.MonkeyPatch, known: Database) -> None:
    """Twenty people of one name, and fifty readings: there may be more of both."""
    with known.writing() as connection:
        connection.execute(insert(people), [{"person_key": f"same-{n:02}", "name": "Same Name"} for n in range(25)])
    for number in range(60):
        record_read(known, Read(date.today(), f"by {number}", "pm", "bench", "", 1))
    page = shown(monkeypatch, known, "same name")
    assert "20 are listed, and there may be more" in page.html
    assert "The newest 50 are listed" in page.html
    assert "listed" not in shown(monkeypatch, known, "same-03").html.partition("The newest")[0]


def test_nobody_is_erased_before_the_key_is_typed(monkeypatch: pytest.MonkeyPatch, known: Database) -> None:
    page = shown(monkeypatch, known, ADA)
    erases = next(button for button in page.at.button if button.label == "Erase for good")
    page.at.text_input(key="person_typed_0").set_value("ada")
    erases.click()
    page.run()
    assert "Type the person’s key once more" in page.at.error[0].value.replace("\\", "")
    assert where_she_is(known)
    page.at.text_input(key="person_typed_0").set_value(ADA)
    next(button for button in page.at.button if button.label == "Erase for good").click()
    page.run()
    assert page.at.success[0].value.startswith("The person was erased")
    # Her key was read once more than it was recorded: what is noted in the process leads nowhere either.
    recorder.all_recorded()
    assert where_she_is(known) == set()
    with known.program.connect() as connection:
        assert sorted(connection.execute(select(people.c.name)).scalars()) == ["Bob Brown", "Erased person"]
    assert NAME not in page.html


def test_a_page_of_persons_is_recorded_once_and_only_for_who_sees_them(
    monkeypatch: pytest.MonkeyPatch, known: Database
) -> None:
    before = recorded(known)
    Dashboard(monkeypatch, known.url).open("members", **{"as": "leadership"})
    assert recorded(known) == before
    board = Dashboard(monkeypatch, known.url).open("members", **{"as": "board"})
    once = recorded(known)
    board.run()
    board.run()
    assert recorded(known) == once
    found = [(read.author, read.question) for read in once if read not in before]
    assert ("Board (dashboard)", "floor_standing") in found
    assert len(found) == len(set(found))


def test_the_day_after_it_is_recorded_again(known: Database) -> None:
    """And where another process recorded it already, the database keeps one."""
    today = Read(date(2026, 8, 23), "a", "pm", "bench", "", 3)
    for read in (today, today, today._replace(day=date(2026, 8, 24)), today._replace(people=9)):
        recorder.note(known, read)
    recorder._noted.clear()
    recorder.note(known, today)
    recorder.all_recorded()
    with known.program.connect() as connection:
        found = connection.execute(select(reads.c.day, reads.c.people).where(reads.c.author == "a")).all()
    assert sorted(map(tuple, found)) == [(date(2026, 8, 23), 3), (date(2026, 8, 24), 3)]
