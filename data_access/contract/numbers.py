"""Amounts, counts, numbers and degrees in cells: plain digits, and nothing that could be read in two ways."""

from __future__ import annotations

import re
from decimal import Decimal

from data_access.contract.kinds import MONEY_SCALE, Column, Kind

MAX_AMOUNT = 1_000_000_000_000
MAX_INTEGER = 2_147_483_647


class BadCell(Exception):
    """What is wrong with a cell, and how to mend it.

    `with_three_decimals` is the scaled amount of "1.500" in a currency that has three decimals.
    """

    def __init__(self, problem: str, remedy: str, with_three_decimals: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.with_three_decimals = problem, remedy, with_three_decimals


_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Three digits behind the only mark: thousands in one half of the world, thousandths in the other.
_THREE_DIGITS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_MANY_DECIMALS = 9  # from here on a program's arithmetic left them over
_AMOUNT_REMEDY = "Write plain digits with a dot before the decimals, like 1133.32."


def _decimal(text: str) -> Decimal:
    if not _PLAIN_NUMBER.fullmatch(text) or not text.isascii():
        raise BadCell("not a plain number", _AMOUNT_REMEDY)
    return Decimal(text)


def money(column: Column, text: str) -> int:
    """An amount in whole ten-thousandths."""
    amount = _decimal(text)
    if len(text.partition(".")[2]) >= _MANY_DECIMALS:
        amount = amount.quantize(Decimal(1) / MONEY_SCALE)
    if amount < 0:
        raise BadCell("a negative amount", "Amounts are zero or more.")
    if amount > MAX_AMOUNT:
        raise BadCell("an absurdly large amount", f"At most {MAX_AMOUNT:,} is accepted; check the decimals.")
    scaled = amount * MONEY_SCALE
    if scaled != int(scaled):
        raise BadCell("more than four decimals", "Round it to what was really paid.")
    if _THREE_DIGITS.fullmatch(text):
        raise _two_readings(text, int(scaled))
    return int(scaled)


def _two_readings(text: str, with_three_decimals: int | None = None) -> BadCell:
    whole, _, thousands = text.partition(".")
    remedy = f"Write {whole}{thousands} or {whole}.{thousands.rstrip('0') or '0'}, whichever is meant."
    return BadCell("this can be read in two ways: thousands or decimals", remedy, with_three_decimals)


def rate(column: Column, text: str) -> str:
    """An exchange rate, as written."""
    if _decimal(text) <= 0 or len(text) > 40:
        raise BadCell("not a usable rate", "A rate is a number above zero: program currency for one unit.")
    return text


def integer(column: Column, text: str) -> int:
    """A whole number within the column's limits."""
    if not re.fullmatch(r"-?\d{1,12}(?:\.0+)?", text) or not text.isascii():
        raise BadCell("not a whole number", "Write plain digits, like 1200.")
    if _THREE_DIGITS.fullmatch(text):
        raise _two_readings(text)
    count = int(text.partition(".")[0])
    least = -MAX_INTEGER if column.minimum is None else column.minimum
    most = MAX_INTEGER if column.maximum is None else column.maximum
    if not least <= count <= most:
        limits = f"between {least} and {most}" if column.maximum is not None else f"at least {least}"
        raise BadCell("out of range", f"It must be {limits}." if count < least or column.maximum else "Check it.")
    return count


def number(column: Column, text: str) -> float:
    """A number, with a dot before its decimals."""
    if not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?", text) or not text.isascii():
        raise BadCell("not a number", _AMOUNT_REMEDY)
    # A required number is a target; an optional one is a score, of which thousandths are believable.
    if column.kind is Kind.NUMBER and column.required and _THREE_DIGITS.fullmatch(text):
        raise _two_readings(text)
    found = float(text)
    if abs(found) > 1e15:
        raise BadCell("an absurdly large number", "Check it.")
    return found


# "48°51'24\"N", "5.6037° N" and "30,2672", as maps and spreadsheets show a point.
_MINUTES = re.compile(r"(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*[\"″”]\s*)?")
_WITH_A_LETTER = re.compile(r"(.+?)\s*°?\s*([NSEWO])", re.DOTALL)
_DECIMAL_COMMA = re.compile(r"(-?\d{1,3}),(\d+)")


def degrees(column: Column, text: str) -> float:
    """Latitude or longitude in degrees, also from degrees, minutes and seconds with the hemisphere's letter."""
    most = 90 if column.kind is Kind.LATITUDE else 180
    sign, written = 1, text
    if lettered := _WITH_A_LETTER.fullmatch(text):
        if (lettered[2] in "NS") != (column.kind is Kind.LATITUDE):
            raise BadCell(f"no {column.kind}, by its letter", "Latitude and longitude may be swapped.")
        sign, written = (-1 if lettered[2] in "SWO" else 1), lettered[1]
    if comma := _DECIMAL_COMMA.fullmatch(written):
        written = f"{comma[1]}.{comma[2]}"
    if minutes := _MINUTES.fullmatch(written):
        found = sum(float(part or 0) / unit for part, unit in zip(minutes.groups(), (1, 60, 3600), strict=True))
    else:
        found = number(column, written)
    found *= sign
    if abs(found) > most:
        raise BadCell(
            f"a {column.kind} outside −{most} to {most} degrees", "Check it; latitude and longitude may be swapped."
        )
    return found
