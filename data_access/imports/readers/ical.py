"""iCalendar files (RFC 5545): each VEVENT becomes an event, whatever is wrong with its neighbours."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

import icalendar
from icalendar.timezone import tzp

from data_access.imports.files import SourceFile
from data_access.imports.readers.occurrences import Occurrence, Occurrences
from data_access.imports.readers.opening import as_list, digest, error, filled, folded, head, hint, one_line, slug
from data_access.imports.readers.places import ReadPlace, read_place, timezone_at
from data_access.imports.readers.repeating import one_by_one
from data_access.imports.readers.vevents import Calendar, Component, components
from data_access.imports.rows import Problem, Record, clipped

NAME = "iCalendar"
# What the contract's columns are called here.
COLUMNS = {
    "event_key": "UID",
    "title": "SUMMARY",
    **dict.fromkeys(("starts_on", "starts_at"), "DTSTART"),
    **dict.fromkeys(("ends_on", "ends_at"), "DTEND"),
    **dict.fromkeys(("venue", "city", "state", "country", "mode"), "LOCATION"),
    **dict.fromkeys(("latitude", "longitude"), "GEO"),
    "topics": "CATEGORIES",
    "url": "URL",
    "status": "STATUS",
}

# This portal writes UTC and labels it with the zone of the place: a 10:00 event in Pune reads 04:30.
_UTC_IN_DISGUISE = "-//reps.mozilla.com events//"
UNTITLED = "Event without a title"
_ESSENTIAL = {"UID", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION"}
_STATUSES = {"CANCELLED": "cancelled", "TENTATIVE": "planned"}


def recognises(file: SourceFile) -> bool:
    """Whether the ending or the first line says iCalendar."""
    return file.ending in ("ics", "ical", "ifb") or head(file).lstrip()[:15].upper() == "BEGIN:VCALENDAR"


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """Events with the dates at their places, and with local times where the zone is known.

    An event that several files hold (a calendar and its later export) comes once, in its newest version. A repeating
    event comes as each of its dates, up to a year after `as_of` (today).
    """
    events = Occurrences()
    for file in files:
        found, said = list[Occurrence](), set[Problem]()
        for component in _each_date(file, as_of or date.today()):
            if isinstance(component, Problem):
                yield component
                continue
            for item in _read_component(component):
                if isinstance(item, Problem):
                    # Of a repeating event once, not for each of its dates.
                    if item not in said:
                        said.add(item)
                        yield item
                else:
                    found.append(item)
        if known := events.add_file(found):
            yield hint(
                file,
                None,
                "events",
                "UID",
                "",
                says=f"{known:,} of its events were there already under the same UID",
                do="The newest version of each was kept; nothing needs to be done",
            )
    yield from events.records()


def _each_date(file: SourceFile, as_of: date) -> Iterator[Component | Problem]:
    """The file's VEVENTs, a repeating one as each of its dates."""
    found: list[Component] = []
    for component in components(file):
        if isinstance(component, Problem):
            yield component
        else:
            found.append(component)
    for one in one_by_one([component.text for component in found], as_of):
        component = found[one.origin]
        if one.left_out_before:
            yield hint(
                file,
                component.line,
                "events",
                "RRULE",
                "",
                says=f"the event repeats since long ago; its dates before {one.left_out_before} were left out",
                do="Let its rule begin later, or give the earlier dates events of their own",
            )
        yield component._replace(text=one.text)


def _read_component(component: Component) -> Iterator[Occurrence | Problem]:
    calendar, line, _ = component
    file = calendar.file
    try:
        event = _parsed(component.text)
        identity, start, values, problems = _values(event, component)
        version = (_whole_number(_text(event, "SEQUENCE")), _text(event, "LAST-MODIFIED") or _text(event, "DTSTAMP"))
    # What the parser raises for hostile text is its own affair and of many kinds; it is about this event only.
    except Exception as cause:
        says = f"the event cannot be read ({clipped(str(cause))})"
        do = "Mend it in the program that it comes from and export it again"
        yield error(file, line, "events", None, "", says=says, do=do)
        return
    yield from problems
    yield Occurrence(identity, start, version, Record("events", values, file.name, line))


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


