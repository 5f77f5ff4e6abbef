"""Nothing of anybody is in what is published: every byte searched, every number of people one that was released."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.commands.publish import publish
from dashboard.commands.release import release
from data_access.answers import rows
from data_access.publishing.reader import TABLES, open_publication
from data_access.publishing.rows import PublishedLanguage, PublishedShare, PublishedStep, PublishedTrend
from data_access.release.project import tables_of_answers
from tests.leaky_program import LeakyProgram, searched
from tests.people_programs import AS_OF

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> LeakyProgram:
    return LeakyProgram(tmp_path_factory.mktemp("leaky"), count=40)


@pytest.fixture(scope="module")
def folder(program: LeakyProgram, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder, after a small import that came too late for the release."""
    folder = tmp_path_factory.mktemp("site") / "public"
    release(program.database, AS_OF)
    program.change_a_little()
    release(program.database, AS_OF)
    publish(program.database, folder)
    return folder


def test_no_unique_word_or_amount_of_anybody_is_in_any_byte(program: LeakyProgram, folder: Path) -> None:
    """Names, homes, titles, teams, answers, keys, amounts: the database file, the site, the downloads."""
    size, found = searched(folder, program.unique)
    print(f"searched {size:,} bytes for {len(program.unique)} unique words in three encodings: {len(found)} found")
    assert size > 500_000
    assert len(program.unique) > 250
    assert not found


def test_the_search_finds_what_is_there(program: LeakyProgram, tmp_path: Path) -> None:
    """A check of the check: a word in the middle of a file, in either encoding."""
    (tmp_path / "a").write_bytes(b"\x00\xff" + program.unique[7].upper().encode() + b"\x00")
    (tmp_path / "b").write_bytes(program.unique[8].encode("utf-16-le"))
    assert len(searched(tmp_path, program.unique)[1]) == 2


def test_nothing_but_the_database_lies_in_the_folder(folder: Path) -> None:
    """No journal, no write-ahead log, and no page of the file that is free and holds old rows."""
    content = (folder / "public.db").read_bytes()
    assert content[18:20] == b"\x01\x01"  # no write-ahead log
    assert int.from_bytes(content[36:40], "big") == 0  # free pages
    assert not list(folder.parent.glob(".public*"))
    assert not list(folder.glob("*.db-*"))


def test_every_range_of_people_is_one_that_was_released(program: LeakyProgram, folder: Path) -> None:
    """So the publication tells nothing beyond the release, which is attacked by tests of its own."""
    released = set(_released_ranges(program))
    published = set(_published_ranges(folder))
    print(f"{len(published)} different ranges of people published, {len(released)} released")
    assert len(published) > 5
    assert published <= released


def _published_ranges(folder: Path) -> Iterator[tuple[int, int]]:
    opened = open_publication(folder)
    tables = {name: opened.table(name) for name in TABLES}
    yield from ((row.at_least, row.at_most) for row in rows(PublishedShare, tables["shares"]))
    yield from ((row.at_least, row.at_most) for row in rows(PublishedStep, tables["funnel"]))
    for trend in rows(PublishedTrend, tables["trends"]):
        if trend.measure == "active_contributors":
            yield trend.at_least, trend.at_most
    for language in rows(PublishedLanguage, tables["languages"]):
        if (ends := language.range("people")) and language.people_at_least:
            yield ends


def _released_ranges(program: LeakyProgram) -> Iterator[tuple[int, int]]:
    with closing(sqlite3.connect(program.database.release_file or "")) as connection:
        for table in tables_of_answers().values():
            if {"at_least", "at_most"} <= set(table.columns.keys()):
                yield from connection.execute(
                    f'SELECT DISTINCT at_least, at_most FROM "{table.name}" WHERE place >= 0'  # noqa: S608
                )
