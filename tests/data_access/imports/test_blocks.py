"""Large files, read and checked by blocks: rows, lines, messages and what is kept are those of the row way."""

from __future__ import annotations

import csv
import io
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, select

from data_access.contract.labels import Spellings
from data_access.contract.tables import TABLES
from data_access.database import bulk
from data_access.database.engine import Database
from data_access.database.schema import metadata
from data_access.imports import batches, blocks, columns, files, pipeline, stretches
from data_access.imports.batches import Batch, Block, Meter, csv_batches, in_batches
from data_access.imports.blocks import checked
from data_access.imports.columns import as_list
from data_access.imports.files import file_on_disk
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.rows import ImportRefused, Problem
from data_access.imports.validate import TableValidator

AS_OF = date(2026, 1, 1)
HEADER = list(TABLES["contributions"].column_names)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of four rows, and blocks of some of them, so that small files have all there is in large ones."""
    for module in (batches, stretches, blocks):
        monkeypatch.setattr(module, "BATCH_ROWS", 4)
    monkeypatch.setattr(batches, "LARGE_BYTES", 0)
    monkeypatch.setattr(stretches, "STRETCH_CHARACTERS", 300)
    monkeypatch.setattr(bulk, "WORTH_IT", 5)
    monkeypatch.setattr(columns, "MOST_HELD", 12)
    monkeypatch.setattr(pipeline, "refresh_read_copy", lambda *_: None)


PEOPLE = ["p1", "p2", "p3", "ßeta", " p4 ", "Ünal"]
CELLS: dict[str, list[str]] = {
    "person_key": [*PEOPLE, *PEOPLE, *PEOPLE, "", "a\tb", "x" * 201, "p\n5", "\x07"],
    "contributed_on": [
        *("2024-01-05", "2024-06-30", "2024-06-30T10:00:00+02:00", "2024-02-30", "1970-01-01", "2999-01-01"),
    ],
    "area": [
        *(
            "docs",
            "Docs",
            " code",
            "Überset\u00adzung",
            "l10n, docs",
            'the "core"',
            "CafÃ©",
            "Montr?al",
            "two\nlines",
            "",
        ),
    ],
    "team_key": ["", "", "", "t1", "t-unknown"],
    "quantity": ["1", "2", "", "0", "-3", "many", "1.500", "7.0"],
    "event_key": ["", "", "", "e-unknown"],
    "project": ["", "", "Guide", "guide", "=1+1", "”quoted”"],
}
ODD_LINES = [
    *("", " ", ",,,,,,", '"open,2024-01-05', 'a"b,c', '"a"b,2024-01-05,docs,,1,,', "p1,2024-01-05", "p1\r2024"),
    *("p1,2024-01-05,docs,,1,,,,", "p1,2024-01-05,docs,,1,,,extra", '"""",2024-01-05,docs,,1,,""'),
]


def table_in_text(random_: random.Random, *, tame: bool) -> str:
    """A contributions.csv; a tame one has few rows with errors and no odd lines."""
    header = HEADER[:] if random_.random() < 0.6 else random_.sample(HEADER, len(HEADER))
    if random_.random() < 0.2:
        header.append("remark")
    out = io.StringIO()
    ends = random_.choice(["\n", "\r\n"])
    quoted = random_.random() < 0.3
    writer = csv.writer(out, lineterminator=ends, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerow(header)
    for _ in range(random_.randrange(60)):
        if not tame and random_.random() < 0.08:
            out.write(random_.choice(ODD_LINES) + random_.choice(["\n", "\r\n", "\r"]))
            continue
        good = random_.random() < (0.9 if tame else 0.6)
        cells = {name: random_.choice(values[:3] if good else values) for name, values in CELLS.items()}
        writer.writerow([cells.get(name, "") for name in header])
    text = out.getvalue()
    return text if random_.random() < 0.8 else text.rstrip("\r\n")


def written(folder: Path, content: bytes) -> files.SourceFile:
    path = folder / "contributions.csv"
    path.write_bytes(content)
    return file_on_disk(path)


def read(file: files.SourceFile, *, by_blocks: bool) -> tuple[list[Any], int]:
    """What reading gives, batch by batch, or how it refuses; and how many rows of it came in blocks."""
    found: list[Any] = []
    in_blocks = 0
    try:
        for item in csv_batches(file, "contributions", Meter(), blocks=by_blocks):
            if isinstance(item, Problem):
                found.append(item)
                continue
            in_blocks += len(item) if isinstance(item, Block) else 0
            found += [(b.columns, [list(row) for row in b.rows], b.lines, b.names) for b in in_batches(item) if b.rows]
    except ImportRefused as refusal:
        found.append(str(refusal))
    return found, in_blocks


def test_plain_rows_come_in_blocks_and_everything_else_by_rows(tmp_path: Path) -> None:
    plain = "\n".join(f'p{n},2024-01-05,"docs, and ""more""",,1,,' for n in range(40))
    broken = '"open,2024-01-05,docs,,1,,'
    content = "\n".join([",".join(HEADER), plain, broken, plain, ""])
    file = written(tmp_path, content.encode())
    found, in_blocks = read(file, by_blocks=True)
    assert 40 < in_blocks < 80
    assert (found, 0) == read(file, by_blocks=False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    junk=st.one_of(st.just(""), st.just(""), st.text(max_size=12)),
)
@example(seed=1, encoding="utf-8", junk="\0")
@example(seed=127589, encoding="utf-8", junk="")  # a quote that is open to the end, behind a part of a batch
def test_reading_by_blocks_gives_the_rows_of_the_row_way(seed: int, encoding: str, junk: str) -> None:
    """Rows, their lines, batches and problems, whatever stands in the file."""
    text = table_in_text(random.Random(seed), tame=False)  # noqa: S311
    at = seed % (len(text) + 1)
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder), (text[:at] + junk + text[at:]).encode(encoding, "replace"))
        assert read(file, by_blocks=True)[0] == read(file, by_blocks=False)[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), mend=st.booleans())
