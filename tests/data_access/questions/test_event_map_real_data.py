"""The questions of the event map over real programs: confs.tech 2024–2026 and R-Ladies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from scipy import stats

from data_access.database.engine import Database
from data_access.geography.countries import all_countries
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.selection import Period, Selection
from tests.data_access.questions.asking import ask
from tests.real_data import real_data
from tests.tables import value

pytestmark = pytest.mark.slow

AS_OF = date(2026, 8, 23)
CONFERENCES = Selection(Period(date(2024, 1, 1), date(2027, 1, 1)), AS_OF)
MEETUPS = Selection(Period(date(2013, 1, 1), date(2027, 1, 1)), AS_OF)


def imported(folder: Path, name: str) -> Database:
    database = Database(f"sqlite:///{folder / name}.db")
    initialise(database.program)
    assert run_import(database, [real_data(name)], ImportOptions(as_of=AS_OF, releases=False)).committed
    return database


@pytest.fixture(scope="module")
def conferences(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = imported(tmp_path_factory.mktemp("conferences"), "conferences_all.csv")
    yield database
    database.close()


@pytest.fixture(scope="module")
def meetups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = imported(tmp_path_factory.mktemp("rladies"), "rladies_events.csv")
    yield database
    database.close()


def test_nigeria_and_india_are_gaps_germany_and_the_us_are_not(conferences: Database) -> None:
    """0, 29, 210 and 312 conferences in 2024–2026, with intervals by scipy's gamma quantiles."""
    found = ask(conferences, "country_gaps", CONFERENCES).set_index("country")
    assert found.loc[["NG", "IN", "DE", "US"], "events"].tolist() == [0, 29, 210, 312]
    assert found.loc[["NG", "IN", "DE", "US"], "verdict"].tolist() == ["fewer", "fewer", "more", "more"]
    world = sum(country.population for country in all_countries())
    total = int(found["events"].sum())
    for country in all_countries():
        row = found.loc[country.code]
        expected = total * country.population / world
        low = stats.gamma.ppf(0.025, row["events"]) if row["events"] else 0
        assert row["low"] == pytest.approx(low / expected)
        assert row["high"] == pytest.approx(stats.gamma.ppf(0.975, row["events"] + 1) / expected)
    assert found["dispersion"].iloc[0] == pytest.approx(40.27, abs=0.01)
    assert found.loc["NG", "high"] == pytest.approx(0.107, abs=0.001)
    assert found.loc["DE", "low"] == pytest.approx(14.96, abs=0.01)


def test_each_conference_with_a_place_is_counted_in_one_country(conferences: Database) -> None:
    """The table, the events of unknown country and the online ones are all there are."""
    found = ask(conferences, "country_gaps", CONFERENCES)
    listed = ask(conferences, "events_by_country", CONFERENCES).set_index("country")["events"]
    unknown = int(found["unknown_place"].iloc[0])
    assert found["events"].sum() + unknown + listed["online"] == listed.sum()
    assert found["expected"].sum() == pytest.approx(float(found["events"].sum()))


def test_a_fifth_of_the_worlds_townspeople_live_near_a_conference(conferences: Database) -> None:
    """Shanghai and Lagos lie far from any, Berlin and Bengaluru near one."""
    found = ask(conferences, "urban_reach", CONFERENCES)
    assert found.loc[0, "share"] == pytest.approx(0.19, abs=0.02)
    shares = found.set_index("country")["share"]
    assert shares["NG"] == 0
    assert shares["DE"] > 0.7
    cities = ask(conferences, "uncovered_cities", CONFERENCES, limit=500)["city"].tolist()
    assert cities[0] == "Shanghai"
    assert "Lagos" in cities
    assert not {"Berlin", "Bengaluru", "London"} & set(cities)


def test_meetups_of_unknown_place_leave_the_verdict_on_india_but_not_on_nigeria(meetups: Database) -> None:
    """175 meet-ups have no known place: seven in Nigeria could be 182, fourteen in India could not be enough."""
    found = ask(meetups, "country_gaps", MEETUPS).set_index("country")
    assert found.loc["NG", "unknown_place"] == 175
    assert found.loc[["NG", "IN", "US"], "verdict_holds"].tolist() == [False, True, True]
    assert found.loc["TV", "events"] == 0, "Meetup's online venue near Tuvalu is no place"


def test_online_meetups_have_a_row_of_their_own_in_the_presence_table(meetups: Database) -> None:
    """And are part of no region: the rows add up to all meet-ups of the weeks."""
    found = ask(meetups, "presence", MEETUPS).set_index("region")
    assert value(found, "Online", "events") > 2_000
    assert found.loc["Polynesia", "events"] == 0
    assert found["events"].sum() == pytest.approx(5_002, abs=5), "but for days of weeks that are not over"
