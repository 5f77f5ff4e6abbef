"""Counts of the people of one population and window as released to a scope: every one of them a range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection, func, select

from data_access.database.schema import people_counts
from data_access.derived.people_counts import ACCEPTED, ACTIVE, BREAKDOWNS, NOT_ACCEPTED, REACHED, WINDOW_QUARTERS, Cell
from data_access.privacy.suppression import Sum, protect
from data_access.selection import Period, Scope, Selection, add_months

NOT_DISCLOSED, OTHER = "", "\N{HORIZONTAL ELLIPSIS}"
EVERYBODY: Cell = ("", "", "", "")
Ranges = Mapping[Cell, tuple[int, int]]


@dataclass(frozen=True)
class ReleasedCounts:
    """The counts of one population in one window. `import_id`: which import they are of."""

    population: str
    window: Period
    import_id: int
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


def window_of(connection: Connection, population: str, selection: Selection) -> Period | None:
    """The window nearest to the selection's period: the last that ends with it or before, and is over on `as_of`.

    The first window when the period lies before all of them; None when there is none at all.
    """
    ends = people_counts.c.window_end
    latest = min(selection.period.end, selection.over_by)
    own = select(ends).where(people_counts.c.population == population)
    end = connection.execute(own.where(ends <= latest).order_by(ends.desc()).limit(1)).scalar()
    if end is None:
        over = ends <= selection.over_by
        end = connection.execute(select(func.min(ends)).where(people_counts.c.population == population, over)).scalar()
    return None if end is None else window_ending(end)


def window_ending(end: date) -> Period:
    """The four quarters before a day."""
    return Period(add_months(end, -3 * WINDOW_QUARTERS), end)


def released_counts(connection: Connection, population: str, window: Period, scope: Scope) -> ReleasedCounts:
    """Every count of the population in the window, as released to the scope."""
    columns = people_counts.c
    own = (columns.population == population, columns.window_end == window.end)
    counted = columns.people if scope.inside else columns.released
    statement = select(
        columns.breakdown, columns.member_of, columns.dimension, columns.value, counted, columns.released_by
    ).where(*own, counted > 0)
    rows = connection.execute(statement).fetchall()
    counts: dict[Cell, int] = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
    released_by = max((row[5] for row in rows), default=0)
    if scope.inside:
        return ReleasedCounts(population, window, released_by, exactly(counts))
    size = scope.min_group_size
    return ReleasedCounts(population, window, released_by, protected(counts, population, size), size)


def exactly(counts: Mapping[Cell, int]) -> Ranges:
    """The counts as ranges of one value, with the totals that are shown next to them."""
    ranges = {cell: (count, count) for cell, count in counts.items()}
    for (breakdown, group, dimension, value), count in counts.items():
        if breakdown == "outcome" and group in (ACCEPTED, ACTIVE):
            reached = (breakdown, REACHED, dimension, value)
            ranges[reached] = (ranges.get(reached, (0, 0))[0] + count,) * 2
    return ranges


def protected(counts: Mapping[Cell, int], population: str, size: int) -> Ranges:
    """The ranges of a family's counts. Values and groups of fewer than `size` people are shown together as OTHER."""
    system = _System(counts, size)
    for breakdown in ("", *BREAKDOWNS[population]):
        system.add_tables(breakdown)
    if population == "members":
        system.add_groups("country")
    return system.ranges()


# What is shown together: a label, and the labels it stands for (none: it is shown on its own).
Labels = dict[str, tuple[str, ...]]


class _System:
    """The counts of a family and the sums that link them, as `protect` wants them.

    What is shown together is a total of its own, and its parts stay in the system to be protected: rows and columns are
    made of what is shown, and each part belongs to one row and one total. So tables stay two-way, which is fast.
    """

    def __init__(self, counts: Mapping[Cell, int], size: int) -> None:
        self.counts, self.size = counts, size
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

    def ranges(self) -> Ranges:
        # How many people there are is shown elsewhere too.
        low, high = protect(np.array(self.exact), self.sums, self.size, (self.cells[EVERYBODY],))
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
            groups = {name: () for name in found if name not in few} | ({OTHER: few} if few else {})
        if groups:
            for group, parts in groups.items():
                self._add_up((breakdown, group, "", ""), [(breakdown, part, "", "") for part in parts])
            self._add_up(EVERYBODY, [(breakdown, group, "", "") for group in groups])
            self._hide(breakdown, [(breakdown, part, "", "") for part in _parts(groups)])
        return groups

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
