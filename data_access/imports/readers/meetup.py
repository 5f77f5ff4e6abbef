"""Meetup's exports of a network of chapters: events with their RSVPs, and the chapters as teams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from data_access.geography.online_words import is_online
from data_access.imports.csv_rows import has_columns
from data_access.imports.files import SourceFile
from data_access.imports.readers.opening import filled, hint, one_line, read_rows
from data_access.imports.readers.places import split_state, timezone_of
from data_access.imports.rows import Problem, Record

NAME = "Meetup"
COLUMNS = {
    "event_key": "event_id",
    "starts_on": "date_time",
    "attendance": "rsvp_yes",
    "team_key": "chapter",
    "mode": "format",
    "latitude": "lat",
    "longitude": "lon",
}

_EVENT_REQUIRED = ("event_id", "title", "status", "date_time")
_EVENT_COLUMNS = (
    *_EVENT_REQUIRED,
    "chapter",
    "chapter_name",
    "duration",
    "rsvp_yes",
    "format",
    "venue",
    "city",
    "state",
    "country",
    "lat",
    "lon",
    "url",
)
_CHAPTER_REQUIRED = ("chapter", "name", "members")

_STATUSES = {"past": "held", "cancelled": "cancelled", "canceled": "cancelled"} | dict.fromkeys(
    ("active", "upcoming", "published", "scheduled", "draft", "proposed", "suggested"), "planned"
)
_MODES = {"in-person": "in_person", "in person": "in_person", "physical": "in_person"} | {
    name: name for name in ("in_person", "online", "hybrid")
}
# Meetup gives "Online event" a place in the Pacific: 8.5211° S, 179.1962° E.
_NOWHERE = (-8.5211, 179.1962)
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+S)?)?")


def recognises(file: SourceFile) -> bool:
    """Whether the header is that of the events or of the chapters."""
    return has_columns(file, _EVENT_REQUIRED) or has_columns(file, _CHAPTER_REQUIRED)


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """Chapters become teams, events events with the yes-RSVPs as attendance.

    Only a past event has an attendance: the RSVPs of a cancelled or coming one say nothing about who came. A chapter
    that only events name (deleted at Meetup, or no chapters file given) becomes a team with the name that they give.
    """
    chapters = [file for file in files if has_columns(file, _CHAPTER_REQUIRED)]
    teams: set[str] = set()
    for file in chapters:
        for row in read_rows(file, "teams", ("chapter", "name"), _CHAPTER_REQUIRED):
            if isinstance(row, Problem):
                yield row
            else:
                yield from _team(teams, row[1][0], row[1][1], file, row[0])
    for file in files:
        if file in chapters:
            continue
        for row in read_rows(file, "events", _EVENT_COLUMNS, _EVENT_REQUIRED):
            if isinstance(row, Problem):
                yield row
                continue
            line, cells = row[0], dict(zip(_EVENT_COLUMNS, row[1], strict=True))
            yield from _team(teams, cells["chapter"], cells["chapter_name"], file, line)
            yield from _event(cells, file, line)


def _team(teams: set[str], key: str, name: str, file: SourceFile, line: int) -> Iterator[Record]:
    if key and key not in teams:
        teams.add(key)
        yield Record("teams", {"team_key": key, "name": one_line(name) or key}, file.name, line)


def _event(cells: dict[str, str], file: SourceFile, line: int) -> Iterator[Record | Problem]:
    status = _STATUSES.get(cells["status"].casefold(), "")
    if not status:
        yield hint(
            file,
            line,
            "events",
            "status",
            cells["status"],
            says="this status of an event is not known",
            do="The event's date decides whether it counts as planned or held",
        )
    place = _place(cells)
    # An offset is the place's own; only UTC says nothing about where.
    in_utc = place.get("mode") != "online" and cells["date_time"].endswith(("Z", "+00:00"))
    zone = timezone_of(place["city"], place["state"], place["country"]) if in_utc else ""
    yield Record(
        "events",
        filled(
            event_key=cells["event_id"],
            title=one_line(cells["title"]),
            **_times(cells["date_time"], cells["duration"], zone),
            status=status,
            **place,
            team_key=cells["chapter"],
            attendance=cells["rsvp_yes"] if status == "held" else "",
            url=cells["url"],
        ),
        file.name,
        line,
    )


def _times(start_text: str, duration: str, zone: str) -> dict[str, str]:
    """The dates in the `zone` of the place ("": as written), and the times where they carry an offset.

    A date that cannot be read is left to validation.
    """
    try:
        start = datetime.fromisoformat(start_text)
        start = start.astimezone(ZoneInfo(zone)) if zone else start
        length = _length(duration)
        end = start + length if length else None
    except (ValueError, OverflowError):
        return {"starts_on": start_text}
    times = {"starts_on": start.date().isoformat()}
    if end:
        times["ends_on"] = end.date().isoformat()
    if start.tzinfo:
        times |= {"starts_at": start.isoformat()} | ({"ends_at": end.isoformat()} if end else {})
    return times


def _length(duration: str) -> timedelta | None:
    """An ISO 8601 duration; None for none and for Meetup's PT0S, which means "not given"."""
    match = _DURATION.fullmatch(duration)
    if match is None:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes) or None


def _place(cells: dict[str, str]) -> dict[str, str]:
    """Mode and place; an online event has no place, not even its chapter's."""
    venue = one_line(cells["venue"])
    mode = _MODES.get(cells["format"].casefold(), "")
    if mode == "online" or (not mode and is_online(venue)):
        return {"mode": "online"}
    city, state = one_line(cells["city"]), cells["state"]
    if not state:
        city, state = split_state(city, cells["country"])
    country = cells["country"]
    place = {
        "mode": mode,
        "venue": "" if is_online(venue) else venue,
        "city": city,
        "state": state,
        "country": country.upper() if len(country) == 2 else country,
    }
    if not _is_nowhere(cells["lat"], cells["lon"]):
        place |= {"latitude": cells["lat"], "longitude": cells["lon"]}
    return place


def _is_nowhere(latitude: str, longitude: str) -> bool:
    try:
        return abs(float(latitude) - _NOWHERE[0]) < 0.001 and abs(float(longitude) - _NOWHERE[1]) < 0.001
    except ValueError:
        return False
