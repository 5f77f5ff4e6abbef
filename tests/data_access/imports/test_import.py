"""What an import writes, changes and leaves alone, on SQLite and on PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from sqlalchemy import func, select

from data_access.database import schema
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.rows import ImportRefused
from tests.bundles import EVENT, PROGRAM, write_table


def rows(database: Database, table: str, *columns: str) -> list[tuple[object, ...]]:
    source = schema.metadata.tables[table]
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*(source.c[name] for name in columns)))]


def count(database: Database, table: str) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one()


def test_importing_the_same_bundle_twice_changes_nothing(either: Database, tmp_path: Path) -> None:
    """Keys decide what is known; a second import of the same rows finds all of them unchanged."""
    write_table(tmp_path, "events", EVENT | {"topics": "docs;web", "languages": "en;fr"}, EVENT | {"event_key": "e2"})
    first = run_import(either, [tmp_path])
    second = run_import(either, [tmp_path])
    assert (first.counts["events"].created, second.counts["events"].unchanged) == (2, 2)
    assert (second.total("created"), second.total("changed")) == (0, 0)
    assert count(either, "event_topics") == 2


def test_a_known_key_updates_its_row_in_the_given_columns_only(either: Database, tmp_path: Path) -> None:
    """A later file without the venue column keeps the venue; an empty cell clears what it names."""
    write_table(tmp_path / "a", "events", EVENT | {"venue": "Town hall", "attendance": "40"})
    write_table(tmp_path / "b", "events", EVENT | {"title": "Docs day", "attendance": ""})
    run_import(either, [tmp_path / "a"])
    report = run_import(either, [tmp_path / "b"])
    assert report.counts["events"].changed == 1
    assert rows(either, "events", "title", "venue", "attendance") == [("Docs day", "Town hall", None)]


def test_changed_topics_replace_the_old_ones(either: Database, tmp_path: Path) -> None:
    """The derived rows of a list follow the event's newest list."""
    write_table(tmp_path, "events", EVENT | {"topics": "docs;web"})
    run_import(either, [tmp_path])
    write_table(tmp_path, "events", EVENT | {"topics": "web;QA"})
    run_import(either, [tmp_path])
    assert sorted(rows(either, "event_topics", "topic")) == [("QA",), ("web",)]


def test_contributions_that_agree_are_added_up_and_reimporting_replaces_their_quantity(
    either: Database, tmp_path: Path
) -> None:
    """Contributions have no key: person, date, area, team, event and project together are one."""
    one = {"person_key": "ada", "contributed_on": "2024-05-01", "area": "docs", "quantity": "2"}
    write_table(tmp_path, "contributions", one, one | {"quantity": "3"}, one | {"project": "guide"})
    report = run_import(either, [tmp_path])
    assert sorted(rows(either, "contributions", "quantity")) == [(2,), (5,)]
    assert (report.created_people, report.created_areas, report.merged_rows) == (1, 1, 1)
    write_table(tmp_path, "contributions", one | {"quantity": "7"})
    run_import(either, [tmp_path])
    assert sorted(rows(either, "contributions", "quantity")) == [(2,), (7,)]
    assert rows(either, "contributor_spans", "quantity") == [(9,)]


def test_tables_may_come_in_any_order_and_refer_to_each_other(either: Database, tmp_path: Path) -> None:
    """The file names' order says nothing: participations stand before people and events refer to teams."""
    write_table(tmp_path, "participations", {"event_key": "e1", "person_key": "ada", "role": "speaker"})
    write_table(tmp_path, "people", {"person_key": "ada", "name": "Ada", "languages": "en;de"})
    write_table(tmp_path, "teams", {"team_key": "t", "name": "Docs", "coordinator_key": "ada"})
    write_table(tmp_path, "events", EVENT | {"team_key": "t"})
    report = run_import(either, [tmp_path])
    assert report.committed
    assert report.total("created") == 4
    assert count(either, "person_languages") == 2


def test_a_translation_may_stand_before_its_original(either: Database, tmp_path: Path) -> None:
    """References within one table are checked over the whole table."""
    one = {"title": "Guide", "language": "fr", "published_on": "2024-01-01"}
    original = {"material_key": "a", "title": "Guide", "language": "en", "published_on": "2024-01-01"}
    write_table(tmp_path, "materials", {"material_key": "b", "original_key": "a", **one}, original)
    assert run_import(either, [tmp_path]).counts["materials"].created == 2


def test_paid_amounts_are_converted_exactly_at_the_rate_of_their_day(either: Database, tmp_path: Path) -> None:
    """An unknown rate excludes the amount; the day's rate is the newest one not after it."""
    write_table(tmp_path, "program", PROGRAM)
    write_table(
        tmp_path,
        "exchange_rates",
        {"currency": "EUR", "on": "2024-01-01", "rate_to_program_currency": "1.1"},
        {"currency": "EUR", "on": "2024-02-01", "rate_to_program_currency": "1.2"},
    )
    one = {"person_key": "ada", "requested_amount": "100.10", "requested_on": "2024-01-10", "decision": "approved"}
    paid = one | {"decided_on": "2024-01-15", "approved_amount": "100.10", "paid_amount": "100.10"}
    write_table(
        tmp_path,
        "funding_requests",
        paid | {"request_key": "january", "currency": "EUR", "paid_on": "2024-01-31"},
        paid | {"request_key": "february", "currency": "EUR", "paid_on": "2024-02-01"},
        paid | {"request_key": "own", "currency": "USD", "paid_on": "2024-02-01"},
        paid | {"request_key": "unknown", "currency": "SSP", "paid_on": "2024-02-01"},
    )
    run_import(either, [tmp_path])
    converted = {row[0]: row[1] for row in rows(either, "funding_conversions", "request_key", "paid")}
    assert converted == {
        "january": Decimal("110.11"),
        "february": Decimal("120.12"),
        "own": Decimal("100.1"),
        "unknown": None,
    }


