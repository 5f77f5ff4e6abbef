"""Writes the events table: titles in the event's language, venues, attendance as organizers report it, and gaps.

The gaps are those of a real program: a few rows without a place, misspelled cities, missing head counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sample_data import events as ev
from sample_data import places, teams, wording
from sample_data.draws import Array, Floats, chunks, cumulative, pick, pick_within, stream
from sample_data.tables import Progress, TableFile
from sample_data.timeline import Timeline

FORMATS = (
    "meetup",
    "workshop",
    "sprint",
    "talk",
    "study group",
    "office hours",
    "hackfest",
    "training",
    "conference",
)
_FORMAT_SHARES = cumulative(
    (
        (0.31, 0.20, 0.14, 0.12, 0.13, 0.10, 0.00, 0.00, 0.00),
        (0.12, 0.26, 0.12, 0.00, 0.00, 0.00, 0.28, 0.22, 0.00),
        (0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.08, 0.07, 0.85),
    )
)
_UNKNOWN_PLACES = ("TBA", "Main campus", "Old Town Hall", "Room 3", "to be announced", "Galaxy Hall")
_USUAL, _NO_PLACE, _MISSPELLED, _UNKNOWN, _NO_POINT = range(5)
_PLACE_SHARES = cumulative((0.765, 0.058, 0.016, 0.011, 0.15))
_MEDIAN = np.array([13.0, 48.0, 260.0])
_SPREAD = np.array([0.55, 0.5, 0.55])
_NEWCOMERS = np.array([0.085, 0.07, 0.03])


@dataclass(frozen=True)
class _Draws:
    """The chunk's columns that only this table needs."""

    format: Array
    voice: Array
    no_language: Array
    topic: Array
    second_topic: Array
    wording: Array
    venue: Array
    place_state: Array
    attendance: Array
    newcomers: Array
    extra_days: Array
    url: Array


def write_events(
    out: Path, timeline: Timeline, events: ev.Events, people: int, seed: int, progress: Progress | None = None
) -> int:
    """Write one row for each event; memory does not grow with their number.

    `people` keeps the reported new contributors in proportion to the people who joined.
    """
    rng = stream(seed, "event rows")
    shares = voice_shares()
    yield_factor = min(0.62 * people / max(len(events), 1), 2.0)
    with TableFile(out, "events", len(events), progress) as file:
        for start, end in chunks(len(events)):
            draws = _draw(rng, timeline, events, shares, yield_factor, start, end)
            file.write(_rows(timeline, events, draws, start, end), end - start)
        return file.written


def voice_shares() -> Floats:
    """Cumulative shares of the voices of each city (cities + online x voices)."""
    weights = [weights for _, weights in wording.voices()]
    width = max(len(row) for row in weights)
    return cumulative([[*row, *([0.0] * (width - len(row)))] for row in weights])


def topic_of_area(rng: np.random.Generator, area: Array) -> Array:
    """A topic's position for each area's position; any topic for rows without an area."""
    per_area = len(wording.topics()) // len(teams.AREAS)
    own = area * per_area + np.minimum((rng.random(len(area)) ** 1.35 * per_area).astype(np.int64), per_area - 1)
    return np.where(area >= 0, own, (rng.random(len(area)) * len(wording.topics())).astype(np.int64))


def _draw(
    rng: np.random.Generator,
    timeline: Timeline,
    events: ev.Events,
    shares: Floats,
    yield_factor: float,
    start: int,
    end: int,
) -> _Draws:
    size = end - start
    part = slice(start, end)
    place, scale, mode = events.place[part], events.scale[part].astype(np.int64), events.mode[part]
    format_ = pick_within(rng, _FORMAT_SHARES, scale)
    attendance, newcomers = _head_counts(rng, timeline, events, part, format_, yield_factor)
    topic = topic_of_area(rng, events.area[part])
    second = topic_of_area(rng, np.where(rng.random(size) < 0.6, events.area[part], -1))
    state = pick(rng, _PLACE_SHARES, size)
    # Spaces know where they are.
    state = np.where((events.space[part] >= 0) & (state != _NO_POINT), _USUAL, state)
    long = np.where(scale == ev.MICRO, 0, np.where(scale == ev.REGIONAL, 0.45, 0.97))
    return _Draws(
        format=format_,
        voice=pick_within(rng, shares, np.where(place < 0, len(shares) - 1, place)),
        no_language=rng.random(size) < 0.03,
        topic=topic,
        second_topic=np.where((rng.random(size) < 0.28) & (second != topic), second, -1),
        wording=(rng.random(size) * 60).astype(np.int64),
        venue=(rng.random(size) * 60).astype(np.int64),
        # A handful of online events carry the organizer's point, which an import should notice.
        place_state=np.where(mode == ev.ONLINE, np.where(rng.random(size) < 0.01, _USUAL, _NO_PLACE), state),
        attendance=attendance,
        newcomers=newcomers,
        extra_days=np.where(rng.random(size) < long, 1 + (rng.random(size) < 0.3) * (scale == ev.ANNUAL), 0),
        url=rng.random(size) < 0.8,
    )


