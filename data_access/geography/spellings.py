"""Patterns that find, in names as they are written, all that fold to given words: for engines that cannot fold.

`fold` knows what thousands of letters come down to; an engine knows case, at most. So the letters are looked up the
other way: "jose" becomes `[jJ…][oOóÖ…][sS…][eEé…]`, with accents and apostrophes between them. A pattern finds a little
too much, never too little: whoever asks folds what was found, and looks again. (Vowel signs that are written in another
order than Unicode's are the one exception.)
"""

from __future__ import annotations

import string
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from data_access.geography.folding import APOSTROPHES, fold, without_accents

# Of a long word the first letters tell enough.
_LETTERS = 20
_DROPPED = f"[\u0300-\u036f{APOSTROPHES}]*"
_BETWEEN, _BEGINS = "[^A-Za-z0-9]", "(?:^|[^A-Za-z0-9])"
_ANYTHING = "(?:[A-Za-z0-9]|[^A-Za-z0-9])*"
_LAST_LETTER = 0x30000


@dataclass(frozen=True)
class _Letters:
    """`single`: what folds to a letter; `longer`: what folds to several, by the first of them; `parted`: to words."""

    single: dict[str, str]
    longer: dict[str, tuple[tuple[str, str], ...]]
    parted: str
    joining: str  # what may become one letter with the one before it


@cache
def _letters() -> _Letters:
    single, longer = defaultdict[str, list[str]](list), defaultdict[str, list[tuple[str, str]]](list)
    parted, joining = list[str](), set[str]()
    for letter in string.ascii_uppercase:
        single[letter.lower()].append(letter)
    for letter in map(chr, range(0x80, _LAST_LETTER)):
        if unicodedata.category(letter)[0] == "C":
            continue
        joining.update(unicodedata.normalize("NFD", letter)[1:])
        folded = without_accents(letter)
        if folded in (letter, "") or letter in APOSTROPHES:
            continue
        words = fold(letter)
        if words != folded:
            if words:
                parted.append(letter)
        elif len(folded) == 1:
            single[folded].append(letter)
        else:
            longer[folded[0]].append((letter, folded))
    # Half-width signs become others first.
    for letter in map(chr, range(0x80, _LAST_LETTER)):
        if unicodedata.normalize("NFKD", letter)[0] in joining:
            joining.add(letter)
    return _Letters(
        {letter: "".join(each) for letter, each in single.items()},
        {letter: tuple(each) for letter, each in longer.items()},
        "".join(parted),
        "".join(sorted(letter for letter in joining if not "\u0300" <= letter <= "\u036f")),
    )


def word_begins(word: str, *, anywhere: bool = False) -> str:
    """A pattern for texts in which a word begins like this folded one; `anywhere`: it may also stand within a word."""
    if not anywhere:
        return _or_parted(f"{_BEGINS}{_spelled(word)}", word)
    within = "".join(letter for each in _letters().longer.values() for letter, folded in each if word[0] in folded[1:])
    return _or_parted(f"{_spelled(word)}|[{within}]" if within else _spelled(word), word)


def text_begins(words: Sequence[str], *, whole: bool = False) -> str:
    """A pattern for texts that begin with these folded words, of which the last may go on; or that are these words."""
    spelled = f"{_BETWEEN}+".join(map(_spelled, words))
    end = f"{_BETWEEN}*$" if whole else ""
    return _or_parted(f"^{_BETWEEN}*{spelled}{end}", "".join(words))


def _or_parted(pattern: str, word: str) -> str:
    """Or a text with a letter that stands for more than one could follow."""
    letters = _letters()
    return f"{pattern}|[{letters.parted}{'' if word.isascii() else letters.joining}]"


def _spelled(word: str) -> str:
    letters, pattern = _letters(), _ANYTHING if len(word) > _LETTERS else ""
    for at in reversed(range(min(len(word), _LETTERS))):
        rest = word[at:]
        pattern = f"[{rest[0]}{letters.single.get(rest[0], '')}]{_DROPPED}{pattern}"
        several = "".join(
            letter
            for letter, folded in letters.longer.get(rest[0], ())
            if rest.startswith(folded) or folded.startswith(rest)
        )
        if several:
            pattern = f"(?:{pattern}|[{several}]{_ANYTHING})"
    return pattern