def _values(event: icalendar.Event, component: Component) -> tuple[str, str, dict[str, str], list[Problem]]:
    """What identifies the event, its start as written, its columns and what is to be known about it."""
    calendar = component.calendar
    title = one_line(html.unescape(_text(event, "SUMMARY")))
    location = html.unescape(_text(event, "LOCATION"))
    place = read_place(location, one_line(_text(event, "X-COUNTRY-CODE")).upper())
    latitude, longitude = _point(event)
    times, problems = _times(event, component, _zone_of(place, latitude, longitude))
    if not title:
        says, do = "the event has no SUMMARY", "It is kept without a title; give it one in the calendar"
        problems.append(hint(calendar.file, component.line, "events", "SUMMARY", "", says=says, do=do))
    begins = _moment(event, "DTSTART", calendar)
    start = begins.isoformat() if begins is not None else ""
    identity = one_line(_text(event, "UID")) or "-".join(
        part for part in (slug(title), digest(folded(title), start, folded(location))) if part
    )
    instance = _moment(event, "RECURRENCE-ID", calendar)
    if instance is not None:
        identity = f"{identity}@{instance.isoformat()}"
    if place.doubt and not (latitude and longitude):
        do = "Write it as “venue, town, country”, or add the town to the event"
        problems.append(hint(calendar.file, component.line, "events", "LOCATION", location, says=place.doubt, do=do))
    if "RRULE" in event or "RDATE" in event:
        problems.append(
            hint(
                calendar.file,
                component.line,
                "events",
                "RRULE",
                title,
                says="the event repeats by a rule that is not worked out; only its first date was taken",
                do="Give each date that took place an event of its own",
            )
        )
    status = "cancelled" if calendar.cancels else _STATUSES.get(_text(event, "STATUS").strip().upper(), "")
    return (
        identity,
        start,
        filled(
            event_key=identity,
            title=title or UNTITLED,
            **times,
            status=status,
            **place.values,
            latitude=latitude,
            longitude=longitude,
            topics=as_list(_categories(event)),
            url=one_line(_text(event, "URL")),
        ),
        problems,
    )


def _times(event: icalendar.Event, component: Component, zone: str) -> tuple[dict[str, str], list[Problem]]:
    """The dates in the `zone` of the place, or where that is "" as written; times with their offset where it is known.

    The end of an all-day event is exclusive.
    """
    calendar = component.calendar
    start = _at_the_place(_moment(event, "DTSTART", calendar), zone, calendar)
    end = _at_the_place(_moment(event, "DTEND", calendar), zone, calendar)
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
    label = getattr(event.get("DTSTART"), "params", {}).get("TZID")
    if label and "starts_at" not in times:
        says, do = (
            "this time zone is not known; the date was taken as it stands, without the time",
            "Use an IANA zone name",
        )
        problems.append(hint(calendar.file, component.line, "events", "DTSTART", str(label), says=says, do=do))
    return times, problems


def _moment(event: icalendar.Event, name: str, calendar: Calendar) -> datetime | date | None:
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


@lru_cache(maxsize=1_000)
def _zone(name: str) -> tzinfo | None:
    return tzp.timezone(name) if name else None


def _zone_of(place: ReadPlace, latitude: str, longitude: str) -> str:
    """The time zone in which people meet; "" for an online event, and where it is not known."""
    if place.values.get("mode") == "online":
        return ""
    known = "" if place.doubt else place.timezone
    return known or (timezone_at(latitude, longitude) if latitude and longitude else "") or place.timezone


def _at_the_place(moment: datetime | date | None, zone: str, calendar: Calendar) -> datetime | date | None:
    """An instant as the clocks at the place show it: its file may write it in UTC or in the organiser's zone."""
    if not isinstance(moment, datetime) or moment.tzinfo is None or calendar.product.casefold() == _UTC_IN_DISGUISE:
        return moment
    return moment.astimezone(_zone(zone) or moment.tzinfo)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


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
