"""What is dated later than the day asked about has not happened: in every question, on every engine.

Asking as of a day over all data must say what is said over the data that would have been exported on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS, Question
from data_access.questions.answering import connection_for
from data_access.release import history
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from sample_data.generator import write_program
from tests.builders import ProgramBuilder
from tests.data_access.cut_off import cut_off
from tests.data_access.questions.asking import DEPTHS, in_turns, ways
from tests.releasing import release

STORY_ENDS = date(2026, 9, 15)
# Within a month and a quarter; for `make long` also as released, and on the last day of a quarter.
WITHIN = date(2026, 2, 10)
DAYS = [
    pytest.param((WITHIN, Role.PM), id="2026-02-10"),
    pytest.param((WITHIN, Role.LEADERSHIP), id="2026-02-10-leadership", marks=pytest.mark.long),
    pytest.param((date(2025, 6, 30), Role.PM), id="2025-06-30", marks=pytest.mark.long),
]
# What was imported, and what was recorded through the product, is no day of the program's story.
OF_THE_RECORD = {"imports_log", "imports_total", "import_hints", "team_changes", "request_decisions"}
OF_THE_RECORD |= {"page_needs", "live_sources", "refused_imports"}
# What something is called is what it is called today; so are the people of an event that is still to come.
OF_THE_RECORD |= {"names_found", "what_is", "event_timeline"}
TEAM, REQUEST = "localization", "f000007"
CHOICES: dict[str, tuple[object, ...]] = {
    "by": ("team", "stage", "area", "region", "channel", "scale", "space", "category", "cohort", "country", "outcome"),
    "population": ("contributors", "members", "applicants", "attendees"),
    "exposure": ("members",),
    "of": ("money", "events", "travel"),
    "level": ("casual", "core"),
    "ends": ("project",),
    "each": ("year",),
    "dimension": ("gender",),
    "languages": ("sw",),
    "core_min": (5,),
    "waiting": (False,),
    "person": ("p000001",),
    "space": ("berlin",),
    "country": ("IN",),
    "check": ("held_in_future", "never_confirmed", "missing_attendance", "far_future", "probable_duplicate"),
}
NEEDED: dict[str, object] = {"team": TEAM, "request": REQUEST}


def selections(day: date) -> list[Selection]:
    around = Period(date(day.year - 1, 1, 1), date(day.year + 1, 1, 1))
    return [
        Selection(as_of=day),
        Selection(Period.quarter_of(day), day),
        Selection(around, day, status=("planned",)),
        Selection(around, day, area=("localization",)),
        Selection(around, day, country=("IN", "BR"), status=()),
        Selection(around, day, space=("berlin",), mode=("in_person", "hybrid")),
    ]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story") / "bundle"
    write_program(folder, events=400, contributions=4_000, people=300, seed=7)
    return folder


def imported(url: str, bundle: Path, as_of: date, releases: bool = False) -> Database:
    database = Database(url)
    initialise(database.program)
    report = run_import(database, [bundle], ImportOptions(as_of=as_of, releases=releases))
    assert report.committed, [problem for problem in report.problems if problem.severity == "error"][:3]
    return database


@pytest.fixture(scope="module")
def whole(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = imported(f"sqlite:///{tmp_path_factory.mktemp('whole') / 'p.db'}", bundle, STORY_ENDS)
    yield database
    database.close()


@pytest.fixture(scope="module", params=DAYS)
def earlier(request: pytest.FixtureRequest, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A day, who asks, and the program as it was exported on that day."""
    folder, (day, role) = tmp_path_factory.mktemp("earlier"), request.param
    database = imported(
        f"sqlite:///{folder / 'p.db'}", cut_off(bundle, folder / "bundle", day), day, role is Role.LEADERSHIP
    )
    yield day, role, database
    database.close()


