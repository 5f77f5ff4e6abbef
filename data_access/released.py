"""What a scope may be told of the people of one population and window: every count of the family, as a range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection, func, select

from data_access.people_counts import ACCEPTED, ACTIVE, BREAKDOWNS, REACHED, WINDOW_QUARTERS, Cell
from data_access.schema import people_counts
from data_access.selection import Period, Scope, Selection, add_months
from data_access.suppression import Sum, protect

NOT_DISCLOSED, OTHER = "", "\N{HORIZONTAL ELLIPSIS}"
EVERYBODY: Cell = ("", "", "", "")
# Groups that are known to everybody are listed even when they are small.
_ALWAYS_LISTED = frozenset({"outcome"})

Ranges = Mapping[Cell, tuple[int, int]]


@dataclass(frozen=True)
class Told:
    """The counts of one population in one window. `import_id`: which import they are of."""

    population: str
    window: Period
    import_id: int
    ranges: Ranges
    size: int = 1

    def range(self, breakdown: str, group: str, dimension: str, value: str) -> tuple[int, int]:
        """The range of one count; a count that is not listed is a small one, and 0 to whom sees small ones."""
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


def window_of(connection: Connection, population: str, selection: Selection) -> Period | None:
    """The window nearest to the selection's period: the last that ends with it or before, and is over on `as_of`.

    The first window when the period lies before all of them; None when there is none at all.
    """
    ends = people_counts.c.window_end
    latest = min(selection.period.end, selection.as_of + timedelta(days=1))
    own = select(ends).where(people_counts.c.population == population)
    end = connection.execute(own.where(ends <= latest).order_by(ends.desc()).limit(1)).scalar()
    if end is None:
        over = ends <= selection.as_of + timedelta(days=1)
        end = connection.execute(select(func.min(ends)).where(people_counts.c.population == population, over)).scalar()
    return None if end is None else window_ending(end)


def window_ending(end: date) -> Period:
    """The four quarters before a day."""
    return Period(add_months(end, -3 * WINDOW_QUARTERS), end)


def told(connection: Connection, population: str, window: Period, scope: Scope) -> Told:
    """Every count of the population in the window, as the scope may know it."""
    columns = people_counts.c
    own = (columns.population == population, columns.window_end == window.end)
    counted = columns.people if scope.sees_small_groups else columns.released
    statement = select(
        columns.breakdown, columns.member_of, columns.dimension, columns.value, counted, columns.released_by
    ).where(*own, counted > 0)
    rows = connection.execute(statement).fetchall()
    counts: dict[Cell, int] = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
    released_by = max((row[5] for row in rows), default=0)
    if scope.sees_small_groups:
        return Told(population, window, released_by, exactly(counts))
    size = scope.min_group_size
    return Told(population, window, released_by, protected(counts, population, size), size)


def exactly(counts: Mapping[Cell, int]) -> Ranges:
    """The counts as ranges of one value, with those that are told beside them."""
    ranges = {cell: (count, count) for cell, count in counts.items()}
    for (breakdown, group, dimension, value), count in counts.items():
        if breakdown == "outcome" and group in (ACCEPTED, ACTIVE):
            reached = (breakdown, REACHED, dimension, value)
            ranges[reached] = (ranges.get(reached, (0, 0))[0] + count,) * 2
    return ranges


def protected(counts: Mapping[Cell, int], population: str, size: int) -> Ranges:
    """The ranges of a family's counts. Values and groups of fewer than `size` people are told together as OTHER."""
    system = _System(counts, size)
    for breakdown in ("", *BREAKDOWNS[population]):
        system.add_tables(breakdown)
    if population == "members":
        system.add_groups("country")
    return system.ranges()


