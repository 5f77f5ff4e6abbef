"""Folds spellings of names to a key, so that "Zürich", "ZURICH" and "zurich" meet."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]+")
APOSTROPHES = "'’‘ʻʼ`´ʿʾ"
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]+")
# Vowel signs of Indic, Thai, Lao, Myanmar and Khmer scripts are marks, not word characters: without the ranges
# a name in these scripts would break into consonants.
_SEPARATORS = re.compile(r"(?:[^\w\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099\u309a]|_)+")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_PLACE_WORDS = {"st": "saint", "sankt": "saint", "sint": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


def without_accents(text: str) -> str:
    """Case-folded text without Latin, Greek and Cyrillic accents; marks that carry meaning elsewhere stay."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded)).translate(_LETTERS_WITHOUT_DECOMPOSITION)
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> str:
    """Case-folded words of a text, accents kept, one blank between words, no punctuation."""
    composed = unicodedata.normalize("NFC", text.casefold())
    return _SEPARATORS.sub(" ", _APOSTROPHES.sub("", composed)).strip()


def fold(text: str) -> str:
    """Words without case, accents and punctuation: "Saint-Étienne!" → "saint etienne"."""
    # Apostrophes go first: decomposing a free-standing accent ("´") would leave a blank inside the word.
    return _SEPARATORS.sub(" ", without_accents(_APOSTROPHES.sub("", text))).strip()


def place_key(text: str) -> str:
    """The key a place is indexed and looked up under: folded, and "St." written out as "saint"."""
    folded = fold(text)
    if " " not in folded:
        return folded
    return " ".join(_PLACE_WORDS.get(word, word) for word in folded.split(" "))


def state_key(text: str) -> str:
    """The key of a state: one word, so that "D.C." and "DC", "N.Y." and "NY" are the same."""
    return place_key(text).replace(" ", "")


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with blanks between them."""
    return frozenset(text.split())
