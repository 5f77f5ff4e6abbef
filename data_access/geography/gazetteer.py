"""The place index, read: who is called so, what lies near a point, which states there are."""

from __future__ import annotations

import operator
import sqlite3
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, radians
from pathlib import Path
from typing import Any

from data_access.geography.distances import distance_km
from data_access.geography.folding import place_key, state_key
from data_access.geography.gazetteer_build import (
    CELL_DEGREES,
    PRIMARY,
    REGION,
    STATE_CODE,
    Progress,
    ensure_index,
)

_COLUMNS = "p.geonameid, p.name, p.country, p.admin1, p.latitude, p.longitude, p.population, p.timezone"
_ROWS, _COLUMNS_OF_CELLS = int(180 / CELL_DEGREES), int(360 / CELL_DEGREES)
_KM_A_DEGREE = 111.0
LARGE_CITY = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place of GeoNames; degrees, inhabitants (0: not known), `admin1` in GeoNames' own codes."""

    geonameid: int
    name: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    timezone: str


@dataclass(frozen=True, slots=True)
class StateEntry:
    """A spelling of a state or region: where it is, its best-known name, its chief city's id, and what is spelt."""

    country: str
    admin1: str
    name: str
    chief: int
    kind: int


@dataclass(frozen=True, slots=True)
class NameList:
    """The primary names of one country (or of all), largest place first: four columns of equal length."""

    keys: tuple[str, ...]
    geonameids: tuple[int, ...]
    admin1: tuple[str, ...]
    populations: tuple[int, ...]

    def down_to(self, population: int) -> Sequence[str]:
        """The keys of the places with so many inhabitants; their indexes fit the other columns."""
        return self.keys[: bisect_right(self.populations, -population, key=operator.neg)]


def open_gazetteer(folder: Path | None = None, progress: Progress | None = None) -> Gazetteer:
    """The gazetteer of this machine, built first where it is missing; see `ensure_index`."""
    return Gazetteer(ensure_index(folder, progress))


