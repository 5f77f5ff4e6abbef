"""Counts of the people of one population and window by attribute and group, as ranges: a family of linked tables.

Inside each range is one value. In a release the whole family is told together, whichever part an answer shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from data_access.privacy.book import Book
from data_access.privacy.ranges import Sum, may_be_left_out
from data_access.selection import Period

# Breakdown, group of it, dimension, value; "" stands for all of them, and where they are said for "not known".
Cell = tuple[str, str, str, str]
# What groups each population can be broken down by.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "speakers": ("region", "area"),
    "members": ("region", "area", "cohort"),
    "applicants": ("region", "cohort", "outcome"),
    "contributors": ("region", "area"),
    "organizers": ("region", "area"),
}
# Organizers are few and named beside their events: no release tells what they say about themselves.
POPULATIONS = tuple(name for name in BREAKDOWNS if name != "organizers")
# How far an application came, in order.
NOT_ACCEPTED, ACCEPTED, ACTIVE = OUTCOMES = ("not accepted", "accepted", "active member")
REACHED = "accepted or active"  # the last two together
NOT_DISCLOSED, OTHER = "", "\N{HORIZONTAL ELLIPSIS}"
EVERYBODY: Cell = ("", "", "", "")
Ranges = Mapping[Cell, tuple[int, int]]


@dataclass(frozen=True)
class ReleasedCounts:
    """The counts of one population in one window."""

    population: str
    window: Period
    ranges: Ranges
    size: int = 1

    def range(self, breakdown: str, group: str, dimension: str, value: str) -> tuple[int, int]:
        """The range of one count; one that is not listed is small, or 0 where the viewer sees small ones too."""
        return self.ranges.get((breakdown, group, dimension, value), (0, self.size - 1))

    @property
    def dimensions(self) -> list[str]:
        """The dimensions that somebody disclosed."""
        return sorted({dimension for breakdown, _, dimension, _ in self.ranges if dimension and not breakdown})

    def values(self, dimension: str) -> list[str]:
        """The values of a dimension, most people first, then those that are too small to list, then not disclosed."""
        found = [cell for cell in self.ranges if cell[0] == "" and cell[2] == dimension]
        last = {OTHER: 1, NOT_DISCLOSED: 2}
        return [cell[3] for cell in sorted(found, key=lambda cell: (last.get(cell[3], 0), -self.ranges[cell][0], cell))]

    def groups(self, breakdown: str) -> list[str]:
        """The groups of a breakdown by name, then those too small to list, then the people of no known group."""
        found = {cell[1] for cell in self.ranges if cell[0] == breakdown and breakdown}
        last = {OTHER: 1, "": 2}
        return sorted(found, key=lambda group: (last.get(group, 0), group))


def exactly(counts: Mapping[Cell, int]) -> Ranges:
    """The counts as ranges of one value, with the totals that are shown next to them."""
    ranges = {cell: (count, count) for cell, count in counts.items()}
    for (breakdown, group, dimension, value), count in counts.items():
        if breakdown == "outcome" and group in (ACCEPTED, ACTIVE):
            reached = (breakdown, REACHED, dimension, value)
            ranges[reached] = (ranges.get(reached, (0, 0))[0] + count,) * 2
    return ranges


def released(counts: Mapping[Cell, int], population: str, window: Period, book: Book) -> ReleasedCounts:
    """A family's counts as the release tells them. Values and groups of too few people are told together as OTHER."""
    system = _System(counts, book.size)
    for breakdown in ("", *BREAKDOWNS[population]):
        system.add_tables(breakdown)
    if population == "members":
        system.add_groups("country")
    return ReleasedCounts(population, window, system.ranges(book, population, window), book.size)


# What is shown together: a label, and the labels it stands for (none: it is shown on its own).
Labels = dict[str, tuple[str, ...]]


