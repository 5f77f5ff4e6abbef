"""Where things happen: the cities of the sample, its twelve community spaces, and how activity moves among them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from sample_data.draws import Array, Floats, cumulative, stream
from sample_data.timeline import Timeline

HERE = Path(__file__).parent
VENUES_PER_CITY = 5
EARTH_RADIUS_KM = 6371.0

# Growth came mostly from these; the countries the program began in grew more slowly.
_GROWING = {
    "IN": 2.4,
    "BR": 1.7,
    "ID": 2.6,
    "KE": 2.8,
    "MX": 1.6,
    "PH": 2.0,
    "GH": 2.2,
    "TR": 1.6,
    "CO": 1.7,
    "TW": 1.3,
}
_FADING = {"US": 0.75, "DE": 0.85, "GB": 0.85, "FR": 0.8, "CA": 0.8, "RU": 0.15, "CN": 0.6, "NZ": 0.6}


@dataclass(frozen=True, slots=True)
class City:
    """A city with its point (degrees), inhabitants, BCP-47 languages and the program's weight there."""

    name: str
    state: str
    country: str
    latitude: float
    longitude: float
    population: int
    languages: tuple[str, ...]
    weight: float
    local_name: str


@dataclass(frozen=True, slots=True)
class Space:
    """A community space; months count from the program's first month, `pace` is its activity against the average."""

    key: str
    name: str
    city: str
    opened: int
    pace: float
    closed: int | None = None
    pilot_days: int | None = None
    # Whether somebody looks after each side of it.
    technical: bool = True
    community: bool = True


SPACES = (
    Space("berlin", "Community Space Berlin", "Berlin", -20, 1.45),
    Space("london", "Community Space London", "London", -31, 1.10),
    Space("san-francisco", "Community Space San Francisco", "San Francisco", -44, 1.05),
    Space("taipei", "台北社群空間", "Taipei", -8, 1.25),
    Space("toronto", "Community Space Toronto", "Toronto", -15, 0.80),
    Space("portland", "Community Space Portland", "Portland", -3, 0.60, technical=False),
    Space("auckland", "Community Space Auckland", "Auckland", 1, 0.45, closed=38),
    Space("tokyo", "コミュニティスペース東京", "Tokyo", 5, 0.70, technical=False, community=False),
    Space("sao-paulo", "Espaço Comunitário São Paulo", "São Paulo", 9, 1.00),
    Space("bengaluru", "Community Space Bengaluru", "Bengaluru", 14, 1.40),
    Space("paris", "Espace communautaire Paris", "Paris", 20, 0.95, pilot_days=90),
    Space("nairobi", "Nairobi Community Space", "Nairobi", 57, 1.30, pilot_days=90),
)
SPACE_SHARE = 0.5  # of all events, while every space is open


@cache
def cities() -> tuple[City, ...]:
    """The cities of cities.csv, in file order; other modules refer to them by position."""
    with (HERE / "cities.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            City(
                row["city"],
                row["state"],
                row["country"],
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["population"]),
                tuple(row["languages"].split(";")),
                float(row["weight"]),
                row["local_name"],
            )
            for row in csv.DictReader(file)
        )


@cache
def city_number(name: str) -> int:
    """The position of the city of that name; names of spaces' cities are unique in the file."""
    return next(number for number, city in enumerate(cities()) if city.name == name)


def points() -> tuple[Floats, Floats]:
    """Latitudes and longitudes of all cities, in degrees."""
    return np.array([c.latitude for c in cities()]), np.array([c.longitude for c in cities()])


def venue_points() -> Floats:
    """Coordinates (cities x venues x 2, degrees): a few fixed venues within some kilometres of each centre."""
    rng = stream(0, "venues")
    latitudes, longitudes = points()
    around = rng.uniform(-0.028, 0.028, (len(latitudes), VENUES_PER_CITY, 2))
    centres = np.stack([latitudes, longitudes], axis=1)[:, None, :]
    return np.asarray(np.round(centres + around, 4))


def distance_km(a: int, b: int) -> float:
    """Great-circle distance between two cities."""
    latitudes, longitudes = (np.radians(values[[a, b]]) for values in points())
    inner = np.sin((latitudes[1] - latitudes[0]) / 2) ** 2
    inner += np.cos(latitudes[0]) * np.cos(latitudes[1]) * np.sin((longitudes[1] - longitudes[0]) / 2) ** 2
    return float(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(inner)))


def city_shares(timeline: Timeline, seed: int, *, everywhere: float = 0.0) -> Floats:
    """Cumulative shares of the cities (quarters x cities): late starters, fading and growing countries, ups and downs.

    `everywhere` is added to every weight, so that people can live where no event was ever held.
    """
    rng = stream(seed, "cities")
    count, quarters = len(cities()), timeline.quarters
    base = np.array([city.weight for city in cities()])
    first = np.where(rng.random(count) < np.clip(base / 2.5, 0.25, 0.95), 0, rng.integers(1, 15, count))
    last = np.where(rng.random(count) < 0.1, rng.integers(8, quarters, count), quarters)
    age = np.arange(quarters)[:, None] / max(quarters - 1, 1)
    ends = np.array([_GROWING.get(c.country, _FADING.get(c.country, 1.0)) for c in cities()])
    trend = 1.0 + (ends - 1.0) * age
    yearly = rng.uniform(0.55, 1.5, (quarters // 4 + 1, count))[np.arange(quarters) // 4]
    open_now = (np.arange(quarters)[:, None] >= first) & (np.arange(quarters)[:, None] < last)
    return cumulative(base * trend * yearly * open_now + everywhere)


def space_shares(timeline: Timeline) -> tuple[Floats, Floats]:
    """Cumulative shares of the spaces (quarters x spaces), and the share of events held at any space by quarter."""
    paces = np.zeros((timeline.quarters, len(SPACES)))
    for quarter in range(timeline.quarters):
        begin, after = timeline.quarter_bounds(quarter)
        for number, space in enumerate(SPACES):
            opened, closed = opening(timeline, number)
            open_days = min(after, closed if closed is not None else after) - max(begin, opened)
            paces[quarter, number] = space.pace * max(open_days, 0) / (after - begin)
    full = sum(space.pace for space in SPACES)
    return cumulative(paces), np.asarray(SPACE_SHARE * paces.sum(axis=1) / full)


def opening(timeline: Timeline, number: int) -> tuple[int, int | None]:
    """First day of a space, and the day it closed."""
    space = SPACES[number]
    opened = timeline.month(space.opened, 5 + 2 * number % 20)
    return opened, None if space.closed is None else timeline.month(space.closed, 28)


def mask_outside(countries: tuple[str, ...], place: Array) -> Array:
    """Which rows lie outside the countries; online rows (-1) do not."""
    inside = np.array([city.country in countries for city in cities()] + [True])
    return np.asarray(~inside[place])