def test_checking_by_blocks_gives_the_values_and_messages_of_the_row_way(seed: int, mend: bool) -> None:
    text = table_in_text(random.Random(seed), tame=False)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder), text.encode())
        both = []
        for by_blocks in (True, False):
            validator = TableValidator("contributions", AS_OF, Spellings(), mend_text=mend)
            items = csv_batches(file, "contributions", Meter(), blocks=by_blocks)
            both.append(list(_checked(validator, [item for item in items if isinstance(item, Batch)])))
        assert both[0] == both[1]


def _checked(validator: TableValidator, items: list[Batch]) -> Iterator[Any]:
    """Each good row with its line, and each problem, in their order by batches."""
    for item in items:
        for good, problems in checked(validator, item, set()):
            yield from problems
            yield from zip(map(int, good.lines), *map(as_list, good.columns), strict=True)


def contents(database: Database) -> dict[str, list[str]]:
    """All that the database holds, but for moments and seconds."""
    found = {}
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            kept = [each for each in table.columns if not isinstance(each.type, DateTime) and each.name != "seconds"]
            if kept:
                found[table.name] = sorted(map(repr, connection.execute(select(*kept))))
    return found


def imported(database: Database, bundle: Path, folder: Path, **options: Any) -> tuple[Any, ...]:
    """What became of an import: the report, the rejected rows, the contents."""
    shutil.rmtree(folder, ignore_errors=True)
    how = ImportOptions(rejected_dir=folder, as_of=AS_OF, imported_by="tests", releases=False, **options)
    try:
        report: Any = replace(run_import(database, [bundle], how), seconds=0.0, rejected_files=[]).as_dict()
    except ImportRefused as refusal:
        report = str(refusal)
    rejected = {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}
    return report, rejected, contents(database)


def compare(initialised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Two bundles one after the other into two databases: by blocks, and by rows."""
    random_ = random.Random(seed)  # noqa: S311
    outcomes: dict[bool, list[Any]] = {}
    bundles = []
    for number in range(2):
        bundle = tmp_path / f"bundle {seed} {number}"
        bundle.mkdir()
        (bundle / "contributions.csv").write_bytes(table_in_text(random_, tame=random_.random() < 0.7).encode())
        if random_.random() < 0.5:
            (bundle / "contributions later.csv").write_bytes(table_in_text(random_, tame=True).encode("utf-8-sig"))
        if random_.random() < 0.5:
            (bundle / "people.csv").write_text("person_key,name\np1,One\np2,n/a\np3,Three\np4,Four\n")
        bundles.append(bundle)
    options = {"skip_bad_rows": random_.random() < 0.8, "mend_text": random_.random() < 0.5}
    for by_blocks in (True, False):
        file = tmp_path / f"{seed} {by_blocks}.db"
        database = Database(f"sqlite:///{shutil.copy(initialised, file)}")
        with monkeypatch.context() as patched:
            if not by_blocks:
                patched.setattr(batches, "LARGE_BYTES", 10**12)
                patched.setattr(bulk, "WORTH_IT", 10**12)
                patched.setattr(columns, "MOST_HELD", -1)
            found = [imported(database, bundle, tmp_path / "rejected", **options) for bundle in [*bundles, bundles[0]]]
        database.close()
        outcomes[by_blocks] = found
    for (report, rejected, kept), (report_, rejected_, kept_) in zip(outcomes[True], outcomes[False], strict=True):
        assert report == report_
        assert rejected == rejected_
        for name, rows in kept.items():
            assert rows == kept_[name], name


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_reported_and_rejected_is_the_same(
    initialised_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    compare(initialised_file, tmp_path, monkeypatch, seed)


@pytest.mark.long
def test_what_is_kept_reported_and_rejected_is_the_same_for_many_bundles(
    initialised_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(100, 180):
        compare(initialised_file, tmp_path, monkeypatch, seed)


def test_indexes_are_made_again_as_they_were(initialised_file: Path, tmp_path: Path) -> None:
    """A table that was filled without its indexes has them all afterwards, and the keys stay unique."""
    database = Database(f"sqlite:///{shutil.copy(initialised_file, tmp_path / 'program.db')}")
    listed = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with database.program.connect() as connection:
        before = connection.exec_driver_sql(listed).all()
    rows = "\n".join(f"p{n % 7},2024-01-{n % 28 + 1:02},docs" for n in range(60))
    (tmp_path / "contributions.csv").write_text(f"person_key,contributed_on,area\n{rows}\n")
    report = run_import(database, [tmp_path / "contributions.csv"], ImportOptions(releases=False))
    assert report.counts["contributions"].created == 60 - 32
    with database.program.connect() as connection:
        assert connection.exec_driver_sql(listed).all() == before
    database.close()