def test_a_later_rate_recomputes_what_was_unknown(either: Database, tmp_path: Path) -> None:
    """Rates that come after the requests fill the gap they left."""
    write_table(tmp_path / "a", "program", PROGRAM)
    request = {"request_key": "r", "person_key": "ada", "requested_amount": "1000", "currency": "SSP"}
    write_table(
        tmp_path / "a",
        "funding_requests",
        request | {"requested_on": "2024-01-01", "paid_amount": "1000", "paid_on": "2024-01-02"},
    )
    run_import(either, [tmp_path / "a"])
    rate = {"currency": "SSP", "on": "2023-12-31", "rate_to_program_currency": "0.0064"}
    write_table(tmp_path / "b", "exchange_rates", rate)
    run_import(either, [tmp_path / "b"])
    assert rows(either, "funding_conversions", "paid") == [(Decimal("6.4"),)]


def test_a_member_and_the_program_may_have_a_budget_for_the_same_year(either: Database, tmp_path: Path) -> None:
    """An empty person in a budget's key is a value of its own, and is found again."""
    program = {"fiscal_year": "2024", "amount": "1000", "currency": "USD", "person_key": ""}
    write_table(tmp_path, "budgets", program, program | {"person_key": "ada", "amount": "50"})
    run_import(either, [tmp_path])
    write_table(tmp_path, "budgets", program | {"amount": "2000"})
    report = run_import(either, [tmp_path])
    assert report.counts["budgets"].changed == 1
    assert sorted(rows(either, "budgets", "amount")) == [(Decimal(50),), (Decimal(2000),)]


def test_the_program_is_one_row_that_is_updated(either: Database, tmp_path: Path) -> None:
    """A second program row replaces the first, wherever it comes from."""
    write_table(tmp_path, "program", PROGRAM)
    run_import(either, [tmp_path])
    write_table(tmp_path, "program", PROGRAM | {"currency": "EUR"})
    run_import(either, [tmp_path])
    assert rows(either, "program", "currency", "min_group_size") == [("EUR", 5)]


def test_zip_workbook_and_folder_of_the_same_rows_are_the_same_import(database: Database, tmp_path: Path) -> None:
    """Three ways to hand in a bundle; the second and third change nothing."""
    row = EVENT | {"attendance": "12"}
    csv_file = write_table(tmp_path / "folder", "events", row)
    with ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.write(csv_file, "bundle/events.csv")
    book = openpyxl.Workbook()
    book.active.title = "events"
    book.active.append(list(row))
    book.active.append([*list(row.values())[:-1], 12])
    book.save(tmp_path / "bundle.xlsx")
    reports = [run_import(database, [tmp_path / name]) for name in ("folder", "bundle.zip", "bundle.xlsx")]
    assert [report.total("created") for report in reports] == [1, 0, 0]
    assert [report.total("unchanged") for report in reports] == [0, 1, 1]


def test_a_dry_run_reports_and_writes_nothing(either: Database, tmp_path: Path) -> None:
    """The report is that of the real import; the database and its version stay."""
    write_table(tmp_path, "events", EVENT)
    before = either.version()
    report = run_import(either, [tmp_path], ImportOptions(dry_run=True))
    assert report.counts["events"].created == 1
    assert not report.committed
    assert (count(either, "events"), either.version()) == (0, before)


def test_each_import_is_recorded_and_makes_a_new_data_version(either: Database, tmp_path: Path) -> None:
    """When, what, counts, checksum and who stand in `imports`."""
    write_table(tmp_path, "events", EVENT)
    report = run_import(either, [tmp_path], ImportOptions(imported_by="ada"))
    assert either.version().import_id == report.import_id
    assert rows(either, "imports", "imported_by", "format", "checksum") == [("ada", "data contract", report.checksum)]
    assert rows(either, "import_counts", "table_name", "rows_read", "created") == [("events", 1, 1)]


def test_a_missing_file_is_named(database: Database, tmp_path: Path) -> None:
    """The message says which path is not there."""
    with pytest.raises(ImportRefused, match=r"nowhere\.csv"):
        run_import(database, [tmp_path / "nowhere.csv"])


def test_a_namibian_event_is_in_namibia_and_na_elsewhere_is_text(database: Database, tmp_path: Path) -> None:
    """`NA` is a country code in a country column and text anywhere else, never a null."""
    write_table(tmp_path, "events", EVENT | {"country": "NA", "venue": "NA", "format": "NA"})
    run_import(database, [tmp_path])
    assert rows(database, "events", "country", "venue", "format") == [("NA", "NA", "NA")]


def test_hostile_text_is_stored_as_it_is(either: Database, tmp_path: Path) -> None:
    """Markup, formulas, templates, right-to-left and CJK text and long cells are text, and come back unchanged."""
    titles = [
        "<img src=x onerror=alert(1)>",
        '=HYPERLINK("http://example.org")',
        "{{ cycler.__init__.__globals__ }}",
        "مؤتمر المجتمع",
        "コミュニティの集い",
        "\u202eevil",
        "x" * 10_000,
        'quo"ted, and\nwith a line end',
        "Robert'); DROP TABLE events;--",
    ]
    write_table(tmp_path, "events", *(EVENT | {"event_key": str(n), "title": t} for n, t in enumerate(titles)))
    report = run_import(either, [tmp_path])
    assert report.committed
    assert {title for (title,) in rows(either, "events", "title")} == set(titles)