def _head_counts(
    rng: np.random.Generator, timeline: Timeline, events: ev.Events, part: slice, format_: Array, yield_factor: float
) -> tuple[Array, Array]:
    """Attendance and new contributors as reported; -1 for not given."""
    scale, mode, day, team = events.scale[part], events.mode[part], events.day[part], events.team[part]
    size = len(scale)
    cautious = (mode != ev.ONLINE) & (day < 270)
    factor = np.where(mode == ev.ONLINE, 1.25, np.where(mode == ev.HYBRID, 1.35, 1.0)) * np.where(cautious, 0.65, 1.0)
    factor *= np.where(events.space[part] >= 0, 1.08, 1.0) * np.where(
        format_ == FORMATS.index("office hours"), 0.55, 1.0
    )
    crowd = np.exp(np.log(_MEDIAN[scale] * factor) + _SPREAD[scale] * rng.standard_normal(size))
    people = np.maximum(np.rint(crowd), 2).astype(np.int64)
    # Larger crowds are estimated, and estimates end in 0 or 5.
    rounded = np.where(people > 150, np.rint(people / 10) * 10, np.rint(people / 5) * 5).astype(np.int64)
    people = np.where((people > 35) & (rng.random(size) < 0.6), rounded, people)
    hands_on = np.isin(format_, [FORMATS.index(name) for name in ("workshop", "sprint", "hackfest")])
    rate = _NEWCOMERS[scale] * yield_factor * np.where(hands_on, 1.5, 0.8) * np.where(mode == ev.ONLINE, 0.6, 1.0)
    newcomers = np.floor(
        people * rate * rng.uniform(0.1, 1.9, size) + rng.random(size) * min(1.0, 2 * yield_factor)
    ).astype(np.int64)
    silent = np.array([team.missing_reports for team in teams.TEAMS] + [0.11])[team]
    held = events.status[part] == ev.HELD
    reported = held & (rng.random(size) >= silent)
    # Head counts of the last days are still on their way.
    reported &= (timeline.today - day > 4) | (rng.random(size) < 0.4)
    return np.where(reported, people, -1), np.where(reported & (rng.random(size) < 0.85), newcomers, -1)


def misspelled(name: str, choice: int) -> str:
    """The name with a usual typing error: two letters swapped, one lost or one doubled."""
    letters = [place for place in range(1, len(name) - 1) if name[place] != " "] or [1]
    at = letters[choice % len(letters)]
    if choice % 3 == 0:
        return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]
    return name[:at] + name[at + 1 :] if choice % 3 == 1 else name[:at] + name[at : at + 1] + name[at:]


def _rows(timeline: Timeline, events: ev.Events, draws: _Draws, start: int, end: int) -> Iterator[list[str | int]]:
    cities, topics, voices = places.cities(), wording.topics(), wording.voices()
    templates, nowhere, venues = wording.templates(), wording.templates_without_city(), wording.venues()
    venue_points = [[[f"{value:.4f}" for value in point] for point in city] for city in places.venue_points().tolist()]
    iso = timeline.iso
    part = slice(start, end)
    columns = (
        events.day,
        events.place,
        events.space,
        events.team,
        events.area,
        events.status,
        events.mode,
        events.scale,
    )
    lists = [column[part].tolist() for column in (*columns, events.repeats)]
    lists += [
        column.tolist()
        for column in (
            draws.format, draws.voice, draws.no_language, draws.topic, draws.second_topic, draws.wording, draws.venue,
            draws.place_state, draws.attendance, draws.newcomers, draws.extra_days, draws.url,
        )
    ]  # fmt: skip
    previous: list[str | int] = []
    number = start
    for (
        day, place, space, team, area, status, mode, scale, repeats,
        format_, voice_at, no_language, topic_at, second, phrase, venue_at, state, attendance, newcomers, extra, url,
    ) in zip(*lists, strict=True):  # fmt: skip
        key = ev.event_key(number)
        number += 1
        if repeats:
            # Entered twice by two people: everything agrees but the key and the head count.
            previous = [key, *previous[1:4], ev.STATUSES[status], *previous[5:19], "", "", ""]
            yield previous
            continue
        city = cities[place] if place >= 0 else None
        voice = voices[place][0][voice_at]
        topic = topics[topic_at]
        kinds = templates[voice.title, FORMATS[format_]] if city else nowhere[voice.title, FORMATS[format_]]
        date = iso[day]
        title = kinds[phrase % len(kinds)].format(
            t=topic.names[voice.title],
            c=wording.city_in(city, voice.title),
            n=day // 30 + 1,
            y=date[:4],
        )
        located: list[str] = ["", "", "", "", "", ""]
        if city is None:
            if state == _USUAL:
                located[4], located[5] = venue_points[0][0]
        elif state != _NO_PLACE:
            if space >= 0:
                located[0], point = places.SPACES[space].name, venue_points[place][0]
            else:
                at = 1 + venue_at % (places.VENUES_PER_CITY - 1)
                names = venues[wording.written(city.languages[0])]
                located[0] = names[(at + place) % len(names)].format(
                    c=wording.city_in(city, wording.written(city.languages[0]))
                )
                point = venue_points[place][at]
            located[1], located[2], located[3] = city.name, city.state, city.country
            if state == _MISSPELLED:
                located[1] = misspelled(city.name, venue_at)
            elif state == _UNKNOWN:
                located[1], located[2] = _UNKNOWN_PLACES[phrase % len(_UNKNOWN_PLACES)], ""
            elif state == _USUAL:
                located[4], located[5] = point
        previous = [
            key,
            title,
            date,
            iso[day + extra] if extra or scale else "",
            ev.STATUSES[status],
            ev.MODES[mode],
            FORMATS[format_],
            ev.SCALES[scale],
            *located,
            places.SPACES[space].key if space >= 0 else "",
            teams.TEAMS[team].key if team >= 0 else "",
            teams.AREAS[area] if area >= 0 else "",
            topic.tag if second < 0 else f"{topic.tag};{topics[second].tag}",
            "" if no_language else voice.tags,
            attendance if attendance >= 0 else "",
            newcomers if newcomers >= 0 else "",
            f"https://events.example.org/{key}" if url else "",
        ]
        yield previous
