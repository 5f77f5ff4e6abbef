"""iCalendar: each event for itself, in local time."""

from __future__ import annotations

from typing import Protocol

import pytest

from data_access.imports.readers import ical
from tests.data_access.imports.readers.conftest import MakeSource, Outcome, Read


def calendar(*components: str, head: str = "PRODID:-//test//", end: str = "END:VCALENDAR") -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *components, end])


def event(*lines: str, uid: str = "UID:1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", *([uid] if uid else []), *lines, "END:VEVENT"])


class EventsOf(Protocol):
    def __call__(self, *components: str, head: str = ..., end: str = ...) -> Outcome: ...


@pytest.fixture
def events_of(read: Read) -> EventsOf:
    """The events of a calendar that holds the given components, and what was wrong."""
    return lambda *components, **more: read(ical, ("calendar.ics", calendar(*components, **more)))


def only(outcome: Outcome) -> dict[str, str]:
    return outcome.only("events")


def test_a_time_with_a_zone_keeps_its_local_date_and_its_offset(events_of: EventsOf) -> None:
    found = only(events_of(event("DTSTART;TZID=Asia/Tokyo:20190501T003000", "DTEND;TZID=Asia/Tokyo:20190501T020000")))
    assert (found["starts_on"], found["starts_at"]) == ("2019-05-01", "2019-05-01T00:30:00+09:00")
    assert (found["ends_on"], found["ends_at"]) == ("2019-05-01", "2019-05-01T02:00:00+09:00")


def test_a_time_in_utc_is_brought_to_the_calendars_own_zone(events_of: EventsOf) -> None:
    found = only(events_of(event("DTSTART:20190430T153000Z"), head="X-WR-TIMEZONE:Asia/Tokyo"))
    assert (found["starts_on"], found["starts_at"]) == ("2019-05-01", "2019-05-01T00:30:00+09:00")


def test_the_reps_portal_writes_utc_under_a_local_label(events_of: EventsOf) -> None:
    found = only(
        events_of(event("DTSTART;TZID=Asia/Kolkata:20141012T043000"), head="PRODID:-//reps.mozilla.com Events//")
    )
    assert found["starts_at"] == "2014-10-12T10:00:00+05:30"


def test_a_time_without_a_zone_has_a_date_and_no_offset(events_of: EventsOf) -> None:
    found = only(events_of(event("DTSTART:20190501T183000")))
    assert found["starts_on"] == "2019-05-01"
    assert "starts_at" not in found


def test_an_unknown_zone_costs_the_time_and_not_the_event(events_of: EventsOf) -> None:
    outcome = events_of(event("SUMMARY:Party", "DTSTART;TZID=Middle-earth/Shire:20190501T183000"))
    assert only(outcome)["starts_on"] == "2019-05-01"
    assert [(hint.value, hint.severity) for hint in outcome.hints] == [("Middle-earth/Shire", "hint")]


@pytest.mark.parametrize(
    ("lines", "last_day"),
    [
        (("DTSTART;VALUE=DATE:20190501", "DTEND;VALUE=DATE:20190502"), "2019-05-01"),
        (("DTSTART;VALUE=DATE:20190501", "DTEND;VALUE=DATE:20190504"), "2019-05-03"),
        (("DTSTART;VALUE=DATE:20190501", "DTEND;VALUE=DATE:20190501"), "2019-05-01"),
        (("DTSTART;VALUE=DATE:20190501", "DURATION:P2D"), "2019-05-02"),
        (("DTSTART;VALUE=DATE:20190501",), None),
        (("DTSTART:20190501T200000Z", "DTEND:20190502T000000Z"), "2019-05-01"),
        (("DTSTART:20190501T200000Z", "DURATION:PT5H"), "2019-05-02"),
        (("DTSTART:20190501T200000Z", "DTEND:20190430T200000Z"), "2019-04-30"),
    ],
)
def test_the_last_day_is_the_last_one_on_which_something_happens(
    lines: tuple[str, ...], last_day: str | None, events_of: EventsOf
) -> None:
    assert only(events_of(event(*lines))).get("ends_on") == last_day


def test_text_is_unfolded_unescaped_and_freed_of_html_entities_and_stays_text(events_of: EventsOf) -> None:
    found = only(
        events_of(
            event(
                "SUMMARY:Q&amp\\;A\\, &lt;img src=x onerror", " =alert(1)&gt; =HYPERLINK", "DTSTART;VALUE=DATE:20190501"
            )
        )
    )
    assert found["title"] == "Q&A, <img src=x onerror=alert(1)> =HYPERLINK"


