"""Validation of one table's rows: cells, then what must hold within a row; a column of a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from data_access.contract.cells import BadCell, batch_parser
from data_access.contract.labels import Spellings
from data_access.contract.tables import TABLES, Column, Kind
from data_access.geography.place_query import PlaceQuery
from data_access.imports.amounts import in_their_currency
from data_access.imports.batches import Batch
from data_access.imports.broken_text import Letters
from data_access.imports.event_checks import InWords, event_hints, fill_in
from data_access.imports.rows import Problem
from data_access.wording import say

PLACE_COLUMNS = ("city", "state", "country", "latitude", "longitude")
FAR_AHEAD = timedelta(days=5 * 366)
# What programs write where they know no date.
_STAND_INS = frozenset(("1900-01-01", "1904-01-01", "1970-01-01", "1980-01-01", "2000-01-01"))
WITHOUT_IT = "The row came in without it."
TEXTUAL = {Kind.TEXT, Kind.LABEL, Kind.TOPICS, Kind.COUNTRY}
# Without these a row says less; without an amount, a decision or the end of a membership it would say something else.
DISPENSABLE = {
    *(Kind.URL, Kind.TEXT, Kind.LABEL, Kind.TOPICS, Kind.LANGUAGE, Kind.LANGUAGES, Kind.COUNTRY),
    *(Kind.INTEGER, Kind.NUMBER, Kind.LATITUDE, Kind.LONGITUDE, Kind.DATETIME),
}
# Other days would say something else where they lack: not paid, not ended, not appointed.
DAYS_THAT_MAY_LACK = {
    *("joined_on", "applications_open_on", "applications_close_on", "training_starts_on", "graduates_on"),
}


def may_be_left_out(column: Column) -> bool:
    """Whether a row may come in without a cell that cannot be read: nothing depends on it, and it has no default."""
    dispensable = column.kind in DISPENSABLE or column.name in DAYS_THAT_MAY_LACK
    return not column.required and column.default is None and dispensable


@dataclass(slots=True)
class Validated:
    """The good rows of a batch, column by column in the contract's order, then of `extra_columns`; and their lines.

    `filled` names columns that some row says in words, in whatever column the source has.
    """

    columns: list[list[Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)


def extra_columns(table: str) -> tuple[str, ...]:
    """What validation computes in addition to the contract's columns, for the loader."""
    return ("place_key", "fingerprint") if table == "events" else ()


