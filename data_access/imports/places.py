"""Places of events: each is looked up once, kept in `places` with source and confidence, and re-tried on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    MetaData,
    Row,
    String,
    Table,
    Text,
    case,
    exists,
    func,
    insert,
    not_,
    null,
    select,
    update,
)

from data_access.database import schema
from data_access.database.bulk import BulkInserter
from data_access.geography.gazetteer import open_gazetteer
from data_access.geography.geocoder import GazetteerGeocoder
from data_access.geography.place_query import PlaceQuery
from data_access.geography.places import Locator, PlaceRow
from data_access.imports.validate import PLACE_COLUMNS, fingerprint, place_key

Report = Callable[[str, int, int | None], None]
LocatorFactory = Callable[[], Locator]

_PLACE_FIELDS = [column.name for column in schema.places.c if column.name != "place_id"]


def offline_locator(report: Report) -> Locator:
    """The default: the gazetteer's index, built on first use."""
    gazetteer = open_gazetteer(
        progress=lambda done, total, what: report(f"Building the place index: {what}", done, total)
    )
    return Locator([GazetteerGeocoder(gazetteer)])


def locate_staged(connection: Connection, staged: Table, factory: LocatorFactory | None, report: Report) -> int:
    """Look up the staged events' places that `places` does not have yet; returns how many were looked up."""
    places, columns = schema.places, staged.c
    unknown = not_(exists(select(places.c.place_id).where(places.c.place_key == columns.place_key)))
    wanted = connection.execute(
        select(columns.place_key, *(func.min(columns[name]).label(name) for name in PLACE_COLUMNS))
        .where(columns.place_key.is_not(None), unknown)
        .group_by(columns.place_key)
        .order_by(columns.place_key)
    ).all()
    if wanted:
        locator = factory() if factory else offline_locator(report)
        found = _located(locator, wanted, report)
        for chunk in _chunks(found, 1_000):
            connection.execute(insert(places), chunk)
    return len(wanted)


def _located(locator: Locator, wanted: Iterable[Row[Any]], report: Report) -> Iterator[dict[str, Any]]:
    rows = list(wanted)
    for number, row in enumerate(rows, start=1):
        query = PlaceQuery(row.city, row.state, row.country, row.latitude, row.longitude)
        yield place_values(row.place_key, locator.locate(query))
        if number % 100 == 0 or number == len(rows):
            report("Locating places", number, len(rows))


def place_values(key: str, located: PlaceRow) -> dict[str, Any]:
    """The row for `places`: what the locator found, under the key that the import looks up."""
    values = {name: value for name, value in asdict(located).items() if name in _PLACE_FIELDS}
    return {**values, "place_key": key}


def _chunks(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def relocate(connection: Connection, staged: Table, factory: LocatorFactory | None, report: Report) -> None:
    """Recompute place and fingerprint of staged events whose source gave only some of the columns they depend on."""
    events, places = schema.events, schema.places
    work = Table(
        "relocated_events",
        MetaData(),
        Column("event_key", String(200), primary_key=True),
        Column("place_key", String(700)),
        Column("fingerprint", String(16)),
        *(Column(name, Float if name in ("latitude", "longitude") else Text) for name in PLACE_COLUMNS),
        prefixes=["TEMPORARY"],
    )
    work.create(connection)
    whole = select(
        events.c.event_key, events.c.title, events.c.starts_on, events.c.mode, *(events.c[n] for n in PLACE_COLUMNS)
    )
    rows = connection.execute(whole.where(events.c.event_key.in_(select(staged.c.event_key))))
    BulkInserter(connection, work).stream(_keyed(rows))
    locate_staged(connection, work, factory, report)
    own = work.c.event_key == events.c.event_key
    place = select(places.c.place_id).join_from(work, places, places.c.place_key == work.c.place_key).where(own)
    country = (
        select(places.c.located_country).join_from(work, places, places.c.place_key == work.c.place_key).where(own)
    )
    connection.execute(
        update(events)
        .where(events.c.event_key.in_(select(work.c.event_key)))
        .values(
            place_id=place.scalar_subquery(),
            located_country=case(
                (events.c.mode == "online", null()),
                else_=func.coalesce(events.c.country, country.scalar_subquery()),
            ),
            fingerprint=select(work.c.fingerprint).where(own).scalar_subquery(),
        )
    )
    work.drop(connection)


def _keyed(rows: Iterable[Row[Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        place = tuple(row._mapping[name] for name in PLACE_COLUMNS)
        key = None if row.mode == "online" else place_key(*place)
        yield (row.event_key, key, fingerprint(row.title, row.starts_on.isoformat(), key), *place)


def retry_misses(
    connection: Connection, factory: LocatorFactory | None, report: Report, *, everything: bool = False
) -> tuple[int, int]:
    """Look up again what was not found (or `everything`); returns (looked up, now located that were not before)."""
    places, events = schema.places, schema.events
    misses = select(places).order_by(places.c.place_id)
    if not everything:
        misses = misses.where(places.c.latitude.is_(None))
    rows = connection.execute(misses).all()
    if not rows:
        return 0, 0
    locator = factory() if factory else offline_locator(report)
    gained, touched = 0, []
    for number, row in enumerate(rows, start=1):
        query = PlaceQuery(row.city, row.state, row.country, row.given_latitude, row.given_longitude)
        values = place_values(row.place_key, locator.locate(query))
        gained += row.latitude is None and values["latitude"] is not None
        if any(values[name] != row._mapping[name] for name in _PLACE_FIELDS if name != "checked_on"):
            touched.append(row.place_id)
        connection.execute(update(places).where(places.c.place_id == row.place_id).values(**values))
        report("Locating places", number, len(rows))
    for start in range(0, len(touched), 500):
        here = select(places.c.located_country).where(places.c.place_id == events.c.place_id).scalar_subquery()
        connection.execute(
            update(events)
            .where(events.c.place_id.in_(touched[start : start + 500]), events.c.country.is_(None))
            .where(func.coalesce(events.c.mode, "") != "online")
            .values(located_country=here)
        )
    return len(rows), gained
