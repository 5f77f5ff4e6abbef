"""What a request would do, each figure counted by hand; on SQLite and PostgreSQL. Today is 15 September 2026."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from geopy.distance import geodesic
from sqlalchemy import insert, select

from data_access.database.engine import Database
from data_access.database.schema import countries, event_languages, places
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.tables import records

TODAY = date(2026, 9, 15)
NOW = Selection(Period.parse("2026"), TODAY)
BERLIN, PARIS = (52.52, 13.405), (48.8566, 2.3522)
AT_BERLIN = {"home_latitude": BERLIN[0], "home_longitude": BERLIN[1], "home_country": "DE"}
AT_PARIS = {"home_latitude": PARIS[0], "home_longitude": PARIS[1], "home_country": "FR"}


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Ada of Berlin requests money to go to Paris, where a regional event is planned; ceiling 1,000, budget 5,000."""
    made = DeskBuilder(either)
    made.add_program()
    made.add_budget("5000")
    with either.writing() as connection:
        place = {"place_id": 1, "place_key": "paris", "latitude": PARIS[0], "longitude": PARIS[1], "source": "given"}
        connection.execute(insert(places).values(**place, located_country="FR"))
    made.add_member("ada", person={**AT_BERLIN, "languages": ("de", "en")})
    made.add_event(date(2026, 10, 1), "paris", "planned", scale="regional", attendance=40, **in_paris())
    return made


def in_paris() -> dict[str, Any]:
    return {"place_id": 1, "located_country": "FR", "city": "Paris", "mode": "in_person"}


def figures(built: DeskBuilder, request: str, **options: Any) -> dict[str, dict[str, Any]]:
    found = ask(built.database, "what_if", NOW, request=request, **options)
    return {row["figure"]: row for row in records(found)}


def test_the_ceiling_and_the_budget_after_it_add_up(built: DeskBuilder) -> None:
    approved: dict[str, Any] = {"decision": "approved", "decided_on": date(2026, 2, 1)}
    built.add_request("300", **approved, approved_amount=Decimal(300), paid_amount=Decimal(250), paid_on=TODAY)
    built.add_request("400", **approved, approved_amount=Decimal(400))
    built.add_request("60")
    built.add_request("900", person="bo", **approved, approved_amount=Decimal(900))
    request = built.add_request("350")
    found = figures(built, request)
    assert found["ceiling_after"]["value"] == 1.0
    assert found["ceiling_after"]["verdict"] == "look closer"
    assert found["ceiling_after"]["explanation"] == (
        "Paid 250 + committed 400 + this 350 = 1,000 of 1,000 EUR; 0 left. Other requests of 60 are pending."
    )
    assert found["budget_after"]["value"] == 0.38
    over = figures(built, request, amount="350.01")
    assert over["ceiling_after"]["verdict"] == "over"
    assert "0.01 over it" in over["ceiling_after"]["explanation"]
    assert over["amount"]["verdict"] == "look closer"


def test_a_foreign_amount_shows_its_rate_and_an_unknown_rate_is_named(built: DeskBuilder) -> None:
    built.add_rate("GBP", date(2026, 9, 1), "1.25")
    found = figures(built, built.add_request("80", currency="GBP"))
    assert found["amount"]["value"] == 100
    assert "at 1.25 (the program’s own rate of 1 September 2026)" in found["amount"]["explanation"]
    unknown = figures(built, built.add_request("80", currency="XTS"))
    assert unknown["amount"]["value"] is None
    assert unknown["ceiling_after"]["verdict"] == "not known"


def test_a_decided_request_is_not_added_once_more(built: DeskBuilder) -> None:
    request = built.add_request("100", decision="approved", decided_on=TODAY, approved_amount=Decimal(90))
    found = figures(built, request)
    assert found["ceiling_after"]["value"] == 0.09
    assert "approved already" in found["amount"]["explanation"]


def test_the_floor_stands_next_to_the_money(built: DeskBuilder) -> None:
    built.take_part("ada", date(2026, 7, 1))
    built.take_part("ada", date(2026, 9, 30), status="planned")
    found = figures(built, built.add_request())["floor"]
    assert (found["value"], found["verdict"]) == (2, "look closer")
    assert found["explanation"] == "At risk: 1 held and 1 scheduled of 3 events, 16 days left in the quarter."


def test_the_distance_is_the_geodesic_and_nearer_members_are_named(built: DeskBuilder) -> None:
    built.add_member("bea", person={**AT_PARIS, "languages": ("fr",)})
    built.add_member("gone", ended_on=date(2026, 9, 14), person=AT_PARIS)
    built.add_member("cy", person={"home_latitude": 52.4, "home_longitude": 13.1})
    request = built.add_request(event_key="paris")
    found = figures(built, request)
    assert found["distance"]["value"] == pytest.approx(geodesic(BERLIN, PARIS).km)
    assert figures(built, request, far_km=800)["distance"]["verdict"] == "look closer"
    assert found["nearer_members"]["value"] == 1
    [row] = ask(built.database, "nearer_members", NOW, request=request).to_dict("records")
    assert (row["person_key"], row["remaining"], row["language_fit"]) == ("bea", 1000, True)
    assert row["distance_km"] == pytest.approx(0)
    assert row["saved_km"] == pytest.approx(geodesic(BERLIN, PARIS).km)


