"""Bad input: every problem is named with its place and remedy, and nothing is half-imported."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from data_access.contract import cells
from data_access.database.engine import Database
from data_access.database.schema import contributions, events, people, team_milestones
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused
from tests.bundles import EVENT, write_table

REQUEST = {
    "request_key": "r",
    "person_key": "ada",
    "requested_amount": "10",
    "currency": "USD",
    "requested_on": "2024-01-01",
}


def the_only_error(report: ImportReport) -> tuple[int | None, str | None, str]:
    assert [problem.severity for problem in report.errors] == ["error"]
    problem = report.errors[0]
    assert problem.remedy
    assert problem.file
    return problem.line, problem.column, problem.problem


@pytest.mark.parametrize(
    ("table", "row", "column", "says"),
    [
        ("events", EVENT | {"starts_on": "01/02/2024"}, "starts_on", "not a date"),
        ("events", EVENT | {"starts_on": "2024-02-30"}, "starts_on", "no such day"),
        ("events", EVENT | {"starts_on": "0001-01-01"}, "starts_on", "before 1900"),
        ("events", EVENT | {"starts_on": ""}, "starts_on", "it is empty"),
        ("events", EVENT | {"title": "  "}, "title", "it is empty"),
        ("events", EVENT | {"status": "done"}, "status", "not a valid status"),
        ("events", EVENT | {"title": "x" * 20_001}, "title", "it has 20,001 characters"),
        ("events", EVENT | {"title": "a\x07b"}, "title", "it holds the control character U+0007"),
        ("events", EVENT | {"team_key": "nobody"}, "team_key", "no team has the key 'nobody'"),
        ("areas", {"area": "docs", "is_code": "maybe"}, "is_code", "neither yes nor no"),
        ("program", {"name": "P", "currency": "XXQ"}, "currency", "not a currency"),
        (
            "program",
            {"name": "P", "currency": "USD", "fiscal_year_start": "02-29"},
            "fiscal_year_start",
            "29 February does not exist in most years",
        ),
        ("budgets", {"fiscal_year": "24", "amount": "1", "currency": "USD"}, "fiscal_year", "not a fiscal year"),
        ("funding_requests", REQUEST | {"requested_amount": "-1"}, "requested_amount", "a negative amount"),
        ("funding_requests", REQUEST | {"requested_amount": "1.133,32"}, "requested_amount", "not a plain number"),
        ("funding_requests", REQUEST | {"requested_amount": "1e9"}, "requested_amount", "not a plain number"),
        ("funding_requests", REQUEST | {"requested_amount": "0.00001"}, "requested_amount", "more than four decimals"),
        (
            "funding_requests",
            REQUEST | {"requested_amount": "9999999999999"},
            "requested_amount",
            "an absurdly large amount",
        ),
        (
            "contributions",
            {"person_key": "a", "contributed_on": "2024-01-01", "area": "docs", "quantity": "0"},
            "quantity",
            "out of range",
        ),
        (
            "mentorships",
            {"mentor_key": "a", "mentee_key": "a", "started_on": "2024-01-01"},
            "mentee_key",
            "a person mentors themself",
        ),
    ],
)
def test_a_bad_cell_is_named_with_its_place(
    database: Database, tmp_path: Path, table: str, row: dict[str, str], column: str, says: str
) -> None:
    """File, line, column and what is wrong; and nothing was imported."""
    write_table(tmp_path, table, row)
    report = run_import(database, [tmp_path])
    assert the_only_error(report) == (2, column, says)
    assert not report.committed
    assert database.version().import_id == 0


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"starts_at": "2024-03-01T10:00:00"}, "starts_at", "a time without its offset from UTC"),
        ({"country": "Atlantis"}, "country", "not a known country"),
        ({"languages": "en;klingonese"}, "languages", "'klingonese' is not a known language"),
        ({"latitude": "91", "longitude": "0"}, "latitude", "a latitude outside −90 to 90 degrees"),
        ({"latitude": "NaN", "longitude": "0"}, "latitude", "not a number"),
        ({"attendance": "-3"}, "attendance", "out of range"),
        ({"attendance": "1,200"}, "attendance", "not a whole number"),
        ({"attendance": "99999999999"}, "attendance", "out of range"),
        ({"url": "javascript:alert(1)"}, "url", "not a web address"),
        ({"attendance": "~50"}, "attendance", "not a whole number"),
        ({"url": "meetup.example/x"}, "url", "not a web address"),
    ],
)
def test_a_bad_cell_that_a_row_can_do_without_is_left_out_with_a_hint(
    database: Database, tmp_path: Path, cells: dict[str, str], column: str, says: str
) -> None:
    """The event comes in without it, and the hint keeps what stood there."""
    write_table(tmp_path, "events", EVENT | cells)
    report = run_import(database, [tmp_path])
    assert (report.committed, report.errors) == (True, [])
    [problem] = [hint for hint in report.hints if hint.column == column]
    assert (problem.line, problem.problem, problem.value) == (2, says, cells[column])
    with database.reading() as connection:
        assert connection.execute(select(events.c[column])).scalar_one() is None


def test_what_is_left_out_of_a_row_with_a_note_stays_in_its_note(database: Database, tmp_path: Path) -> None:
    """A milestone's evidence without https is not lost."""
    write_table(tmp_path, "teams", {"team_key": "t", "name": "T"})
    milestone = {"team_key": "t", "milestone": "pathway_created", "reached_on": "2024-01-01"}
    write_table(tmp_path, "team_milestones", milestone | {"evidence_url": "wiki.example/x", "note": "By Ada"})
    assert run_import(database, [tmp_path]).committed
    with database.reading() as connection:
        assert connection.execute(select(team_milestones.c.note)).scalar_one() == "By Ada\nevidence_url: wiki.example/x"


