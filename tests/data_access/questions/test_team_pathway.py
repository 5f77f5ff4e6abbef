"""People in the pathway, connections, leavers and jumps against answers worked out by hand.

Today is 15 September 2026; windows are 90 days, a person is core from 12 contributions on.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import exp, log, sqrt
from statistics import mean, stdev

import pytest

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.questions.teams.jumps import ContributionJump
from data_access.questions.teams.pathway import CoreLeaver, TeamPathway
from data_access.selection import NotAllowed, Role, Scope, Selection
from data_access.statistics.intervals import wilson_interval
from tests.data_access.questions.asking import ask
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def built(database: Database) -> TeamBuilder:
    return TeamBuilder(database)


def pathway(built: TeamBuilder, day: date = TODAY, scope: Scope | None = None) -> dict[str, TeamPathway]:
    found = ask(built.database, "team_pathway", Selection(as_of=day), scope or Scope(Role.PM))
    return {row.team: row for row in rows(TeamPathway, found)}


def leavers(built: TeamBuilder, day: date = TODAY) -> list[tuple[str, int, date, int]]:
    found = ask(built.database, "core_leavers", Selection(as_of=day), Scope(Role.PM))
    return [(row.person, row.contributions, row.last_on, row.elsewhere) for row in rows(CoreLeaver, found)]


def jumps(built: TeamBuilder, day: date = TODAY) -> dict[str, ContributionJump]:
    found = ask(built.database, "contribution_jumps", Selection(as_of=day), Scope(Role.PM))
    return {row.stage: row for row in rows(ContributionJump, found)}


def test_who_comes_after_the_stage_was_entered_is_in_the_pathway(built: TeamBuilder) -> None:
    team = built.add_team("team", ("pre_work", days_ago(500)), ("starting", days_ago(100)))
    built.add_contributors(team, 2, days_ago(100))
    built.add_contributors(team, 3, days_ago(99))
    built.add_contributors(team, 4, days_ago(29))
    built.add_team("no-stage")
    found = pathway(built)
    assert list(found) == [team]
    row = found[team]
    assert (row.people, row.limit, row.judged, row.connected, row.share) == (7, 20, 3, 0, 0)
    then = pathway(built, days_ago(99))[team]
    assert (then.people, then.judged, then.share, then.share_low) == (3, 0, None, None)


def test_connected_is_who_got_to_an_event_a_task_or_a_mentor_within_30_days(built: TeamBuilder) -> None:
    team = built.add_team("team", ("learning", days_ago(200)))
    came = days_ago(100)
    guest, late, same_day, absent, doer, mentored, too_late, both = built.add_contributors(team, 8, came)
    party, first, after = (built.add_event(team, came + timedelta(days=days)) for days in (30, 0, 31))
    cancelled = built.add_event(team, came + timedelta(days=9), status="cancelled")
    mentor = built.add_person()
    built.take_part(party, guest)
    built.take_part(after, late)
    built.take_part(first, same_day)
    built.take_part(cancelled, absent)
    # A task of an event counts for any team; a further contribution alone is no sign that somebody offered it.
    built.contribute(team, doer, came + timedelta(days=5), event_key=party)
    built.contribute(team, late, came + timedelta(days=5))
    built.add_mentorship(mentor, mentored, started_on=came)
    built.add_mentorship(mentor, too_late, started_on=came + timedelta(days=31))
    built.take_part(party, both, "organizer")
    built.add_mentorship(mentor, both, started_on=came + timedelta(days=30))
    row = pathway(built)[team]
    assert (row.judged, row.connected) == (8, 4)
    assert (row.to_event, row.to_task, row.to_mentor) == (2, 1, 2)
    low, high = wilson_interval(4, 8)
    assert [row.share, row.share_low, row.share_high] == pytest.approx([0.5, float(low), float(high)])


def test_who_left_the_core_is_named_to_the_program_manager_and_counted_for_others(built: TeamBuilder) -> None:
    team, other = built.add_team("team", ("scaling", days_ago(500))), built.add_team("other")
    gone, moved, stayed, casual = (
        built.add_person(name, name.capitalize()) for name in ("gone", "moved", "stayed", "c")
    )
    for person in (gone, moved, stayed):
        built.contribute(team, person, days_ago(365), quantity=12)
    built.contribute(team, gone, days_ago(90), quantity=5)
    built.contribute(other, moved, days_ago(10), quantity=7)
    built.contribute(team, stayed, days_ago(89))
    built.contribute(team, casual, days_ago(365), quantity=11)
    assert leavers(built) == [("Gone", 12, days_ago(90), 0), ("Moved", 12, days_ago(365), 7)]
    row = pathway(built)[team]
    assert (row.core_before, row.core_left) == (3, 2)
    for role in (Role.BOARD, Role.PARTNER, Role.LEADERSHIP):
        with pytest.raises(NotAllowed):
            ask(built.database, "core_leavers", Selection(as_of=TODAY), Scope(role))


def test_the_jump_is_the_mean_of_ratios_over_all_teams_with_its_interval(built: TeamBuilder) -> None:
    """10 → 20, 10 → 40, 10 → 10 and 10 → 80 are 2, 4, 1 and 8 times: 2.83 in the geometric mean."""
    entered = date(2025, 1, 1)
    for number, after in enumerate((20, 40, 10, 80)):
        team = built.add_team(f"t{number}", ("learning", date(2024, 1, 1)), ("scaling", entered))
        built.add_contributors(team, 1, entered - timedelta(days=90), quantity=9)
        built.add_contributors(team, 1, entered - timedelta(days=1))
        built.add_contributors(team, 1, entered - timedelta(days=91), quantity=50)
        built.add_contributors(team, 1, entered, quantity=after - 1)
        built.add_contributors(team, 1, entered + timedelta(days=89))
        built.add_contributors(team, 1, entered + timedelta(days=90), quantity=50)
    nothing = built.add_team("nothing", ("learning", date(2024, 1, 1)), ("scaling", entered))
    built.add_contributors(nothing, 1, entered, quantity=9)
    ended = built.add_team("ended", ("learning", date(2024, 1, 1)), ("scaling", entered))
    built.add_contributors(ended, 1, entered - timedelta(days=1), quantity=9)
    built.add_team("new", ("learning", date(2024, 1, 1)), ("scaling", days_ago(89)))
    built.add_team("back", ("scaling", date(2024, 1, 1)), ("learning", entered))
    row = jumps(built)["scaling"]
    assert (row.changes, row.too_new, row.from_nothing, row.to_nothing, row.judged, row.grew) == (7, 1, 1, 1, 4, 3)
    logs = [log(times) for times in (2, 4, 1, 8)]
    half = 3.182446 * stdev(logs) / sqrt(4)  # Student’s quantile with 3 degrees of freedom
    assert row.jump == pytest.approx(8**0.5)
    assert [row.low, row.high] == pytest.approx([exp(mean(logs) - half), exp(mean(logs) + half)])
    assert jumps(built, entered + timedelta(days=89))["scaling"].judged == 0
    assert jumps(built)["learning"].changes == 0


def test_one_change_has_no_interval(built: TeamBuilder) -> None:
    team = built.add_team("team", ("learning", date(2024, 1, 1)), ("scaling", date(2025, 1, 1)))
    built.add_contributors(team, 1, date(2024, 12, 31), quantity=2)
    built.add_contributors(team, 1, date(2025, 1, 1), quantity=3)
    row = jumps(built)["scaling"]
    assert row.jump == pytest.approx(1.5)
    assert (row.low, row.high) == (None, None)
