"""Observed against expected events per country, worked out by hand; sensitivity, exposure by members, change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats
from sqlalchemy import delete, insert, update

from data_access.database.engine import Database
from data_access.database.schema import countries, events
from data_access.geography.countries import all_countries
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.bundles import PROGRAM, write_table
from tests.data_access.questions.asking import ask, held, import_events
from tests.tables import value

YEAR = Selection(Period.parse("2024"), as_of=date(2024, 12, 31))
POPULATION = {country.code: country.population for country in all_countries()}


def gaps(
    database: Database, selection: Selection = YEAR, scope: Scope | None = None, **options: object
) -> pd.DataFrame:
    return ask(database, "country_gaps", selection, scope, **options).set_index("country")


def test_every_country_and_territory_has_a_row_zeros_included(database: Database, tmp_path: Path) -> None:
    """Regions without events are what the question is about."""
    import_events(database, tmp_path, *held(("DE", 3)))
    found = gaps(database)
    assert set(found.index) == set(POPULATION)
    assert found["events"].sum() == 3
    assert (found["events"] == 0).sum() == len(POPULATION) - 1


def test_expected_is_the_total_times_the_countrys_share_of_inhabitants(database: Database, tmp_path: Path) -> None:
    """Nigeria by hand: 12 events × its inhabitants ÷ the world's; online, cancelled and planned events do not count."""
    import_events(
        database,
        tmp_path,
        *held(("DE", 8), ("NG", 1), ("BR", 3)),
        {"mode": "online", "country": "DE"},
        {"status": "cancelled", "country": "DE"},
        {"status": "planned", "country": "NG", "starts_on": "2024-12-01"},
    )
    found = gaps(database)
    expected = 12 * POPULATION["NG"] / sum(POPULATION.values())
    nigeria = found.loc["NG"]
    assert nigeria["expected"] == pytest.approx(expected)
    assert nigeria["ratio"] == pytest.approx(1 / expected)
    assert nigeria["rate_per_million"] == pytest.approx(1e6 / POPULATION["NG"])
    assert nigeria["low"] == pytest.approx(stats.gamma.ppf(0.025, 1) / expected)
    assert nigeria["high"] == pytest.approx(stats.gamma.ppf(0.975, 2) / expected)
    assert found["expected"].sum() == pytest.approx(12)


def test_the_verdict_follows_the_interval(database: Database, tmp_path: Path) -> None:
    """Events in three countries of like size and one in tiny Monaco, which proves nothing on its own."""
    import_events(database, tmp_path, *held(("DE", 68), ("FR", 4), ("GB", 33), ("MC", 1)))
    found = gaps(database, Selection(YEAR.period, YEAR.as_of, country=("DE", "FR", "GB", "MC")))
    assert found["verdict"].to_dict() == {
        "DE": "more",
        "FR": "fewer",
        "GB": "as expected",
        "MC": "too few to tell",
    }
    assert value(found, "MC", "low") > 1, "its interval alone would say more"
    assert (found["shrunken"].diff().dropna() >= 0).all(), "the largest gap stands first"
    assert found.index[0] == "FR"


def test_countries_asked_for_are_compared_with_each_other(database: Database, tmp_path: Path) -> None:
    """A region filter sets the total: the program's own regions replace the standard ones."""
    write_table(tmp_path, "regions", {"country": "DE", "region": "DACH"}, {"country": "AT", "region": "DACH"})
    import_events(database, tmp_path, *held(("DE", 9), ("AT", 1), ("FR", 5)))
    found = gaps(database, Selection(YEAR.period, YEAR.as_of, region=("DACH",)))
    assert set(found.index) == {"DE", "AT"}
    assert set(found["region"]) == {"DACH"}
    assert found["expected"].sum() == pytest.approx(10)
    assert "DE" not in gaps(database, Selection(YEAR.period, YEAR.as_of, region=("Western Europe",))).index