def test_a_day_that_only_says_less_where_it_lacks_costs_no_row(database: Database, tmp_path: Path) -> None:
    """Since when somebody is here is one; that a membership ended is not: without it, it would go on."""
    write_table(tmp_path, "people", {"person_key": "ada", "name": "Ada", "joined_on": "Feb 2025"})
    report = run_import(database, [tmp_path])
    assert (report.committed, [hint.value for hint in report.hints if hint.column == "joined_on"]) == (
        True,
        ["Feb 2025"],
    )
    member = {
        "membership_key": "m",
        "person_key": "ada",
        "cohort_key": "c",
        "started_on": "2024-01-01",
        "ended_on": "Feb 2025",
    }
    write_table(tmp_path, "cohorts", {"cohort_key": "c", "name": "C"})
    write_table(tmp_path, "memberships", member)
    assert the_only_error(run_import(database, [tmp_path]))[1] == "ended_on"


def test_every_problem_is_reported_in_one_go(database: Database, tmp_path: Path) -> None:
    """Three bad cells in two rows of one table and one in another: four errors."""
    write_table(tmp_path, "events", EVENT | {"starts_on": "x", "status": "y"}, EVENT | {"event_key": ""})
    write_table(tmp_path, "areas", {"area": "docs", "is_code": "maybe"})
    report = run_import(database, [tmp_path])
    found = [(problem.file, problem.line, problem.column) for problem in report.errors]
    assert sorted(found, key=str) == [
        ("areas.csv", 2, "is_code"),
        ("events.csv", 2, "starts_on"),
        ("events.csv", 2, "status"),
        ("events.csv", 3, "event_key"),
    ]


def test_the_line_of_a_row_counts_the_lines_inside_earlier_cells(database: Database, tmp_path: Path) -> None:
    """A title over three lines moves the next row down by two."""
    write_table(tmp_path, "events", EVENT | {"title": "a\nb\nc"}, EVENT | {"event_key": "e2", "starts_on": "x"})
    assert the_only_error(run_import(database, [tmp_path]))[0] == 5


def test_skipping_bad_rows_imports_the_good_and_keeps_the_others_as_they_came(either: Database, tmp_path: Path) -> None:
    """rejected/events.csv holds the bad row with its problem, can be mended, and imports."""
    write_table(tmp_path / "in", "events", EVENT, EVENT | {"event_key": "e2", "starts_on": "soon", "title": " Späti "})
    options = ImportOptions(skip_bad_rows=True, rejected_dir=tmp_path / "rejected")
    report = run_import(either, [tmp_path / "in"], options)
    assert (report.counts["events"].created, report.counts["events"].rejected) == (1, 1)
    kept = tmp_path / "rejected" / "events.csv"
    with kept.open(encoding="utf-8", newline="") as handle:
        rejected = list(csv.DictReader(handle))
    assert [(row["event_key"], row["title"], row["problem"]) for row in rejected] == [
        ("e2", " Späti ", "starts_on: not a date")
    ]
    kept.write_text(kept.read_text(encoding="utf-8").replace("soon", "2024-04-01"), encoding="utf-8")
    assert run_import(either, [kept]).counts["events"].created == 1


