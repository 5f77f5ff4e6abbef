"""Amounts against the decimals of their currency: what a workbook's arithmetic left over, and what no cents can be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from babel.numbers import get_currency_precision

from data_access.contract.cells import BadCell
from data_access.contract.kinds import MONEY_SCALE

_USUAL = 2
_REMEDY = "Check it; a currency has no smaller coin."
# Nobody types so many: a program worked the amount out.
_WORKED_OUT = re.compile(r"\.\d{9}", re.ASCII)


@lru_cache(maxsize=500)
def decimals_of(currency: str) -> int:
    """How many decimals the currency's amounts have (KWD 3, EUR 2, JPY 0); 2 for a text that is no currency."""
    return int(get_currency_precision(currency.strip().upper()))


def in_their_currency(
    values: list[Any], texts: Sequence[str], currencies: Sequence[str] | None
) -> Iterator[tuple[int, str, str]]:
    """Settle amounts (scaled, None or BadCell) by their row's currency, in place; yields (row, problem, remedy).

    "1.500" is an amount where the currency has three decimals. What was worked out by a program is rounded to the
    currency's decimals; what was typed is kept, and both are said.
    """
    unusual = currencies is not None and any(decimals_of(currency) != _USUAL for currency in set(currencies))
    if not unusual and not any(type(value) is not int or value % 100 for value in values if value is not None):
        return
    for index, value in enumerate(values):
        if value is None:
            continue
        decimals = decimals_of(currencies[index]) if currencies is not None else _USUAL
        if type(value) is BadCell:
            if value.with_three_decimals is not None and decimals >= 3:
                values[index] = value.with_three_decimals
            continue
        unit = MONEY_SCALE // 10**decimals
        if decimals < 4 and value % unit:
            if _WORKED_OUT.search(texts[index]):
                values[index] = (2 * value + unit) // (2 * unit) * unit
                shown = f"{values[index] / MONEY_SCALE:.{decimals}f}"
                yield index, f"more decimals than its currency has: rounded to {shown}", _REMEDY
            else:
                yield index, "more decimals than its currency has", _REMEDY
