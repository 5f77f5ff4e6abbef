"""Who may look: which addresses are the same, what each can be given, and that one program manager always stays.

Actions run on SQLite and on PostgreSQL. The program has one team, `docs`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from data_access import actions
from data_access.actions import ActionRefused, Author, Changed
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import audit
from data_access.selection import NotAllowed, Role, Scope
from data_access.viewers import KnownViewer, NotAnEmail, all_viewers, known_viewer, parse_email
from tests.team_builders import TeamBuilder

ADA = Author("ada@example.org", Scope(Role.PM))


@pytest.fixture
def program(either: Database) -> Database:
    TeamBuilder(either).add_team("docs")
    actions.set_viewer(either, ADA, "Ada@Example.org", "pm")
    return either


def look_up(program: Database, email: str) -> KnownViewer | None:
    with program.program.connect() as connection:
        return known_viewer(connection, email)


def everybody(program: Database) -> list[KnownViewer]:
    with program.program.connect() as connection:
        return all_viewers(connection)


def test_an_address_is_the_same_in_any_case_of_its_letters(program: Database) -> None:
    """Providers disagree about capitals; people do not."""
    assert look_up(program, " ADA@example.ORG ") == KnownViewer("ada@example.org", Role.PM)
    assert look_up(program, "ada@example.com") is None


@pytest.mark.parametrize(
    "alike",
    [
        "ada@example.org".replace("a", "а", 1),
        "\u212aim@example.org",
        "ADA@EXAMPLE.ORG.",
        "\xa0ada@example.org",
        "ada@example.org\u2003",
    ],
)
def test_an_address_that_only_looks_alike_is_another_one(program: Database, alike: str) -> None:
    """A Cyrillic letter, the Kelvin sign, a dot more, a space that is none of ASCII's."""
    actions.set_viewer(program, ADA, "kim@example.org", "board")
    assert look_up(program, alike) is None


@pytest.mark.parametrize(
    "email",
    [
        "\xa0a@b.org",
        "a@b.org\u2028",
        "",
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "<img src=x>@example.org",
        "a@b@c.org",
        "a@b.org\n",
    ],
)
def test_what_is_no_address_is_named_with_an_example(email: str) -> None:
    if email.endswith("\n"):
        assert parse_email(email) == "a@b.org"
        return
    with pytest.raises(NotAnEmail, match=r"is not an e-mail address. Write it like ada@example.org"):
        parse_email(email)


@pytest.mark.parametrize(
    ("email", "role", "teams", "says"),
    [
        ("nobody", "pm", (), "'nobody' is not an e-mail address"),
        ("bo@example.org", "king", (), "'king' is not a role to give. Choose pm, board, leadership or partner"),
        ("bo@example.org", "public", (), "everybody else may see what is public already"),
        ("bo@example.org", "partner", (), "A partner needs a team"),
        ("bo@example.org", "partner", ("dogs",), "There is no team 'dogs'. The teams are: docs."),
        ("bo@example.org", "board", ("docs",), "Only a partner has teams. Leave out docs"),
        ("ada@example.org", "pm", (), "ada@example.org is program manager already"),
    ],
)
def test_what_cannot_be_given_is_refused_with_value_and_remedy(
    program: Database, email: str, role: str, teams: tuple[str, ...], says: str
) -> None:
    with pytest.raises(ActionRefused, match=says.replace(".", r"\.")):
        actions.set_viewer(program, ADA, email, role, teams)
    assert len(everybody(program)) == 1


def test_roles_are_given_changed_taken_away_and_every_step_is_recorded(program: Database) -> None:
    actions.set_viewer(program, ADA, "bo@example.org", "partner", ["docs"])
    assert everybody(program)[1] == KnownViewer("bo@example.org", Role.PARTNER, ("docs",))
    assert actions.set_viewer(program, ADA, "BO@example.org", "board") == (
        "bo@example.org is now board, was partner of docs"
    )
    assert actions.remove_viewer(program, ADA, "bo@example.org") == "bo@example.org removed, was board"
    with program.program.connect() as connection:
        changes = actions.viewer_changes(connection)
        before = program.version()
    assert [change.author for change in changes] == ["ada@example.org"] * 4
    actions.undo(program, ADA, changes[0].entry_id)
    assert everybody(program)[1] == KnownViewer("bo@example.org", Role.BOARD)
    assert program.version() == before  # what the program's data says is not newer than it was
    with pytest.raises(DBAPIError), program.writing() as connection:
        connection.execute(text("DELETE FROM audit"))


def test_the_last_program_manager_stays(program: Database) -> None:
    """Neither removed, nor given another role, nor undone away."""
    with program.program.connect() as connection:
        entry = connection.execute(select(audit.c.entry_id)).scalar_one()
    attempts: list[Callable[[], object]] = [
        lambda: actions.remove_viewer(program, ADA, "ada@example.org"),
        lambda: actions.set_viewer(program, ADA, "ada@example.org", "board"),
        lambda: actions.undo(program, ADA, entry),
    ]
    for attempt in attempts:
        with pytest.raises(ActionRefused, match="is the last program manager"):
            attempt()
    assert everybody(program) == [KnownViewer("ada@example.org", Role.PM)]
    actions.set_viewer(program, ADA, "bo@example.org", "pm")
    actions.remove_viewer(program, ADA, "ada@example.org")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PM])
def test_nobody_but_the_program_manager_gives_roles(program: Database, role: Role) -> None:
    by = Author("other", Scope(role, ("docs",) if role is Role.PARTNER else ()))
    with program.program.connect() as connection:
        entry = connection.execute(select(audit.c.entry_id)).scalar_one()
    for attempt in (
        lambda: actions.set_viewer(program, by, "eve@example.org", "pm"),
        lambda: actions.remove_viewer(program, by, "ada@example.org"),
        lambda: actions.undo(program, by, entry),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_of_two_forms_opened_on_the_same_state_the_second_is_refused(program: Database) -> None:
    with program.program.connect() as connection:
        opened = actions.viewers_snapshot(connection)
    actions.set_viewer(program, ADA, "bo@example.org", "board", opened=opened)
    with pytest.raises(Changed, match=r"ada@example.org changed this on .* bo@example.org is now board"):
        actions.set_viewer(program, ADA, "bo@example.org", "leadership", opened=opened)


def test_two_program_managers_who_remove_each_other_at_once_leave_one(program: Database) -> None:
    actions.set_viewer(program, ADA, "bo@example.org", "pm")
    refused: list[Exception] = []

    def remove(email: str) -> None:
        try:
            actions.remove_viewer(program, ADA, email)
        except ActionRefused as problem:
            refused.append(problem)

    threads = [threading.Thread(target=remove, args=(email,)) for email in ("ada@example.org", "bo@example.org")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(everybody(program)), len(refused)) == (1, 1)


def test_addresses_are_in_no_read_copy_and_in_no_error(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The read copy may lie elsewhere, and errors end in logs."""
    actions.set_viewer(database, ADA, "secret.person@example.org", "pm")
    path = tmp_path_factory.mktemp("copy") / "copy.duckdb"
    write_read_copy(database.program, path)
    assert b"viewers" not in path.read_bytes()
    with pytest.raises(DBAPIError) as raised, database.writing() as connection:
        connection.execute(
            text("INSERT INTO viewers VALUES (:email, NULL, '')"), {"email": "secret.person@example.org"}
        )
    assert "secret.person" not in str(raised.value)
