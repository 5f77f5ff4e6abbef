"""Risks that data show: planted in small programs none is missed, in a program without trouble none is invented.

Today is 15 September 2026; windows are 90 days, active is 3 contributions, core 12, conversion takes 180 days at most.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.schema import teams
from data_access.questions.teams.risks import DetectedRisk
from data_access.questions.teams.signs import SIGNS
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.data_access.questions.asking import ask
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)
# Newcomers of this day are judged: their conversion window is over.
JUDGED = TODAY - timedelta(days=300)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def built(database: Database) -> TeamBuilder:
    made = TeamBuilder(database)
    made.add_person("staff", "Staff")
    return made


def add_team(built: TeamBuilder, key: str, stage: str, days: int = 400) -> str:
    """A team with a coordinator that has been in a stage for so many days."""
    return built.add_team(
        key, (stage, days_ago(days)), coordinator_key="staff", coordinator_appointed_on=days_ago(1000)
    )


def add_sound_work(built: TeamBuilder, team: str) -> None:
    """Twelve core contributors who stay, one of them new; thirty newcomers of whom half become active."""
    old = built.add_contributors(team, 11, days_ago(700))
    for person in old:
        built.contribute(team, person, days_ago(380), quantity=12)
        built.contribute(team, person, days_ago(20), quantity=12)
    built.add_contributors(team, 1, days_ago(30), quantity=12)
    built.add_contributors(team, 15, JUDGED, quantity=3)
    built.add_contributors(team, 15, JUDGED)


def detected(built: TeamBuilder, day: date = TODAY, scope: Scope | None = None, **more: str) -> list[DetectedRisk]:
    found = ask(built.database, "detected_risks", Selection(as_of=day), scope or Scope(Role.PM), **more)
    return rows(DetectedRisk, found)


def found_in(built: TeamBuilder, day: date = TODAY) -> list[tuple[str, str]]:
    return [(row.team, row.risk) for row in detected(built, day)]


def test_in_a_program_without_trouble_no_risk_is_invented(built: TeamBuilder) -> None:
    for stage in ("pre_work", "starting", "learning", "scaling", "sustaining"):
        team = add_team(built, f"team-{stage}", stage)
        add_sound_work(built, team)
        built.add_event(team, days_ago(30))
    built.add_milestone("team-starting", "pathway_prototyped", days_ago(350))
    # Nothing is known of a team without a stage and without work.
    built.add_team("silent")
    assert found_in(built) == []


def test_every_planted_risk_is_found_once_and_nothing_beside_it(built: TeamBuilder) -> None:
    add_sound_work(built, add_team(built, "a-sound", "learning"))
    leaning = add_team(built, "b-leaning", "starting")
    built.contribute(leaning, built.add_person(), days_ago(100), quantity=13)
    built.add_contributors(leaning, 3, days_ago(100), quantity=4)
    gaps = add_team(built, "c-gaps", "starting")
    built.add_milestone(gaps, "pathway_prototyped", days_ago(200))
    built.add_contributors(gaps, 29, JUDGED)
    built.add_contributors(gaps, 1, JUDGED, quantity=3)
    stuck = add_team(built, "d-stuck", "scaling", days=200)
    built.add_contributors(stuck, 3, days_ago(250), quantity=12)
    leaving = add_team(built, "e-leaving", "sustaining")
    core = built.add_contributors(leaving, 10, days_ago(700))
    for person in core:
        built.contribute(leaving, person, days_ago(365), quantity=12)
    for person in core[:7]:
        built.contribute(leaving, person, days_ago(5))
    alone = built.add_team("f-alone", ("starting", days_ago(3)))
    crowded = add_team(built, "g-crowded", "starting", days=100)
    built.add_contributors(crowded, 20, days_ago(90))
    built.add_contributors(crowded, 3, days_ago(60))
    quiet = add_team(built, "h-quiet", "sustaining")
    built.add_event(quiet, days_ago(200))
    built.add_event(quiet, days_ago(10), status="cancelled")
    found = {(row.team, row.risk): row for row in detected(built)}
    assert list(found) == [
        (leaning, "not_delegating"),
        (gaps, "pathway_gaps"),
        (stuck, "no_new_core"),
        (leaving, "core_leaving"),
        (alone, "no_coordinator"),
        (crowded, "prototype_too_large"),
        (quiet, "no_renewal"),
    ]
    assert {risk for _, risk in found} == set(SIGNS)
    evidence = {row.risk: (row.value, row.threshold, row.unit, row.base, row.since, row.step) for row in found.values()}
    assert evidence == {
        "not_delegating": (pytest.approx(13 / 25), 0.5, "share", 25, TODAY - timedelta(days=91), ""),
        # All others: 15 of 30 in the sound team, and 3 of 3 in the one that is stuck.
        "pathway_gaps": (pytest.approx(1 / 30), pytest.approx(18 / 33), "share", 30, None, "active"),
        "no_new_core": (250, 180, "days", None, days_ago(250), ""),
        "core_leaving": (pytest.approx(0.7), 0.8, "share", 10, None, ""),
        "no_coordinator": (3, 0, "days", None, days_ago(3), ""),
        "prototype_too_large": (23, 20, "people", None, days_ago(60), ""),
        "no_renewal": (200, 180, "days", None, days_ago(200), ""),
    }
    gap = found[gaps, "pathway_gaps"]
    assert gap.low is not None
    assert gap.high is not None
    assert gap.low < gap.value < gap.high < gap.threshold


def test_most_is_more_than_half_of_at_least_as_much_as_makes_one_core(built: TeamBuilder) -> None:
    half = add_team(built, "half", "starting")
    built.add_contributors(half, 2, days_ago(100), quantity=20)
    little = add_team(built, "little", "starting")
    built.add_contributors(little, 1, days_ago(100), quantity=11)
    old = add_team(built, "old", "starting")
    built.add_contributors(old, 1, days_ago(365), quantity=50)
    assert found_in(built) == []
    built.add_contributors(little, 1, days_ago(364))
    assert found_in(built) == [(little, "not_delegating")]


def test_since_when_one_person_makes_most_goes_back_for_as_long_as_it_was_so(built: TeamBuilder) -> None:
    team, busy = add_team(built, "team", "starting"), built.add_person()
    built.add_contributors(team, 2, days_ago(440), quantity=30)
    for days in (450, 120, 30):
        built.contribute(team, busy, days_ago(days), quantity=20)
    # In the year that ended 91 days ago it made 40 of 100.
    assert [row.since for row in detected(built)] == [TODAY]
    with_less = add_team(built, "with-less", "starting")
    built.contribute(with_less, busy, days_ago(280), quantity=20)
    assert [row.since for row in detected(built, team=with_less)] == [days_ago(273)]


@pytest.mark.parametrize(("active", "found"), [(0, True), (7, True), (8, False), (15, False)])
def test_a_gap_is_a_share_whose_interval_ends_below_that_of_the_others(
    built: TeamBuilder, active: int, found: bool
) -> None:
    """Of the others' newcomers half became active. Wilson's 99% interval of 7 in 30 ends at 46.8%, of 8 at 50.2%."""
    for other in ("other-a", "other-b"):
        add_sound_work(built, add_team(built, other, "learning"))
    team = add_team(built, "team", "pre_work")
    built.add_contributors(team, active, JUDGED, quantity=3)
    built.add_contributors(team, 30 - active, JUDGED)
    assert found_in(built) == ([(team, "pathway_gaps")] if found else [])


def test_newcomers_whose_window_is_still_open_make_no_gap(built: TeamBuilder) -> None:
    add_sound_work(built, add_team(built, "other", "learning"))
    team = add_team(built, "team", "pre_work")
    built.add_contributors(team, 40, days_ago(179))
    assert found_in(built) == []
    built.add_contributors(team, 9, days_ago(181))
    assert found_in(built) == []
    built.add_contributors(team, 1, days_ago(181))
    assert found_in(built) == [(team, "pathway_gaps")]


@pytest.mark.parametrize(("since", "in_stage", "found"), [(180, 180, True), (179, 400, False), (300, 179, False)])
def test_no_new_core_takes_half_a_year_without_and_in_the_stage(
    built: TeamBuilder, since: int, in_stage: int, found: bool
) -> None:
    team = add_team(built, "team", "learning", days=in_stage)
    person, *_ = built.add_contributors(team, 3, days_ago(since), quantity=12)
    # Core again is not newly core.
    built.contribute(team, person, days_ago(1), quantity=12)
    assert found_in(built) == ([(team, "no_new_core")] if found else [])


def test_a_team_that_never_had_a_core_has_waited_since_it_entered_the_stage(built: TeamBuilder) -> None:
    team = add_team(built, "team", "learning", days=200)
    built.add_contributors(team, 3, days_ago(10), quantity=11)
    [row] = detected(built)
    assert (row.risk, row.value, row.since) == ("no_new_core", 200, days_ago(200))


@pytest.mark.parametrize(("core", "kept", "found"), [(10, 8, False), (10, 7, True), (4, 0, False), (5, 3, True)])
def test_the_core_leaves_when_less_than_80_per_cent_of_at_least_five_stay(
    built: TeamBuilder, core: int, kept: int, found: bool
) -> None:
    team = add_team(built, "team", "scaling", days=100)
    for person in built.add_contributors(team, core, days_ago(365), quantity=12)[:kept]:
        built.contribute(team, person, days_ago(89))
    assert found_in(built) == ([(team, "core_leaving")] if found else [])


@pytest.mark.parametrize(
    ("stage", "days", "found"),
    [("pre_work", 90, False), ("pre_work", 91, True), ("starting", 0, True), ("learning", 100, False)],
)
def test_a_team_that_prepares_has_a_quarter_to_find_a_coordinator(
    built: TeamBuilder, stage: str, days: int, found: bool
) -> None:
    team = built.add_team("team", (stage, days_ago(days)))
    assert found_in(built) == ([(team, "no_coordinator")] if found else [])
    with built.database.writing() as connection:
        connection.execute(update(teams).values(coordinator_appointed_on=TODAY))
    assert found_in(built) == []


def test_a_prototype_of_twenty_is_no_risk_and_one_that_is_over_neither(built: TeamBuilder) -> None:
    team = add_team(built, "team", "starting", days=100)
    built.add_contributors(team, 5, days_ago(100))
    built.add_contributors(team, 20, days_ago(99))
    assert found_in(built) == []
    built.add_contributors(team, 1, days_ago(50))
    assert [(row.risk, row.value, row.since) for row in detected(built)] == [("prototype_too_large", 21, days_ago(50))]
    built.add_milestone(team, "pathway_prototyped", days_ago(20))
    assert found_in(built) == []
    assert found_in(built, days_ago(21)) == [(team, "prototype_too_large")]


def test_what_is_recorded_open_is_said_beside_what_is_detected(built: TeamBuilder) -> None:
    for key, closed in (("a", None), ("b", days_ago(1)), ("c", TODAY + timedelta(days=1))):
        team = add_team(built, key, "starting")
        built.add_contributors(team, 1, days_ago(100), quantity=12)
        built.add_risk(team, "not_delegating", days_ago(50), closed_on=closed)
    built.add_risk(add_team(built, "d", "starting"), "not_delegating")
    assert [(row.team, row.recorded) for row in detected(built)] == [("a", True), ("b", False), ("c", True)]


def test_partners_see_their_own_teams_and_others_outside_none(built: TeamBuilder) -> None:
    for key in ("mine", "theirs"):
        built.add_contributors(add_team(built, key, "starting"), 1, days_ago(100), quantity=12)
    own = Scope(Role.PARTNER, ("mine",), own_teams=True)
    assert [row.team for row in detected(built, scope=own)] == ["mine"]
    with pytest.raises(NotAllowed):
        detected(built, scope=Scope(Role.LEADERSHIP))
