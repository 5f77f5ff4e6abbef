"""The book of a release: every count and sum of money that anybody outside is told, by name, protected all together.

A release is made by asking each question twice. The first time, every count that an answer tells is written into the
book under its name, with the sums that link it to others, and every sum of money with the payments that it is made of.
Then the book is closed: ranges and amounts are chosen for all of them together, beside what was released before. The
second time the questions are told those, and their answers are what is released.

A name is of what is counted, never of who asks: the same count in two answers is one entry, and shows the same.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

import numpy as np

from data_access.privacy.amounts import Payment, released_amounts
from data_access.privacy.ranges import Protected, Sum, Whole, protect

Made = TypeVar("Made")
# What is counted, of whom, when: ("new contributors", "2026-07-01..2026-10-01").
Name = tuple[str, ...]
# So begins the last part of a name whose count each release tells anew: ("core", "2025", "as of 2026-06-30").
AS_OF = "as of "
# Of what nobody is told anybody knows only that it is not negative.
_UNTOLD = (0, 10**9)


class NamesDisagree(ValueError):
    """One name stands for two different numbers: two answers would contradict each other, and could be subtracted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One count: what it was when it was written down, and its range once it is chosen (None: it may not be told)."""

    exact: int
    ends: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The count of the first name is the sum of the counts of the others."""

    total: Name
    parts: tuple[Name, ...]


