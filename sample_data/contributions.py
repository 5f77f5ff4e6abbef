"""Writes contribution histories: who does one thing, who stays, lapses and returns, and what events set off.

Each person's contributions lie in one to three spells on a seasonal clock. A contribution is found from its number
alone (person, place within the person's history), so that any quantity is written from a fixed amount of memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sample_data import events as ev
from sample_data import people as pe
from sample_data import teams
from sample_data.draws import Array, Floats, chunks, cumulative, lookup, pick, stream
from sample_data.events import Events, event_key
from sample_data.people import People, person_key
from sample_data.tables import Progress, TableFile
from sample_data.timeline import Timeline, days_on_clock

SPELLS = 3
NEVER = 1_000_000
# Contributions a day while at it, by temperament: middle value and spread of its logarithm.
_PACE = np.array([0.0, 0.0, 0.0, 0.03, 0.035, 0.11, 0.3])
_PACE_SPREAD = 0.7
_LINK_WINDOWS = (30, 90)
_QUANTITIES = np.array([1, 2, 3, 4, 5, 6, 8, 10])
_QUANTITY_SHARES = cumulative((0.72, 0.14, 0.07, 0.035, 0.015, 0.01, 0.007, 0.003))


@dataclass(frozen=True)
class Histories:
    """When each person contributes: spells as positions on the seasonal clock, and how often in all.

    `begins` and `lengths` are people x spells; `upto` holds cumulative numbers of contributions (people + 1).
    """

    begins: Floats
    lengths: Floats
    upto: Array

    def counts(self) -> Array:
        """Contributions of each person."""
        return np.diff(self.upto)


def draw_histories(timeline: Timeline, people: People, count: int, seed: int) -> Histories:
    """Share `count` contributions among people by temperament, none before they joined and none after today."""
    rng = stream(seed, "histories")
    size, after = len(people), timeline.today + 1
    joined, kind = people.joined.astype(np.int64), people.temperament
    event_led = (people.channel == pe.EVENT) | (people.channel == pe.SPACE)
    lag = np.floor(-np.log1p(-rng.random(size)) * np.where(event_led, 6, 20)).astype(np.int64)
    first = np.minimum(joined + np.minimum(lag, 300), timeline.today)
    longest = rng.random((SPELLS, size))
    # Lengths and gaps in days; the gap of a lapse is longer than any usual window.
    stretch = np.select(
        [
            kind == pe.ONCE,
            kind == pe.CASUAL,
            kind == pe.ACTIVE,
            kind == pe.RETURNING,
            kind == pe.REGULAR,
            kind == pe.CORE,
        ],
        [
            np.ones(size),
            20 + 520 * longest[0] ** 1.3,
            70 + 380 * longest[0],
            50 + 220 * longest[0],
            np.where(longest[0] < 0.35, 240 + 900 * longest[1], 5000),
            np.where(longest[0] < 0.3, 400 + 900 * longest[1], 5000),
        ],
        1.0,
    ).astype(np.int64)
    starts = np.zeros((size, SPELLS), dtype=np.int64)
    ends = np.zeros((size, SPELLS), dtype=np.int64)
    starts[:, 0], ends[:, 0] = first, np.minimum(first + np.maximum(stretch, 1), after)
    for spell in range(1, SPELLS):
        gap = (110 + 420 * rng.random(size) ** 1.4).astype(np.int64)
        again = (kind == pe.RETURNING) & ((spell == 1) | (rng.random(size) < 0.35))
        again |= (kind == pe.ACTIVE) & (spell == 1) & (rng.random(size) < 0.12)
        starts[:, spell] = np.where(again, np.minimum(ends[:, spell - 1] + gap, after), ends[:, spell - 1])
        length = (40 + 300 * longest[spell]).astype(np.int64)
        ends[:, spell] = np.where(again, np.minimum(starts[:, spell] + length, after), starts[:, spell])
    begins, lengths = timeline.work_clock[starts], timeline.work_clock[ends] - timeline.work_clock[starts]
    return Histories(begins, lengths, _shared_out(rng, people, (ends - starts).sum(axis=1), count))


def _shared_out(rng: np.random.Generator, people: People, days: Array, count: int) -> Array:
    """Cumulative numbers of contributions: a few for light temperaments, the rest by pace and days."""
    kind = people.temperament
    few = 2 + (rng.random(len(people)) ** 2 * 4).astype(np.int64)
    light = np.where(kind == pe.ONCE, 1, np.where(kind == pe.CASUAL, few, np.where(kind >= pe.ACTIVE, 3, 0)))
    pace = _PACE[kind] * np.exp(_PACE_SPREAD * np.clip(rng.standard_normal(len(people)), -1.6, 1.0))
    heavy = np.concatenate([[0.0], np.cumsum(pace * days)])
    base = np.concatenate([[0], np.cumsum(light)])
    if base[-1] == 0:
        light, base = np.ones_like(light), np.arange(len(people) + 1)
    if count <= base[-1] or heavy[-1] == 0:
        return np.asarray(np.floor(base / base[-1] * count + 1e-9).astype(np.int64))
    rest = np.floor(heavy / heavy[-1] * (count - base[-1]) + 1e-9).astype(np.int64)
    return np.asarray(base + rest)


def write_contributions(
    out: Path,
    timeline: Timeline,
    events: Events,
    people: People,
    histories: Histories,
    seed: int,
    progress: Progress | None = None,
) -> tuple[int, Array]:
    """Write every contribution, person by person and in order of days within a person.

    How many there are, and the first day of each person (in days of the timeline; `NEVER` for none).
    """
    first_days = np.full(len(people), NEVER, dtype=np.int32)
    rng = stream(seed, "contribution rows")
    total = int(histories.upto[-1])
    keys = lookup([person_key(number) for number in range(len(people))])
    areas, team_keys = lookup(teams.AREAS), lookup([*(team.key for team in teams.TEAMS), ""])
    projects = lookup([name for area in teams.AREAS for name in (*teams.PROJECTS[area], "")])
    team_start = np.append(teams.started(timeline), 0)
    with TableFile(out, "contributions", total, progress) as file:
        for start, end in chunks(total):
            number = np.arange(start, end)
            person = np.searchsorted(histories.upto, number, side="right") - 1
            day, progress_share = _days(rng, timeline, histories, people, number, person)
            np.minimum.at(first_days, person, day)
            event = _linked(rng, events, people, histories, number, person, day)
            team, area = _work(rng, people, histories, person, day, progress_share, team_start)
            team, area = _as_at_event(rng, events, histories, person, event, team, area)
            project = area * 4 + pick(rng, cumulative((0.34, 0.2, 0.11, 0.35)), end - start)
            quantity = _QUANTITIES[pick(rng, _QUANTITY_SHARES, end - start)]
            linked = ["" if at < 0 else event_key(at) for at in event.tolist()]
            columns = (keys[person], timeline.iso[day], areas[area], team_keys[team], quantity)
            cells = [column.tolist() for column in columns]
            file.write(zip(*cells, linked, projects[project].tolist(), strict=True), end - start)
        return file.written, first_days


def _days(
    rng: np.random.Generator, timeline: Timeline, histories: Histories, people: People, number: Array, person: Array
) -> tuple[Array, Floats]:
    """The day of each contribution, and how far it lies in its person's history (0 to 1)."""
    count = np.maximum(histories.upto[person + 1] - histories.upto[person], 1)
    within = number - histories.upto[person]
    jitter = rng.random(len(number))
    # Long histories come in clusters rather than at even steps.
    uneven = np.where(count >= 8, 4 * jitter - 1.5, jitter)
    share = np.abs((within + uneven) / count)
    share = np.clip(np.where(share > 1, 2 - share, share), 0, 1 - 1e-9)
    share = np.where((within == 0) & (count > 1), share * 0.1, share)
    lengths = histories.lengths[person]
    position = share * lengths.sum(axis=1)
    clock = np.minimum(position, lengths[:, 0]) + histories.begins[person, 0]
    passed = lengths[:, 0]
    for spell in range(1, SPELLS):
        inside = position > passed
        clock = np.where(
            inside, histories.begins[person, spell] + np.minimum(position - passed, lengths[:, spell]), clock
        )
        passed = passed + lengths[:, spell]
    # The clock's last tick belongs to the day after today.
    day = np.minimum(days_on_clock(timeline.work_clock, clock), timeline.today)
    return np.maximum(day, people.joined[person]), share