def test_events_of_unknown_place_can_change_a_verdict_and_it_is_said_where(database: Database, tmp_path: Path) -> None:
    """Six events without a place: they could fill the gap of France or Britain, but not take Germany's lead away."""
    unknown = [{"city": "Nowhereville-on-Sea"} for _ in range(6)]
    import_events(database, tmp_path, *held(("DE", 40), ("GB", 6), ("FR", 6)), *unknown)
    found = gaps(database, Selection(YEAR.period, YEAR.as_of, country=("DE", "FR", "GB")))
    assert set(found["unknown_place"]) == {6}
    assert found["verdict"].to_dict() == {"FR": "fewer", "GB": "fewer", "DE": "more"}
    assert found["verdict_holds"].to_dict() == {"FR": False, "GB": False, "DE": True}


def test_a_country_without_inhabitants_has_no_ratio(database: Database, tmp_path: Path) -> None:
    """It is listed with its event, which is left out of the total: nobody else is expected to hold it."""
    import_events(database, tmp_path, *held(("AQ", 1), ("DE", 2)))
    with database.writing() as connection:
        connection.execute(update(countries).where(countries.c.country == "AQ").values(population=0))
    found = gaps(database)
    antarctica = found.loc["AQ"]
    assert (antarctica["events"], antarctica["verdict"]) == (1, "no exposure")
    assert (
        antarctica[["expected", "ratio", "low", "high", "shrunken", "rate_per_million", "verdict_holds"]].isna().all()
    )
    assert found["expected"].sum() == pytest.approx(2), "its event is not expected elsewhere"


def test_a_program_without_events_gets_an_answer_without_ratios(database: Database) -> None:
    """All zeros, nothing to compare."""
    found = gaps(database)
    assert found["events"].sum() == 0
    assert found["ratio"].isna().all()
    assert set(found["verdict"]) <= {"too few to tell", "no exposure"}


def test_the_next_planned_event_of_a_country_is_named(database: Database, tmp_path: Path) -> None:
    """The earliest after `as_of`, planned or without a status, whatever the period; a cancelled one closes no gap."""
    import_events(
        database,
        tmp_path,
        *held(("DE", 1)),
        {"country": "NG", "starts_on": "2025-06-01", "status": "planned"},
        {"country": "NG", "starts_on": "2025-03-01"},
        {"country": "NG", "starts_on": "2025-01-15", "status": "cancelled"},
        {"country": "NG", "starts_on": "2024-10-01", "status": "planned"},
    )
    found = gaps(database)
    assert found.loc["NG", "next_planned_on"] == date(2025, 3, 1)
    assert found.loc["DE", "next_planned_on"] is None


@pytest.mark.parametrize("exposure", ["internet users", "internet_users", "sheep"])
def test_an_exposure_without_data_is_refused_with_those_that_exist(database: Database, exposure: str) -> None:
    """No installed source counts internet users: the message says so rather than guessing."""
    with pytest.raises(SelectionError, match="inhabitants or members") as refused:
        gaps(database, exposure=exposure)
    assert ("internet users." in str(refused.value)) == exposure.startswith("internet")


@pytest.fixture
def with_members(database: Database, tmp_path: Path) -> Database:
    """Twelve members in Germany (one joined in May, one left), seven in Brazil, two in Nigeria; one event each."""
    write_table(tmp_path, "program", PROGRAM)
    homes = ["DE"] * 12 + ["BR"] * 7 + ["NG"] * 2
    write_table(
        tmp_path,
        "people",
        *({"person_key": f"p{number}", "home_country": home} for number, home in enumerate(homes)),
    )
    spans = [{"started_on": "2023-01-01"} for _ in homes]
    spans[0] = {"started_on": "2024-05-20"}
    spans[1] = {"started_on": "2023-01-01", "ended_on": "2024-02-01"}
    write_table(
        tmp_path,
        "memberships",
        *({"membership_key": f"m{n}", "person_key": f"p{n}", "ended_on": ""} | span for n, span in enumerate(spans)),
    )
    import_events(database, tmp_path, *held(("DE", 2), ("BR", 2), ("NG", 2), ("FR", 1)))
    return database


