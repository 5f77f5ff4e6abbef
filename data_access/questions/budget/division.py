"""How the money of a fiscal year divides, for those who may not learn what fewer members than the minimum were paid.

They see sums as of ends of quarters: of each part by itself, and of some parts as one. A *cell* is what was paid in one
part between two such days; it is large when it went to enough members. Whatever is computed from sums by adding and
subtracting is a vector of their row space over the cells. One that leaves all large cells out may be about a few
members, so a division is released only if it adds no such vector to those of the totals, which are released anyway and
of which each difference belongs to enough members. That is so when the rank of the sums falls no further than the rank
of the totals does, where the columns of large cells alone are kept. It asks for more than is needed (two small cells
may belong to enough members together) and holds for every set of members at once.

Every division is found from the year's first quarter on, so that whoever asks, and when, sees the same of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, func, select

from data_access.database.schema import ledger
from data_access.money import ledger as book

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Division:
    """What was paid up to `day`: in each part that is shown by itself, and in all others together (None: none)."""

    day: date
    alone: dict[str, Decimal]
    others: Decimal | None


@dataclass(frozen=True)
class _Part:
    """What was paid in one part between one released day and the next, and to how many members."""

    name: str
    paid: tuple[Decimal, ...]
    members: tuple[int, ...]


def newest_division(
    connection: Connection, fiscal_year: int, days: Sequence[date], least: int, part: ColumnElement[Any], link: Any
) -> Division:
    """The newest division that may be released: `days` are those of the totals, the first of them before the year.

    `part` is the column to divide by, `link` what to select it from, the ledger included.
    """
    parts = _paid_between(connection, fiscal_year, days, part, link)
    members = np.array([each.members for each in parts], dtype=float).reshape(len(parts), len(days) - 1)
    released = _Released(members, least)
    newest = Division(days[0], {}, None)
    for number, day in enumerate(days[1:], start=1):
        chosen = released.next_day(number)
        if chosen is not None:
            sums = [sum(each.paid[:number], Decimal(0)) for each in parts]
            alone = {parts[at].name: sums[at] for at in chosen}
            rest = [paid for at, paid in enumerate(sums) if at not in chosen and members[at, :number].any()]
            newest = Division(day, alone, sum(rest, Decimal(0)) if rest else None)
    return newest


class _Released:
    """The sums released so far, as rows of 0 and 1 over the cells that hold anything (parts × intervals, flattened)."""

    def __init__(self, members: Matrix, least: int) -> None:
        self._members = members
        self._large = (members >= least)[members > 0]
        self._totals = np.empty((0, len(self._large)))
        self._rows = self._totals

    def next_day(self, number: int) -> set[int] | None:
        """The parts to show by themselves after so many intervals; None when the division must be withheld."""
        self._totals = np.vstack([self._totals, self._sum_of(range(len(self._members)), number)])
        self._rows = np.vstack([self._rows, self._totals[-1:]])
        widest = self._members[:, :number].max(axis=1, initial=0)
        alone = [int(at) for at in np.argsort(-widest, kind="stable") if widest[at] > 0]
        while alone:
            rest = [at for at in range(len(self._members)) if at not in alone]
            sums = [self._sum_of([at], number) for at in alone] + [self._sum_of(rest, number)]
            rows = np.vstack([self._rows, *sums])
            if self._hidden_in(rows) == self._hidden_in(self._totals):
                self._rows = rows
                return set(alone)
            alone.pop()
        return None

    def _sum_of(self, parts: Sequence[int], number: int) -> Matrix:
        """What was paid in the parts in the first intervals, as a row."""
        inside = np.zeros(self._members.shape)
        inside[list(parts), :number] = 1
        return inside[self._members > 0].reshape(1, -1)

    def _hidden_in(self, rows: Matrix) -> int:
        """How many dimensions of the row space leave all large cells out."""
        return _rank(rows) - _rank(rows[:, self._large])


def _rank(rows: Matrix) -> int:
    return int(np.linalg.matrix_rank(rows)) if rows.size else 0


def _paid_between(
    connection: Connection, fiscal_year: int, days: Sequence[date], part: ColumnElement[Any], link: Any
) -> list[_Part]:
    at = [book.total(day, book.PAID).label(f"at_{number}") for number, day in enumerate(days)]
    each = (
        select(part.label("part"), ledger.c.person_key, *at)
        .select_from(link)
        .where(ledger.c.fiscal_year == fiscal_year, ledger.c.state == book.PAID, ledger.c.starts_on <= days[-1])
        .group_by("part", ledger.c.person_key)
        .subquery()
    )
    steps = list(zip(list(each.c)[2:], list(each.c)[3:], strict=False))
    paid = [book.as_money(func.sum(later - earlier)) for earlier, later in steps]
    members = [func.count().filter(later != earlier) for earlier, later in steps]
    rows = connection.execute(select(each.c.part, *paid, *members).group_by(each.c.part).order_by(each.c.part))
    return [_Part(row[0] or "", tuple(row[1 : len(paid) + 1]), tuple(row[len(paid) + 1 :])) for row in rows]
