"""Words for events and materials: topics, titles and venues in fourteen languages, and languages for each city."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from sample_data.places import HERE, City, cities
from sample_data.teams import AREAS

# Languages that have titles of their own, by primary tag; events in others carry English titles, as most do.
WRITTEN = ("en", "es", "fr", "de", "pt", "it", "pl", "tr", "id", "hi", "ar", "ja", "zh-Hans", "zh-Hant")
_ONLINE = {"en": "online", "es": "en línea", "fr": "en ligne", "de": "online", "pt": "online", "it": "online",
           "pl": "online", "tr": "çevrimiçi", "id": "daring", "hi": "ऑनलाइन", "ar": "عبر الإنترنت", "ja": "オンライン",
           "zh-Hans": "线上", "zh-Hant": "線上"}  # fmt: skip
_OWN_SCRIPT = frozenset({"hi", "ar", "ja", "zh-Hans", "zh-Hant"})


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's tag, its area's position, and its name by written language."""

    tag: str
    area: int
    names: dict[str, str]


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, those of an area side by side."""
    with (HERE / "topics.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Topic(row["topic"], AREAS.index(row["area"]), {language: row[language] for language in WRITTEN})
            for row in csv.DictReader(file)
        )


@cache
def templates() -> dict[tuple[str, str], tuple[str, ...]]:
    """Title templates by (language, format); {t} topic, {c} city, {n} running number, {y} year."""
    with (HERE / "templates.csv").open(encoding="utf-8", newline="") as file:
        return {(row["language"], row["format"]): tuple(row["templates"].split("|")) for row in csv.DictReader(file)}


@cache
def templates_without_city() -> dict[tuple[str, str], tuple[str, ...]]:
    """The title templates that need no city, for online events."""
    return {key: tuple(text for text in texts if "{c}" not in text) for key, texts in templates().items()}


@cache
def venues() -> dict[str, tuple[str, ...]]:
    """Names of venues by written language; {c} is the city."""
    with (HERE / "venues.csv").open(encoding="utf-8", newline="") as file:
        return {row["language"]: tuple(row["venues"].split("|")) for row in csv.DictReader(file)}


def written(tag: str) -> str:
    """The written language for a BCP-47 tag; English where there is none."""
    if tag in WRITTEN:
        return tag
    primary = tag.partition("-")[0]
    return primary if primary in WRITTEN else "en"


def city_in(city: City | None, language: str) -> str:
    """The city's name as a title in that language has it; without a city, the word for online."""
    if city is None:
        return _ONLINE[language]
    latin = city.local_name.isascii() or max(city.local_name) < "\u0250"
    if city.local_name and (latin if language not in _OWN_SCRIPT else not latin):
        return city.name if language == "en" else city.local_name
    return city.name


@dataclass(frozen=True, slots=True)
class Voice:
    """The languages an event is held in (as the contract's list), and the language of its title."""

    tags: str
    title: str


def _voices_of(languages: tuple[str, ...]) -> tuple[tuple[Voice, ...], tuple[float, ...]]:
    first, rest = languages[0], languages[1:]
    found = [(Voice(first, written(first)), 0.72)]
    for other in rest:
        found += [(Voice(other, written(other)), 0.16), (Voice(f"{first};{other}", written(first)), 0.10)]
    if "en" not in languages:
        # Meet-ups with guests are announced in English; some are held in two languages.
        found += [(Voice("en", "en"), 0.07), (Voice(f"{first};en", written(first)), 0.07), (Voice(first, "en"), 0.05)]
    return tuple(voice for voice, _ in found), tuple(weight for _, weight in found)


_ONLINE_VOICES = (
    ("en", 30), ("es", 12), ("pt-BR", 9), ("fr", 8), ("de", 6), ("hi;en", 5), ("zh-Hant", 4), ("id", 4), ("ja", 3),
    ("it", 2), ("pl", 2), ("tr", 2), ("ar", 2), ("en;fr", 2), ("en;es", 2), ("sw;en", 1), ("ko", 1), ("vi", 1),
    ("uk", 1), ("ru", 1), ("ta;en", 1), ("ne", 1),
)  # fmt: skip


@cache
def voices() -> tuple[tuple[tuple[Voice, ...], tuple[float, ...]], ...]:
    """For each city the voices of its events with their weights; the last entry is for online events."""
    online = tuple(Voice(tags, written(tags.partition(";")[0])) for tags, _ in _ONLINE_VOICES)
    return (
        *(_voices_of(city.languages) for city in cities()),
        (online, tuple(float(weight) for _, weight in _ONLINE_VOICES)),
    )
