"""Finding a question by what somebody wants to know, and reading period and place out of their words.

The search is SQLite's own full text search (FTS5, with Porter's stems and the BM25 rank) over names, first lines,
headings, phrasings and synonyms, in memory: no service is asked, and nothing of a program is in it.
"""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from data_access.geography.countries import english_country_code
from data_access.geography.folding import fold
from data_access.geography.languages import english_language_tag
from data_access.questions.phrasings import PHRASINGS
from data_access.questions.registry import QUESTIONS, Question
from data_access.questions.synonyms import things_meant
from data_access.selection import Role, add_months, escape_item

MOST_WORDS, MOST_LETTERS = 40, 400
_QUESTIONS = (
    "CREATE VIRTUAL TABLE asked USING fts5"
    "(name UNINDEXED, words, line, headings, phrasings, meant, tokenize=\"porter unicode61 tokenchars '_'\")"
)
_PHRASINGS = (
    "CREATE VIRTUAL TABLE phrased USING fts5"
    "(name UNINDEXED, words, meant, tokenize=\"porter unicode61 tokenchars '_'\")"
)
# How much a hit counts in the words of the name, in the first line, the headings, the phrasings and what is meant by
# all of them; and beside it the phrasing that is nearest. The numbers were chosen on phrasings that no test holds.
_SEARCH = """
WITH whole AS MATERIALIZED (
    SELECT name, bm25(asked, 0, 4.0, 5.0, 0.6, 1.0, 2.0) AS far FROM asked WHERE asked MATCH :wanted
),
parts AS MATERIALIZED (SELECT name, bm25(phrased) AS far FROM phrased WHERE phrased MATCH :wanted),
nearest AS (SELECT name, min(far) AS far FROM parts GROUP BY name)
SELECT whole.name FROM whole LEFT JOIN nearest USING (name)
ORDER BY whole.far + 0.5 * coalesce(nearest.far, 0), whole.name
"""
_STOP_WORDS = """
a about all an and any are as at be been but by can could did do does ever for from give had has have how i if in is it
its list many me much my of on or our ours please s shall should show so some tell than that the their them there they
this those to up us was we were what when where which while who whom why will with would you
"""
_STOP = frozenset(_STOP_WORDS.split())
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = tuple(_MONTH_NAMES.split())
_LONGEST_NAME = 4  # words


@dataclass(frozen=True, slots=True)
class Meant:
    """A question that may be meant, with the parameters that the words name, and the command that asks it."""

    question: Question
    query: dict[str, str]

    @property
    def command(self) -> str:
        parts = ["uplift", "ask", self.question.name]
        for name, value in self.query.items():
            parts += [f"--{name.replace('_', '-')}", value]
        return shlex.join(parts)


def find(text: str, role: Role, today: date, names: Mapping[str, Mapping[str, str]] | None = None) -> list[Meant]:
    """The questions that the role may ask and that may be meant, best first, three at most.

    `names[filter][key]` are the names of the program's teams, spaces, regions, areas and topics.
    """
    text = text[:MOST_LETTERS]
    query, rest = _read(text, today, names or {})
    ranked = [QUESTIONS[name] for name in _ranked(rest) or _ranked(text)]
    return [Meant(each, query) for each in ranked if role in each.roles][:3]


def _ranked(text: str) -> list[str]:
    words = [word for word in _words(text) if word not in _STOP][:MOST_WORDS]
    if not words:
        return []
    wanted = " OR ".join(f'"{word}"' for word in (*words, *_meant(words)))
    rows = _index().execute(_SEARCH, {"wanted": wanted})
    return [name for (name,) in rows]


@cache
def _index() -> sqlite3.Connection:
    found = sqlite3.connect(":memory:", check_same_thread=False)
    found.execute(_QUESTIONS)
    found.execute(_PHRASINGS)
    for question in QUESTIONS.values():
        headings = " ".join(f"{column.title} {column.unit}" for column in question.columns)
        words = question.name.replace("_", " ")
        phrasings = PHRASINGS.get(question.name, "")
        meant = " ".join(_meant(_words(f"{words} {question.line} {phrasings}")))
        row = (question.name, words, question.line, headings, phrasings, meant)
        found.execute("INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?)", row)
        for phrasing in phrasings.split(";"):
            of_it = (question.name, phrasing, " ".join(_meant(_words(phrasing))))
            found.execute("INSERT INTO phrased VALUES (?, ?, ?)", of_it)
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _meant(words: Iterable[str]) -> list[str]:
    return [thing for word in words for thing in things_meant(word)]


