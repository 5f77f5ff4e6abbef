"""The two funnels and the waiting times between their steps."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise

import numpy as np

from data_access.selection import Selection
from tests.second.bundle import Bundle
from tests.second.contributors import at_home, countable, first_contributions, levels

NORMAL = 1.959963984540054  # 95 % of a normal distribution lie within so many deviations


@dataclass(frozen=True, slots=True)
class Journey:
    """A person's days at the steps, in order; a later step implies the ones before. `early`: steps without a wait."""

    person: str
    days: tuple[date | None, ...]
    early: frozenset[int] = frozenset()
    waits: Mapping[int, int] = field(default_factory=dict)


def contributors(bundle: Bundle, asked: Selection) -> list[Journey]:
    """People who joined in the period, on the earlier of joining and first contribution."""
    reached = levels(bundle, asked)
    # Team and area are those of the first contribution, the rest that of the event that brought it about.
    chosen = first_contributions(bundle, asked)
    everybody = countable(asked) and not asked.area and not asked.team
    found = []
    for person in bundle.people.values():
        casual = reached[0].get(person.key)
        recorded = person.joined_on if person.joined_on and person.joined_on <= asked.as_of else None
        entry = min((day for day in (recorded, casual) if day), default=None)
        if entry is None or not asked.period.start <= entry < asked.period.end or not at_home(person, asked):
            continue
        if not everybody and person.key not in chosen:
            continue
        # Whoever contributed before the recorded day of joining is a contributor who did not wait.
        early = frozenset({1} if casual and person.joined_on and casual < person.joined_on else ())
        found.append(Journey(person.key, (entry, *(steps.get(person.key) for steps in reached)), early))
    return found


def program(bundle: Bundle, asked: Selection) -> list[Journey]:
    """People by their first application; a later application can still take them further."""
    if asked.area or asked.team or not countable(asked):
        return []

    def earliest(days: list[date | None]) -> date | None:
        return min((day for day in days if day and day <= asked.as_of), default=None)

    found = []
    for person in sorted({row.person for row in bundle.applications}):
        rows = [row for row in bundle.applications if row.person == person]
        own: list[date | None] = [
            earliest([row.applied_on for row in rows]),
            earliest([row.evaluated_on for row in rows]),
            earliest([row.accepted_on for row in rows]),
            earliest([row.trained_on for row in rows]),
            earliest([row.graduated_on for row in rows]),
        ]
        entry = own[0]
        if entry is None or not asked.period.start <= entry < asked.period.end:
            continue
        if not at_home(bundle.people[person], asked):
            continue
        # Who was a member before has not become one by applying; a membership after it counts.
        own.append(
            earliest([row.started_on for row in bundle.memberships if row.person == person and row.started_on >= entry])
        )
        days = [entry, *(earliest(own[step:]) for step in range(1, 6))]
        # How long a step took is known where both its days are recorded, in this order and within the window.
        pairs = list(enumerate(pairwise(own), start=1))
        waits = {step: (now - before).days for step, (before, now) in pairs if before and now}
        waits = {step: wait for step, wait in waits.items() if 0 <= wait <= bundle.settings.conversion_days}
        early = frozenset(step for step, _ in pairs if step not in waits)
        found.append(Journey(person, tuple(max(day, entry) if day else None for day in days), early, waits))
    return found


@dataclass(frozen=True, slots=True)
class Step:
    people: int
    share_of_start: float | None
    counted: int
    share_of_previous: float | None
    open: int
    days: tuple[int, ...]
    interval: tuple[float, float] | None


