"""The operator's own list of places: consulted first, for what gazetteers get wrong or cannot know."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from geopy.location import Location
from geopy.point import Point

from data_access.geography.countries import country_code, nearest_countries
from data_access.geography.folding import place_key

COLUMNS = ("city", "state", "country", "latitude", "longitude")
_LIMITS = {"latitude": 90.0, "longitude": 180.0}


class OverridesRefused(ValueError):
    """The override file cannot be used; `problems` names every line, column, value and remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Override:
    name: str
    country: str | None
    latitude: float
    longitude: float


def read_overrides(path: str | Path) -> OverrideGeocoder:
    """The operator's file as a geocoder; OverridesRefused, with every problem, where it cannot be used."""
    return OverrideGeocoder.from_csv(Path(path))


class OverrideGeocoder:
    """Answers from the operator's list alone, and only for the very city, state and country it names.

    Spelling is compared as everywhere (case, accents, punctuation and "St." do not matter), and "Austin, TX" in the
    city's cell is the same as city "Austin" with state "TX". An entry without a country is for queries without one.
    """

    def __init__(self, entries: Mapping[tuple[str, str | None], _Override]) -> None:
        self._entries = dict(entries)

    def __len__(self) -> int:
        return len(self._entries)

    @classmethod
    def from_csv(cls, path: Path) -> OverrideGeocoder:
        """Reads city, state, country, latitude, longitude (degrees, with a decimal point) from a UTF-8 CSV file.

        State and country may be empty. Raises OverridesRefused with all problems at once.
        """
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
                if missing:
                    raise OverridesRefused(
                        [
                            f"{path.name}, line 1: column {', '.join(missing)} is missing; "
                            f"the header must be {','.join(COLUMNS)}"
                        ]
                    )
                rows = [(reader.line_num, row) for row in reader]
        except FileNotFoundError as cause:
            raise OverridesRefused([f"{path} does not exist; create it with the header {','.join(COLUMNS)}"]) from cause
        except (UnicodeDecodeError, csv.Error) as cause:
            raise OverridesRefused([f"{path.name} is not a UTF-8 CSV file ({cause}); save it as CSV UTF-8"]) from cause
        entries: dict[tuple[str, str | None], _Override] = {}
        problems: list[str] = []
        for line, row in rows:
            cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
            if any(cells.values()):
                found, wrong = _entry(cells)
                problems += [f"{path.name}, line {line}, column {problem}" for problem in wrong]
                if found is not None:
                    key = _key(cells["city"], cells["state"], found.country)
                    if entries.setdefault(key, found) != found:
                        problems.append(
                            f"{path.name}, line {line}, column city: {cells['city']!r} stands here a second time "
                            "with another position; keep one of the lines"
                        )
        if problems:
            raise OverridesRefused(problems)
        return cls(entries)

    def geocode(self, query: str | Mapping[str, str | None]) -> Location | None:
        """The listed position of exactly this place, or None."""
        if isinstance(query, str):
            found = self._entries.get(_key(query, "", None))
            head, comma, tail = query.rpartition(",")
            if found is None and comma:
                found = self._entries.get(_key(head, "", country_code(tail)))
        else:
            text = (query.get("country") or "").strip()
            country = country_code(text) if text else None
            if text and country is None:
                return None
            found = self._entries.get(_key(query.get("city") or "", query.get("state") or "", country))
        if found is None:
            return None
        raw = {
            "source": "override",
            "geonameid": None,
            "name": found.name,
            "country": found.country,
            "admin1": None,
            "population": None,
            "confidence": 1.0,
            "ambiguous": False,
            "match": "name",
            "note": None,
        }
        return Location(found.name, Point(found.latitude, found.longitude), raw)


def _key(city: str, state: str, country: str | None) -> tuple[str, str | None]:
    return place_key(f"{city} {state}"), country


def _entry(cells: dict[str, str]) -> tuple[_Override | None, list[str]]:
    """The entry of a row, or None with what is wrong in which column and how to mend it."""
    problems: list[str] = []
    if not place_key(cells["city"]):
        problems.append(f"city: {cells['city']!r} names no place; write the city as the data has it")
    country = country_code(cells["country"]) if cells["country"] else None
    if cells["country"] and country is None:
        nearest = ", ".join(nearest_countries(cells["country"]))
        asked = f"did you mean {nearest}?" if nearest else "give an ISO 3166 code such as DE"
        problems.append(f"country: {cells['country']!r} is no country; {asked}")
    degrees: dict[str, float] = {}
    for column, limit in _LIMITS.items():
        try:
            value = float(cells[column])
        except ValueError:
            problems.append(f"{column}: {cells[column]!r} is not a number; write decimal degrees such as 52.52")
            continue
        if not isfinite(value) or abs(value) > limit:
            problems.append(
                f"{column}: {cells[column]!r} is not between -{limit:g} and {limit:g}; write decimal degrees"
            )
        degrees[column] = value
    if problems:
        return None, problems
    return _Override(cells["city"], country, degrees["latitude"], degrees["longitude"]), []
