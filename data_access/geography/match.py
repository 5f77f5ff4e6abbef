"""A place found for a text: what it is, how sure that is, and the rules for doubting it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from data_access.geography.distances import distance_km
from data_access.geography.gazetteer import Place

Kind = Literal["name", "alias", "typo", "words", "region"]

# A namesake counts as a rival from this share of the population on, and from this distance.
RIVAL_SHARE = 5
RIVAL_KM = 50


@dataclass(frozen=True, slots=True)
class Match:
    """A place found, how it was found, how sure that is (0–1), and what a reader should know about it."""

    place: Place
    kind: Kind
    confidence: float
    ambiguous: bool = False
    note: str | None = None


def has_rival(place: Place, namesakes: Iterable[Place]) -> bool:
    """Whether another of the places is of comparable size and lies elsewhere."""
    return any(
        other.geonameid != place.geonameid
        and other.population * RIVAL_SHARE >= place.population
        and distance_km(place.latitude, place.longitude, other.latitude, other.longitude) > RIVAL_KM
        for other in namesakes
    )


def less_sure(match: Match, country: str | None) -> Match:
    """The match, with an ambiguous one trusted little, and less where no country narrows it down."""
    at_most = 1.0 if not match.ambiguous else 0.5 if country is None else 0.6
    return replace(match, confidence=round(min(match.confidence, at_most), 2))


def doubted(matches: list[Match], at_most: float, note: str | None = None, kind: Kind | None = None) -> list[Match]:
    """The same matches, no surer than given, with the reason."""
    return [
        replace(
            match,
            confidence=min(match.confidence, at_most),
            note=note if note is not None else match.note,
            kind=kind or match.kind,
        )
        for match in matches
    ]
