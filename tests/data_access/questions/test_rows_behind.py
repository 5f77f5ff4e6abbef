"""The rows behind a mark are those that its number counts: each list against the question that counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.questions.materials.contexts import BY, MATERIALS, TALKS
from data_access.questions.materials.listed import NO_KIND
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from sample_data.generator import write_program
from tests.data_access.questions.asking import ask

DAY = date(2026, 9, 15)
NOW = Selection(Period.parse("2024-01-01..2026-07-01"), DAY)
Ask = Callable[..., pd.DataFrame]


def each(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Database:
    from data_access.migrations.migrate import initialise

    folder = tmp_path_factory.mktemp("behind")
    write_program(folder / "bundle", events=400, contributions=4_000, people=300, seed=7)
    made = Database(f"sqlite:///{folder / 'program.db'}")
    initialise(made.program)
    assert run_import(made, [folder / "bundle"], ImportOptions(releases=False)).committed
    return made


@pytest.fixture
def asked(sample: Database) -> Ask:
    def answer(question: str, selection: Selection = NOW, **options: Any) -> pd.DataFrame:
        return ask(sample, question, selection, **options)

    return answer


def test_who_came_back_is_listed_for_every_cell_and_for_all_cohorts(asked: Ask) -> None:
    """In both readings, also under a filter."""
    for selection in (NOW, replace(NOW, country=("DE", "IN"))):
        cells = asked("retention", selection, months=3)
        some = cells[cells["month"].isin([1, 3])].iloc[:: 5 if selection is NOW else 1]
        assert len(some) > 5
        for row in each(some):
            began = replace(selection, period=Period.parse(row.cohort))
            for reading in ("active_exactly", "active_then_or_later"):
                listed = asked("retained_people", began, month=int(row.month), reading=reading)
                assert len(listed) == round(getattr(row, reading) * row.people), (row.cohort, row.month, reading)
        every: Any = asked("retention_overall", selection, months=3).set_index("month")
        listed = asked("retained_people", selection, month=3, limit=0)
        assert len(listed) == round(every.loc[3, "active_exactly"] * every.loc[3, "people"])
        assert listed.empty or listed["total"].iloc[0] == len(listed)


def test_the_mission_driven_are_listed_by_quarter_and_by_activity(asked: Ask) -> None:
    for row in each(asked("persona")):
        quarter = replace(NOW, period=Period.quarter_of(row.ends_on))
        assert len(asked("mission_driven_people", quarter, limit=0)) == row.mission_driven
    counted = asked("persona_by_activity")
    assert counted["mission_driven"].sum()
    for row in each(counted):
        assert len(asked("mission_driven_people", activity=row.activity, limit=0)) == row.mission_driven


def test_organizers_are_listed_by_quarter_those_for_the_first_time_apart(asked: Ask) -> None:
    for row in each(asked("organizer_growth")):
        quarter = replace(NOW, period=Period.quarter_of(row.starts_on))
        first = asked("organizers_counted", quarter, limit=0)
        again = asked("organizers_counted", quarter, which="before", limit=0)
        assert (len(first), len(first) + len(again)) == (row.first_time, row.organizers)
        assert not set(first["person_key"]) & set(again["person_key"])


def test_materials_are_listed_by_kind_and_by_language(asked: Ask) -> None:
    for row in each(asked("materials_by_kind")):
        kind = row.kind or NO_KIND
        assert len(asked("materials_list", kind=kind, origin="original", limit=0)) == row.originals
        assert len(asked("materials_list", kind=kind, origin="translation", limit=0)) == row.translations
    for row in each(asked("materials_by_language")):
        assert len(asked("materials_list", language=row.language, limit=0)) == row.materials


def test_talks_and_materials_are_listed_with_where_their_authors_live(asked: Ask) -> None:
    """Every row of every breakdown, with the same counts of the country, its region, elsewhere and not known."""
    for of, by in [*((TALKS, name) for name in BY[:3]), *((MATERIALS, name) for name in BY)]:
        for row in each(asked("authors_and_audiences", of=of, by=by)):
            listed = asked("works_of_audience", of=of, by=by, among=row.among, limit=0)
            found = Counter(listed["relation"])
            assert len(listed) == row.works, (of, by, row.among)
            known = (found["country"], found["region"], found["elsewhere"])
            assert known == (row.same_country, row.same_region, row.elsewhere), (of, by, row.among)


def test_the_spaces_of_a_step_add_up_to_it(asked: Ask) -> None:
    year = Selection(Period.parse("2025"), DAY)
    for row in each(asked("newcomer_bridge", year)):
        parts = asked("bridge_spaces", year, step=row.step)
        assert (parts["people"].sum(), len(parts)) == (row.people, row.spaces)


def test_newcomers_of_a_team_are_listed_before_and_after_a_change(asked: Ask) -> None:
    counted = asked("team_change_funnel")
    assert counted["people"].sum()
    for row in each(counted.iloc[::3]):
        came = Selection(Period(row.first_day, row.last_day + timedelta(days=1)), DAY)
        assert len(asked("team_newcomers", came, team=row.team, step=row.step, limit=0)) == row.people


def test_events_with_tasks_are_listed_by_phase_and_project(asked: Ask) -> None:
    scales = asked("arcs_by_scale")
    for phase in ("before", "during", "after", "whole"):
        assert len(asked("event_arcs", phase=phase, limit=1_000)) == scales[phase].sum()
    for row in each(asked("event_projects")):
        if row.project:
            assert len(asked("event_arcs", project=row.project, limit=1_000)) == row.events


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("retained_people", {"reading": "gone"}),
        ("mission_driven_people", {"activity": "sleeping"}),
        ("organizers_counted", {"which": "last"}),
        ("materials_list", {"origin": "stolen"}),
        ("works_of_audience", {"of": "songs"}),
        ("bridge_spaces", {"step": "moon"}),
        ("team_newcomers", {"step": "gone"}),
        ("event_arcs", {"phase": "never"}),
    ],
)
def test_what_cannot_be_asked_for_is_said(asked: Ask, question: str, options: dict[str, str]) -> None:
    with pytest.raises(SelectionError, match="Choose"):
        asked(question, **options)


def test_nobody_outside_is_told_a_person(sample: Database) -> None:
    for question in ("retained_people", "mission_driven_people", "organizers_counted", "team_newcomers"):
        with pytest.raises(NotAllowed):
            ask(sample, question, NOW, Scope(Role.LEADERSHIP))