def _linked(
    rng: np.random.Generator,
    events: Events,
    people: People,
    histories: Histories,
    number: Array,
    person: Array,
    day: Array,
) -> Array:
    """The event that brought each contribution about, held nearby or online within the window; -1 for none."""
    first = number == histories.upto[person]
    light = people.temperament[person] <= pe.CASUAL
    by_event = (people.channel[person] == pe.EVENT) | (people.channel[person] == pe.SPACE)
    odds = np.where(first & by_event, 0.85, np.where(light, 0.45, 0.17))
    home = people.home[person]
    near = np.where((home < 0) | (rng.random(len(day)) < 0.15), ev.ONLINE_PLACE, home)
    close = events.recent(rng, near, day, _LINK_WINDOWS[0])
    wide = events.recent(rng, near, day, _LINK_WINDOWS[1])
    found = np.where(close >= 0, close, wide)
    return np.where(rng.random(len(day)) < odds, found, -1)


def _work(
    rng: np.random.Generator,
    people: People,
    histories: Histories,
    person: Array,
    day: Array,
    progress_share: Floats,
    team_start: Array,
) -> tuple[Array, Array]:
    """Team and area: the first of each mostly, the second at once or, for every other person, later on."""
    stays = people.temperament[person] >= pe.ACTIVE
    one_after_another = person % 2 == 0
    second = stays & np.where(one_after_another, progress_share > 0.55, rng.random(len(person)) < 0.3)
    team = np.where(second, people.second_team[person], people.team[person]).astype(np.int64)
    area = np.where(second, people.second_area[person], people.area[person]).astype(np.int64)
    # Some work is done for no team; nobody works for a team before there is one.
    return np.where((rng.random(len(person)) < 0.08) | (day < team_start[team]), -1, team), area


def _as_at_event(
    rng: np.random.Generator,
    events: Events,
    histories: Histories,
    person: Array,
    event: Array,
    team: Array,
    area: Array,
) -> tuple[Array, Array]:
    """Newcomers do what the event was about, for the team that held it."""
    if len(events) == 0:
        return team, area
    few = histories.upto[person + 1] - histories.upto[person] <= 5
    follows = (event >= 0) & few & (rng.random(len(person)) < 0.7) & (events.area[np.maximum(event, 0)] >= 0)
    held_by = events.team[np.maximum(event, 0)].astype(np.int64)
    return np.where(follows, held_by, team), np.where(follows, events.area[np.maximum(event, 0)], area)
