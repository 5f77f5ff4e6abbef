"""Totals are never worked out from a list with a limit: each list is asked with more rows than it shows.

The programs here exceed every limit that a page asks with; the right number is how many rows were made.
"""

from __future__ import annotations

import inspect
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

import data_access.questions
from data_access.database.engine import Database
from data_access.database.schema import audit, events, funding_requests, imports, memberships, people, teams
from data_access.questions import QUESTIONS
from data_access.selection import Period, Selection
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.tables import records

TODAY = date(2026, 9, 15)
NOW = Selection(Period.parse("2026"), TODAY)
MANY = 1_101
# A question whose answer has a limit, and where the number of all rows comes from. Whoever adds a limit adds its total.
TOTALS = {
    "bench": "none is shown: the first twenty are named as such",
    "budget_burn": "its own column `matches`",
    "circle_links": "of each circle its own column `in_circle`; the twelve largest circles are named as such",
    "circle_mentoring": "its own column `total`",
    "conduct_not_accepted": "all are listed: the limit is of versions, of which one is the newest",
    "contributors_counted": "its own column `total`",
    "data_problems": "data_quality",
    "event_arcs": "its own column `total`",
    "events_list": "its own column `total`",
    "events_unmarked": "its own column `total`",
    "floor_standing": "floor_summary",
    "funnel_people": "its own column `total`",
    "thanks_waiting": "its own column `waiting`",
    "whom_to_invite": "its own column `candidates`",
    "imports_log": "imports_total",
    "import_hints": "imports_total",
    "language_next": "none is shown: the next ones by gain",
    "mentorless_organizers": "its own column `total`",
    "nearer_members": "the figure `nearer_members` of what_if",
    "needs_list": "its own column `total`",
    "payments_list": "its own column `total`",
    "personal_reads": "none is shown: the newest ones, as the page says",
    "request_decisions": "its own column `in_all`",
    "request_queue": "request_totals",
    "team_changes": "its own column `in_all`",
    "uncovered_cities": "none is shown: the largest ones",
    "who_could_help": "none is shown: the first twenty are named as such",
    "materials_list": "its own column `total`",
    "mission_driven_people": "its own column `total`",
    "organizers_counted": "its own column `total`",
    "retained_people": "its own column `total`",
    "team_newcomers": "its own column `total`",
    "works_of_audience": "its own column `total`",
    "what_if": "the median of at most 200 events, which its words say",
    "contributor_activity": "none is shown: a chart of the last spans",
    "attribute_trend": "none is shown: a chart of the last windows",
}


def test_every_question_with_a_limit_says_where_its_total_comes_from() -> None:
    """By its options and by its own module's SQL: a new `limit` is found here."""
    limited = {name for name, item in QUESTIONS.items() if {"limit", "size", "worst"} & set(item.options)}
    folder = Path(inspect.getfile(data_access.questions)).parent
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for function in re.findall(r"^@question\(.*?\n(?:def (\w+)\(.*?)(?=^@|^class |^def |\Z)", text, re.M | re.S):
            body = text.split(f"def {function}(", 1)[1].split("\n\n\n", 1)[0]
            if re.search(r"\.limit\(", body):
                limited.add(function)
    assert limited - set(TOTALS) == set()


@pytest.fixture
def built(database: Database) -> DeskBuilder:
    made = DeskBuilder(database)
    made.add_program(floor_events_per_quarter=3)
    return made


def test_events_are_counted_beyond_the_list(database: Database, built: DeskBuilder) -> None:
    rows = [
        {"event_key": f"e{n}", "title": "Meetup", "starts_on": date(2026, 5, 1), "status": "held"} for n in range(MANY)
    ]
    with database.writing() as connection:
        connection.execute(insert(events), [row | {"located_country": "FR", "mode": "in_person"} for row in rows])
    found = ask(database, "events_list", NOW, country="FR")
    assert (len(found), set(found["total"])) == (1_000, {MANY})
    assert len(ask(database, "events_list", NOW, country="FR", limit=0)) == MANY
    counted = {row["check"]: row["events"] for row in records(ask(database, "data_quality", NOW))}
    assert counted["missing_attendance"] == MANY
    assert len(ask(database, "data_problems", NOW, check="missing_attendance", limit=500)) == 500
    assert len(ask(database, "data_problems", NOW, check="missing_attendance", limit=0)) == MANY
    with database.writing() as connection:
        connection.execute(update(events).values(status="planned"))
    unmarked = ask(database, "events_unmarked", NOW)
    assert (len(unmarked), set(unmarked["total"])) == (200, {MANY})
    assert len(ask(database, "events_unmarked", NOW, limit=0)) == MANY


