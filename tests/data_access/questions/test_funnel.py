"""Funnels against answers worked out by hand, and what others than the program manager learn from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from data_access.database.engine import Database
from data_access.database.schema import applications, cohorts, memberships, team_stages
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.builders import ProgramBuilder
from tests.data_access.derived.test_levels import Row, histories, write_history
from tests.data_access.questions.asking import ask
from tests.releasing import ask_outside, release

END = date(2024, 12, 31)
YEAR = Selection(Period.parse("2024"), as_of=END)
YEAR_LATER = Selection(Period.parse("2024"), as_of=date(2027, 6, 1))


@pytest.fixture
def program(tmp_path: Path) -> ProgramBuilder:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program()
    return built


def enter(program: ProgramBuilder, key: str, joined: str, *days: str, **columns: Any) -> None:
    program.add_person(key, joined_on=date.fromisoformat(joined), home_country=columns.pop("home", "DE"))
    if days:
        program.add_contributions(key, *(date.fromisoformat(day) for day in days), **columns)


@pytest.fixture
def six(program: ProgramBuilder) -> ProgramBuilder:
    """Who went all the way, who stopped, who never began, who was too late, and two with time left."""
    enter(program, "all", "2024-01-01", "2024-01-11")
    program.add_contributions("all", date(2024, 1, 21), quantity=2)
    program.add_contributions("all", date(2024, 2, 20), quantity=9)
    enter(program, "stopped", "2024-01-01", "2024-01-31")
    enter(program, "never", "2024-01-05")
    enter(program, "late", "2024-01-05", "2024-10-01")
    enter(program, "waits", "2024-11-01")
    enter(program, "began", "2024-11-01", "2024-11-05")
    return program


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    plain = table[list(columns)].astype(object)
    return [tuple(None if pd.isna(value) else value for value in row) for row in plain.itertuples(index=False)]


def test_each_step_counts_who_took_it_in_time_and_whose_time_is_up(six: ProgramBuilder) -> None:
    """Open people are neither converted nor lost; days are those from step to step."""
    table = ask(six.database, "contributor_funnel", YEAR)
    assert rows(table, "step", "people", "share_of_previous", "share_of_start", "counted", "open", "median_days") == [
        ("joined", 6, None, 1.0, None, None, None),
        ("casual", 3, 0.5, 0.5, 4, 1, 20.0),
        ("active", 1, 0.5, 1 / 6, 2, 1, 10.0),
        ("core", 1, 1.0, 1 / 6, 1, 0, 30.0),
    ]
    casual = table.iloc[1]
    assert (casual["lower_quartile"], casual["upper_quartile"]) == (15, 25)
    assert (casual["low"], casual["high"]) == (pytest.approx(0.15003, abs=1e-4), pytest.approx(0.84997, abs=1e-4))


def test_the_estimate_for_the_end_is_apart_from_what_has_happened(program: ProgramBuilder) -> None:
    """Of two whose time is over one took the step, after 100 days; two wait since 50: 1 in 4 so far, 1/2 in the end.

    Kaplan–Meier by hand: on day 100 two are left, one of them goes. Active: 1 of 1 after 10 days, in the end the same.
    """
    enter(program, "went", "2024-01-01", "2024-04-10")
    program.add_contributions("went", date(2024, 4, 20), quantity=2)
    enter(program, "stayed", "2024-01-01")
    for key in ("new", "newer"):
        enter(program, key, "2024-11-11")
    table = ask(program.database, "contributor_funnel", YEAR)
    assert rows(table, "step", "people", "share_of_start", "estimate", "open") == [
        ("joined", 4, 1.0, None, None),
        ("casual", 1, 0.25, 0.5, 2),
        ("active", 1, 0.25, 0.5, 0),
        ("core", 0, 0.0, 0.0, 0),
    ]
    assert (table["estimate_low"] <= table["estimate"])[1:].all()
    assert (table["estimate"] <= table["estimate_high"])[1:].all()
    soon = ask(program.database, "contributor_funnel", Selection(Period.parse("2024"), as_of=date(2024, 4, 11)))
    assert soon["estimate"].isna().all(), "nobody was seen for 180 days yet"


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.dates(date(2019, 6, 1), date(2025, 1, 1)))
def test_no_share_lies_below_what_has_happened(database: Database, history: list[Row], as_of: date) -> None:
    """The share of start is people ÷ people at the start, and no estimate lies below it."""
    write_history(database, history, 90, 3, 12)
    table = ask(database, "contributor_funnel", Selection(as_of=as_of))
    start = table["people"].iloc[0]
    if start:
        assert list(table["share_of_start"]) == pytest.approx([int(people) / int(start) for people in table["people"]])
    known = table[table["estimate"].notna()]
    for column in ("estimate", "estimate_low", "estimate_high"):
        assert (known[column] >= known["share_of_start"] - 1e-9).all()


def test_a_contribution_before_joining_counts_and_has_no_days(program: ProgramBuilder) -> None:
    """It makes the person join that day; the median is of the others (20 days), and their number is told."""
    enter(program, "before", "2024-02-01", "2024-01-02")
    enter(program, "on the day", "2024-01-05", "2024-01-05")
    enter(program, "after", "2024-01-05", "2024-02-14")
    casual = ask(program.database, "contributor_funnel", YEAR).iloc[1]
    assert (casual["people"], casual["early"], casual["median_days"]) == (3, 1, 20)
    curve = ask(program.database, "time_to_level", YEAR, level="casual")
    assert set(curve["early"]) == {1}
    assert list(curve["at_risk"]) == [2, 1]
    assert set(ask(program.database, "time_to_level", YEAR, level="active")["early"]) == {0}


def test_what_happens_after_the_day_asked_for_is_not_known_yet(six: ProgramBuilder) -> None:
    """On 15 January four had joined and one had contributed; no window was over."""
    table = ask(six.database, "contributor_funnel", Selection(Period.parse("2024"), as_of=date(2024, 1, 15)))
    assert rows(table, "step", "people", "open", "counted") == [
        ("joined", 4, None, None),
        ("casual", 1, 3, 0),
        ("active", 0, 1, 0),
        ("core", 0, 0, 0),
    ]
    assert table["share_of_previous"].isna().all()


def test_a_longer_window_catches_who_was_late(six: ProgramBuilder) -> None:
    """270 days after joining: in a window of 300 it counts, and no window is over but that of the first four."""
    table = ask(six.database, "contributor_funnel", YEAR, window=300)
    assert rows(table, "step", "people", "share_of_previous")[1] == ("casual", 4, 0.75)


def test_groups_are_those_of_the_time_of_entry(program: ProgramBuilder) -> None:
    """A team's stage on the day of the first contribution, not today's; each person is in one group."""
    first = date(2024, 1, 30)
    for number in range(4):
        program.add_contributions(f"p{number}", first + timedelta(days=number), team_key="t")
    program.add_contributions("early", date(2023, 12, 31), team_key="t")
    enter(program, "silent", "2024-05-05", home="KE")
    for stage, day in (("starting", "2024-01-01"), ("learning", "2024-02-01")):
        program.add(team_stages, team_key="t", stage=stage, entered_on=date.fromisoformat(day))
    by_stage = ask(program.database, "contributor_funnel", Selection(as_of=END), by="stage")
    joined = by_stage[by_stage["step"] == "joined"]
    assert rows(joined, "group", "people") == [("starting", 2), ("learning", 2), ("", 2)]
    by_team = ask(program.database, "contributor_funnel", Selection(as_of=END), by="team")
    assert rows(by_team[by_team["step"] == "joined"], "group", "name", "people") == [
        ("t", "t", 5),
        ("", "No team, or no contribution yet", 1),
    ]
    by_region = ask(program.database, "contributor_funnel", Selection(as_of=END), by="region")
    assert set(rows(by_region[by_region["step"] == "joined"], "group", "people")) == {
        ("Western Europe", 5),
        ("Eastern Africa", 1),
    }


def test_groups_are_named_only_where_they_are_compared(six: ProgramBuilder) -> None:
    """Without a breakdown they would say the same in every row."""
    for name, by in (("contributor_funnel", "area"), ("program_funnel", "cohort")):
        everybody, grouped = ask(six.database, name, YEAR), ask(six.database, name, YEAR, by=by)
        assert list(grouped.columns) == [*everybody.columns, "group", "name"]


def test_events_and_channels_group_too(program: ProgramBuilder) -> None:
    """By the event that brought the first contribution about, and by what the person said."""
    program.add_event(key="e", starts_on=date(2024, 1, 1), scale="micro", space_key="paris")
    program.add_person("a", entry_channel="mentor")
    program.add_contributions("a", date(2024, 1, 2), event_key="e")
    program.add_contributions("b", date(2024, 1, 2))
    selection = Selection(as_of=END)
    for by, groups in (("scale", {"micro", ""}), ("space", {"paris", ""}), ("channel", {"mentor", ""}),
                       ("area", {"coding"})):  # fmt: skip
        table = ask(program.database, "contributor_funnel", selection, by=by)
        assert set(table["group"]) == groups
    only = ask(program.database, "contributor_funnel", Selection(as_of=END, scale=("micro",)))
    assert only["people"].iloc[0] == 1


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.integers(1, 6), st.integers(1, 15))
def test_trying_thresholds_is_the_same_as_having_them(
    database: Database, history: list[Row], active_min: int, core_min: int
) -> None:
    """What a program with these thresholds would read, without changing the program."""
    selection = Selection(as_of=date(2030, 1, 1))
    write_history(database, history, 90, active_min, core_min)
    own = ask(database, "contributor_funnel", selection)
    write_history(database, history, 90, 3, 12)
    tried = ask(database, "contributor_funnel", selection, active_min=active_min, core_min=core_min)
    pd.testing.assert_frame_equal(own, tried)


def test_conversions_by_cohort_are_open_while_somebody_has_time(six: ProgramBuilder) -> None:
    """The first quarter is closed for the first two steps; the fourth has nobody whose window is over."""
    table = ask(six.database, "conversion_trend", YEAR)
    assert rows(table, "cohort", "step", "previous", "counted", "share", "open") == [
        ("2024-Q1", "casual", 4, 4, 0.5, False),
        ("2024-Q1", "active", 2, 2, 0.5, False),
        ("2024-Q1", "core", 1, 1, 1.0, False),
        ("2024-Q4", "casual", 2, 0, None, True),
        ("2024-Q4", "active", 1, 0, None, True),
        ("2024-Q4", "core", 0, 0, None, True),
    ]
    monthly = ask(six.database, "conversion_trend", YEAR, each="month")
    assert list(monthly["cohort"].unique()) == ["2024-01", "2024-11"]


def test_the_people_behind_a_step_are_named_to_the_program_manager(six: ProgramBuilder) -> None:
    """Reached, open and lost part the people of the step before."""

    def keys(**options: Any) -> set[str]:
        return set(ask(six.database, "funnel_people", YEAR, **options)["person_key"])

    assert keys(step="joined") == {"all", "stopped", "never", "late", "waits", "began"}
    assert keys(step="casual") == {"all", "stopped", "began"}
    assert keys(step="casual", state="open") == {"waits"}
    assert keys(step="casual", state="lost") == {"never", "late"}
    assert keys(step="active", state="lost", by="team", group="") == {"stopped"}
    assert keys(step="joined", state="open") == set()
    with pytest.raises(NotAllowed):
        ask(six.database, "funnel_people", YEAR, Scope(Role.LEADERSHIP))


def test_the_first_people_behind_a_step_are_listed_and_all_are_counted(six: ProgramBuilder) -> None:
    """The latest first, as many as are wanted, and those whose name or key holds what is searched for."""
    every = ask(six.database, "funnel_people", YEAR, step="joined", limit=0)
    first = ask(six.database, "funnel_people", YEAR, step="joined", limit=2)
    assert list(first["person_key"]) == list(every["person_key"])[:2]
    assert set(every["total"]) == set(first["total"]) == {6}
    found = ask(six.database, "funnel_people", YEAR, step="joined", search="TOP")
    assert rows(found, "person_key", "total") == [("stopped", 1)]
    assert ask(six.database, "funnel_people", YEAR, step="joined", search="%").empty


# ---- time to a level ------------------------------------------------------------------------------------------------


def test_waiting_times_are_kaplan_meiers(six: ProgramBuilder) -> None:
    """From joining to casual: 10, 30, 270 and 4 days, and two who still wait since 361 and 60 days."""
    table = ask(six.database, "time_to_level", YEAR, level="casual")
    expected = stats.ecdf(
        stats.CensoredData.right_censored([10, 30, 361, 270, 60, 4], [False, False, True, False, True, False])
    ).sf
    found = table[table["days"] > 0]
    assert list(found["days"]) == [4, 10, 30, 60, 270, 361]
    assert list(found["share"]) == pytest.approx(list(1 - expected.probabilities))
    assert list(found["at_risk"]) == [6, 5, 4, 3, 2, 1]
    assert (table["share"].iloc[0], table["median_days"].iloc[0]) == (0, 30)


def test_groups_are_compared_by_the_log_rank_test(program: ProgramBuilder) -> None:
    """The same p-value as scipy's, for the groups that were chosen."""
    waits = {"a": [1, 2, 3, 4, 5, 6], "b": [10, 20, 30, 40, 50, 60], "c": [5]}
    for team, days in waits.items():
        for wait in days:
            program.add_person(f"{team}{wait}", joined_on=date(2024, 1, 1))
            program.add_contributions(f"{team}{wait}", date(2024, 1, 1) + timedelta(days=wait), team_key=team)
    table = ask(program.database, "level_log_rank", YEAR, level="casual", by="team", groups="a,b")
    expected = stats.logrank(waits["a"], waits["b"])
    assert rows(table, "groups", "people", "degrees_of_freedom") == [(2, 12, 1)]
    assert table["p_value"].iloc[0] == pytest.approx(expected.pvalue)
    three = ask(program.database, "level_log_rank", YEAR, level="casual", by="team")
    assert rows(three, "groups", "people", "degrees_of_freedom") == [(3, 13, 2)]
    assert ask(program.database, "level_log_rank", YEAR, level="casual", by="team", groups="a").empty