class Gazetteer:
    """Read-only access to a finished index; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        # The file is never changed in place (a new one is renamed over it), so SQLite may skip all locking.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self.named = lru_cache(maxsize=20_000)(self._named)
        self.names_in = lru_cache(maxsize=None)(self._names_in)  # one a country, 25 MB in all
        self._states = self._read_states()

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        with self._lock:
            self._connection.close()

    def place(self, geonameid: int) -> Place:
        """The place with this id; KeyError where the index has none."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM places p WHERE p.geonameid = ?", (geonameid,))  # noqa: S608 - constants
        if not rows:
            raise KeyError(geonameid)
        return Place(*rows[0])

    def _named(self, key: str) -> tuple[tuple[Place, bool], ...]:
        """(place, is its primary name) of all places with this name key, largest first."""
        rows = self._rows(
            f"SELECT {_COLUMNS}, n.kind FROM names n JOIN places p USING (geonameid) "  # noqa: S608 - constants
            "WHERE n.key = ? ORDER BY p.population DESC, p.geonameid",
            (key,),
        )
        return tuple((Place(*row[:-1]), row[-1] == PRIMARY) for row in rows)

    def _names_in(self, country: str | None) -> NameList:
        """All primary names of a country, for searches that need them at once; without a country, of large cities."""
        rows = (
            self._rows("SELECT name, geonameid, admin1, population FROM places WHERE country = ?", (country,))
            if country is not None
            else self._rows(
                "SELECT name, geonameid, admin1, population FROM places WHERE population >= ?", (LARGE_CITY,)
            )
        )
        rows.sort(key=lambda row: (-row[3], row[1]))
        return NameList(
            tuple(place_key(row[0]) for row in rows),
            tuple(row[1] for row in rows),
            tuple(row[2] for row in rows),
            tuple(row[3] for row in rows),
        )

    def states(self, text: str, country: str | None = None) -> tuple[StateEntry, ...]:
        """The states a text may mean, as code or name, of one country or of all."""
        return tuple(entry for entry in self._entries(text, country) if entry.kind != REGION)

    def regions(self, text: str, country: str | None = None) -> tuple[StateEntry, ...]:
        """The states and smaller regions with this name (not code), of one country or of all."""
        return tuple(entry for entry in self._entries(text, country) if entry.kind != STATE_CODE)

    def _entries(self, text: str, country: str | None) -> tuple[StateEntry, ...]:
        found = self._states.get(state_key(text), ())
        return found if country is None else tuple(entry for entry in found if entry.country == country)

    def state_name(self, country: str, admin1: str) -> str | None:
        """The best-known name of the state with GeoNames' code, where the table of states has it."""
        return self._state_names.get((country, admin1))

    def nearest(
        self, latitude: float, longitude: float, within_km: float = 500, country: str | None = None
    ) -> tuple[Place, float] | None:
        """The nearest place (of a country) to a point in degrees and its distance in km; None: nothing is so near."""
        rings = 1
        while True:
            best = min(
                (
                    (distance_km(latitude, longitude, *point), geonameid)
                    for *point, geonameid, its_country in self._around(latitude, longitude, rings)
                    if country is None or its_country == country
                ),
                default=None,
            )
            # Everything nearer than this lies in the cells looked at; a place farther off may have a nearer rival.
            covered = rings * CELL_DEGREES * _KM_A_DEGREE
            if best is not None and best[0] <= min(covered, within_km):
                return self.place(best[1]), best[0]
            if covered >= within_km:
                return None
            rings *= 2

    def countries_within(self, latitude: float, longitude: float, km: float) -> set[str]:
        """The countries with a place within so many km of a point in degrees."""
        rings = ceil(km / (CELL_DEGREES * _KM_A_DEGREE))
        return {
            country
            for *point, _, country in self._around(latitude, longitude, rings)
            if distance_km(latitude, longitude, *point) <= km
        }

    def urban_places(self, min_population: int = 15_000) -> Iterator[Place]:
        """All places with so many inhabitants, largest first."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM places p WHERE p.population >= ? "  # noqa: S608 - constants
            "ORDER BY p.population DESC, p.geonameid",
            (min_population,),
        )
        return (Place(*row) for row in rows)

    def _around(self, latitude: float, longitude: float, rings: int) -> Iterator[tuple[Any, ...]]:
        """(latitude, longitude, geonameid, country) of all places in so many rings of cells around a point."""
        row = int((latitude + 90) // CELL_DEGREES)
        column = int(((longitude + 180) % 360) // CELL_DEGREES)
        polewards = min(89.5, abs(latitude) + rings * CELL_DEGREES)
        width = min(_COLUMNS_OF_CELLS // 2, ceil(rings / cos(radians(polewards))))
        first, last = column - width, column + width
        # Cells are numbered along a row, so a row is one range, or two where it crosses the date line.
        ranges = [(max(first, 0), min(last, _COLUMNS_OF_CELLS - 1))]
        if first < 0:
            ranges.append((first + _COLUMNS_OF_CELLS, _COLUMNS_OF_CELLS - 1))
        if last >= _COLUMNS_OF_CELLS:
            ranges.append((0, last - _COLUMNS_OF_CELLS))
        query = "SELECT latitude, longitude, geonameid, country FROM places WHERE cell BETWEEN ? AND ?"
        for near_row in range(max(row - rings, 0), min(row + rings, _ROWS) + 1):
            start = near_row * _COLUMNS_OF_CELLS
            for low, high in ranges:
                yield from self._rows(query, (start + low, start + high))

    def _read_states(self) -> dict[str, tuple[StateEntry, ...]]:
        found: dict[str, tuple[StateEntry, ...]] = {}
        self._state_names: dict[tuple[str, str], str] = {}
        for country, key, admin1, name, kind, chief in self._rows("SELECT * FROM states", ()):
            found[key] = (*found.get(key, ()), StateEntry(country, admin1, name, chief, kind))
            if kind != REGION:
                self._state_names[country, admin1] = name
        return found

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()
