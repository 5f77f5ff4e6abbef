"""Random bundles: validation answers with a report or a refusal, never a traceback, and never half an import."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from data_access.contract.tables import TABLES, Column, Kind
from data_access.database.engine import Database
from data_access.database.schema import metadata
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused

pytestmark = pytest.mark.slow

# No city and no point: looking places up has tests of its own.
LEFT_OUT = {"city", "home_city", "latitude", "longitude", "home_latitude", "home_longitude"}

SENSIBLE: dict[Kind, st.SearchStrategy[str]] = {
    Kind.KEY: st.sampled_from(["k1", "k2", "k3"]),
    Kind.DATE: st.sampled_from(["2024-01-01", "2024-06-30", "2023-02-28"]),
    Kind.COUNTRY: st.sampled_from(["DE", "NA", "Türkiye"]),
    Kind.LANGUAGE: st.sampled_from(["en", "pt-BR", "fra"]),
    Kind.CURRENCY: st.sampled_from(["EUR", "KES"]),
    Kind.MONEY: st.sampled_from(["0", "12.5", "1000"]),
    Kind.RATE: st.sampled_from(["1.5", "0.01"]),
    Kind.INTEGER: st.sampled_from(["1", "3"]),
    Kind.FISCAL_YEAR: st.sampled_from(["2024", "2025"]),
    Kind.FLAG: st.sampled_from(["yes", "no"]),
}
NONSENSE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "NaN",
            "-1",
            "9999-12-31",
            "2024-02-30",
            "=1+1",
            "<img src=x>",
            "\u202e",
            "null",
            "1e400",
            "²",
            "٣",
            "\ufeff",
        ]
    ),
)


def cell(column: Column) -> st.SearchStrategy[str]:
    good = st.sampled_from(column.choices) if column.choices else SENSIBLE.get(column.kind, st.just("text"))
    return st.one_of(good, good, good, NONSENSE)


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, str]:
    """Up to four tables, mostly sensible, as CSV text."""
    bundle = {}
    for name in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=4, unique=True)):
        columns = [column for column in TABLES[name].columns if column.name not in LEFT_OUT]
        rows = draw(st.lists(st.tuples(*(cell(column) for column in columns)), max_size=4))
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([column.name for column in columns])
        writer.writerows(rows)
        bundle[name] = text.getvalue()
    return bundle


def import_or_refuse(database: Database, path: Path, options: ImportOptions) -> ImportReport | str:
    """The report, or the sentence with which the source was refused; anything else raised fails the test."""
    try:
        return run_import(database, [path], options)
    except ImportRefused as refusal:
        return str(refusal)


def total_rows(database: Database) -> int:
    with database.reading() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one() for name in TABLES
        )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bundle=bundles(), skip=st.booleans())
def test_any_bundle_is_imported_whole_or_not_at_all(database: Database, bundle: dict[str, str], skip: bool) -> None:
    """Strict: with any error the database stays, as without a good row. Skipping: a second import creates nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table, text in bundle.items():
            (folder / f"{table}.csv").write_text(text, encoding="utf-8", errors="replace", newline="")
        before = (total_rows(database), database.version())
        options = ImportOptions(skip_bad_rows=skip, releases=False, rejected_dir=folder / "rejected")
        report = import_or_refuse(database, folder, options)
        if isinstance(report, str):
            assert (total_rows(database), database.version()) == before
            return
        for problem in report.problems:
            assert problem.remedy
            assert problem.problem
        if report.nothing_taken or (report.errors and not skip):
            assert not report.committed
            assert (total_rows(database), database.version()) == before
        else:
            assert report.committed
            again = run_import(database, [folder / f"{table}.csv" for table in bundle], options)
            assert again.total("created") == 0
            assert again.total("changed") == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_bytes_named_like_a_table_are_reported_or_refused(database: Database, content: bytes) -> None:
    """Whatever stands in events.csv, the answer is for people."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "events.csv"
        path.write_bytes(content)
        report = import_or_refuse(database, path, ImportOptions(dry_run=True))
        if isinstance(report, str):
            assert "events.csv" in report
        else:
            assert not report.committed