def differences(whole: Database, cut: Database, day: date, scope: Scope, deep: bool) -> Iterator[str]:
    """Every question, selection and option in which the two programs do not say the same."""
    names = {name for name, question in QUESTIONS.items() if scope.role in question.roles}
    if not scope.exact:  # what all data tell when they are released on that day
        with whole.writing() as connection:
            history.forget(connection)
        release(whole, Period.quarter_of(day).start)
    with connection_for(whole, scope) as now, connection_for(cut, scope) as then:
        for name in sorted(names - OF_THE_RECORD):
            asked = selections(day) if deep else in_turns(name, selections(day), 1, 2)
            for number, selection in enumerate(asked):
                # Every option in the first selection, and every selection without options.
                for options in list(ways(QUESTIONS[name], CHOICES, NEEDED))[: None if number == 0 else 1]:
                    answers = [_answer(QUESTIONS[name], at, selection, scope, options) for at in (now, then)]
                    if (words := _difference(*answers)) is not None:
                        yield f"{name} {selection.in_words()} {options}: {words}"


def _answer(question: Question, connection: Any, selection: Selection, scope: Scope, options: Any) -> Any:
    try:
        return question.ask(connection, selection, scope, **options)
    except (SelectionError, NotAllowed) as refusal:
        return str(refusal)


def _difference(now: Any, then: Any) -> str | None:
    if isinstance(now, str) or isinstance(then, str):
        # What there is to choose from may differ.
        return None if isinstance(now, str) and isinstance(then, str) else f"{str(now)[:200]} is not {str(then)[:200]}"
    try:
        # The number of the import is not the same one.
        pd.testing.assert_frame_equal(
            now.drop(columns="import_id", errors="ignore"), then.drop(columns="import_id", errors="ignore"), rtol=1e-9
        )
    except AssertionError as problem:
        return str(problem)[:300]
    return None


@pytest.mark.slow
@pytest.mark.parametrize("deep", DEPTHS)
def test_a_past_day_is_seen_as_in_the_data_cut_off_at_it(whole: Database, earlier: Any, deep: bool) -> None:
    """On SQLite; test_engines asks the same of past days on all three engines."""
    day, role, cut = earlier
    found = list(differences(whole, cut, day, Scope(role), deep))
    assert not found, "\n".join(found[:8])


@pytest.mark.slow
def test_the_cut_takes_something_away_from_every_table(bundle: Path, tmp_path: Path) -> None:
    """Else nothing would be proved."""

    def lines(name: str) -> list[int]:
        return [(folder / f"{name}.csv").read_text("utf-8").count("\n") for folder in (bundle, tmp_path / "cut")]

    cut_off(bundle, tmp_path / "cut", WITHIN)
    dated = ("contributions", "memberships", "funding_requests", "applications", "materials", "team_stages")
    sizes = {name: lines(name) for name in dated}
    assert all(before > after for before, after in sizes.values()), sizes
    planned = [(folder / "events.csv").read_text("utf-8").count(",planned,") for folder in (bundle, tmp_path / "cut")]
    assert planned[1] > planned[0] + 20
    assert sum(len(list(ways(question, CHOICES, NEEDED))) for question in QUESTIONS.values()) > 150


def test_an_event_of_a_later_day_is_planned_whatever_its_status(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    built.add_program()
    for status in ("held", None, "planned", "cancelled"):
        built.add_event(starts_on=date(2026, 5, 5), status=status, attendance=30)

    @cache
    def counted(day: date, status: str) -> tuple[int, int | None]:
        with built.database.reading() as connection:
            selection = Selection(as_of=day, status=(status,))
            found = QUESTIONS["events_by_country"].ask(connection, selection, Scope.everything())
        visits = found["attendance"].sum(min_count=1)
        return int(found["events"].sum()), None if pd.isna(visits) else int(visits)

    before, on = date(2026, 5, 4), date(2026, 5, 5)
    assert [counted(before, status)[0] for status in ("held", "planned", "cancelled")] == [0, 3, 1]
    assert [counted(on, status)[0] for status in ("held", "planned", "cancelled")] == [2, 1, 1]
    assert counted(before, "planned")[1] is None, "nobody had come yet"
    assert counted(on, "held")[1] == 60
