"""How numbers, money and days are written: one locale for everything on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)

Number = int | float | Decimal
INTERFACE = "en"  # the language of the words, and so of the numbers between them


class _Locale:
    """Where the locale of the request comes from: set once by the app, which knows the request of a page."""

    ask: Callable[[], str | None] = staticmethod(lambda: None)


# What this request was found to be in; a request that is no page's (a map's address) says it itself.
_own: ContextVar[str | None] = ContextVar("locale of the request", default=None)


def locale_of_request() -> str:
    """The reader's variant of the interface's language (en, en-GB, en-IN), for every number and day on a page.

    A German browser gets English numbers: “3.219 events” would be read as three.
    """
    return _variant(_own.get() or _Locale.ask() or INTERFACE)


@lru_cache
def _variant(tag: str) -> str:
    requested = tag.replace("-", "_")
    try:
        return str(Locale.parse(requested)) if requested.partition("_")[0] == INTERFACE else INTERFACE
    except (UnknownLocaleError, ValueError):
        return INTERFACE


def take_locale_from(ask: Callable[[], str | None]) -> None:
    """Ask this for the locale of each request, from now on; here at once, for all that this request writes.

    A page writes thousands of numbers, and each time Streamlit would look for the session again.
    """
    _Locale.ask = staticmethod(ask)
    _own.set(ask() or INTERFACE)


@contextmanager
def reader(accept_language: str) -> Iterator[None]:
    """Within it, the locale is the one that a browser asks for with this header: its first variant of English.

    The same rule as in assets/base.js, which decides for pages, so that a map agrees with the page around it.
    """
    asked = [entry.partition(";")[0].strip() for entry in accept_language.split(",")]
    ours = (tag for tag in asked if tag.lower().partition("-")[0] == INTERFACE)
    before = _own.set(next(ours, INTERFACE))
    try:
        yield
    finally:
        _own.reset(before)


def number(value: Number) -> str:
    """`12,345`; at most one decimal, and none for whole numbers or from a hundred up."""
    if value == int(value) or not -100 < value < 100:
        return _whole(round(value), locale_of_request())
    return tenths(value)


@lru_cache(maxsize=5_000)
def _whole(value: int, locale: str) -> str:
    """Tables hold thousands of small counts, and Babel reads its pattern again for each."""
    return format_decimal(value, locale=locale)


def tenths(value: Number) -> str:
    """`2.0`: always one decimal."""
    return format_decimal(value, format="#,##0.0", locale=locale_of_request())


def ratio(value: Number) -> str:
    """`0.72`: always two decimals."""
    return format_decimal(value, format="#,##0.00", locale=locale_of_request())


def compact(value: Number) -> str:
    """`12K`: for axes only."""
    return format_compact_decimal(value, fraction_digits=1, locale=locale_of_request())


def money(value: Number, currency: str) -> str:
    """`$12,345`, with cents only below a hundred; a currency is always named."""
    if value == 0 or not -100 < value < 100:
        return format_currency(
            round(value), currency, format="¤#,##0", currency_digits=False, locale=locale_of_request()
        )
    return format_currency(value, currency, locale=locale_of_request())


def money_in_figures(value: Number, currency: str) -> str:
    """`$120,000`, `$2.9`: an amount that is told to two figures, with no more digits than it has."""
    return format_currency(value, currency, format="¤#,##0.####", currency_digits=False, locale=locale_of_request())


def percent(value: float) -> str:
    """`12%`, `0.4%`, `99.6%`: the share as `share_as_shown` rounds it, so that only what is exactly 100% is `100%`."""
    shown = share_as_shown(value)
    decimals = next((digits for digits in (0, 1) if shown == round(shown, digits + 2)), 2)
    return format_percent(shown, format=_PERCENT[decimals], locale=locale_of_request())


_PERCENT = ("#,##0%", "#,##0.0%", "#,##0.00%")


def share_as_shown(value: float) -> float:
    """The share in whole per cent, with decimals where it would else reach a limit that it does not: none, or all.

    Exactly 0 and 1 are themselves; 99.6% is 99.6%, 99.999% is 99.99%, 100.001% is 100.01%, and 0.001% is 0.1%.
    """
    size = abs(value)
    shown = round(size, 2)
    if shown == 1 and size != 1:
        finer = (round(size, digits) for digits in (3, 4))
        shown = next((found for found in finer if found != 1), 0.9999 if size < 1 else 1.0001)
    elif 0 < size < 0.01:
        shown = max(round(size, 3), 0.001)
    return shown if value >= 0 else -shown


def rounding(shares: Iterable[float | None]) -> str:
    """Why the shares of a table do not add up to 100% as they are shown; "" where they do."""
    known = [share for share in shares if share is not None]
    exact, shown = sum(known), sum(map(share_as_shown, known))
    if abs(exact - 1) > 0.005 or abs(shown - 1) < 0.0005:
        return ""
    return "Shares are rounded, so they do not add up to exactly 100%."


def day(value: date) -> str:
    """`3 March 2019`: the month in words, so that no reader takes it for a day."""
    return format_date(value, format="d MMMM y", locale=locale_of_request())


def short_day(value: date) -> str:
    """`3 Mar 2019`, for narrow places."""
    return format_date(value, format="d MMM y", locale=locale_of_request())


def month(value: date) -> str:
    """`March 2019`."""
    return format_date(value, format="MMMM y", locale=locale_of_request())


def moment(value: datetime) -> str:
    """`3 March 2019, 14:05 UTC`."""
    return format_datetime(value, format="d MMMM y, HH:mm 'UTC'", locale=locale_of_request())


def short_moment(value: datetime) -> str:
    """`3 Mar 2019, 14:05 UTC`, for narrow places."""
    return format_datetime(value, format="d MMM y, HH:mm 'UTC'", locale=locale_of_request())


def symbol(currency: str) -> str:
    """`$` for `USD`; the code and a space where the currency has no sign of its own."""
    sign = get_currency_symbol(currency, locale=locale_of_request())
    return sign if sign != currency else f"{currency} "


def signed(value: Number) -> str:
    """`+12`, `-3`: by how much something grew."""
    return format_decimal(round(value), format="+#,##0;-#,##0", locale=locale_of_request())


def two_figures(value: float) -> str:
    """Two significant figures below ten, whole numbers above: `0.033`, `1.5`, `12`, `1,200`."""
    return format_decimal(value, format="@#" if 0 < value < 10 else "#,##0", locale=locale_of_request())
