"""Small groups: what a count of people may show, by role.

Rule: inside, every count is seen. Outside, ranges of at least `min_group_size` values; what is smaller than that reads
"fewer than 5", zero included, whatever the question and wherever it is shown.

Method: a lattice of fixed tables and partial cell suppression. For all outside, counts of people by attribute come
from the tables of `people_counts` alone (windows of four whole quarters, regions and not cities, one breakdown), as
released by the import that changed enough of them; counts of other kinds come for quarters or years that are over,
without filters and free thresholds. Each is released as a range, and `suppression.py` widens ranges until no small
count of the tables of an answer can be narrowed by adding and taking away. Counts that several answers show (how many
people there are, who is new) keep one range everywhere. Sources: Willenborg and de Waal, Elements of Statistical
Disclosure Control (2001), chapters 8 and 9; Fischetti and Salazar-González, Statistics and Computing 13 (2003), 13–21.

Guarantee: from all answers about people's attributes open to a role, and from each other answer on its own, linear or
whole-number programming narrows no count under `min_group_size` to fewer values than 0 to `min_group_size` − 1; the
difference of any two counts stays uncertain by at least `min_group_size` values; and counts by attribute stay the same
until so many people have changed. Shares, intervals and indices of people are made of the ranges that are shown, never
of the counts behind them. What is published is checked against all that was published before (`publishing/history.py`).

Limits: a viewer who knows from elsewhere who all the others are learns about the rest; so does one who knows exactly
what was imported in between and sees a range of a count without attributes move. Funnels and retention are protected
answer by answer, with the totals they share taken as known: years of cohorts that overlap, and one funnel by several
breakdowns, are not solved together. Sums of money, numbers of events and indices of inequality are no counts of people:
they are withheld where they belong to fewer than `min_group_size` members, but not blurred. That a range was widened
says something about the counts around it to somebody who runs this program on guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.privacy.suppression import Sum, protect
from data_access.selection import Period, Scope, Selection

__all__ = ["Sum", "people_selection", "shown_count", "shown_counts"]

Whole = npt.NDArray[np.int64]


def people_selection(selection: Selection, scope: Scope) -> Selection | None:
    """The selection for which the scope may see a count of people: itself, whole quarters, or None (withheld).

    Only quarters that are over count: in an open one, asking again on each day would reveal who came on which.
    """
    if scope.inside:
        return selection
    if selection.narrowed_by:
        return None
    whole = selection.period.whole_quarters()
    over = min(whole.end, Period.quarter_of(selection.over_by).start)
    return replace(selection, period=Period(whole.start, over)) if over > whole.start else None


def shown_counts(
    counts: Sequence[int] | Whole, scope: Scope, sums: Sequence[Sum] = (), known: Iterable[int] = ()
) -> pd.DataFrame:
    """Counts of people as the scope may see them, one row each, in order: people, at_least, at_most.

    Inside each count is itself. For everybody else a count is a range; `people` is its middle, and missing where the
    range reaches down to 0 ("fewer than 5"). `sums` names the totals among the counts, so that ranges are made wide
    enough for no small count to be narrowed by adding and taking away; `known` are those that other answers show too.
    """
    exact = np.asarray(counts, dtype=np.int64)
    low, high = (exact, exact) if scope.inside else protect(exact, sums, scope.min_group_size, known)
    return in_ranges(low, high)


def in_ranges(low: Whole, high: Whole) -> pd.DataFrame:
    """Ranges as columns: people (the middle, missing where a range reaches down to 0), at_least, at_most."""
    middle = pd.array((low + high) // 2, dtype="Int64")
    middle[(low == 0) & (high > 0)] = pd.NA
    return pd.DataFrame(
        {"people": middle, "at_least": pd.array(low, dtype="Int64"), "at_most": pd.array(high, dtype="Int64")}
    )


def shown_count(count: int, scope: Scope) -> int | None:
    """One count that is linked to no other, as the scope may see it; None reads "fewer than `min_group_size`"."""
    shown = shown_counts([count], scope)["people"].iloc[0]
    return None if pd.isna(shown) else int(shown)
