"""Ranges for linked counts of people, so wide that no small count can be worked out by adding and taking away.

Method: partial cell suppression (Fischetti and Salazar-González, "Partial cell suppression: a new methodology for
statistical disclosure control", Statistics and Computing 13, 2003, 13–21). Each count becomes a range, at first the
multiples of `size` around it; counts under `size` all read 0 to `size` − 1. The counts and the sums that link them are
a system of linear equations. For each small count a second world is looked for that has the same ranges and in which
the count is 0, and one in which it is `size` − 1; where there is none, the ranges that prevent it are widened, until
there is (auditing of small counts: Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001, ch. 9).

Guarantee: whoever knows all the ranges and all the sums, and that counts are whole and not negative, finds every small
count possible from 0 to `size` − 1. The worlds are whole-numbered, so integer programming narrows nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are first used: a page without them starts sooner

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_EXACT = 1e-6
MANY_PARTS = 20


@dataclass(frozen=True, slots=True)
class Sum:
    """A link between counts that every reader knows: the count at `total` is the sum of the counts at `parts`."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Protected:
    """The ranges of counts, both ends included, and the places of small ones that only fixed ranges narrow."""

    low: Whole
    high: Whole
    narrowed: tuple[int, ...] = ()


def protect(
    counts: Sequence[int] | Whole,
    sums: Sequence[Sum],
    size: int,
    fixed: Mapping[int, tuple[int, int]] | None = None,
) -> Protected:
    """The ranges that may be released for counts of people linked by sums.

    `fixed` are the ranges of counts that were released before: they stay as they are, the others are made so wide that
    neither these nor those can be narrowed. What only fixed ranges narrow is named, and may not be released.

    Raises ValueError when a sum does not hold: then the counts are not of the same people.
    """
    exact = np.asarray(counts, dtype=np.int64)
    for link in sums:
        if exact[link.total] != exact[list(link.parts)].sum():
            raise ValueError(f"The counts at {link.parts} do not add up to the count at {link.total}.")
    low = exact // size * size
    high = low + size - 1
    for place, ends in (fixed or {}).items():
        low[place], high[place] = ends
    if size == 1 or not sums or not (exact < size).any():
        return Protected(low, high)
    audit = _Audit(exact, sums, size, low, high, fixed or {})
    audit.widen()
    return Protected(audit.low, audit.high, tuple(audit.narrowed))


def may_be_left_out(parts: Whole, size: int) -> bool:
    """Whether small counts of which only the sum is told need no protection of their own; `parts` is parts × columns.

    There are so many of them, and so much room in them, that each can be 0 or `size` − 1 whatever the sum is.
    """
    room = (size - 1) * len(parts) - parts.sum(axis=0)
    sums = parts.sum(axis=0)
    return len(parts) > MANY_PARTS and bool(((sums < size) | (room >= 2 * size)).all())


