"""Dangerous archives are refused before they are unpacked."""

from __future__ import annotations

import gzip
import itertools
import stat
import struct
import zipfile
from pathlib import Path, PurePosixPath

import openpyxl
import pytest

from data_access.database.engine import Database
from data_access.imports import files
from data_access.imports.pipeline import run_import
from data_access.imports.rows import ImportRefused

HEADER = "event_key,title,starts_on\n"


def refused(database: Database, path: Path) -> str:
    with pytest.raises(ImportRefused) as refusal:
        run_import(database, [path])
    return str(refusal.value)


@pytest.mark.parametrize(
    "name", ["../events.csv", "/etc/events.csv", "a/../../events.csv", "C:/events.csv", "..\\events.csv"]
)
def test_a_member_that_leaves_its_folder_is_refused(database: Database, tmp_path: Path, name: str) -> None:
    """Path traversal is named, and nothing is read."""
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(name, HEADER)
    assert "leaves its folder" in refused(database, tmp_path / "b.zip")


def test_a_zip_bomb_is_refused(database: Database, tmp_path: Path) -> None:
    """A member that unpacks to thousands of times its size is not opened."""
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", HEADER + "a" * 20_000_000)
    assert "zip bomb" in refused(database, tmp_path / "b.zip")


def test_a_workbook_that_is_a_zip_bomb_is_refused(database: Database, tmp_path: Path) -> None:
    """An .xlsx is a zip: it is looked at before its sheets are unpacked."""
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<a>" * 20_000_000)
    assert "zip bomb" in refused(database, tmp_path / "b.xlsx")


def workbook(path: Path, sheet: str, **parts: str) -> Path:
    """A workbook whose one sheet, `events`, has that XML."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "events"
    book.save(path.with_suffix(".good"))
    with (
        zipfile.ZipFile(path.with_suffix(".good")) as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in good.namelist():
            text = sheet if name == "xl/worksheets/sheet1.xml" else good.read(name)
            archive.writestr(name, parts.get(PurePosixPath(name).stem, text))
    return path


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
CELL = '<row r="{}"><c t="inlineStr"><is><t>{}</t></is></c></row>'
HEADS = CELL.format(1, "</t></is></c><c t='inlineStr'><is><t>".join(("event_key", "title", "starts_on")))
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij")
)


@pytest.mark.parametrize(
    ("start", "sheet", "says"),
    [
        (f"{LAUGHS}]>", CELL.format(1, "&j;"), "declares XML entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', CELL.format(1, "&a;"), "declares XML entities"),
        ('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>', CELL.format(1, ""), "XML entities"),
        ("", "<row><c", "not a readable .xlsx workbook"),
        ("", HEADS + CELL.format(2_000_000_000, "e1"), "a row beyond 1,048,576"),
    ],
    ids=["billion laughs", "a file", "another server", "torn off", "a row far away"],
)
def test_a_crafted_workbook_is_refused_with_a_sentence(
    database: Database, tmp_path: Path, start: str, sheet: str, says: str
) -> None:
    assert says in refused(database, workbook(tmp_path / "b.xlsx", start + SHEET.format(sheet)))


def test_entities_in_other_parts_of_a_workbook_are_refused_too(database: Database, tmp_path: Path) -> None:
    made = workbook(tmp_path / "b.xlsx", SHEET.format(""), workbook=f"{LAUGHS}]><workbook>&j;</workbook>")
    assert "declares XML entities" in refused(database, made)


def test_a_workbook_of_many_large_parts_is_refused(database: Database, tmp_path: Path) -> None:
    """Each part alone is below what a bomb is; together they would fill the memory."""
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(f"xl/{number}.xml", bytes(9_000_000))
    assert "too much for a workbook" in refused(database, tmp_path / "b.xlsx")


@pytest.mark.parametrize("name", ["b.zip", "b.xlsx"])
def test_a_zip_of_a_million_files_is_refused_before_its_list_is_read(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The end of the file says how long the list is."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    size = len(entry) * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, 0, 0)
    (tmp_path / name).write_bytes(entry * 1_000_000 + end)

    def read(self: zipfile.ZipFile) -> None:
        raise AssertionError("the list was read")

    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", read)
    assert "more than 500 files" in refused(database, tmp_path / name)


def test_a_link_in_a_zip_is_refused(database: Database, tmp_path: Path) -> None:
    """A symbolic link could point anywhere."""
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        link = zipfile.ZipInfo("events.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "a link" in refused(database, tmp_path / "b.zip")


def test_a_zip_in_a_zip_is_refused(database: Database, tmp_path: Path) -> None:
    """One level of packing is enough for a bundle."""
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("more.zip", b"PK")
    assert "another zip" in refused(database, tmp_path / "b.zip")


def test_a_file_over_the_limit_is_refused_before_it_is_read(database: Database, tmp_path: Path) -> None:
    """A sparse file of 2.1 GB costs nothing and is refused at once."""
    path = tmp_path / "events.csv"
    with path.open("wb") as handle:
        handle.truncate(2_100_000_000)
    assert "larger than 2 GB" in refused(database, path)


def test_a_gzip_that_unpacks_beyond_the_limit_is_stopped(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its unpacked size is not known beforehand, so reading stops at the limit."""
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 100_000)
    with gzip.open(tmp_path / "events.csv.gz", "wt") as handle:
        handle.write(HEADER + "e1,x,2024-01-01\n" * 100_000)
    assert "larger than" in refused(database, tmp_path / "events.csv.gz")


@pytest.mark.parametrize(
    ("name", "content"), [("b.zip", b"PK\x03\x04junk"), ("events.csv.gz", b"\x1f\x8bjunk"), ("b.xlsx", b"no")]
)
def test_a_damaged_archive_is_refused_in_a_sentence(
    database: Database, tmp_path: Path, name: str, content: bytes
) -> None:
    """No library's own exception reaches the user."""
    (tmp_path / name).write_bytes(content)
    assert name in refused(database, tmp_path / name)


def test_what_file_managers_add_is_left_alone(database: Database, tmp_path: Path) -> None:
    """__MACOSX and hidden files are no tables and no problem."""
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("bundle/events.csv", HEADER + "e1,x,2024-01-01\n")
        archive.writestr("__MACOSX/._events.csv", b"\0\1")
        archive.writestr("bundle/.DS_Store", b"\0")
    assert run_import(database, [tmp_path / "b.zip"]).counts["events"].created == 1


def test_sub_folders_are_read(database: Database, tmp_path: Path) -> None:
    """A folder of conferences by year and topic is one import."""
    nested = tmp_path / "conferences" / "2024"
    nested.mkdir(parents=True)
    listing = '[{"name": "PyDay", "startDate": "2024-03-01", "endDate": "2024-03-01", "url": "https://example.org"}]'
    (nested / "python.json").write_text(listing, encoding="utf-8")
    assert run_import(database, [tmp_path]).counts["events"].created == 1