@dataclass
class Book:
    """The entries of one release. `counts`, `links` and `amounts` hold, at first, what earlier releases told."""

    size: int
    counts: dict[Name, Entry] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    amounts: dict[Name, Decimal | None] = field(default_factory=dict)
    # The payments that each told sum of money was made of when it was told.
    payments: dict[Name, Sequence[Payment]] = field(default_factory=dict)
    is_closed: bool = False
    _asked: tuple[str, ...] = ()
    _unnamed: int = 0
    _to_be_told: dict[Name, Sequence[Payment]] = field(default_factory=dict)
    _fixed: frozenset[Name] = frozenset()
    _grown: list[Link] = field(default_factory=list)
    _untold: set[Name] = field(default_factory=set)
    # The newest name told before of what is told anew by each release, by the name without its last part.
    _last: dict[Name, Name] = field(default_factory=dict)
    # Whether all that the answer that is being asked now tells may be told.
    _may_be_told: bool = True
    _tells: bool = False
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._fixed = frozenset(self.counts)
        self._last = {name[:-1]: name for name in sorted(self.counts) if name and name[-1].startswith(AS_OF)}

    def open_answer(self, *asked: str) -> None:
        """From here on, what is told without a name of its own is named after this question."""
        self._asked, self._unnamed, self._may_be_told, self._tells = asked, 0, True, False

    @property
    def answer_tells(self) -> bool:
        """Whether the answer since `open_answer` told any count or amount."""
        return self._tells

    @property
    def answer_may_be_told(self) -> bool:
        """Whether everything that the answer told since `open_answer` may be."""
        return self._may_be_told

    def once(self, make: Callable[[], Made], *about: object) -> Made:
        """What several answers of this release are made of, made once before the book is closed, and once after."""
        key = (self.is_closed, *about)
        if key not in self._made:
            before, self._tells = self._tells, False
            made = make()
            self._made[key] = made, self._may_be_told, self._tells
            self._tells |= before
        made, may_be_told, tells = self._made[key]
        self._may_be_told &= may_be_told
        self._tells |= tells
        return cast(Made, made)

    @property
    def new_counts(self) -> Iterator[tuple[Name, Entry]]:
        """What this release tells for the first time."""
        return ((name, entry) for name, entry in self.counts.items() if name not in self._fixed)

    def tell_counts(
        self, counts: Sequence[int] | Whole, sums: Sequence[Sum], names: Sequence[Name | None] | None
    ) -> tuple[Whole, Whole]:
        """The ranges of the counts; provisional ones until the book is closed.

        Raises NamesDisagree when a name stands for another count already.
        """
        exact = [int(count) for count in counts]
        self._tells |= bool(exact)
        named = self._names(len(exact), names)
        if not self.is_closed:
            self._write_down(exact, sums, named)
            low = np.array(exact, dtype=np.int64) // self.size * self.size
            return low, low + self.size - 1
        ends = [self.counts[name].ends for name in named]
        self._may_be_told &= all(pair is not None for pair in ends)
        low, high = np.array([pair or (0, self.size - 1) for pair in ends], dtype=np.int64).reshape(-1, 2).T
        return low, high

    def tell_amount(self, payments: Sequence[Payment], name: Name) -> Decimal | None:
        """The sum of the payments as it may be told: rounded, or None. None until the book is closed.

        Raises NamesDisagree when a name stands for other payments already.
        """
        self._tells = True
        if self.is_closed:
            return self.amounts[name]
        known = self._to_be_told.setdefault(name, payments)
        if name not in self.amounts and known is not payments and set(known) != set(payments):
            raise NamesDisagree(f"{name} is of other payments in {self._asked} than in another answer")
        return None

    def link(self, total: Name, parts: Iterable[Name]) -> None:
        """Note that counts of several answers add up. Names that no answer tells are no harm."""
        if not self.is_closed and (found := tuple(parts)):
            self.links.add(Link(total, found))

    def holds(self, whole: Name, parts: Iterable[Name]) -> None:
        """Note that a count holds others, and a rest that nobody is told: who came since, or is counted elsewhere."""
        if not self.is_closed:
            self._grown.append(Link(whole, tuple(parts)))

    def close(self) -> list[Name]:
        """Choose the ranges and amounts; returns the names of the counts that may not be told."""
        self._add_rests()
        # Systems share nothing, and their solver runs outside of Python: side by side they take both cores.
        with ThreadPoolExecutor(os.cpu_count()) as beside:
            amounts = beside.submit(released_amounts, self._to_be_told, self.amounts, self.size, self.payments)
            withheld = [name for names in beside.map(self._protect, list(self._systems())) for name in names]
            told = amounts.result()
        new = [name for name, amount in told.items() if amount is not None and name not in self.amounts]
        self.payments |= {name: self._to_be_told[name] for name in new}
        self.amounts |= told
        self.is_closed = True
        return withheld

    def _names(self, number: int, names: Sequence[Name | None] | None) -> list[Name]:
        given = names if names is not None else [None] * number
        named = []
        for name in given:
            named.append(name or (*self._asked, f"#{self._unnamed}"))
            self._unnamed += name is None
        return named

    def _write_down(self, exact: Sequence[int], sums: Sequence[Sum], named: Sequence[Name]) -> None:
        for name, count in zip(named, exact, strict=True):
            known = self.counts.setdefault(name, Entry(count))
            # What was released before stays, whatever came in late.
            if known.exact != count and name not in self._fixed:
                raise NamesDisagree(f"{name} is {known.exact} in one answer and {count} in {self._asked}")
            # Two releases can be subtracted: what came between them is as much a count as they are.
            if name not in self._fixed and (earlier := self._last.get(name[:-1])):
                self._grown.append(Link(name, (earlier,)))
        for each in sums:
            self.links.add(Link(named[each.total], tuple(named[part] for part in each.parts)))

    def _add_rests(self) -> None:
        """Link by their rest the counts that hold others; and those that late data have kept from adding up."""
        for link in [*self._grown, *sorted(self.links, key=lambda link: (link.total, link.parts))]:
            names = (link.total, *link.parts)
            if all(name in self._fixed or name not in self.counts for name in names) or not self._is_known(link):
                continue
            rest = self.counts[link.total].exact - self._sum_of(link)
            if link in self.links and not rest:
                continue
            of_rest = ("rest of", *link.total, "less", str(len(link.parts)), *link.parts[0])
            if rest >= 0:
                self._add_untold(of_rest, rest)
                self.links.add(Link(link.total, (*link.parts, of_rest)))
                continue
            # There are fewer now: the parts hold what is left of them, and the rest.
            of_parts = ("together", *of_rest)
            self._add_untold(of_parts, self._sum_of(link))
            self._add_untold(of_rest, -rest)
            self.links |= {Link(of_parts, link.parts), Link(of_parts, (link.total, of_rest))}

    def _add_untold(self, name: Name, count: int) -> None:
        if name not in self.counts:
            self.counts[name] = Entry(count, _UNTOLD)
            self._untold.add(name)

    def _sum_of(self, link: Link) -> int:
        return sum(self.counts[part].exact for part in link.parts)

    def _is_known(self, link: Link) -> bool:
        return all(name in self.counts for name in (link.total, *link.parts))

    def _holds(self, link: Link) -> bool:
        """Whether the link is between counts of the book and true of them: late data may have broken it since."""
        return self._is_known(link) and self.counts[link.total].exact == self._sum_of(link)

    def _systems(self) -> Iterator[tuple[list[Name], list[Link]]]:
        """The counts that sums link to each other, and those sums; only where there is something new."""
        links = sorted((link for link in self.links if self._holds(link)), key=lambda link: (link.total, link.parts))
        of: defaultdict[Name, list[int]] = defaultdict(list)
        for number, link in enumerate(links):
            for name in (link.total, *link.parts):
                of[name].append(number)
        seen: set[Name] = set()
        for first in [name for name, _ in self.new_counts]:
            if first in seen:
                continue
            seen.add(first)
            waiting, names, used = [first], [], dict[int, None]()
            while waiting:
                name = waiting.pop()
                names.append(name)
                for number in of[name]:
                    used.setdefault(number)
                    for other in (links[number].total, *links[number].parts):
                        if other not in seen:
                            seen.add(other)
                            waiting.append(other)
            yield sorted(names), [links[number] for number in sorted(used)]

    def _protect(self, system: tuple[list[Name], list[Link]]) -> list[Name]:
        names, links = system
        at = {name: number for number, name in enumerate(names)}
        sums = [Sum(at[link.total], tuple(at[part] for part in link.parts)) for link in links]
        settled = self._fixed | self._untold
        fixed = {at[name]: ends for name in names if name in settled and (ends := self.counts[name].ends)}
        exact = tuple(self.counts[name].exact for name in names)
        found = _protected(exact, tuple(sums), self.size, tuple(sorted(fixed.items())))
        # A small count that is new is left out where it would be narrowed; an old one costs the new that narrow it.
        narrowed = {names[place] for place in found.narrowed}
        beside = {name for link in links if {link.total, *link.parts} & narrowed for name in (link.total, *link.parts)}
        withheld = [name for name in sorted(narrowed | beside) if name not in self._fixed]
        for name, low, high in zip(names, found.low.tolist(), found.high.tolist(), strict=True):
            if name not in self._fixed:
                self.counts[name] = Entry(self.counts[name].exact, None if name in withheld else (low, high))
        return withheld


@lru_cache(maxsize=1_000)
def _protected(
    counts: tuple[int, ...], sums: tuple[Sum, ...], size: int, fixed: tuple[tuple[int, tuple[int, int]], ...]
) -> Protected:
    """Most systems of a release are small, and five of six are like another: each of them is solved once."""
    return protect(counts, sums, size, dict(fixed))
