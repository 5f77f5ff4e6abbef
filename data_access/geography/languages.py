"""Languages: from a tag, an ISO 639 code or a name to one normal BCP-47 tag."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from babel.localedata import locale_identifiers
from rapidfuzz import fuzz, process

from data_access.geography.cldr_names import names_of_locales
from data_access.geography.countries import country, english_country_code
from data_access.geography.folding import fold

_TAG = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*$")
_NAME_AND_PLACE = re.compile(r"^([^()]+?)\s*\(([^()]+)\)$")
# Special codes of ISO 639-2 ("several", "none", "unknown") say nothing about which language; qaa–qtz are private.
_NOT_A_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "root"})
# The everyday code for the standard form of a group of languages: one language, not two, in every count.
_EVERYDAY = {"cmn": "zh", "arb": "ar", "swh": "sw", "pes": "fa", "zsm": "ms", "ekk": "et", "lvs": "lv", "npi": "ne"}
_MORE_NAMES = {
    "castellano": "es",
    "castilian": "es",
    "mandarin": "zh",
    "putonghua": "zh",
    "brazilian portuguese": "pt-BR",
    "portugues do brasil": "pt-BR",
    "portugues brasileiro": "pt-BR",
    "kreyol": "ht",
    "gaelic": "gd",
    "bahasa indonesia": "id",
    "bahasa melayu": "ms",
    "british english": "en-GB",
    "us english": "en-US",
}


@lru_cache(maxsize=4096)
def language_tag(text: str) -> str | None:
    """The normalised BCP-47 tag ("pt-br" → "pt-BR", "deu" → "de"), or None for what is no language.

    Takes tags, ISO 639-1, -2 and -3 codes, and names in English or in the language itself; for languages with a CLDR
    locale also names in other languages ("Englisch"). Unknown codes, private-use codes and "several languages" (mul)
    are None; so is a tag whose country does not exist.
    """
    text = text.strip()
    if _TAG.match(text):
        found = _normal_tag(text)
        if found is not None:
            return found
    key = fold(text)
    if len(key) < 2 or (key.isascii() and len(key) < 3):
        return None
    found = _MORE_NAMES.get(key) or _english_names().get(key)
    if found is None and (bracketed := _NAME_AND_PLACE.match(text)):
        base, place = language_tag(bracketed[1]), english_country_code(bracketed[2])
        found = _normal_tag(f"{base}-{place}") if base and place else None
    return found or _names_anywhere().get(key)


def english_language_tag(text: str) -> str | None:
    """The tag of a language by its English name alone: other names would load all of CLDR, a second, for any word."""
    return _english_names().get(fold(text))


def language_name(tag: str) -> str:
    """The English name of a tag, such as "Portuguese (Brazil)"; the tag itself where there is none."""
    return _language_name(tag)


@lru_cache(maxsize=4096)
def _language_name(tag: str) -> str:
    normal = _normal_tag(tag) if _TAG.match(tag) else None
    if normal is None:
        return tag
    names = Locale("en").languages
    whole = names.get(normal.replace("-", "_"))
    if whole is not None:
        return str(whole)
    import langcodes  # not before a tag needs it: its tables take a tenth of a second to load

    language = langcodes.Language.get(normal)
    base = names.get(language.language or "")
    if base is None:
        return str(language.display_name("en"))
    where = country(language.territory) if language.territory else None
    details = [
        Locale("en").scripts.get(language.script, language.script) if language.script else None,
        where.name if where else language.territory,
    ]
    given = ", ".join(detail for detail in details if detail)
    return f"{base} ({given})" if given else base


def nearest_languages(text: str, n: int = 3) -> list[str]:
    """English names of the languages whose names look most like the text, best first, for "did you mean"."""
    found: list[str] = []
    for _, _, key in process.extract(
        fold(text), {key: key for key in _english_names()}, scorer=fuzz.WRatio, limit=4 * n
    ):
        name = language_name(_english_names()[key])
        if name not in found:
            found.append(name)
    return found[:n]


def _normal_tag(text: str) -> str | None:
    import langcodes  # as above

    if not langcodes.tag_is_valid(text):
        return None
    language = langcodes.Language.get(text)
    if language.language is None or language.language in _NOT_A_LANGUAGE or "qaa" <= language.language <= "qtz":
        return None
    if language.territory and language.territory.isalpha() and country(language.territory) is None:
        return None
    everyday = _EVERYDAY.get(language.language)
    return language.update_dict({"language": everyday}).to_tag() if everyday else language.to_tag()


@lru_cache(maxsize=1)
def _english_names() -> dict[str, str]:
    """Tags by folded English name, from CLDR; about 600 names, the simplest tag first where two share one."""
    found: dict[str, str] = {}
    for identifier, name in sorted(Locale("en").languages.items(), key=lambda item: len(item[0])):
        tag = _normal_tag(identifier)
        if tag is not None:
            found.setdefault(fold(name), tag)
    return found


@lru_cache(maxsize=1)
def _names_anywhere() -> dict[str, str]:
    """Tags by folded name: each language's own name, and names in other languages where these agree."""
    own: dict[str, str] = {}
    foreign: dict[str, set[str]] = {}
    known = set(locale_identifiers())
    for locale in names_of_locales():
        for identifier, name in locale.languages.items():
            if identifier == locale.language:
                own.setdefault(fold(name), identifier)
            # Names of rare languages in other languages are often ordinary words; those with a locale are known.
            elif "_" not in identifier and identifier in known:
                foreign.setdefault(fold(name), set()).add(identifier)
    # Short names are words of something else, but not where each character is one.
    agreed = {
        key: next(iter(codes))
        for key, codes in foreign.items()
        if len(codes) == 1 and (len(key) > 3 or "\u2e80" <= key[0] <= "\ud7ff")
    }
    return {key: tag for key, code in (agreed | own).items() if (tag := _normal_tag(code)) is not None}
