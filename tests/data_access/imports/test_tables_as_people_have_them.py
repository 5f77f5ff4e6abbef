"""Tables as spreadsheets, browsers and people leave them are read; where nothing is read, that is no success."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.imports.batches import Batch, Meter, csv_batches
from data_access.imports.csv_rows import BrokenRow, layout, rows_below
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused
from data_access.imports.table_names import named_table, table_of_columns
from tests.data_access.imports.readers.conftest import source_file

ROWS = "e1,Café Mingle,2026-03-01,Montréal\ne2,Größe zählt,2026-03-02,Köln\n"
PLAIN = f"event_key,title,starts_on,city\n{ROWS}"
READ = [("e1", "Café Mingle", "Montréal"), ("e2", "Größe zählt", "Köln")]


def import_text(database: Database, folder: Path, content: str | bytes, *, skip: bool = False) -> ImportReport:
    """The report of importing it as events.csv."""
    (folder / "events.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    options = ImportOptions(skip_bad_rows=skip, rejected_dir=folder / "rejected")
    return run_import(database, [folder / "events.csv"], options)


def stored(database: Database) -> list[tuple[str, str, str | None]]:
    with database.reading() as connection:
        found = connection.execute(select(events.c.event_key, events.c.title, events.c.city).order_by("event_key"))
        return [(row.event_key, row.title, row.city) for row in found]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        "sep=;\r\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("event_key,title,starts_on,city", "Event Key,Title,Starts on,City"),
        PLAIN.replace("event_key,title,starts_on,city", "event-key, TITLE ,startsOn,city"),
        "Community events 2026,,,\n\nas of,1 March,,\n,,,\n" + PLAIN,
        PLAIN.replace("\n", ",\n") + ",,,,\n , , ,\t,\n",
        PLAIN.replace("\n", "\r"),
        PLAIN.encode("cp1252"),
        PLAIN.encode("mac_roman"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        ("\ufeff" + PLAIN.replace(",", ";").replace("\n", "\r\n")).encode(),
    ],
)
def test_a_table_is_read_however_it_was_saved(database: Database, tmp_path: Path, content: str | bytes) -> None:
    """Delimiters, titles above the header, spellings, blank rows and columns, encodings: the same two events."""
    report = import_text(database, tmp_path, content)
    assert report.committed, report.in_words()
    assert stored(database) == READ


def test_a_guessed_encoding_is_shown_with_a_piece_of_the_text(database: Database, tmp_path: Path) -> None:
    """So that a person can see whether it was the right one."""
    [hint] = import_text(database, tmp_path, PLAIN.encode("mac_roman")).hints
    assert "Mac Roman" in hint.problem
    assert "Café Mingle" in hint.value
    assert "UTF-8" in hint.remedy


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('e0,"The "Big" Night",2026-03-01,Oslo', "cannot be read as a row"),
        ('e0,"never closed,2026-03-01,Oslo', "cannot be read as a row"),
        ("e0,“Hello, world” night,2026-03-01,Oslo", "5 cells where the header names 4"),
    ],
)
def test_a_broken_row_is_one_broken_row(database: Database, tmp_path: Path, row: str, says: str) -> None:
    """It is named with its line, the others come in, and its text is kept to be mended."""
    content = PLAIN.replace("e2", f"{row}\ne2")
    [error] = import_text(database, tmp_path, content).errors
    assert (error.line, says in error.problem) == (3, True)
    report = import_text(database, tmp_path, content, skip=True)
    assert (report.counts["events"].created, report.counts["events"].rejected) == (2, 1)
    assert stored(database) == READ
    with (tmp_path / "rejected" / "events.csv").open(encoding="utf-8", newline="") as handle:
        [kept] = csv.DictReader(handle)
    assert kept["event_key"].startswith("e0,")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs", "Cc")), max_size=8)
rows = st.lists(st.tuples(st.text("abc1", min_size=1, max_size=4), cells, cells), min_size=1, max_size=8)


@given(
    rows,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["", "Our list\n\n", "2026{0}{0}\n{0}{0}\n"]),
    st.sampled_from([("event_key", "title", "city"), ("Event Key", "TITLE", " City"), ("eventKey", "Title", "city")]),
    st.sets(st.integers(0, 7)),
)
def test_what_was_written_is_what_is_read(
    table: list[tuple[str, str, str]], mark: str, encoding: str, above: str, header: tuple[str, ...], broken: set[int]
) -> None:
    """Any cells, marks, encodings and titles; broken rows in between cost themselves alone."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark)
    text.write(above.format(mark))
    writer.writerow(header)
    for index, row in enumerate(table):
        if index in broken:
            text.write(f'x{mark}"y" z{mark}q\r\n')
        writer.writerow(row)
    file = source_file("events.csv", text.getvalue().encode(encoding))
    found = layout(file, ("event_key", "title", "city"))
    items = list(rows_below(file, found))
    assert [item[1] for item in items if not isinstance(item, BrokenRow)] == [list(row) for row in table]
    assert sum(isinstance(item, BrokenRow) for item in items) == sum(index < len(table) for index in broken)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("events (1)", "events"),
        ("copy of events", "events"),
        ("events - copy (2)", "events"),
        ("program 2026 - events", "events"),
        ("funding requests", "funding_requests"),
        ("team-stages 2026-03", "team_stages"),
        ("2026_03_events", "events"),
        ("conferences", None),
        ("(1)", None),
    ],
)
def test_a_table_is_known_by_its_name_as_browsers_and_people_write_it(name: str, table: str | None) -> None:
    """A copy is a copy of the table."""
    assert named_table(name) == table


