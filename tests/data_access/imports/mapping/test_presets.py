"""Exports of well-known tools, in files of their shape: who took part, and who did not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data_access.database.engine import Database
from data_access.database.schema import events, participations, people
from data_access.imports.mapping.sheets import SheetMappings
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.unmapped import unmapped
from tests.data_access.imports.taking_in import rows

TODAY = date(2026, 8, 23)
SPRINT = {"events.title": "Docs sprint", "events.starts_on": "2026-05-03"}
FILES = {
    "Eventbrite attendees": (
        "Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Order Type,Currency,Total Paid,"
        "Attendee Status,Event Name,Event ID,Event Start Date\n"
        "1001,2026-04-01 10:00:00,Ada,Lovelace,ada@example.org,1,Free,501,Free Order,EUR,0.00,Checked In,"
        "Docs sprint,77,2026-05-03\n"
        "1002,2026-04-02 10:00:00,Kofi,Mensah,kofi@example.org,1,Free,502,Free Order,EUR,0.00,Not Attending,"
        "Docs sprint,77,2026-05-03\n",
        {},
    ),
    "Luma guests": (
        "api_id,name,first_name,last_name,email,phone_number,created_at,approval_status,checked_in_at,ticket_name,"
        "survey_response_rating\n"
        "gst-1,Ada Lovelace,Ada,Lovelace,ada@example.org,,2026-04-01T10:00:00.000Z,approved,2026-05-03T18:00:00.000Z,"
        "Standard,5\n"
        "gst-2,Kofi Mensah,Kofi,Mensah,kofi@example.org,,2026-04-02T10:00:00.000Z,declined,,Standard,\n",
        SPRINT,
    ),
    "Sessionize sessions": (
        "Session Id,Title,Description,Owner,Owner Email,Session format,Level,Language,Status,Date Submitted,Speaker Id,"
        "FirstName,LastName,Email,TagLine,Bio\n"
        "9,Writing docs,…,Ada Lovelace,ada@example.org,Talk,All,English,Accepted,1 Apr 2026 10:00 AM,s-1,Ada,Lovelace,"
        "ada@example.org,,\n"
        "10,Other,…,Kofi Mensah,kofi@example.org,Talk,All,English,Declined,1 Apr 2026 10:00 AM,s-2,Kofi,Mensah,"
        "kofi@example.org,,\n",
        SPRINT,
    ),
    "pretix orders": (
        "Event slug,Order code,Order total,Status,Email,Phone number,Order date,Order time,Company,Name\n"
        "sprint,AB12C,0.00,paid,ada@example.org,,2026-04-01,10:00:00,,Ada Lovelace\n"
        "sprint,AB12D,0.00,canceled,kofi@example.org,,2026-04-02,10:00:00,,Kofi Mensah\n",
        SPRINT,
    ),
}


@pytest.mark.parametrize("tool", FILES)
def test_who_took_part_comes_in_and_who_did_not_stays_out(database: Database, tmp_path: Path, tool: str) -> None:
    text, always = FILES[tool]
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    [table] = unmapped([path], SheetMappings())
    mapping = table.guess.changed(always={**table.guess.always, **always})
    report = run_import(database, [path], ImportOptions(as_of=TODAY, readings=[mapping]))
    assert report.committed, report.in_words()
    assert rows(database, people.c.name) == [("Ada Lovelace",)]
    assert rows(database, events.c.title, events.c.starts_on) == [("Docs sprint", date(2026, 5, 3))]
    role = "speaker" if tool.startswith("Sessionize") else "attendee"
    assert rows(database, participations.c.role) == [(role,)]


def test_a_forums_users_are_people_under_their_names_there(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "user_archive.csv"
    path.write_text(
        "id,name,username,email,title,created_at,last_seen_at,last_posted_at,trust_level,approved\n"
        "1,Ada Lovelace,ada,ada@example.org,,2024-05-03 10:00:00 UTC,2026-05-03 10:00:00 UTC,,2,true\n",
        encoding="utf-8",
    )
    [table] = unmapped([path], SheetMappings())
    report = run_import(database, [path], ImportOptions(as_of=TODAY, readings=[table.guess]))
    assert report.committed, report.in_words()
    assert rows(database, people.c.person_key, people.c.name, people.c.joined_on) == [
        ("ada", "Ada Lovelace", date(2024, 5, 3))
    ]
