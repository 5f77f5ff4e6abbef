"""Names of countries and languages in every language CLDR knows, read straight from babel's own files."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.localedata import locale_identifiers, resolve_locale_filename

# Besides one locale a language and script, these have own names that differ from their language's.
_REGIONAL_LOCALES = frozenset(
    {"de_AT", "de_CH", "en_AU", "en_GB", "es_419", "es_MX", "fr_CA", "fr_CH", "nl_BE", "pt_PT"}
)


@dataclass(frozen=True, slots=True)
class NamesOfLocale:
    """What one locale calls things: its language code, and names by territory code and by language code."""

    language: str
    territories: dict[str, str]
    languages: dict[str, str]


@lru_cache(maxsize=1)
def names_of_locales() -> tuple[NamesOfLocale, ...]:
    """One entry a locale with names of its own; half a second once, then kept."""
    return tuple(_read_all())


def _read_all() -> Iterator[NamesOfLocale]:
    for identifier in locale_identifiers():
        parts = identifier.split("_")
        if identifier in _REGIONAL_LOCALES or len(parts) == 1 or (len(parts) == 2 and len(parts[1]) == 4):
            # Locale.parse would merge, and keep, every locale whole: three times the time and 150 MB for good.
            with Path(resolve_locale_filename(identifier)).open("rb") as stream:
                data: dict[str, Any] = pickle.load(stream)  # noqa: S301 - installed with babel
            territories, languages = data.get("territories", {}), data.get("languages", {})
            if territories or languages:
                yield NamesOfLocale(
                    parts[0],
                    {code: name for code, name in territories.items() if isinstance(name, str) and name != code},
                    {code: name for code, name in languages.items() if isinstance(name, str) and name != code},
                )
