"""confs.tech: a directory of technology conferences, as its own JSON files or as one CSV table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from data_access.geography.online_words import is_online
from data_access.imports.csv_rows import has_columns
from data_access.imports.encodings import NAMES, of_bytes
from data_access.imports.files import SourceFile
from data_access.imports.readers.opening import (
    as_list,
    digest,
    error,
    filled,
    folded,
    head,
    hint,
    one_line,
    read_rows,
    slug,
    whole,
)
from data_access.imports.readers.places import split_state
from data_access.imports.rows import Problem, Record

NAME = "confs.tech"
COLUMNS = {"title": "name", "starts_on": "startDate", "ends_on": "endDate", "languages": "locales", "topics": "topic"}

_REQUIRED = ("name", "startdate", "city", "country")
_FIELDS = ("name", "startDate", "endDate", "city", "country", "online", "locales", "topic", "url")
_COLUMNS = tuple(name.casefold() for name in _FIELDS)
_NOT_TOPICS = {"conferences", "conferences_all", "confs", "all"}
_YES = {"true", "yes", "1"}
# Country codes that stand where a language code is meant.
_LANGUAGES = {
    "jp": "ja",
    "cn": "zh",
    "tw": "zh",
    "kr": "ko",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ua": "uk",
    "us": "en",
    "gb": "en",
    "at": "de",
}


@dataclass(slots=True)
class _Event:
    """One event, put together from all of its listings (one a topic)."""

    file: SourceFile
    line: int
    key: str
    name: str
    start: str
    end: str
    city: str
    country: str
    flagged_online: bool
    url: str
    topics: set[str] = field(default_factory=set)
    locales: dict[str, None] = field(default_factory=dict)
    listings: int = 0

    def values(self) -> dict[str, str]:
        online, in_a_place = self.flagged_online or is_online(self.city), bool(self.city) and not is_online(self.city)
        city, state = split_state(self.city, self.country) if in_a_place else ("", "")
        return filled(
            event_key=self.key,
            title=self.name,
            starts_on=self.start,
            ends_on=self.end,
            # No place and no flag says nothing about the mode.
            mode={(True, True): "hybrid", (True, False): "online", (False, True): "in_person"}.get(
                (online, in_a_place), ""
            ),
            city=city,
            state=state,
            country=self.country if in_a_place or not online else "",
            topics=as_list(sorted(self.topics)),
            languages=as_list(list(self.locales)),
            url=self.url,
        )


def recognises(file: SourceFile) -> bool:
    """Whether this is the CSV table, or a JSON list of objects with `name` and `startDate`."""
    if file.ending == "json":
        beginning = head(file)
        return beginning.lstrip()[:1] == "[" and '"name"' in beginning and '"startDate"' in beginning
    return has_columns(file, _REQUIRED)


def read(files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
    """One event for all listings that agree in name, start and city (case folded), with every topic it is listed under.

    What one listing leaves out is taken from the next; one that contradicts an earlier one is a hint. An event is held
    until all files are read, as its listings may be in any of them: memory grows with the events, not with the files.
    """
    events: dict[str, _Event] = {}
    for file in files:
        for listing in _json_listings(file) if file.ending == "json" else _csv_listings(file):
            if isinstance(listing, Problem):
                yield listing
            else:
                yield from _merged(events, file, *listing)
    for event in events.values():
        yield Record("events", event.values(), event.file.name, event.line, event.listings)


def _merged(events: dict[str, _Event], file: SourceFile, line: int, cells: Sequence[str]) -> Iterator[Problem]:
    """Adds a listing to its event, which it may be the first of; yields where it contradicts the earlier ones."""
    name, start, end, city, country, online, locales, topic, url = cells
    parts = folded(name), start, folded(city)
    key = "-".join(part for part in (slug(name), slug(start, 10), digest(*parts)) if part)
    event = events.get(key)
    if event is None:
        event = events[key] = _Event(file, line, key, name, start, end, city, country, False, url)
    for column, earlier, now in (("ends_on", event.end, end), ("country", event.country, country)):
        if earlier and now and folded(earlier) != folded(now):
            yield hint(
                file,
                line,
                "events",
                column,
                now,
                says=f"an earlier listing of this event ({event.file.name}, line {event.line}) says {earlier!r}",
                do="The earlier one was kept; mend the wrong one and import again",
            )
    event.end, event.country, event.url = event.end or end, event.country or country, event.url or url
    event.flagged_online |= online.casefold() in _YES
    event.listings += 1
    if topic:
        event.topics.add(topic)
    event.locales.update(dict.fromkeys(_languages(locales)))


def _languages(locales: str) -> Iterable[str]:
    for code in re.split(r"[,;/\s]+", locales.casefold()):
        if code:
            yield _LANGUAGES.get(code, code)


def _csv_listings(file: SourceFile) -> Iterator[tuple[int, Sequence[str]] | Problem]:
    for row in read_rows(file, "events", _COLUMNS, _REQUIRED):
        yield row if isinstance(row, Problem) else (row[0], [one_line(cell) for cell in row[1]])


def _json_listings(file: SourceFile) -> Iterator[tuple[int, Sequence[str]] | Problem]:
    topic_of_file = "" if file.stem in _NOT_TOPICS else file.stem
    for item in _json_objects(file):
        if isinstance(item, Problem):
            yield item
            continue
        line, value = item
        if not isinstance(value, dict):
            yield error(
                file,
                line,
                "events",
                None,
                "",
                says="the list holds something that is not an object with name and startDate",
                do="Remove it from the list",
            )
            continue
        cells = {name: _text(value.get(name)) for name in _FIELDS}
        cells["topic"] = cells["topic"] or topic_of_file
        yield line, list(cells.values())


def _text(value: object) -> str:
    """A JSON value as a cell: plain values and lists of them; anything deeper says nothing that is looked for."""
    if isinstance(value, list):
        return ",".join(_text(item) for item in value if not isinstance(item, list))
    return one_line(str(value)) if isinstance(value, str | bool) else ""


def _json_objects(file: SourceFile) -> Iterator[tuple[int, object] | Problem]:
    """The elements of the list one by one with their lines, so that those before a break still come."""
    data = whole(file)
    guess = of_bytes(data)
    text = data.decode(guess.encoding, guess.errors)
    if not guess.certain:
        says = f"the file is not UTF-8, as JSON is, and was read as {NAMES[guess.encoding]}"
        yield hint(file, None, "events", None, "", says=says, do="If its letters are wrong, download it again")
    decoder, blank = json.JSONDecoder(parse_int=str, parse_float=str), re.compile(r"\s*")
    separators = re.compile(r"\s*,?\s*")
    position = _end(blank, text, 0)
    line, counted = 1, 0
    if text[position : position + 1] != "[":
        yield _not_json(file, 1, "it does not begin with a list")
        return
    position = _end(blank, text, position + 1)
    while text[position : position + 1] != "]":
        line, counted = line + text.count("\n", counted, position), position
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as cause:
            yield _not_json(file, cause.lineno, cause.msg)
            return
        except RecursionError:
            yield _not_json(file, line, "it is nested too deeply")
            return
        yield line, value
        position = _end(separators, text, position)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _not_json(file: SourceFile, line: int, why: str) -> Problem:
    return error(
        file,
        line,
        "events",
        None,
        "",
        says=f"the file cannot be read as a JSON list from here on ({why})",
        do="Download it again, or mend it with a JSON checker",
    )
