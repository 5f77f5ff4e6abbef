"""How numbers, money and days are written: one locale for everything on a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)

Number = int | float | Decimal
LOCALE = "en"


def number(value: Number, locale: str = LOCALE) -> str:
    """`12,345`; at most one decimal, and none for whole numbers or from a hundred up."""
    if value == int(value) or not -100 < value < 100:
        return format_decimal(round(value), locale=locale)
    return format_decimal(value, format="#,##0.0", locale=locale)


def compact(value: Number, locale: str = LOCALE) -> str:
    """`12K`: for axes only."""
    return format_compact_decimal(value, fraction_digits=1, locale=locale)


def money(value: Number, currency: str, locale: str = LOCALE) -> str:
    """`$12,345`, with cents only below a hundred; a currency is always named."""
    if value == 0 or not -100 < value < 100:
        return format_currency(round(value), currency, format="¤#,##0", currency_digits=False, locale=locale)
    return format_currency(value, currency, locale=locale)


def percent(value: float, locale: str = LOCALE) -> str:
    """`12%`; one decimal below one per cent, so that something is never shown as nothing."""
    small = 0 < abs(value) < 0.01
    return format_percent(value, format="#,##0.0%" if small else "#,##0%", locale=locale)


def day(value: date, locale: str = LOCALE) -> str:
    """`3 March 2019`, as the locale writes it in full."""
    return format_date(value, format="d MMMM y" if locale == "en" else "long", locale=locale)


def short_day(value: date, locale: str = LOCALE) -> str:
    """`3 Mar 2019`, for narrow places."""
    return format_date(value, format="d MMM y" if locale == "en" else "medium", locale=locale)


def moment(value: datetime, locale: str = LOCALE) -> str:
    """`3 March 2019, 14:05 UTC`."""
    return f"{day(value.date(), locale)}, {format_datetime(value, format='HH:mm', locale=locale)} UTC"


def symbol(currency: str, locale: str = LOCALE) -> str:
    """`$` for `USD`; the code and a space where the currency has no sign of its own."""
    sign = get_currency_symbol(currency, locale=locale)
    return sign if sign != currency else f"{currency} "
