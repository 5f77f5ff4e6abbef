"""The filters: each narrows events, with its field and URL parameter, its words, and its SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from data_access.contract.tables import MODES, SCALES
from data_access.database.schema import countries, event_languages, event_topics, events, regions


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow events: its field and URL parameter, its words, and its SQL."""

    name: str
    label: str
    words: str
    condition: Callable[[tuple[str, ...]], ColumnElement[bool]]
    choices: tuple[str, ...] = ()


def countries_in(values: Collection[str]) -> Select[Any]:
    """The codes of the countries of regions: the program's own, of UN M49's those it does not redraw, or continents.

    A region of the program's that is called like a continent is meant before the continent.
    """
    redrawn, own = select(regions.c.country), select(regions.c.region)
    named = select(regions.c.country).where(regions.c.region.in_(values))
    standard = and_(countries.c.region.in_(values), countries.c.country.not_in(redrawn))
    whole = and_(countries.c.continent.in_(values), countries.c.continent.not_in(own))
    return select(countries.c.country).where(or_(countries.c.country.in_(named), standard, whole))


def in_languages(tag: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a tag is one of the languages, with whatever country or script: "pt-BR" is Portuguese."""
    return or_(tag.in_(values), *(tag.startswith(f"{value}-", autoescape=True) for value in values))


FILTERS: tuple[Filter, ...] = (
    Filter("country", "Country", "in {}", lambda values: events.c.located_country.in_(values)),
    Filter("region", "Region", "in {}", lambda values: events.c.located_country.in_(countries_in(values))),
    Filter("mode", "How it is held", "held {}", lambda values: events.c.mode.in_(values), MODES),
    Filter("scale", "Scale", "of {} scale", lambda values: events.c.scale.in_(values), SCALES),
    Filter("area", "Focus area", "for {}", lambda values: events.c.area.in_(values)),
    Filter(
        "topic",
        "Topic",
        "about {}",
        lambda values: events.c.event_key.in_(select(event_topics.c.event_key).where(event_topics.c.topic.in_(values))),
    ),
    Filter(
        "language",
        "Language",
        "in {}",
        lambda values: events.c.event_key.in_(
            select(event_languages.c.event_key).where(in_languages(event_languages.c.language, values))
        ),
    ),
    Filter("space", "Space", "at {}", lambda values: events.c.space_key.in_(values)),
    Filter("team", "Team", "by {}", lambda values: events.c.team_key.in_(values)),
)
