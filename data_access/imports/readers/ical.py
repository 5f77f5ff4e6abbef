"""iCalendar files (RFC 5545): each VEVENT becomes an event, whatever is wrong with its neighbours."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

import icalendar
from icalendar.timezone import tzp

from data_access.imports.files import SourceFile
from data_access.imports.readers.opening import as_list, digest, error, filled, head, hint, one_line, slug, whole
from data_access.imports.readers.places import is_online, parse_location
from data_access.imports.rows import Problem, Record, clipped

NAME = "iCalendar"

# This portal writes UTC and labels it with the zone of the place: a 10:00 event in Pune reads 04:30.
_UTC_IN_DISGUISE = "-//reps.mozilla.com events//"
_ESSENTIAL = {"UID", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION"}
_STATUSES = {"CANCELLED": "cancelled", "TENTATIVE": "planned"}


class _Calendar(NamedTuple):
    """What the calendar around an event says about it."""

    file: SourceFile
    product: str = ""
    zone: str = ""
    cancels: bool = False


class _Component(NamedTuple):
    """The unfolded content lines of one VEVENT and the line on which it begins."""

    calendar: _Calendar
    line: int
    text: bytes


class _Found(NamedTuple):
    """An event and how new it is: of several versions the newest counts."""

    version: tuple[int, str]
    record: Record


def recognises(file: SourceFile) -> bool:
    """Whether the ending or the first line says iCalendar."""
    return file.ending in ("ics", "ical", "ifb") or head(file).lstrip()[:15].upper() == "BEGIN:VCALENDAR"


def read(files: Sequence[SourceFile]) -> Iterator[Record | Problem]:
    """Events with local dates, and with local times where the zone is known.

    An event that several files hold (a calendar and its later export) comes once, in its newest version. A repeating
    event comes once too, with a hint: what its rule stands for is not known to have taken place.
    """
    newest: dict[str, _Found] = {}
    for file in files:
        replaced = 0
        for component in _components(file):
            if isinstance(component, Problem):
                yield component
                continue
            for item in _read_component(component):
                if isinstance(item, Problem):
                    yield item
                    continue
                key = item.record.values["event_key"]
                replaced += key in newest
                if key not in newest or newest[key].version <= item.version:
                    newest[key] = item
        if replaced:
            yield hint(
                file,
                None,
                "events",
                "UID",
                "",
                says=f"{replaced:,} of its events were there already under the same UID",
                do="The newest version of each was kept; nothing needs to be done",
            )
    for found in newest.values():
        yield found.record


def _components(file: SourceFile) -> Iterator[_Component | Problem]:
    """The file's VEVENTs, cut out one by one so that a broken one, or a cut-off file, spoils no other.

    Lines are unfolded as bytes: folding may cut a character in two.
    """
    calendar, begun, content, seen_calendar = _Calendar(file), 0, list[bytes](), False
    open_calendars = 0
    for line, raw in _content_lines(whole(file)):
        mark = raw.strip().upper()
        if mark == b"BEGIN:VCALENDAR":
            calendar, seen_calendar, open_calendars = _Calendar(file), True, open_calendars + 1
        elif mark == b"END:VCALENDAR":
            open_calendars -= 1
        if begun and mark in (b"BEGIN:VEVENT", b"END:VCALENDAR"):
            yield _cut_off(file, begun)
            begun = 0
        if mark == b"BEGIN:VEVENT":
            begun, content = line, []
        elif mark == b"END:VEVENT" and not begun:
            says, do = "an event ends here that does not begin (no BEGIN:VEVENT)", "Download the calendar again"
            yield error(file, line, "events", None, "", says=says, do=do)
        if begun:
            content.append(raw)
            if mark == b"END:VEVENT":
                yield _Component(calendar, begun, b"\r\n".join(content))
                begun = 0
        else:
            calendar = _with_property(calendar, raw)
    if begun:
        yield _cut_off(file, begun)
    if not seen_calendar:
        says, do = "the file holds no calendar (no line BEGIN:VCALENDAR)", "Export it again as iCalendar (.ics)"
        yield error(file, 1, "events", None, "", says=says, do=do)
    elif open_calendars > 0:
        says, do = "the calendar does not end; events may be missing", "Download it again"
        yield hint(file, None, "events", None, "", says=says, do=do)


def _content_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Unfolded content lines with the number of their first line, whatever mixture of line ends the file has."""
    parts, first = [b""], 1
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if raw[:1] in (b" ", b"\t"):
            parts.append(raw[1:])
        elif raw:
            yield first, b"".join(parts)
            parts, first = [raw], number
    yield first, b"".join(parts)


def _with_property(calendar: _Calendar, raw: bytes) -> _Calendar:
    name, _, value = raw.decode("utf-8", errors="replace").partition(":")
    match name.partition(";")[0].upper():
        case "PRODID":
            return calendar._replace(product=value.strip())
        case "X-WR-TIMEZONE":
            return calendar._replace(zone=value.strip())
        case "METHOD":
            return calendar._replace(cancels=value.strip().upper() == "CANCEL")
    return calendar


def _cut_off(file: SourceFile, line: int) -> Problem:
    says, do = "the event that begins here does not end (no END:VEVENT)", "Download the calendar again"
    return error(file, line, "events", None, "", says=says, do=do)


def _read_component(component: _Component) -> Iterator[_Found | Problem]:
    calendar, line, _ = component
    file = calendar.file
    try:
        event = _parsed(component.text)
        values, problems = _values(event, component)
        version = (_whole_number(_text(event, "SEQUENCE")), _text(event, "LAST-MODIFIED") or _text(event, "DTSTAMP"))
    # What the parser raises for hostile text is its own affair and of many kinds; it is about this event only.
    except Exception as cause:
        says = f"the event cannot be read ({clipped(str(cause))})"
        do = "Mend it in the program that it comes from and export it again"
        yield error(file, line, "events", None, "", says=says, do=do)
        return
    yield from problems
    yield _Found(version, Record("events", values, file.name, line))


