"""Sums of money that may be told: of enough people, of nobody mostly, and so that no two of them leave one person's.

Rule: a sum is rounded to two figures and told only for at least `min_group_size` people who are paid, of whom nobody
has more than half (minimum frequency and dominance: Hundepool et al., Statistical Disclosure Control, 2012, ch. 4). The
same holds for what is left when a sum is taken away from one that holds it, and when all parts of a breakdown are. No
combination at all of the sums of all releases may speak of one person alone, or be a sum that may not be told.

Method: what a sum tells is a row of zeros and ones over all payments; what can be worked out from several is a vector
of their row space. Payments that are in the same sums have the same column, so there are few kinds of them. With Q an
orthonormal basis of the row space, a vector t lies in it exactly when |Q t| = |t|; one that is zero outside a person's
payments lies in it exactly when Q, cut to the kinds of which all payments are that person's, has the singular value 1.

Sums are admitted one by one: totals (the shortest names) before their parts, and of each the sums of the questions that
were asked first. A budget's years come before what goes across them: a small first year costs no whole one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FIGURES = 2
_NEARLY = 1e-7


class Payment(NamedTuple):
    """Money that went, or was promised, to one person: the payment's own key, the person's, and the amount."""

    key: str
    person: str
    amount: Decimal


Name = tuple[str, ...]
Sums = Mapping[Name, Sequence[Payment]]
Row = npt.NDArray[np.float64]


def rounded(amount: Decimal) -> Decimal:
    """The amount to two figures, written without an exponent: 118,230 → 120000; 0 stays 0."""
    if not amount:
        return Decimal(0)
    unit = Decimal(1).scaleb(amount.adjusted() - FIGURES + 1)
    found = (amount / unit).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * unit
    return Decimal(f"{found:f}")


def released_amounts(
    sums: Sums, before: Mapping[Name, Decimal | None], size: int, earlier: Sums | None = None
) -> dict[Name, Decimal | None]:
    """Each sum as it may be told, None where it may not.

    What was told `before` stays as it was; `earlier` has the payments that those sums were made of then. The parts of a
    breakdown have names that differ in their last word alone.
    """
    new = {name: payments for name, payments in sums.items() if name not in before}
    system = _System({**new, **(earlier or {})}, size)
    for name in earlier or {}:
        system.tell(name)
    for name in sorted(new, key=len):
        if system.may_tell(name):
            system.tell(name)
    found = {name: rounded(_total(payments)) if name in system.told else None for name, payments in new.items()}
    return found | {name: before[name] for name in sums if name in before}


def _total(payments: Iterable[Payment]) -> Decimal:
    return sum((payment.amount for payment in payments), Decimal(0))


class _System:
    """The sums as rows over kinds of payments; `told` are the names of those that are told so far, in order."""

    def __init__(self, sums: Sums, size: int) -> None:
        self.size = size
        self.told: dict[Name, None] = {}
        at: defaultdict[Payment, list[int]] = defaultdict(list)
        for number, payments in enumerate(sums.values()):
            for payment in set(payments):
                if payment.amount:
                    at[payment].append(number)
        kinds = {numbers: kind for kind, numbers in enumerate(sorted({tuple(numbers) for numbers in at.values()}))}
        rows = np.zeros((len(sums), len(kinds)))
        for told_in, kind in kinds.items():
            rows[list(told_in), kind] = 1
        self.row: dict[Name, Row] = dict(zip(sums, rows, strict=True))
        paid: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
        for payment, numbers in at.items():
            paid[payment.person, kinds[tuple(numbers)]] += payment.amount
        people = {person: number for number, person in enumerate(sorted({person for person, _ in paid}))}
        self.people = np.array([people[person] for person, _ in paid], dtype=np.int64)
        self.kinds = np.array([kind for _, kind in paid], dtype=np.int64)
        self.amounts = np.array([float(amount) for amount in paid.values()])
        # The kinds of which every payment is one person's, for each such person.
        alone = np.bincount(self.kinds, minlength=len(kinds)) == 1
        own = np.flatnonzero(alone[self.kinds])
        self.owner = np.full(len(kinds), -1, dtype=np.int64)
        self.owner[self.kinds[own]] = self.people[own]
        self.basis = np.zeros((0, len(kinds)))
        # What may not be told, whatever else is: it must not be worked out either. How much of each the basis holds.
        self.secret = rows[[not self._may_stand(row) for row in rows]]
        self.worked_out = np.zeros(len(self.secret))
        self.added: tuple[Name, list[Row]] | None = None

    def tell(self, name: Name) -> None:
        """From here on, this sum is told."""
        self.told[name] = None
        for added in self._beyond(name):
            self.basis = np.vstack([self.basis, added])
            self.worked_out += (self.secret @ added) ** 2
        self.added = None

    def may_tell(self, name: Name) -> bool:
        """Whether the sum may be told beside those that are. That nobody was paid would say it of each member."""
        row = self.row[name]
        if not row.any():
            return False
        return self._may_stand(row) and all(map(self._may_stand, self._left(name))) and self._keeps_secrets(name)

    def _beyond(self, name: Name) -> list[Row]:
        """What the sum adds to the basis: one vector, or none; remembered until the next sum is told."""
        if self.added and self.added[0] == name:
            return self.added[1]
        rest = row = self.row[name]
        for _ in range(2):  # once is not enough to be orthogonal to the last digit
            rest = rest - self.basis.T @ (self.basis @ rest)
        length = float(np.linalg.norm(rest))
        found = [rest / length] if length > _NEARLY * max(float(np.linalg.norm(row)), 1.0) else []
        self.added = name, found
        return found

    def _left(self, name: Name) -> Iterator[Row]:
        """What is left of a sum when one that it holds, or all parts of one breakdown, are taken away from it."""
        names = [name, *self.told]
        rows = np.array([self.row[each] for each in names])
        families: defaultdict[Name, list[int]] = defaultdict(list)
        for number, each in enumerate(names):
            families[each[:-1]].append(number)
        holding, held = (rows >= rows[0]).all(axis=1), (rows <= rows[0]).all(axis=1)
        yield from rows[holding] - rows[0]
        yield from rows[0] - rows[held]
        for whole in np.flatnonzero(holding).tolist():
            # Of the sums that were told before, only what is left by the breakdown that grows is new.
            for family in families.values() if whole == 0 else [families[name[:-1]]]:
                parts = rows[[part for part in family if part != whole]]
                left = rows[whole] - parts[(parts <= rows[whole]).all(axis=1)].sum(axis=0)
                if (left >= 0).all():
                    yield left

    def _may_stand(self, row: Row) -> bool:
        """Whether the payments of these kinds may be worked out; none at all may be what is left."""
        there = row[self.kinds] > 0
        if not there.any():
            return True
        by_person = np.bincount(self.people[there], weights=self.amounts[there])
        return bool(np.count_nonzero(by_person) >= self.size and 2 * by_person.max() <= by_person.sum() * (1 + 1e-12))

    def _keeps_secrets(self, name: Name) -> bool:
        """Whether no secret sum, and no vector of one person's payments alone, is in the row space with this sum."""
        added = self._beyond(name)
        if not added:
            return True
        most = (self.secret**2).sum(axis=1) * (1 - _NEARLY)
        after = self.worked_out + (self.secret @ added[0]) ** 2
        # What late payments have made a secret of, when it was told long ago, costs no other sum.
        if ((after >= most) & (self.worked_out < most)).any():
            return False
        basis = np.vstack([self.basis, *added])
        mine = self.owner >= 0
        by_person = np.bincount(self.owner[mine], weights=(basis[:, mine] ** 2).sum(axis=0))
        return not any(
            np.linalg.svd(basis[:, self.owner == person], compute_uv=False)[0] >= 1 - _NEARLY
            for person in np.flatnonzero(by_person >= 1 - _NEARLY).tolist()
        )
