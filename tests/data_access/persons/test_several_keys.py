"""One person under several keys: counted as one from the beginning, kept so by imports, and to be taken back whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data_access import actions
from data_access.actions import ActionRefused, Author, Changed, undo, undo_import
from data_access.database.engine import Database
from data_access.database.schema import contributions, contributor_spans, funding_requests, metadata, people, teams
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.migrations.migrate import initialise
from data_access.persons.held import UnknownPerson, held_about
from data_access.selection import NotAllowed, Role, Scope
from tests.bundles import write_table
from tests.data_access.persons.program import every_text

TODAY = date(2026, 9, 15)
PM = Author("pm", Scope(Role.PM))
ADA, LOGIN, OTHERS = "ada", "7+Ada@users.noreply.github.com", ("bo", "cy")
# Records of what was done or looked up, and how one person's rows came: no number is made of them.
LOG = {"imports", "import_counts", "import_problems", "import_images", "audit", "places", "reads"}
LOG |= {name for name in metadata.tables if name.startswith("release")}
OWN = {"person_aliases", "rows_as_given", "different_people", "not_people"}
Rows = list[dict[str, str]]
Tables = dict[str, Rows]


def contents(database: Database, *, without: set[str] = LOG) -> dict[str, list[str]]:
    """Every row of every table, derived ones included."""
    with database.program.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name not in without
        }


def imports(database: Database, folder: Path, tables: Tables, **options: Any) -> ImportReport:
    for name, rows in tables.items():
        write_table(folder, name, *rows)
    report = run_import(database, [folder], ImportOptions(as_of=TODAY, releases=False, **options))
    assert report.committed, report.in_words()
    return report


def fixed_tables() -> Tables:
    home = {"home_country": "DE", "languages": "de;en", "joined_on": "2025-01-01", "name": "Ada Lovelace"}
    return {
        "program": [{"name": "Own", "currency": "EUR", "active_min": "2", "core_min": "4"}],
        "areas": [{"area": "code", "is_code": "yes"}, {"area": "docs", "is_code": "no"}],
        "cohorts": [{"cohort_key": "c1", "name": "First"}],
        "people": [{"person_key": ADA, **home}, *({"person_key": key} for key in OTHERS)],
        "teams": [{"team_key": "t1", "name": "Docs", "area": "docs"}],
        "events": [
            {"event_key": f"e{n}", "title": f"Meetup {n}", "starts_on": f"2026-05-0{n}", "status": "held"}
            for n in (1, 2, 3)
        ],
        "person_attributes": [{"person_key": ADA, "dimension": "gender", "value": "woman"}],
    }


@st.composite
def one_and_two(draw: st.DrawFn) -> tuple[Tables, Tables]:
    """A program in which Ada is one person, and the same one with each of her rows under one of two keys, or both."""
    one, two = fixed_tables(), fixed_tables()
    two["people"].append({"person_key": LOGIN, "name": "A. Lovelace"})
    who = st.sampled_from((ADA, ADA, *OTHERS))
    days = st.integers(1, 28).map(lambda day: f"2026-0{day % 8 + 1}-{day:02}")

    def add(name: str, row: dict[str, str], *columns: str, shared: bool = False) -> None:
        one.setdefault(name, []).append(row)
        keys = draw(st.sampled_from([[ADA], [LOGIN]] + ([[ADA, LOGIN]] if shared else [])))
        for key in keys:
            disguised = row | {column: key for column in columns if row[column] == ADA}
            if disguised not in two.setdefault(name, []):
                two[name].append(disguised)

    for key in {
        (draw(who), draw(days), draw(st.sampled_from(("code", "docs")))) for _ in range(draw(st.integers(1, 9)))
    }:
        quantity = draw(st.integers(1, 4))
        row = {
            "person_key": key[0],
            "contributed_on": key[1],
            "area": key[2],
            "team_key": draw(st.sampled_from(("", "t1"))),
        }
        one.setdefault("contributions", []).append(row | {"quantity": str(quantity)})
        mine = draw(st.integers(0, quantity)) if key[0] == ADA else quantity
        for person, part in ((key[0], mine), (LOGIN, quantity - mine)):
            if part:
                two.setdefault("contributions", []).append(row | {"person_key": person, "quantity": str(part)})
    for event, person in {(draw(st.sampled_from("123")), draw(who)) for _ in range(3)}:
        row = {"event_key": f"e{event}", "person_key": person, "role": "speaker", "language": "de"}
        add("participations", row, "person_key", shared=True)
    for number in range(draw(st.integers(1, 4))):
        asked = {"requested_amount": "100", "currency": "EUR", "requested_on": draw(days), "decision": "pending"}
        add("funding_requests", {"request_key": f"r{number}", "person_key": draw(who), **asked}, "person_key")
        person, applied = draw(who), {"cohort_key": "c1", "applied_on": "2026-01-02", "decision": "accepted"}
        add("applications", {"application_key": f"a{number}", "person_key": person, **applied}, "person_key")
    add("memberships", {"membership_key": "m", "person_key": ADA, "started_on": "2026-02-01"}, "person_key")
    add("mentorships", {"mentor_key": ADA, "mentee_key": "bo", "started_on": "2026-03-01"}, "mentor_key", shared=True)
    guide = {"title": "Guide", "language": "de", "published_on": "2026-04-04"}
    add("materials", {"material_key": "g", "author_key": draw(who), **guide}, "author_key")
    add("budgets", {"fiscal_year": "2026", "amount": "500", "currency": "EUR", "person_key": ADA}, "person_key")
    return one, two


def check(one: Database, two: Database, folder: Path, tables: tuple[Tables, Tables]) -> None:
    imports(one, folder / "one", tables[0])
    imports(two, folder / "two", tables[1])
    before = contents(two)
    actions.merge_people(two, PM, LOGIN, ADA)
    merged = contents(two)
    assert contents(two, without=LOG | OWN) == contents(one, without=LOG | OWN)
    report = run_import(two, [folder / "two"], ImportOptions(as_of=TODAY, releases=False))
    assert (report.committed, report.total("created"), report.total("changed")) == (True, 0, 0), report.in_words()
    assert contents(two) == merged
    actions.split_person(two, PM, LOGIN)
    assert contents(two) == before


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(one_and_two())
def test_a_merged_person_is_as_one_from_the_beginning_and_comes_apart_whole(
    tmp_path_factory: pytest.TempPathFactory, tables: tuple[Tables, Tables]
) -> None:
    folder = tmp_path_factory.mktemp("persons")
    one, two = (Database(f"sqlite:///{folder / name}.db") for name in ("one", "two"))
    for database in (one, two):
        initialise(database.program)
    check(one, two, folder, tables)
    for database in (one, two):
        database.close()


def under_two_keys() -> Tables:
    """Ada under both keys in every table: what both have, and what one has alone."""
    tables = fixed_tables()
    tables["people"].append({"person_key": LOGIN, "name": "A. Lovelace"})
    day = {"contributed_on": "2026-05-01", "area": "code", "team_key": "t1"}
    tables["contributions"] = [
        {"person_key": ADA, "quantity": "2", **day},
        {"person_key": LOGIN, "quantity": "3", **day},
        {"person_key": "bo", "quantity": "1", **day},
    ]
    tables["funding_requests"] = [
        {"request_key": "r1", "person_key": LOGIN, "requested_amount": "100", "currency": "EUR",
         "requested_on": "2026-05-01", "decision": "pending"}
    ]  # fmt: skip
    tables["mentorships"] = [{"mentor_key": ADA, "mentee_key": LOGIN, "started_on": "2026-01-01"}]
    tables["teams"] = [{"team_key": "t1", "name": "Docs", "area": "docs", "coordinator_key": LOGIN,
                        "coordinator_appointed_on": "2026-01-01"}]  # fmt: skip
    return tables


@pytest.fixture
def program(either: Database, tmp_path: Path) -> Database:
    imports(either, tmp_path / "first", under_two_keys())
    return either


def value(database: Database, statement: Any) -> Any:
    with database.program.connect() as connection:
        return connection.execute(statement).scalar()


def quantity(database: Database, key: str) -> Any:
    return value(database, select(contributor_spans.c.quantity).where(contributor_spans.c.person_key == key))


def newest_entry(database: Database) -> int:
    with database.program.connect() as connection:
        return actions.persons_changes(connection)[0].entry_id


def test_amounts_of_both_keys_are_added_up_and_a_file_with_one_key_changes_its_part(
    program: Database, tmp_path: Path
) -> None:
    before = contents(program)
    said = actions.merge_people(program, PM, LOGIN, ADA)
    assert said == f"{LOGIN} and ada are one person now, under ada."
    assert quantity(program, ADA) == 5
    assert value(program, select(teams.c.coordinator_key)) == ADA
    assert value(program, select(funding_requests.c.person_key)) == ADA
    assert value(program, select(metadata.tables["mentorships"])) is None
    row = {"person_key": LOGIN, "contributed_on": "2026-05-01", "area": "code", "team_key": "t1", "quantity": "10"}
    undone = imports(program, tmp_path / "more", {"contributions": [row, row | {"contributed_on": "2026-05-02"}]})
    assert quantity(program, ADA) == 22
    assert value(program, select(people.c.person_key).where(people.c.person_key == LOGIN)) is None
    undo_import(program, PM, undone.import_id or 0)
    assert quantity(program, ADA) == 5
    entry = newest_entry(program)
    undo(program, PM, entry)
    assert contents(program) == before


def test_what_came_after_a_merge_is_split_too(program: Database, tmp_path: Path) -> None:
    actions.merge_people(program, PM, LOGIN, ADA)
    row = {"person_key": LOGIN, "contributed_on": "2026-06-01", "area": "docs", "quantity": "7"}
    asked = under_two_keys()["funding_requests"][0] | {"request_key": "r2"}
    brought = imports(program, tmp_path / "more", {"contributions": [row], "funding_requests": [asked]})
    actions.split_person(program, PM, LOGIN)
    assert (quantity(program, ADA), quantity(program, LOGIN)) == (2, 10)
    assert value(program, select(funding_requests.c.person_key).where(funding_requests.c.request_key == "r2")) == LOGIN
    with pytest.raises(ActionRefused, match=r"said who is one person since, on .* split from ada\. Undo that first"):
        undo_import(program, PM, brought.import_id or 0)


def test_an_import_is_not_undone_under_a_merge(program: Database) -> None:
    actions.merge_people(program, PM, LOGIN, ADA)
    with pytest.raises(ActionRefused, match=r"merged into ada\. Undo that first"):
        undo_import(program, PM, 1)
    undo(program, PM, newest_entry(program))
    undo_import(program, PM, 1)


def test_a_chain_comes_apart_link_by_link(program: Database) -> None:
    before = contents(program)
    actions.merge_people(program, PM, LOGIN, ADA)
    first = newest_entry(program)
    actions.merge_people(program, PM, ADA, "bo")
    assert quantity(program, "bo") == 6
    undo(program, PM, first)
    assert (quantity(program, "bo"), quantity(program, LOGIN)) == (3, 3)
    actions.split_person(program, PM, ADA)
    assert contents(program) == before


def test_only_the_manager_says_it_and_whoever_comes_second_is_told(program: Database) -> None:
    for role in (Role.BOARD, Role.LEADERSHIP, Role.PARTNER):
        with pytest.raises(NotAllowed):
            actions.merge_people(program, Author("x", Scope(role, teams=("t1",))), LOGIN, ADA)
    actions.merge_people(program, PM, LOGIN, ADA)
    with pytest.raises(Changed, match=r"pm, .*merged into ada\. Nothing was changed"):
        actions.merge_people(program, PM, LOGIN, "bo")
    with pytest.raises(ActionRefused, match="Nobody has the key 'nobody'"):
        actions.merge_people(program, PM, "nobody", ADA)
    with pytest.raises(ActionRefused, match="with themselves"):
        actions.merge_people(program, PM, ADA, ADA)


def test_who_is_not_the_same_stays_so_until_it_is_undone(program: Database) -> None:
    actions.say_different(program, PM, LOGIN, ADA)
    with pytest.raises(ActionRefused, match=r"are not the same\. Undo that first"):
        actions.merge_people(program, PM, LOGIN, ADA)
    undo(program, PM, newest_entry(program))
    actions.merge_people(program, PM, LOGIN, ADA)


def test_a_decision_on_a_merged_persons_request_is_undone_as_any(program: Database) -> None:
    with program.program.connect() as connection:
        opened = actions.request_snapshot(connection, "r1")
    entry = actions.decline(program, PM, "r1", opened=opened, today=TODAY, reason="Too far")
    actions.merge_people(program, PM, LOGIN, ADA)
    undo(program, PM, entry)
    assert value(program, select(funding_requests.c.decision)) == "pending"


# ---- a person's rights ---------------------------------------------------------------------------------------


def test_all_that_came_under_any_key_is_shown_and_erased_with_the_person(program: Database, tmp_path: Path) -> None:
    actions.merge_people(program, PM, LOGIN, ADA)
    with program.program.connect() as connection:
        held = held_about(connection, ADA)
        with pytest.raises(UnknownPerson, match="was merged into ada"):
            held_about(connection, LOGIN)
    assert held.tables["person_aliases"] == [{"alias_key": LOGIN, "kept_key": ADA}]
    assert "A. Lovelace" in held.as_json()
    actions.erase_person(program, PM, ADA, typed=ADA, today=TODAY, rejected=tmp_path / "none")
    left = {where for where, text in every_text(program) if "lovelace" in text.lower() or LOGIN in text or text == ADA}
    assert left <= {"released_rows.row"}
    report = imports(program, tmp_path / "first", {})
    assert report.left_out
    assert value(program, select(people.c.person_key).where(people.c.person_key.in_((ADA, LOGIN)))) is None
    erased = value(program, select(people.c.person_key).where(people.c.person_key.startswith("erased-")))
    with pytest.raises(ActionRefused, match="Who was erased is not merged"):
        actions.merge_people(program, PM, erased, "bo")


def test_consent_withdrawn_under_one_key_is_withdrawn(program: Database, tmp_path: Path) -> None:
    actions.merge_people(program, PM, LOGIN, ADA)
    gone = {"person_key": LOGIN, "dimension": "gender", "value": "woman", "consented_on": ""}
    other = {"person_key": "bo", "dimension": "gender", "value": "man", "consented_on": "2026-01-01"}
    imports(program, tmp_path / "more", {"person_attributes": [gone, other]})
    assert value(program, select(metadata.tables["person_attributes"].c.person_key)) == "bo"
    actions.split_person(program, PM, LOGIN)
    assert value(program, select(metadata.tables["person_attributes"].c.person_key)) == "bo"


# ---- what is no person ---------------------------------------------------------------------------------------


BOT = "dependabot[bot]"


def with_bots() -> Tables:
    tables = under_two_keys()
    tables["people"] += [
        {"person_key": BOT},
        {"person_key": "x1", "name": "N/A"},
        {"person_key": "x2", "name": "Test User"},
    ]
    day = {"contributed_on": "2026-05-01", "area": "code", "quantity": "50"}
    tables["contributions"] += [{"person_key": key, **day} for key in (BOT, "x1", "x2")]
    tables["memberships"] = [{"membership_key": "m2", "person_key": "x2", "started_on": "2026-01-01"}]
    return tables


def test_bots_and_placeholders_are_counted_among_no_people_until_the_list_lets_them(
    either: Database, tmp_path: Path
) -> None:
    report = imports(either, tmp_path / "bots", with_bots())
    assert report.set_apart == 4
    with either.program.connect() as connection:
        keys = set(connection.execute(select(people.c.person_key)).scalars())
    # x2 is a member: a person, whatever they are called.
    assert keys == {ADA, LOGIN, "bo", "cy", "x2"}
    before = contents(either)
    again = imports(either, tmp_path / "bots", {})
    assert not again.total("created")
    assert contents(either) == before
    actions.change_not_people(either, PM, ["n/a", "  bo  "])
    assert value(either, select(people.c.person_key).where(people.c.person_key == BOT)) == BOT
    assert (quantity(either, BOT), quantity(either, "bo")) == (50, None)
    assert not value(either, select(contributions.c.quantity).where(contributions.c.person_key == "bo"))
    undo(either, PM, newest_entry(either))
    assert contents(either, without=LOG | {"not_people"}) == {
        name: rows for name, rows in before.items() if name != "not_people"
    }


def test_an_import_with_bots_is_undone_whole(either: Database, tmp_path: Path) -> None:
    before = contents(either)
    report = imports(either, tmp_path / "bots", with_bots())
    undo_import(either, PM, report.import_id or 0)
    assert contents(either) == before


def test_bots_that_only_contributions_name_are_not_made_people(either: Database, tmp_path: Path) -> None:
    row = {"contributed_on": "2026-05-01", "area": "code"}
    report = imports(
        either, tmp_path / "bare", {"contributions": [{"person_key": BOT, **row}, {"person_key": "eve", **row}]}
    )
    assert (report.created_people, report.set_apart) == (1, 1)


@pytest.mark.parametrize("line", ["*", " ** ", "x" * 201, "a\x00b"])
def test_a_line_that_means_everybody_or_nothing_is_refused(either: Database, line: str) -> None:
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        actions.change_not_people(either, PM, [line])
