"""Nothing of anybody is in what is published: every byte searched, every small count attacked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.commands.publish import publish
from data_access.answers import rows
from data_access.publishing.collect import collect
from data_access.publishing.reader import TABLES, open_publication
from data_access.publishing.rows import PublishedShare
from data_access.selection import NotAllowed, Role, Scope
from tests.data_access.publishing.attack import Truth, named, narrowed, published_counts, truth_of
from tests.leaky_program import LeakyProgram, searched
from tests.people_programs import AS_OF, PeopleProgram

pytestmark = pytest.mark.slow

SIZE = 5
Known = tuple[dict[str, pd.DataFrame], Truth]


def as_published(program: LeakyProgram, folder: Path) -> Known:
    """The tables of the publication, and what is true."""
    opened = open_publication(folder)
    tables = {name: opened.table(name) for name in TABLES}
    with program.database.reading() as connection:
        return tables, truth_of(connection, tables)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> LeakyProgram:
    return LeakyProgram(tmp_path_factory.mktemp("leaky"))


@pytest.fixture(scope="module")
def published(program: LeakyProgram, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Known]]:
    """The folder after two publications, with a small import in between, and the tables of both."""
    folder = tmp_path_factory.mktemp("site") / "public"
    publish(program.database, folder, AS_OF)
    first = as_published(program, folder)
    program.change_a_little()
    publish(program.database, folder, AS_OF)
    return folder, [first, as_published(program, folder)]


def test_no_unique_word_or_amount_of_anybody_is_in_any_byte(
    program: LeakyProgram, published: tuple[Path, list[Known]]
) -> None:
    """Names, homes, titles, teams, answers, keys, amounts: the database file, the site, the history, the downloads."""
    folder, _ = published
    size, found = searched(folder, program.unique)
    print(f"searched {size:,} bytes for {len(program.unique)} unique words in three encodings: {len(found)} found")
    assert size > 500_000
    assert len(program.unique) > 500
    assert not found


def test_the_search_finds_what_is_there(program: LeakyProgram, tmp_path: Path) -> None:
    """A check of the check: a word in the middle of a file, in either encoding."""
    (tmp_path / "a").write_bytes(b"\x00\xff" + program.unique[7].upper().encode() + b"\x00")
    (tmp_path / "b").write_bytes(program.unique[8].encode("utf-16-le"))
    assert len(searched(tmp_path, program.unique)[1]) == 2


def test_nothing_but_the_database_lies_in_the_folder(published: tuple[Path, list[Known]]) -> None:
    """No journal, no write-ahead log, and no page of the file that is free and holds old rows."""
    folder, _ = published
    content = (folder / "public.db").read_bytes()
    assert content[18:20] == b"\x01\x01"  # no write-ahead log
    assert int.from_bytes(content[36:40], "big") == 0  # free pages
    assert not list(folder.parent.glob(".public*"))
    assert not list(folder.glob("*.db-*"))


def test_no_small_count_can_be_worked_out_from_all_tables(published: tuple[Path, list[Known]]) -> None:
    """Linear programming over every range and sum of one publication, and of two in a row."""
    _, both = published
    for publications in (both[:1], both[1:], both):
        attacked, found = narrowed(publications, SIZE)
        ranges = sum(len(published_counts(tables)) for tables, _ in publications)
        print(f"{len(publications)} published: {ranges} ranges, {attacked} small ones attacked, {len(found)} resolved")
        assert attacked >= 10 * len(publications)
        assert not found


def test_the_attack_resolves_what_is_not_protected(published: tuple[Path, list[Known]]) -> None:
    """A check of the check: with the large counts exact, some of the small ones can be worked out."""
    tables, truth = published[1][0]
    shares = tables["shares"].copy()
    for at, row in enumerate(rows(PublishedShare, shares)):
        exact = truth["shares", *named(row)]
        if exact >= SIZE:
            shares.loc[at, ["at_least", "at_most"]] = exact
    assert narrowed([({**tables, "shares": shares}, truth)], SIZE)[1]


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 25))
def test_random_programs_give_nothing_away(tmp_path_factory: pytest.TempPathFactory, seed: int, count: int) -> None:
    """Collected before and after a few more people came: attacked one by one, and together."""
    folder = tmp_path_factory.mktemp("random")
    made = PeopleProgram(f"sqlite:///{folder}/p.db", seed, count)
    publications = []
    for number in (1, 2):
        with made.database.reading() as connection:
            tables = collect(connection, AS_OF).tables
            publications.append((tables, truth_of(connection, tables)))
        made.add_people(3, start=1_000 * number)
        made.built.add_import()
        made.count(number + 1)
    for some in (publications[:1], publications):
        assert not narrowed(some, SIZE)[1]


def test_the_publics_role_may_not_ask_for_what_is_collected_by_fixed_years(program: LeakyProgram) -> None:
    """Funnels and shares are published for years that do not overlap; the questions themselves stay closed."""
    from data_access.questions import QUESTIONS
    from data_access.selection import Selection

    with program.database.reading() as connection:
        for name in ("contributor_funnel", "program_funnel", "attribute_shares", "language_people"):
            with pytest.raises(NotAllowed):
                QUESTIONS[name].ask(connection, Selection(), Scope(Role.PUBLIC))