def test_members_are_counted_beyond_the_list(database: Database, built: DeskBuilder) -> None:
    with database.writing() as connection:
        keys = [f"p{n:04}" for n in range(MANY)]
        connection.execute(insert(people), [{"person_key": key} for key in keys])
        start = date(2025, 1, 1)
        rows = [{"membership_key": key, "person_key": key, "started_on": start} for key in keys]
        connection.execute(insert(memberships), rows)
    summary = records(ask(database, "floor_summary", NOW))
    at_risk = [row["people"] for row in summary if row["state"] == "at risk" and row["open"]]
    assert at_risk == [MANY]
    this_quarter = Selection(Period.quarter_of(TODAY), TODAY)
    assert len(ask(database, "floor_standing", this_quarter, state="at risk", limit=500)) == 500
    assert len(ask(database, "floor_standing", this_quarter, state="at risk")) == MANY
    [burn, *_] = records(ask(database, "budget_burn", NOW, size=25))
    assert burn["matches"] == MANY


def test_recorded_changes_and_imports_are_counted_beyond_the_list(database: Database, built: DeskBuilder) -> None:
    built.add_request(key="r1")
    moment = datetime(2026, 9, 1)  # noqa: DTZ001 - as the database keeps it
    entry: dict[str, Any] = {"happened_at": moment, "author": "Ada", "role": "pm", "before": "null", "after": "null"}
    request = entry | {"team_key": "", "action": "approval", "subject": "request", "subject_key": "r1"}
    change = entry | {"team_key": "docs", "action": "risk raised", "subject": "risk", "subject_key": "k"}
    risk = '{"risk": "resistance", "raised_on": "2026-09-01", "closed_on": null}'
    decided = '{"decision": "declined", "decided_on": "2026-09-01"}'
    done = {"kind": "edit", "imported_by": "Ada", "source": "x", "format": "", "checksum": "", "seconds": 0, "hints": 0}
    with database.writing() as connection:
        connection.execute(insert(teams).values(team_key="docs", name="Docs"))
        connection.execute(insert(audit), [request | {"after": decided}] * 150 + [change | {"after": risk}] * 120)
        connection.execute(insert(imports), [done | {"finished_at": moment + timedelta(n)} for n in range(130)])
    for name, number in (("request_decisions", 150), ("team_changes", 120)):
        found = ask(database, name, NOW)
        assert (len(found), set(found["in_all"])) == (100, {number}), name
    assert len(ask(database, "imports_log", NOW)) == 100
    [total] = records(ask(database, "imports_total", NOW))
    assert total["imports"] == 130


def test_hints_are_counted_beyond_what_is_kept_of_them(database: Database, built: DeskBuilder) -> None:
    done = {"imported_by": "Ada", "source": "x", "format": "", "checksum": "", "seconds": 0}
    done |= {"finished_at": datetime(2026, 9, 1)}  # noqa: DTZ001 - as the database keeps it
    with database.writing() as connection:
        connection.execute(
            insert(imports), [done | {"kind": "import", "hints": 12_345}, done | {"kind": "edit", "hints": 0}]
        )
    [total] = records(ask(database, "imports_total", NOW))
    assert total == {"imports": 2, "hints": 12_345}


def test_members_who_live_nearer_are_counted_beyond_those_who_are_named(built: DeskBuilder) -> None:
    here, there = {"home_latitude": 52.5, "home_longitude": 13.4}, {"home_latitude": 48.9, "home_longitude": 2.3}
    built.add_member("ada", person=here)
    for number in range(15):
        built.add_member(f"near{number}", person=there)
    built.add_member("gone", ended_on=date(2026, 1, 1), person=there)
    with built.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO places (place_id, place_key, latitude, longitude, source) VALUES (1, 'p', 48.9, 2.3, 'given')"
        )
    built.add_event(date(2026, 10, 1), "paris", "planned", place_id=1, mode="in_person")
    request = built.add_request(event_key="paris")
    figures = {row["figure"]: row for row in records(ask(built.database, "what_if", NOW, request=request))}
    assert figures["nearer_members"]["value"] == 15
    assert len(ask(built.database, "nearer_members", NOW, request=request)) == 10


def test_amounts_without_a_rate_are_all_listed(database: Database, built: DeskBuilder) -> None:
    built.add_person("ada")
    row = {"person_key": "ada", "requested_amount": 1, "currency": "XTS", "requested_on": date(2026, 5, 1)}
    with database.writing() as connection:
        connection.execute(insert(funding_requests), [row | {"request_key": f"r{n}"} for n in range(MANY)])
    built.refresh()
    assert len(ask(database, "unconverted_amounts", NOW)) == MANY
    assert records(ask(database, "request_totals", NOW))[0]["without_rate"] == MANY