class _Audit:
    """Looks for the worlds that keep small counts uncertain, and widens `low` and `high`, in place, where none is."""

    def __init__(
        self, counts: Whole, sums: Sequence[Sum], size: int, low: Whole, high: Whole, fixed: Iterable[int]
    ) -> None:
        self.counts, self.sums, self.size, self.low, self.high = counts, sums, size, low, high
        self.fixed = np.zeros(len(counts), dtype=bool)
        self.fixed[list(fixed)] = True
        self.narrowed: list[int] = []
        self._possible: dict[tuple[int, int], bool] = {}
        self.small = counts < size
        rows = [number for number, link in enumerate(sums) for _ in range(len(link.parts) + 1)]
        columns = [index for link in sums for index in (link.total, *link.parts)]
        signs = [sign for link in sums for sign in (-1.0, *([1.0] * len(link.parts)))]
        self.equations = scipy.sparse.csr_array((signs, (rows, columns)), shape=(len(sums), len(counts)))
        self.sums_of: list[list[int]] = [[] for _ in counts]
        for row, column in zip(rows, columns, strict=True):
            self.sums_of[column].append(row)
        self.tables = self._two_way_tables()

    def widen(self) -> None:
        """Widen until each small count can be 0, and can be `size` − 1."""
        for direction, target in ((1.0, 0), (-1.0, self.size - 1)):
            open_ = self.small & (self.counts != target)
            open_ &= ~self._exchangeable(self.counts, direction)
            alone = False
            while open_.any():
                aimed_at = self._unlinked(np.flatnonzero(open_), alone)
                world = self._other_world(aimed_at * direction)
                # What is told to nobody has a range that goes beyond.
                beyond = world <= target if direction > 0 else world >= target
                reached = open_ & (beyond | self._exchangeable(world, direction))
                open_ &= ~reached
                if alone and not reached[aimed_at].any():
                    cell = int(aimed_at.argmax())
                    if not self._widen_for(cell, target):
                        self.narrowed.append(cell)
                    open_ &= ~aimed_at
                alone = not reached.any()

    def _unlinked(self, cells: Whole, alone: bool) -> Flags:
        """Cells of which no two are in one sum, so that one world may serve them all; or just the first."""
        chosen = np.zeros(len(self.counts), dtype=bool)
        taken: set[int] = set()
        for cell in cells[:1] if alone else cells:
            sums = self.sums_of[cell]
            if taken.isdisjoint(sums):
                chosen[cell] = True
                taken.update(sums)
        return chosen

    def _other_world(self, cost: npt.NDArray[Any]) -> Whole:
        """The whole-numbered world of least cost that the ranges allow."""
        bounds = scipy.optimize.Bounds(self.low, self.high)
        world: Whole = self._solved(cost, self.equations, bounds)
        return world

    def _solved(self, cost: npt.NDArray[Any], equations: Any, bounds: Any) -> Any:
        """The counts of least cost, whole numbers; None where there are none. Columns after the counts are any numbers.

        Tables that share their totals need not have whole corners: only then is a whole one asked for, which is slower.
        """
        right = np.zeros(equations.shape[0])
        whole = np.arange(len(cost)) < len(self.counts)
        for integrality in (np.zeros(len(cost)), whole.astype(float)):
            found = scipy.optimize.milp(
                cost,
                integrality=integrality,
                bounds=bounds,
                constraints=scipy.optimize.LinearConstraint(equations, right, right),
            )
            if found.x is None:
                return None
            world = np.rint(found.x[whole])
            if np.abs(found.x[whole] - world).max() <= _EXACT:
                break
        return world.astype(np.int64)

    def _widen_for(self, cell: int, target: int) -> bool:
        """Widen ranges, as little as can be and those of large counts first, until the cell can be the target.

        Returns whether it can, or never could by the sums alone. The world is looked for that costs least: each count
        is within its range, less what it falls below it, plus what it lies above it; both cost more for small counts.
        """
        number, others = len(self.counts), scipy.sparse.eye_array(len(self.counts))
        free = np.where(self.fixed, 0.0, np.inf)
        weight = np.where(self.small, 10.0, 1.0 / (1 + self.counts))
        inside = np.concatenate([self.low, np.zeros(2 * number)]), np.concatenate([self.high, free, free])
        # counts = within − below + above, for which "within" stands in a column of its own.
        nothing = scipy.sparse.csr_array((len(self.sums), 3 * number))
        equations = scipy.sparse.vstack(
            [
                scipy.sparse.hstack([self.equations, nothing]),
                scipy.sparse.hstack([others, -others, others, -others]),
            ]
        ).tocsr()
        lowest = np.concatenate([np.zeros(number), inside[0]])
        highest = np.concatenate([np.full(number, np.inf), inside[1]])
        lowest[cell] = highest[cell] = target
        cost = np.concatenate([np.zeros(2 * number), weight, weight])
        world = self._solved(cost, equations, scipy.optimize.Bounds(lowest, highest))
        if world is None:
            return not self._could_ever_be(cell, target)
        # The cell's own range is that of all small counts.
        moved = ~self.fixed & (np.arange(number) != cell)
        least = world // self.size * self.size
        self.low = np.where(moved, np.minimum(self.low, least), self.low)
        self.high = np.where(moved, np.maximum(self.high, least + self.size - 1), self.high)
        return True

    def _could_ever_be(self, cell: int, target: int) -> bool:
        """Whether the sums alone allow it. What they forbid is known without a release: nobody was here before."""
        low, high = np.zeros(len(self.counts)), np.full(len(self.counts), np.inf)
        low[cell] = high[cell] = target
        return self._solved(low, self.equations, scipy.optimize.Bounds(low, high)) is not None

    def _exchangeable(self, world: Whole, direction: float) -> Flags:
        """Small counts of two-way tables that reach their target by exchanges with other cells of the table.

        Cells of the row and cells of the column give way, and cells where those rows and columns cross take it back,
        so that no total moves. Found for all cells at once: multiplied matrices count the crossings with room for
        `step`, and a bipartite graph with E edges and no node of more than D has a matching of at least E ÷ D (König
        1916): so many exchanges of `step` can be made side by side. Sufficient, not necessary.
        """
        safe = np.zeros(len(self.counts), dtype=bool)
        wanted = world if direction > 0 else self.size - 1 - world
        less, more = world - self.low, self.high - world
        for cells, reversed_ in self.tables:
            there = cells >= 0
            up = np.where(there, np.where(reversed_, less[cells], more[cells]), 0)
            down = np.where(there, np.where(reversed_, more[cells], less[cells]), 0)
            for turned in (False, True):
                # A cell falls when those next to it rise and the one across falls; a reversed one the other way round.
                falls = (direction > 0) != turned
                adjacent, across = (up, down) if falls else (down, up)
                own = there & (reversed_ == turned) & self.small[cells] & (wanted[cells] > 0)
                if not own.any():
                    continue
                for step in range(1, self.size):
                    exchanges = -(-wanted[cells] // step)
                    safe[cells[own & (exchanges <= _exchanges(adjacent >= step, across >= step))]] = True
        return safe

    def _two_way_tables(self) -> list[tuple[Whole, Flags]]:
        """The tables among the counts: matrices of positions (−1: no such cell), and which cells count negatively.

        Every count in exactly two sums is an edge between them. In a table with its totals each row and each column
        adds up to zero when the row and column totals count negatively.
        """
        incidence = self.equations.tocsc()
        edges: dict[int, list[tuple[int, int, float, float]]] = {}
        for cell in np.flatnonzero(np.diff(incidence.indptr) == 2).tolist():
            at = slice(incidence.indptr[cell], incidence.indptr[cell] + 2)
            (one, other), (sign, sign_there) = incidence.indices[at].tolist(), incidence.data[at].tolist()
            edges.setdefault(one, []).append((other, cell, sign, sign_there))
            edges.setdefault(other, []).append((one, cell, sign_there, sign))
        placed: dict[int, tuple[int, float]] = {}
        tables = []
        for first in edges:
            if first in placed:
                continue
            placed[first] = (0, 1.0)
            waiting, found, is_table = [first], {}, True
            while waiting:
                node = waiting.pop()
                side, factor = placed[node]
                for other, cell, sign, sign_there in edges[node]:
                    expected = (1 - side, factor * sign * sign_there)
                    if other not in placed:
                        placed[other] = expected
                        waiting.append(other)
                    is_table &= placed[other] == expected
                    if side == 0:
                        found[cell] = (node, other, factor * sign < 0)
            if is_table and len(found) > 3:
                tables.append(_as_matrix(found))
        return tables


def _as_matrix(found: dict[int, tuple[int, int, bool]]) -> tuple[Whole, Flags]:
    ends = np.array([(row, column) for row, column, _ in found.values()], dtype=np.int64)
    (rows, at_row), (columns, at_column) = (np.unique(ends[:, side], return_inverse=True) for side in (0, 1))
    cells = np.full((len(rows), len(columns)), -1, dtype=np.int64)
    cells[at_row, at_column] = list(found)
    reversed_ = np.zeros(cells.shape, dtype=bool)
    reversed_[at_row, at_column] = [negative for _, _, negative in found.values()]
    return cells, reversed_


def _exchanges(adjacent: Flags, across: Flags) -> npt.NDArray[np.float64]:
    """For each cell a number of exchanges that can be made side by side, at least."""
    near, far = adjacent.astype(np.float64), across.astype(np.float64)
    both = near * far
    # Not through the cell's own row or column again.
    crossings = near @ far.T @ near - near * (both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both)
    widest = np.maximum(near.sum(axis=1, keepdims=True), near.sum(axis=0, keepdims=True))
    counted: npt.NDArray[np.float64] = np.ceil(crossings / np.maximum(widest, 1))
    return counted
