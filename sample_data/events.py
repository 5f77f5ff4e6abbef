"""Draws every event as a few bytes: when, where, for which team. Other tables refer to events through this index.

Nothing here is text; `event_rows` writes it out. An event's key is its position, so no key needs to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_data import places, teams
from sample_data.draws import Array, Floats, chunks, cumulative, pick, pick_within, stream
from sample_data.timeline import Timeline, days_on_clock

HELD, CANCELLED, PLANNED = 0, 1, 2
IN_PERSON, ONLINE, HYBRID = 0, 1, 2
MICRO, REGIONAL, ANNUAL = 0, 1, 2
STATUSES, MODES, SCALES = (
    ("held", "cancelled", "planned"),
    ("in_person", "online", "hybrid"),
    ("micro", "regional", "annual"),
)
ONLINE_PLACE = -1
DAY_SPAN = 4096  # more than the days of any timeline: place and day fit one sortable number


@dataclass(frozen=True)
class Events:
    """All events in order of their days; one array element an event.

    `place` is a position in the list of cities (-1: online), `space`, `team` and `area` are positions or -1,
    `repeats` marks a second entry of the event before it. `order` and `sorted_keys` find the events that took or will
    take place by place and day.
    """

    day: Array
    place: Array
    space: Array
    team: Array
    area: Array
    status: Array
    mode: Array
    scale: Array
    repeats: Array
    order: Array
    sorted_keys: Array

    def __len__(self) -> int:
        return len(self.day)

    def between(self, place: Array, first: Array, after: Array) -> tuple[Array, Array]:
        """Ranges in `order` of the events at each place with first <= day < after."""
        base = (place.astype(np.int32) + 1) * DAY_SPAN
        low = np.searchsorted(self.sorted_keys, base + np.clip(first, 0, DAY_SPAN - 1))
        return low, np.searchsorted(self.sorted_keys, base + np.clip(after, 0, DAY_SPAN - 1))

    def at(self, place: int) -> list[int]:
        """The events at a place that took or will take place, in order of days."""
        low, high = self.between(np.array([place]), np.array([0]), np.array([DAY_SPAN - 1]))
        return [int(event) for event in self.order[int(low[0]) : int(high[0])]]

    def recent(self, rng: np.random.Generator, place: Array, day: Array, window: int) -> Array:
        """For each row an event at the place in the `window` days up to `day`, recent ones more often; -1 for none."""
        low, high = self.between(place, day - window, day + 1)
        back = (rng.random(len(day)) ** 2 * (high - low)).astype(np.int64)
        found = np.clip(high - 1 - back, 0, None)
        return np.where(high > low, self.order[found] if len(self.order) else -1, -1)


def event_key(number: int) -> str:
    """The key of the event at a position."""
    return f"e{number + 1:07d}"


def draw_events(timeline: Timeline, count: int, seed: int) -> Events:
    """All events of the program, `count` of them, from its first day to the last planned one."""
    rng = stream(seed, "events")
    columns: dict[str, Array] = {
        "day": np.zeros(count, dtype=np.int16),
        "place": np.zeros(count, dtype=np.int16),
        **{
            name: np.zeros(count, dtype=np.int8)
            for name in ("space", "team", "area", "status", "mode", "scale", "repeats")
        },
    }
    tables = _Shares(timeline, seed)
    for start, end in chunks(count):
        for name, values in _draw_chunk(rng, timeline, tables, start, end, count).items():
            columns[name][start:end] = values
    known = np.flatnonzero(
        (columns["status"] == HELD) | ((columns["status"] == PLANNED) & (columns["day"] > timeline.today))
    )
    keys = (columns["place"][known].astype(np.int32) + 1) * DAY_SPAN + columns["day"][known]
    order = np.argsort(keys, kind="stable")
    return Events(**columns, order=known[order].astype(np.int32), sorted_keys=keys[order])


class _Shares:
    """What the draws need, computed once."""

    def __init__(self, timeline: Timeline, seed: int) -> None:
        self.city = places.city_shares(timeline, seed)
        self.space, self.at_space = places.space_shares(timeline)
        self.team = teams.event_shares(timeline)
        self.area = cumulative((0.8, 1.6, 0.5, 0.9, 0.8, 1.2, 1.7, 1.1, 0.8, 0.7))
        self.team_area = teams.team_areas()
        self.space_city = np.array([places.city_number(space.city) for space in places.SPACES])
        openings = [places.opening(timeline, number) for number in range(len(places.SPACES))]
        self.opened = np.array([opened for opened, _ in openings])
        self.closed = np.array([timeline.end + 1 if closed is None else closed for _, closed in openings])
        self.elsewhere = np.stack(
            [
                places.mask_outside(team.countries, np.arange(-1, len(places.cities())))
                if team.countries
                else np.zeros(len(places.cities()) + 1, dtype=bool)
                for team in teams.TEAMS
            ]
        )


def _draw_chunk(
    rng: np.random.Generator, timeline: Timeline, shares: _Shares, start: int, end: int, count: int
) -> dict[str, Array]:
    size = end - start
    # Positions on the seasonal clock are spread evenly and jittered: days come out in order.
    position = (np.arange(start, end) + rng.random(size)) / count * timeline.event_clock[-1]
    day = days_on_clock(timeline.event_clock, position)
    quarter = timeline.quarter[day]
    space = np.where(rng.random(size) < shares.at_space[quarter], pick_within(rng, shares.space, quarter), -1)
    shut = (space >= 0) & ((day < shares.opened[space]) | (day >= shares.closed[space]))
    place = np.where(space >= 0, shares.space_city[space], pick_within(rng, shares.city, quarter))
    space = np.where(shut, -1, space)
    scale = _scales(rng, day, space, timeline)
    mode = _modes(rng, day, space, timeline)
    place = np.where(mode == ONLINE, ONLINE_PLACE, place)
    space = np.where((mode == ONLINE) & (rng.random(size) < 0.7), -1, space)
    team = pick_within(rng, shares.team, quarter)
    team = np.where(team == len(teams.TEAMS), -1, team)
    team = np.where((team >= 0) & shares.elsewhere[team, place + 1], -1, team)
    area = np.where(team >= 0, shares.team_area[team], pick(rng, shares.area, size))
    area = np.where((team < 0) & (rng.random(size) < 0.2), -1, area)
    columns = {"day": day, "place": place, "space": space, "team": team, "area": area, "mode": mode, "scale": scale}
    repeats = rng.random(size) < 0.004
    repeats[0] = False
    again = np.flatnonzero(repeats)
    for values in columns.values():
        values[again] = values[again - 1]
    columns["repeats"] = repeats
    chance = rng.random(size)
    past = np.where(chance < 0.041, CANCELLED, np.where(chance < 0.044, PLANNED, HELD))
    columns["status"] = np.where(columns["day"] > timeline.today, np.where(chance < 0.02, CANCELLED, PLANNED), past)
    return columns


def _scales(rng: np.random.Generator, day: Array, space: Array, timeline: Timeline) -> Array:
    """Mostly micro; the heavyweight ones come in a few months of the year, and mostly outside the spaces."""
    annual_months = np.array([0, 0.2, 1, 1, 1.2, 1, 0.1, 0, 0.8, 2.2, 1.2, 0.1]) * 0.022
    month = (timeline.start.month - 1 + day // 30.44).astype(np.int64) % 12
    annual = annual_months[month] * np.where(space >= 0, 0.3, 1.2)
    regional = np.where(space >= 0, 0.12, 0.27)
    chance = rng.random(len(day))
    return np.where(chance < annual, ANNUAL, np.where(chance < annual + regional, REGIONAL, MICRO))


def _modes(rng: np.random.Generator, day: Array, space: Array, timeline: Timeline) -> Array:
    """Online first in the first year of the program, then less and less; hybrid stays where spaces have the rooms."""
    years = day / 365.25
    online: Floats = 0.12 + 0.46 * np.exp(-((years / 1.15) ** 2))
    online = np.where(space >= 0, online * 0.75, online)
    hybrid = np.where(space >= 0, 0.15, 0.06) * np.clip(years / 1.5, 0.25, 1)
    chance = rng.random(len(day))
    return np.where(chance < online, ONLINE, np.where(chance < online + hybrid, HYBRID, IN_PERSON))
