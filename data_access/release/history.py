"""What was ever released, in the program database: append-only, in its backup, and never told otherwise again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Table, delete, func, insert, select

from data_access.answers import Day, Moment, columns_of
from data_access.database.bulk import CHUNK_ROWS
from data_access.database.schema import (
    released_amounts,
    released_counts,
    released_payments,
    released_rows,
    released_sums,
    releases,
)
from data_access.persons.aliases import load_aliases
from data_access.privacy.amounts import Payment
from data_access.privacy.book import Book, Entry, Link, Name
from data_access.selection import Period


@dataclass(frozen=True, slots=True)
class Release:
    """One release: `released_on` is the first day after its last quarter, `of_import` the import that made it."""

    number: int
    released_on: date
    made_at: datetime
    of_import: int
    withheld: int

    @property
    def quarter(self) -> Period:
        """The last quarter that it tells of."""
        return Period.quarter_of(self.released_on - timedelta(days=1))


class MadeRelease(NamedTuple):
    """What everybody may know of a release; `released_on` is the first day after its last quarter, `made_at` in UTC."""

    number: int
    released_on: date
    made_at: datetime

    @property
    def quarter(self) -> Period:
        """The last quarter that it tells of."""
        return Period.quarter_of(self.released_on - timedelta(days=1))


class ReleasedAnswer(NamedTuple):
    """One answer: which question, window and options, and its rows as they are told."""

    question: str
    window: Period
    options: str
    frame: pd.DataFrame


def newest(connection: Connection) -> Release | None:
    """The newest release; None before the first."""
    row = connection.execute(select(releases).order_by(releases.c.release_id.desc()).limit(1)).first()
    return None if row is None else Release(*row)


def all_releases(connection: Connection) -> list[Release]:
    """Every release, the newest first."""
    return [Release(*row) for row in connection.execute(select(releases).order_by(releases.c.release_id.desc()))]


def made_releases(connection: Connection, today: date) -> list[MadeRelease]:
    """The releases up to a day, the newest first; from the release's own connection, too."""
    own = releases.c
    statement = select(own.release_id, own.released_on, own.made_at).where(own.released_on <= today)
    return [MadeRelease(*row) for row in connection.execute(statement.order_by(own.release_id.desc()))]


def told_before(connection: Connection, size: int) -> Book:
    """A book that holds what earlier releases told."""
    counts: dict[Name, Entry] = {}
    told = released_counts.c
    for name, exact, low, high in connection.execute(select(told.name, told.exact, told.at_least, told.at_most)):
        counts[_as_name(name)] = Entry(exact, None if low is None else (low, high))
    links = {
        Link(_as_name(total), tuple(map(_as_name, json.loads(parts))))
        for total, parts in connection.execute(select(released_sums.c.total, released_sums.c.parts))
    }
    sums = released_amounts.c
    amounts: dict[Name, Decimal | None] = {}
    told_by: defaultdict[int, list[Name]] = defaultdict(list)
    for release, text, amount in connection.execute(select(sums.release_id, sums.name, sums.amount)):
        name = _as_name(text)
        amounts[name] = amount
        if amount is not None:
            told_by[release].append(name)
    return Book(size, counts, links, amounts, _payments_of(connection, told_by))


def _payments_of(connection: Connection, told_by: Mapping[int, Sequence[Name]]) -> dict[Name, Sequence[Payment]]:
    """The payments of each sum that a release told; `told_by`: those sums by release."""
    names = {release: sorted(told) for release, told in told_by.items()}
    found: dict[Name, list[Payment]] = {name: [] for told in names.values() for name in told}
    paid = released_payments.c
    aliases = load_aliases(connection)
    for release, key, person, amount, sums in connection.execute(
        select(paid.release_id, paid.payment_key, paid.person_key, paid.amount, paid.sums)
    ):
        # Who was merged since is one payee among all releases, not two.
        payment = Payment(key, aliases.stands_as(person) or person, amount)
        for place in json.loads(sums):
            found[names[release][place]].append(payment)
    return {name: tuple(payments) for name, payments in found.items()}


def _payment_rows(number: int, book: Book, before: Book) -> Iterator[tuple[Any, ...]]:
    """The payments of the sums that this release told, each once."""
    sums: defaultdict[Payment, list[int]] = defaultdict(list)
    for at, name in enumerate(sorted(name for name in book.payments if name not in before.payments)):
        for payment in set(book.payments[name]):
            sums[payment].append(at)
    for place, (payment, places) in enumerate(sorted(sums.items())):
        yield number, place, *payment, json.dumps(places)