def test_no_spreadsheet_runs_a_rejected_row_and_mending_it_brings_its_text_back(
    database: Database, tmp_path: Path
) -> None:
    """What could be a formula is guarded in rejected/events.csv; numbers stay numbers, and the title its own."""
    row = EVENT | {"title": '=HYPERLINK("http://x")', "attendance": "-5", "starts_on": "soon"}
    write_table(tmp_path / "in", "events", row)
    run_import(database, [tmp_path / "in"], ImportOptions(skip_bad_rows=True, rejected_dir=tmp_path / "rejected"))
    kept = tmp_path / "rejected" / "events.csv"
    text = kept.read_text(encoding="utf-8")
    [rejected] = csv.DictReader(text.splitlines())
    assert (rejected["title"], rejected["attendance"]) == ('\'=HYPERLINK("http://x")', "-5")
    kept.write_text(text.replace("soon", "2024-03-01").replace("-5", "5"), encoding="utf-8")
    assert run_import(database, [kept]).committed
    with database.reading() as connection:
        assert connection.execute(select(events.c.title)).scalars().all() == ['=HYPERLINK("http://x")']


def test_a_row_that_refers_to_a_rejected_row_is_rejected_with_it(database: Database, tmp_path: Path) -> None:
    """The reason names the table whose row has to be mended."""
    write_table(tmp_path / "in", "events", EVENT | {"starts_on": "x"})
    write_table(tmp_path / "in", "participations", {"event_key": "e1", "person_key": "ada", "role": "speaker"})
    options = ImportOptions(skip_bad_rows=True, rejected_dir=tmp_path / "rejected")
    report = run_import(database, [tmp_path / "in"], options)
    assert [problem.table for problem in report.errors] == ["events", "participations"]
    assert "events that was rejected" in report.errors[1].remedy
    assert sorted(path.name for path in (tmp_path / "rejected").iterdir()) == ["events.csv", "participations.csv"]


def test_a_key_that_stands_twice_with_other_values_is_an_error_and_with_the_same_is_one_row(
    either: Database, tmp_path: Path
) -> None:
    """The first row stays; the message says where it stands."""
    write_table(tmp_path, "events", EVENT, EVENT, EVENT | {"title": "Another"})
    report = run_import(either, [tmp_path])
    line, column, says = the_only_error(report)
    assert (line, column) == (4, "event_key")
    assert "line 2" in says
    write_table(tmp_path, "events", EVENT, EVENT)
    assert run_import(either, [tmp_path]).counts["events"].created == 1


def test_people_are_created_bare_only_when_the_bundle_has_no_people(database: Database, tmp_path: Path) -> None:
    """With a people table, an unknown person is an error; without one, a bare person is made and counted."""
    contribution = {"person_key": "bob", "contributed_on": "2024-01-01", "area": "docs"}
    write_table(tmp_path / "a", "contributions", contribution)
    assert run_import(database, [tmp_path / "a"]).created_people == 1
    write_table(tmp_path / "b", "contributions", contribution | {"person_key": "eve"})
    write_table(tmp_path / "b", "people", {"person_key": "ada"})
    assert the_only_error(run_import(database, [tmp_path / "b"])) == (2, "person_key", "no person has the key 'eve'")
    with database.reading() as connection:
        assert connection.execute(select(people.c.person_key)).scalars().all() == ["bob"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("event_key,title\ne1,x\n", "the column is missing"),
        ("event_key,title,title,starts_on\n1,a,b,2024-01-01\n", "the column stands twice in the header"),
        ("event_key,title,starts_on\ne1,Hello, world,2024-01-01\n", "the row has 4 cells where the header names 3"),
    ],
)
def test_a_bad_header_or_shape_is_an_error(database: Database, tmp_path: Path, content: str, says: str) -> None:
    """What is wrong with the table as a whole is said once, with the remedy."""
    (tmp_path / "events.csv").write_text(content, encoding="utf-8")
    report = run_import(database, [tmp_path / "events.csv"])
    assert says in {problem.problem for problem in report.errors}
    assert not report.committed


def test_unknown_columns_and_files_are_reported_and_do_not_stop_the_import(database: Database, tmp_path: Path) -> None:
    """They are hints: nothing is dropped silently."""
    write_table(tmp_path, "events", EVENT | {"mood": "good"})
    write_table(tmp_path, "moods", {"mood": "good"})
    report = run_import(database, [tmp_path])
    assert report.committed
    assert report.unknown_columns == ["events.csv: mood"]
    assert {problem.file for problem in report.hints} == {"events.csv", "moods.csv"}


