"""Teams: stages, exit measures and times against answers computed by hand.

Today is 15 September 2026; windows are 90 days, active is 3 contributions, core 12, unless a test says otherwise.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.program import Program
from data_access.questions.teams.activity import Range, year_before
from data_access.questions.teams.conversions import converted
from data_access.questions.teams.stages import _times
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.data_access.questions.asking import ask
from tests.releasing import ask_outside, release
from tests.tables import values
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)
PM, LEADERSHIP = Scope(Role.PM), Scope(Role.LEADERSHIP)


@pytest.fixture
def built(database: Database) -> TeamBuilder:
    return TeamBuilder(database)


def board(built: TeamBuilder, scope: Scope = PM, as_of: date = TODAY) -> dict[str, dict[str, Any]]:
    """The board's rows by team."""
    found = ask(built.database, "team_board", Selection(as_of=as_of), scope)
    return dict(zip(found["team"], found.to_dict("records"), strict=True))


def one(built: TeamBuilder, question: str, scope: Scope = PM, as_of: date = TODAY, **options: str) -> pd.DataFrame:
    return ask(built.database, question, Selection(as_of=as_of), scope, **options)


# ---- exit measures ----------------------------------------------------------------------------------------------


def test_preparing_ends_with_a_coordinator_and_the_day_of_appointment(built: TeamBuilder) -> None:
    ada = built.add_person("ada", "Ada")
    built.add_team("none", ("pre_work", date(2026, 1, 1)))
    built.add_team("undated", ("pre_work", date(2026, 1, 1)), coordinator_key=ada)
    built.add_team("later", ("pre_work", date(2026, 1, 1)), coordinator_key=ada, coordinator_appointed_on=TODAY)
    found = board(built, as_of=TODAY - timedelta(days=1))
    assert [found[team]["ready"] for team in ("none", "undated", "later")] == [False, False, False]
    found = board(built)
    assert (found["later"]["ready"], found["later"]["coordinator"]) == (True, "Ada")


def test_starting_ends_with_both_pathway_milestones(built: TeamBuilder) -> None:
    team = built.add_team("team-a", ("starting", date(2026, 1, 1)))
    built.add_milestone(team, "pathway_created", date(2026, 2, 1))
    built.add_milestone(team, "roles_clear", date(2026, 2, 1))
    row = board(built)[team]
    assert (row["exit_value"], row["exit_threshold"], row["ready"]) == (1, 2, False)
    assert (row["milestones_done"], row["milestones_total"]) == (2, 4)
    built.add_milestone(team, "pathway_prototyped", TODAY)
    assert board(built)[team]["ready"]


@pytest.mark.parametrize(("people", "ready"), [(25, False), (26, True)])
def test_learning_ends_with_more_than_25_people_new_to_the_team(built: TeamBuilder, people: int, ready: bool) -> None:
    """Who contributed to the team by the day of entry is not new; who contributed to another team is."""
    team = built.add_team("team-a", ("learning", date(2026, 1, 10)))
    built.add_team("other")
    new = built.add_contributors(team, people, date(2026, 1, 11))
    built.contribute("other", new[0], date(2025, 1, 1))
    known = built.add_contributors(team, 3, date(2026, 1, 10))
    built.contribute(team, known[0], date(2026, 5, 1))
    row = board(built)[team]
    assert (row["exit_value"], row["exit_threshold"], row["ready"]) == (people, 25, ready)


def test_growing_ends_at_ten_times_the_active_of_the_day_of_entry_with_both_leadership_milestones(
    built: TeamBuilder,
) -> None:
    entry = date(2026, 1, 10)
    team = built.add_team("team-a", ("scaling", entry))
    built.add_contributors(team, 1, entry, quantity=3)
    built.add_contributors(team, 1, entry - timedelta(days=90), quantity=9)
    built.add_contributors(team, 1, entry, quantity=2)
    built.add_contributors(team, 10, TODAY, quantity=3)
    row = board(built)[team]
    assert (row["exit_value"], row["second_value"], row["ready"]) == (10, 0, False)
    for milestone in ("core_recruited", "leadership_opportunities"):
        built.add_milestone(team, milestone, date(2026, 6, 1))
    assert board(built)[team]["ready"]


def test_growth_from_nobody_has_no_base_and_is_never_met(built: TeamBuilder) -> None:
    team = built.add_team("team-a", ("scaling", date(2026, 1, 10)))
    built.add_contributors(team, 30, TODAY, quantity=3)
    for milestone in ("core_recruited", "leadership_opportunities"):
        built.add_milestone(team, milestone, date(2026, 6, 1))
    row = board(built)[team]
    assert pd.isna(row["exit_value"])
    assert pd.isna(row["ready"])


