"""Labels that differ only in case, width or space are one label, shown as it was first spelled."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from data_access.contract.kinds import Column, Kind
from data_access.geography.folding import word_set

# An area is one whoever names it; the others are labels of their own column.
_AREAS = "areas"
_FOLDED = word_set("areas event_topics person_attributes.dimension person_attributes.value people.entry_channel")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def label_key(text: str) -> str:
    """What labels are compared by: without case, width, and outer and double space."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold().split())


def family(table: str, column: Column) -> str:
    """Which labels a column shares its spellings with; "" where a column's texts are kept apart as they come."""
    if column.references == "areas" or (table, column.name) == ("areas", "area"):
        return _AREAS
    name = "event_topics" if column.kind is Kind.TOPICS else f"{table}.{column.name}"
    return name if name in _FOLDED else ""


class Spellings:
    """The first spelling of every label, by family."""

    def __init__(self, known: Callable[[str], Iterable[str]] = lambda _: ()) -> None:
        """`known` gives the labels of a family that the program has already."""
        self._known = known
        self._first: dict[str, dict[str, str]] = {}

    def first(self, name: str, label: str) -> str:
        """The label as the family `name` spells it; a label that is new to it gives the spelling."""
        spelled = self._first.get(name)
        if spelled is None:
            spelled = self._first[name] = {}
            for old in self._known(name):
                spelled.setdefault(label_key(old), old)
        return spelled.setdefault(label_key(label), label)