def told_answers(connection: Connection) -> set[tuple[str, Period, str]]:
    """Which answers were told: question, window, options."""
    told = released_rows.c
    statement = select(told.question, told.window_start, told.window_end, told.options).where(told.place < 0)
    return {(row[0], Period(row[1], row[2]), row[3]) for row in connection.execute(statement)}


def told_anything(connection: Connection) -> bool:
    """Whether any release told an answer; those of a program with too few people do not."""
    return connection.execute(select(released_rows.c.place).limit(1)).first() is not None


def forget(connection: Connection) -> None:
    """Forget whatever was released: the next release is the first, and is told without regard to what was."""
    for table in (released_rows, released_payments, released_amounts, released_sums, released_counts, releases):
        connection.execute(delete(table))


def keep(
    connection: Connection,
    book: Book,
    before: Book,
    released_on: date,
    of_import: int,
    answers: Sequence[ReleasedAnswer],
    withheld: int,
) -> int:
    """Record a release, its answers, and what it told for the first time; returns its number."""
    number = (connection.execute(select(func.max(releases.c.release_id))).scalar() or 0) + 1
    now = datetime.now(UTC).replace(tzinfo=None)
    _insert(connection, releases, [(number, released_on, now, of_import, withheld)])
    counts = sorted(book.new_counts)
    ends = [entry.ends or (None, None) for _, entry in counts]
    _insert(
        connection,
        released_counts,
        [(_as_text(name), number, entry.exact, *pair) for (name, entry), pair in zip(counts, ends, strict=True)],
    )
    links = sorted(book.links - before.links, key=lambda link: (link.total, link.parts))
    sums = [(number, place, _as_text(link.total), _as_list(link.parts)) for place, link in enumerate(links)]
    _insert(connection, released_sums, sums)
    amounts = sorted((name, amount) for name, amount in book.amounts.items() if name not in before.amounts)
    _insert(connection, released_amounts, [(_as_text(name), number, amount) for name, amount in amounts])
    _insert(connection, released_payments, list(_payment_rows(number, book, before)))
    _insert(connection, released_rows, list(_rows(number, answers)))
    return number


def _insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    names = table.columns.keys()
    for first in range(0, len(rows), CHUNK_ROWS):
        chunk = [dict(zip(names, row, strict=True)) for row in rows[first : first + CHUNK_ROWS]]
        connection.execute(insert(table), chunk)


def _rows(number: int, answers: Sequence[ReleasedAnswer]) -> Iterator[tuple[Any, ...]]:
    for answer in answers:
        key = (number, answer.question, answer.window.start, answer.window.end, answer.options)
        # An answer without rows is an answer: nothing was there.
        yield (*key, -1, "{}")
        records = answer.frame.to_dict("records")
        for place, record in enumerate(records):
            known = {str(name): value for name, value in record.items() if not _is_missing(value)}
            yield (*key, place, json.dumps(known, default=_plain, ensure_ascii=False, sort_keys=True))


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.item()


def rows_of(connection: Connection, question: str, row: type[NamedTuple]) -> Iterator[dict[str, Any]]:
    """The released rows of a question, as its table has them: keys and columns."""
    told = released_rows.c
    statement = (
        select(releases.c.released_on, told.window_start, told.window_end, told.options, told.place, told.row)
        .join_from(released_rows, releases, releases.c.release_id == told.release_id)
        .where(told.question == question)
    )
    readers = {column.name: _reader(column) for column in columns_of(row)}
    for released_on, start, end, options, place, text in connection.execute(statement):
        values: Mapping[str, Any] = json.loads(text)
        cells = {name: read(values[name]) if name in values else None for name, read in readers.items()}
        key = {"released_on": released_on, "from_day": start, "until_day": end, "chosen": options, "place": place}
        yield key | cells


def _reader(column: Any) -> Any:
    if isinstance(column, Day):
        return date.fromisoformat
    if isinstance(column, Moment):
        return datetime.fromisoformat
    return Decimal if column.kind == "money" else lambda value: value


def _as_text(name: Name) -> str:
    return json.dumps(name, ensure_ascii=False)


def _as_list(names: Sequence[Name]) -> str:
    return json.dumps(names, ensure_ascii=False)


def _as_name(text: str | Sequence[str]) -> Name:
    return tuple(json.loads(text) if isinstance(text, str) else text)