# ---- the program's own funnel ---------------------------------------------------------------------------------------


@pytest.fixture
def applied(program: ProgramBuilder) -> ProgramBuilder:
    """One who went through, one declined, one accepted without dates, one who applied twice, one out of order."""
    program.add(cohorts, cohort_key="c1", name="Spring")

    def apply(person: str, **columns: Any) -> None:
        program.add_person(person)
        row = {"application_key": f"{person}-{len(columns)}", "person_key": person, "cohort_key": "c1"}
        dates = {key: date.fromisoformat(value) if key.endswith("_on") else value for key, value in columns.items()}
        program.add(applications, **row, **{"applied_on": date(2024, 1, 1), **dates})

    apply("through", evaluated_on="2024-01-11", decision="accepted", decided_on="2024-01-21",
          trained_on="2024-02-20", graduated_on="2024-03-01")  # fmt: skip
    program.add(memberships, membership_key="m", person_key="through", started_on=date(2024, 3, 11))
    apply("declined", evaluated_on="2024-01-11", decision="declined", decided_on="2024-01-21")
    apply("undated", decision="accepted", graduated_on="2024-04-01")
    apply("twice", decision="declined")
    apply("twice", applied_on="2024-03-01", evaluated_on="2024-03-05", decision="accepted", decided_on="2024-03-10")
    apply("backwards", evaluated_on="2024-02-10", decision="accepted", decided_on="2024-02-01")
    return program


