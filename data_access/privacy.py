"""Small groups: what a count of people may show to whom.

Method: for everyone but the PM, a count of people is answered only for whole calendar quarters and without further
filters, counts under `min_group_size` are withheld, and the others are rounded to the nearest multiple of
`min_group_size` (deterministic controlled rounding; Willenborg and de Waal, Elements of Statistical Disclosure Control,
2001, chapter 9). Guarantee: one answer leaves an interval of `min_group_size` values. Limit: answers for overlapping
spans of quarters, taken together, can narrow that interval; suppression that is checked over all linked tables is the
next step, and until then only one question breaks a count of people down: `country_gaps`, for staff, counts members by
home country on the first day of a quarter, each count rounded or withheld by itself and no exact total beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.selection import Scope, Selection

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sum:
    """A link between counts that every reader knows: the count at `total` is the sum of the counts at `parts`."""

    total: int
    parts: tuple[int, ...]


def shown_counts(counts: Sequence[int] | Whole, scope: Scope, sums: Sequence[Sum] = ()) -> pd.DataFrame:
    """Counts of people as the scope may see them, one row each, in order: people, at_least, at_most.

    The PM sees each count itself. For everybody else a count is a range: under `min_group_size` it reads 0 to
    `min_group_size` − 1 ("fewer than 5") and `people` is missing; else the range holds at least `min_group_size`
    values and `people` is its middle. `sums` names the totals among the counts, so that ranges are made wide enough
    for no small count to be narrowed by adding and taking away.
    """
    exact = np.asarray(counts, dtype=np.int64)
    if scope.sees_small_groups:
        low = high = exact
    else:
        low, high = protect(exact, sums, scope.min_group_size)
    middle = pd.array((low + high) // 2, dtype="Int64")
    middle[(low == 0) & (high > 0)] = pd.NA
    return pd.DataFrame(
        {"people": middle, "at_least": pd.array(low, dtype="Int64"), "at_most": pd.array(high, dtype="Int64")}
    )


def protect(counts: Whole, sums: Sequence[Sum], size: int) -> tuple[Whole, Whole]:
    """The ranges (low, high) that may be told of linked counts of people."""
    low = counts // size * size
    return low, low + size - 1


def people_selection(selection: Selection, scope: Scope) -> Selection | None:
    """The selection for which the scope may see a count of people: itself, whole quarters, or None (withheld)."""
    if scope.sees_small_groups:
        return selection
    if selection.narrowed_by:
        return None
    return replace(selection, period=selection.period.whole_quarters())


def shown_count(count: int, scope: Scope) -> int | None:
    """The count as the scope may see it; None reads "fewer than `min_group_size`"."""
    if scope.sees_small_groups:
        return count
    size = scope.min_group_size
    return None if count < size else (count + size // 2) // size * size
