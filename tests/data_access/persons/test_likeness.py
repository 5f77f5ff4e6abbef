"""Who is probably one person: planted pairs are found with their evidence, and different people are not called sure."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from data_access import actions
from data_access.actions import Author
from data_access.database.engine import Database
from data_access.database.schema import people
from data_access.persons.likeness import LIKELY, POSSIBLE, STRONG, Alike, alike_among, as_person, probably_same
from data_access.persons.not_people import DEFAULT, NotPeople
from data_access.persons.spelling import account_of, folded
from data_access.selection import Role, Scope

PM = Author("pm", Scope(Role.PM))


def found(database: Database, *rows: tuple[str, str | None] | tuple[str, str | None, str]) -> list[Alike]:
    with database.writing() as connection:
        connection.execute(delete(people))
        connection.execute(
            insert(people),
            [{"person_key": row[0], "name": row[1], "home_country": row[2] if len(row) > 2 else None} for row in rows],
        )
        return probably_same(connection)


@pytest.mark.parametrize(
    ("one", "other", "strength", "words"),
    [
        (("Ada", None), ("@ada", None), STRONG, "the keys differ only in case"),
        (("josé", None), (unicodedata.normalize("NFD", "JOSÉ"), None), STRONG, "in the form of their letters"),
        (("ada-l", None), ("123+Ada-L@users.noreply.github.com", None), STRONG, "noreply address of the account ada-l"),
        (("ada@example.org", None), ("ada+events@example.org", None), STRONG, "two addresses of one mailbox"),
        (("ada.lovelace", None), ("ada.lovelace@example.org", None), LIKELY, "local part of the other’s address"),
        (("ada.lovelace@a.org", None), ("ada.lovelace@b.org", None), LIKELY, "the addresses have the same local part"),
        (("p1", "Ada Lovelace"), ("p2", "ADA  LOVELACE"), LIKELY, "both are called Ada Lovelace"),
        (("p1", "Ada Lovelace"), ("p2", "Lovelace, Ada"), LIKELY, "have the same words"),
        (("p1", "Zoé Müller"), ("p2", "Zoe Muller"), LIKELY, "have the same words"),
        (("p1", "Ada Lovelace"), ("p2", "A. Lovelace"), POSSIBLE, "may be Ada Lovelace with initials"),
        (("p1", "Ada Lovelace"), ("alovelace", None), POSSIBLE, "alovelace looks like the name Ada Lovelace"),
    ],
)  # fmt: skip
def test_the_evidence_is_told(
    database: Database, one: tuple[str, str], other: tuple[str, str], strength: str, words: str
) -> None:
    [pair] = found(database, one, other, ("someone-else", "Grace Hopper"))
    assert {pair.kept, pair.merged} == {one[0], other[0]}
    assert pair.strength == strength
    assert words in pair.evidence


@pytest.mark.parametrize(
    "rows",
    [
        [("p1", "Ada Lovelace"), ("p2", "Ada Byron")],
        [("p1", "Ada"), ("p2", "Ada")],  # a first name alone
        [("info@a.org", None), ("info@b.org", None)],
        [("p1", "Ada Lovelace"), ("p2", "Bob Lovelace")],
        [("p1", "A. Lovelace"), ("p2", "B. Lovelace")],
        [(f"p{n}", "Maria Silva") for n in range(12)],  # a common name says nothing
        [("p1", None), ("p2", None)],
        [("p1", ""), ("p2", "")],
    ],
)
def test_different_people_are_not_proposed(database: Database, rows: list[tuple[str, str | None]]) -> None:
    assert found(database, *rows) == []


def test_what_speaks_against_it_is_told_too(database: Database) -> None:
    [pair] = found(database, ("p1", "Maria Silva", "BR"), ("p2", "Maria Silva", "DE"))
    assert (pair.strength, pair.against) == (POSSIBLE, "homes in BR and DE")


def test_of_whom_more_is_known_is_kept(database: Database) -> None:
    [pair] = found(database, ("@ada", None), ("ada", "Ada", "DE"))
    assert (pair.kept, pair.merged) == ("ada", "@ada")


def test_who_was_judged_is_not_proposed_again(database: Database) -> None:
    [pair] = found(database, ("Ada", None), ("@ada", None))
    actions.say_different(database, PM, pair.kept, pair.merged)
    with database.program.connect() as connection:
        assert probably_same(connection) == []


_LOGINS = st.text("abcdefghijklmnopqrstuvwxyzéüñ", min_size=5, max_size=12)


@settings(max_examples=25, deadline=None)
@given(st.lists(_LOGINS, min_size=2, max_size=6, unique_by=lambda login: folded(login)), st.data())
def test_a_disguised_key_is_found_and_nobody_else_is_sure(logins: list[str], data: st.DataObject) -> None:
    keys = {login: login for login in logins}
    disguise = data.draw(
        st.sampled_from(
            [
                str.upper,
                str.title,
                lambda text: f"@{text}",
                lambda text: f"  {text} ",
                lambda text: f"99+{text}@users.noreply.github.com",
                lambda text: unicodedata.normalize("NFD", text).upper(),
            ]
        )
    )
    other = disguise(logins[0])
    everybody = [as_person(key, None) for key in [*keys, other] if key != other or other not in keys]
    sure = [pair for pair in alike_among(everybody) if pair.strength == STRONG]
    expected = [] if other in keys else [{logins[0], other}]
    assert [{pair.kept, pair.merged} for pair in sure] == expected


@pytest.mark.parametrize(
    "key", ["dependabot[bot]", "Renovate-Bot", "@GitHub-Actions", "49699333+dependabot[bot]@users.noreply.github.com"]
)
def test_bots_are_told_from_people(key: str) -> None:
    assert (key, None) in NotPeople(DEFAULT)


@pytest.mark.parametrize("name", ["Unknown", "N/A", " test  USER ", "ＴＢＤ"])
def test_placeholders_are_told_from_people(name: str) -> None:
    assert ("p1", name) in NotPeople(DEFAULT)


@pytest.mark.parametrize("name", ["Jennifer Null", "Robert Talbot", "Anna Unknowns", "Nadia", ""])
def test_people_are_not_taken_for_placeholders(name: str) -> None:
    assert ("p1", name) not in NotPeople(DEFAULT)


HOSTILE = ["<img src=x onerror=alert(1)>", '=HYPERLINK("x")', "\u202eשלום", "{one}", "%s'; DROP TABLE", "@", "+@x.y"]


def test_hostile_names_are_compared_as_any(database: Database) -> None:
    rows = [(text, text) for text in HOSTILE]
    pairs = found(database, *rows, *((text.upper(), f"{text} {text}") for text in HOSTILE if text.upper() != text))
    assert {frozenset((pair.kept, pair.merged)) for pair in pairs if pair.strength == STRONG} == {
        frozenset((text, text.upper())) for text in HOSTILE if text.upper() != text
    }
    assert account_of("+@x.y") == "+"