def test_a_table_is_known_by_its_columns_where_they_are_its_own() -> None:
    """All that it needs must be there; what two tables could mean, or hardly anything, is not guessed."""
    assert table_of_columns(["Event Key", "Title", "Starts on", "Mood"]) == "events"
    assert table_of_columns(["person_key", "contributed_on", "area"]) == "contributions"
    assert table_of_columns(["title", "starts_on"]) is None
    assert table_of_columns(["name", "currency", "a", "b", "c", "d"]) is None
    assert table_of_columns([]) is None


def test_several_files_of_one_table_are_read_whatever_they_are_called(database: Database, tmp_path: Path) -> None:
    """The same rows in them are the same events."""
    for name in ("events (1).csv", "Program - events.csv", "export.csv", "list.tsv"):
        (tmp_path / name).write_text(PLAIN.replace(",", "\t") if name == "list.tsv" else PLAIN, encoding="utf-8")
    report = run_import(database, [tmp_path])
    assert (report.committed, report.total("created")) == (True, 2)
    assert stored(database) == READ


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("\ufeff\n\n", "empty"),
        ("event_key,title,starts_on\n", "no row"),
        ("a\n,,\n", "column is missing"),
    ],
)
def test_a_table_without_rows_is_no_success(database: Database, tmp_path: Path, content: str, says: str) -> None:
    """Nothing is written, and what was expected is said."""
    report = import_text(database, tmp_path, content)
    assert (report.committed, report.nothing_read, report.nothing_taken) == (False, True, True)
    assert database.version().import_id == 0
    assert "no row was found" in report.in_words()
    assert "header row" in report.in_words()
    assert any(says in problem.problem for problem in report.problems)


def test_an_import_of_which_every_row_is_bad_is_no_success_and_keeps_the_rows(
    database: Database, tmp_path: Path
) -> None:
    """The rejected rows are kept to be mended all the same."""
    report = import_text(database, tmp_path, PLAIN.replace("2026-03-0", "soon "), skip=True)
    assert (report.committed, report.nothing_read, report.nothing_taken) == (False, False, True)
    assert report.rejected_files == [str(tmp_path / "rejected" / "events.csv")]


def test_an_unrecognised_file_among_others_is_named(database: Database, tmp_path: Path) -> None:
    """Alone it is refused with what was expected."""
    (tmp_path / "events.csv").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "moods.csv").write_text("mood\ngood\n", encoding="utf-8")
    report = run_import(database, [tmp_path])
    assert (report.committed, report.unread) == (True, ["moods.csv"])
    assert "moods.csv" in report.in_words()
    with pytest.raises(ImportRefused, match="event_key, title, starts_on for events"):
        run_import(database, [tmp_path / "moods.csv"])


def test_problems_call_columns_as_the_file_does(database: Database, tmp_path: Path) -> None:
    """The header's own spelling is what a person finds again."""
    [error] = import_text(database, tmp_path, "Event Key;Title;Starts on\ne1;Sprint;soon\n").errors
    assert (error.line, error.column, error.value) == (2, "Starts on", "soon")


def test_cells_under_no_heading_are_hinted_once() -> None:
    """Nothing is dropped silently, not even a column without a name."""
    file = source_file(
        "events.csv", "event_key,title,starts_on,\ne1,a,2026-03-01,\ne2,b,2026-03-01,lost\ne3,c,2026-03-01,x\n"
    )
    items = list(csv_batches(file, "events", Meter()))
    assert [(item.line, item.value) for item in items if not isinstance(item, Batch)] == [(3, "lost")]