def test_a_character_that_folding_cut_in_two_is_whole_again(read: Read) -> None:
    text = calendar(event("SUMMARY:Zürich", "DTSTART;VALUE=DATE:20190501")).encode()
    cut = text.replace("ü".encode(), "ü".encode()[:1] + b"\r\n " + "ü".encode()[1:])
    assert only(read(ical, ("calendar.ics", cut)))["title"] == "Zürich"


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_any_line_end_will_do_and_lines_are_counted_right(ending: str, read: Read) -> None:
    text = calendar(event("SUMMARY:A", "DTSTART;VALUE=DATE:20190501"), event("SUMMARY:B", "DTSTART:2019", uid="UID:2"))
    outcome = read(ical, ("calendar.ics", "\ufeff" + text.replace("\r\n", ending)))
    assert [record.line for record in outcome.records["events"]] == [4]
    assert [problem.line for problem in outcome.errors] == [9]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Kino\\, Berlin\\, Germany", {"venue": "Kino", "city": "Berlin", "country": "Germany"}),
        (
            "Liip\\, Street 183\\, 8005 Zürich\\, Switzerland",
            {"venue": "Liip, Street 183", "city": "Zürich", "country": "Switzerland"},
        ),
        (
            "747 Howard St\\, San Francisco\\, CA 94103\\, USA",
            {"venue": "747 Howard St", "city": "San Francisco", "state": "CA", "country": "USA"},
        ),
        ("Room 5\\, Building 3", {"venue": "Room 5, Building 3"}),
        ("KIKA\\, Skopje\\, North Macedonia", {"venue": "KIKA", "city": "Skopje", "country": "North Macedonia"}),
        ("TBD", {}),
        ("TBA\\, Pune\\, India", {"city": "Pune", "country": "India"}),
        ("Online", {"mode": "online"}),
        ("https://meet.example/x", {"mode": "online"}),
        ("", {}),
    ],
)
def test_a_location_is_split_only_as_far_as_it_names_a_country(
    location: str, expected: dict[str, str], events_of: EventsOf
) -> None:
    found = only(events_of(event("DTSTART;VALUE=DATE:20190501", f"LOCATION:{location}")))
    place = {name: found[name] for name in ("mode", "venue", "city", "state", "country") if name in found}
    assert place == expected


def test_a_country_code_says_that_the_location_ends_in_a_country_whatever_its_name(events_of: EventsOf) -> None:
    found = only(
        events_of(
            event(
                "DTSTART;VALUE=DATE:20190501", "LOCATION:KIKA\\, Skopje\\, Macedonia\\, F.Y.R. of", "X-COUNTRY-CODE:mk"
            )
        )
    )
    assert (found["venue"], found["city"], found["country"]) == ("KIKA", "Skopje", "MK")


def test_points_come_from_geo_or_from_the_portals_own_properties(events_of: EventsOf) -> None:
    geo = only(events_of(event("DTSTART;VALUE=DATE:20190501", "GEO:52.5;13.4")))
    own = only(events_of(event("DTSTART;VALUE=DATE:20190501", "X-COORDINATES-LAT:52.5", "X-COORDINATES-LON:13.4")))
    assert (geo["latitude"], geo["longitude"]) == (own["latitude"], own["longitude"]) == ("52.5", "13.4")


@pytest.mark.parametrize(
    ("line", "status"), [("CANCELLED", "cancelled"), ("TENTATIVE", "planned"), ("CONFIRMED", None)]
)
def test_the_status_is_taken_where_it_says_more_than_the_date(
    line: str, status: str | None, events_of: EventsOf
) -> None:
    assert only(events_of(event("DTSTART;VALUE=DATE:20190501", f"STATUS:{line}"))).get("status") == status


def test_a_calendar_that_cancels_cancels_its_events(events_of: EventsOf) -> None:
    assert only(events_of(event("DTSTART;VALUE=DATE:20190501"), head="METHOD:CANCEL"))["status"] == "cancelled"


def test_categories_are_topics_and_cannot_break_the_list(events_of: EventsOf) -> None:
    found = only(events_of(event("DTSTART;VALUE=DATE:20190501", "CATEGORIES:web,a\\;b", "CATEGORIES:qa")))
    assert found["topics"] == "web;a,b;qa"


def test_an_event_without_a_uid_has_the_same_key_every_time_and_another_event_another(events_of: EventsOf) -> None:
    first, again, other = (
        only(events_of(event(f"SUMMARY:{title}", "DTSTART;VALUE=DATE:20190501", uid="")))["event_key"]
        for title in ("Meetup", "Meetup", "Summit")
    )
    assert first == again != other