@pytest.mark.parametrize(("stay", "active", "holds"), [(8, 9, True), (7, 9, False), (8, 8, False), (10, 12, True)])
def test_sustaining_holds_with_90_per_cent_of_the_active_and_80_per_cent_of_the_core(
    built: TeamBuilder, stay: int, active: int, holds: bool
) -> None:
    """Ten were active and core a year ago. Of the core one contribution is enough to have stayed."""
    team = built.add_team("team-a", ("sustaining", date(2024, 1, 1)))
    core = built.add_contributors(team, 10, date(2025, 9, 15), quantity=12)
    for key in core[:stay]:
        built.contribute(team, key, TODAY)
    built.add_contributors(team, active, TODAY, quantity=3)
    row = board(built)[team]
    assert row["exit_value"] == pytest.approx(active / 10)
    assert row["second_value"] == pytest.approx(stay / 10)
    assert row["ready"] == holds
    assert not row["stalled"]


def test_four_quarters_before_the_end_of_a_quarter_is_the_end_of_a_quarter() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2025, 2, 28)) == date(2024, 2, 29)
    assert year_before(date(2026, 9, 15)) == date(2025, 9, 15)
    assert year_before(date(2026, 12, 31)) == date(2025, 12, 31)


# ---- stages and times -------------------------------------------------------------------------------------------


def test_a_team_is_stalled_when_it_stays_longer_than_median_and_interquartile_range(built: TeamBuilder) -> None:
    """Completed stays of 10, 20, 30, 40 days: median 25, quartiles 17.5 and 32.5, so more than 40 days."""
    built.completed_stays("starting", "learning", 10, 20, 30)
    built.add_team("at", ("starting", TODAY - timedelta(days=40)))
    assert pd.isna(board(built)["at"]["stalled"])
    built.completed_stays("starting", "learning", 40)
    built.add_team("over", ("starting", TODAY - timedelta(days=41)))
    found = board(built)
    assert (found["at"]["stalled"], found["over"]["stalled"]) == (False, True)
    assert found["over"]["stalled_after_days"] == 40
    assert next(iter(found)) != "at", "longest in its stage first"


def test_going_back_does_not_complete_a_stage_and_entering_it_twice_is_one_stay(built: TeamBuilder) -> None:
    team = built.add_team(
        "team-a",
        ("learning", date(2025, 1, 1)),
        ("learning", date(2025, 3, 1)),
        ("starting", date(2025, 6, 1)),
        ("scaling", date(2026, 1, 1)),
    )
    history = one(built, "team_stage_history", team=team)
    assert list(history["days"]) == [151, 214, 257]
    assert history["remark"].tolist() == [
        "",
        "goes back from “Learning and preparing for growth”",
        "skips “Learning and preparing for growth”",
    ]
    times = one(built, "team_transitions").set_index("stage")
    assert values(times, "learning", "moved", "open") == [0, 1]
    assert values(times, "starting", "moved", "open") == [1, 0]


def test_times_follow_kaplan_and_meier_on_a_published_example() -> None:
    """Remission under 6-MP (Freireich et al., Blood 21, 1963): median 23 weeks, first quartile 13, third not reached.

    The interval of the median (13 to not reached) is what SAS prints for these data with its log-log default.
    """
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    lasting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert _times(ended, lasting) == [13, 23, None, 13, None]


def test_times_without_anybody_who_moved_are_missing() -> None:
    assert _times([], [10, 20]) == [None] * 5


def test_moves_say_whether_the_exit_measure_was_met_on_the_day(built: TeamBuilder) -> None:
    moved = date(2026, 3, 1)
    early = built.add_team("early", ("starting", date(2026, 1, 1)), ("learning", moved))
    right = built.add_team("right", ("starting", date(2026, 1, 1)), ("learning", moved))
    for team, last in ((early, moved + timedelta(days=1)), (right, moved)):
        built.add_milestone(team, "pathway_created", date(2026, 1, 20))
        built.add_milestone(team, "pathway_prototyped", last)
    moves = one(built, "team_moves").set_index("team")
    assert moves["met"].to_dict() == {"early": False, "right": True}
    assert moves["days"].tolist() == [59, 59]


