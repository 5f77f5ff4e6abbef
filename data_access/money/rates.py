"""Exchange rates to the program's currency: the operator's, then the European Central Bank's, then HMRC's monthly ones.

Lookup, for a currency and a day; the first that knows a rate answers:

1. The operator's `exchange_rates`: in force from its day until the next one of that currency, however long.
2. The ECB's reference rates (package `currency_converter`, 1999 on): of that bank day, or of the last one before it, at
   most `ECB_DAYS` days earlier (weekends and holidays; the longest gap in the series is five days). Two currencies meet
   over the euro, both on the same bank day. Before the series, after its last day or between, nothing is assumed.
3. HMRC's monthly rates (package `hmrc_rates`, 2014 on): of the day's own month, dated to its first day; two currencies
   meet over the pound, both of the same month.

Else the rate is unknown, and whoever asks lists the amount instead of counting it.

Rounding: a rate that is a quotient is kept to `DIGITS` significant digits, half to even; an amount is multiplied by
that rate, as shown, and rounded to the ten-thousandth of the program's currency, half to even.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from data_access.contract.kinds import MONEY_SCALE
from data_access.database.schema import exchange_rates

SAME, OPERATOR, ECB, HMRC = SOURCES = ("same", "operator", "ECB", "HMRC")
ECB_DAYS = 7
DIGITS = 12
_QUOTIENT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_SMALLEST = Decimal(1) / MONEY_SCALE


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of the program's currency for one unit, the day from which the rate is, and its source."""

    value: Decimal
    on: date
    source: str

    def convert(self, amount: Decimal) -> Decimal:
        """The amount in the program's currency, to the ten-thousandth."""
        return (amount * self.value).quantize(_SMALLEST, ROUND_HALF_EVEN)

    def convert_stored(self, amount: int) -> int:
        """The same in whole ten-thousandths, as the database stores amounts: many times faster than decimals."""
        numerator, denominator = self.value.as_integer_ratio()
        if denominator == 1:
            return amount * numerator
        whole, rest = divmod(amount * numerator, denominator)
        half = 2 * rest - denominator
        return whole + (half > 0 or (half == 0 and whole % 2 == 1))


class Rates:
    """Exchange rates to the program's currency. Cheap to make: the built-in rates are read when one is needed."""

    def __init__(self, connection: Connection, currency: str) -> None:
        self.currency = currency
        self._operator: dict[str, tuple[list[date], list[Decimal]]] = defaultdict(lambda: ([], []))
        own = exchange_rates.c
        wanted = select(own.currency, own.on, own.rate_to_program_currency).order_by(own.currency, own.on)
        for code, day, rate in connection.execute(wanted):
            days, values = self._operator[code]
            days.append(day)
            values.append(rate)
        self._found: dict[tuple[str, date], Rate | None] = {}

    def at(self, currency: str, day: date) -> Rate | None:
        """The rate that applies on the day, or None where none is known: never a guess."""
        if (currency, day) not in self._found:
            self._found[currency, day] = self._look_up(currency, day)
        return self._found[currency, day]

    def _look_up(self, currency: str, day: date) -> Rate | None:
        if currency == self.currency:
            return Rate(Decimal(1), day, SAME)
        days, values = self._operator.get(currency, ([], []))
        index = bisect_right(days, day) - 1
        if index >= 0:
            return Rate(values[index], days[index], OPERATOR)
        if not self.currency:
            return None
        return _ecb_rate(currency, self.currency, day) or _hmrc_rate(currency, self.currency, day)

    def convert(self, amount: Decimal | None, currency: str, day: date | None) -> Decimal | None:
        """The amount in the program's currency, to the ten-thousandth; None where amount, day or rate is unknown."""
        if amount is None or day is None:
            return None
        rate = self.at(currency, day)
        return None if rate is None else rate.convert(amount)


@cache
def _ecb() -> Any:
    # A quarter of a second; with exact decimals, and with both of the package's fallbacks off.
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True)


def _per_euro(currency: str, day: date) -> Decimal | None:
    """What one euro was worth on a bank day; None on other days and where the currency was not listed then."""
    from currency_converter import RateNotFoundError

    try:
        value: Decimal = _ecb().convert(1, "EUR", currency, date=day)
    except RateNotFoundError:
        return None
    return value


def _ecb_rate(currency: str, to: str, day: date) -> Rate | None:
    if not {currency, to} <= _ecb().currencies:
        return None
    # The euro is worth one euro on every day of the calendar: only the series says on which the bank was open.
    last = min(_ecb().bounds[code].last_date for code in (currency, to))
    if day > last + timedelta(days=_closed_days(last)):
        return None
    for back in range(ECB_DAYS + 1):
        on = day - timedelta(days=back)
        one, other = _per_euro(currency, on), _per_euro(to, on)
        if one is not None and other is not None:
            return Rate(_QUOTIENT.divide(other, one), on, ECB)
    return None


def _closed_days(last: date) -> int:
    """How long the last rate of a series still holds: over the weekend that follows it, when it is of a Friday."""
    return 2 if last.weekday() == 4 else 0


@cache
def _hmrc() -> Any:
    from hmrc_rates import Rates as Tables

    return Tables()


def _per_pound(currency: str, day: date) -> Decimal | None:
    from hmrc_rates import HmrcRatesError

    try:
        value: Decimal = _hmrc().monthly_rate(currency, f"{day:%Y-%m}").units_per_gbp
    except (HmrcRatesError, ValueError):
        return None
    return value


def _hmrc_rate(currency: str, to: str, day: date) -> Rate | None:
    one, other = _per_pound(currency, day), _per_pound(to, day)
    if one is None or other is None:
        return None
    return Rate(_QUOTIENT.divide(other, one), day.replace(day=1), HMRC)