def test_the_program_funnel_counts_people_once_and_never_backwards(applied: ProgramBuilder) -> None:
    """A later step implies the ones before it, on its own day at the latest."""
    table = ask(applied.database, "program_funnel", YEAR)
    assert rows(table, "step", "people", "share_of_previous") == [
        ("applied", 5, None),
        ("evaluated", 5, 1.0),
        ("accepted", 4, 0.8),
        ("trained", 2, 0.5),
        ("graduated", 2, 1.0),
        ("active_member", 1, 0.5),
    ]
    # Days by hand: "through" took 10, 10, 30, 10, 10; "declined" and "backwards" were evaluated after 10 and 40, and
    # "twice" after 64 and 5 more. "undated" has no days but those of applying and graduating, "backwards" was accepted
    # before being evaluated.
    assert rows(table, "step", "median_days", "early") == [
        ("applied", None, None),
        ("evaluated", 25.0, 1),
        ("accepted", 7.5, 2),
        ("trained", 30.0, 1),
        ("graduated", 10.0, 1),
        ("active_member", 10.0, 0),
    ]
    assert ask(applied.database, "program_funnel", YEAR, by="cohort")["name"].iloc[0] == "Spring"
    people = ask(applied.database, "program_people", YEAR, step="accepted", state="lost")
    assert list(people["person_key"]) == ["declined"]


