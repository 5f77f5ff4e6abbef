"""Money of a fiscal year: what is paid, approved and not paid, and asked for, in the program's currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from currency_converter import CurrencyConverter, RateNotFoundError
from hmrc_rates import HmrcRatesError, Rates

from data_access.selection import Selection
from tests.second.bundle import Bundle, Request
from tests.second.days import fiscal_year
from tests.second.events import passes

NOTHING = Decimal(0)
BANK_DAYS_BACK = 7


@cache
def _bank() -> Any:
    return CurrencyConverter(decimal=True)


@cache
def _customs() -> Any:
    return Rates()


def rate(bundle: Bundle, currency: str, day: date) -> Decimal | None:
    """The operator's rate in force, else the central bank's of the last bank day, else the customs' of the month."""
    to = bundle.settings.currency
    if currency == to:
        return Decimal(1)
    own = [value for on, value in bundle.rates.get(currency, []) if on <= day]
    return own[-1] if own else _published(currency, to, day)


@cache
def _published(currency: str, to: str, day: date) -> Decimal | None:
    if {currency, to} <= _bank().currencies:
        for back in range(BANK_DAYS_BACK + 1):
            on = day - timedelta(days=back)
            if on > min(_bank().bounds[code].last_date for code in (currency, to)):
                break
            try:
                return Decimal(_bank().convert(1, "EUR", to, date=on) / _bank().convert(1, "EUR", currency, date=on))
            except RateNotFoundError:
                continue
    try:
        pounds = [_customs().monthly_rate(code, f"{day:%Y-%m}").units_per_gbp for code in (to, currency)]
    except (HmrcRatesError, ValueError):
        return None
    return Decimal(pounds[0] / pounds[1])


def converted(bundle: Bundle, amount: Decimal, currency: str, day: date) -> Decimal | None:
    found = rate(bundle, currency, day)
    return None if found is None else (amount * found).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a request is on the day: its state, its amount, and the day that the amount belongs to."""

    request: Request
    state: str
    day: date
    amount: Decimal | None


def entry(bundle: Bundle, request: Request, day: date) -> Entry | None:
    """In one state at a time; nothing for a request that is not made yet, or was declined or withdrawn."""
    if request.requested_on > day:
        return None
    decided = request.decided_on is not None and request.decided_on <= day
    if request.paid is not None and request.paid_on is not None and request.paid_on <= day:
        state, on, amount = "paid", request.paid_on, request.paid
    elif request.decision == "approved" and decided and request.decided_on is not None:
        state, on = "committed", request.decided_on
        amount = request.requested if request.approved is None else request.approved
    elif request.decision == "pending" or not decided:
        state, on, amount = "pending", request.requested_on, request.requested
    else:
        return None
    return Entry(request, state, on, converted(bundle, amount, request.currency, on))


def paid_in_period(bundle: Bundle, asked: Selection) -> Decimal | None:
    """What was paid in the period; filters look at the event that a request was made for.

    Amounts without a rate are left out; if all are, it is not known.
    """
    amounts: list[Decimal | None] = []
    for request in bundle.requests:
        found = entry(bundle, request, asked.as_of)
        if found is None or found.state != "paid":
            continue
        if not asked.period.start <= found.day < asked.period.end:
            continue
        if asked.narrowed_by:
            event = bundle.events.get(request.event)
            if event is None or not passes(event, asked):
                continue
        amounts.append(found.amount)
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known or not amounts else None


@dataclass
class Standing:
    paid: Decimal = NOTHING
    committed: Decimal = NOTHING
    pending: Decimal = NOTHING
    carried_over: Decimal = NOTHING
    unknown: int = 0
    pending_unknown: int = 0

    def add(self, found: Entry, before: bool) -> None:
        if found.amount is None:
            if found.state == "pending":
                self.pending_unknown += 1
            else:
                self.unknown += 1
            return
        setattr(self, found.state, getattr(self, found.state) + found.amount)
        if before and found.state == "committed":
            self.carried_over += found.amount


def year_asked(bundle: Bundle, asked: Selection) -> int:
    """The fiscal year of the day, or that in which a period ends that is over by then."""
    last = min(asked.as_of, asked.period.end - timedelta(days=1))
    return fiscal_year(max(last, asked.period.start), bundle.settings.year_starts)


def of_year(bundle: Bundle, asked: Selection) -> list[tuple[Entry, bool]]:
    """What counts against the fiscal year, and whether it was approved before the year began.

    Paid money belongs to the year of its payment. What is not paid yet, however old, counts against the year that runs.
    """
    starts, year = bundle.settings.year_starts, year_asked(bundle, asked)
    runs = fiscal_year(asked.as_of, starts)
    found = []
    for request in bundle.requests:
        one = entry(bundle, request, asked.as_of)
        if one is not None and year == (fiscal_year(one.day, starts) if one.state == "paid" else runs):
            found.append((one, fiscal_year(one.day, starts) < year))
    return found


def grouped(bundle: Bundle, asked: Selection, by: Callable[[Entry], str]) -> dict[str, Standing]:
    found: dict[str, Standing] = defaultdict(Standing)
    for one, before in of_year(bundle, asked):
        found[by(one)].add(one, before)
    return found


def summary(bundle: Bundle, asked: Selection) -> Standing:
    return grouped(bundle, asked, lambda _: "all").get("all", Standing())


def parts(bundle: Bundle, asked: Selection, by: str) -> dict[str, Standing]:
    """By the request's category, the member's region, or the scale of the event."""

    def part(one: Entry) -> str:
        if by == "category":
            return one.request.category
        if by == "region":
            return bundle.people[one.request.person].region
        return bundle.events[one.request.event].scale if one.request.event else ""

    return grouped(bundle, asked, part)


def by_member(bundle: Bundle, asked: Selection) -> dict[str, Standing]:
    return grouped(bundle, asked, lambda one: one.request.person)


def _limit(bundle: Bundle, year: int, person: str) -> tuple[bool, Decimal | None]:
    """Whether a budget or ceiling is set, and what it is in the program's currency on the year's first day."""
    for row in bundle.budgets:
        if (row.year, row.person) == (year, person):
            return True, converted(bundle, row.amount, row.currency, date(year, *bundle.settings.year_starts))
    return False, None


def budget(bundle: Bundle, year: int) -> Decimal | None:
    return _limit(bundle, year, "")[1]


def ceiling(bundle: Bundle, year: int, person: str) -> Decimal | None:
    """The member's own of that year, or else the program's."""
    known, own = _limit(bundle, year, person)
    return own if known else bundle.settings.ceiling


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