class TableValidator:
    """Turns raw batches of one table into rows to store; keeps the memory of what its columns held."""

    def __init__(self, table: str, as_of: date, spellings: Spellings, *, mend_text: bool = False) -> None:
        self.table = TABLES[table]
        self._letters = Letters(mend=mend_text)
        self.parsers = {column.name: batch_parser(column, table, spellings) for column in self.table.columns}
        self._dates = [index for index, column in enumerate(self.table.columns) if column.kind is Kind.DATE]
        self._far = (as_of + FAR_AHEAD).isoformat()
        # Events come back to the same places: their keys are made once each.
        self._place_key = lru_cache(maxsize=50_000)(place_key)
        self.index = {name: index for index, name in enumerate(self.table.column_names)}

    def is_by_cell(self) -> bool:
        """Whether a row is right where each of its cells is."""
        two_cells = self.table.spans or any(column.kind is Kind.MONEY for column in self.table.columns)
        return not (two_cells or self.table.name in ("events", "mentorships"))

    def nothing_to_say(self, column: Column, text: str, value: Any) -> bool:
        """Whether a cell of a table that is checked by cell came in as it should, without a hint."""
        if type(value) is BadCell or (column.kind in TEXTUAL and not Letters.are_whole(text)):
            return False
        return not (column.kind is Kind.DATE and type(value) is str and (value in _STAND_INS or value > self._far))

    def validate(self, batch: Batch, rejected: Set[int]) -> tuple[Validated, list[Problem]]:
        """The rows without an error, and every problem of the others; lines in `rejected` are left out unread."""
        raw, lines = self._unrejected(batch, rejected)
        if not raw:
            return Validated(), []
        given = dict(zip(batch.columns, zip(*raw, strict=True), strict=True))
        columns: list[list[Any]] = []
        problems: list[Problem] = []
        bad: set[int] = set()
        left_out: list[tuple[int, str, str]] = []
        for column in self.table.columns:
            texts = given.get(column.name)
            if texts is None:
                # The column is not given at all; required ones were refused with the header, or come here empty.
                texts = ("",) * len(raw) if column.required else None
            if texts is None:
                columns.append([column.default] * len(raw))
                continue
            if column.kind in TEXTUAL and not ((joined := "".join(texts)).isascii() and "?" not in joined):
                texts, said = self._letters.looked_at(batch, lines, column.name, texts)
                problems += said
            parser = self.parsers[column.name]
            values = parser.each(texts)
            if column.kind is Kind.MONEY:
                for index, says, do in in_their_currency(values, texts, given.get("currency")):
                    problems.append(self._problem(batch, lines[index], column.name, texts[index], says, do, "hint"))
            if parser.saw_bad:
                for index, value in enumerate(values):
                    if type(value) is BadCell:
                        dispensable = may_be_left_out(column)
                        problem = self._problem(
                            batch, lines[index], column.name, texts[index], value.problem, value.remedy
                        )
                        if dispensable:
                            values[index] = None
                            left_out.append((index, column.name, texts[index]))
                            problem = replace(problem, severity="hint", remedy=f"{problem.remedy} {WITHOUT_IT}")
                        else:
                            bad.add(index)
                        problems.append(problem)
            columns.append(values)
        self._put_aside(columns, left_out)
        named = dict(zip(self.table.column_names, columns, strict=True))
        in_words = fill_in(named, bad) if self.table.name == "events" else None
        for index, problem in self._row_problems(batch, columns, lines, bad, in_words):
            problems.append(problem)
            if problem.severity == "error":
                bad.add(index)
        columns.extend(self._extras(columns, bad))
        if bad:
            good = [index for index in range(len(lines)) if index not in bad]
            columns = [[column[index] for index in good] for column in columns]
            lines = [lines[index] for index in good]
        return Validated(columns, lines, in_words.filled if in_words else set()), problems

    def _put_aside(self, columns: list[list[Any]], left_out: Sequence[tuple[int, str, str]]) -> None:
        """What was left out stays readable in the row's own note, where it has one; half a point goes with its half."""
        for index, name, text in left_out:
            if name.endswith(("latitude", "longitude")):
                for part in ("latitude", "longitude"):
                    columns[self.index[name.replace("latitude", part).replace("longitude", part)]][index] = None
            if "note" in self.index and name != "note":
                notes = columns[self.index["note"]]
                notes[index] = "\n".join(filter(None, [notes[index], say("{name}: {value}", name=name, value=text)]))

    @staticmethod
    def _unrejected(batch: Batch, rejected: Set[int]) -> tuple[list[Sequence[str]], list[int]]:
        if rejected.isdisjoint(batch.lines):
            return batch.rows, batch.lines
        kept = [index for index, line in enumerate(batch.lines) if line not in rejected]
        return [batch.rows[index] for index in kept], [batch.lines[index] for index in kept]

    def _problem(
        self,
        batch: Batch,
        line: int,
        column: str | None,
        value: str,
        problem: str,
        remedy: str,
        severity: str = "error",
    ) -> Problem:
        return Problem(batch.file, line, self.table.name, column, value[:500], problem, remedy, severity)

    def _row_problems(
        self, batch: Batch, columns: list[list[Any]], lines: list[int], bad: set[int], in_words: InWords | None
    ) -> Iterator[tuple[int, Problem]]:
        for start, end in self.table.spans:
            starts, ends = columns[self.index[start]], columns[self.index[end]]
            for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
                if not (first and last and index not in bad and last < first):
                    continue
                if self.table.name == "events":
                    ends[index] = None
                    problem, remedy = f"{end} lies before {start} ({first})", "The end was left out; correct it."
                    yield index, self._problem(batch, lines[index], end, last, problem, remedy, "hint")
                else:
                    remedy = f"{end} must be the same day as {start} ({first}) or later."
                    yield index, self._problem(batch, lines[index], end, last, f"{end} lies before {start}", remedy)
        for position in self._dates:
            name = self.table.columns[position].name
            days = columns[position]
            if not _STAND_INS.isdisjoint(days):
                for index, day in enumerate(days):
                    if type(day) is str and day in _STAND_INS:
                        problem = "a date that often stands in for an unknown one"
                        remedy = "It was taken as it stands; leave it out if the day is not known."
                        yield index, self._problem(batch, lines[index], name, day, problem, remedy, "hint")
            # Text of ISO dates sorts as the dates do; a look at the latest spares the look at each.
            if max((day for day in days if type(day) is str), default="") <= self._far:
                continue
            for index, day in enumerate(days):
                if type(day) is str and day > self._far:
                    problem = "a date far in the future"
                    yield index, self._problem(batch, lines[index], name, day, problem, "Check the year.", "hint")
        if in_words:
            named = dict(zip(self.table.column_names, columns, strict=True))
            for index, name, value, problem, remedy in event_hints(named, in_words, bad):
                yield index, self._problem(batch, lines[index], name, value, problem, remedy, "hint")
        if self.table.name == "mentorships":
            mentors, mentees = columns[self.index["mentor_key"]], columns[self.index["mentee_key"]]
            for index, (mentor, mentee) in enumerate(zip(mentors, mentees, strict=True)):
                if index not in bad and mentor == mentee:
                    remedy = "Name two different people."
                    yield (
                        index,
                        self._problem(batch, lines[index], "mentee_key", mentee, "a person mentors themself", remedy),
                    )

    def _extras(self, columns: list[list[Any]], bad: set[int]) -> list[list[Any]]:
        """For events: the key of the place to look up, and the fingerprint that probable duplicates share."""
        if self.table.name != "events":
            return []
        picked = [columns[self.index[name]] for name in ("title", "starts_on", "mode", *PLACE_COLUMNS)]
        keys: list[str | None] = []
        prints: list[str | None] = []
        for index, (title, starts_on, mode, *place) in enumerate(zip(*picked, strict=True)):
            if index in bad:
                keys.append(None)
                prints.append(None)
                continue
            key = None if mode == "online" else self._place_key(*place)
            keys.append(key)
            prints.append(fingerprint(title, starts_on, key))
        return [keys, prints]


def place_key(
    city: str | None, state: str | None, country: str | None, latitude: float | None, longitude: float | None
) -> str | None:
    """The key of the place in the `places` table, or None where nothing but a country, or not even that, is known."""
    if latitude is None or longitude is None:
        latitude = longitude = None
        if not city:
            return None
    key: str = PlaceQuery(city, state, country, latitude, longitude).key
    return key[:700]


def fingerprint(title: str, starts_on: str, key: str | None) -> str:
    """What two entries of the same event agree in: title without case and spacing, first day, and place."""
    text = f"{' '.join(title.casefold().split())}|{starts_on}|{key or ''}"
    return blake2b(text.encode(), digest_size=8).hexdigest()
