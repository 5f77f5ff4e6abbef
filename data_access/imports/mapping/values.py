"""What stands in cells: dates, amounts, languages and words as people write them, as the data contract writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.numbers import list_currencies

from data_access.geography.folding import fold
from data_access.geography.languages import language_tag
from data_access.imports.mapping.words import WORDS

DAY_FIRST, MONTH_FIRST = "day first", "month first"
_LOCALES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "tr", "ru", "hi")
_TIME = r"(?:[T,\s]\s*\d{1,2}[:.]\d{2}\S*(?:\s*[ap]\.?m\.?)?(?:\s*\S{1,6})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII | re.IGNORECASE)
_EASTERN = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日.*", re.ASCII)
_NUMBERS = re.compile(rf"(\d{{1,2}})\s*([-/.])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_TIME}", re.ASCII | re.IGNORECASE)
_HALF_DAY = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_TOKENS = re.compile(r"\d+|[^\d\s]+")


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """The names of months and their short forms, folded, in the languages of the headings."""
    found: dict[str, int] = {"sept": 9}
    for code in _LOCALES:
        months = Locale.parse(code).months
        for usage in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[usage][width].items():
                    found.setdefault(fold(name).replace(" ", ""), number)
    return found


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year + 2000 if year < 100 else year, month, day).isoformat()
    except ValueError:
        return ""


@lru_cache(maxsize=20_000)
def read_date(text: str, order: str = DAY_FIRST) -> str:
    """The day of a date in numbers or words, with or without a time, as YYYY-MM-DD; "" where it is none.

    `order` decides "3/4/2026". A date that is none in that order is none: it is not turned round without a word.
    """
    text = text.strip()
    if found := (_YEAR_FIRST.fullmatch(text) or _EASTERN.fullmatch(text)):
        return _iso(*map(int, found.groups()[:3]))
    if numbers := _NUMBERS.fullmatch(text):
        first, mark, second, year = numbers.groups()
        day, month = (second, first) if order == MONTH_FIRST and mark != "." else (first, second)
        return _iso(int(year), int(month), int(day))
    return _in_words(text)


def _in_words(text: str) -> str:
    """ "3 May 2026", "May 3rd, 2026 at 18:00", "Sonntag, 3. Mai 2026", "3 de mayo de 2026"."""
    if len(text) > 60 or not any(sign.isdigit() for sign in text):
        return ""
    year = month = day = 0
    for token in _TOKENS.findall(fold(re.split(r"\d{1,2}:\d{2}", text)[0])):
        if token.isdecimal():
            if len(token) == 4 and not year:
                year = int(token)
            elif len(token) <= 2 and not day:
                day = int(token)
        elif not month:
            month = _months().get(token, 0)
    return _iso(year, month, day) if year and month and day else ""


def date_order(texts: Iterable[str]) -> str:
    """Which comes first in dates written in numbers: the day or the month; "" where nothing shows it."""
    days = months = 0
    for text in texts:
        if (found := _NUMBERS.fullmatch(text.strip())) and found[2] != ".":
            days += int(found[1]) > 12
            months += int(found[3]) > 12 or bool(_HALF_DAY.search(text) and int(found[1]) <= 12)
    return "" if days == months else DAY_FIRST if days > months else MONTH_FIRST


def undecided_dates(texts: Iterable[str]) -> bool:
    """Whether some date could be read in two ways."""
    found = [_NUMBERS.fullmatch(text.strip()) for text in texts]
    return any(each and each[2] != "." and int(each[1]) <= 12 and int(each[3]) <= 12 for each in found)


# ---- amounts ----------------------------------------------------------------------------------------

_SIGNS = {
    **{"us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD"},
    **{"mx$": "MXN", "r$": "BRL", "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "₹": "INR", "₦": "NGN"},
    **{"₽": "RUB", "руб": "RUB", "₩": "KRW", "₺": "TRY", "tl": "TRY", "₴": "UAH", "₫": "VND", "₱": "PHP", "₪": "ILS"},
    **{"฿": "THB", "zł": "PLN", "kč": "CZK", "ft": "HUF", "円": "JPY", "元": "CNY", "ksh": "KES", "gh₵": "GHS"},
    **{"sfr": "CHF", "fr": "CHF", "$": "USD", "¥": "JPY"},
}
# These are signs of several currencies: the table's own currency says which.
_SHARED = {
    "$": frozenset(["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "NAD"]),
    "¥": frozenset(("JPY", "CNY")),
    "kr": frozenset(["SEK", "NOK", "DKK", "ISK"]),
    "rs": frozenset(["INR", "PKR", "LKR", "NPR", "MUR"]),
}
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,'’()+-][^\d().,+-]{0,7}?)?\.?\s*(?P<number>-?\d[\d.,'’\s\u00a0\u202f]*?)\s*(?P<after>[^\d\s.,'’()+-][^\d(),+-]{0,7}?)?\.?",
    re.ASCII,
)
_BLANKS = re.compile(r"[\s'’\u00a0\u202f]+")
_COMMA_DECIMALS = re.compile(r"\d,\d{1,2}$|\.\d{3},\d|\d\.\d{3}\.\d{3}")
_DOT_DECIMALS = re.compile(r"\d\.\d{1,2}$|,\d{3}\.\d|\d,\d{3},\d{3}")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())


def currency_of(sign: str, usual: str = "") -> str:
    """The currency of a sign or code; `usual` is the table's, which decides for "$", "¥", "kr" and "Rs"."""
    sign = sign.strip().rstrip(".")
    if sign.upper() in _codes() and len(sign) == 3:
        return sign.upper()
    sign = sign.casefold()
    if usual in _SHARED.get(sign, ()):
        return usual
    return _SIGNS.get(sign, "")