def test_a_stage_in_the_future_has_not_been_entered(built: TeamBuilder) -> None:
    team = built.add_team("team-a", ("pre_work", date(2026, 1, 1)), ("starting", TODAY + timedelta(days=1)))
    assert board(built)[team]["stage"] == "pre_work"
    assert board(built, as_of=TODAY + timedelta(days=1))[team]["stage"] == "starting"


def test_a_team_without_people_or_without_stages_is_on_the_board(built: TeamBuilder) -> None:
    """Nothing to count is not an error: last on the board, with nothing claimed."""
    built.add_team("bare")
    built.add_team("empty", ("learning", date(2026, 1, 1)))
    found = board(built)
    assert list(found) == ["empty", "bare"]
    assert (found["empty"]["exit_value"], found["empty"]["ready"]) == (0, False)
    assert pd.isna(found["bare"]["stage"])
    assert one(built, "team_growth", team="bare").empty
    assert one(built, "team_change_funnel", team="bare").empty


def test_filters_by_team_and_area_narrow_the_board_and_leave_the_usual_times_alone(built: TeamBuilder) -> None:
    built.completed_stays("starting", "learning", 10, 20, 30, 40)
    built.add_team("over", ("starting", TODAY - timedelta(days=41)))
    found = ask(built.database, "team_board", Selection(as_of=TODAY, team=("over",)), PM)
    assert found["team"].tolist() == ["over"]
    assert found["stalled"].tolist() == [True]


def test_risks_are_open_between_their_days(built: TeamBuilder) -> None:
    team = built.add_team("team-a", ("learning", date(2026, 1, 1)))
    built.add_risk(team, raised_on=TODAY + timedelta(days=1))
    built.add_risk(team, closed_on=TODAY)
    built.add_risk(team, "Our room is closed", closed_on=TODAY + timedelta(days=1), severity="high")
    assert board(built)[team]["open_risks"] == 1
    listed = one(built, "team_risks_list", team=team)
    assert listed["words"].tolist() == ["Our room is closed", "The coordinator does everything alone"]
    assert listed["closed_on"].isna().tolist() == [True, False]


# ---- one team ---------------------------------------------------------------------------------------------------


def test_growth_is_counted_at_each_quarters_end_against_ten_times_the_entry(built: TeamBuilder) -> None:
    team = built.add_team("team-a", ("learning", date(2025, 10, 1)), ("scaling", date(2026, 2, 1)))
    built.add_contributors(team, 2, date(2026, 1, 15), quantity=3)
    built.add_contributors(team, 5, date(2026, 9, 1), quantity=3)
    found = one(built, "team_growth", team=team)
    assert found["people"].tolist() == [2, 0, 5]
    assert found["counted_on"].tolist() == [date(2026, 3, 31), date(2026, 6, 30), TODAY]
    assert found["open"].tolist() == [False, False, True]
    assert found["goal_at_least"].tolist() == [20, 20, 20]


def test_the_funnel_around_a_change_follows_each_newcomer_for_the_conversion_window(built: TeamBuilder) -> None:
    """Before: one who becomes active only after 180 days, one core at once. After: one active, one who never is."""
    changed = date(2025, 6, 1)
    team = built.add_team("team-a", ("starting", date(2025, 1, 1)), ("learning", changed))
    slow, core, active, never = (built.add_person() for _ in range(4))
    built.contribute(team, slow, date(2025, 5, 1))
    built.contribute(team, slow, date(2025, 11, 1), quantity=3)
    built.contribute(team, core, date(2025, 3, 3), quantity=12)
    built.contribute(team, active, changed, date(2025, 7, 1), date(2025, 8, 29))
    built.contribute(team, never, date(2025, 6, 2), date(2025, 8, 1), date(2025, 9, 20))
    built.add_contributors(team, 1, date(2025, 3, 2), quantity=12)
    found = one(built, "team_change_funnel", team=team)
    assert found.groupby("side", sort=False)["people"].apply(list).to_dict() == {
        "before": [2, 1, 1],
        "after": [2, 1, 0],
    }
    assert found["closed"].all()
    still = one(built, "team_change_funnel", as_of=date(2025, 8, 1), team=team)
    assert not still.loc[still["side"] == "after", "closed"].any()


