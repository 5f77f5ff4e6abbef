"""Finding persons in words, by key or full name, and striking them out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

STRUCK_OUT = "[erased]"
_WORD = re.compile(r"\w+")


def searchable(name: str | None) -> bool:
    """Whether a name can be looked for in running text: a single word, such as Victoria, may mean a town as well."""
    return bool(name) and len(_WORD.findall(name or "")) > 1


def words_in(text: str) -> Iterator[re.Match[str]]:
    """The words of a text, with their places."""
    return _WORD.finditer(text)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no part of a longer word or key."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not any(other == "-" or other == "_" or other.isalnum() for other in (before, after))


class Persons:
    """Some persons by key: `keys` says what each key becomes, `names` are theirs. Made for thousands at once."""

    def __init__(self, keys: Mapping[str, str], names: Mapping[str, str | None]) -> None:
        self.keys = dict(keys)
        self._by_word: dict[str, list[tuple[int, re.Pattern[str]]]] = {}
        sought = [*keys, *(name for name in names.values() if name and searchable(name))]
        for text in sorted(set(sought), key=len, reverse=True):
            first = _WORD.search(text)
            if first:
                whole = re.compile(re.escape(text), re.IGNORECASE)
                self._by_word.setdefault(first[0].casefold(), []).append((first.start(), whole))

    def _found(self, text: str) -> Iterator[re.Match[str]]:
        end = 0
        for word in _WORD.finditer(text):
            for offset, whole in self._by_word.get(word[0].casefold(), ()):
                start = word.start() - offset
                match = whole.match(text, start) if start >= end else None
                if match and stands_alone(text, *match.span()):
                    end = match.end()
                    yield match
                    break

    def are_named_in(self, text: str) -> bool:
        """Whether the text names one of them, by key or full name, in any case of its letters."""
        return text.strip() in self.keys or any(True for _ in self._found(text))

    def struck_out(self, text: str) -> str:
        """The text without them."""
        parts, end = [], 0
        for match in self._found(text):
            parts += [text[end : match.start()], STRUCK_OUT]
            end = match.end()
        return "".join([*parts, text[end:]])

    def struck_out_of_json(self, text: str) -> str:
        """The same for a recorded state: a value that is a person's key becomes their new one."""
        return json.dumps(self._value(json.loads(text)), sort_keys=True, ensure_ascii=False)

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._value(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner) for inner in value]
        if isinstance(value, str):
            return self.keys.get(value) or self.struck_out(value)
        return value
