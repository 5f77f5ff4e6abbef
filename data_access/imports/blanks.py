"""Blank cells of people's own lists say nothing: what the program knows of a row stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update

from data_access.database import schema
from data_access.imports.rows import Problem
from data_access.imports.staging import Stage
from data_access.wording import counted

# A place is one thing: of a new town without a country the old country is not kept.
_ONE = (
    ("home_city", "home_state", "home_country", "home_latitude", "home_longitude"),
    ("venue", "city", "state", "country", "latitude", "longitude", "mode"),
)
_ROW, _ROWS = (
    "{n} row has blank cells where the program has values: these were kept",
    "{n} rows have blank cells where the program has values: these were kept",
)
_REMEDY = "To empty values, import them as a table of the data contract, where a blank cell is no value."


def keep_where_blank(stage: Stage, files: Sequence[str]) -> Iterator[Problem]:
    """Give staged rows that are known the stored values of their blank cells, and say in how many rows."""
    names = sorted(stage.blank_keeps - set(stage.contract.key))
    staged, stored = stage.table.c, stage.target.c
    if not names or stage.connection.execute(select(stage.target).limit(1)).first() is None:
        return

    def blank(name: str) -> ColumnElement[bool]:
        group = next((each for each in _ONE if name in each and name in staged), (name,))
        return and_(*(staged[each].is_(None) for each in group if each in staged))

    lost = or_(*(and_(blank(name), stored[name].is_not(None)) for name in names))
    values: dict[str, Any] = {
        name: func.coalesce(staged[name], _stored_if(blank(name), stored[name])) for name in names
    }
    if stage.name == "events":
        places = schema.places.c
        key = select(places.place_key).where(places.place_id == stored.place_id).scalar_subquery()
        values["place_key"] = func.coalesce(staged.place_key, _stored_if(blank("city"), key))
    changed = stage.connection.execute(update(stage.table).where(stage.same_key(), lost).values(values)).rowcount
    if changed:
        yield Problem(files[0], None, stage.name, None, "", counted(changed, _ROW, _ROWS), _REMEDY, "hint")


def _stored_if(condition: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((condition, value))