def test_the_cost_per_attendee_stands_next_to_the_median_of_comparable_events(built: DeskBuilder) -> None:
    def held(key: str, attendance: int | None, cost: str, scale: str = "regional", code: str = "FR") -> None:
        where = {**in_paris(), "located_country": code}
        built.add_event(date(2026, 3, 1), key, scale=scale, attendance=attendance, **where)
        done: dict[str, Any] = {
            "decision": "approved",
            "decided_on": date(2026, 2, 1),
            "approved_amount": Decimal(cost),
        }
        built.add_request(cost, "bo", event_key=key, **done)

    held("one", 10, "20")
    held("two", 10, "40", code="NL")
    held("three", 10, "90")
    held("micro", 10, "999", scale="micro")
    held("far", 10, "999", code="BR")
    held("unrecorded", None, "999")
    latest: dict[str, Any] = {"decision": "approved", "decided_on": TODAY, "approved_amount": Decimal(60)}
    built.add_request("60", "bo", event_key="paris", **latest)
    found = figures(built, built.add_request("100", event_key="paris"))["cost_per_attendee"]
    assert (found["value"], found["verdict"]) == (4, "fine")
    assert found["explanation"] == (
        "160 EUR for all requests of the event ÷ 40 attendees. The median of 3 comparable events is 4 EUR."
    )
    assert figures(built, built.add_request("300", event_key="paris"))["cost_per_attendee"]["verdict"] == "look closer"


def test_the_gap_and_the_language_of_the_country_are_explained(built: DeskBuilder) -> None:
    for number in range(9):
        built.add_event(date(2026, 5, 1 + number), **{**in_paris(), "located_country": "DE"})
    built.add_event(date(2026, 5, 20), **in_paris())
    with built.database.writing() as connection:
        connection.execute(insert(event_languages).values(event_key="paris", language="fr"))
        listed = connection.execute(select(countries.c.country, countries.c.population))
        people_of = {row.country: row.population for row in listed}
    known = sum(number for number in people_of.values() if number)
    found = figures(built, built.add_request(event_key="paris"))
    assert found["gap_ratio"]["value"] == pytest.approx(1 / (10 * people_of["FR"] / known))
    assert found["language_fit"]["value"] == pytest.approx(0.39, abs=0.05)
    assert "The event is in French." in found["language_fit"]["explanation"]


def test_an_online_event_and_a_request_without_one_say_so(built: DeskBuilder) -> None:
    built.add_event(date(2026, 10, 1), "online", "planned", mode="online")
    found = figures(built, built.add_request(event_key="online"))
    assert found["distance"]["explanation"] == "The event is online."
    bare = figures(built, built.add_request())
    assert bare["cost_per_attendee"]["explanation"] == "The request names no event."
    assert pd.isna(bare["nearer_members"]["value"])


@pytest.mark.parametrize("amount", ["-1", "0", "a lot", "NaN", "Infinity"])
def test_what_cannot_be_an_amount_or_a_request_is_refused(built: DeskBuilder, amount: str) -> None:
    with pytest.raises(SelectionError, match="not an amount above zero"):
        figures(built, built.add_request(), amount=amount)
    with pytest.raises(SelectionError, match="There is no request"):
        figures(built, "nowhere")


def test_the_queue_is_oldest_first_with_what_each_takes_of_the_ceiling(built: DeskBuilder) -> None:
    new = built.add_request("1000.01", key="new")
    old = built.add_request("1000", key="old", requested_on=date(2026, 3, 1), event_key="paris")
    unknown = built.add_request("5", key="unknown", currency="XTS", requested_on=date(2026, 4, 1))
    built.add_request("5", key="future", requested_on=date(2026, 9, 16))
    built.add_request("5", key="done", decision="declined", decided_on=TODAY)
    waiting = {"decision": "approved", "decided_on": date(2026, 9, 2), "approved_amount": Decimal(5)}
    unpaid = built.add_request("7", built.add_member("bo"), "unpaid", **waiting)
    found = ask(built.database, "request_queue", NOW, Scope(Role.BOARD))
    assert list(found["request_key"]) == [old, unknown, new]
    assert list(found["age_days"]) == [198, 167, 14]
    assert list(found["share_after"].fillna(-1)) == [1.0, -1, 1.00001]
    assert list(found["over"].fillna(False)) == [False, False, True]
    assert found["days_to_event"][0] == 16
    [row] = ask(built.database, "request_queue", NOW, waiting="to pay").to_dict("records")
    assert (row["request_key"], row["age_days"], row["share_after"]) == (unpaid, 13, 0.005)
