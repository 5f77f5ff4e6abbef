"""A program whose groups are all one person, asked every question that is open to somebody outside.

Nobody shares a country, a team, an area, a language, a cohort or a quarter with anybody: each count of people that is
not a total is 1. Whatever question a viewer other than the program manager and the board asks, no count of people from
1 to 4 may come out exact, no amount of money that one person was paid, and no key, name or home. A question that
somebody adds is asked as well, because it is a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from data_access.answers import Amount, AnswerColumn, Count
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS, Question
from data_access.selection import INSIDE, NotAllowed, Period, Role, Scope, Selection, SelectionError, add_months
from tests.bundles import write_table
from tests.data_access.questions.asking import DEPTHS, in_turns, ways

pytestmark = pytest.mark.slow

AS_OF = date(2026, 8, 23)
SIZE = 5
COUNTRIES = ("DE", "FR", "IN", "BR", "KE", "JP", "NG", "US", "MX", "PL", "EG", "ID")
LANGUAGES = ("de", "fr", "hi", "pt", "sw", "ja", "yo", "en", "es", "pl", "ar", "id")
# What is counted in these is no person, nor what a person did.
NO_PEOPLE = frozenset(
    {"events", "visits", "countries", "languages", "regions", "teams", "days", "weeks", "months", "quarters", "years"}
    | {"inhabitants", "places", "towns", "materials", "tasks", "rows", "problems", "imports", "hints", "stays", "risks"}
    | {"milestones", "circles", "groups", "cohorts", "requests", "areas", "spaces"}
    | {"entries", "things"}  # on time lines, where what counts people has a column of its own
    | {"talks"}  # announced in public with the event that they are part of, like the event itself
)


def token(what: str, number: int) -> str:
    return f"zq{what}{number:02}"


def amount(number: int) -> str:
    return f"{7003 + 131 * number}.{13 + number}"


def first_day(number: int) -> date:
    """A day in a quarter of their own, three years back and on."""
    return add_months(date(2023, 7, 1), 3 * number) + timedelta(days=9)


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("canary")
    write_bundle(folder / "bundle")
    database = Database(f"sqlite:///{folder / 'canary.db'}")
    initialise(database.program)
    report = run_import(database, [folder / "bundle"], ImportOptions(as_of=AS_OF))
    assert report.committed, report.problems[:5]
    return database


def write_bundle(folder: Path) -> None:
    numbers = range(len(COUNTRIES))
    day = [first_day(number) for number in numbers]
    later = [min(found + timedelta(days=40), AS_OF - timedelta(days=3)) for found in day]
    write_table(folder, "program", {"name": "Canary", "currency": "EUR", "member_ceiling": "9000"})
    write_table(folder, "areas", *({"area": f"area {n}", "is_code": "no"} for n in numbers))
    write_table(
        folder,
        "teams",
        *(
            {
                "team_key": f"t{n}", "name": f"Team {n}", "area": f"area {n}", "partner": "cbt",
                "coordinator_key": token("person", n), "coordinator_appointed_on": day[n].isoformat(),
            }
            for n in numbers
        ),
    )  # fmt: skip
    stages = ("pre_work", "starting", "learning", "scaling")
    entered = [
        {"team_key": f"t{n}", "stage": stage, "entered_on": (day[n] + timedelta(days=20 * step)).isoformat()}
        for n in numbers
        for step, stage in enumerate(stages)
        if day[n] + timedelta(days=20 * step) <= AS_OF
    ]
    write_table(folder, "team_stages", *entered)
    write_table(
        folder,
        "people",
        *(
            {
                "person_key": token("person", n), "name": token("name", n), "home_city": token("home", n),
                "home_country": COUNTRIES[n], "joined_on": day[n].isoformat(), "languages": LANGUAGES[n],
                "entry_channel": f"channel {n}",
            }
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "person_attributes",
        *({"person_key": token("person", n), "dimension": "gender", "value": f"value {n}"} for n in numbers),
    )
    write_table(folder, "cohorts", *({"cohort_key": f"c{n}", "name": f"Cohort {n}"} for n in numbers))
    write_table(
        folder,
        "applications",
        *(
            {
                "application_key": f"a{n}", "person_key": token("person", n), "cohort_key": f"c{n}",
                "applied_on": day[n].isoformat(), "evaluated_on": later[n].isoformat(), "decision": "accepted",
                "decided_on": later[n].isoformat(), "trained_on": later[n].isoformat(),
                "graduated_on": later[n].isoformat(),
            }
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "memberships",
        *(
            {"membership_key": f"m{n}", "person_key": token("person", n), "cohort_key": f"c{n}",
             "started_on": later[n].isoformat()}
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "events",
        *(
            {
                "event_key": f"e{n}", "title": f"Event {n}", "starts_on": later[n].isoformat(), "status": "held",
                "mode": "in_person", "scale": ("micro", "regional", "annual")[n % 3], "country": COUNTRIES[n],
                "team_key": f"t{n}", "area": f"area {n}", "topics": f"topic {n}", "languages": LANGUAGES[n],
                "attendance": "40", "space_key": f"s{n}",
            }
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "participations",
        *(
            {"event_key": f"e{n}", "person_key": token("person", n), "role": "speaker", "language": LANGUAGES[n],
             "rating": "5"}
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "contributions",
        *(
            {
                "person_key": token("person", n), "contributed_on": (start + timedelta(days=step)).isoformat(),
                "area": f"area {n}", "team_key": f"t{n}", "quantity": "5", "event_key": f"e{n}",
            }
            for n in numbers
            for start in (day[n],)
            for step in (0, 30, 65)
            if start + timedelta(days=step) <= AS_OF
        ),
    )  # fmt: skip
    write_table(
        folder,
        "funding_requests",
        *(
            {
                "request_key": f"r{n}", "person_key": token("person", n), "event_key": f"e{n}",
                "category": ("travel", "lodging", "supplies")[n % 3], "requested_amount": amount(n),
                "currency": "EUR", "requested_on": day[n].isoformat(), "decision": "approved",
                "decided_on": day[n].isoformat(), "approved_amount": amount(n), "paid_amount": amount(n),
                "paid_on": later[n].isoformat(),
            }
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "mentorships",
        *(
            {"mentor_key": token("person", n), "mentee_key": token("person", (n + 1) % len(COUNTRIES)),
             "started_on": later[n].isoformat(), "circle": f"circle {n}"}
            for n in numbers
        ),
    )  # fmt: skip
    write_table(
        folder,
        "spaces",
        *(
            {
                "space_key": f"s{n}", "name": f"Space {n}", "city": f"City {n}", "country": COUNTRIES[n],
                "pilot_started_on": later[n].isoformat(), "pilot_days": "90",
                "coordinator_technical": token("person", n), "coordinator_community": token("person", n),
            }
            for n in numbers
        ),
    )  # fmt: skip
    notes = [
        {"note_key": f"n{n}", "space_key": f"s{n}", "kind": "lesson", "noted_on": later[n].isoformat()} for n in numbers
    ]
    write_table(folder, "space_notes", *(row | {"note": token("name", n)} for n, row in enumerate(notes)))
    write_table(folder, "budgets", {"fiscal_year": "2026", "amount": "90000", "currency": "EUR"})


NEEDED = {"team": "t3"}


def scopes(question: Question) -> list[Scope]:
    """Everybody outside who may ask it."""
    outside = sorted(question.roles - INSIDE)
    return [Scope(role, ("t3",) if role is Role.PARTNER else (), SIZE) for role in outside]


def selections() -> list[Selection]:
    """All time, a year, a quarter in which one person came, and one of everything that can be chosen."""
    whole = Selection(as_of=AS_OF)
    quarter = Period.quarter_of(first_day(3))
    return [
        whole,
        Selection(Period.parse("2025"), AS_OF),
        Selection(quarter, AS_OF),
        Selection(country=("BR",), as_of=AS_OF),
        Selection(team=("t3",), as_of=AS_OF),
        Selection(area=("area 3",), as_of=AS_OF),
        Selection(language=("pt",), as_of=AS_OF),
    ]


CHOICES: dict[str, tuple[object, ...]] = {
    "by": ("team", "stage", "area", "region", "channel", "scale", "space", "category", "cohort", "country", "language"),
    "population": ("contributors", "members", "applicants", "organizers", "attendees"),
    "exposure": ("members",),
    "of": ("money", "events", "travel", "materials"),
    "level": ("casual", "core"),
    "ends": ("project",),
    "each": ("year",),
    "team": ("t3",),
    "country": ("BR",),
    "event": ("e3",),
    "space": ("s3",),
    "text": ("event",),
    "check": ("probable_duplicate",),
}


def leaks(answer: pd.DataFrame, columns: tuple[AnswerColumn, ...]) -> Iterator[str]:
    """What in an answer reveals one person."""
    words = {
        word
        for number in range(len(COUNTRIES))
        for word in (token(what, number) for what in ("person", "name", "home"))
    }
    amounts = {Decimal(amount(number)) for number in range(len(COUNTRIES))}
    present = [column for column in columns if column.name in answer.columns]
    for _, row in answer.iterrows():
        for column in present:
            value = row[column.name]
            if isinstance(value, str):
                yield from (f"{column.name}: {word}" for word in words if word in value.lower())
            elif pd.isna(value):
                continue
            elif isinstance(column, Amount) and Decimal(str(value)) in amounts:
                yield f"{column.name}: {value} was paid to one person"
            elif column.unit == "outcomes" and "contributor" not in row["outcome"]:
                continue  # events, and new countries and languages of events
            elif isinstance(column, Count) and column.unit not in NO_PEOPLE and is_exact(column.name, row):
                yield f"{column.name}: exactly {value} {column.unit}"


def is_exact(name: str, row: pd.Series) -> bool:
    """Whether a count is small and exact: the ends of a range are not, if fewer than the least group fit into it."""
    value = int(row[name])
    if name.endswith("at_least"):
        other = row.get(f"{name.removesuffix('at_least')}at_most")
        return 0 < value < SIZE and not pd.isna(other) and int(other) == value
    if name.endswith("at_most"):
        return 0 < value < SIZE - 1
    return 0 < value < SIZE


OUTSIDE = sorted(name for name, question in QUESTIONS.items() if question.roles - INSIDE)


def every_way(database: Database, question: Question, deep: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each answer that somebody outside can get, from the release alone, and how it was requested."""
    asked = selections() if deep else in_turns(question.name, selections(), 1, 3)
    with database.outside() as connection:
        for scope in scopes(question):
            for selection in asked:
                for options in ways(question, CHOICES, NEEDED):
                    try:
                        answer = question.ask(connection, selection, scope, **options)
                    except (SelectionError, NotAllowed):
                        continue
                    yield f"{scope.role} {selection.in_words()} {options}", answer


