"""Repeating events (RRULE, RDATE, EXDATE, moved instances): each date that they stand for, as an event of its own."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import icalendar
import recurring_ical_events

AHEAD = timedelta(days=366)
BACK = timedelta(days=20 * 366)
MOST_DATES = 50_000  # of all the series in a file; those that come after keep their first date

_REPEATS = re.compile(rb"^(?:RRULE|RDATE)[;:]", re.IGNORECASE | re.MULTILINE)
_MOVED = re.compile(rb"^RECURRENCE-ID[;:]", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(rb"^UID(?:;[^:\r\n]*)?:(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
# Finer rules than daily ones stand for reminders and clocks, not for gatherings; a year of one has 31 million dates.
_TOO_FINE = re.compile(rb"^RRULE[;:].*(?:FREQ=(?:SECOND|MINUTE|HOUR)LY|BY(?:SECOND|MINUTE|HOUR)=)", re.I | re.M)
_NEEDED = {"RRULE", "RDATE", "EXDATE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"}
_ORIGIN = "X-UPLIFT-ORIGIN"


class OneDate(NamedTuple):
    """One date of an event: the text it is read from, and which of the given texts it comes from.

    `left_out_before` is set on the first date of a series that began more than `BACK` ago.
    """

    origin: int
    text: bytes
    left_out_before: date | None = None


def one_by_one(texts: Sequence[bytes], as_of: date) -> Iterator[OneDate]:
    """The events of a calendar, in their order, a repeating one as each of its dates up to `AHEAD` of `as_of`.

    `texts` are whole VEVENTs, unfolded. Each date has the series' UID and its own original start as RECURRENCE-ID,
    so that a moved one stays one. A series whose rule cannot be worked out comes as it is, with its rule.
    """
    groups: dict[bytes, list[int]] = {_uid(text): [] for text in texts if _REPEATS.search(text)}
    if not groups:
        yield from (OneDate(index, text) for index, text in enumerate(texts))
        return
    for index, text in enumerate(texts):
        if (uid := _uid(text)) in groups:
            groups[uid].append(index)
    total, done = 0, set[int]()
    for index, text in enumerate(texts):
        if index in done:
            continue
        series = _series(texts, groups.get(_uid(text), []), index)
        dates = _dates([(member, texts[member]) for member in series], as_of) if series else None
        if dates is None or total + len(dates) > MOST_DATES:
            yield OneDate(index, text)
            continue
        total += len(dates)
        done.update(series)
        yield from dates


def _uid(text: bytes) -> bytes:
    found = _UID.search(text)
    return found.group(1) if found else b""


def _series(texts: Sequence[bytes], group: list[int], index: int) -> list[int]:
    """The texts that are read together with this one: a series and its moved instances, or nothing."""
    if not group or not _uid(texts[index]):
        return [index] if _REPEATS.search(texts[index]) else []
    cores = [member for member in group if not _MOVED.search(texts[member])]
    if len(cores) <= 1:
        return group
    # Several series share the UID: whose the moved instances are is not known, so each stays as it is written.
    return [index] if index in cores and _REPEATS.search(texts[index]) else []


def _dates(members: Sequence[tuple[int, bytes]], as_of: date) -> list[OneDate] | None:
    """Every date of one series; None where its rule is too fine, cannot be worked out or begins later than `AHEAD`."""
    if any(_TOO_FINE.search(text) for _, text in members):
        return None
    calendar = icalendar.Calendar()
    starts: list[date | datetime] = []
    open_ended = set[str]()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for origin, text in members:
                event = icalendar.Event.from_ical(text.decode("utf-8"))
                if any(name in _NEEDED for name, _ in event.errors):
                    return None
                event.add(_ORIGIN, str(origin))
                if "RECURRENCE-ID" not in event:
                    starts.append(_moment(event, "DTSTART"))
                if "DTEND" not in event and "DURATION" not in event:
                    open_ended.add(str(origin))
                calendar.add_component(event)
            oldest = min((_day(start) for start in starts), default=as_of)
            if oldest > as_of + AHEAD:
                return None
            first = max(oldest - timedelta(days=1), as_of - BACK)
            found = recurring_ical_events.of(calendar).between(first, as_of + AHEAD)
            dates = [_one(event, starts, open_ended) for event in found]
            if not dates and not starts:
                return None  # a moved date of a series that is not here, too far away to be one of its dates
    # The rules are other people's text; whatever the library makes of a bad one, the event itself is still there.
    except Exception:
        return None
    if dates and first > oldest:
        dates[0] = dates[0]._replace(left_out_before=first)
    return dates


def _one(event: icalendar.Component, starts: Sequence[date | datetime], open_ended: set[str]) -> OneDate:
    origin = str(event.pop(_ORIGIN))
    if origin in open_ended:
        event.pop("DTEND", None)
    original, start = _moment(event, "RECURRENCE-ID"), starts[0] if starts else None
    if isinstance(original, datetime) and isinstance(start, datetime) and original.tzinfo and start.tzinfo:
        # A moved instance may name its original start in another zone: the same moment is the same instance.
        del event["RECURRENCE-ID"]
        event.add("RECURRENCE-ID", original.astimezone(start.tzinfo))
    lines = event.to_ical().replace(b"\r\n ", b"")
    return OneDate(int(origin), lines.rstrip())


def _moment(event: icalendar.Component, name: str) -> date | datetime:
    moment = getattr(event[name], "dt", None)
    if not isinstance(moment, date):
        raise TypeError(f"{name} is no date")
    return moment


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