# ---- through other eyes ---------------------------------------------------------------------------------------------


def outside(program: ProgramBuilder, name: str, day: str, **options: Any) -> pd.DataFrame:
    """What leadership is told of 2024 after the release of the day."""
    release(program.database, date.fromisoformat(day))
    return ask_outside(program.database, name, YEAR_LATER, **options)


def test_small_funnels_reveal_nothing_outside(six: ProgramBuilder) -> None:
    """Six people: a range at most, no shares of hidden counts, no days, no estimate of exact counts, no filters."""
    table = outside(six, "contributor_funnel", "2025-01-01")
    # Four contributed and two did not: were it told that there are five or more, neither could be nobody.
    assert rows(table, "step", "at_least", "at_most")[0] == ("joined", 0, 9)
    hidden = ["people", "share_of_previous", "low", "high", "median_days"]
    assert table.loc[table["step"] != "joined", hidden].isna().all(axis=None)
    assert table[["estimate", "estimate_low", "estimate_high", "early", "open"]].isna().all(axis=None)
    assert ask_outside(six.database, "contributor_funnel", replace(YEAR_LATER, country=("DE",))).empty
    for options in ({"window": 30}, {"active_min": 2}, {"by": "team"}):
        assert ask_outside(six.database, "contributor_funnel", YEAR_LATER, **options).empty, "no group has five"


