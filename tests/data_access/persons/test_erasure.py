"""A person is shown whole, erased without a trace, and not brought back; the numbers stay, on both databases."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError

from data_access.actions import ActionRefused, Author, erase_person, undo
from data_access.answers import Amount, Change, Count, Day, Number, Share
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import (
    audit,
    contributions,
    funding_requests,
    import_problems,
    metadata,
    people,
    stop_list,
    teams,
)
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.persons.belonging import DEPENDENT, KEPT_OF_PEOPLE, PERSON_TABLES, free_texts, person_columns
from data_access.persons.held import held_about
from data_access.questions import QUESTIONS
from data_access.release.project import write_release
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from sample_data.generator import AS_OF, write_program
from tests.data_access.persons.program import (
    ADA,
    HERS,
    NAME,
    PM,
    TODAY,
    build,
    every_text,
    imported,
    where_she_is,
    write_bundle,
)


def erase(database: Database, folder: Path) -> str:
    return erase_person(database, PM, ADA, typed=ADA, today=TODAY, rejected=folder / "rejected")


# ---- no table is forgotten -----------------------------------------------------------------------------------


def test_every_column_that_can_hold_a_key_of_a_person_is_found() -> None:
    """Whatever it is called, a reference to people is one; and what is called like one is one without a reference."""
    named = {"person_key", "author_key", "mentor_key", "mentee_key", "coordinator_key"}
    named |= {"coordinator_technical", "coordinator_community"}
    expected = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in named or any(key.column.table is people for key in column.foreign_keys)
    }
    assert {str(column) for found in PERSON_TABLES.values() for column in found} == expected
    assert {"ledger", "budget_conversions", "team_contributors"} <= {table.name for table in PERSON_TABLES}
    assert {table.name for table in DEPENDENT} == {
        "application_reviews",
        "funding_conversions",
        "recorded_payments",
    }
    assert person_columns(metadata.tables["viewers"]) == []


def test_what_a_table_says_in_free_text_goes_and_of_people_only_what_is_counted_stays() -> None:
    assert free_texts(metadata.tables["memberships"]) == {"hired_by": None}
    assert free_texts(metadata.tables["materials"]) == {"title": "Erased", "url": None}
    assert free_texts(metadata.tables["teams"]) == {}
    assert {"person_key", "joined_on", "entry_channel"} == KEPT_OF_PEOPLE


def test_all_that_is_held_is_shown(either: Database, tmp_path: Path) -> None:
    """Every column of the whole database in which a search finds Ada is in her export."""
    build(either, tmp_path / "bundle")
    with either.program.connect() as connection:
        held = held_about(connection, ADA)
    exported = json.loads(held.as_json())
    shown = {f"{table}.{name}" for table, rows in exported["tables"].items() for row in rows for name in row}
    shown |= {f"{found['table']}.{found['column']}" for found in exported["named_in"]}
    assert where_she_is(either) <= shown
    assert {"audit.before", "audit.after", "audit.note", "team_risks.risk", "team_stages.note"} <= shown
    assert {"import_problems.value", "reads.about"} <= shown
    assert exported["tables"]["funding_conversions"][0]["paid"] == "70"
    text = held.as_text()
    assert text.startswith(f"{ADA}: {NAME}\n")
    assert "hired_by: zqhirer" in text
    assert "None" not in text


# ---- erased ----------------------------------------------------------------------------------------------------


def test_nothing_of_her_is_left_and_an_old_file_does_not_bring_it_back(either: Database, tmp_path: Path) -> None:
    """Neither in a cell of any table nor in a rejected file; and the same bundle, imported again, changes nothing."""
    build(either, tmp_path / "bundle")
    assert len(where_she_is(either)) > 20
    assert NAME in (tmp_path / "rejected" / "challenges.csv").read_text()
    counted = numbers_of(either)
    assert "1 rows were taken out of the rejected files" in erase(either, tmp_path)
    assert where_she_is(either) == set()
    assert list((tmp_path / "rejected").iterdir()) == []
    assert numbers_of(either) == counted
    report = imported(either, tmp_path / "bundle")
    # Of her: one person, attribute, application, membership, participation, material, budget, mentorship, two requests
    # and four contributions; the rejected challenge comes back without her name.
    assert report.left_out == 14
    assert report.total("created") == report.total("changed") == 0
    assert numbers_of(either) == counted
    assert where_she_is(either) == set()
    assert "[erased]" in (tmp_path / "rejected" / "challenges.csv").read_text()


def numbers_of(database: Database) -> dict[str, object]:
    """What is counted, of all tables that erasing leaves their rows; and the money."""
    gone = {"person_attributes", "person_languages", "audit", "imports", "import_counts", "import_problems", "reads"}
    gone |= {"import_images"}  # what stood before an import could bring her back
    counted: dict[str, object] = {}
    with database.program.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name not in gone | {"stop_list", "stop_list_salt", "people_counts"}:
                counted[table.name] = connection.execute(select(func.count()).select_from(table)).scalar_one()
        asked = funding_requests.c
        counted["paid"] = connection.execute(select(func.sum(asked.paid_amount))).scalar_one()
        counted["approved"] = connection.execute(select(func.sum(asked.approved_amount))).scalar_one()
        counted["contributions"] = connection.execute(select(func.sum(contributions.c.quantity))).scalar_one()
        counted["coordinated"] = connection.execute(
            select(func.count()).select_from(teams).where(teams.c.coordinator_key.is_not(None))
        ).scalar_one()
    return counted


def test_her_file_holds_no_byte_of_her(database: Database, tmp_path: Path) -> None:
    """What was deleted is overwritten: in the file, its log, and the copy and the release that are written again."""
    build(database, tmp_path / "bundle")
    erase(database, tmp_path)
    write_read_copy(database.program, tmp_path / "copy.duckdb")
    write_release(database)
    database.close()
    files = [*Path(str(database.program.url.database)).parent.iterdir(), tmp_path / "copy.duckdb"]
    content = b"".join(path.read_bytes() for path in files).lower()
    assert [word for word in HERS[:-1] if word.encode() in content] == []


def test_the_new_key_is_random_and_no_record_leads_to_it(either: Database, tmp_path: Path) -> None:
    """The audit says that a person was erased, by whom and when; not who, and not under which key."""
    build(either, tmp_path / "bundle")
    erase(either, tmp_path)
    with either.program.connect() as connection:
        new = connection.execute(select(people.c.person_key).where(people.c.name == "Erased person")).scalar_one()
        entry = connection.execute(select(audit).where(audit.c.subject == "person")).one()
        hashes = connection.execute(select(stop_list.c.key_hash)).scalars().all()
    assert new.startswith("erased-")
    assert len(new) == 23
    assert (entry.author, entry.role, entry.action, entry.subject_key, entry.before, entry.after) == (
        *("pm@example.org", "pm", "erased", "", "null"),
        '{"people": 1}',
    )
    assert len(hashes) == 3
    assert new.removeprefix("erased-") not in "".join(hashes)
    assert {where.split(".")[0] for where, text in every_text(either) if new in text} <= {
        *(table.name for table in PERSON_TABLES),
        "audit",  # as the coordinator she was
    }


def test_what_was_recorded_about_her_stands_and_can_be_undone(either: Database, tmp_path: Path) -> None:
    """The coordinator stays recorded under the new key: no file takes it back, and undoing it works as before."""
    build(either, tmp_path / "bundle")
    erase(either, tmp_path)
    with either.program.connect() as connection:
        appointed = select(audit.c.entry_id).where(audit.c.subject == "coordinator")
        entry = connection.execute(appointed).scalar_one()
    assert imported(either, tmp_path / "bundle").clashes != []
    undo(either, PM, entry)
    with either.program.connect() as connection:
        keys = dict(connection.execute(select(teams.c.team_key, teams.c.coordinator_key)).all())
    assert keys["l10n"] == "bob"
    assert keys["docs"].startswith("erased-")


def test_the_audit_is_closed_again(either: Database, tmp_path: Path) -> None:
    build(either, tmp_path / "bundle")
    erase(either, tmp_path)
    with pytest.raises(DBAPIError, match="only ever added"), either.writing() as connection:
        connection.execute(update(audit).values(author="nobody"))


def test_rows_that_come_later_are_left_out_too(database: Database, tmp_path: Path) -> None:
    """A row of a new file about her, bad or good, is neither kept nor reported nor put aside."""
    build(database, tmp_path / "bundle")
    erase(database, tmp_path)
    (tmp_path / "more").mkdir()
    head = "person_key,contributed_on,area\n"
    (tmp_path / "more" / "contributions.csv").write_text(f"{head}{ADA},not a day,docs\n {ADA} ,2026-08-02,docs\n")
    (tmp_path / "more" / "teams.csv").write_text(f"team_key,name,coordinator_key\nnew,New,{ADA}\ndocs,Docs,{ADA}\n")
    report = run_import(database, [tmp_path / "more"], ImportOptions(as_of=TODAY))
    assert (report.committed, report.problems, report.left_out, report.total("created")) == (True, [], 2, 1)
    assert "2 rows about people who were erased were left out" in report.in_words()
    with database.program.connect() as connection:
        keys = dict(connection.execute(select(teams.c.team_key, teams.c.coordinator_key)).all())
    assert keys["new"] is None
    assert keys["docs"].startswith("erased-")
    assert where_she_is(database) == set()


def test_who_was_erased_cannot_be_erased_again_and_nobody_is_erased_by_mistake(
    database: Database, tmp_path: Path
) -> None:
    build(database, tmp_path / "bundle")
    with pytest.raises(ActionRefused, match=r"Did you mean ada@lovelace\.example \(Ada Zqlovelace\)"):
        erase_person(database, PM, "ada@lovelace", typed="ada@lovelace", today=TODAY)
    with pytest.raises(ActionRefused, match=r"bob \(Bob Brown\)"):
        erase_person(database, PM, "Bob Brown", typed="Bob Brown", today=TODAY)
    with pytest.raises(ActionRefused, match="once more"):
        erase_person(database, PM, ADA, typed="ada", today=TODAY)
    with pytest.raises(NotAllowed, match="program manager"):
        erase_person(database, Author("board", Scope(Role.BOARD)), ADA, typed=ADA, today=TODAY)
    assert len(where_she_is(database)) > 20
    erase(database, tmp_path)
    with pytest.raises(ActionRefused, match="was erased"):
        erase(database, tmp_path)


def test_two_who_are_named_alike_are_kept_apart(database: Database, tmp_path: Path) -> None:
    """A key that begins like hers, and a name that is part of another word, are somebody else’s."""
    build(database, tmp_path / "bundle")
    others = {"number": 900, "table": "people", "file": "x", "problem": "y", "remedy": "z", "severity": "hint"}
    with database.writing() as connection:
        values = [f"{ADA}-2", f"x{ADA}", "Ada", f"{NAME}sky"]
        connection.execute(
            insert(import_problems),
            [{**others, "import_id": 1, "number": 900 + n, "value": value} for n, value in enumerate(values)],
        )
    erase(database, tmp_path)
    kept = select(import_problems.c.value).where(import_problems.c.number >= 900).order_by(import_problems.c.number)
    with database.program.connect() as connection:
        assert connection.execute(kept).scalars().all() == values


# ---- the numbers of a whole program -------------------------------------------------------------------------------

# Counts by what is erased change by one, and nothing else does: attributes, languages, where members live.
BY_WHAT_IS_ERASED = {"attribute_trend", "language_people", "page_needs"}
LOGS = {"imports_log", "imports_total"}
NUMBERS = (Amount, Change, Count, Day, Number, Share)


def answers(database: Database) -> dict[str, list[tuple[str, ...]]]:
    """The numbers of every answer to the program manager, without the words and the order of who is who."""
    found = {}
    selection = Selection(Period(date(2025, 1, 1), date(2026, 7, 1)), AS_OF)
    with database.reading() as connection:
        for name, question in sorted(QUESTIONS.items()):
            try:
                answer = question.ask(connection, selection, Scope(Role.PM))
            except (SelectionError, NotAllowed):
                continue
            columns = [each.name for each in question.columns if isinstance(each, NUMBERS) and each.name in answer]
            found[name] = sorted(map(_plain, answer[columns].itertuples(index=False)))
    return found


def _plain(row: tuple[Any, ...]) -> tuple[str, ...]:
    exact = [f"{value:.9g}" if isinstance(value, (float, Decimal)) else str(value) for value in row]
    return tuple("" if pd.isna(value) else text for value, text in zip(row, exact, strict=True))


@pytest.mark.slow
def test_every_number_of_the_sample_program_is_the_same_before_and_after(database: Database, tmp_path: Path) -> None:
    """A member with money is erased, then the same bundle imported again: only counts by what is erased change."""
    write_program(tmp_path / "sample", events=300, contributions=3_000, people=200)
    options = ImportOptions(as_of=AS_OF, releases=False)
    run_import(database, [tmp_path / "sample"], options)
    asked = funding_requests.c
    with database.program.connect() as connection:
        key = connection.execute(select(asked.person_key).where(asked.paid_amount > 0).limit(1)).scalar_one()
    before = answers(database)
    erase_person(database, PM, key, typed=key, today=AS_OF)
    after = answers(database)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == BY_WHAT_IS_ERASED | LOGS
    assert len(before) > 60
    report = run_import(database, [tmp_path / "sample"], options)
    assert report.left_out > 10
    assert report.total("created") == report.total("changed") == 0
    again = answers(database)
    assert {name for name in again if again[name] != after[name]} <= LOGS | {"data_quality", "import_hints"}


def test_the_bundle_that_is_tested_with_is_good(database: Database, tmp_path: Path) -> None:
    assert [problem.table for problem in imported(database, write_bundle(tmp_path / "bundle")).errors] == ["challenges"]
