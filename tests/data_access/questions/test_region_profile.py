"""Regional identities: first event, growth, languages, people and circles of a small program, counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data_access.answers import rows
from data_access.database.schema import participations
from data_access.questions.regions.profile import RegionProfile
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.releasing import release

NOW = Selection(Period.parse("2025"), date(2026, 9, 15))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ProgramBuilder:
    """Germany and France from 2020 on, ever more; Brazil fell silent in 2024; Japan is new; India comes tomorrow.

    Two Germans organize in Berlin and one in Bonn; a Kenyan organizes in Berlin too; Ada is a member.
    """
    made = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('profile') / 'p.db'}")
    made.add_program()
    made.add_event(starts_on=date(2020, 3, 15), country="DE", city="Berlin", languages=("de",))
    made.add_event(starts_on=date(2025, 9, 15), country="FR", city="Paris", languages=("fr", "en"))
    here = [
        made.add_event(starts_on=date(2026, 5, day), country="DE", city="Berlin", languages=("de",))
        for day in range(1, 9)
    ]
    bonn = made.add_event(starts_on=date(2026, 9, 15), country="DE", city="Bonn", languages=("en",))
    made.add_event(starts_on=date(2024, 1, 2), country="BR")
    made.add_event(starts_on=date(2026, 9, 14), country="JP", languages=())
    made.add_event(starts_on=date(2026, 9, 16), country="IN")
    for person, home, event, role in (
        ("ada", "DE", here[0], "organizer"),
        ("ada", "DE", here[1], "organizer"),
        ("ada", "DE", here[1], "speaker"),
        ("bo", "FR", here[2], "organizer"),
        ("wanja", "KE", here[3], "mentor"),
        ("cy", "DE", bonn, "organizer"),
    ):
        made.add_person(person, home_country=home)
        made.add(participations, event_key=event, person_key=person, role=role)
    DeskBuilder(made.database).add_member("bea", date(2026, 1, 1), person={"home_country": "FR"})
    made.add_contributions("cy", date(2026, 6, 1), date(2026, 6, 2))
    made.add_contributions("ada", date(2025, 9, 14))
    return made


def profiles(built: ProgramBuilder, selection: Selection = NOW, **options: str) -> dict[str, RegionProfile]:
    return {
        row.name: row for row in rows(RegionProfile, ask(built.database, "region_profile", selection, None, **options))
    }


def test_a_region_is_told_since_its_first_event(built: ProgramBuilder) -> None:
    """Western Europe: 11 events since 15 March 2020, 9 of the last 12 months; Paris a year and a day ago is before."""
    found = profiles(built)
    assert list(found) == ["Western Europe", "Eastern Asia", "South America"]
    west = found["Western Europe"]
    assert (west.first_on, west.events, west.last_year, west.year_before) == (date(2020, 3, 15), 11, 9, 1)
    assert west.a_year == pytest.approx(11 / ((date(2026, 9, 15) - date(2020, 3, 15)).days + 1) * 365.25)
    assert (west.cities, west.languages, west.main_languages) == (3, 3, "German, English, French")
    assert west.growth == "growing", "9 of 10: Wilson from 0.60"
    assert (found["Eastern Asia"].growth, found["South America"].growth) == ("new", "silent")
    assert found["Eastern Asia"].a_year == 1, "of a year at the least"


def test_people_are_those_who_live_there_and_circles_are_cities(built: ProgramBuilder) -> None:
    """Ada, Bo and Cy organized and live there; Wanja lives in Kenya; Berlin has three of them, Bonn is no circle."""
    west = profiles(built)["Western Europe"]
    assert (west.organizers, west.speakers, west.contributors, west.members) == (3, 1, 1, 1)
    assert (west.circles, west.largest_circle) == (1, "Berlin")
    assert profiles(built)["Eastern Asia"].organizers == 0


def test_one_country_and_one_day_before(built: ProgramBuilder) -> None:
    germany = profiles(built, by="country")["Germany"]
    assert (germany.among, germany.events, germany.organizers, germany.languages) == ("DE", 10, 2, 2)
    assert set(profiles(built, Selection(as_of=date(2024, 1, 1)))) == {"Western Europe"}
    in_france = Selection(as_of=NOW.as_of, country=("FR",))
    assert [row.events for row in profiles(built, in_france, by="country").values()] == [1]
    with pytest.raises(SelectionError, match="Choose region or country"):
        profiles(built, by="city")


def test_outside_the_facts_are_told_and_nobody_is_counted(tmp_path: Path) -> None:
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    made.add_program()
    made.add_event()
    release(made.database, date(2026, 7, 1))
    for role in (Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC):
        [row] = rows(RegionProfile, ask(made.database, "region_profile", NOW, Scope(role)))
        assert (row.name, row.events, row.growth) == ("Western Europe", 1, "new")
        assert set(row[11:]) == {None}
