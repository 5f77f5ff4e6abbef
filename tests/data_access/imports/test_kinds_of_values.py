"""Numbers, labels and files that overlap, as people have them, in every format."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.contract.cells import BadCell, parse_cell
from data_access.contract.labels import Spellings, label_key
from data_access.contract.tables import TABLES
from data_access.database.engine import Database
from data_access.database.schema import (
    areas,
    budgets,
    contributions,
    event_topics,
    funding_requests,
    people,
    person_attributes,
)
from data_access.imports.pipeline import run_import
from tests.bundles import EVENT, write_table
from tests.data_access.imports.taking_in import OPTIONS, Importing, rows, said

# ---- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("budgets", {"fiscal_year": "2026", "amount": "50.000", "currency": "EUR"}, "amount"),
        ("budgets", {"fiscal_year": "2026", "amount": "1.500", "currency": "JPY"}, "amount"),
        ("program", {"name": "P", "currency": "EUR", "member_ceiling": "1.500"}, "member_ceiling"),
        ("program", {"name": "P", "currency": "EUR", "min_group_size": "1.000"}, "min_group_size"),
        (
            "targets",
            {"metric": "events", "period_start": "2026-01-01", "period_end": "2026-12-31", "value": "1.500"},
            "value",
        ),
    ],
)
def test_three_digits_behind_the_point_are_asked_about(
    database: Database, tmp_path: Path, table: str, row: dict[str, str], column: str
) -> None:
    report = run_import(database, [write_table(tmp_path / "in", table, row)], OPTIONS)
    assert [(problem.column, problem.problem[:35]) for problem in report.errors] == [
        (column, "this can be read in two ways: thous")
    ]
    assert not report.committed


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("1.500", "KWD", "1.5"), ("1234.500", "EUR", "1234.5"), ("0.500", "EUR", "0.5"), ("1500", "JPY", "1500")],
)
def test_the_currency_decides_how_many_decimals_an_amount_has(
    database: Database, taken: Importing, tmp_path: Path, text: str, currency: str, amount: str
) -> None:
    taken(write_table(tmp_path / "in", "budgets", {"fiscal_year": "2026", "amount": text, "currency": currency}))
    assert [str(found.normalize()) for (found,) in rows(database, budgets.c.amount)] in ([amount], ["1.5E+3"])


def test_more_decimals_than_the_currency_has_are_said(taken: Importing, tmp_path: Path) -> None:
    report = taken(
        write_table(tmp_path / "in", "budgets", {"fiscal_year": "2026", "amount": "100.50", "currency": "JPY"})
    )
    assert [problem for _, _, problem in said(report)] == ["more decimals than its currency has"]


def request(key: str, amount: object) -> list[object]:
    return [key, "ana", amount, "EUR", "2026-03-01"]


def test_a_workbooks_numbers_are_what_it_shows(database: Database, taken: Importing, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "funding_requests"
    sheet.append(["request_key", "person_key", "requested_amount", "currency", "requested_on"])
    for key, amount in (("a", 139.92999999999998), ("b", 0.1 + 0.2), ("c", 100 / 3), ("d", 1500), ("e", 12.345)):
        sheet.append(request(key, amount))
    book.save(tmp_path / "money.xlsx")
    report = taken(tmp_path / "money.xlsx")
    found = {key: str(amount.normalize()) for key, amount in rows(database, *_request_columns())}
    assert found == {"a": "139.93", "b": "0.3", "c": "33.33", "d": "1.5E+3", "e": "12.345"}
    assert [(line, problem) for line, _, problem in said(report)] == [
        (4, "more decimals than its currency has: rounded to 33.33"),
        (6, "more decimals than its currency has"),
    ]


def test_of_a_formula_the_stored_result_is_taken_with_a_hint(
    database: Database, taken: Importing, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "funding_requests"
    sheet.append(["request_key", "person_key", "requested_amount", "currency", "requested_on"])
    sheet.append(request("a", "=100+20"))
    book.save(tmp_path / "unsaved.xlsx")
    # What a spreadsheet program stores beside a formula: openpyxl itself works nothing out.
    with zipfile.ZipFile(tmp_path / "unsaved.xlsx") as before, zipfile.ZipFile(tmp_path / "money.xlsx", "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, re.sub(rb"(</f>)<v\s*/>", rb"\1<v>120</v>", content))
    report = taken(tmp_path / "money.xlsx")
    assert [str(amount) for _, amount in rows(database, *_request_columns())] == ["120"]
    assert [(line, problem) for line, _, problem in said(report)] == [
        (2, "formulas (1): their stored results were taken")
    ]


def _request_columns() -> tuple[Any, Any]:
    return funding_requests.c.request_key, funding_requests.c.requested_amount


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(["requested_amount", "approved_amount"]))
def test_no_amount_of_three_digits_behind_a_point_is_ever_read_without_a_word(
    whole: int, thousands: int, name: str
) -> None:
    with pytest.raises(BadCell, match="two ways"):
        parse_cell(TABLES["funding_requests"].column(name), f"{whole}.{thousands:03}")


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("48°51'24\"N", 48.8567), ("5.6037° N", 5.6037), ("33.9249 S", -33.9249), ("30,2672", 30.2672), ("-12.5", -12.5)],
)
def test_a_latitude_as_maps_show_it(text: str, degrees: float) -> None:
    assert parse_cell(TABLES["events"].column("latitude"), text) == pytest.approx(degrees, abs=1e-4)


# ---- labels ---------------------------------------------------------------------------------------------------------


def test_labels_that_differ_by_case_width_and_space_are_one_with_the_first_spelling(
    database: Database, taken: Importing, tmp_path: Path
) -> None:
    table = "person,date,area,count\nsolo,2026-01-11,Docs,4\nsolo,2026-01-12,docs,4\nsolo,2026-01-13,ＤＯＣＳ ,4\n"
    (tmp_path / "counts.csv").write_text(table, encoding="utf-8")
    taken(tmp_path / "counts.csv")
    bundle = tmp_path / "in"
    write_table(bundle, "events", EVENT | {"topics": "Python; PYTHON", "area": "DOCS"}, EVENT | _second("python"))
    write_table(bundle, "people", {"person_key": "a", "entry_channel": "Mentor"}, _person("mentor"))
    told = [{"person_key": key, "dimension": dimension, "value": value} for key, dimension, value in _TOLD]
    write_table(bundle, "person_attributes", *told)
    taken(bundle)
    assert rows(database, areas.c.area) == [("Docs",)]
    assert set(rows(database, contributions.c.area)) == {("Docs",)}
    assert rows(database, event_topics.c.topic) == [("Python",), ("Python",)]
    assert {channel for (channel,) in rows(database, people.c.entry_channel) if channel} == {"Mentor"}
    assert rows(database, person_attributes.c.dimension, person_attributes.c.value) == [("Gender", "Woman")] * 2


_TOLD = (("a", "Gender", "Woman"), ("b", "gender", "woman "))


def _second(topics: str) -> dict[str, str]:
    return {"event_key": "e2", "topics": topics, "area": "docs"}


def _person(channel: str) -> dict[str, str]:
    return {"person_key": "b", "entry_channel": channel}


@given(st.text(alphabet="abÄßΣé １Ａ", min_size=1, max_size=12), st.sampled_from([str.upper, str.title, str.casefold]))
def test_a_label_is_itself_in_any_case(text: str, changed: Callable[[str], str]) -> None:
    spellings = Spellings()
    assert spellings.first("x", text) == spellings.first("x", f" {changed(text)} ") == text
    assert label_key(label_key(text)) == label_key(text)


_COUNTED = (contributions.c.contributed_on, contributions.c.quantity)


# ---- files that overlap ---------------------------------------------------------------------------------------------


def test_counts_that_two_files_hold_are_taken_once_and_those_of_one_file_added_up(
    database: Database, taken: Importing, tmp_path: Path
) -> None:
    head = "person,date,area,count,project\n"
    (tmp_path / "jan_mar.csv").write_text(f"{head}mia,2026-02-10,docs,4,alpha\nmia,2026-03-10,docs,6,alpha\n")
    (tmp_path / "mar_apr.csv").write_text(
        f"{head}mia,2026-03-10,docs,3,alpha\nmia,2026-03-10,docs,3,alpha\nmia,2026-04-10,docs,2,alpha\n"
    )
    report = taken(tmp_path / "jan_mar.csv", tmp_path / "mar_apr.csv")
    found = rows(database, contributions.c.contributed_on, contributions.c.quantity)
    assert [(str(day), quantity) for day, quantity in found] == [
        ("2026-02-10", 4),
        ("2026-03-10", 6),
        ("2026-04-10", 2),
    ]
    assert [problem[:12] for _, _, problem in said(report)] == ["1 of its cou"]


def test_the_same_file_twice_under_one_name_or_two_counts_once(
    database: Database, taken: Importing, tmp_path: Path
) -> None:
    text = "person,date,area,count\nmia,2026-02-10,docs,4\n"
    for path in (tmp_path / "a" / "counts.csv", tmp_path / "b" / "counts.csv", tmp_path / "copy.csv"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "counts.csv").write_text(f"{text}mia,2026-02-11,docs,1\n")
    taken(*(tmp_path / name for name in ("a/counts.csv", "b/counts.csv", "copy.csv", "c/counts.csv")))
    assert sorted(quantity for (quantity,) in rows(database, contributions.c.quantity)) == [1, 4]
