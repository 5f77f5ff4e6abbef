"""Events, attendance, places, languages and weeks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from data_access.selection import Selection
from tests.second.bundle import Bundle, Event
from tests.second.days import ONE_DAY

Counted = tuple[int, int | None]  # events and their attendance


def status_of(event: Event, day: date) -> str:
    """Planned until it begins, whatever is recorded; without a status held once its day has come."""
    if event.status == "cancelled":
        return "cancelled"
    if event.day > day:
        return "planned"
    return event.status or "held"


def passes(event: Event, asked: Selection) -> bool:
    """Whether the filters let the event through, whatever its day and status."""
    return (
        (not asked.country or event.country in asked.country)
        and (not asked.region or event.region in asked.region)
        and (not asked.mode or event.mode in asked.mode)
        and (not asked.scale or event.scale in asked.scale)
        and (not asked.area or event.area in asked.area)
        and (not asked.team or event.team in asked.team)
        and (not asked.space or event.space in asked.space)
    )


def held(bundle: Bundle, asked: Selection) -> list[Event]:
    return [
        event
        for event in bundle.events.values()
        if status_of(event, asked.as_of) == "held"
        and asked.period.start <= event.day < asked.period.end
        and passes(event, asked)
    ]


def attendance(events: Iterable[Event]) -> int | None:
    """The sum of what events report; nothing where none reports any."""
    known = [event.attendance for event in events if event.attendance is not None]
    return sum(known) if known else None


def counted(events: list[Event]) -> Counted:
    return len(events), attendance(events)


def by_country(bundle: Bundle, asked: Selection) -> dict[str, Counted]:
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in held(bundle, asked):
        groups["online" if event.mode == "online" else event.country].append(event)
    return {country: counted(events) for country, events in groups.items()}


def by_month(bundle: Bundle, asked: Selection) -> dict[str, Counted]:
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in held(bundle, asked):
        groups[f"{event.day:%Y-%m}"].append(event)
    return {month: counted(events) for month, events in groups.items()}


def languages(bundle: Bundle, asked: Selection) -> dict[str, tuple[int, float, int, int | None, int]]:
    """Of each base language: events, their share, talks in it, attendance, countries."""
    all_events = held(bundle, asked)
    keys = {event.key for event in all_events}
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in all_events:
        for language in event.languages or {"und"}:
            groups[language].append(event)
    talks = Counter(
        language or "und"
        for key, _, language in {
            (row.event, row.person, row.language)
            for row in bundle.participations
            if row.role == "speaker" and row.event in keys
        }
    )
    return {
        language: (
            len(groups[language]),
            len(groups[language]) / len(all_events) if all_events else 0.0,
            talks[language],
            attendance(groups[language]),
            len({event.country for event in groups[language] if event.country}),
        )
        for language in groups.keys() | talks.keys()
    }


def presence(bundle: Bundle, asked: Selection) -> dict[str, tuple[int, int, int | None, int, date | None]]:
    """Of each region: weeks with an event, weeks, longest silence, events in them, day of the last event."""
    day = asked.as_of
    begun = [event for event in bundle.events.values() if status_of(event, day) == "held"]
    if not begun:
        return {}
    weeks = []
    monday = _monday(min(event.day for event in begun))
    while monday + timedelta(days=7) <= day:
        if asked.period.start <= monday + timedelta(days=3) < asked.period.end:
            weeks.append(monday)
        monday += timedelta(days=7)
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in begun:
        if passes(event, asked):
            groups["Online" if event.mode == "online" else event.region or "Unknown place"].append(event)
    found = {}
    for region in {*bundle.regions.values(), "Online", "Unknown place"}:
        inside = [event for event in groups[region] if _monday(event.day) in set(weeks)]
        busy = {_monday(event.day) for event in inside}
        silence = longest = 0
        for week in weeks:
            silence = 0 if week in busy else silence + 1
            longest = max(longest, silence)
        last = max((event.day for event in groups[region] if event.day < asked.period.end), default=None)
        found[region] = (len(busy), len(weeks), longest if weeks else None, len(inside), last)
    return found


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()
