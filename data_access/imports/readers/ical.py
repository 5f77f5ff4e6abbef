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
from data_access.imports.readers.opening import as_list, digest, error, filled, head, hint, one_line, slug
from data_access.imports.readers.places import is_online, parse_location
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


class _Found(NamedTuple):
    """An event and how new it is: of several versions the newest counts."""

    version: tuple[int, str]
    record: Record


def recognises(file: SourceFile) -> bool:
    """Whether the ending or the first line says iCalendar."""
    return file.ending in ("ics", "ical", "ifb") or head(file).lstrip()[:15].upper() == "BEGIN:VCALENDAR"


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """Events with local dates, and with local times where the zone is known.

    An event that several files hold (a calendar and its later export) comes once, in its newest version. A repeating
    event comes as each of its dates, up to a year after `as_of` (today).
    """
    newest: dict[str, _Found] = {}
    for file in files:
        replaced, said = 0, set[Problem]()
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


def _read_component(component: Component) -> Iterator[_Found | Problem]:
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


def _values(event: icalendar.Event, component: Component) -> tuple[dict[str, str], list[Problem]]:
    calendar = component.calendar
    title = one_line(html.unescape(_text(event, "SUMMARY")))
    times, problems = _times(event, component)
    if not title:
        says, do = "the event has no SUMMARY", "It is kept without a title; give it one in the calendar"
        problems.append(hint(calendar.file, component.line, "events", "SUMMARY", "", says=says, do=do))
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
                says="the event repeats by a rule that is not worked out; only its first date was taken",
                do="Give each date that took place an event of its own",
            )
        )
    status = "cancelled" if calendar.cancels else _STATUSES.get(_text(event, "STATUS").strip().upper(), "")
    latitude, longitude = _point(event)
    return (
        filled(
            event_key=key,
            title=title or UNTITLED,
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


def _times(event: icalendar.Event, component: Component) -> tuple[dict[str, str], list[Problem]]:
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
