"""Which calendar entries are the same event: a UID may stand for several dates, and a moved date is no second event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from data_access.imports.readers.opening import folded
from data_access.imports.rows import Record


class Occurrence(NamedTuple):
    """One entry: its UID (or what stands for it), its start as written, and how new it is (sequence, stamp)."""

    identity: str
    start: str
    version: tuple[int, str]
    record: Record


class Occurrences:
    """The occurrences of several files, each once and in its newest version.

    Within a file, the same UID with another start is another occurrence. Between files, a start that went and one that
    came under the same UID are a move, if title or place are still the same.
    """

    def __init__(self) -> None:
        self._kept: dict[str, list[Occurrence]] = {}

    def add_file(self, found: Iterable[Occurrence]) -> int:
        """Take in the entries of one file; returns how many were there already."""
        of_file: dict[str, dict[str, Occurrence]] = {}
        known = 0
        for item in found:
            starts = of_file.setdefault(item.identity, {})
            known += item.start in starts
            starts[item.start] = _newer(starts.get(item.start), item)
        for identity, starts in of_file.items():
            before = self._kept.get(identity, [])
            self._kept[identity] = _together(before, starts)
            known += len(before) + len(starts) - len(self._kept[identity])
        return known

    def records(self) -> Iterator[Record]:
        """One record an occurrence; where a UID has several starts, each key says which is meant."""
        for identity, items in self._kept.items():
            for item in items:
                key = identity if len(items) == 1 else f"{identity}@{item.start}"
                yield item.record._replace(values={**item.record.values, "event_key": key})


def _together(before: list[Occurrence], starts: dict[str, Occurrence]) -> list[Occurrence]:
    merged = [_newer(item, starts[item.start]) if item.start in starts else item for item in before]
    stood = {item.start for item in before}
    came = [item for start, item in sorted(starts.items()) if start not in stood]
    went = sorted((item for item in before if item.start not in starts), key=lambda item: item.start)
    for old, new in zip(went, came, strict=False):
        if _moved(old, new):
            merged[merged.index(old)] = _newer(old, new)
            came.remove(new)
    return merged + came


def _newer(old: Occurrence | None, new: Occurrence) -> Occurrence:
    return new if old is None or old.version <= new.version else old


def _moved(old: Occurrence, new: Occurrence) -> bool:
    """Whether one entry may be the other on another day: alike in title or place."""
    return any(
        folded(old.record.values.get(name, "")) == folded(new.record.values.get(name, ""))
        for name in ("title", "venue", "city")
        if new.record.values.get(name)
    )
