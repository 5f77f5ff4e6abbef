"""The measure of leadership: known answers on small programs, and two real projects counted a second time.

Today is 15 September 2026; a person is active from 3 contributions on, and core from 12.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.schema import people, spaces
from data_access.derived.organizers import refresh_organizers
from data_access.questions.teams.leadership import SinglePoint, TeamLeadership
from data_access.selection import NotAllowed, Role, Scope, Selection
from tests.data_access.questions.asking import ask
from tests.real_data import real_data
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def built(database: Database) -> TeamBuilder:
    return TeamBuilder(database)


def leadership(built: TeamBuilder, day: date = TODAY, scope: Scope | None = None) -> dict[str, TeamLeadership]:
    with built.database.writing() as connection:
        refresh_organizers(connection, None)
    found = ask(built.database, "team_leadership", Selection(as_of=day), scope or Scope(Role.PM))
    return {row.team: row for row in rows(TeamLeadership, found)}


def single_points(built: TeamBuilder, scope: Scope | None = None) -> list[tuple[str, str, int, str | None]]:
    found = ask(built.database, "team_single_points", Selection(as_of=TODAY), scope or Scope(Role.PM))
    return [(row.kind, row.thing, row.done, row.person) for row in rows(SinglePoint, found)]


def test_work_by_the_few_is_told_of_a_year_with_enough_of_it(built: TeamBuilder) -> None:
    """4, 3, 2 and 1 of 10: one and a half make half of it; Gini is 0.25."""
    team = built.add_team("team")
    for quantity in (4, 3, 2, 1):
        built.add_contributors(team, 1, days_ago(364), quantity=2 * quantity)
        built.add_contributors(team, 1, days_ago(365), quantity=50)
    equal = built.add_team("equal")
    built.add_contributors(equal, 6, days_ago(1), quantity=2)
    built.add_contributors(built.add_team("little"), 1, days_ago(1), quantity=11)
    built.add_team("nothing")
    found = leadership(built)
    spread = {key: (row.contributions, row.people, row.largest_share, row.half) for key, row in found.items()}
    assert spread == {
        "team": (20, 4, pytest.approx(0.4), 2),
        "equal": (12, 6, pytest.approx(1 / 6), 3),
        "little": (11, 1, None, None),
        "nothing": (0, 0, None, None),
    }
    assert found["team"].gini == pytest.approx(0.25)
    assert found["equal"].gini == pytest.approx(0)
    assert [row.enough for row in found.values()] == [True, False, False, True]


def test_first_time_organizers_never_organized_in_the_program_before(built: TeamBuilder) -> None:
    team, other = built.add_team("team"), built.add_team("other")
    new, known, elsewhere, guest = (built.add_person() for _ in range(4))
    for event in (built.add_event(team, days_ago(100)), built.add_event(team, days_ago(50))):
        for person in (new, known, elsewhere):
            built.take_part(event, person, "organizer")
        built.take_part(event, guest, "speaker")
    built.take_part(built.add_event(team, days_ago(365)), known, "organizer")
    built.take_part(built.add_event(other, days_ago(400)), elsewhere, "organizer")
    built.take_part(built.add_event(other, days_ago(400), status="cancelled"), new, "organizer")
    found = leadership(built)
    assert (found[team].organizers, found[team].first_time) == (3, 1)
    assert (found[other].organizers, found[other].first_time) == (0, 0)
    # On the day on which the year of days began both were first-time organizers, each of their own team.
    then = leadership(built, days_ago(364))
    assert [(row.organizers, row.first_time) for row in then.values()] == [(1, 1), (1, 1)]


def test_mentors_are_those_of_newcomers_in_the_year(built: TeamBuilder) -> None:
    team, mentor, second = built.add_team("team"), built.add_person(), built.add_person()
    one, two, three, four = built.add_contributors(team, 4, days_ago(100))
    [old] = built.add_contributors(team, 1, days_ago(365))
    built.add_mentorship(mentor, one)
    built.add_mentorship(mentor, two)
    built.add_mentorship(second, two)
    built.add_mentorship(second, old)
    built.add_mentorship(second, three, started_on=days_ago(500), ended_on=days_ago(365))
    built.add_mentorship(second, four, started_on=TODAY + timedelta(days=1))
    row = leadership(built)[team]
    assert (row.newcomers, row.mentored, row.mentors, row.mentors_per_newcomer) == (4, 2, 2, 0.5)


def test_meetings_are_the_smallest_events_and_regular_when_they_are_in_many_months(built: TeamBuilder) -> None:
    team = built.add_team("team")
    for days in (0, 30, 31, 364, 365):
        built.add_event(team, days_ago(days), scale="micro")
    built.add_event(team, days_ago(70), scale="regional")
    built.add_event(team, days_ago(71))
    built.add_event(team, days_ago(72), scale="micro", status="cancelled")
    row = leadership(built)[team]
    assert (row.events, row.meetings, row.months_met, row.unscaled) == (6, 4, 3, 1)


def test_what_breaks_if_one_person_leaves(built: TeamBuilder) -> None:
    team, ada, ben = built.add_team("team"), built.add_person("ada", "Ada"), built.add_person("ben", "Ben")
    with built.database.writing() as connection:
        connection.execute(
            insert(spaces), [{"space_key": "s1", "name": "Harbour"}, {"space_key": "s2", "name": "Mill"}]
        )
    built.contribute(team, ada, days_ago(9), quantity=3, area="docs", project="Manual")
    built.contribute(team, ada, days_ago(8), quantity=2, area="support")
    built.contribute(team, ben, days_ago(9), quantity=1, area="docs", project="Forum")
    built.contribute(team, ada, days_ago(400), quantity=9, area="testing")
    for days in (10, 20, 30):
        event = built.add_event(team, days_ago(days), space_key="s1")
        built.take_part(event, ben, "organizer", language="pt-BR" if days == 10 else "pt")
        built.take_part(event, ben, "speaker", language="pt")
        built.take_part(event, ada, "attendee", language="pt")
        shared = built.add_event(team, days_ago(days), space_key="s2")
        built.take_part(shared, ben, "organizer", language="de")
        built.take_part(shared, ada, "organizer", language="de")
    # Two contributions to support and one to the forum are too few to miss.
    assert single_points(built) == [
        ("project", "Manual", 3, "Ada"),
        ("language", "Portuguese", 3, "Ben"),
        ("space", "Harbour", 3, "Ben"),
    ]
    built.contribute(team, ben, days_ago(1), project="Manual")
    assert ("project", "Manual", 3, "Ada") not in single_points(built)


def test_partners_see_their_own_teams_without_names(built: TeamBuilder) -> None:
    for key in ("mine", "theirs"):
        built.contribute(built.add_team(key), built.add_person(f"{key}-ada", "Ada"), days_ago(9), quantity=12)
    own = Scope(Role.PARTNER, ("mine",), own_teams=True)
    assert [(team, row.half) for team, row in leadership(built, scope=own).items()] == [("mine", 1)]
    assert single_points(built, own) == [("area", "docs", 12, None)]
    for question in ("team_leadership", "team_single_points"):
        with pytest.raises(NotAllowed):
            ask(built.database, question, Selection(as_of=TODAY), Scope(Role.LEADERSHIP))


# ---- two real projects ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_contributions() -> pd.DataFrame:
    return pd.read_csv(real_data("contributions.csv.gz"), parse_dates=["date"])


@pytest.fixture(scope="module")
def real(read_database: Database, real_contributions: pd.DataFrame) -> TeamBuilder:
    """Each project is a team; areas are as they were counted."""
    built = TeamBuilder(read_database)
    built.add_program()
    with built.database.writing() as connection:
        connection.execute(insert(people), [{"person_key": key} for key in real_contributions["person"].unique()])
    for project in real_contributions["project"].unique():
        built.add_team(project)
    columns = {"person": "person_key", "date": "contributed_on", "count": "quantity", "project": "team_key"}
    days = real_contributions.rename(columns=columns)
    days["contributed_on"] = days["contributed_on"].dt.date
    built.add_contributions([{str(name): value for name, value in row.items()} for row in days.to_dict("records")])
    return built


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(2026, 8, 23), date(2024, 10, 1), date(2019, 6, 30), date(2005, 1, 1)])
def test_real_projects_rest_on_as_many_people_as_counted_a_second_time(
    real: TeamBuilder, real_contributions: pd.DataFrame, day: date
) -> None:
    """Sorted and added up one by one; Gini from every pair of people, half the mean difference over the mean."""
    end = pd.Timestamp(day)
    year = real_contributions[real_contributions["date"].between(end - pd.Timedelta(days=364), end)]
    found = leadership(real, day)
    assert set(found) == {"nautilus", "securedrop"}
    for project, row in found.items():
        made = year[year["project"] == project].groupby("person")["count"].sum().sort_values(ascending=False).to_numpy()
        assert (row.contributions, row.people) == (made.sum(), len(made))
        if made.sum() < 12:
            assert (row.largest_share, row.half, row.gini) == (None, None, None)
            continue
        half = next(people for people in range(1, len(made) + 1) if 2 * made[:people].sum() >= made.sum())
        pairs = np.abs(made[:, None] - made[None, :]).mean() / (2 * made.mean())
        assert row.largest_share == pytest.approx(made[0] / made.sum())
        assert row.half == half
        assert row.gini == pytest.approx(pairs)


@pytest.mark.slow
def test_what_rests_on_one_person_in_real_projects(real: TeamBuilder, real_contributions: pd.DataFrame) -> None:
    """Areas with one person behind at least three contributions in the year to 25 October 2011."""
    day = date(2011, 10, 25)
    end = pd.Timestamp(day)
    year = real_contributions[real_contributions["date"].between(end - pd.Timedelta(days=364), end)]
    areas = year.groupby(["project", "area"]).agg(people=("person", "nunique"), done=("count", "sum"))
    alone = areas[(areas["people"] == 1) & (areas["done"] >= 3)]
    found = ask(real.database, "team_single_points", Selection(as_of=day)).set_index(["team", "thing"])["done"]
    assert found.to_dict() == alone["done"].to_dict()
    assert found.to_dict() == {
        ("nautilus", "design"): 19,
        ("nautilus", "documentation"): 3,
        ("securedrop", "coding"): 5,
        ("securedrop", "design"): 3,
    }