def test_what_newcomers_became_agrees_with_counting_every_window(built: TeamBuilder) -> None:
    """Brute force over every day of the conversion window, its edges included, for 60 people who came on one day."""
    draw, start, program = np.random.default_rng(5), date(2024, 1, 15), Program()  # a leap year
    team, peaks = built.add_team(), []
    rows: list[dict[str, Any]] = []
    for _ in range(60):
        person = built.add_person()
        offsets = [0, *sorted(int(day) for day in draw.choice(range(1, 300), draw.integers(0, 13), replace=False))]
        history = [(start + timedelta(days=offset), int(draw.integers(1, 4))) for offset in offsets]
        inside = [
            sum(q for d, q in history if day - timedelta(days=program.window_days) < d <= day)
            for day in (start + timedelta(days=offset) for offset in range(program.conversion_window_days + 1))
        ]
        peaks.append(max(inside))
        rows += [
            {"person_key": person, "contributed_on": day, "area": "docs", "team_key": team, "quantity": quantity}
            for day, quantity in history
        ]
    built.add_contributions(rows)
    span = (team, start, start + timedelta(days=1))
    with built.database.reading() as connection:
        found = converted(connection, program, [span], TODAY)[span]
    assert found == (60, sum(peak >= 3 for peak in peaks), sum(peak >= 12 for peak in peaks))
    assert 0 < found.core < found.active < found.new


# ---- who sees what ----------------------------------------------------------------------------------------------


def test_others_see_ranges_of_whole_quarters_and_no_exact_count(built: TeamBuilder) -> None:
    team = built.add_team("team-a", ("learning", date(2026, 2, 10)))
    built.add_contributors(team, 12, date(2026, 2, 11))
    built.add_contributors(team, 20, date(2026, 5, 1))
    built.add_contributors(team, 7, date(2026, 7, 1))
    assert board(built)[team]["exit_value"] == 39
    release(built.database, date(2026, 7, 1))
    found = ask_outside(built.database, "team_board", Selection(as_of=TODAY))
    [row] = found.to_dict("records")
    assert pd.isna(row["exit_value"])
    assert row["exit_at_least"] <= 32 <= row["exit_at_most"]
    assert row["counted_on"] == date(2026, 6, 30)
    assert pd.isna(row["ready"]), "20 to 34 leaves open whether it is more than 25"


def test_nothing_is_computed_from_a_withheld_range() -> None:
    few, many = Range(0, 4), Range(10, 14)
    assert few.divided_by(many) is None
    assert many.divided_by(few) is None
    assert many.divided_by(Range(0, 0)) is None
    assert many.divided_by(Range(5, 9)) == Range(10 / 9, 14 / 5)


@pytest.mark.parametrize("question", ["team_board", "team_moves", "team_growth", "leadership_circles", "team_changes"])
def test_the_public_may_not_ask(built: TeamBuilder, question: str) -> None:
    with pytest.raises(NotAllowed):
        one(built, question, Scope(Role.PUBLIC))


# ---- circles ----------------------------------------------------------------------------------------------------


def test_a_circle_joins_its_mentorships_with_the_organizers_of_its_city(built: TeamBuilder) -> None:
    keys = [built.add_person(name=f"Name {number}") for number in range(4)]
    built.add_mentorship(keys[0], keys[1], "Berlin circle")
    built.add_mentorship(keys[1], keys[2], "Berlin circle")
    built.add_mentorship(keys[0], keys[3], "Berlin circle", ended_on=date(2026, 8, 1))
    built.add_organizer(keys[0], "Berlin")
    built.add_organizer(keys[3], "berlin")
    built.add_organizer(keys[3], "Paris", on=TODAY - timedelta(days=365))
    found = one(built, "leadership_circles").set_index("circle")
    parts = ["people", "mentors", "both", "mentees", "organizers_only"]
    assert found[parts].to_dict("index") == {
        "Berlin circle": dict(zip(parts, (4, 1, 1, 1, 1), strict=True)),
    }
    links = one(built, "circle_links")
    assert links[links["mentors"].notna()][["name", "mentors_name"]].to_numpy().tolist() == [
        ["Name 0", "Name 1"],
        ["Name 1", "Name 2"],
    ]


def test_small_circles_and_who_is_in_them_are_for_the_program_manager(built: TeamBuilder) -> None:
    for number in range(6):
        built.add_organizer(built.add_person(), "Berlin" if number < 2 else "Paris", on=date(2026, 5, 1))
    for _ in range(3):
        built.add_organizer(built.add_person(), "Paris", on=date(2026, 5, 1))
    assert one(built, "leadership_circles")["circle"].tolist() == ["Paris", "Berlin"]
    release(built.database, date(2026, 7, 1))
    shown = ask_outside(built.database, "leadership_circles", Selection(as_of=TODAY))
    assert shown["circle"].tolist() == ["Paris"]
    assert shown["people"].isna().all()
    with pytest.raises(NotAllowed):
        one(built, "circle_links", LEADERSHIP)
