"""Commits, pull requests, reviews and issues become contributions, each counted once however it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from data_access.actions import Author, undo_import
from data_access.database.engine import Database
from data_access.database.schema import areas, contributions, imports, people, source_items
from data_access.imports.live.named import sources_in_words
from data_access.selection import Role, Scope
from tests.data_access.imports.live.conftest import Adding, Syncing
from tests.data_access.imports.taking_in import rows
from tests.forge import REPOSITORY, Forge, commit, forge, issue, review

CELLS = [contributions.c[name] for name in ("person_key", "contributed_on", "area", "quantity", "project")]


@pytest.fixture
def repository() -> Iterator[Forge]:
    with forge() as made:
        yield made


def found(database: Database) -> list[tuple[str, str, str, int]]:
    listed = rows(database, *CELLS)
    assert {row[4] for row in listed} <= {"docs/guide"}
    return [(person, f"{day:%m-%d}", area, number) for person, day, area, number, _ in listed]


def test_what_a_repository_holds_becomes_contributions(
    database: Database, repository: Forge, add: Adding, synced: Syncing
) -> None:
    """Merges, machines, one's own reviews and reviews that were not sent are not counted."""
    unnamed: dict[str, Any] = {"author": None}
    cy = {"name": "Cy Ünger", "email": "Cy@Example.org", "date": "2026-06-03T23:30:00+02:00"}
    di = {"name": "Di", "email": "12+dido@users.noreply.example.com", "date": "2026-06-04T00:00:00Z"}
    repository.commits = [
        commit(1, "2026-06-02", "bo"),
        commit(2, "2026-06-01"),
        commit(3, "2026-06-01"),
        commit(4, "2026-06-01", parents=2),
        commit(5, "2026-06-01", "dependabot[bot]"),
        commit(6, "2026-06-01", "machine", author={"login": "machine", "type": "Bot"}),
        commit(7, "", commit={"author": cy}, **unnamed),
        commit(8, "", commit={"author": di}, **unnamed),
    ]
    repository.issues = [issue(1, "bo", "2026-06-01"), issue(2, "ada", "2026-06-01", pull=True)]
    repository.reviews = {
        2: [
            review(1, "bo", "2026-06-02"),
            review(2, "ada", "2026-06-02", "COMMENTED"),
            review(3, "cy", "2026-06-02", "PENDING"),
        ]
    }
    add("guide", "gitea", f"{repository.server.address}/docs/guide.git", secret_from=None)
    assert synced().outcome == "11 rows new, 0 changed, 0 hints."
    by_hash = next(key for (key,) in rows(database, people.c.person_key) if key.startswith("cy-unger-"))
    assert "example" not in by_hash
    assert found(database) == sorted(
        [
            ("ada", "06-01", "code", 3),  # two commits and a pull request
            ("bo", "06-01", "issues", 1),
            ("bo", "06-02", "code", 2),  # a commit and a review
            (by_hash, "06-03", "code", 1),  # in the author's own time
            ("dido", "06-04", "code", 1),
        ],
        key=str,
    )
    assert rows(database, areas.c.area, areas.c.is_code) == [("code", True), ("issues", False)]
    assert ("cy-unger", "Cy Ünger") in [(k[:8], n) for k, n in rows(database, people.c.person_key, people.c.name)]


def test_the_second_run_asks_only_for_what_is_new_and_adds_to_the_same_day(
    database: Database, repository: Forge, add: Adding, synced: Syncing
) -> None:
    """A commit more on a day that had two makes three; a late merge brings an old day; a changed issue counts once."""
    repository.commits = [commit(n, "2026-06-02") for n in (3, 2)] + [
        commit(n, "2026-05-01") for n in range(300, 0, -1)
    ]
    repository.commits[2:] = [commit(n, "2026-05-01") for n in range(1000, 1300)]
    repository.issues = [issue(1, "bo", "2026-06-01")]
    add("guide", "gitea", f"{repository.server.address}/docs/guide")
    synced()
    assert found(database) == [("ada", "05-01", "code", 300), ("ada", "06-02", "code", 2), ("bo", "06-01", "issues", 1)]

    repository.server.asked.clear()
    assert synced().outcome == "nothing new."
    assert [(each.path, each.query.get("since")) for each in repository.server.asked] == [
        (f"{REPOSITORY}/commits", None),
        (f"{REPOSITORY}/issues", "2026-08-20T09:58:00Z"),
    ]
    assert repository.server.asked[0].headers["if-none-match"]

    repository.commits[:0] = [commit(5, "2026-06-02"), commit(4, "2026-04-01", "bo")]
    repository.issues = [issue(1, "bo", "2026-06-01", "2026-08-21"), issue(2, "cy", "2026-08-21")]
    repository.server.asked.clear()
    assert synced().outcome == "3 rows new, 1 changed, 0 hints."
    assert f"{REPOSITORY}/commits" in repository.server.paths
    assert len(repository.server.asked) == 3  # the head, the comparison, the issues
    assert found(database) == [
        ("ada", "05-01", "code", 300),
        ("ada", "06-02", "code", 3),
        ("bo", "04-01", "code", 1),
        ("bo", "06-01", "issues", 1),
        ("cy", "08-21", "issues", 1),
    ]