@lru_cache(maxsize=20_000)
def read_amount(text: str, decimal: str = "", usual: str = "") -> tuple[str, str]:
    """Plain number and currency ("" where it has none) of "€ 1.133,32"; ("", "") where the text is no amount.

    `decimal` is the decimal mark of the column. Without it "1.500" stays as it is, to be asked about.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return "", ""
    signs = [sign.strip() for sign in (found["before"], found["after"]) if sign and sign.strip()]
    currencies = {currency_of(sign, usual) for sign in signs}
    known = all(currency or sign.casefold().rstrip(".") in _SHARED for sign in signs for currency in currencies)
    if not known or len(currencies - {""}) > 1:
        return "", ""
    return plain_number(found["number"], decimal), "".join(currencies)


def plain_number(number: str, decimal: str = "") -> str:
    """The digits with a dot before the decimals; as it stands where it could be read in two ways."""
    number = _BLANKS.sub("", number)
    marks = [mark for mark in number if mark in ".,"]
    if not marks:
        return number
    last = marks[-1]
    behind = len(number) - 1 - number.rindex(last)
    grouped = re.fullmatch(r"-?\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}", number) is not None
    if len(marks) == 1 and grouped:
        # "1.500": thousands where the column's decimals have the other mark.
        other = {".": ",", ",": "."}[last]
        if decimal == other or (not decimal and last == ","):
            return number.replace(last, "")
        return number.replace(",", ".")
    if len(set(marks)) == 1 and len(marks) > 1:
        return number.replace(last, "") if behind == 3 else number
    head, tail = number[: -behind - 1] if behind else number[:-1], number[len(number) - behind :] if behind else ""
    whole = re.sub("[.,]", "", head)
    return f"{whole}.{tail}" if tail else whole


def decimal_mark(texts: Iterable[str]) -> str:
    """The mark before the decimals in a column of amounts; "" where nothing shows it, or both are used."""
    found = set()
    for text in texts:
        match = _AMOUNT.fullmatch(text.strip())
        number = _BLANKS.sub("", match["number"]) if match else ""
        found |= {mark for mark, shows in ((",", _COMMA_DECIMALS), (".", _DOT_DECIMALS)) if shows.search(number)}
    return found.pop() if len(found) == 1 else ""


# ---- languages, lists and words ---------------------------------------------------------------------

_BETWEEN_LANGUAGES = re.compile(
    r"\s*[;,/&+|\n、，・·]\s*|\s+(?:and|und|et|y|e|i|en|och|ve|и|और|plus|sowie)\s+", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"\s*[;,/&|\n、，]\s*|\s+(?:and|und|et|y|och|ve|и|और)\s+", re.IGNORECASE)
_BETWEEN_TOPICS = re.compile(r"\s*[;,|\n、，]\s*")
_LEVEL = re.compile(r"\s*[(\[（].*?[)\]）]\s*|\s*[:–-]\s*(?:native|fluent|basic|[ABC][12]).*$", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def read_languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags of the languages in a text, and what in it is no known language."""
    tags: list[str] = []
    unknown: list[str] = []
    if whole := language_tag(text):
        return (whole,), ()
    for part in filter(None, map(str.strip, _BETWEEN_LANGUAGES.split(text))):
        if tag := language_tag(part) or language_tag(_LEVEL.sub("", part)):
            tags.append(tag)
        else:
            unknown.append(part)
    return tuple(dict.fromkeys(tags)), tuple(unknown)


_MAIL = re.compile(r"(.*?)\s*<\s*([^<>@\s]+@[^<>@\s]+)\s*>")


def name_and_mail(text: str) -> tuple[str, str]:
    """The two parts of "Ada Lovelace <ada@example.org>"; the second is "" where there is none."""
    found = _MAIL.fullmatch(text.strip())
    return (found[1].strip(' "'), found[2]) if found else (text, "")


def names_in(text: str) -> list[str]:
    """The people whom a cell lists."""
    return [" ".join(part.split()) for part in _BETWEEN_NAMES.split(text) if part.strip()]


def topics_in(text: str) -> str:
    """The labels that a cell lists, as the contract lists them."""
    return ";".join(part for part in _BETWEEN_TOPICS.split(text) if part.strip())


_MARKS = {"✓", "✔", "✔️", "✅", "☑", "✗", "✘", "❌", "☐", "-"}


@lru_cache(maxsize=20)
def _by_word(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for choice, text in WORDS[kind].items():
        found.setdefault(choice.replace("_", " "), choice)
        for word in map(str.strip, text.split(",")):
            found.setdefault(word if word in _MARKS else fold(word), choice)
    return found


@lru_cache(maxsize=20_000)
def read_word(kind: str, text: str) -> str:
    """The contract's word for what a cell says ("Done ✔" → "held"); "" where it is not known."""
    words, bare = _by_word(kind), text.strip()
    for candidate in (bare, fold(bare), *(mark for mark in bare.split() if mark in _MARKS)):
        if candidate and candidate in words:
            return words[candidate]
    return ""
