"""An attribute counts from the day of consent on; without consent it is not kept, unless nobody was asked for one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import person_attributes
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.questions.people.counts import exact_counts
from data_access.selection import Period, Selection
from tests.bundles import write_table

TODAY = date(2026, 8, 23)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def imported(database: Database, folder: Path, *said: dict[str, str], as_of: date = TODAY) -> ImportReport:
    folder.mkdir(exist_ok=True)
    rows = [{"person_key": f"p{n}", "dimension": "gender", **row} for n, row in enumerate(said)]
    write_table(folder, "people", *({"person_key": row["person_key"]} for row in rows))
    write_table(folder, "areas", {"area": "docs"})
    done = {"contributed_on": "2026-02-02", "area": "docs"}
    write_table(folder, "contributions", *({"person_key": row["person_key"], **done} for row in rows))
    write_table(folder, "person_attributes", *rows)
    report = run_import(database, [folder], ImportOptions(as_of=as_of))
    assert report.committed, report.problems
    return report


def disclosed(database: Database, day: date) -> dict[str, int]:
    """Contributors of the year by what they disclosed, on a day."""
    with database.reading() as connection:
        counts = exact_counts(connection, Selection(YEAR, day), "contributors", "")
    return {value: count for (_, _, dimension, value), count in counts.items() if dimension}


def test_an_attribute_counts_from_the_day_of_consent_on(either: Database, tmp_path: Path) -> None:
    """Consent on 1 June and on 1 July 2026: on 1 June one woman is counted, the day before none."""
    said = {"value": "woman", "consented_on": "2026-06-01"}, {"value": "woman", "consented_on": "2026-07-01"}
    imported(either, tmp_path / "bundle", *said)
    assert disclosed(either, date(2026, 5, 31)) == {}
    assert disclosed(either, date(2026, 6, 1)) == {"woman": 1, "": 1}
    assert disclosed(either, date(2026, 7, 1)) == {"woman": 2}


def test_without_consent_it_is_not_kept_and_consent_can_be_taken_back(either: Database, tmp_path: Path) -> None:
    yes, no = {"value": "man", "consented_on": "2026-01-01"}, {"value": "woman", "consented_on": ""}
    report = imported(either, tmp_path / "bundle", yes, no)
    assert (report.unconsented, report.counts["person_attributes"].created) == (1, 1)
    assert "1 attributes were left out, because their day of consent is empty" in report.in_words()
    assert disclosed(either, TODAY) == {"man": 1, "": 1}
    imported(either, tmp_path / "later", yes | {"consented_on": ""}, no)
    with either.program.connect() as connection:
        assert connection.execute(select(person_attributes)).all() == []


def test_a_file_without_the_column_asks_nobody_and_counts_as_before(either: Database, tmp_path: Path) -> None:
    """It leaves known days of consent as they are."""
    imported(either, tmp_path / "bundle", {"value": "man"}, {"value": "woman"})
    assert disclosed(either, TODAY) == {"man": 1, "woman": 1}
    dated = {"value": "man", "consented_on": "2026-09-01"}
    imported(either, tmp_path / "dated", dated, {"value": "woman", "consented_on": "2026-01-01"})
    imported(either, tmp_path / "bundle", {"value": "man"}, {"value": "woman"})
    assert disclosed(either, TODAY) == {"": 1, "woman": 1}
