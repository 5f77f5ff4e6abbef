"""Exchange rates: the operator's, then the ECB's, then HMRC's, and nothing where none is known.

Reference values are those that the ECB and HMRC published for the day or month.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal, localcontext

import pytest
from currency_converter import CurrencyConverter
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from data_access.database.engine import Database
from data_access.database.schema import exchange_rates
from data_access.money.rates import ECB, ECB_DAYS, HMRC, OPERATOR, SAME, Rate, Rates, _ecb_rate, _hmrc_rate

LAST_OF_ECB = CurrencyConverter().bounds["USD"].last_date


def rates(database: Database, currency: str, *own: tuple[str, str, str]) -> Rates:
    with database.writing() as connection:
        for code, on, value in own:
            row = {"currency": code, "on": date.fromisoformat(on), "rate_to_program_currency": Decimal(value)}
            connection.execute(insert(exchange_rates), row)
        return Rates(connection, currency)


@pytest.mark.parametrize(
    ("day", "bank_day", "dollars"),
    [
        ("1999-01-04", "1999-01-04", "1.1789"),
        ("2014-03-28", "2014-03-28", "1.3759"),
        ("2014-03-29", "2014-03-28", "1.3759"),
        ("2014-03-30", "2014-03-28", "1.3759"),
        ("2014-03-27", "2014-03-27", "1.3758"),
        # Good Friday to Easter Monday 2020: the bank was closed from the 10th to the 13th.
        ("2020-04-13", "2020-04-09", "1.0867"),
    ],
)
def test_an_ecb_rate_is_that_of_the_bank_day(database: Database, day: str, bank_day: str, dollars: str) -> None:
    """A weekday's own; on a weekend or holiday the last one before, with its date."""
    found = rates(database, "USD").at("EUR", date.fromisoformat(day))
    assert found == Rate(Decimal(dollars), date.fromisoformat(bank_day), ECB)


def test_before_the_ecb_series_nothing_is_known(database: Database) -> None:
    """Its first day is 4 January 1999, and HMRC's tables begin in 2014."""
    for day in (date(1998, 12, 31), date(1999, 1, 3), date(1970, 1, 1)):
        assert rates(database, "USD").at("EUR", day) is None


def test_after_the_last_ecb_rate_hmrc_answers_or_nobody(database: Database) -> None:
    """The weekend after the last bank day still has its rate; the next bank day's is not known to the package."""
    known = rates(database, "USD")
    next_bank_day = LAST_OF_ECB + timedelta(days=3 if LAST_OF_ECB.weekday() == 4 else 1)
    assert _ecb_rate("EUR", "USD", next_bank_day) is None
    assert _ecb_rate("EUR", "USD", LAST_OF_ECB) is not None
    found = known.at("EUR", next_bank_day)
    assert found is None or (found.source, found.on) == (HMRC, next_bank_day.replace(day=1))
    assert known.at("EUR", date(2199, 1, 1)) is None


def test_a_currency_that_ended_has_no_rate_afterwards(database: Database) -> None:
    """The kuna was replaced by the euro on 1 January 2023; the rouble's series ends on 1 March 2022."""
    assert _ecb_rate("HRK", "EUR", date(2022, 12, 31)) is not None
    assert _ecb_rate("HRK", "EUR", date(2023, 1, 2)) is None
    assert _ecb_rate("RUB", "EUR", date(2022, 3, 2)) is None
    assert rates(database, "EUR").at("HRK", date(2024, 1, 2)) is None


def test_a_long_gap_in_the_series_is_no_rate() -> None:
    """The ECB gave no rates for the Icelandic króna from December 2008 to January 2018."""
    assert _ecb_rate("ISK", "EUR", date(2008, 12, 9)) is not None
    assert _ecb_rate("ISK", "EUR", date(2012, 6, 1)) is None


def test_two_currencies_meet_over_the_euro_on_one_day(database: Database) -> None:
    """Yen to Swiss francs on 4 January 1999: 133.73 and 1.6168 for a euro; twelve digits, half to even."""
    found = rates(database, "CHF").at("JPY", date(1999, 1, 4))
    assert found == Rate(Decimal("0.0120900321543"), date(1999, 1, 4), ECB)
    assert found is not None
    assert found.convert(Decimal(100_000)) == Decimal("1209.0032")


