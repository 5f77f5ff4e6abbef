"""pyvideo: recorded talks with their speakers, and the conferences and user groups at which they were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from data_access.imports.csv_rows import has_columns
from data_access.imports.files import SourceFile
from data_access.imports.readers.opening import (
    as_list,
    digest,
    error,
    filled,
    folded,
    hint,
    one_line,
    read_rows,
)
from data_access.imports.rows import Problem, Record

NAME = "pyvideo"
COLUMNS = {
    "event_key": "event_slug",
    "material_key": "file",
    "author_key": "speakers",
    "published_on": "recorded",
    "starts_on": "start_date",
    "ends_on": "end_date",
}

_TALK_REQUIRED = ("event_slug", "file", "title", "speakers", "recorded")
_TALK_COLUMNS = (*_TALK_REQUIRED, "event_title", "language", "url")
_EVENT_REQUIRED = ("event_slug", "title", "start_date", "end_date")
_EVENT_COLUMNS = (*_EVENT_REQUIRED, "url")

_NOBODY = "various speakers"
_LANGUAGE_UNKNOWN = "und"  # ISO 639-3 for "undetermined": a material must have a language


@dataclass(slots=True)
class _Series:
    """What is known of an event slug: a conference, or a user group with talks over many years."""

    title: str
    file: str
    line: int
    url: str = ""
    start: date | None = None
    end: date | None = None
    quarters: dict[str, _Quarter] = field(default_factory=dict)


@dataclass(slots=True)
class _Quarter:
    """One event of a series: what was recorded of it in one calendar quarter."""

    first: date
    last: date
    languages: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Talk:
    """A talk whose recording date is missing: its event's dates are known only when all rows are read."""

    slug: str
    cells: dict[str, str]
    file: SourceFile
    line: int


@dataclass(slots=True)
class _Seen:
    """What has been read so far; grows with people, events and appearances, not with the files."""

    series: dict[str, _Series] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    appearances: dict[tuple[str, str], tuple[str, str, int]] = field(default_factory=dict)
    undated: list[_Talk] = field(default_factory=list)


def recognises(file: SourceFile) -> bool:
    """Whether the header is that of the talks or of the events."""
    return has_columns(file, _TALK_REQUIRED) or has_columns(file, _EVENT_REQUIRED)


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """Talks become materials, their speakers people and participations, their slugs events.

    A slug is one event per calendar quarter in which talks were recorded: a conference is one event, a user group that
    met for eleven years is not. Quarters are what the source can bear: dates of user groups are meetings, dates of
    conferences are days or uploads, and nothing distinguishes them.
    """
    seen = _Seen()
    talks = [file for file in files if has_columns(file, _TALK_REQUIRED)]
    for file in files:
        if file not in talks:
            yield from _read_series(file, seen)
    for file in talks:
        for row in read_rows(file, "materials", _TALK_COLUMNS, _TALK_REQUIRED):
            if isinstance(row, Problem):
                yield row
            else:
                yield from _talk(dict(zip(_TALK_COLUMNS, row[1], strict=True)), file, row[0], seen)
    for talk in seen.undated:
        yield from _undated_talk(talk, seen)
    for slug, series in seen.series.items():
        yield from _events(slug, series)
    for (event_key, person), (language, name, line) in seen.appearances.items():
        values = filled(event_key=event_key, person_key=person, role="speaker", language=language)
        yield Record("participations", values, name, line)


def _read_series(file: SourceFile, seen: _Seen) -> Iterator[Problem]:
    for row in read_rows(file, "events", _EVENT_COLUMNS, _EVENT_REQUIRED):
        if isinstance(row, Problem):
            yield row
            continue
        line, (slug, title, start, end, url) = row
        dates = {"start_date": _date(start), "end_date": _date(end)}
        for column, text in (("start_date", start), ("end_date", end)):
            if text and dates[column] is None:
                yield _unreadable_date(file, line, "events", column, text, "hint")
        seen.series[slug] = _Series(
            one_line(title), file.name, line, url, dates["start_date"], dates["end_date"] or dates["start_date"]
        )


def _talk(cells: dict[str, str], file: SourceFile, line: int, seen: _Seen) -> Iterator[Record | Problem]:
    slug, recorded = cells["event_slug"], cells["recorded"]
    series = seen.series.setdefault(slug, _Series(one_line(cells["event_title"]) or slug, file.name, line))
    if not recorded:
        seen.undated.append(_Talk(slug, cells, file, line))
        return
    day = _date(recorded)
    if day is None:
        yield _unreadable_date(file, line, "materials", "recorded", recorded, "error")
        return
    quarter = series.quarters.setdefault(_quarter_of(day), _Quarter(day, day))
    quarter.first, quarter.last = min(quarter.first, day), max(quarter.last, day)
    yield from _dated_talk(cells, day, quarter, file, line, seen)