def test_shares_of_a_year_are_released_once_nobody_of_it_has_time_left(program: ProgramBuilder) -> None:
    """Forty people who joined in January, of which twenty-four contributed after five days."""
    for number in range(40):
        enter(program, f"p{number}", "2024-01-10", *(["2024-01-15"] if number < 24 else []))
    early = outside(program, "contributor_funnel", "2025-01-01").iloc[1]
    assert (early["at_least"], early["at_most"]) == (20, 24)
    assert pd.isna(early["share_of_previous"]), "somebody who joined on 31 December would have had until June"
    shown = outside(program, "contributor_funnel", "2025-07-01").iloc[1]
    exact = ask(program.database, "contributor_funnel", YEAR).iloc[1]
    assert shown["low"] <= exact["low"] < exact["share_of_previous"] < exact["high"] <= shown["high"]
    assert (shown["median_days"], shown["cohort"]) == (7, "2024-01-01..2025-01-01")
    assert abs(shown["counted"] - 40) < 5
    trend = ask_outside(program.database, "conversion_trend", Selection(as_of=YEAR_LATER.as_of))
    assert rows(trend, "cohort", "step", "open") == [
        ("2024", "casual", False),
        ("2024", "active", True),
        ("2024", "core", True),
    ]
    assert trend["share"].iloc[0] == shown["share_of_previous"]


def test_what_came_after_everybodys_time_changes_no_release(program: ProgramBuilder) -> None:
    """540 days after 2024 nobody of it can become core any more: a year later the same is told, of the same day."""
    for number in range(40):
        enter(program, f"p{number}", "2024-01-10", *(["2024-01-15"] if number < 24 else []))
    settled = outside(program, "contributor_funnel", "2026-07-01", by="team")
    for number in range(24, 40):
        program.add_contributions(f"p{number}", date(2026, 8, 1))
    assert set(settled["as_of"]) == {date(2026, 6, 30)}
    later = outside(program, "contributor_funnel", "2027-01-01", by="team")
    pd.testing.assert_frame_equal(later, settled)


@pytest.mark.parametrize("question", ["time_to_level", "level_log_rank"])
def test_curves_of_single_people_stay_inside(six: ProgramBuilder, question: str) -> None:
    with pytest.raises(NotAllowed):
        ask(six.database, question, YEAR, Scope(Role.LEADERSHIP))


@pytest.mark.parametrize("question", ["retention", "persona", "event_followthrough"])
def test_the_public_does_not_ask(six: ProgramBuilder, question: str) -> None:
    with pytest.raises(NotAllowed):
        ask(six.database, question, YEAR, Scope(Role.PUBLIC))


def test_what_cannot_be_asked_is_refused_with_the_choices(six: ProgramBuilder) -> None:
    """Breakdowns, levels, states."""
    for name, options in (
        ("contributor_funnel", {"by": "shoe size"}),
        ("contributor_funnel", {"window": -1}),
        ("program_funnel", {"by": "team"}),
        ("time_to_level", {"level": "joined"}),
        ("conversion_trend", {"each": "week"}),
        ("funnel_people", {"state": "gone"}),
        ("event_followthrough", {"by": "weather"}),
        ("retention", {"ends": "never"}),
        ("retention", {"months": 0}),
    ):
        with pytest.raises(SelectionError):
            ask(six.database, name, YEAR, **options)


def test_a_program_without_people_has_a_funnel_of_nobody(program: ProgramBuilder) -> None:
    """Zeros and empty tables, no error."""
    assert list(ask(program.database, "contributor_funnel", YEAR)["people"]) == [0, 0, 0, 0]
    assert list(ask(program.database, "program_funnel", YEAR)["people"]) == [0] * 6
    for name in ("conversion_trend", "time_to_level", "level_log_rank", "retention", "retention_overall", "returning",
                 "persona", "event_followthrough", "tasks_by_phase", "funnel_people"):  # fmt: skip
        assert ask(program.database, name, YEAR).empty