def steps(journeys: list[Journey], window: int, day: date) -> list[Step]:
    """A step counts if it is taken within the window after the one before; a window is over on the day after it."""
    if not journeys:
        return []
    here = list(journeys)
    found = [Step(len(here), 1.0, len(here), None, 0, (), None)]
    for step in range(1, len(journeys[0].days)):
        taken, over, waits, still = [], 0, [], 0
        over_and_taken = 0
        for journey in here:
            before, now = journey.days[step - 1], journey.days[step]
            assert before is not None
            last = before + timedelta(days=window)
            took = now is not None and now <= last
            still += not took and day <= last
            over += day > last
            over_and_taken += took and day > last
            if took:
                taken.append(journey)
                if day > last and step not in journey.early and now is not None:
                    waits.append(journey.waits.get(step, (now - before).days))
        found.append(
            Step(
                len(taken),
                len(taken) / len(journeys),
                over,
                over_and_taken / over if over else None,
                still,
                tuple(sorted(waits)),
                wilson(over_and_taken, over),
            )
        )
        here = taken
    return found


def kaplan_meier(journeys: list[Journey], step: int, horizon: int, day: date) -> tuple[list[tuple[int, bool]], int]:
    """Of those who took the step before: how long each waited, and whether for the step; how many took it early."""
    waits, early = [], 0
    for journey in journeys:
        before, now = journey.days[step - 1], journey.days[step]
        if before is None:
            continue
        if step in journey.early:
            early += 1
        elif now is not None and (now - before).days <= horizon:
            waits.append(((now - before).days, True))
        else:
            waits.append((min((day - before).days, horizon), False))
    return waits, early


class Curve:
    """The Kaplan–Meier estimate of the share who have taken the step, by days, and Greenwood's variance."""

    def __init__(self, waits: list[tuple[int, bool]]) -> None:
        self.days, self.left, self.variance = [-1], [1.0], [0.0]
        at_risk = len(waits)
        for at, group in groupby(sorted(waits), key=lambda wait: wait[0]):
            all_at = list(group)
            taken = sum(took for _, took in all_at)
            if taken:
                self.days.append(at)
                self.left.append(self.left[-1] * (1 - taken / at_risk))
                step = taken / (at_risk * (at_risk - taken)) if at_risk > taken else 0.0
                self.variance.append(self.variance[-1] + step)
            at_risk -= len(all_at)

    def _at(self, days: int) -> int:
        return bisect_right(self.days, days) - 1

    def share(self, days: int) -> float:
        return 1 - self.left[self._at(days)]

    def bounds(self, days: int) -> tuple[float, float] | None:
        """The 95 % interval on the log-log scale; none at 0 and at 1."""
        left, variance = self.left[self._at(days)], self.variance[self._at(days)]
        if not 0 < left < 1:
            return None
        spread = NORMAL * math.sqrt(variance) / math.log(left)
        ends = left ** math.exp(spread), left ** math.exp(-spread)
        return 1 - max(ends), 1 - min(ends)

    def median(self) -> int | None:
        """The first day by which half have taken the step."""
        return next((day for day, left in zip(self.days, self.left, strict=True) if left <= 0.5 + 1e-9), None)


def wilson(taken: int, people: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share."""
    if not people:
        return None
    share, z = taken / people, NORMAL
    middle = share + z * z / (2 * people)
    half = z * math.sqrt(share * (1 - share) / people + z * z / (4 * people * people))
    return (middle - half) / (1 + z * z / people), (middle + half) / (1 + z * z / people)


def in_the_end(journeys: list[Journey], window: int, day: date) -> list[float]:
    """Of each step the share of start once every window is over: the product of the steps' Kaplan–Meier shares."""
    found, here = [1.0], list(journeys)
    for step in range(1, len(journeys[0].days) if journeys else 0):
        waits, taken = [], []
        for journey in here:
            before, now = journey.days[step - 1], journey.days[step]
            assert before is not None
            took = now is not None and (now - before).days <= window
            if took and now is not None:
                taken.append(journey)
                waits.append((journey.waits.get(step, (now - before).days), True))
            else:
                waits.append((min((day - before).days, window), False))
        found.append(found[-1] * Curve(waits).share(window))
        here = taken
    return found


def quartiles(days: tuple[int, ...]) -> tuple[float, float, float] | None:
    if not days:
        return None
    low, middle, high = np.quantile(days, (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)