def test_a_currency_that_only_hmrc_lists_is_converted_over_the_pound(database: Database) -> None:
    """The rate is the month's, dated to its first day, whichever day is requested."""
    pounds = rates(database, "GBP")
    naira, kenyan = pounds.at("NGN", date(2019, 3, 15)), pounds.at("KES", date(2019, 3, 31))
    assert naira is not None
    assert kenyan is not None
    assert (naira.source, naira.on) == (HMRC, date(2019, 3, 1))
    assert naira.value.quantize(Decimal("1e-9")) == (1 / Decimal("472.91")).quantize(Decimal("1e-9"))
    cross = rates(database, "KES").at("NGN", date(2019, 3, 15))
    assert cross is not None
    assert cross.value == pytest.approx(naira.value / kenyan.value, rel=Decimal("1e-10"))


def test_hmrc_rates_are_of_the_very_month() -> None:
    """Before its first table and in a month without the currency there is none: no month is stretched."""
    assert _hmrc_rate("KES", "USD", date(2013, 12, 31)) is None
    assert _hmrc_rate("KES", "USD", date(2014, 2, 1)) is not None
    assert _hmrc_rate("VES", "USD", date(2025, 6, 1)) is None


def test_a_currency_in_no_table_is_unknown_and_not_zero(database: Database) -> None:
    """Neither source lists the South Sudanese pound; text that is no currency is unknown as well."""
    known = rates(database, "USD")
    assert known.at("SSP", date(2024, 5, 2)) is None
    assert known.convert(Decimal(100), "SSP", date(2024, 5, 2)) is None
    assert known.at("???", date(2024, 5, 2)) is None
    assert rates(database, "").at("EUR", date(2024, 5, 2)) is None


def test_the_operators_rate_wins_from_its_day_on_without_a_limit(database: Database) -> None:
    """Before its day the ECB answers; after it, no age is too great."""
    known = rates(database, "USD", ("EUR", "2020-04-09", "2"), ("SSP", "2019-01-01", "0.0064"))
    assert known.at("EUR", date(2020, 4, 8)) == Rate(Decimal("1.0871"), date(2020, 4, 8), ECB)
    assert known.at("EUR", date(2020, 4, 9)) == Rate(Decimal(2), date(2020, 4, 9), OPERATOR)
    assert known.at("EUR", date(2026, 4, 9)) == Rate(Decimal(2), date(2020, 4, 9), OPERATOR)
    assert known.convert(Decimal(1000), "SSP", date(2026, 1, 1)) == Decimal("6.4")


def test_the_programs_own_currency_is_itself_on_every_day(database: Database) -> None:
    """Even before there were rates, and whatever the operator's file says."""
    assert rates(database, "USD").at("USD", date(1950, 1, 1)) == Rate(Decimal(1), date(1950, 1, 1), SAME)


@settings(deadline=None)  # the first rate reads the tables
@given(st.dates(date(1998, 1, 1), date(2030, 1, 1)), st.sampled_from(["USD", "JPY", "ISK", "HRK", "RUB", "TRY"]))
def test_no_ecb_rate_is_from_later_or_too_long_ago(day: date, currency: str) -> None:
    """Whatever the day: the rate's own date lies within the days allowed before it."""
    found = _ecb_rate(currency, "EUR", day)
    assert found is None or timedelta(0) <= day - found.on <= timedelta(days=ECB_DAYS)


@pytest.mark.slow
def test_no_rate_table_is_read_before_one_is_needed() -> None:
    """Starting the product and converting the program's own currency touch neither package."""
    script = "import data_access.questions, data_access.money.rates, sys; print('currency_converter' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


@given(
    st.integers(0, 10**13),
    st.decimals("0.000001", "100000", places=6) | st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("1.08375")]),
)
def test_stored_amounts_are_converted_like_decimals(amount: int, value: Decimal) -> None:
    """Whole ten-thousandths, rounded half to even: the same number by two ways."""
    rate = Rate(value, date(2024, 1, 1), "operator")
    with localcontext(prec=60):
        assert Decimal(rate.convert_stored(amount)) / 10_000 == rate.convert(Decimal(amount) / 10_000)