@pytest.mark.parametrize("deep", DEPTHS)
@pytest.mark.parametrize("name", OUTSIDE)
def test_no_small_count_comes_out_exact(canary: Database, name: str, deep: bool) -> None:
    question = QUESTIONS[name]
    answers = list(every_way(canary, question, deep))
    assert answers, "no way of asking it was accepted"
    found = {f"{how}: {leak}" for how, answer in answers for leak in leaks(answer, question.columns)}
    assert not found, "\n".join(sorted(found)[:12])


def test_the_release_holds_no_word_and_no_amount_of_one_person(canary: Database) -> None:
    """Every byte of the file, whatever column it may stand in."""
    assert canary.release_file is not None
    held = canary.release_file.read_bytes()
    assert b"Team 3" in held, "the file holds what it should"
    words = [token(what, number) for number in range(len(COUNTRIES)) for what in ("person", "name", "home")]
    assert not [word for word in words if word.encode() in held]
    assert not [number for number in range(len(COUNTRIES)) if amount(number).encode() in held]


# Who could do with help, who left, and who could be invited is told to the one person who speaks with them, not to
# those who judge.
FOR_THE_MANAGER_ALONE = {"mentorless_organizers", "who_needs_help", "core_leavers", "whom_to_invite"}
SHARED_INSIDE = sorted(
    {name for name, question in QUESTIONS.items() if question.roles & INSIDE} - FOR_THE_MANAGER_ALONE
)


@pytest.mark.parametrize("name", SHARED_INSIDE)
def test_the_board_reads_what_the_program_manager_reads(canary: Database, name: str) -> None:
    """Every question, every row: exact, live, with names."""
    question = QUESTIONS[name]
    assert question.roles >= INSIDE
    with canary.reading() as connection:
        for options in ways(question, CHOICES | {"request": ("r3",)}, NEEDED):
            answers: list[object] = []
            for role in (Role.PM, Role.BOARD):
                try:
                    answers.append(question.ask(connection, Selection(as_of=AS_OF), Scope(role), **options))
                except SelectionError as refused:
                    answers.append(str(refused))
            mine, theirs = answers
            assert theirs == mine if isinstance(mine, str) else mine.equals(theirs), options  # type: ignore[attr-defined]
