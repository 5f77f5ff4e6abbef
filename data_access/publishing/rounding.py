"""What a sum that is told to two figures says: between which ends it lies."""

from __future__ import annotations

import math
from decimal import Decimal

from data_access.privacy.amounts import FIGURES, rounded


def ends_of_rounded(amount: Decimal) -> tuple[int, int]:
    """Between which whole amounts lies what was rounded to this one: 120,000 → 115,000 to 125,000."""
    half = Decimal(1).scaleb(amount.adjusted() - FIGURES + 1) / 2 if amount else Decimal(0)
    return math.floor(amount - half), math.ceil(amount + half)


def as_rounded(at_least: int, at_most: int) -> Decimal | None:
    """The sum that these are the ends of; None where they are those of another range."""
    middle = Decimal((at_least + at_most) // 2)
    return middle if rounded(middle) == middle and ends_of_rounded(middle) == (at_least, at_most) else None
