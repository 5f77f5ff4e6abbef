"""Draws every person as a few bytes: home, day of joining, way in, temperament, teams; and finds people by place.

A person's key is their position. `people_rows` writes the names; `contributions` writes what they did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_data import events as ev
from sample_data import places, teams
from sample_data.draws import Array, Floats, chunks, cumulative, pick_within, stream
from sample_data.timeline import Timeline, days_on_clock

# Temperaments, by what becomes of people: they never start; do one thing; a few; a spell of activity; come, lapse and
# return; contribute regularly for years; carry the work.
ABSENT, ONCE, CASUAL, ACTIVE, RETURNING, REGULAR, CORE = range(7)
_TEMPERAMENTS = np.array([0.19, 0.34, 0.29, 0.075, 0.04, 0.045, 0.02])
EVENT, SPACE, ONLINE, MENTOR, NOT_RECORDED = range(5)
CHANNELS = ("event", "space", "online", "mentor", "")
# How each way in changes the odds of the temperaments.
_CHANNEL_ODDS = np.array(
    [
        [1.0, 1.15, 1.0, 0.9, 1.0, 0.9, 0.8],
        [0.7, 0.8, 1.2, 1.3, 1.2, 1.4, 1.4],
        [1.3, 1.1, 0.9, 0.8, 0.9, 0.8, 0.9],
        [0.4, 0.5, 1.2, 1.9, 1.6, 2.2, 2.2],
        [1.5, 1.0, 1.0, 0.8, 0.8, 0.6, 0.6],
    ]
)
WOMAN, MAN, OTHER = range(3)
NOWHERE = -1


@dataclass(frozen=True)
class People:
    """All people in order of joining; one array element a person.

    `home` is a city's position or -1; `gender` is what someone would answer if asked, not what is disclosed;
    `team`, `second_team`: positions or -1; `area`, `second_area`: positions. `order` lists people by home and by day
    of joining.
    """

    joined: Array
    home: Array
    channel: Array
    temperament: Array
    gender: Array
    team: Array
    second_team: Array
    area: Array
    second_area: Array
    order: Array
    sorted_keys: Array

    def __len__(self) -> int:
        return len(self.joined)

    def someone_near(self, rng: np.random.Generator, home: Array, day: Array, skew: float | Array) -> Array:
        """For each row a person of that home who had joined by the day; -1 if there is none.

        With a skew above 1 the same few long-standing people are found again and again.
        """
        base = (home.astype(np.int32) + 1) * ev.DAY_SPAN
        low = np.searchsorted(self.sorted_keys, base)
        high = np.searchsorted(self.sorted_keys, base + day.astype(np.int32) + 1)
        at = low + (rng.random(len(day)) ** skew * (high - low)).astype(np.int64)
        return np.where(high > low, self.order[np.minimum(at, len(self.order) - 1)], -1)

    def anyone(self, rng: np.random.Generator, day: Array, skew: float) -> Array:
        """For each row a person from anywhere who had joined by the day; -1 if there is none."""
        joined = np.searchsorted(self.joined, day, side="right")
        return np.where(joined > 0, (rng.random(len(day)) ** skew * joined).astype(np.int64), -1)


def person_key(number: int) -> str:
    """The key of the person at a position."""
    return f"p{number + 1:06d}"


def draw_people(timeline: Timeline, events: ev.Events, count: int, seed: int) -> People:
    """All people, more of them every year, who live where the program is active and in some places where it is not."""
    rng = stream(seed, "people")
    position = (np.arange(count) + rng.random(count)) / count
    # A few came over from before the program, in its first weeks.
    clock = timeline.work_clock[: timeline.today + 1]
    share = np.clip((position - 0.06) / 0.94, 0, 1) ** 0.72
    joined = np.where(position < 0.06, (position / 0.06 * 45).astype(np.int64), days_on_clock(clock, share * clock[-1]))
    joined = np.sort(np.minimum(joined, timeline.today))
    home = pick_within(rng, places.city_shares(timeline, seed, everywhere=0.12), timeline.quarter[joined])
    home = np.where(rng.random(count) < 0.04, NOWHERE, home)
    channel = _channels(rng, timeline, home, joined)
    joined = _joined_at_events(rng, events, home, joined, channel, timeline)
    by_day = np.argsort(joined, kind="stable")
    joined, home, channel = joined[by_day], home[by_day], channel[by_day]
    quarter = timeline.quarter[joined]
    temperament = _temperaments(rng, channel, joined / max(timeline.today, 1))
    gender = _genders(rng, home, joined / max(timeline.today, 1))
    team, second = _teams(rng, timeline, quarter, home, joined, temperament)
    _add_founders(timeline, joined, home, temperament, team)
    areas = teams.team_areas()
    any_area = cumulative((1.0, 1.4, 0.5, 0.9, 0.6, 1.1, 1.6, 0.7, 1.2, 0.6))
    drawn = np.searchsorted(any_area, rng.random((2, count)), side="right")
    area = np.where(team >= 0, areas[team], drawn[0])
    second_area = np.where(second >= 0, areas[second], drawn[1])
    # A second area is another one: that is what makes someone mission-driven.
    second_area = np.where(
        (second < 0) & (second_area == area), (area + 1 + drawn[0] % 8) % len(teams.AREAS), second_area
    )
    keys = (home.astype(np.int32) + 1) * ev.DAY_SPAN + joined.astype(np.int32)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    return People(
        joined=joined.astype(np.int16),
        home=home.astype(np.int16),
        channel=channel.astype(np.int8),
        temperament=temperament.astype(np.int8),
        gender=gender.astype(np.int8),
        team=team.astype(np.int8),
        second_team=second.astype(np.int8),
        area=area.astype(np.int8),
        second_area=second_area.astype(np.int8),
        order=order,
        sorted_keys=keys[order],
    )


def _channels(rng: np.random.Generator, timeline: Timeline, home: Array, joined: Array) -> Array:
    """Ways in: events first; online above all in the first year; spaces only where one was open."""
    opened = np.full(len(places.cities()) + 1, timeline.end + 1)
    closed = np.full(len(places.cities()) + 1, timeline.end + 1)
    for number, space in enumerate(places.SPACES):
        city = places.city_number(space.city)
        opened[city], end = places.opening(timeline, number)
        closed[city] = closed[city] if end is None else end
    online_share = 0.24 + 0.26 * np.exp(-joined / 400)
    chance = rng.random(len(home))
    channel = np.where(chance < online_share, ONLINE, EVENT)
    channel = np.where(chance > 0.965, NOT_RECORDED, np.where(chance > 0.9, MENTOR, channel))
    by_space = (channel == EVENT) & (joined >= opened[home]) & (joined < closed[home]) & (rng.random(len(home)) < 0.55)
    return np.where(by_space, SPACE, channel)


def _joined_at_events(
    rng: np.random.Generator, events: ev.Events, home: Array, joined: Array, channel: Array, timeline: Timeline
) -> Array:
    """Who came through an event joined within days of one nearby."""
    near = np.where(home < 0, ev.ONLINE_PLACE, home)
    found = events.recent(rng, near, joined.astype(np.int32), 60)
    came = ((channel == EVENT) | (channel == SPACE)) & (found >= 0)
    days = events.day[np.maximum(found, 0)].astype(np.int64) if len(events) else joined
    moved = np.minimum(days + (rng.random(len(joined)) ** 3 * 6).astype(np.int64), timeline.today)
    return np.where(came, moved, joined)


def _temperaments(rng: np.random.Generator, channel: Array, age: Floats) -> Array:
    """Temperaments by channel; conversion got better over the years as pathways were written."""
    better = np.array([0.75, 0.95, 1.1, 1.25, 1.2, 1.25, 1.15])
    found = np.zeros(len(channel), dtype=np.int64)
    for start, end in chunks(len(channel)):
        odds = _TEMPERAMENTS * _CHANNEL_ODDS[channel[start:end]]
        shares = cumulative(odds * (1 + (better - 1) * age[start:end, None]))
        found[start:end] = (shares <= rng.random(end - start)[:, None]).sum(axis=1)
    return found


def _genders(rng: np.random.Generator, home: Array, age: Floats) -> Array:
    countries = [city.country for city in places.cities()]
    ahead = {"TW": 0.06, "KE": 0.08, "BR": 0.05, "IN": -0.03, "JP": -0.08, "DE": -0.04, "ID": 0.07, "MX": 0.04}
    regional = np.array([ahead.get(country, 0.0) for country in countries] + [0.0])[home]
    women = 0.2 + 0.14 * age + regional
    chance = rng.random(len(home))
    return np.where(chance < women, WOMAN, np.where(chance < women + 0.035, OTHER, MAN))


def _teams(
    rng: np.random.Generator, timeline: Timeline, quarter: Array, home: Array, joined: Array, temperament: Array
) -> tuple[Array, Array]:
    """A team for most; a second one for some of those who stay, half of them outside code."""
    intake = teams.intake(timeline)
    # At first most newcomers find no team to join.
    none = 0.05 * intake.sum(axis=1, keepdims=True) + 1.9
    shares = cumulative(np.concatenate([intake, none], axis=1))
    found = []
    for _ in range(2):
        team = pick_within(rng, shares, quarter)
        team = np.where(team == len(teams.TEAMS), -1, team)
        for number, spec in enumerate(teams.TEAMS):
            if spec.countries:
                team = np.where((team == number) & places.mask_outside(spec.countries, home), -1, team)
        found.append(np.where((team >= 0) & (joined >= teams.started(timeline)[team]), team, -1))
    team, second = found
    stays = (temperament >= ACTIVE) & (rng.random(len(home)) < 0.6)
    return team, np.where(stays & (second != team), second, -1)


def _add_founders(timeline: Timeline, joined: Array, home: Array, temperament: Array, team: Array) -> None:
    """Give each team, in place, one or two people from about its first day; the first of them stays."""
    for number, first in enumerate(teams.started(timeline).tolist()):
        spec = teams.TEAMS[number]
        free = (
            (team < 0)
            & (joined >= first - 60)
            & (joined <= first + 240)
            & (temperament >= CASUAL)
            & (temperament < CORE)
        )
        if spec.countries:
            free &= (home >= 0) & ~places.mask_outside(spec.countries, home)
        founders = np.flatnonzero(free)[: 2 if len(spec.entered) > 1 and len(joined) >= 500 else 1]
        team[founders] = number
        temperament[founders[:1]] = REGULAR