@pytest.mark.slow
def test_members_are_an_exposure_as_of_the_day(with_members: Database) -> None:
    """11 + 7 + 2 of them at the year's end; France has an event and no member, so there is nothing to compare."""
    found = gaps(with_members, exposure="members")
    assert found.loc[["DE", "BR", "NG", "FR"], "exposure"].tolist() == [11, 7, 2, 0]
    assert found.loc["NG", "expected"] == pytest.approx(6 * 2 / 20)
    assert found.loc["FR", "verdict"] == "no exposure"
    earlier = Selection(YEAR.period, as_of=date(2024, 5, 19))
    assert gaps(with_members, earlier, exposure="members").loc["DE", "exposure"] == 10


def test_the_public_does_not_see_members_at_all(with_members: Database) -> None:
    """Inhabitants are for everybody, members for staff."""
    with pytest.raises(NotAllowed):
        gaps(with_members, scope=Scope(Role.PUBLIC), exposure="members")
    assert len(gaps(with_members, scope=Scope(Role.PUBLIC))) == len(POPULATION)


CODES = ("DE", "FR", "NG", "IN", "US", "MC", "TV", "CN")


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.dictionaries(st.sampled_from(CODES), st.integers(0, 40)), unknown=st.integers(0, 5))
def test_expected_events_add_up_to_the_total(database: Database, counts: dict[str, int], unknown: int) -> None:
    """So do the observed ones; each ratio lies within its interval."""
    codes = [*(code for code, count in counts.items() for _ in range(count)), *[None] * unknown]
    rows = [
        {"event_key": f"e{n}", "title": "t", "starts_on": date(2024, 3, 1), "status": "held", "located_country": code}
        for n, code in enumerate(codes)
    ]
    with database.writing() as connection:
        connection.execute(delete(events))
        if rows:
            connection.execute(insert(events), rows)
    found = gaps(database)
    total = sum(counts.values())
    assert found["events"].sum() == total
    assert found["expected"].sum() == pytest.approx(total)
    with_ratio = found[found["ratio"].notna()]
    assert (with_ratio["low"] <= with_ratio["ratio"]).all()
    assert (with_ratio["ratio"] <= with_ratio["high"]).all()
    assert (found["unknown_place"] == unknown).all()
    if not unknown:
        assert found["verdict_holds"].dropna().all()


def test_change_is_against_the_period_before_and_from_zero_it_is_new(database: Database, tmp_path: Path) -> None:
    """Germany halves, France stays, India appears, Brazil is gone; Kenya was never there."""
    year_before = [row | {"starts_on": "2023-06-01"} for row in held(("DE", 4), ("FR", 1), ("BR", 2))]
    import_events(database, tmp_path, *held(("DE", 2), ("FR", 1), ("IN", 3)), *year_before)
    found = ask(database, "change_by_country", YEAR).set_index("country")
    assert found["events"].to_dict() == {"IN": 3, "DE": 2, "FR": 1, "BR": 0}
    assert found["previous"].to_dict() == {"IN": 0, "DE": 4, "FR": 1, "BR": 2}
    assert found["state"].to_dict() == {"IN": "new", "DE": "fewer", "FR": "same", "BR": "gone"}
    assert pd.isna(value(found, "IN", "change"))
    assert found.loc[["DE", "FR", "BR"], "change"].tolist() == [-0.5, 0.0, -1.0]
    assert set(found["compared_with"]) == {"2023-01-01..2024-01-01"}


def test_without_a_period_before_there_is_no_change(database: Database, tmp_path: Path) -> None:
    """All time has nothing to be compared with."""
    import_events(database, tmp_path, *held(("DE", 2)))
    found = ask(database, "change_by_country", Selection(as_of=YEAR.as_of))
    assert found[["country", "events", "state"]].values.tolist() == [["DE", 2, ""]]
    assert found[["previous", "change"]].isna().all(axis=None)