def _read(text: str, today: date, names: Mapping[str, Mapping[str, str]]) -> tuple[dict[str, str], str]:
    """The parameters that the words name, and the words without them."""
    query: dict[str, str] = {}
    text = re.sub(r"\bhow (many|much)\b", "number", text, flags=re.IGNORECASE)
    for pattern, period in _PERIODS:
        if matched := re.search(pattern, text, re.IGNORECASE):
            query["period"] = period(matched, today)
            text = f"{text[: matched.start()]} {text[matched.end() :]}"
            break
    for name, value, span in _named(text, names):
        query[name] = f"{query[name]},{value}" if name in query else value
        text = text.replace(span, " ", 1)
    return query, text


def _now(months: int, ago: int = 0) -> Callable[[re.Match[str], date], str]:
    """The calendar month, quarter or year that today is in, or the one before: `last quarter`."""

    def span(matched: re.Match[str], today: date) -> str:
        day = add_months(today.replace(day=1), -months * ago)
        if months == 12:
            return f"{day:%Y}"
        return f"{day:%Y}-Q{(day.month + 2) // 3}" if months == 3 else f"{day:%Y-%m}"

    return span


_MONTH = "|".join(_MONTHS)
_PERIODS: tuple[tuple[str, Callable[[re.Match[str], date], str]], ...] = (
    (r"\b\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}\b", lambda it, today: it[0]),
    (r"\b(20\d{2})[ -]?q([1-4])\b", lambda it, today: f"{it[1]}-Q{it[2]}"),
    (r"\bq([1-4])[ -]?(?:of )?(20\d{2})\b", lambda it, today: f"{it[2]}-Q{it[1]}"),
    (
        r"\b(?:the )?(first|second|third|fourth) quarter(?: of)? (20\d{2})\b",
        lambda it, today: f"{it[2]}-Q{_QUARTERS[it[1].lower()]}",
    ),
    (
        rf"\b({_MONTH}) (20\d{{2}})\b",
        lambda it, today: f"{it[2]}-{_MONTHS.index(it[1].lower()) + 1:02}",
    ),
    (r"\blast (?:calendar )?year\b", _now(12, ago=1)),
    (r"\blast quarter\b", _now(3, ago=1)),
    (r"\blast month\b", _now(1, ago=1)),
    (r"\bthis year\b", _now(12)),
    (r"\bthis quarter\b", _now(3)),
    (r"\bthis month\b", _now(1)),
    (r"\b(20\d{2})\b", lambda it, today: it[1]),
)


def _named(text: str, names: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Filters that the text names, with their value and the words: countries, languages, and what the program has."""
    known = {
        fold(shown): (name, key)
        for name in ("team", "space", "region", "topic", "area")
        for key, shown in (names.get(name) or {}).items()
    }
    words = list(re.finditer(r"[^\s,.;:?!()]+", text))
    taken: set[int] = set()
    for length in range(_LONGEST_NAME, 0, -1):
        for at in range(len(words) - length + 1):
            if taken & set(range(at, at + length)):
                continue
            span = text[words[at].start() : words[at + length - 1].end()]
            if (found := _value_of(span, known)) is not None:
                taken |= set(range(at, at + length))
                yield *found, span


def _value_of(span: str, known: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    # A name begins with a capital, as people write it: "may" is no month, and "turkey" no country, in running text.
    if not span[:1].isupper() or fold(span) in _STOP:
        return None
    if (own := known.get(fold(span))) is not None:
        return own[0], escape_item(own[1])
    if len(span) > 3 and (code := english_country_code(span)) is not None:
        return "country", code
    if len(span) > 3 and (tag := english_language_tag(span)) is not None:
        return "language", tag
    return None
