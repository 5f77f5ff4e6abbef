"""How fast the request desk answers: 100,000 members, a million requests and events; `make bench` prints it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Table, insert, select

from data_access.database.engine import Database
from data_access.database.schema import (
    budgets,
    event_languages,
    events,
    funding_requests,
    imports,
    memberships,
    participations,
    people,
    person_languages,
    places,
    program,
)
from data_access.derived.money import refresh_budgets, refresh_money
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Period, Scope, Selection
from tests.benchmarks.test_people_speed import _import

pytestmark = pytest.mark.bench

EVENTS, MEMBERS, REQUESTS, CHUNK = 1_000_000, 100_000, 1_000_000, 50_000
AS_OF = date(2026, 9, 15)
NOW = Selection(Period.parse("2026-Q3"), AS_OF)
# code: latitude, longitude of its one town in this program
TOWNS = {"US": (40.7, -74.0), "DE": (52.5, 13.4), "IN": (18.5, 73.9), "BR": (-23.6, -46.6), "KE": (-1.3, 36.8)}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Ten years of events, a speaker at each; a request for each event, one of a hundred still pending."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'uplift.db'}")
    initialise(made.program)
    random = np.random.default_rng(7)
    codes = list(TOWNS)
    ages = random.integers(-60, 3650, EVENTS)
    homes, where = random.integers(0, len(codes), MEMBERS), random.integers(0, len(codes), EVENTS)
    with made.writing() as connection:

        def write(table: Table[Any], row: Callable[[int], dict[str, Any]], count: int) -> None:
            for first in range(0, count, CHUNK):
                connection.execute(insert(table), [row(n) for n in range(first, min(first + CHUNK, count))])

        def event(n: int) -> dict[str, object]:
            day = AS_OF - timedelta(days=int(ages[n]))
            return {
                "event_key": f"e{n}",
                "title": "Meetup",
                "starts_on": day,
                "status": "held" if day <= AS_OF else "planned",
                "mode": "in_person",
                "scale": ("micro", "regional", "annual")[n % 3],
                "attendance": 10 + n % 40,
                "place_id": int(where[n]) + 1,
                "located_country": codes[where[n]],
            }

        def request(n: int) -> dict[str, object]:
            asked = AS_OF - timedelta(days=max(int(ages[n]), 0) + 20)
            pending = n % 100 == 0
            return {
                "request_key": f"r{n}",
                "person_key": f"p{n % MEMBERS}",
                "event_key": f"e{n}",
                "requested_amount": Decimal(50),
                "currency": "EUR",
                "requested_on": asked,
                "decision": "pending" if pending else "approved",
                "decided_on": None if pending else asked + timedelta(days=5),
                "approved_amount": None if pending else Decimal(50),
                "paid_amount": None if pending or n % 10 == 1 else Decimal(45),
                "paid_on": None if pending or n % 10 == 1 else asked + timedelta(days=15),
            }

        write(program, lambda n: {"program_id": 1, "name": "Bench", "currency": "EUR", "member_ceiling": 2500}, 1)
        write(budgets, lambda n: {"fiscal_year": 2026, "amount": Decimal(9_000_000), "currency": "EUR"}, 1)
        write(imports, lambda n: _import(), 1)
        towns = [(code, *point) for code, point in TOWNS.items()]
        names = ("located_country", "latitude", "longitude")
        town = [
            {"place_id": n + 1, "place_key": str(n), "source": "given", **dict(zip(names, towns[n], strict=True))}
            for n in range(5)
        ]
        connection.execute(insert(places), town)

        def person(n: int) -> dict[str, object]:
            latitude, longitude = TOWNS[codes[homes[n]]]
            near = {"home_latitude": latitude + (n % 900) / 100 - 4.5, "home_longitude": longitude + (n % 700) / 100}
            return {"person_key": f"p{n}", "name": f"Person {n}", "home_country": codes[homes[n]], **near}

        write(people, person, MEMBERS)
        write(person_languages, lambda n: {"person_key": f"p{n}", "language": "en"}, MEMBERS)
        begun = date(2019, 1, 1)
        write(memberships, lambda n: {"membership_key": f"m{n}", "person_key": f"p{n}", "started_on": begun}, MEMBERS)
        write(events, event, EVENTS)
        write(event_languages, lambda n: {"event_key": f"e{n}", "language": "en"}, EVENTS)
        speaker = {"role": "speaker", "language": "en"}
        write(participations, lambda n: {"event_key": f"e{n}", "person_key": f"p{n % MEMBERS}", **speaker}, EVENTS)
        write(funding_requests, request, REQUESTS)
        started = time.perf_counter()
        refresh_money(connection, None)
        refresh_budgets(connection)
        print(f"\nmoney derived, {REQUESTS:,} requests: {time.perf_counter() - started:.1f} s")
    with made.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    yield made
    made.close()


def test_a_what_if_answers_within_a_tenth_of_a_second(database: Database) -> None:
    """The median over requests not looked at before; the first one of a data version also learns homes and gaps."""
    with database.reading() as connection:
        pending = funding_requests.c.decision == "pending"
        ordered = select(funding_requests.c.request_key).where(pending).order_by(funding_requests.c.requested_on.desc())
        keys = list(connection.execute(ordered.limit(300)).scalars())[::20]
    seconds: list[float] = []
    for key in keys:
        with database.reading() as connection:
            started = time.perf_counter()
            QUESTIONS["what_if"].ask(connection, NOW, Scope.everything(), request=key)
            seconds.append(time.perf_counter() - started)
    first, *others = seconds
    median = sorted(others)[len(others) // 2]
    print(f"\nwhat_if: first {first:.2f} s, then median {median * 1000:.0f} ms, slowest {max(others) * 1000:.0f} ms")
    assert median <= 0.1


@pytest.mark.parametrize(
    ("name", "options", "most"),
    [
        ("request_queue", {"limit": 500}, 1.0),
        ("floor_standing", {"state": "at risk", "limit": 500}, 20.0),
        ("floor_summary", {}, 20.0),
    ],
)
def test_the_desk_and_the_floor_answer(database: Database, name: str, options: dict[str, object], most: float) -> None:
    """Printed, with limits that catch a plan gone wrong: the floor reads years of everybody's events."""
    with database.reading() as connection:
        started = time.perf_counter()
        QUESTIONS[name].ask(connection, NOW, Scope.everything(), **options)
        taken = time.perf_counter() - started
    print(f"\n{name}: {taken:.2f} s")
    assert taken < most
