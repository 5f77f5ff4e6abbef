"""Calendars taken apart: each VEVENT by itself, so that a broken one, or a cut-off file, spoils no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from data_access.imports.encodings import NAMES, Guess, of_bytes
from data_access.imports.files import SourceFile
from data_access.imports.readers.opening import error, hint, whole
from data_access.imports.rows import Problem

# Folded lines may be cut within a character, so that only what is put together again is UTF-8.
_FOLD = re.compile(rb"\r?\n[ \t]")
# "2026-03-01T18:00:00" as people and scripts write it, where the format wants "20260301T180000".
_DASHED = re.compile(
    rb"^((?:DTSTART|DTEND)[^:\r\n]*:)(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z?))?\s*$", re.MULTILINE
)


class Calendar(NamedTuple):
    """What the calendar around an event says about it."""

    file: SourceFile
    product: str = ""
    zone: str = ""
    cancels: bool = False


class Component(NamedTuple):
    """The unfolded content lines of one VEVENT and the line on which it begins."""

    calendar: Calendar
    line: int
    text: bytes


def components(file: SourceFile) -> Iterator[Component | Problem]:
    """The file's VEVENTs, cut out one by one, and what is wrong with the calendar around them.

    Lines are unfolded as bytes: folding may cut a character in two.
    """
    calendar, begun, content, seen_calendar = Calendar(file), 0, list[bytes](), False
    open_calendars = 0
    data = whole(file)
    unfolded = _FOLD.sub(b"", data)
    guess = of_bytes(unfolded)
    if not guess.certain:
        yield _not_utf8(file, guess, unfolded)
        data = data.decode(guess.encoding, guess.errors).encode("utf-8")
    for line, raw in _content_lines(data):
        mark = raw.strip().upper()
        if mark == b"BEGIN:VCALENDAR":
            calendar, seen_calendar, open_calendars = Calendar(file), True, open_calendars + 1
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
                yield Component(calendar, begun, _DASHED.sub(_undashed, b"\r\n".join(content)))
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


def _not_utf8(file: SourceFile, guess: Guess, data: bytes) -> Problem:
    lines = data.decode(guess.encoding, guess.errors).splitlines()
    piece = next((line for line in lines if not line.isascii()), "")
    says = f"the calendar is not UTF-8 throughout and was read as {NAMES[guess.encoding]}"
    do = "If its letters are wrong, export the calendar again as UTF-8"
    return hint(file, None, "events", None, piece, says=says, do=do)


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


def _undashed(found: re.Match[bytes]) -> bytes:
    name, year, month, day, hour, minute, second, utc = found.groups()
    if hour is None:
        kind = b"" if b"VALUE=" in name.upper() else b";VALUE=DATE"
        return name.removesuffix(b":") + kind + b":" + year + month + day
    return name + year + month + day + b"T" + hour + minute + (second or b"00") + (utc or b"")


def _with_property(calendar: Calendar, raw: bytes) -> Calendar:
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