def test_a_sync_can_be_undone_and_done_again(
    database: Database, repository: Forge, add: Adding, synced: Syncing
) -> None:
    """A day that it added to has its old number, and the next sync asks for all and counts what is missing, once."""
    repository.commits = [commit(1, "2026-06-02")]
    add("guide", "gitea", f"{repository.server.address}/docs/guide")
    synced()
    repository.commits[:0] = [commit(3, "2026-06-02"), commit(2, "2026-06-03", "bo")]
    repository.issues = [issue(1, "cy", "2026-08-21")]
    first, counted = found(database), sorted(rows(database, source_items.c.item))
    number = len(rows(database, imports.c.import_id))
    synced()
    second = found(database)
    assert second == [("ada", "06-02", "code", 2), ("bo", "06-03", "code", 1), ("cy", "08-21", "issues", 1)]

    for (import_id,) in reversed(rows(database, imports.c.import_id)[number:]):
        undo_import(database, Author("pm", Scope(Role.PM)), import_id)
    assert (found(database), sorted(rows(database, source_items.c.item))) == (first, counted)
    with database.program.connect() as connection:
        assert "undone; the next sync reads from the beginning" in " ".join(sources_in_words(connection))

    synced()
    assert found(database) == second
    assert synced().outcome == "nothing new."


@pytest.mark.parametrize("how", ["no comparison", "force push", "again", "removed and added"])
def test_what_is_read_from_the_beginning_again_is_not_counted_twice(
    database: Database, repository: Forge, add: Adding, synced: Syncing, how: str
) -> None:
    from data_access.imports.live.named import remove_source

    repository.commits = [commit(2, "2026-06-02"), commit(1, "2026-06-02")]
    address = f"{repository.server.address}/docs/guide"
    add("guide", "gitea", address, take="commits")
    synced()
    repository.commits.insert(0, commit(3, "2026-06-02"))
    repository.compares = how != "no comparison"
    if how == "force push":
        repository.commits = [commit(3, "2026-06-02"), commit(1, "2026-06-02")]
    if how == "removed and added":
        with database.writing() as connection:
            remove_source(connection, "guide")
        add("guide", "gitea", address, take="commits")
    assert synced(again=how == "again").went_well
    assert found(database) == [("ada", "06-02", "code", 3)]


def test_a_rate_limit_keeps_what_was_read_and_the_next_run_goes_on_from_there(
    database: Database, repository: Forge, add: Adding, synced: Syncing
) -> None:
    """Of 250 commits in three pages two were read; of 60 pull requests some reviews: nothing is asked twice."""
    repository.commits = [commit(n, "2026-06-01") for n in range(250)]
    repository.issues = [issue(n, "bo", "2026-06-01", pull=True) for n in range(1, 61)]
    repository.reviews = {n: [review(n, "cy", "2026-06-03")] for n in range(1, 61)}
    repository.limit = 3  # the head and two pages
    add("guide", "gitea", f"{repository.server.address}/docs/guide")
    first = synced()
    assert not first.went_well
    assert "asks to wait until" in first.outcome
    assert found(database) == [("ada", "06-01", "code", 200)]
    again = synced()
    assert "wants to be left alone until" in again.outcome
    assert len(repository.server.asked) == 4

    _time_passes(database)
    repository.server.asked.clear()
    repository.limit = 2 + 10  # the third page, the issues, ten of the reviews
    assert not synced().went_well
    assert repository.server.asked[0].query["page"] == "3"
    assert found(database) == [("ada", "06-01", "code", 250), ("bo", "06-01", "code", 11), ("cy", "06-03", "code", 10)]

    _time_passes(database)
    repository.server.asked.clear()
    repository.limit = 1_000
    assert synced().went_well
    assert len(repository.server.asked) == 1 + 1 + 50  # the head, the issues, the reviews that were not asked for
    assert found(database) == [("ada", "06-01", "code", 250), ("bo", "06-01", "code", 60), ("cy", "06-03", "code", 60)]


def _time_passes(database: Database) -> None:
    from data_access.database.schema import live_sources

    with database.writing() as connection:
        connection.execute(live_sources.update().values(wait_until=None))


def test_an_empty_repository_and_a_known_person_change_nothing(
    database: Database, repository: Forge, add: Adding, synced: Syncing
) -> None:
    """Whom the program knows keeps the name that it has; without a commit there is nothing to say."""
    add("guide", "gitea", f"{repository.server.address}/docs/guide")
    assert synced().outcome == "nothing new."
    assert rows(database, imports.c.kind) == []
    with database.writing() as connection:
        connection.execute(people.insert().values(person_key="ada", name="Augusta Ada King"))
    repository.commits = [commit(1, "2026-06-01")]
    synced()
    assert rows(database, people.c.name) == [("Augusta Ada King",)]
    assert rows(database, imports.c.source, imports.c.format) == [(f"guide ({repository.server.address})", "Gitea")]


