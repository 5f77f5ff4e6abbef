"""Which letters the report's PDF cannot write, because neither Typst's own fonts nor this computer's have them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

# Each is set by itself, and the compiler, which writes no letter without a font, names those that it cannot.
_LETTERS = """#set document(title: "Letters")
#set text(lang: "en", font: "Libertinus Serif")
#for letter in json(bytes(sys.inputs.letters)) [#letter ]
"""
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
# The first word of a letter's name says its script, in words that not everybody has.
_SCRIPTS = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
SYMBOLS = "symbols"


def without_a_font(letters: Iterable[str]) -> set[str]:
    """Those of the letters that no font has."""
    import typst

    unusual = sorted(letter for letter in set(letters) if ord(letter) > 0x7E)
    if not unusual:
        return set()
    try:
        typst.compile(
            _LETTERS.encode(), format="pdf", pdf_standards="ua-1", sys_inputs={"letters": json.dumps(unusual)}
        )
    except typst.TypstError as problem:
        return set(named_in(problem.diagnostic)) & set(unusual)
    return set()


def named_in(diagnostic: str) -> str:
    """The letters that the compiler's message names as those it cannot write."""
    return "".join(_ESCAPED.sub(_unescaped, text) for text in _MISSING.findall(diagnostic))


def scripts_of(letters: Iterable[str]) -> list[str]:
    """The scripts that the letters are of, in words and in order; what is no letter is a symbol."""
    return sorted({_script(letter) for letter in letters}, key=lambda name: (name == SYMBOLS, name))


def _script(letter: str) -> str:
    if unicodedata.category(letter)[0] not in "LM":
        return SYMBOLS
    first = unicodedata.name(letter, SYMBOLS).split()[0]
    return _SCRIPTS.get(first, first if first == SYMBOLS else first.capitalize())


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]
