"""pretalx and pretix: a conference with its speakers, an event with who has a ticket.

A real pretalx 2025.2.2 is asked, and what it answered before was recorded for what is quicker without it; pretix's
answers have the shape that its documentation gives.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data_access.database.engine import Database
from data_access.database.schema import events, imports, participations, people
from data_access.imports.live.pretalx import PRETALX
from data_access.imports.live.pretix import PRETIX
from data_access.imports.live.refusals import LiveRefused
from tests.data_access.imports.live.conftest import Adding, Syncing
from tests.data_access.imports.taking_in import rows
from tests.web_server import Asked, Reply, WebServer, as_json, web_server

RECORDED = json.loads(Path(__file__).with_name("pretalx_answers.json").read_text(encoding="utf-8"))
PROJECT = Path(__file__).parents[4]
PRETALX_PYTHON = PROJECT / ".venv/pretalx/bin/python"
SERVE_PRETALX = PROJECT / "tests/pretalx/serve.py"
TAKES_PART = [participations.c[name] for name in ("event_key", "person_key", "role", "language")]


def as_sent(found: Any, turned: list[str]) -> Any:
    """What was recorded, or where `turned` says so, its sessions from last to first."""
    return found | {"results": found["results"][::-1]} if turned and "results" in found else found


@pytest.fixture
def turned() -> list[str]:
    """Empty while sessions come as recorded."""
    return []


@pytest.fixture
def pretalx(monkeypatch: pytest.MonkeyPatch, turned: list[str]) -> Iterator[str]:
    """The address of a pretalx with one conference, and its token in PRETALX_TOKEN."""

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("authorization") != "Token t0ken":
            return Reply(status=401)
        page = f"?page={asked.query['page']}" if "page" in asked.query else ""
        found = RECORDED.get(asked.path + page)
        return Reply(status=404) if found is None else as_json(as_sent(found, turned))

    monkeypatch.setenv("PRETALX_TOKEN", "t0ken")
    with web_server(answer) as running:
        yield running.address


def check_the_conference(database: Database, address: str, add: Adding, synced: Syncing) -> None:
    add("conference", "pretalx", f"{address}/docsconf/", "PRETALX_TOKEN", city="Berlin", country="DE")
    assert synced().outcome == "7 rows new, 0 changed, 0 hints."
    assert rows(database, events.c.event_key, events.c.title, events.c.city, events.c.located_country) == [
        ("docsconf", "Docs Conference", "Berlin", "DE")
    ]
    [(first, last, languages)] = rows(database, events.c.starts_on, events.c.ends_on, events.c.languages)
    assert (f"{first}", f"{last}", languages) == ("2026-05-01", "2026-05-02", "de;en")
    names = dict(rows(database, people.c.person_key, people.c.name))
    speaking = {(names[person], role) for _, person, role, _ in rows(database, *TAKES_PART)}
    assert speaking == {(name, "speaker") for name in ("Ada Lovelace", "Bo Ek", "=cmd()|' /C calc'!A0")}
    assert synced().outcome == "nothing new."
    assert rows(database, imports.c.format) == [("pretalx",)]


def test_speakers_of_accepted_sessions_come_from_pretalx(
    database: Database, pretalx: str, add: Adding, synced: Syncing
) -> None:
    """Rejected and submitted sessions say nothing; who has two sessions speaks once."""
    check_the_conference(database, pretalx, add, synced)


def test_sessions_in_another_order_are_nothing_new(
    database: Database, pretalx: str, turned: list[str], add: Adding, synced: Syncing
) -> None:
    """A pretalx sorts by codes that it makes at random: the same conference comes in any order."""
    check_the_conference(database, pretalx, add, synced)
    turned.append("reversed")
    assert synced().outcome == "nothing new."


@pytest.mark.slow
@pytest.mark.skipif(not PRETALX_PYTHON.exists(), reason="make .venv/.pretalx installs the pretalx that is asked")
def test_a_real_pretalx(
    database: Database, add: Adding, synced: Syncing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Started for this test, with two pages of sessions; it answers as it was recorded to."""
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([PRETALX_PYTHON, SERVE_PRETALX, tmp_path], stdout=log, stderr=log)
    try:
        while not (ready := tmp_path / "ready.json").exists():
            assert process.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.1)
        found = json.loads(ready.read_text())
        monkeypatch.setenv("PRETALX_TOKEN", found["token"])
        check_the_conference(database, found["address"], add, synced)
    finally:
        process.kill()
        process.wait()