class _System:
    """The counts of a family and the sums that link them.

    What is shown together is a total of its own, and its parts stay in the system to be protected: rows and columns are
    made of what is shown, and each part belongs to one row and one total. So tables stay two-way, which is fast.
    """

    def __init__(self, counts: Mapping[Cell, int], size: int) -> None:
        self.counts, self.size = dict(counts), size
        self.cells: dict[Cell, int] = {}
        self.exact: list[int] = []
        self.sums: list[Sum] = []
        self.hidden: set[Cell] = set()
        # That anybody answered at all is not shown either, unless enough people did.
        said: dict[str, int] = {}
        for (breakdown, _, dimension, value), count in counts.items():
            if dimension and value != NOT_DISCLOSED and not breakdown:
                said[dimension] = said.get(dimension, 0) + count
        self.dimensions = sorted(dimension for dimension, answers in said.items() if answers >= size)
        self._at(EVERYBODY, counts.get(EVERYBODY, 0))

    def ranges(self, book: Book, population: str, window: Period) -> Ranges:
        names = [("people", population, str(window), *cell) for cell in self.cells]
        low, high = book.tell_counts(self.exact, self.sums, names)
        ends = zip(low.tolist(), high.tolist(), strict=True)
        return {cell: pair for cell, pair in zip(self.cells, ends, strict=True) if cell not in self.hidden}

    def add_tables(self, breakdown: str) -> None:
        """The breakdown's groups, and for every dimension its values in each group."""
        groups: Labels = self.add_groups(breakdown) if breakdown else {"": ()}
        alone = _alone(groups)
        for dimension in self.dimensions:
            values = self._values(dimension)
            for group in alone:
                row = {value: (breakdown, group, dimension, value) for value in (*values, *_parts(values))}
                for value, parts in values.items():
                    self._add_up(row[value], [row[part] for part in parts])
                self._add_up((breakdown, group, "", ""), [row[value] for value in values])
                self.hidden |= {row[part] for part in _parts(values)}
            for value in (*values, *_parts(values)) if breakdown else ():
                column = {group: (breakdown, group, dimension, value) for group in (*groups, *_parts(groups))}
                shown: Labels = groups if value in values else dict.fromkeys(alone, ())
                for group, parts in shown.items():
                    self._add_up(column[group], [column[part] for part in parts])
                self._add_up(("", "", dimension, value), [column[group] for group in shown])
                self._hide(breakdown, [column[part] for part in _parts(groups) if part in column])

    def add_groups(self, breakdown: str) -> Labels:
        """The people of each group of the breakdown."""
        found = sorted({cell[1] for cell in self.counts if cell[0] == breakdown and not cell[2]})
        if breakdown == "outcome":
            # Applicants are shown by the step that they reached: accepted, whatever came then, and active member.
            groups: Labels = {NOT_ACCEPTED: (), REACHED: (ACCEPTED, ACTIVE)} if found else {}
        else:
            few = tuple(name for name in found if name and self._is_small((breakdown, name, "", "")))
            groups = {name: () for name in found if name not in few} | (
                {OTHER: self._as_one(breakdown, few)} if few else {}
            )
        if groups:
            for group, parts in groups.items():
                self._add_up((breakdown, group, "", ""), [(breakdown, part, "", "") for part in parts])
            self._add_up(EVERYBODY, [(breakdown, group, "", "") for group in groups])
            self._hide(breakdown, [(breakdown, part, "", "") for part in _parts(groups)])
        return groups

    def _as_one(self, breakdown: str, few: tuple[str, ...]) -> tuple[str, ...]:
        """The parts that the small groups together are made of: none, where they are so many that this hides each."""
        cells = sorted({cell[2:] for cell in self.counts if cell[0] == breakdown})
        own = np.array([[self.counts.get((breakdown, name, *cell), 0) for cell in cells] for name in few])
        if not may_be_left_out(own, self.size):
            return few
        self.counts |= {(breakdown, OTHER, *cell): int(sum_) for cell, sum_ in zip(cells, own.sum(axis=0), strict=True)}
        return ()

    def _hide(self, breakdown: str, cells: Iterable[Cell]) -> None:
        self.hidden |= {cell for cell in cells if breakdown != "outcome" or cell[1] == ACCEPTED}

    def _values(self, dimension: str) -> Labels:
        found = sorted({cell[3] for cell in self.counts if cell[2] == dimension and not cell[0]})
        small = tuple(value for value in found if value and self._is_small(("", "", dimension, value)))
        return {value: () for value in found if value not in small} | ({OTHER: small} if small else {})

    def _is_small(self, cell: Cell) -> bool:
        return self.counts.get(cell, 0) < self.size

    def _at(self, cell: Cell, count: int) -> int:
        if cell not in self.cells:
            self.cells[cell] = len(self.exact)
            self.exact.append(count)
        return self.cells[cell]

    def _add_up(self, total: Cell, parts: list[Cell]) -> None:
        """Record that the total is the sum of its parts; without parts it is a count of its own."""
        if not parts:
            self._at(total, self.counts.get(total, 0))
            return
        at = tuple(self._at(part, self.counts.get(part, 0)) for part in parts)
        self.sums.append(Sum(self._at(total, sum(self.exact[part] for part in at)), at))


def _alone(labels: Labels) -> list[str]:
    """The labels as they are in the data: those shown on their own, and the parts of those shown together."""
    return [label for label, parts in labels.items() if not parts] + _parts(labels)


def _parts(labels: Labels) -> list[str]:
    return [part for parts in labels.values() for part in parts]
