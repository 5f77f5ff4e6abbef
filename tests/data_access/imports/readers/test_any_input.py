"""Whatever bytes come in, a reader yields records and problems or refuses the file; nothing else ever comes out."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_access.contract.tables import TABLES
from data_access.imports.files import SourceFile
from data_access.imports.readers import READERS, detect
from data_access.imports.rows import ImportRefused, Problem, Record
from tests.data_access.imports.readers.conftest import MakeSource

ENDINGS = {"iCalendar": "ics", "confs.tech": "json"}
every_reader = pytest.mark.parametrize("name", READERS)

CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["2019-05-01", "9999-12-31T23:59:59+00:00", "0001-01-01", "PT1H", "P9999DT9999H", "online", "PAST",
                     "$1", "1.133,32 USD", "12 May", "29 Feb", "31 Dec - 1 Jan", "2019.md", "Berlin, CA", "a;b", '"',
                     "reimbursed", "1e999", "nan", "-8.5211", "٣", "²", "0000-00-00"]),
)  # fmt: skip
COLUMNS = {
    "confs.tech": "name,startDate,endDate,city,country,online,locales,topic,url",
    "pyvideo": "event_slug,event_title,file,title,speakers,language,recorded,url",
    "Meetup": "event_id,chapter,chapter_name,title,status,date_time,duration,rsvp_yes,format,venue,city,country,"
    "lat,lon",
    "travel fund": "source,row,member_id,event,location,travel_dates,requested_raw,requested,requested_cur,pr_date_raw,"
    "expense_raw,approved_date_raw,approved_raw,approved,approved_cur,status",
    "dated contributions": "person,date,area,count,project",
}
LINES = st.sampled_from(
    ["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "UID:1", "UID:",
     "PRODID:-//reps.mozilla.com Events//", "X-WR-TIMEZONE:Asia/Tokyo", "X-WR-TIMEZONE:../..", "METHOD:CANCEL",
     "DTSTART:20190501T000000", "DTSTART;TZID=Asia/Kolkata:00010101T000000", "DTSTART;VALUE=DATE:00010101",
     "DTSTART;TZID=Asia/Tokyo:99991231T235959", "DTSTART;VALUE=PERIOD:20190501T000000Z/PT1H", "DTSTART:120000",
     "DTEND;VALUE=DATE:00010101", "DTEND:20190501", "DURATION:P99999999D", "DURATION:-P1D", "RRULE:FREQ=DAILY",
     "RDATE:20190501", "RECURRENCE-ID:x", "RECURRENCE-ID:99991231T235959Z", "GEO:1", "GEO:1;2", "GEO:nan;inf",
     "SUMMARY;LANGUAGE=de:&#xD800;&amp;", "CATEGORIES:a,b", "CATEGORIES:", "LOCATION:a\\, b\\, TBD", "LOCATION:,,,",
     "X-COUNTRY-CODE:de", "SEQUENCE:9", "SEQUENCE:x", "DTSTAMP:x", "STATUS:CANCELLED", "STATUS:", ";:", ":", "A", " x"]
)  # fmt: skip


def everything(name: str, file: SourceFile) -> list[Record | Problem]:
    """All that the reader yields, checked to be what may come out; nothing when it refuses the file."""
    items = []
    try:
        for item in READERS[name].read([file]):
            items.append(item)
            if isinstance(item, Record):
                assert set(item.values) <= set(TABLES[item.table].column_names)
                assert all(isinstance(value, str) and value.encode() is not None for value in item.values.values())
                assert item.file == file.name
            else:
                assert isinstance(item, Problem)
                assert item.problem
                assert item.remedy
                assert item.severity in ("error", "hint")
    except ImportRefused as refusal:
        assert file.name in str(refusal)  # noqa: PT017  # a refusal is allowed, and must say which file
    return items


@every_reader
@given(content=st.binary(max_size=2000))
@example(content=b"\x1f\x8b\x08\x00")
@example(content=b"\xff\xfea\x00")
def test_any_bytes_are_read_or_refused(name: str, source: MakeSource, content: bytes) -> None:
    file = source(f"x.{ENDINGS.get(name, 'csv')}", content)
    assert len(detect([file]).unrecognised) in (0, 1)
    everything(name, file)


@pytest.mark.parametrize("name", COLUMNS)
@settings(deadline=None)
@given(data=st.data())
def test_any_cells_under_the_right_header_are_read(name: str, source: MakeSource, data: st.DataObject) -> None:
    header = COLUMNS[name]
    width = header.count(",") + 1
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5))
    text = "\n".join([header, *(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)])
    file = source("x.csv", text.encode(errors="replace"))
    items = everything(name, file)
    assert sum(isinstance(item, Record) for item in items) <= 40 * len(rows) + 1


@pytest.mark.parametrize("name", COLUMNS)
@given(rows=st.text(max_size=400))
def test_any_text_under_the_right_header_is_read_or_refused(name: str, source: MakeSource, rows: str) -> None:
    file = source("x.csv", f"{COLUMNS[name]}\n{rows}".encode(errors="replace"))
    lines = [item.line for item in everything(name, file) if item.line is not None]
    assert all(line >= 1 for line in lines)


@settings(deadline=None)
@given(
    lines=st.lists(st.one_of(LINES, LINES, LINES, st.text(max_size=20)), max_size=30),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_any_lines_of_a_calendar_are_read(source: MakeSource, lines: list[str], ending: str) -> None:
    file = source("x.ics", ending.join(["BEGIN:VCALENDAR", *lines]).encode(errors="replace"))
    events = [item for item in everything("iCalendar", file) if isinstance(item, Record)]
    assert len(events) <= lines.count("BEGIN:VEVENT")


@settings(deadline=None)
@given(lines=st.lists(LINES.filter(lambda line: "VEVENT" not in line and "VCAL" not in line), max_size=12))
@example(["DTSTART:20190501T000000", "RRULE:FREQ=DAILY", "RECURRENCE-ID:99991231T235959Z"])
def test_any_properties_of_an_event_are_read(source: MakeSource, lines: list[str]) -> None:
    text = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    items = everything("iCalendar", source("x.ics", text))
    assert items


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
FIELDS = st.sampled_from(["name", "startDate", "endDate", "city", "country", "online", "locales", "url", "topic"])


@settings(deadline=None)
@given(listing=st.lists(st.one_of(VALUES, st.dictionaries(FIELDS, VALUES)), max_size=5), cut=st.integers(0, 5))
def test_any_json_is_read_even_when_it_is_cut_off(source: MakeSource, listing: list[object], cut: int) -> None:
    text = json.dumps(listing)
    items = everything("confs.tech", source("x.json", text[: len(text) - cut]))
    assert len(items) <= len(listing) + 1 + 2 * len(listing)