def test_a_wrong_token_is_told(
    database: Database, pretalx: str, add: Adding, synced: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRETALX_TOKEN", "wr0ng")
    add("conference", "pretalx", f"{pretalx}/docsconf/", "PRETALX_TOKEN")
    done = synced()
    assert "refuses to answer (401)" in done.outcome
    assert "Check the secret" in done.next_step
    assert "wr0ng" not in done.in_words()


# ---- pretix -------------------------------------------------------------------------------------------------------

API = "/api/v1/organizers/org/events/camp/"


def order(code: str, *tickets: dict[str, Any], status: str = "p", **changed: Any) -> dict[str, Any]:
    positions = [
        {"positionid": n, "item": 1, "addon_to": None, "canceled": False, "checkins": [], "subevent": None, **ticket}
        for n, ticket in enumerate(tickets, 1)
    ]
    email = f"{code}@example.org"
    return {"code": code, "status": status, "testmode": False, "email": email, "positions": positions, **changed}


class TicketShop:
    """Orders in pages of two; `modified_since` leaves out those that were not changed since."""

    def __init__(self) -> None:
        self.event: dict[str, Any] = {
            "name": {"de": "Lager", "en": "Camp"},
            "slug": "camp",
            "date_from": "2026-06-05T09:00:00+02:00",
            "date_to": "2026-06-07T18:00:00+02:00",
            "location": {"en": "Town hall\n10 Main Street"},
            "geo_lat": "52.52",
            "geo_lon": "13.40",
            "has_subevents": False,
        }
        self.subevents: list[dict[str, Any]] = []
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.now = "2026-06-01T00:00:00Z"

    def answer(self, asked: Asked) -> Reply:
        lists = {"items/": [{"id": 1, "admission": True}, {"id": 2, "admission": False}], "subevents/": self.subevents}
        since = asked.query.get("modified_since", "")
        lists["orders/"] = [each for changed, each in self.orders if changed >= since]
        if asked.path == API:
            return as_json(self.event)
        found = lists.get(asked.path.removeprefix(API))
        if found is None:
            return Reply(status=404)
        page = int(asked.query["page"])
        more = "more" if page * 2 < len(found) else None
        answer = {"count": len(found), "next": more, "results": found[page * 2 - 2 : page * 2]}
        return as_json(answer, **{"X-Page-Generated": self.now})


@pytest.fixture
def shop() -> TicketShop:
    return TicketShop()


@pytest.fixture
def serving(shop: TicketShop) -> Iterator[WebServer]:
    with web_server(shop.answer) as running:
        yield running


def taking_part(database: Database) -> dict[str, int]:
    found: dict[str, int] = {}
    for event, person, role, _ in rows(database, *TAKES_PART):
        assert (role, person[:9]) == ("attendee", "attendee-")
        found[event] = found.get(event, 0) + 1
    return found


def test_paid_tickets_become_participations_without_addresses_and_only_what_changed_is_asked_for(
    database: Database, shop: TicketShop, serving: WebServer, add: Adding, synced: Syncing
) -> None:
    """Unpaid and test orders, cancelled tickets, add-ons and things that are no ticket are nobody's visit."""
    shop.orders = [
        ("2026-05-01", order("A", {"attendee_name": "Ada", "attendee_email": "Ada@Example.org "}, {}, {"item": 2})),
        ("2026-05-02", order("B", {}, status="n")),
        ("2026-05-03", order("C", {}, testmode=True)),
        ("2026-05-04", order("D", {"canceled": True}, {"addon_to": 7}, {"attendee_email": "ada@example.org"})),
        ("2026-05-05", order("E", {"checkins": [{"list": 1}]})),
    ]
    add("camp", "pretix", f"{serving.address}/org/camp/")
    assert synced().went_well
    assert taking_part(database) == {"camp": 3}  # Ada once, her companion, E
    assert rows(database, events.c.title, events.c.venue) == [("Camp", "Town hall 10 Main Street")]
    assert {name for _, name in rows(database, people.c.person_key, people.c.name)} == {None}
    serving.asked.clear()
    shop.orders.append(("2026-06-02", order("F", {})))
    shop.now = "2026-06-03T00:00:00Z"
    assert synced().outcome == "2 rows new, 0 changed, 0 hints."
    asked = [each.query for each in serving.asked if each.path.endswith("orders/")]
    assert [(each["page"], each["modified_since"]) for each in asked] == [("1", "2026-06-01T00:00:00Z")]
    assert synced().outcome == "nothing new."
    assert taking_part(database) == {"camp": 4}


def test_who_came_and_their_names_on_wish(
    database: Database, shop: TicketShop, serving: WebServer, add: Adding, synced: Syncing
) -> None:
    shop.orders = [
        ("1", order("A", {"attendee_name": "Ada", "checkins": [{"list": 1}]})),
        ("1", order("B", {"attendee_name": "Bo"})),
    ]
    add("camp", "pretix", f"{serving.address}/org/camp/", who="checked_in", names="yes")
    assert synced().went_well
    assert [name for _, name in rows(database, people.c.person_key, people.c.name)] == ["Ada"]


def test_a_series_is_an_event_a_date(
    database: Database, shop: TicketShop, serving: WebServer, add: Adding, synced: Syncing
) -> None:
    shop.event["has_subevents"] = True
    days = ((11, "2026-06-05"), (12, "2026-06-12"), (13, "2026-06-19"))
    shop.subevents = [{**shop.event, "id": n, "date_from": f"{day}T18:00:00+02:00", "date_to": None} for n, day in days]
    shop.orders = [("1", order("A", {"subevent": 11}, {"subevent": 12}))]
    add("camp", "pretix", f"{serving.address}/control/event/org/camp/")
    assert synced().went_well
    assert taking_part(database) == {"camp-11": 1, "camp-12": 1}
    assert {f"{day}" for (day,) in rows(database, events.c.starts_on)} == {day for _, day in days}


def test_addresses_as_people_copy_them() -> None:
    host = "https://t.example.org"
    for given in ("docsconf", "docsconf/schedule/", "orga/event/docsconf/", "api/events/docsconf/"):
        assert PRETALX.address(f"{host}/{given}") == f"{host}/api/events/docsconf/"
    for given in ("org/camp", "control/event/org/camp/", "api/v1/organizers/org/events/camp/"):
        assert PRETIX.address(f"{host}/{given}") == f"{host}/api/v1/organizers/org/events/camp/"
    for kind in (PRETALX, PRETIX):
        with pytest.raises(LiveRefused, match="no address of"):
            kind.address(f"{host}/")