def test_of_two_versions_the_higher_sequence_counts_wherever_it_stands(read: Read) -> None:
    new = calendar(event("SUMMARY:New", "DTSTART;VALUE=DATE:20190501", "SEQUENCE:2"))
    old = calendar(event("SUMMARY:Old", "DTSTART;VALUE=DATE:20190501", "SEQUENCE:1"))
    for files in ((("a.ics", new), ("b.ics", old)), (("a.ics", old), ("b.ics", new))):
        outcome = read(ical, *files)
        assert only(outcome)["title"] == "New"
        assert len(outcome.hints) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:yesterday\r\nEND:VEVENT",
        "BEGIN:VEVENT\r\nUID:x\r\nthis is no content line\r\nDTSTART;VALUE=DATE:20190501\r\nEND:VALARM\r\nEND:VEVENT",
        "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20190501T000000",
        "BEGIN:VEVENT\r\nUID:x\r\nDTSTART;TZID=../../etc/passwd:99990101T000000\r\nDTEND:99991231T235959Z\r\nEND:VEVENT",
        "BEGIN:VTIMEZONE\r\nTZID:Evil\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD",
    ],
)
def test_a_broken_component_spoils_neither_neighbour(broken: str, events_of: EventsOf) -> None:
    outcome = events_of(
        event("SUMMARY:Before", "DTSTART;VALUE=DATE:20190501", uid="UID:before"),
        broken,
        event("SUMMARY:After", "DTSTART;VALUE=DATE:20190502", uid="UID:after"),
    )
    titles = {values.get("title") for values in outcome.values("events")}
    assert {"Before", "After"} <= titles


@pytest.mark.parametrize("line", ["SEQUENCE:x", "DTSTAMP:x", "GEO:nowhere", "LAST-MODIFIED:x"])
def test_a_property_that_cannot_be_read_and_does_not_matter_costs_only_itself(line: str, events_of: EventsOf) -> None:
    outcome = events_of(event("SUMMARY:A", "DTSTART;VALUE=DATE:20190501", line))
    assert only(outcome) == {"event_key": "1", "title": "A", "starts_on": "2019-05-01"}
    assert not outcome.errors


def test_an_end_without_a_beginning_is_an_error_where_it_stands(events_of: EventsOf) -> None:
    outcome = events_of("BEGIN:VEVENT", " X", "SUMMARY:A", "END:VEVENT")
    assert [problem.line for problem in outcome.errors] == [7]


def test_a_calendar_that_is_cut_off_gives_its_whole_events_and_says_where_it_breaks(read: Read) -> None:
    text = calendar(
        event("DTSTART;VALUE=DATE:20190501"), event("SUMMARY:Lost", "DTSTART;VALUE=DATE:20190501", uid="UID:2")
    )
    outcome = read(ical, ("calendar.ics", text[: text.index("Lost")]))
    assert len(outcome.values("events")) == 1
    assert [(problem.line, problem.severity) for problem in outcome.errors] == [(8, "error")]
    assert "does not end" in outcome.hints[0].problem


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-16", "utf-16-le"])
def test_a_calendar_in_another_encoding_is_read_and_shown(encoding: str, read: Read) -> None:
    text = calendar(event("SUMMARY:Größe zählt in Zürich", "DTSTART;VALUE=DATE:20190501"))
    outcome = read(ical, ("calendar.ics", text.encode(encoding)))
    assert only(outcome)["title"] == "Größe zählt in Zürich"
    assert ["Zürich" in hint.value for hint in outcome.hints] == [True]


@pytest.mark.parametrize("content", ["", "nonsense", "a,b\n1,2\n", b"\xff\xfe\x00", b"\0" * 100])
def test_a_file_without_a_calendar_says_so(content: str | bytes, read: Read) -> None:
    outcome = read(ical, ("calendar.ics", content))
    assert not outcome.records
    assert "no calendar" in outcome.errors[0].problem


def test_a_calendar_is_recognised_by_its_ending_or_its_first_line(source: MakeSource) -> None:
    assert ical.recognises(source("x.ics", ""))
    assert ical.recognises(source("export", "BEGIN:VCALENDAR\n"))
    assert not ical.recognises(source("x.csv", "a,b\n"))


