"""Where groups of applicants drop: applied, accepted, active member, each group against all the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Count, Number, Share, Text, empty, table
from data_access.privacy.attributes import ACTIVE, NOT_DISCLOSED, OTHER, REACHED
from data_access.questions.people.counts import ShownPeople, counts_of, shown
from data_access.questions.people.diversity import DIMENSION, KIND, OTHERS, VALUE, VALUE_SAID, WINDOW
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import STAFF, Scope, Selection
from data_access.statistics.intervals import share_difference, wilson_interval

# Two shares are compared where so many people are behind each: fewer say nothing about chance.
FEWEST_COMPARED = 10
LESS, MORE, NO_DIFFERENCE, TOO_FEW = "less often", "more often", "no clear difference", "too few to tell"
APPLIED, ACCEPTED, ACTIVE_MEMBER = STEPS = ("applied", "accepted", "active member")
DIFFERENCE_HELP = "95% Newcombe interval, over all that the ranges allow"
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
    low: Annotated[float | None, Share("From", help="95% Wilson interval, over all that the ranges allow")]
    high: Annotated[float | None, Share("To", help="95% Wilson interval, over all that the ranges allow")]
    others: Annotated[float | None, Share("The others", help="The same share among all others who disclosed")]
    difference: Annotated[float | None, Number("Difference", decimals=2, help="Of the two shares")]
    difference_low: Annotated[
        float | None,
        Number("Difference, from", decimals=2, help="95% Newcombe interval, over all that the ranges allow"),
    ]
    difference_high: Annotated[
        float | None, Number("Difference, to", decimals=2, help="95% Newcombe interval, over all that the ranges allow")
    ]
    verdict: Annotated[str | None, Text("Compared with the others", help=f"{LESS}, {MORE}, {NO_DIFFERENCE}, {TOO_FEW}")]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=AttributeStep, released=Released((Windows.ROLLING,)))
def attribute_funnel(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Where groups drop among applicants: applied → accepted → active member, by what they say about themselves.

    Applicants of the period; an application counts as it stands on `as_of`.
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
        yield step, counts[at], _compare(counts[at], counts[at - 1], rest[at], rest[at - 1])


def _compare(hits: ShownPeople, trials: ShownPeople, other_hits: ShownPeople, other_trials: ShownPeople) -> _Compared:
    """Shares of the middles; intervals, and so the verdict, hold wherever in their ranges the counts are."""
    if hits.people is None or not trials.people:
        return _Compared(verdict=TOO_FEW)
    smallest, largest = _extremes(hits, trials)
    low, high = wilson_interval(*smallest)[0], wilson_interval(*largest)[1]
    found = _Compared(min(hits.people / trials.people, 1.0), float(low), float(high), verdict=TOO_FEW)
    if other_hits.people is None or not other_trials.people:
        return found
    others = min(other_hits.people / other_trials.people, 1.0)
    other_smallest, other_largest = _extremes(other_hits, other_trials)
    least, most = share_difference(*smallest, *other_largest)[1], share_difference(*largest, *other_smallest)[2]
    if min(trials.people, other_trials.people) >= FEWEST_COMPARED:
        found = found._replace(verdict=MORE if least > 0 else LESS if most < 0 else NO_DIFFERENCE)
    return found._replace(
        others=others, difference=(found.share or 0) - others, difference_low=least, difference_high=most
    )


def _extremes(hits: ShownPeople, trials: ShownPeople) -> tuple[tuple[int, int], tuple[int, int]]:
    """The smallest and the largest share that the ranges allow, each as its two counts."""
    smallest = hits.at_least, max(trials.at_most, hits.at_least, 1)
    return smallest, (hits.at_most, max(trials.at_least, hits.at_most, 1))
