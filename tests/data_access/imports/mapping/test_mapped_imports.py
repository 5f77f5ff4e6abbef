"""Tables with columns of their own: one sheet feeds several tables, and messages speak the sheet's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import events, funding_requests, memberships, participations, people, person_attributes
from data_access.imports.mapping.mapping import MappingRefused, SheetMapping, read_toml, written
from data_access.imports.mapping.sheets import SheetMappings
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused
from data_access.imports.unmapped import unmapped
from tests.data_access.imports.taking_in import rows

TODAY = date(2026, 8, 23)
MEMBERS = """Name;E-Mail;Wohnort;Geschlecht;Mitglied seit
Ada Lovelace;ada@example.org;London, UK;w;03.05.2024
Kofi Mensah;kofi@example.org;Accra;m;01.02.2025
"""
FORM = """Event,Date,Where,Speakers,Done?,Attendance
Docs sprint,2026-05-13,"Berlin, Germany",Ada Lovelace and Kofi Mensah,✔,24
Patch day,2026-06-01,Zoom,Grace Hopper,Cancelled,
"""
MONEY = """Datum;Wer;Veranstaltung;Betrag;Status;Bezahlt am
10.05.2026;Ada Lovelace;Docs sprint;€ 1.133,32;Bezahlt;20.05.2026
11.05.2026;Kofi Mensah;Docs sprint;1.500 €;Genehmigt;
11.05.2026;Kofi Mensah;Docs sprint;1.500 €;Genehmigt;
12.05.2026;Grace Hopper;Elsewhere;US$ 85,50;Abgelehnt;
"""


def taken(database: Database, path: Path, *, skip_bad_rows: bool = False, **changes: Any) -> ImportReport:
    """The import of a file by the guess for it, changed as the test says."""
    found = [each.guess.changed(**changes) for each in unmapped([path], SheetMappings())]
    return run_import(database, [path], ImportOptions(as_of=TODAY, readings=found, skip_bad_rows=skip_bad_rows))


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_three_lists_without_a_key_become_one_program(database: Database, tmp_path: Path) -> None:
    for name, text in (("members.csv", MEMBERS), ("form.csv", FORM), ("money.csv", MONEY)):
        report = taken(database, file(tmp_path, name, text))
        assert report.committed, report.in_words()
    assert rows(database, people.c.name, people.c.home_country) == [
        *(("Ada Lovelace", "GB"), ("Grace Hopper", None), ("Kofi Mensah", "GH")),
    ]
    assert rows(database, person_attributes.c.dimension, person_attributes.c.value) == [
        ("gender", "m"),
        ("gender", "w"),
    ]
    assert rows(database, memberships.c.started_on) == [(date(2024, 5, 3),), (date(2025, 2, 1),)]
    assert rows(database, events.c.title, events.c.status, events.c.mode, events.c.city, events.c.attendance) == [
        ("Docs sprint", "held", None, "Berlin", 24),
        ("Patch day", "cancelled", "online", None, None),
    ]
    assert rows(database, participations.c.role) == [("speaker",)] * 3
    columns = funding_requests.c
    assert rows(database, columns.requested_amount, columns.currency, columns.decision, columns.paid_amount) == [
        (Decimal("1133.32"), "EUR", "approved", Decimal("1133.32")),
        *[(Decimal(1500), "EUR", "approved", None)] * 2,
        (Decimal("85.5"), "USD", "declined", None),
    ]
    with database.reading() as connection:
        named = select(people.c.name, events.c.title).select_from(funding_requests).join(people).outerjoin(events)
        assert sorted(map(tuple, connection.execute(named)), key=str) == [
            ("Ada Lovelace", "Docs sprint"),
            ("Grace Hopper", None),
            *[("Kofi Mensah", "Docs sprint")] * 2,
        ]


def test_the_same_list_again_changes_nothing_and_needs_no_second_choice(database: Database, tmp_path: Path) -> None:
    path = file(tmp_path, "members.csv", MEMBERS)
    assert taken(database, path).total("created") == 6
    later = file(
        tmp_path, "members later.csv", MEMBERS.replace("Name;E-Mail", "name; e-mail") + "Zoë;z@example.org;;;\n"
    )
    report = run_import(database, [later], ImportOptions(as_of=TODAY))
    assert (report.total("created"), report.total("changed"), report.total("unchanged")) == (1, 0, 6)


def test_a_blank_cell_keeps_what_is_known_and_a_new_town_does_not_keep_the_old_country(
    either: Database, tmp_path: Path
) -> None:
    head = "Name;E-Mail;Wohnort;Sprachen;Beitrittsdatum\n"
    rest = "Kofi;kofi@example.org;Accra;en;01.02.2025\nGrace;grace@example.org;New York, NY;en;01.03.2025\n"
    first = file(tmp_path, "list.csv", f"{head}Ada;ada@example.org;London, UK;de;03.05.2024\n{rest}")
    assert taken(either, first).committed
    moved = "Kofi;kofi@example.org;Nowhere in particular;;01.02.2025\nGrace;grace@example.org;New York, NY;en;\n"
    report = taken(either, file(tmp_path, "list.csv", f"{head}Ada;ada@example.org;;;\n{moved}"))
    assert report.committed, report.in_words()
    said = people.c
    assert rows(either, said.name, said.home_city, said.home_country, said.languages, said.joined_on) == [
        ("Ada", "London", "GB", "de", date(2024, 5, 3)),
        ("Grace", "New York", "US", "en", date(2025, 3, 1)),
        ("Kofi", "Nowhere in particular", None, "en", date(2025, 2, 1)),
    ]
    assert report.counts["people"].unchanged == 2
    assert [each.problem for each in report.problems if "were kept" in each.problem] == [
        "3 rows have blank cells where the program has values: these were kept"
    ]


def test_a_mark_is_a_yes_a_blank_a_no_and_a_day_of_payment_a_payment(database: Database, tmp_path: Path) -> None:
    came = "Event,Day,Name,Came?\nSprint,2026-05-13,Ada,x\nSprint,2026-05-13,Kofi,\nSprint,2026-05-13,Eve,x\n"
    assert taken(database, file(tmp_path, "came.csv", came)).committed
    assert rows(database, people.c.name) == [("Ada",), ("Eve",)]
    paid = "Datum;Name;Betrag in EUR;ausgezahlt am\n13.05.2026;Ada;133,32;20.05.2026\n14.05.2026;Eve;85;\n"
    assert taken(database, file(tmp_path, "paid.csv", paid)).committed
    said = funding_requests.c
    assert rows(database, said.decision, said.paid_amount, said.paid_on) == [
        ("approved", Decimal("133.32"), date(2026, 5, 20)),
        (None, None, None),  # which is waiting
    ]


def test_a_blank_place_of_an_event_keeps_the_place(either: Database, tmp_path: Path) -> None:
    head = "ID,Event,Date,City,Country,Attendance\n"
    assert taken(either, file(tmp_path, "l.csv", f"{head}e1,Docs sprint,2026-05-13,Berlin,Germany,24\n")).committed
    report = taken(either, file(tmp_path, "l.csv", f"{head}e1,Docs sprint,2026-05-14,,,\n"))
    assert report.committed, report.in_words()
    said = events.c
    [found] = rows(either, said.starts_on, said.city, said.located_country, said.attendance, said.place_id)
    assert found[:4] == (date(2026, 5, 14), "Berlin", "DE", 24)
    assert found[4] is not None


def test_a_table_that_nobody_has_said_how_to_read_is_refused_with_the_way_out(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(ImportRefused, match="--guess"):
        run_import(database, [file(tmp_path, "members.csv", MEMBERS)], ImportOptions(as_of=TODAY))


def test_messages_name_the_line_and_the_heading_of_the_list_itself(database: Database, tmp_path: Path) -> None:
    path = file(tmp_path, "members.csv", MEMBERS + "Grace;g@example.org;New York, NY;w;sometime\n")
    report = taken(database, path)
    [error] = report.errors
    assert (error.file, error.line, error.column, error.value) == ("members.csv", 4, "Mitglied seit", "sometime")
    assert not report.committed
    report = taken(database, path, skip_bad_rows=True)
    assert report.committed
    assert report.counts["memberships"].created == 2


def test_a_sheet_of_a_workbook_is_read_and_its_cells_are_named(database: Database, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Liste"
    for cells in (("Stand heute",), ("Name", "Betrag", "Datum"), ("Ada", 139.92999999999998, date(2026, 5, 3))):
        sheet.append(cells)
    sheet.append(("Kofi", "viel", "04.05.2026"))
    book.save(tmp_path / "liste.xlsx")
    changes: dict[str, Any] = {"always": {"funding_requests.currency": "EUR"}}
    report = taken(database, tmp_path / "liste.xlsx", **changes)
    assert [(error.file, error.line, error.column) for error in report.errors] == [
        ("liste.xlsx, sheet Liste", 4, "Betrag (B4)")
    ]
    report = taken(database, tmp_path / "liste.xlsx", skip_bad_rows=True, **changes)
    assert report.committed
    assert report.format == "mapped columns"
    assert rows(database, funding_requests.c.requested_amount) == [(Decimal("139.93"),)]


def test_what_a_mapping_says_wins_over_the_guess(database: Database, tmp_path: Path) -> None:
    path = file(tmp_path, "list.csv", "Who,When,Stage\nAda,4/3/2026,green\nKofi,5/3/2026,red\n")
    text = """
    [[sheet]]
    rows_are = "participations"
    dates = "month first"
    [sheet.columns]
    Who = "people.name"
    When = "events.starts_on"
    Stage = "participations.attended"
    [sheet.always]
    "events.title" = "Sprint"
    [sheet.values.Stage]
    green = "yes"
    red = "no"
    """
    report = run_import(database, [path], ImportOptions(as_of=TODAY, readings=read_toml(text)))
    assert report.committed, report.in_words()
    assert rows(database, events.c.title, events.c.starts_on) == [("Sprint", date(2026, 4, 3))]
    assert rows(database, people.c.name) == [("Ada",)]


def test_a_mapping_is_the_same_after_it_was_written_and_read() -> None:
    mapping = SheetMapping(
        "people",
        {'Na"me\\': "people.name", "Sprache\n(n)": "people.languages", "メモ": ""},
        {"people.entry_channel": "süß; \x7f"},
        {"Sprache\n(n)": {"= D": "de"}},
        "month first",
        ",",
        "list.csv",
        {"メモ": "a;b", 'Na"me\\': ""},
    )
    assert read_toml(written([mapping, mapping])) == [mapping, mapping]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nothing", "not readable TOML"),
        ("a = 1", "holds no"),
        ('[[sheet]]\nrows_are = "cats"\n[sheet.columns]\nA = ""', "no kind of rows"),
        ('[[sheet]]\nrows_are = "people"\n[sheet.columns]\nA = "events.title"', "cannot be said"),
        ('[[sheet]]\nrows_are = "people"\n[sheet.columns]\nA = "people.name"\nB = "people.name"', "Two columns are"),
        ('[[sheet]]\nrows_are = "people"\ndates = "x"\n[sheet.columns]\nA = "people.name"', "Choose day first"),
        ('[[sheet]]\nrows_are = "people"\ncolour = "x"\n[sheet.columns]\nA = "people.name"', "colour"),
        ('[[sheet]]\nrows_are = "people"\n[sheet.columns]\nA = 3', "texts in quotes"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(MappingRefused, match=says):
        read_toml(text)
