"""Who could go: distance, languages and what is left under the ceiling, for members whose lives are drawn here.

Nigeria's event is in Lagos, so that Kano and other towns are without one. ada lives in Accra and speaks English; bo in
Kano, German; cy in Berlin, Hausa; di gave neither home nor languages; ex has left; no is no member.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from geopy.distance import geodesic

from data_access.database.engine import Database
from data_access.questions.event_map.members import language_fit
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.bundles import PROGRAM, write_table
from tests.data_access.questions.asking import ask, import_events
from tests.tables import records, value

AS_OF = date(2024, 12, 31)
YEAR = Selection(Period.parse("2024"), AS_OF)
ACCRA, KANO = (5.55602, -0.1969), (12.00012, 8.51672)


def request(person: str, day: str, **columns: str) -> dict[str, str]:
    row = {"person_key": person, "requested_amount": "100", "currency": "USD", "requested_on": day, "decided_on": day}
    return row | {"decision": "approved", "approved_amount": "100"} | columns


@pytest.fixture(scope="module")
def program(read_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("files")
    write_table(folder, "program", PROGRAM | {"member_ceiling": "1000", "fiscal_year_start": "04-01"})
    write_table(
        folder,
        "people",
        {"person_key": "ada", "name": "Ada", "home_city": "Accra", "home_country": "GH", "languages": "en"},
        {"person_key": "bo", "name": "Bo", "home_city": "Kano", "home_country": "NG", "languages": "de"},
        {"person_key": "cy", "home_latitude": "52.5", "home_longitude": "13.4", "languages": "ha;de"},
        {"person_key": "di", "home_country": "NG"},
        {"person_key": "ex", "home_city": "Kano", "home_country": "NG", "languages": "en"},
        {"person_key": "no", "home_city": "Kano", "home_country": "NG", "languages": "en"},
    )
    write_table(
        folder,
        "memberships",
        *(
            {"membership_key": key, "person_key": key, "started_on": "2023-01-01", "ended_on": ended}
            for key, ended in {"ada": "", "bo": "2025-06-01", "cy": "", "di": "", "ex": "2024-12-30"}.items()
        ),
        {"membership_key": "again", "person_key": "ada", "started_on": "2024-01-01"},
    )
    write_table(
        folder,
        "budgets",
        {"fiscal_year": "2024", "amount": "600", "currency": "USD", "person_key": "bo"},
        {"fiscal_year": "2023", "amount": "50", "currency": "USD", "person_key": "ada"},
        {"fiscal_year": "2024", "amount": "600", "currency": "SSP", "person_key": "cy"},
    )
    write_table(
        folder,
        "funding_requests",
        *(
            {"request_key": f"r{number}"} | row
            for number, row in enumerate(
                [
                    request("ada", "2024-05-01", paid_amount="80.25", paid_on="2024-06-01"),
                    request("ada", "2024-07-01"),
                    request("ada", "2024-07-02", decision="declined", approved_amount=""),
                    request("ada", "2024-07-03", decision="pending", approved_amount="", decided_on=""),
                    request("ada", "2024-03-31", paid_amount="70", paid_on="2024-03-31"),
                    request("ada", "2024-03-01", paid_amount="30", paid_on="2024-04-02"),
                    request("bo", "2024-08-01", paid_amount="90", paid_on="2025-02-01"),
                    request("di", "2024-08-01", currency="SSP"),
                ]
            )
        ),
    )
    write_table(
        folder,
        "participations",
        {"event_key": "e0", "person_key": "ada", "role": "speaker"},
        {"event_key": "e1", "person_key": "ada", "role": "attendee"},
    )
    import_events(
        read_database, folder, {"city": "Lagos", "country": "NG"}, {"country": "NG", "starts_on": "2025-02-01"}
    )
    return read_database


def who(database: Database, selection: Selection = YEAR, **options: Any) -> pd.DataFrame:
    return ask(database, "who_could_go", selection, **options).set_index("person_key")


def test_fitting_languages_come_first_and_then_the_nearest(program: Database) -> None:
    """English and Hausa are main languages of Nigeria; not recorded is better than German; each member stands once."""
    found = who(program)
    assert found.index.tolist() == ["ada", "cy", "di", "bo"]
    assert found["language_fit"].dropna().to_dict() == {"ada": True, "cy": True, "bo": False}
    assert value(found, "ada", "language_share") > value(found, "cy", "language_share") > 0.1
    assert found.loc["bo", "language_share"] == 0


def test_the_distance_is_from_home_to_the_nearest_large_town_without_an_event(program: Database) -> None:
    """Kano is one, so Bo is at home there; a member without a home has no distance rather than a guessed one."""
    found = who(program)
    assert (value(found, "bo", "nearest_city"), value(found, "bo", "distance_km")) == ("Kano", pytest.approx(0, abs=1))
    towns = ask(program, "uncovered_cities", Selection(YEAR.period, AS_OF, country=("NG",)), limit=10)
    nearest = min(geodesic(ACCRA, point).km for point in zip(towns["latitude"], towns["longitude"], strict=True))
    assert found.loc["ada", "distance_km"] == pytest.approx(nearest, rel=1e-3)
    assert value(found, "cy", "distance_km") > 4_000
    assert pd.isna(value(found, "di", "distance_km"))


def test_what_is_left_is_the_ceiling_minus_paid_and_committed(program: Database) -> None:
    """The fiscal year began on 1 April: Ada was paid 80.25 and 30 in it and 100 is approved; Bo's own ceiling is 600.

    Bo's payment comes after the day requested: until then the approved 100 are committed.
    """
    found = who(program)["remaining"]
    assert found["ada"] == Decimal("1000") - Decimal("80.25") - Decimal("100") - Decimal("30")
    assert found["bo"] == Decimal("500")
    later = who(program, Selection(YEAR.period, date(2025, 2, 1)))["remaining"]
    assert later["bo"] == Decimal("510")


def test_what_cannot_be_converted_is_missing_and_not_zero(program: Database) -> None:
    """Cy's ceiling and Di's request are in a currency without a rate."""
    found = who(program)["remaining"]
    assert pd.isna(found["cy"])
    assert pd.isna(found["di"])


def test_the_last_event_is_one_that_was_held(program: Database) -> None:
    """Ada also signed up for one that is still to come."""
    found = who(program)["last_event_on"]
    assert found["ada"] == date(2024, 3, 1)
    assert pd.isna(found["bo"])


def test_where_every_town_has_an_event_near_the_largest_towns_count(program: Database) -> None:
    """Singapore has no uncovered town before or after; the distance is to its largest ones."""
    found = who(program, country="Singapore")
    assert found["nearest_city"].notna().sum() == 3


def test_an_unknown_country_is_refused_with_similar_ones(program: Database) -> None:
    """The message names them."""
    with pytest.raises(SelectionError, match="Nigeria"):
        who(program, country="Nigria")


@pytest.mark.parametrize("question", ["who_could_go", "members_by_place"])
@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC])
def test_names_and_homes_are_for_the_inside_alone(program: Database, question: str, role: Role) -> None:
    """Everybody else is refused."""
    with pytest.raises(NotAllowed):
        ask(program, question, YEAR, Scope(role))


def test_members_are_counted_by_the_place_where_they_live(program: Database) -> None:
    """Kano once (who left does not count), Accra, Berlin; Di, without a town, in a row without a point."""
    found = ask(program, "members_by_place", YEAR)
    assert found["members"].sum() == 4
    points = {(round(row["latitude"], 1), round(row["longitude"], 1)) for row in records(found.dropna())}
    assert points == {(round(ACCRA[0], 1), round(ACCRA[1], 1)), (round(KANO[0], 1), round(KANO[1], 1)), (52.5, 13.4)}
    assert found[found["latitude"].isna()]["members"].tolist() == [1]


@pytest.mark.parametrize(
    ("tags", "country", "fits"),
    [
        pytest.param({"zh"}, "TW", True, id="Taiwan lists Chinese only in traditional script"),
        pytest.param({"pt-BR"}, "PT", True, id="a regional form is the language"),
        pytest.param({"sr"}, "RS", True, id="Serbian stands in two scripts"),
        pytest.param({"mi"}, "NZ", True, id="official, though few know it"),
        pytest.param({"ja"}, "NG", False, id="not listed"),
        pytest.param(set(), "NG", None, id="a member who named none"),
        pytest.param({"en"}, "AQ", None, id="a country without data"),
    ],
)
def test_language_fit_follows_cldr(tags: set[str], country: str, fits: bool | None) -> None:
    """The larger share of the scripts counts; unknown is neither yes nor no."""
    fit, share = language_fit(frozenset(tags), country)
    assert fit is fits
    assert (share is None) == (fits is None)