def test_one_uid_with_three_starts_is_three_events_with_keys_that_stay(read: Read) -> None:
    slots = [event("SUMMARY:Lantern workshop", f"DTSTART;TZID=Europe/London:2026071{day}T193000") for day in (6, 7, 8)]
    outcome = read(ical, ("festival.ics", calendar(*slots)))
    assert [found["starts_on"] for found in outcome.values("events")] == ["2026-07-16", "2026-07-17", "2026-07-18"]
    later = read(ical, ("festival.ics", calendar(*slots[1:])))
    keys = [found["event_key"] for found in outcome.values("events")]
    assert [found["event_key"] for found in later.values("events")] == keys[1:]
    both = read(ical, ("a.ics", calendar(*slots)), ("b.ics", calendar(*slots[1:])))
    assert sorted(found["event_key"] for found in both.values("events")) == sorted(keys)


@pytest.mark.parametrize("version", [("SEQUENCE:1", "DTSTAMP:20260201T000000Z"), ("DTSTAMP:20260201T000000Z",), ()])
def test_an_event_that_moved_between_two_exports_is_one_on_its_new_day(version: tuple[str, ...], read: Read) -> None:
    old = calendar(event("SUMMARY:Town hall", "DTSTART;VALUE=DATE:20260301"))
    new = calendar(event("SUMMARY:Town hall", "DTSTART;VALUE=DATE:20260308", *version))
    found = only(read(ical, ("1_old.ics", old), ("2_new.ics", new)))
    assert (found["event_key"], found["starts_on"]) == ("1", "2026-03-08")


def test_two_calendars_that_number_their_events_alike_lose_none(read: Read) -> None:
    one = calendar(event("SUMMARY:Town hall", "DTSTART;VALUE=DATE:20260301", "LOCATION:Gent\\, Belgium"))
    two = calendar(event("SUMMARY:Code club", "DTSTART;VALUE=DATE:20260308", "LOCATION:Lagos\\, Nigeria"))
    outcome = read(ical, ("one.ics", one), ("two.ics", two))
    assert {found["title"] for found in outcome.values("events")} == {"Town hall", "Code club"}


def test_without_a_uid_title_start_and_place_together_say_which_event_it_is(events_of: EventsOf) -> None:
    lines = ("SUMMARY:Code club", "DTSTART:20260301T180000")
    outcome = events_of(
        event(*lines, "LOCATION:Gent\\, Belgium", uid=""),
        event(*lines, "LOCATION:Gent\\, Belgium", uid=""),
        event(*lines, "LOCATION:Lagos\\, Nigeria", uid=""),
        event("SUMMARY:Code club", "DTSTART:20260301T200000", "LOCATION:Gent\\, Belgium", uid=""),
    )
    assert len(outcome.values("events")) == 3


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        # An instant in UTC, in the organiser's zone, and with a point alone.
        (("DTSTART:20260401T013000Z", "LOCATION:San Francisco\\, CA"), "2026-03-31", "2026-03-31T18:30:00-07:00"),
        (("DTSTART:20260630T223000Z", "LOCATION:Auckland\\, New Zealand"), "2026-07-01", "2026-07-01T10:30:00+12:00"),
        (
            ("DTSTART;TZID=US/Eastern:20260401T013000", "LOCATION:Portland\\, OR"),
            "2026-03-31",
            "2026-03-31T22:30:00-07:00",
        ),
        (("DTSTART:20260401T013000Z", "GEO:37.77;-122.42"), "2026-03-31", "2026-03-31T18:30:00-07:00"),
        # Online there is no place; whole days and times without a zone stay as they are.
        (("DTSTART:20260401T013000Z", "LOCATION:Zoom"), "2026-04-01", "2026-04-01T01:30:00+00:00"),
        (("DTSTART;VALUE=DATE:20260401", "LOCATION:Auckland\\, New Zealand"), "2026-04-01", None),
        (("DTSTART:20260401T013000", "LOCATION:San Francisco\\, CA"), "2026-04-01", None),
    ],
)
def test_an_instant_belongs_to_the_day_at_the_place(
    lines: tuple[str, ...], first: str, last: str | None, events_of: EventsOf
) -> None:
    found = only(events_of(event("SUMMARY:Evening", *lines)))
    assert (found["starts_on"], found.get("starts_at")) == (first, last)


def test_a_place_in_which_no_town_is_found_is_said(events_of: EventsOf) -> None:
    outcome = events_of(event("SUMMARY:Evening", "DTSTART;VALUE=DATE:20260401", "LOCATION:Room 5\\, Building 3"))
    assert [(hint.column, hint.problem) for hint in outcome.hints] == [("LOCATION", "no town was found in this text")]
