"""Small groups: what a count of people, or a sum of money, may show.

Inside every count is seen, live. Outside nothing is worked out at all: everybody there reads the release, which is made
once a quarter, for fixed windows and breakdowns, and never told otherwise again (`data_access.release`).

Counts in a release are ranges of at least `min_group_size` values; what is smaller reads "fewer than 5", zero included.
Source: Willenborg and de Waal, Elements of Statistical Disclosure Control (2001), chapters 8 and 9; Fischetti and
Salazar-González, "Partial cell suppression", Statistics and Computing 13 (2003), 13–21.

Guarantee: from everything that was ever released, linear or whole-number programming over the counts and the sums that
link them narrows no count under `min_group_size` to fewer values than 0 to `min_group_size` − 1; and no combination of
the sums of money speaks of one person's payments alone.

Limits: who knows from elsewhere who all the others are learns about the rest. What an event's own public page says is
no secret: that it was held, where, by which team, and how many came. That a range was widened says something about the
counts around it to somebody who runs this program on guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.privacy.amounts import Payment
from data_access.privacy.book import Name
from data_access.privacy.ranges import Sum
from data_access.selection import Scope

__all__ = ["Name", "NotReleasedError", "Payment", "Sum", "shown_amount", "shown_count", "shown_counts"]

Whole = npt.NDArray[np.int64]


class NotReleasedError(Exception):
    """People were to be counted for somebody outside, away from a release: a mistake in a question."""


def shown_counts(
    counts: Sequence[int] | Whole, scope: Scope, sums: Sequence[Sum] = (), names: Sequence[Name | None] | None = None
) -> pd.DataFrame:
    """Counts of people as the scope may see them, one row each, in order: people, at_least, at_most.

    Inside each count is itself. For a release a count is a range; `people` is its middle, and missing where the range
    reaches down to 0 ("fewer than 5"). `sums` names the totals among the counts, and `names` those that other answers
    tell too (None: this answer alone tells it): all that is told is protected together.

    Raises NotReleasedError for a scope outside that makes no release.
    """
    exact = np.asarray(counts, dtype=np.int64)
    if scope.exact:
        return in_ranges(exact, exact)
    if scope.book is None:
        raise NotReleasedError
    return in_ranges(*scope.book.tell_counts(exact, sums, names))


def in_ranges(low: Whole, high: Whole) -> pd.DataFrame:
    """Ranges as columns: people (the middle, missing where a range reaches down to 0), at_least, at_most."""
    middle = pd.array((low + high) // 2, dtype="Int64")
    middle[(low == 0) & (high > 0)] = pd.NA
    return pd.DataFrame(
        {"people": middle, "at_least": pd.array(low, dtype="Int64"), "at_most": pd.array(high, dtype="Int64")}
    )


def shown_count(count: int, scope: Scope, name: Name | None = None) -> int | None:
    """One count as the scope may see it; None reads "fewer than `min_group_size`"."""
    shown = shown_counts([count], scope, names=[name])["people"].iloc[0]
    return None if pd.isna(shown) else int(shown)


def shown_amount(payments: Sequence[Payment], scope: Scope, name: Name) -> Decimal | None:
    """The sum of payments as the scope may see it: exact inside; rounded, or None, in a release (`privacy.amounts`)."""
    if scope.inside:
        return sum((payment.amount for payment in payments), Decimal(0))
    if scope.book is None:
        raise NotReleasedError
    amount: Decimal | None = scope.book.tell_amount(payments, name)
    return amount