def test_who_was_erased_does_not_come_back(database: Database, repository: Forge, add: Adding, synced: Syncing) -> None:
    """Neither as contributions nor in what is kept of what was counted; the numbers of others go on."""
    from data_access.persons.erase import By, erase
    from data_access.persons.held import held_about

    repository.commits = [commit(2, "2026-06-02"), commit(1, "2026-06-02", "bo")]
    add("guide", "gitea", f"{repository.server.address}/docs/guide", take="commits")
    synced()
    with database.program.connect() as connection:
        assert len(held_about(connection, "ada").tables["source_items"]) == 1
    with database.writing() as connection:
        erase(connection, ["ada"], By("pm", "pm"), date(2026, 8, 23))
    repository.commits.insert(0, commit(3, "2026-06-02"))
    repository.commits.insert(0, commit(4, "2026-06-02", "bo"))
    assert synced().went_well
    assert synced(again=True).went_well
    with database.reading() as connection:
        kept = set(connection.execute(select(source_items.c.person_key)).scalars())
        counted = dict(connection.execute(select(contributions.c.person_key, contributions.c.quantity)).all())
    assert "ada" not in kept | set(counted)
    assert counted.pop("bo") == 2
    assert list(counted.values()) == [1]


NONSENSE = {
    "a page": (b"<!DOCTYPE html><title>Sign in</title>", "a web page came instead of data"),
    "cut": (b'[{"sha": "ab', "no readable JSON"),
    "NaN": (b'[{"sha": NaN}]', "no readable JSON"),
    "deep": (b"[" * 100_000, "no readable JSON"),
    "number": (b"[" + b"9" * 5_000 + b"]", "no readable JSON"),
    "object": (b'{"message": "no"}', "not the list that its documentation describes"),
    "list of text": (b'["a"]', "not the list that its documentation describes"),
    "bytes": (b"\xff\xfe\x00", "no readable JSON"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_told_and_changes_nothing(
    database: Database, repository: Forge, add: Adding, synced: Syncing, name: str
) -> None:
    body, says = NONSENSE[name]
    good = repository.server.answer
    repository.server.answer = lambda asked: replace(good(asked), status=200, body=body, headers={})
    add("guide", "gitea", f"{repository.server.address}/docs/guide")
    done = synced()
    assert says in done.outcome
    assert done.outcome.startswith("guide")
    assert done.next_step
    assert rows(database, imports.c.kind) == []


def test_bad_values_are_the_imports_to_judge(
    database: Database, repository: Forge, add: Adding, synced: Syncing
) -> None:
    """Year 9999, no date, names of ten thousand characters, names that would be formulas, or HTML, or lines."""
    repository.commits = [
        commit(1, "2026-06-01", "x" * 10_000),
        commit(2, "soon"),
        commit(3, "2026-06-01", "=1+1"),
        commit(4, "2026-06-01", '<img src=x onerror="1">'),
        commit(5, "2026-06-01", 'a\nb,"c";\'d\0'),
        commit(6, "2026-06-01"),
        commit(7, "2026-06-01", commit="?", author=7),
        commit(8, "9999-12-31"),
    ]
    add("guide", "gitea", f"{repository.server.address}/docs/guide", take="commits")
    strict = synced()
    assert not strict.went_well
    assert "errors in what it answered" in strict.outcome
    assert "--skip-bad-rows" in strict.next_step
    assert found(database) == []
    skipped = synced(skip_bad_rows=True)
    assert skipped.went_well
    kept = found(database)
    assert ("ada", "06-01", "code", 1) in kept
    assert ("=1+1", "06-01", "code", 1) in kept
    assert not [row for row in kept if len(row[0]) > 200]


def test_addresses_as_people_copy_them() -> None:
    from data_access.imports.live.forge import GITEA, GITHUB
    from data_access.imports.live.refusals import LiveRefused

    assert GITHUB.address("https://github.com/o/r.git") == "https://api.github.com/repos/o/r"
    assert GITHUB.address("https://api.github.com/repos/o/r") == "https://api.github.com/repos/o/r"
    assert GITHUB.address("https://git.example.org/o/r") == "https://git.example.org/api/v3/repos/o/r"
    assert GITEA.address("https://git.example.org/sub/o/r/") == "https://git.example.org/sub/api/v1/repos/o/r"
    assert GITEA.address("https://git.example.org/api/v1/repos/o/r") == "https://git.example.org/api/v1/repos/o/r"
    with pytest.raises(LiveRefused, match="no address of a repository"):
        GITHUB.address("https://github.com/o")
