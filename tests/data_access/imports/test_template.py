"""The workbook to fill in: a sheet for each table, nothing in it that would come in by mistake, and it imports."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl

from data_access.contract.tables import TABLES
from data_access.database.engine import Database
from data_access.database.schema import events, participations, people
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.template import template
from tests.data_access.imports.taking_in import rows

OPTIONS = ImportOptions(as_of=date(2026, 8, 23))


def test_each_table_has_a_sheet_with_notes_lists_and_an_example() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    assert set(book.sheetnames) == set(TABLES)
    assert book.sheetnames[:2] == ["people", "events"]
    sheet = book["events"]
    header = [cell.value for cell in sheet[3]]
    assert set(header) == set(TABLES["events"].column_names)
    assert header[:3] == ["event_key", "title", "starts_on"]
    assert all(cell.comment for cell in sheet[3])
    assert sheet["B2"].value == "Documentation sprint"
    lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    status = sheet.cell(3, header.index("status") + 1).column_letter
    assert lists[f"{status}4:{status}5000"] == '"planned,held,cancelled"'
    asked = {str(each.sqref): each.formula1 for each in book["participations"].data_validations.dataValidation}
    assert asked["B4:B5000"] == "=people!$A$4:$A$5000"


def test_an_untouched_template_is_nothing_to_import(database: Database, tmp_path: Path) -> None:
    (tmp_path / "program.xlsx").write_bytes(template())
    report = run_import(database, [tmp_path / "program.xlsx"], OPTIONS)
    assert report.nothing_read
    assert not report.committed


def test_a_filled_template_comes_in_without_its_examples(database: Database, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    book["people"].append(["p1", "Grace Hopper"])
    book["events"].append(["e1", "Docs sprint", date(2026, 5, 3)])
    book["participations"].append(["e1", "p1", "speaker"])
    book.save(tmp_path / "program.xlsx")
    report = run_import(database, [tmp_path / "program.xlsx"], OPTIONS)
    assert report.committed, report.in_words()
    assert not report.problems
    assert rows(database, people.c.person_key, people.c.name) == [("p1", "Grace Hopper")]
    assert rows(database, events.c.event_key, events.c.starts_on) == [("e1", date(2026, 5, 3))]
    assert rows(database, participations.c.role) == [("speaker",)]
