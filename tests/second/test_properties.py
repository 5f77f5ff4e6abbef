"""What must hold of any program: a narrower selection never shows more, and the parts of a whole add up to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data_access.questions import QUESTIONS
from data_access.selection import Period, Scope, Selection
from tests.second import floor
from tests.second.programs import Program, make

SEEDS = (11, 12)
DAYS = st.sampled_from((date(2026, 9, 15), date(2026, 3, 31), date(2025, 2, 14), date(2023, 8, 1)))
PERIODS = st.sampled_from(
    (
        None,
        Period.parse("2025"),
        Period.parse("2026-Q1"),
        Period.parse("2023-05"),
        Period(date(2024, 2, 17), date(2026, 5, 6)),
    )
)
NARROWER: dict[str, tuple[str, ...]] = {
    "country": ("US", "IN", "BR", "DE", "GB", "FR"),
    "region": ("Northern America", "Western Europe", "Southern Asia", "South America"),
    "area": ("coding", "localization", "support", "engagement"),
    "mode": ("in_person", "online", "hybrid"),
    "scale": ("micro", "regional", "annual"),
}
FILTERS = st.fixed_dictionaries(
    {}, optional={name: st.sets(st.sampled_from(values), min_size=1).map(tuple) for name, values in NARROWER.items()}
)
# An example asks dozens of questions: the first one that fails is reported as it is.
FEW = settings(max_examples=12, derandomize=True, phases=(Phase.generate,))


BREAKDOWNS = {
    "speakers": ("region", "area"),
    "members": ("region", "area", "cohort"),
    "applicants": ("region", "cohort", "outcome"),
    "contributors": ("region", "area"),
}


@pytest.fixture(scope="module", params=SEEDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    made = make(tmp_path_factory.mktemp("any"), request.param, events=120, contributions=900, people=120)
    yield made
    made.database.close()


def ask(program: Program, name: str, asked: Selection, **options: Any) -> pd.DataFrame:
    with program.database.reading() as connection:
        return QUESTIONS[name].ask(connection, asked, Scope.everything(), **options)


def selection(period: Period | None, day: date, **filters: tuple[str, ...]) -> Selection:
    made = Selection(as_of=day, **filters)  # type: ignore[arg-type]  # every filter's field is a tuple
    return made if period is None else replace(made, period=period)


def shown(program: Program, asked: Selection) -> dict[str, int | None]:
    """Everything that cannot grow when the selection is narrowed; None: it has no meaning under these filters."""
    by_country = ask(program, "events_by_country", asked)
    found: dict[str, int | None] = {
        "events": int(ask(program, "events_total", asked)["events"].item()),
        "attendance": int(by_country["attendance"].fillna(0).sum()),
    }
    made = ask(program, "contributors_by_volume", asked).astype(object)
    for least, people in zip(made["at_least"], made["people"], strict=True):
        found[f"made {least}"] = None if pd.isna(people) else int(people)
    steps = ask(program, "contributor_funnel", asked)
    for step in ("joined", "casual", "active", "core"):
        found[step] = int(steps.loc[steps["step"] == step, "people"].sum())
    return found


@pytest.mark.slow
@FEW
@given(period=PERIODS, day=DAYS, some=FILTERS, more=FILTERS)
def test_a_narrower_selection_never_shows_more(
    program: Program, period: Period | None, day: date, some: dict[str, Any], more: dict[str, Any]
) -> None:
    wide = shown(program, selection(period, day, **some))
    narrow = shown(program, selection(period, day, **(more | some)))
    for name, number in narrow.items():
        whole = wide[name]
        assert number is None or whole is None or number <= whole, (name, whole, number)


@pytest.mark.slow
@FEW
@given(period=PERIODS, day=DAYS, some=FILTERS)
def test_countries_online_and_unknown_places_add_up_to_all_events(
    program: Program, period: Period | None, day: date, some: dict[str, Any]
) -> None:
    asked = selection(period, day, **some)
    total = int(ask(program, "events_total", asked)["events"].item())
    assert int(ask(program, "events_by_country", asked)["events"].sum()) == total
    assert int(ask(program, "events_by_month", asked)["events"].sum()) == total


@pytest.mark.slow
@FEW
@given(period=PERIODS, day=DAYS, some=FILTERS)
def test_groups_of_the_funnel_add_up_to_everybody(
    program: Program, period: Period | None, day: date, some: dict[str, Any]
) -> None:
    asked = selection(period, day, **some)
    whole = ask(program, "contributor_funnel", asked).set_index("step")
    for by in ("team", "stage", "area", "region", "channel", "scale", "space"):
        groups = ask(program, "contributor_funnel", asked, by=by).groupby("step")
        for column in ("people", "open", "counted"):
            # The first step has no step before it; nobody makes no groups.
            summed = groups[column].sum().reindex(whole.index).fillna(0)
            assert dict(summed) == dict(whole[column].fillna(0)), (by, column)
    applied = ask(program, "program_funnel", asked).set_index("step")["people"]
    cohorts = ask(program, "program_funnel", asked, by="cohort").groupby("step")["people"].sum()
    assert dict(cohorts.reindex(applied.index).fillna(0)) == dict(applied)


@pytest.mark.slow
@FEW
@given(period=PERIODS, day=DAYS)
def test_parts_of_the_budget_add_up_to_it(program: Program, period: Period | None, day: date) -> None:
    asked = selection(period, day)
    whole = ask(program, "budget_summary", asked).iloc[0]
    members = ask(program, "budget_burn", asked, size=1000)
    for column in ("paid", "committed", "pending"):
        for by in ("category", "region", "cohort", "scale"):
            assert sum(ask(program, "budget_by", asked, by=by)[column], Decimal(0)) == whole[column], (by, column)
        assert sum(members[column], Decimal(0)) == whole[column], column


@pytest.mark.slow
@FEW
@given(period=PERIODS, day=DAYS)
def test_states_of_a_quarter_add_up_to_its_members(program: Program, period: Period | None, day: date) -> None:
    asked = selection(period, day)
    rows = ask(program, "floor_summary", asked)
    summed: Counter[date] = Counter()
    for quarter, people in zip(pd.to_datetime(rows["quarter"]), rows["people"], strict=True):
        summed[quarter.date()] += int(people)
    members = Counter(quarter for _, quarter in floor.standing(program.bundle, asked))
    assert {quarter: people for quarter, people in summed.items() if people} == members


@pytest.mark.slow
@FEW
@given(period=PERIODS, day=DAYS, by=st.sampled_from(("", "region", "area", "cohort", "outcome")))
def test_shares_of_what_people_say_add_up_to_one(program: Program, period: Period | None, day: date, by: str) -> None:
    """Over those who say something; who does not is a share of everybody."""
    asked = selection(period, day)
    for population in ("speakers", "members", "applicants", "contributors"):
        if by and by not in BREAKDOWNS[population]:
            continue
        rows = ask(program, "attribute_shares", asked, population=population, **({"by": by} if by else {}))
        for key, group in rows.groupby(["member_of", "dimension"], dropna=False):
            said = group[group["kind"] != "not disclosed"]
            if said["people"].sum() and not said["people"].isna().any():
                assert said["share"].sum() == pytest.approx(1.0), (population, key)
                assert said["people"].sum() == said["of_people"].iloc[0]