def _parsed(text: bytes) -> icalendar.Event:
    """The event without those of its properties that cannot be read; its time and identity must be readable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # icalendar's guesses at zone names; they are good ones
        event = icalendar.Event.from_ical(text.decode("utf-8"))
    if not isinstance(event, icalendar.Event):
        raise TypeError("it is no event")
    for name, message in event.errors:
        if name in _ESSENTIAL:
            raise ValueError(f"{name}: {message}")
        if name in event:
            del event[name]
    return event


def _values(event: icalendar.Event, component: _Component) -> tuple[dict[str, str], list[Problem]]:
    calendar = component.calendar
    title = one_line(html.unescape(_text(event, "SUMMARY")))
    times, problems = _times(event, component)
    key = one_line(_text(event, "UID")) or "-".join(
        part for part in (slug(title), digest(title, times.get("starts_at", times.get("starts_on", "")))) if part
    )
    instance = _moment(event, "RECURRENCE-ID", calendar)
    if instance is not None:
        key = f"{key}@{instance.isoformat()}"
    if "RRULE" in event or "RDATE" in event:
        problems.append(
            hint(
                calendar.file,
                component.line,
                "events",
                "RRULE",
                title,
                says="the event repeats; only its first date was taken",
                do="Give each date that took place an event of its own",
            )
        )
    status = "cancelled" if calendar.cancels else _STATUSES.get(_text(event, "STATUS").strip().upper(), "")
    latitude, longitude = _point(event)
    return (
        filled(
            event_key=key,
            title=title,
            **times,
            status=status,
            **_place(event),
            latitude=latitude,
            longitude=longitude,
            topics=as_list(_categories(event)),
            url=one_line(_text(event, "URL")),
        ),
        problems,
    )


def _times(event: icalendar.Event, component: _Component) -> tuple[dict[str, str], list[Problem]]:
    """Local dates; times with their offset where the zone is known. The end of an all-day event is exclusive."""
    calendar = component.calendar
    start, end = _moment(event, "DTSTART", calendar), _moment(event, "DTEND", calendar)
    duration = getattr(event.get("DURATION"), "dt", None)
    if start is not None and end is None and isinstance(duration, timedelta):
        end = start + duration
    if start is None:
        return {}, []
    times = {"starts_on": _day(start).isoformat()}
    if end is not None:
        last = end
        # Half-open: an event until midnight does not reach into the day that begins then.
        if not isinstance(end, datetime) or (end.hour, end.minute, end.second) == (0, 0, 0):
            last = end - timedelta(days=1)
        times["ends_on"] = (
            max(_day(last), _day(start)).isoformat() if _day(end) >= _day(start) else _day(end).isoformat()
        )
    problems = []
    for name, moment in (("starts_at", start), ("ends_at", end)):
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            times[name] = moment.isoformat()
    zone = getattr(event.get("DTSTART"), "params", {}).get("TZID")
    if zone and "starts_at" not in times:
        says, do = (
            "this time zone is not known; the date was taken as it stands, without the time",
            "Use an IANA zone name",
        )
        problems.append(hint(calendar.file, component.line, "events", "DTSTART", str(zone), says=says, do=do))
    return times, problems


def _moment(event: icalendar.Event, name: str, calendar: _Calendar) -> datetime | date | None:
    """The property's date, or its time in the zone of the place."""
    prop = event.get(name)
    moment = getattr(prop, "dt", None)
    if not isinstance(moment, datetime):
        return moment if isinstance(moment, date) else None
    label = str(prop.params.get("TZID", "")) if prop is not None else ""
    if calendar.product.casefold() == _UTC_IN_DISGUISE:
        as_utc = moment.replace(tzinfo=UTC)
        return as_utc.astimezone(moment.tzinfo) if label and moment.tzinfo else as_utc
    if not label and moment.tzinfo is not None:
        return moment.astimezone(_zone(calendar.zone) or UTC)
    return moment


def _zone(name: str) -> tzinfo | None:
    return tzp.timezone(name) if name else None


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _place(event: icalendar.Event) -> dict[str, str]:
    location = one_line(html.unescape(_text(event, "LOCATION")))
    if is_online(location) or re.fullmatch(r"https?://\S+", location):
        return {"mode": "online"}
    return parse_location(location, one_line(_text(event, "X-COUNTRY-CODE")).upper())


def _point(event: icalendar.Event) -> tuple[str, str]:
    latitude, longitude = _text(event, "X-COORDINATES-LAT").strip(), _text(event, "X-COORDINATES-LON").strip()
    if latitude and longitude:
        return latitude, longitude
    geo = event.get("GEO")
    if geo is None or not hasattr(geo, "latitude"):
        return "", ""
    return str(geo.latitude), str(geo.longitude)


def _categories(event: icalendar.Event) -> list[str]:
    found = event.get("CATEGORIES", [])
    groups = found if isinstance(found, list) else [found]
    return [one_line(html.unescape(str(text))) for group in groups for text in getattr(group, "cats", ())]


def _text(event: icalendar.Event, name: str) -> str:
    """A property as text; of one that is wrongly repeated the first."""
    value = event.get(name, "")
    if isinstance(value, list):
        value = value[0] if value else ""
    plain = getattr(value, "dt", value)
    return plain.isoformat() if isinstance(plain, date) else str(plain)


def _whole_number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0
