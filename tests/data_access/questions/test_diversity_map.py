"""Diversity on the map: shares by region against a hand count; outside nothing by which one person could be found."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.maps.shades import diversity_shades
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.schema import participations, person_attributes
from data_access.privacy.attributes import POPULATIONS
from data_access.questions.people.diversity import AttributeShare
from data_access.questions.people.diversity_map import CountryDiversity
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from data_access.statistics.intervals import wilson_interval
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.releasing import ask_outside, release

YEAR = Selection(Period(date(2025, 10, 1), date(2026, 10, 1)), date(2026, 10, 1))
# Home: women, men; who is alone in Kenya says something that nobody else says.
AT_HOME = {"DE": (9, 12), "FR": (3, 0), "IN": (2, 18), "BR": (1, 3)}
ALONE = "two-spirit"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """48 speakers and one who is alone, at one event in Germany, and its organizer."""
    built = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('map') / 'p.db'}")
    built.add_program()
    event = built.add_event(starts_on=date(2026, 5, 5))
    said = [
        (home, value)
        for home, counts in AT_HOME.items()
        for value, n in zip(("woman", "man"), counts, strict=True)
        for _ in range(n)
    ]
    for home, answered in [*said, ("KE", ALONE)]:
        person = built.add_person(home_country=home)
        built.add(person_attributes, person_key=person, dimension="gender", value=answered)
        built.add(participations, participation_key=person, person_key=person, event_key=event, role="speaker")
    only = built.add_person(home_country="JP")
    built.add(person_attributes, person_key=only, dimension="gender", value="woman")
    built.add(participations, participation_key=only, person_key=only, event_key=event, role="organizer")
    release(built.database, date(2026, 10, 1))
    return built.database


def by_country(found: pd.DataFrame) -> dict[str, CountryDiversity]:
    return {row.country: row for row in rows(CountryDiversity, found)}


def test_inside_every_country_has_the_exact_share_of_its_region(program: Database) -> None:
    """Western Europe: 12 women of 24; Southern Asia: 2 of 20; of 4 and 1 no share; nobody in Eastern Asia."""
    found = by_country(ask(program, "diversity_by_country", YEAR, value="woman"))
    low, high = wilson_interval(12, 24)
    for row in (found["DE"], found["FR"]):
        assert (row.share, row.at_least, row.of_people, row.state) == (0.5, 12, 24, "shown")
        assert row.low == pytest.approx(float(low))
        assert row.high == pytest.approx(float(high))
    assert (found["IN"].share, found["IN"].at_least, found["IN"].of_people) == (0.1, 2, 20)
    brazil = found["BR"]
    assert (brazil.at_least, brazil.of_people, brazil.share, brazil.state) == (1, 4, None, "few")
    assert found["JP"].state == "nobody"


def test_without_a_value_it_is_the_one_that_most_people_said(program: Database) -> None:
    assert set(ask(program, "diversity_by_country", YEAR)["value"]) == {"man"}
    assert ask(program, "diversity_by_country", YEAR, value="nobody said this").empty
    assert ask(program, "diversity_by_country", YEAR, dimension="no dimension").empty


def test_a_filter_by_home_leaves_the_other_countries_out(program: Database) -> None:
    narrowed = Selection(YEAR.period, YEAR.as_of, region=("Southern Asia",))
    found = ask(program, "diversity_by_country", narrowed, value="woman")
    assert set(found["region"]) == {"Southern Asia"}
    assert set(found["at_least"]) == {2}


def test_organizers_are_shown_inside_alone(program: Database) -> None:
    """One organizer, in Eastern Asia: too few for a share inside, and no row at all outside."""
    found = by_country(ask(program, "diversity_by_country", YEAR, population="organizers", value="woman"))
    assert (found["JP"].at_least, found["JP"].state) == (1, "few")
    assert found["DE"].state == "nobody"
    assert "organizers" not in POPULATIONS
    assert ask_outside(program, "diversity_by_country", YEAR, population="organizers").empty
    assert ask_outside(program, "attribute_shares", YEAR, population="organizers").empty


@pytest.mark.parametrize("said", ["woman", "man"])
def test_outside_a_region_of_one_person_looks_like_one_of_nobody(program: Database, said: str) -> None:
    """Kenya has one speaker, Japan none: the same figures, class and words but for the names."""
    answer = ask_outside(program, "diversity_by_country", YEAR, value=said)
    found = by_country(answer)
    alone, nobody = (found[code][5:12] for code in ("KE", "JP"))
    assert alone == nobody == (0, 4, None, None, None, None, "few")
    shades = diversity_shades(answer)
    told = dict(zip(shades.code, zip(shades.shade, shades.text, strict=True), strict=True))
    assert told["KE"] == (told["JP"][0], "Kenya (Eastern Africa): too few people for a share")
    assert told["JP"][1] == "Japan (Eastern Asia): too few people for a share"


def test_outside_a_value_of_one_person_is_not_known_on_the_map(program: Database) -> None:
    """It cannot be asked for, and no text of any other value says it."""
    assert ask_outside(program, "diversity_by_country", YEAR, value=ALONE).empty
    assert not ask(program, "diversity_by_country", YEAR, value=ALONE).empty
    for said in ("woman", "man"):
        for role in (Role.LEADERSHIP, Role.PARTNER):
            told = ask_outside(program, "diversity_by_country", YEAR, role, value=said)
            assert ALONE not in told.to_csv() + str(diversity_shades(told))


def test_outside_counts_are_the_released_ranges(program: Database) -> None:
    """What the map tells of a region is what `attribute_shares` tells of it, and no count of it is exact."""
    answer = ask_outside(program, "diversity_by_country", YEAR, value="man")
    told = by_country(answer)
    shares = ask_outside(program, "attribute_shares", YEAR, population="speakers", by="region")
    of_region = {row.member_of: row for row in rows(AttributeShare, shares) if row.value == "man"}
    for row, region in ((told["DE"], "Western Europe"), (told["IN"], "Southern Asia")):
        released = of_region[region]
        assert (row.at_least, row.at_most, row.share) == (released.at_least, released.at_most, released.share)
        assert row.at_least < row.at_most
    shades = diversity_shades(answer)
    said = dict(zip(shades.code, shades.text, strict=True))["IN"]
    assert said.startswith("India (Southern Asia): man: 15 to 19 of about ")


def test_who_is_not_of_the_staff_has_no_such_map(program: Database) -> None:
    with pytest.raises(NotAllowed):
        ask(program, "diversity_by_country", YEAR, Scope(Role.PUBLIC))
