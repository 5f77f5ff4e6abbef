"""Where groups of applicants drop: applied, accepted, active member, each group against all the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Count, Number, Share, Text, empty, table
from data_access.derived.people_counts import ACTIVE, REACHED
from data_access.privacy.released import NOT_DISCLOSED, OTHER
from data_access.questions.people.counts import ShownPeople, counts_of, shown
from data_access.questions.people.diversity import DIMENSION, KIND, OTHERS, VALUE, VALUE_SAID, WINDOW
from data_access.questions.registry import PEOPLE, question
from data_access.selection import STAFF, Scope, Selection
from data_access.statistics.intervals import share_difference, wilson_interval

# Two shares are compared where so many people are behind each: fewer say nothing about chance.
FEWEST_COMPARED = 10
LESS, MORE, NO_DIFFERENCE, TOO_FEW = "less often", "more often", "no clear difference", "too few to tell"
APPLIED, ACCEPTED, ACTIVE_MEMBER = STEPS = ("applied", "accepted", "active member")
_STEP_CELLS = (("", ""), ("outcome", REACHED), ("outcome", ACTIVE))
Ranges = npt.NDArray[np.int64]


class AttributeStep(NamedTuple):
    dimension: Annotated[str, DIMENSION]
    value: Annotated[str, VALUE_SAID]
    kind: Annotated[str, KIND]
    step: Annotated[str, Text("Step", help="applied, accepted, active member")]
    people: Annotated[int | None, Count("Applicants, middle of the range", "applicants", help="Empty: too few to show")]
    at_least: Annotated[int, Count("At least", "applicants")]
    at_most: Annotated[int, Count("At most", "applicants")]
    share: Annotated[float | None, Share("Of the step before")]
    low: Annotated[float | None, Share("From", help="95% interval (Wilson)")]
    high: Annotated[float | None, Share("To", help="95% interval (Wilson)")]
    others: Annotated[float | None, Share("The others", help="The same share among all others who disclosed")]
    difference: Annotated[float | None, Number("Difference", decimals=2, help="Of the two shares")]
    difference_low: Annotated[float | None, Number("Difference, from", decimals=2, help="95% interval (Newcombe)")]
    difference_high: Annotated[float | None, Number("Difference, to", decimals=2, help="95% interval (Newcombe)")]
    verdict: Annotated[str | None, Text("Compared with the others", help=f"{LESS}, {MORE}, {NO_DIFFERENCE}, {TOO_FEW}")]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=AttributeStep)
def attribute_funnel(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Where groups drop among applicants: applied → accepted → active member, by what they say about themselves.

    Applicants of the period; an application counts as it stands on `as_of` (the PM) or at the last import.
    """
    found = counts_of(connection, selection, scope, "applicants", "outcome")
    if found is None:
        return empty(AttributeStep)
    rows: list[AttributeStep] = []
    for dimension in found.dimensions:
        values = [value for value in found.values(dimension) if value != NOT_DISCLOSED]
        ranges = {
            value: np.array([found.range(*step, dimension, value) for step in _STEP_CELLS], dtype=np.int64)
            for value in values
        }
        everybody = sum(ranges.values(), np.zeros((len(STEPS), 2), dtype=np.int64))
        for value, own in ranges.items():
            label, kind = ("other", OTHERS) if value == OTHER else (value, VALUE)
            rows += [
                AttributeStep(dimension, label, kind, step, *count, **compared._asdict(), window=str(found.window))
                for step, count, compared in _steps(own, everybody - own)
            ]
    return table(AttributeStep, rows)


class _Compared(NamedTuple):
    """The columns of a step that are about its share."""

    share: float | None = None
    low: float | None = None
    high: float | None = None
    others: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    verdict: str | None = None


def _steps(own: Ranges, others: Ranges) -> Iterator[tuple[str, ShownPeople, _Compared]]:
    """Each step, from the ranges (steps × low, high) of a value and of all the others; the first has no share."""
    counts, rest = shown(own), shown(others)
    yield APPLIED, counts[0], _Compared()
    for at, step in enumerate(STEPS[1:], start=1):
        compared = _compare(counts[at].people, counts[at - 1].people, rest[at].people, rest[at - 1].people)
        yield step, counts[at], compared


def _compare(hits: int | None, trials: int | None, other_hits: int | None, other_trials: int | None) -> _Compared:
    if hits is None or not trials:
        return _Compared(verdict=TOO_FEW)
    hits = min(hits, trials)
    low, high = wilson_interval(hits, trials)
    found = _Compared(hits / trials, float(low), float(high), verdict=TOO_FEW)
    if other_hits is None or not other_trials:
        return found
    other_hits = min(other_hits, other_trials)
    difference, least, most = share_difference(hits, trials, other_hits, other_trials)
    if min(trials, other_trials) >= FEWEST_COMPARED:
        found = found._replace(verdict=MORE if least > 0 else LESS if most < 0 else NO_DIFFERENCE)
    return found._replace(
        others=other_hits / other_trials, difference=difference, difference_low=least, difference_high=most
    )
