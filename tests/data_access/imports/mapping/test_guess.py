"""What a table is guessed to hold: in many languages, with and without headings, and never more than it shows."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from data_access.imports.files import file_on_disk
from data_access.imports.mapping.guess import guess
from data_access.imports.mapping.known import Known
from data_access.imports.mapping.mapping import SheetMapping
from data_access.imports.mapping.sheets import SheetMappings, text_sheet
from data_access.imports.unmapped import first_rows, unmapped
from tests.data_access.imports.mapping.tables import (
    EVENTS,
    HELD,
    LANGUAGES,
    PAID,
    PEOPLE,
    REQUESTS,
    TRAVEL,
    in_language,
)

TODAY = date(2026, 8, 23)
EUROS = Known(currency="EUR")


def written(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(rows)
    return path


def guessed(folder: Path, *rows: tuple[str, ...]) -> SheetMapping:
    sheet = text_sheet(file_on_disk(written(folder, *rows)))
    assert sheet is not None
    return guess(sheet, currency="EUR")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_headings_are_known_in_each_language(tmp_path: Path, language: str) -> None:
    def say(texts: dict[str, str]) -> tuple[str, ...]:
        return tuple(in_language(text, language) for text in texts.values())

    people = guessed(
        tmp_path,
        say(PEOPLE),
        ("Ada Lovelace", "ada@example.org", "London, UK", "English, French", "2024-05-03"),
        ("Kofi Mensah", "kofi@example.org", "Accra, Ghana", "Twi", "2025-01-02"),
    )
    assert people.rows_are == "people"
    assert [target for target in people.columns.values() if "city" not in target and "place" not in target] == [
        *("people.name", "people.email", "people.languages", "people.joined_on")
    ]
    events = guessed(
        tmp_path,
        say(EVENTS),
        ("Docs sprint", "2026-05-03", "Pune, India", in_language(HELD, language), "24"),
        ("Patch day", "2026-06-03", "Accra, Ghana", in_language(HELD, language), "12"),
    )
    assert (events.rows_are, list(events.columns.values())) == (
        "events",
        ["events.title", "events.starts_on", "events.place", "events.status", "events.attendance"],
    )
    requests = guessed(
        tmp_path,
        say(REQUESTS),
        ("Ada", "€ 1.133,32", "2026-05-03", in_language(PAID, language), in_language(TRAVEL, language)),
    )
    assert (requests.rows_are, list(requests.columns.values())) == (
        "funding_requests",
        [
            *("people.name", "funding_requests.requested_amount", "funding_requests.requested_on"),
            *("funding_requests.decision", "funding_requests.category"),
        ],
    )


def test_cells_tell_what_headings_do_not(tmp_path: Path) -> None:
    found = guessed(
        tmp_path,
        ("A", "B", "C", "D", "Name"),
        ("ada@example.org", "English, French", "Berlin, Germany", "whatever", "Ada"),
        ("kofi@example.org", "Twi, English", "Accra, Ghana", "else", "Kofi"),
        ("priya@example.org", "Hindi", "Pune, India", "nothing", "Priya"),
    )
    assert list(found.columns.values()) == ["people.email", "people.languages", "people.place", "", "people.name"]


def test_a_heading_that_its_cells_contradict_is_not_believed(tmp_path: Path) -> None:
    found = guessed(tmp_path, ("Name", "Date", "E-mail"), ("Ada", "soon", "yes"), ("Kofi", "later", "no"))
    assert list(found.columns.values()) == ["people.name", "", ""]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("3/25/2026", "4/3/2026"), "month first"),
        (("25/3/2026", "4/3/2026"), "day first"),
        (("5/3/2026 2:33 PM",), "month first"),
        (("3.4.2026",), "day first"),
        (("2026-03-04",), "day first"),
    ],
)
def test_the_order_of_dates_is_that_of_all_dates_of_the_table(
    tmp_path: Path, cells: tuple[str, ...], order: str
) -> None:
    rows = [(f"Event {number}", cell, "Berlin") for number, cell in enumerate(cells)]
    assert guessed(tmp_path, ("Event", "Date", "City"), *rows).dates == order


def test_one_name_in_two_columns_and_a_last_name_alone(tmp_path: Path) -> None:
    two = guessed(tmp_path, ("Vorname", "Nachname", "E-Mail"), ("Ada", "Lovelace", "ada@example.org"))
    assert list(two.columns.values()) == ["people.first_name", "people.last_name", "people.email"]
    alone = guessed(tmp_path, ("Nom", "Courriel", "Pays"), ("Ada Lovelace", "ada@example.org", "France"))
    assert list(alone.columns.values()) == ["people.name", "people.email", "people.home_country"]


def test_questions_of_a_form_are_understood(tmp_path: Path) -> None:
    found = guessed(
        tmp_path,
        (
            *("Timestamp", "What is the name of the event?", "When does it take place?", "Where does it take place?"),
            *("Online or in person?", "How many people came?", "Did it take place?", "Who organised it?"),
        ),
        ("5/3/2026 14:33:22", "Docs sprint", "5/13/2026", "Berlin, Germany", "In person", "24", "Yes ✔", "Ada, Kofi"),
        ("5/4/2026 9:10:00", "Patch day", "6/1/2026", "Zoom", "Online", "57", "Cancelled", "Grace"),
    )
    assert list(found.columns.values()) == [
        *("", "events.title", "events.starts_on", "events.place"),
        *("events.mode", "events.attendance", "events.status", "participations.organizer"),
    ]


LISTS = {
    "short questions": (
        ("What", "From", "To", "Where", "Attendees", "Type"),
        ("Docs sprint", "2026-05-13", "2026-05-14", "Town hall, Berlin, Germany", "24 people", "Workshop"),
        ("events.title", "events.starts_on", "events.ends_on", "events.place", "events.attendance", "events.format"),
    ),
    "a calendar's export": (
        ("Subject", "Start Date", "End Date", "All Day Event", "Location", "Private"),
        ("Docs sprint", "05/13/2026", "05/13/2026", "False", "Berlin, Germany", "False"),
        ("events.title", "events.starts_on", "events.ends_on", "", "events.place", ""),
    ),
    "estado": (
        ("Título", "Fecha", "Ciudad", "País", "Estado"),
        ("Taller", "13/05/2026", "Bogotá", "Colombia", "Realizado"),
        ("events.title", "events.starts_on", "events.city", "events.country", "events.status"),
    ),
    "what for": (
        ("Submitted", "Name", "What for", "Amount (USD)", "Approved?", "Date Paid"),
        ("5/13/2026", "Ada Lovelace", "Flight", "$1,133.32", "Yes", "5/20/2026"),
        (
            *("funding_requests.requested_on", "people.name", "funding_requests.category"),
            *("funding_requests.requested_amount", "funding_requests.decision", "funding_requests.paid_on"),
        ),
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_as_people_keep_them(tmp_path: Path, name: str) -> None:
    headings, cells, targets = LISTS[name]
    assert tuple(guessed(tmp_path, headings, cells).columns.values()) == targets


def test_where_who_came_has_a_mark_a_blank_cell_means_no(tmp_path: Path) -> None:
    found = guessed(
        tmp_path,
        ("Event", "Name", "Came?"),
        ("Docs sprint", "Ada", "x"),
        ("Docs sprint", "Kofi", ""),
        ("A", "Ada", "x"),
    )
    assert list(found.columns.values()) == ["events.title", "people.name", "participations.attended"]
    assert found.values == {"Came?": {"": "no"}}
    both = guessed(tmp_path, ("Event", "Name", "Came?"), ("A", "Ada", "yes"), ("A", "Kofi", "no"), ("B", "Eve", ""))
    assert both.values == {}


def test_the_first_rows_are_shown_as_they_would_come_in_with_what_is_doubtful(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("Titel der Liste", "", "", "", ""),
        ("Name", "Wo?", "Sprachen", "Mitglied seit", "Geschlecht"),
        ("Ada Lovelace", "London, UK", "Englisch und Französisch", "03.05.2024", "w"),
        ("Kofi Mensah", "Accra", "Twi", "someday", ""),
        ("Priya Nair", "Pune", "Hindi", "04.06.2025", "w"),
    )
    [table] = unmapped([path], SheetMappings(), EUROS.currency)
    shown = first_rows(table.sheet, table.guess, EUROS, TODAY)
    assert shown.tables["people"][0]["home_city"] == "London"
    assert shown.tables["people"][0]["home_country"] == "GB"
    assert shown.tables["people"][0]["languages"] == "en;fr"
    assert shown.tables["person_attributes"][0]["value"] == "w"
    assert [row["started_on"] for row in shown.tables["memberships"]][::2] == ["2024-05-03", "2025-06-04"]
    assert not shown.missing
    [error] = [problem for problem in shown.problems if problem.severity == "error" and problem.table == "memberships"]
    assert (error.line, error.column, error.value) == (4, "Mitglied seit", "someday")


def test_a_list_of_who_took_part_is_told_from_a_list_of_events(tmp_path: Path) -> None:
    rows = [("Docs sprint", "2026-05-03", f"Person {number}", f"p{number}@example.org") for number in range(6)]
    found = guessed(tmp_path, ("Event", "Date", "Name", "E-mail"), *rows)
    assert found.rows_are == "participations"
    rows = [(f"Event {number}", "2026-05-03", "Ada", "ada@example.org") for number in range(6)]
    assert guessed(tmp_path, ("Event", "Date", "Contact", "E-mail"), *rows).rows_are == "events"


def test_what_is_read_for_what_it_is_is_never_guessed(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("event_key,title,starts_on\ne1,Docs,2026-05-03\n")
    (tmp_path / "people.csv").write_text("person_key,name\np1,Ada\n")
    (tmp_path / "counts.csv").write_text("person,date,area,count\np1,2026-05-03,docs,3\n")
    (tmp_path / "readme.txt").write_text("This is a note, and no table.\n")
    assert unmapped([tmp_path], SheetMappings(), EUROS.currency) == []


def test_the_questions_of_a_form_say_what_its_events_are_called(tmp_path: Path) -> None:
    """Nobody is named in such a list, so it is none of people; the heading of a title need say nothing."""
    rows = (
        ("3/5/2026 10:00:00", "Mapping evening", "14/05/2026", "Berlin, Germany", "Yes it did", "25", "German"),
        ("3/5/2026 10:00:00", "Docs sprint", "21/06/2026", "Accra, Ghana", "Yes it did", "30", "English"),
    )
    for called in ("What is it called?", "Wie heißt die Veranstaltung?", "Let us know!"):
        headings = ("Timestamp", called, "When?", "Where?", "Did it take place?", "How many came?", "Language")
        reading = guessed(tmp_path, headings, *rows)
        assert reading.rows_are == "events"
        assert {**reading.columns, "Timestamp": ""} == {
            "Timestamp": "",
            called: "events.title",
            "When?": "events.starts_on",
            "Where?": "events.place",
            "Did it take place?": "events.status",
            "How many came?": "events.attendance",
            "Language": "events.languages",
        }