class _System:
    """The counts of a family and the sums that link them, as `protect` wants them."""

    def __init__(self, counts: Mapping[Cell, int], size: int) -> None:
        self.counts, self.size = counts, size
        self.cells: dict[Cell, int] = {}
        self.exact: list[int] = []
        self.sums: list[Sum] = []
        self.hidden: set[Cell] = set()
        # That anybody answered at all is not told either, unless enough people did.
        said: dict[str, int] = {}
        for (breakdown, _, dimension, value), count in counts.items():
            if dimension and value != NOT_DISCLOSED and not breakdown:
                said[dimension] = said.get(dimension, 0) + count
        self.dimensions = sorted(dimension for dimension, answers in said.items() if answers >= size)
        self._at(EVERYBODY)

    def ranges(self) -> Ranges:
        low, high = protect(np.array(self.exact), self.sums, self.size)
        ends = zip(low.tolist(), high.tolist(), strict=True)
        return {cell: pair for cell, pair in zip(self.cells, ends, strict=True) if cell not in self.hidden}

    def add_tables(self, breakdown: str) -> None:
        """The breakdown's groups, and for every dimension its values in each group."""
        groups = self.add_groups(breakdown) if breakdown else [""]
        if breakdown == "outcome":
            self._tell_reached("", "")
        for dimension in self.dimensions:
            values = sorted({cell[3] for cell in self.counts if cell[2] == dimension and not cell[0]})
            small = [value for value in values if self._is_small(("", "", dimension, value)) and value]
            for group in groups:
                listed = [(breakdown, group, dimension, value) for value in values]
                self._sum((breakdown, group, "", ""), listed)
                self._together((breakdown, group, dimension, OTHER), [cell for cell in listed if cell[3] in small])
            if breakdown:
                few = self._few(breakdown, groups)
                for value in [*values, *([OTHER] if small else [])]:
                    listed = [(breakdown, group, dimension, value) for group in groups]
                    self._sum(("", "", dimension, value), listed)
                    together = [cell for cell in listed if cell[1] in few]
                    self._together((breakdown, OTHER, dimension, value), together)
                    if breakdown == "outcome":
                        self._tell_reached(dimension, value)
                    if value in small:
                        self.hidden |= {*listed, (breakdown, OTHER, dimension, value)}

    def _tell_reached(self, dimension: str, value: str) -> None:
        """Applicants are told by the step that they reached: accepted, whatever came then, and active member."""
        accepted, active = (("outcome", outcome, dimension, value) for outcome in (ACCEPTED, ACTIVE))
        self._together(("outcome", REACHED, dimension, value), [accepted, active])
        self.hidden.discard(active)

    def add_groups(self, breakdown: str) -> list[str]:
        """The people of each group of the breakdown."""
        groups = sorted({cell[1] for cell in self.counts if cell[0] == breakdown and not cell[2]})
        listed: list[Cell] = [(breakdown, group, "", "") for group in groups]
        if listed:
            self._sum(EVERYBODY, listed)
            few = self._few(breakdown, groups)
            self._together((breakdown, OTHER, "", ""), [cell for cell in listed if cell[1] in few])
        return groups

    def _few(self, breakdown: str, groups: Iterable[str]) -> set[str]:
        if breakdown in _ALWAYS_LISTED:
            return set()
        return {group for group in groups if group and self._is_small((breakdown, group, "", ""))}

    def _is_small(self, cell: Cell) -> bool:
        return self.counts.get(cell, 0) < self.size

    def _at(self, cell: Cell, count: int | None = None) -> int:
        if cell not in self.cells:
            self.cells[cell] = len(self.exact)
            self.exact.append(self.counts.get(cell, 0) if count is None else count)
        return self.cells[cell]

    def _sum(self, total: Cell, parts: list[Cell]) -> None:
        self.sums.append(Sum(self._at(total), tuple(self._at(part) for part in parts)))

    def _together(self, total: Cell, parts: list[Cell]) -> None:
        """Tell the parts as one count and not by themselves; what they are stays in the system, to be protected."""
        if parts:
            at = [self._at(part) for part in parts]
            self._at(total, sum(self.exact[part] for part in at))
            self._sum(total, parts)
            self.hidden |= set(parts)
