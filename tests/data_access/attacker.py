"""The attacker: knows every range and every link between the counts, and solves for each hidden count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp


@dataclass
class Attacker:
    """A growing system of whole unknowns, each between two ends, with sums and with inequalities among them."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    equations: list[dict[int, float]] = field(default_factory=list)
    smaller: list[tuple[int, int]] = field(default_factory=list)

    def count(self, low: float = 0, high: float = np.inf) -> int:
        """A new unknown, of which the attacker knows that it lies between two ends; returns its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def learn(self, unknown: int, low: float, high: float) -> None:
        """Record a range that was shown for a known unknown."""
        self.low[unknown], self.high[unknown] = max(self.low[unknown], low), min(self.high[unknown], high)

    def adds_up(self, total: int, parts: Iterable[int]) -> None:
        """The total is the sum of its parts."""
        terms: dict[int, float] = {total: -1.0}
        for part in parts:
            terms[part] = terms.get(part, 0.0) + 1.0
        self.equations.append(terms)

    def is_within(self, part: int, whole: int) -> None:
        """The part is no larger than the whole."""
        self.smaller.append((part, whole))

    def bounds_of(
        self, unknowns: Sequence[int], whole: bool = False, enough: tuple[float, float] = (-np.inf, np.inf)
    ) -> list[tuple[float, float]]:
        """The least and the most that each unknown can be, by linear (or whole-number) programming.

        Every world that is found counts for all unknowns; one that is known to reach `enough` is not solved for again.
        """
        rows = [*self.equations, *({part: 1.0, total: -1.0} for part, total in self.smaller)]
        coordinates = [(row, column) for row, terms in enumerate(rows) for column in terms]
        values = [value for terms in rows for value in terms.values()]
        shape = (len(rows), len(self.low))
        matrix = sparse.csr_array((values, tuple(np.array(coordinates).T)), shape=shape) if rows else None
        least = np.array([0.0] * len(self.equations) + [-np.inf] * len(self.smaller))
        constraints = [] if matrix is None else [LinearConstraint(matrix, least, np.zeros(len(rows)))]
        wanted = np.array(unknowns, dtype=int)
        lows, highs = np.full(len(wanted), np.inf), np.full(len(wanted), -np.inf)

        def solve(cost: np.ndarray) -> float:
            solved = milp(
                cost,
                integrality=np.full(len(cost), int(whole)),
                bounds=Bounds(np.array(self.low), np.array(self.high)),
                constraints=constraints,
            )
            assert solved.status in (0, 3), solved.message
            if solved.status == 3:
                return -np.inf
            np.minimum(lows, solved.x[wanted], out=lows)
            np.maximum(highs, solved.x[wanted], out=highs)
            return float(solved.fun)

        random = np.random.default_rng(0)
        for _ in range(30):
            # Worlds at random corners, many cells at an end at once.
            cost = np.zeros(len(self.low))
            cost[wanted] = random.normal(size=len(wanted)) * (random.random(len(wanted)) < random.random())
            solve(cost)
        for place, unknown in enumerate(wanted):
            cost = np.zeros(len(self.low))
            for sign, ends in ((1.0, lows), (-1.0, highs)):
                reached = ends[place] <= enough[0] + 1e-6 if sign > 0 else ends[place] >= enough[1] - 1e-6
                if not reached:
                    cost[unknown] = sign
                    ends[place] = sign * solve(cost)
        return list(zip(lows.tolist(), highs.tolist(), strict=True))
