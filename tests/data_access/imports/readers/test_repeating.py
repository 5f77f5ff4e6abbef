"""Repeating events come as the dates that they stand for, up to a year ahead and never without end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.imports.readers import ical
from tests.data_access.imports.readers.conftest import Outcome, outcome_of, source_file

AS_OF = date(2026, 8, 23)


def event(*lines: str, uid: str = "u") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Meetup", *lines, "END:VEVENT"])


def read(*events: str) -> Outcome:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""])
    return outcome_of(ical.read([source_file("calendar.ics", text)], AS_OF))


def days(outcome: Outcome) -> list[str]:
    return sorted(values["starts_on"] for values in outcome.values("events"))


def test_a_rule_becomes_its_dates_without_those_taken_out_and_with_those_added() -> None:
    """Four Thursdays but the second, and a Saturday; each with a key of its own."""
    outcome = read(
        event(
            "DTSTART;TZID=Europe/Berlin:20260108T180000",
            "DTEND;TZID=Europe/Berlin:20260108T200000",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            "EXDATE;TZID=Europe/Berlin:20260115T180000",
            "RDATE;TZID=Europe/Berlin:20260131T180000",
        )
    )
    assert days(outcome) == ["2026-01-08", "2026-01-22", "2026-01-29", "2026-01-31"]
    assert len({values["event_key"] for values in outcome.values("events")}) == 4
    assert all(values["ends_on"] == values["starts_on"] for values in outcome.values("events"))
    assert outcome.hints == []


@pytest.mark.parametrize("original", ["TZID=Europe/Berlin:20260115T180000", "VALUE=DATE-TIME:20260115T170000Z"])
def test_a_moved_instance_stays_one_whatever_zone_names_its_original_start(original: str) -> None:
    """Moved from the Thursday to the Friday: two events, and the key of the moved one as if it had stayed."""
    rule = ("DTSTART;TZID=Europe/Berlin:20260108T180000", "RRULE:FREQ=WEEKLY;COUNT=2")
    moved = event(f"RECURRENCE-ID;{original}", "DTSTART;TZID=Europe/Berlin:20260116T180000")
    outcome = read(event(*rule), moved)
    assert days(outcome) == ["2026-01-08", "2026-01-16"]
    keys = {values["event_key"] for values in outcome.values("events")}
    assert keys == {values["event_key"] for values in read(event(*rule)).values("events")}


def test_a_moved_instance_alone_is_an_event() -> None:
    """A calendar may hold only the change."""
    assert days(read(event("RECURRENCE-ID:20260115T170000Z", "DTSTART:20260116T170000Z"))) == ["2026-01-16"]


def test_a_rule_without_end_ends_a_year_after_the_day() -> None:
    """Weekly since 1 August 2026, seen on 23 August 2026: 4 past dates, and 52 of the year ahead."""
    found = days(read(event("DTSTART;VALUE=DATE:20260801", "RRULE:FREQ=WEEKLY")))
    past = [day for day in found if day <= AS_OF.isoformat()]
    assert (len(past), len(found), found[-1]) == (4, 56, "2027-08-21")


def test_a_rule_that_began_long_ago_says_which_dates_were_left_out() -> None:
    """Two decades are kept."""
    outcome = read(event("DTSTART;VALUE=DATE:19900101", "RRULE:FREQ=MONTHLY"))
    assert (len(days(outcome)), days(outcome)[0]) == (21 * 12, "2006-09-01")
    assert "were left out" in outcome.hints[0].problem


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=100000000",
        "FREQ=DAILY;BYSECOND=0,1,2,3,4,5",
        "FREQ=NONSENSE",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "",
    ],
)
def test_a_rule_that_is_too_fine_or_wrong_costs_nothing_but_its_dates(rule: str) -> None:
    """The first date comes, and where the rule was not worked out that is said."""
    outcome = read(event("DTSTART:20260501T180000Z", f"RRULE:{rule}"), event("DTSTART:20260601T180000Z", uid="v"))
    assert days(outcome) == ["2026-05-01", "2026-06-01"]
    assert outcome.errors == []


def test_series_that_share_a_uid_do_not_swallow_each_other() -> None:
    """Some programs give all their events one UID."""
    first = event("DTSTART:20260501T180000Z", "RRULE:FREQ=DAILY;COUNT=2")
    second = event("DTSTART:20260601T180000Z", "RRULE:FREQ=DAILY;COUNT=2")
    assert days(read(first, second)) == ["2026-05-01", "2026-05-02", "2026-06-01", "2026-06-02"]


def test_what_is_wrong_with_a_series_is_said_once() -> None:
    """Not for each of its dates."""
    text = event("DTSTART;VALUE=DATE:20260801", "RRULE:FREQ=WEEKLY").replace("SUMMARY:Meetup\r\n", "")
    outcome = read(text)
    assert (len(days(outcome)), [hint.column for hint in outcome.hints]) == (56, ["SUMMARY"])


@given(
    st.dates(date(2024, 1, 1), date(2026, 8, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    st.integers(1, 4),
    st.integers(1, 30),
    st.sets(st.integers(0, 29), max_size=5),
)
def test_weekly_dates_are_those_that_a_calendar_shows(
    day: date, zone: str, interval: int, count: int, without: set[int]
) -> None:
    """Across changes of summer time the hour on the wall stays, and so does the weekday."""
    shown = [day + timedelta(weeks=interval * number) for number in range(count)]
    left_out = [shown[number] for number in without if number < count]
    lines = [f"EXDATE;TZID={zone}:{day:%Y%m%d}T120000" for day in left_out]
    rule = f"RRULE:FREQ=WEEKLY;INTERVAL={interval};COUNT={count}"
    outcome = read(event(f"DTSTART;TZID={zone}:{day:%Y%m%d}T120000", rule, *lines))
    noon = time(12, tzinfo=ZoneInfo(zone))
    expected = [each for each in shown if each not in left_out and each <= AS_OF + timedelta(days=365)]
    starts = [datetime.combine(each, noon).isoformat() for each in expected]
    assert sorted(values["starts_at"] for values in outcome.values("events")) == sorted(starts)