def test_a_nul_byte_is_refused_with_its_line(database: Database, tmp_path: Path) -> None:
    """The refusal is one sentence for people, not a traceback."""
    (tmp_path / "events.csv").write_bytes(b"event_key,title,starts_on\ne1,a\0b,2024-01-01\n")
    with pytest.raises(ImportRefused, match=r"events\.csv, line 2, holds a NUL byte"):
        run_import(database, [tmp_path])


def test_a_byte_order_mark_windows_line_ends_and_column_order_do_not_matter(database: Database, tmp_path: Path) -> None:
    """What spreadsheets save is read as it is."""
    (tmp_path / "events.csv").write_bytes("\ufeffStarts_On,title,event_key\r\n2024-03-01,Café,e1\r\n".encode())
    assert run_import(database, [tmp_path]).committed
    with database.reading() as connection:
        assert connection.execute(select(events.c.title)).scalar_one() == "Café"


def test_a_formula_that_was_never_worked_out_is_an_error_of_its_cell(database: Database, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "events"
    for row in (list(EVENT), ["e1", '=HYPERLINK("http://x")', "2024-03-01"], ["e2", "Fine", "2024-03-01"]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    report = run_import(database, [tmp_path / "book.xlsx"])
    assert [(problem.line, problem.problem) for problem in report.errors] == [(2, "a formula without a result")]
    options = ImportOptions(skip_bad_rows=True, rejected_dir=tmp_path / "rejected")
    assert run_import(database, [tmp_path / "book.xlsx"], options).counts["events"].created == 1


def test_far_future_half_points_and_points_of_online_events_are_hints(database: Database, tmp_path: Path) -> None:
    """They let the row in, and are kept with the import."""
    write_table(
        tmp_path,
        "events",
        EVENT | {"event_key": "a", "starts_on": "9999-01-01"},
        EVENT | {"event_key": "b", "latitude": "10"},
        EVENT | {"event_key": "c", "latitude": "10", "longitude": "10", "mode": "online"},
    )
    report = run_import(database, [tmp_path])
    assert report.committed
    assert {problem.problem for problem in report.hints} >= {
        "a date far in the future",
        "half a point",
        "an online event that also carries a point",
    }


def test_decisions_and_amounts_that_do_not_fit_together_are_hints(either: Database, tmp_path: Path) -> None:
    """Nothing is lost: they count as recorded, and each says what to look at."""
    request = {"person_key": "p", "requested_amount": "100", "currency": "EUR", "requested_on": "2024-05-01"}
    decided = {"decision": "approved", "decided_on": "2024-05-10", "approved_amount": "100", "paid_amount": "100"}
    paid = decided | {"paid_on": "2024-06-01"}
    write_table(tmp_path, "people", {"person_key": "p", "name": "P"})
    write_table(
        tmp_path,
        "funding_requests",
        request | paid | {"request_key": "fine"},
        request | paid | {"request_key": "more", "approved_amount": "100.01"},
        request | paid | {"request_key": "refused", "decision": "declined", "approved_amount": ""},
        request | paid | {"request_key": "early", "paid_on": "2024-05-09"},
        request | paid | {"request_key": "when", "paid_on": ""},
    )
    report = run_import(either, [tmp_path])
    assert report.committed
    assert [(problem.line, problem.column, problem.problem) for problem in report.hints] == [
        (3, "approved_amount", "approved above the requested amount"),
        (4, "paid_amount", "paid without an approval"),
        (5, "paid_on", "paid before the decision"),
        (6, "paid_on", "paid on an unknown day"),
    ]


def test_memory_of_a_column_stays_bounded() -> None:
    """A column of ever new values does not fill the memory: what was remembered is forgotten in bulk."""
    memory = cells.Remembering(str.upper)
    for number in range(cells.REMEMBERED + 10):
        assert memory[f"x{number}"] == f"X{number}"
    assert len(memory) == 10
    assert memory["long" * 100] == "LONG" * 100
    assert len(memory) == 10


def test_endless_errors_refuse_the_source(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of another format is not reported row by row for ever."""
    monkeypatch.setattr("data_access.imports.report.MOST_PROBLEMS", 50)
    write_table(tmp_path, "events", *(EVENT | {"event_key": str(n), "starts_on": "x"} for n in range(60)))
    with pytest.raises(ImportRefused, match="more than 50 errors"):
        run_import(database, [tmp_path])
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(contributions)).scalar_one() == 0
