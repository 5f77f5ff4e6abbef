"""Which values the filters know, and the nearest names for one that they do not: an unknown value is no answer of 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Connection, Select, select, union

from data_access.database.schema import areas, countries, event_topics, regions, spaces, teams
from data_access.geography.countries import country_code, nearest_countries
from data_access.geography.folding import fold
from data_access.geography.languages import language_tag, nearest_languages
from data_access.selection import Selection, SelectionError, escape_item, split_list
from data_access.wording import either, say

MOST_QUOTED, MOST_NEAREST = 60, 3


def _pairs(key: ColumnElement[Any], name: ColumnElement[Any] | None = None) -> Select[Any]:
    return select(key.label("key"), (key if name is None else name).label("name"))


# What each filter knows, as (key, name); a language is known by CLDR, whether or not an event is in it.
_KNOWN: Mapping[str, tuple[Select[Any], ...]] = {
    "country": (_pairs(countries.c.country, countries.c.name),),
    "region": (_pairs(regions.c.region), _pairs(countries.c.region), _pairs(countries.c.continent)),
    "area": (_pairs(areas.c.area),),
    "topic": (_pairs(event_topics.c.topic),),
    "space": (_pairs(spaces.c.space_key, spaces.c.name),),
    "team": (_pairs(teams.c.team_key, teams.c.name),),
}


def refuse_unknown(connection: Connection, selection: Selection) -> None:
    """Raises SelectionError with the nearest names for the first value of a filter that the program does not know."""
    for item in selection.narrowed_by:
        asked: tuple[str, ...] = getattr(selection, item.name)
        if item.name == "language":
            found = {tag for tag in asked if language_tag(tag)}
        elif item.choices:
            continue
        else:
            known = _known(item.name)
            found = set(connection.execute(select(known.c.key).where(known.c.key.in_(asked))).scalars())
        if unknown := [value for value in asked if value not in found]:
            raise _unknown(item.name, unknown[0], {} if item.name == "language" else _names(connection, item.name))


def by_name(connection: Connection, query: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a selection with the key of each value that is written as its name: DE for “Germany”.

    Raises SelectionError with the nearest names for a value that the program does not know.
    """
    return {
        name: ",".join(escape_item(_key_of(connection, name, text)) for text in split_list(values))
        if name in _KNOWN or name == "language"
        else values
        for name, values in query.items()
    }


def nearest(text: str, names: Mapping[str, str]) -> list[str]:
    """The names (key → name) that look most like the text, best first."""
    spelled = {key: fold(name) for key, name in names.items()}
    found = process.extract(fold(text[:MOST_QUOTED]), spelled, scorer=fuzz.WRatio, limit=MOST_NEAREST)
    return list(dict.fromkeys(names[key] for _, _, key in found))


def _known(name: str) -> Any:
    return union(*_KNOWN[name]).subquery("known") if len(_KNOWN[name]) > 1 else _KNOWN[name][0].distinct().subquery()


def _names(connection: Connection, name: str) -> dict[str, str]:
    known = _known(name)
    return {row.key: row.name for row in connection.execute(select(known.c.key, known.c.name))}


def _key_of(connection: Connection, name: str, text: str) -> str:
    if name == "language":
        if tag := language_tag(text):
            return tag
        raise _unknown(name, text, {})
    names = _names(connection, name)
    if text in names:
        return text
    if name == "country" and (code := country_code(text)):
        return code
    same = [key for key, own in names.items() if fold(text) in (fold(own), fold(key))]
    if not same:
        raise _unknown(name, text, names)
    return same[0]


def _unknown(name: str, value: str, names: Mapping[str, str]) -> SelectionError:
    found = nearest_languages(value[:MOST_QUOTED]) if name == "language" else nearest(value, names)
    if name == "country":
        found = nearest_countries(value[:MOST_QUOTED])  # it knows their other names as well
    hint = "{value} is not a known {filter}. Did you mean {nearest}?" if found else "{value} is not a known {filter}."
    return SelectionError(say(hint, value=repr(value[:MOST_QUOTED]), filter=name, nearest=either(found)))
