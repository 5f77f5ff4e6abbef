"""Exports of well-known tools, in files of their shape: who took part, and who did not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data_access.database.engine import Database
from data_access.database.schema import contributions, events, funding_requests, participations, people
from data_access.imports.mapping.mapping import SheetMapping, read_toml, written
from data_access.imports.mapping.sheets import SheetMappings
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
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
    "Eventbrite attendees, as they are called now": (
        "Order ID,Order date,Attendee status,First name,Last name,Email,Ticket quantity,Event name,Event ID,"
        "Event start date\n"
        "1001,2026-04-01 10:00:00,Checked In,Ada,Lovelace,ada@example.org,1,Docs sprint,77,2026-05-03\n"
        "1002,2026-04-02 10:00:00,Deleted,Kofi,Mensah,kofi@example.org,1,Docs sprint,77,2026-05-03\n",
        {},
    ),
    "Eventbrite orders": (
        "Order #,Order Date,First Name,Last Name,Email Address,Quantity,Ticket Type,Order Type,Total Paid,Status,"
        "Event Name,Event ID,Event Start Date\n"
        "1001,2026-04-01 10:00:00,Ada,Lovelace,ada@example.org,2,Free,Free Order,0.00,Completed,Docs sprint,77,"
        "2026-05-03\n"
        "1003,2026-04-01 10:00:00,Ada,Lovelace,ada@example.org,1,Free,Free Order,0.00,Completed,Docs sprint,77,"
        "2026-05-03\n"
        "1002,2026-04-02 10:00:00,Kofi,Mensah,kofi@example.org,1,Free,Free Order,0.00,Refunded,Docs sprint,77,"
        "2026-05-03\n",
        {},
    ),
    "Meetup answers": (
        "Name\tUser ID\tTitle\tEvent Host\tRSVP\tGuests\tRSVPed on\tJoined Group on\tURL of Member Profile\n"
        "Ada Lovelace\tuser 101\t\tYes\tYes\t0\tApril 1, 2026 10:00 AM\tMay 3, 2024\thttps://example.org/101\n"
        "Kofi Mensah\tuser 102\t\tNo\tNo\t0\tApril 2, 2026 11:00 AM\tMay 4, 2024\thttps://example.org/102\n",
        SPRINT,
    ),
    "Meetup answers, as they are called now": (
        "Name,Attendance,User ID,Title,Event Host,RSVP,Guests,RSVPed on,Joined Group on,URL of Member Profile,Notes\n"
        'Ada Lovelace,,user 101,,,Yes,0,"April 1, 2026 10:00 AM","May 3, 2024",https://example.org/101,\n'
        'Kofi Mensah,,user 102,,,No,0,"April 2, 2026 11:00 AM","May 4, 2024",https://example.org/102,\n',
        SPRINT,
    ),
    "pretalx speakers": (
        "name,email,confirmed\nAda Lovelace,ada@example.org,True\nKofi Mensah,kofi@example.org,False\n",
        SPRINT,
    ),
    "pretalx sessions": (
        "ID,Title,State,Session type,Track,Speaker IDs,Speaker names,Room,Start,End,Language\n"
        "AB1,Writing docs,confirmed,Talk,,S1,Ada Lovelace,Main,2026-05-03T10:00:00+02:00,,en\n"
        "AB2,Other,rejected,Talk,,S2,Kofi Mensah,,,,en\n",
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
    report = taken(database, tmp_path / "export.csv", text, **always)
    assert report.committed, report.in_words()
    assert rows(database, people.c.name) == [("Ada Lovelace",)]
    assert rows(database, events.c.title, events.c.starts_on) == [("Docs sprint", date(2026, 5, 3))]
    role = "speaker" if tool.startswith(("Sessionize", "pretalx")) else "attendee"
    assert rows(database, participations.c.role) == [(role,)]


def test_the_speakers_of_a_session_are_each_a_participation(database: Database, tmp_path: Path) -> None:
    text = 'Title,State,Speaker IDs,Speaker names\nWriting docs,accepted,S1 S2,"Ada Lovelace, Kofi Mensah"\n'
    assert taken(database, tmp_path / "sessions.csv", text, **SPRINT).committed
    assert rows(database, people.c.name) == [("Ada Lovelace",), ("Kofi Mensah",)]
    assert rows(database, participations.c.role) == [("speaker",)] * 2


LISTS = {
    "Discourse users": (
        "id,name,username,email,title,created_at,last_seen_at,last_posted_at,trust_level,approved\n"
        "1,Ada Lovelace,ada,ada@example.org,,2024-05-03 10:00:00 UTC,2026-05-03 10:00:00 UTC,,2,true\n"
    ),
    "Meetup members": (
        "Name\tMember ID\tTitle\tLocation\tJoined Group on\tLast visited group on\tMeetups attended\n"
        "Ada Lovelace\tada\t\tLondon, UK\tMay 3, 2024\tJune 1, 2026\t12\n"
    ),
    "Airtable": '\ufeffName,Username,Languages,Joined,Mentor\nAda Lovelace,ada,"English,French",5/3/2024,checked\n',
}


@pytest.mark.parametrize("tool", LISTS)
def test_members_come_in_under_their_names_there(database: Database, tmp_path: Path, tool: str) -> None:
    more = {"dates": "month first"} if tool == "Airtable" else {}  # nothing in the file shows it
    report = taken(database, tmp_path / "export.csv", LISTS[tool], **more)
    assert report.committed, report.in_words()
    assert rows(database, people.c.person_key, people.c.name, people.c.joined_on) == [
        ("ada", "Ada Lovelace", date(2024, 5, 3))
    ]


def test_editors_of_a_wiki_course_join_when_they_enrol_and_their_edits_are_on_no_day(
    database: Database, tmp_path: Path
) -> None:
    text = (
        "username,global_id,enrollment_timestamp,registered_at,revisions_during_project,mainspace_bytes_added,"
        "registered_during_project\nAda,7,2026-05-03 10:00:00 UTC,2020-01-01 00:00:00 UTC,37,1200,false\n"
    )
    assert taken(database, tmp_path / "editors.csv", text).committed
    assert rows(database, people.c.person_key, people.c.joined_on) == [("Ada", date(2026, 5, 3))]
    assert rows(database, contributions.c.quantity) == []


def test_a_forms_answers_are_members(database: Database, tmp_path: Path) -> None:
    text = (
        "Timestamp,Email Address,What is your name?,Where do you live?,Which languages do you speak?\n"
        '5/13/2026 21:12:33,ada@example.org,Ada Lovelace,"London, UK","English, French"\n'
    )
    report = taken(database, tmp_path / "Join us (Responses) - Form Responses 1.csv", text)
    assert report.committed, report.in_words()
    columns = people.c
    assert rows(database, columns.name, columns.home_city, columns.home_country, columns.joined_on) == [
        ("Ada Lovelace", "London", "GB", date(2026, 5, 13))
    ]


def test_of_a_collectives_books_only_what_was_spent_comes_in_and_is_paid(database: Database, tmp_path: Path) -> None:
    text = (
        "datetime,shortId,shortGroup,description,type,kind,isRefund,isRefunded,shortRefundId,displayAmount,amount,"
        "netAmount,balance,currency,accountSlug,accountName,oppositeAccountSlug,oppositeAccountName,expenseType\n"
        "2026-05-03T05:47:17,a1,g1,Train,DEBIT,EXPENSE,,,,-€85.50 EUR,-85.5,-85.5,10,EUR,maps,Maps,ada,Ada Lovelace,"
        "RECEIPT\n"
        "2026-05-04T05:47:17,a2,g2,Gift,CREDIT,CONTRIBUTION,,,,€50.00 EUR,50,47.5,60,EUR,maps,Maps,kofi,Kofi Mensah,\n"
        "2026-05-05T05:47:17,a3,g3,Host fee,DEBIT,HOST_FEE,,,,-€5.00 EUR,-5,-5,55,EUR,maps,Maps,host,Host,\n"
        "2026-05-06T05:47:17,a4,g4,Twice,DEBIT,EXPENSE,,REFUNDED,a5,-€9.00 EUR,-9,-9,46,EUR,maps,Maps,ada,Ada,RECEIPT\n"
    )
    report = taken(database, tmp_path / "maps-transactions.csv", text)
    assert report.committed, report.in_words()
    said = funding_requests.c
    assert rows(database, said.request_key, said.person_key, said.paid_amount, said.paid_on, said.requested_on) == [
        ("a1", "ada", Decimal("85.5"), date(2026, 5, 3), date(2026, 5, 3))
    ]
    assert any("3 rows are left out" in problem.problem for problem in report.problems)
    assert read_toml(written([open_collective(tmp_path)]))[0] == open_collective(tmp_path)


def open_collective(folder: Path) -> SheetMapping:
    [table] = unmapped([folder / "maps-transactions.csv"], SheetMappings())
    return table.guess


COMMITS = {
    "git log": "commit,author,email,date,message\n9fceb02,Ada Lovelace,ada@example.org,2026-05-03T10:00:00+02:00,M\n",
    "GitLab": "Commit SHA,Commit Author,Committed At,Group,Project,Merge Commit\n"
    "9fceb02,Ada Lovelace,2026-05-03T10:00:00Z,maps,Maps,\n",
    "git shortlog -sne": "     1\tAda Lovelace <ada@example.org>\n",
}


@pytest.mark.parametrize("tool", COMMITS)
def test_commits_are_contributions_of_their_authors(database: Database, tmp_path: Path, tool: str) -> None:
    always = {"contributions.contributed_on": "2026-05-03"} if "shortlog" in tool else {}
    report = taken(database, tmp_path / "commits.txt", COMMITS[tool], **always)
    assert report.committed, report.in_words()
    said = contributions.c
    assert rows(database, said.contributed_on, said.area, said.quantity) == [(date(2026, 5, 3), "code", 1)]
    assert rows(database, people.c.name) == [("Ada Lovelace",)]
    assert "<" not in rows(database, people.c.person_key)[0][0]


def test_what_git_says_of_its_authors_is_read_in_lines_of_its_own(database: Database, tmp_path: Path) -> None:
    text = "   120\tAda Lovelace <ada@example.org>\n    12\tKofi\n     x\tGrace <g@example.org>\n"
    day = {"contributions.contributed_on": "2026-05-03"}
    [error] = taken(database, tmp_path / "shortlog.txt", text, **day).errors
    assert (error.line, error.value) == (3, "x")


def taken(database: Database, path: Path, text: str, dates: str = "", **always: str) -> ImportReport:
    """The import of a file by the guess for it, with what no column says."""
    path.write_text(text, encoding="utf-8")
    [table] = unmapped([path], SheetMappings())
    mapping = table.guess.changed(always={**table.guess.always, **always}, dates=dates or table.guess.dates)
    return run_import(database, [path], ImportOptions(as_of=TODAY, readings=[mapping]))