def _undated_talk(talk: _Talk, seen: _Seen) -> Iterator[Record | Problem]:
    """The event's start stands in for the missing date: its own, or else its first recording's."""
    series = seen.series[talk.slug]
    day = series.start or min((quarter.first for quarter in series.quarters.values()), default=None)
    if day is None:
        yield error(
            talk.file,
            talk.line,
            "materials",
            "recorded",
            "",
            says="neither the talk nor its event has a date",
            do="Fill in recorded as YYYY-MM-DD, or the event's start_date",
        )
        return
    quarter = series.quarters.setdefault(_quarter_of(day), _Quarter(day, day))
    yield hint(
        talk.file,
        talk.line,
        "materials",
        "recorded",
        "",
        says=f"the talk has no date; its event's start, {day}, was taken",
        do="Fill in recorded as YYYY-MM-DD if you know it",
    )
    yield from _dated_talk(talk.cells, day, quarter, talk.file, talk.line, seen)


def _dated_talk(
    cells: dict[str, str], day: date, quarter: _Quarter, file: SourceFile, line: int, seen: _Seen
) -> Iterator[Record]:
    slug, language = cells["event_slug"], cells["language"]
    event_key = _event_key(slug, _quarter_of(day))
    if language:
        quarter.languages[language] = None
    speakers: list[str] = []
    for written in cells["speakers"].split(";"):
        name = folded(written)
        if not name or name == _NOBODY:
            continue
        if name not in seen.people:
            seen.people[name] = digest(name)
            values = {"person_key": seen.people[name], "name": one_line(written)}
            yield Record("people", values, file.name, line)
        speakers.append(seen.people[name])
        # Several talks at one event are one participation, in the first language that is known.
        appearance = seen.appearances.setdefault((event_key, speakers[-1]), (language, file.name, line))
        if language and not appearance[0]:
            seen.appearances[event_key, speakers[-1]] = (language, file.name, line)
    yield Record(
        "materials",
        filled(
            material_key=f"{slug}/{cells['file']}",
            title=one_line(cells["title"]),
            kind="talk",
            language=language or _LANGUAGE_UNKNOWN,
            author_key=speakers[0] if speakers else "",
            event_key=event_key,
            published_on=day.isoformat(),
            url=cells["url"],
        ),
        file.name,
        line,
    )


def _events(slug: str, series: _Series) -> Iterator[Record | Problem]:
    if not series.quarters and series.start is None:
        says, do = "the event has neither a date nor a dated talk and was left out", "Fill in start_date as YYYY-MM-DD"
        yield Problem(series.file, series.line, "events", "start_date", slug, says, do, "hint")
    own = _quarter_of(series.start) if series.start else ""
    if series.start and not series.quarters:
        series.quarters[own] = _Quarter(series.start, series.end or series.start)
    for name, quarter in series.quarters.items():
        # The event's own dates are better than those of its recordings, but only where they agree on the quarter.
        start, end = (series.start, series.end) if name == own else (quarter.first, quarter.last)
        yield Record(
            "events",
            filled(
                event_key=_event_key(slug, name),
                title=series.title if len(series.quarters) == 1 else f"{series.title} ({name.replace('-', ' ')})",
                starts_on=start.isoformat() if start else "",
                ends_on=end.isoformat() if end else "",
                languages=as_list(list(quarter.languages)),
                url=series.url,
            ),
            series.file,
            series.line,
        )


def _event_key(slug: str, quarter: str) -> str:
    """The key of a slug's event in a quarter; it depends on nothing else, so that later talks never change it."""
    return f"{slug}@{quarter}"


def _quarter_of(day: date) -> str:
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def _date(text: str) -> date | None:
    """The local date of "2023-05-11", "2023-05-11T19:00:00" and "2019-08-02T09:15:00+10:00"."""
    try:
        return date.fromisoformat(text[:10]) if text[10:11] in ("", "T", " ") else None
    except ValueError:
        return None


def _unreadable_date(file: SourceFile, line: int, table: str, column: str, text: str, severity: str) -> Problem:
    report = error if severity == "error" else hint
    return report(
        file, line, table, column, text, says="this is not a date that can be read", do="Write it as YYYY-MM-DD"
    )
