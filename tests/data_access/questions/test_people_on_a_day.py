"""What is said of people on a given day, where a day more or a later fact would change it; worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from data_access.database.schema import applications, cohorts, memberships, participations
from data_access.selection import Period, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.team_builders import TeamBuilder


@pytest.fixture
def program(tmp_path: Path) -> ProgramBuilder:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    built.add_program()
    return built


def test_on_its_last_day_a_conversion_window_is_open(program: ProgramBuilder) -> None:
    """Joined on 1 January: within 180 days is up to 29 June, and on that day there is still time."""
    program.add_person("waits", joined_on=date(2024, 1, 1))
    last = date(2024, 1, 1) + timedelta(days=180)
    states = {}
    for day in (last, last + timedelta(days=1)):
        step = ask(program.database, "contributor_funnel", Selection(as_of=day)).iloc[1]
        states[day] = (int(step["open"]), int(step["counted"]))
    assert states == {last: (1, 0), last + timedelta(days=1): (0, 1)}
    program.add_contributions("waits", last)
    step = ask(program.database, "contributor_funnel", Selection(as_of=last)).iloc[1]
    assert (int(step["people"]), int(step["open"]), int(step["counted"])) == (1, 0, 0)


def test_on_its_last_day_the_time_of_a_teams_newcomers_is_open(program: ProgramBuilder) -> None:
    """Newcomers up to 31 March: the last of them have until 27 September."""
    changed = date(2024, 1, 2)
    teams = TeamBuilder(program.database)
    team = teams.add_team("team-a", ("starting", date(2023, 1, 1)), ("learning", changed))
    over = changed + timedelta(days=90 + 180)
    for day, closed in ((over - timedelta(days=1), False), (over, True)):
        found = ask(program.database, "team_change_funnel", Selection(as_of=day), team=team)
        assert set(found.loc[found["side"] == "after", "closed"]) == {closed}


def test_a_membership_after_the_application_counts_though_one_came_before(program: ProgramBuilder) -> None:
    """Who was a member before applying has not become one by it; who becomes one again has."""
    program.add(cohorts, cohort_key="c1", name="Spring")
    for person, again in (("was", None), ("returns", date(2024, 3, 1))):
        program.add_person(person)
        row = {"application_key": person, "person_key": person, "cohort_key": "c1", "decision": "accepted"}
        program.add(applications, **row, applied_on=date(2024, 1, 10), decided_on=date(2024, 2, 1))
        for number, started in enumerate((date(2022, 1, 1), again)):
            if started:
                ended = date(2022, 12, 31) if number == 0 else None
                key = f"{person}{number}"
                program.add(memberships, membership_key=key, person_key=person, started_on=started, ended_on=ended)
    steps = ask(program.database, "program_funnel", Selection(as_of=date(2024, 12, 31))).set_index("step")["people"]
    assert steps.to_dict() == {
        "applied": 2,
        "evaluated": 2,
        "accepted": 2,
        "trained": 1,
        "graduated": 1,
        "active_member": 1,
    }


def met(program: ProgramBuilder, person: str, *events: str) -> None:
    for event in events:
        program.add(participations, event_key=event, person_key=person, role="attendee")


def test_nobody_is_tied_to_who_contributes_only_later(program: ProgramBuilder) -> None:
    """Two events with somebody who first contributes in 2025 are no ties to a contributor in 2024."""
    program.add_contributions("early", date(2024, 2, 1))
    program.add_contributions("late", date(2025, 2, 1))
    events = [program.add_event(starts_on=date(2024, month, 1), status="held") for month in (1, 2)]
    for person in ("early", "late"):
        met(program, person, *events)
    found = {}
    for day in (date(2024, 4, 1), date(2025, 2, 1)):
        quarter = Selection(Period.parse("2024-Q1"), as_of=day)
        found[day] = int(ask(program.database, "persona", quarter)["connected"].item())
    assert found == {date(2024, 4, 1): 0, date(2025, 2, 1): 1}


def test_mission_driven_people_are_counted_at_whole_quarters_of_the_period(program: ProgramBuilder) -> None:
    program.add_contributions("p", date(2024, 1, 5), date(2024, 6, 5), date(2024, 9, 5))
    period = Period(date(2024, 2, 1), date(2024, 9, 1))
    found = ask(program.database, "persona", Selection(period, as_of=date(2024, 12, 31)))
    assert found["quarter"].tolist() == ["2024-Q2"]


def test_a_quarter_of_returning_people_is_counted_as_a_whole(program: ProgramBuilder) -> None:
    """Whichever days of it the period touches: what began in January is new in the first quarter, not continuing."""
    program.add_contributions("p", date(2024, 1, 5), date(2024, 2, 20))
    program.add_contributions("q", date(2024, 3, 30))
    for period in ("2024-02", "2024-Q1", "2024-02-17..2024-03-02"):
        found = ask(program.database, "returning", Selection(Period.parse(period), as_of=date(2024, 12, 31)))
        (row,) = found[["quarter", "active", "new", "continuing"]].to_numpy().tolist()
        assert row == ["2024-Q1", 2, 2, 0], period
