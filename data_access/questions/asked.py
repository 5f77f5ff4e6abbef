"""Countries and languages in the options of questions: by code or name, or an error that names the nearest."""

from __future__ import annotations

from data_access.geography.countries import country_code, nearest_countries
from data_access.geography.language_reach import base_language
from data_access.geography.languages import language_tag, nearest_languages
from data_access.selection import SelectionError
from data_access.wording import say

MOST_QUOTED = 60


def country_asked(text: str) -> str:
    """The country's code. Raises SelectionError with the nearest names."""
    code = country_code(text)
    if code is None:
        nearest = ", ".join(nearest_countries(text[:MOST_QUOTED]))
        hint = "Did you mean {nearest}?" if nearest else "Write it like DE or Germany."
        raise SelectionError(f"{text[:MOST_QUOTED]!r} is not a country. {say(hint, nearest=nearest)}")
    return code


def language_asked(text: str) -> str:
    """The language without country or script: "en" for "British English". Raises SelectionError with the nearest."""
    tag = language_tag(text)
    if tag is None:
        nearest = ", ".join(nearest_languages(text[:MOST_QUOTED]))
        hint = "Did you mean {nearest}?" if nearest else "Write it like en, pt-BR or Swahili."
        raise SelectionError(f"{text[:MOST_QUOTED]!r} is not a known language. {say(hint, nearest=nearest)}")
    return base_language(tag)


def languages_asked(text: str) -> frozenset[str]:
    """The languages of a list such as "en,es,Swahili"."""
    return frozenset(language_asked(part) for part in text.split(",") if part.strip())
