"""Small counts stay uncertain: an attacker with linear and whole-number programming narrows none of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data_access.privacy.ranges import Sum, protect
from tests.data_access.attacker import Attacker

SIZES = st.integers(2, 7)


def table(cells: Sequence[Sequence[int]]) -> tuple[list[int], list[Sum]]:
    """A two-way table with its row totals, column totals and total, as counts and sums."""
    grid = np.array(cells)
    rows, columns = grid.shape
    place = np.arange(grid.size).reshape(grid.shape)
    row_totals = [grid.size + number for number in range(rows)]
    column_totals = [grid.size + rows + number for number in range(columns)]
    total = grid.size + rows + columns
    counts = [*grid.ravel().tolist(), *grid.sum(axis=1).tolist(), *grid.sum(axis=0).tolist(), int(grid.sum())]
    sums = [Sum(at, tuple(place[number].tolist())) for number, at in enumerate(row_totals)]
    sums += [Sum(at, tuple(place[:, number].tolist())) for number, at in enumerate(column_totals)]
    return counts, [*sums, Sum(total, tuple(row_totals)), Sum(total, tuple(column_totals))]


def attack(counts: Sequence[int], sums: Sequence[Sum], size: int, whole: bool = False) -> int:
    """Attack each small count; returns how many there were. Fails on the first that is narrowed."""
    found = protect(counts, sums, size)
    low, high = found.low, found.high
    assert not found.narrowed
    assert (low <= counts).all()
    assert (high >= counts).all()
    attacker = Attacker(low.astype(float).tolist(), high.astype(float).tolist())
    for link in sums:
        attacker.adds_up(link.total, link.parts)
    small = [number for number, count in enumerate(counts) if count < size]
    for number, (least, most) in zip(small, attacker.bounds_of(small, whole), strict=True):
        assert (low[number], high[number]) == (0, size - 1), "a small count reads “fewer than”"
        assert (round(least, 6), round(most, 6)) == (0, size - 1), (number, least, most)
    return len(small)


@st.composite
def grids(draw: st.DrawFn, most: int = 6) -> list[list[int]]:
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    sizes = st.one_of(st.integers(0, 6), st.integers(0, 30), st.sampled_from([0, 1, 4, 5, 9, 10, 500]))
    return draw(st.lists(st.lists(sizes, min_size=columns, max_size=columns), min_size=rows, max_size=rows))


@pytest.mark.slow
@settings(max_examples=35, deadline=None)
@given(grids(), SIZES)
def test_no_small_count_of_a_table_with_totals_is_narrowed(cells: list[list[int]], size: int) -> None:
    """Any two-way table of any shape, with all its totals shown."""
    attack(*table(cells), size)


@st.composite
def linked(draw: st.DrawFn) -> tuple[list[int], list[Sum]]:
    """People with a group and up to three attributes: a table group × value for each, all with the same groups."""
    people = draw(st.integers(0, 60))
    groups, dimensions = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    choice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    group = (choice.random(people) ** 2 * groups).astype(int)
    counts = [people, *np.bincount(group, minlength=groups).tolist()]
    sums = [Sum(0, tuple(range(1, groups + 1)))]
    for _ in range(dimensions):
        values = int(choice.integers(1, 5))
        value = (choice.random(people) ** 3 * values).astype(int)
        totals = len(counts)
        counts += np.bincount(value, minlength=values).tolist()
        sums.append(Sum(0, tuple(range(totals, totals + values))))
        inner = len(counts)
        cells = np.bincount(group * values + value, minlength=groups * values)
        counts += cells.tolist()
        place = inner + np.arange(groups * values).reshape(groups, values)
        sums += [Sum(1 + at, tuple(place[at].tolist())) for at in range(groups)]
        sums += [Sum(totals + at, tuple(place[:, at].tolist())) for at in range(values)]
    return counts, sums


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(linked(), SIZES)
def test_no_small_count_of_linked_tables_is_narrowed(system: tuple[list[int], list[Sum]], size: int) -> None:
    """Several tables share their row totals and their total; the attacker knows them all, and whole numbers too."""
    attack(*system, size)
    attack(*system, size, whole=True)


def narrowed(counts: list[int], sums: list[Sum], size: int, told: dict[int, tuple[int, int]]) -> list[int]:
    """The small counts among those told that whoever knows the ranges told, and all sums, finds less than possible."""
    attacker = Attacker()
    for place in range(len(counts)):
        at = attacker.count()
        if place in told:
            attacker.learn(at, *map(float, told[place]))
    for link in sums:
        attacker.adds_up(link.total, link.parts)
    small = [place for place in sorted(told) if counts[place] < size]
    bounds = zip(small, attacker.bounds_of(small), strict=True)
    return [place for place, (least, most) in bounds if round(least, 6) > 0 or round(most, 6) < size - 1]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(grids(4), SIZES, st.integers(0, 2**32 - 1))
def test_ranges_that_were_told_before_stay_and_are_not_narrowed(cells: list[list[int]], size: int, seed: int) -> None:
    """Some counts were released before, by themselves; what is told now narrows neither them nor the new ones.

    What cannot be told safely beside them is named, and with all of it left out nothing is narrowed.
    """
    counts, sums = table(cells)
    before = np.flatnonzero(np.random.default_rng(seed).random(len(counts)) < 0.4).tolist()
    fixed = {place: (counts[place] // size * size, counts[place] // size * size + size - 1) for place in before}
    assume(not narrowed(counts, sums, size, fixed))  # what was told before was protected then
    found = protect(counts, sums, size, fixed)
    assert all((found.low[place], found.high[place]) == ends for place, ends in fixed.items())
    told = set(range(len(counts)))
    for link in sums:
        if {link.total, *link.parts} & set(found.narrowed):
            told -= {link.total, *link.parts} - fixed.keys()
    assert not narrowed(counts, sums, size, {at: (int(found.low[at]), int(found.high[at])) for at in told})


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([[3, 14], [14, 3]], "each small count next to one other"),
        ([[4, 4, 4]], "twelve people in three groups of four"),
        ([[4, 1], [1, 4]], "nothing but small counts"),
        ([[0, 0], [0, 0]], "nobody at all"),
        ([[0] * 5] * 5, "a table of zeros"),
        ([[5, 5, 1]], "the total is the sum of the two others, and one"),
        ([[1]], "one person"),
    ],
)
def test_the_classic_tables_that_subtraction_undoes(cells: list[list[int]], why: str) -> None:
    """Tables in which a count that is merely left out could be worked out."""
    assert attack(*table(cells), 5), why


def test_counts_that_are_not_linked_keep_the_narrowest_ranges() -> None:
    """Alone, a count is shown within `size` values."""
    found = protect([0, 4, 5, 9, 10, 123], [], 5)
    low, high = found.low, found.high
    assert low.tolist() == [0, 0, 5, 5, 10, 120]
    assert high.tolist() == [4, 4, 9, 9, 14, 124]


def test_large_counts_are_not_made_vaguer_than_they_need_be() -> None:
    """Where no count is small, no range is widened."""
    counts, sums = table([[50, 61], [72, 83]])
    found = protect(counts, sums, 5)
    low, high = found.low, found.high
    assert (high - low == 4).all()


def test_a_group_of_one_withholds_nothing() -> None:
    """A program that sets its smallest group to one sees every count."""
    found = protect([0, 1, 1], [Sum(2, (0, 1))], 1)
    low, high = found.low, found.high
    assert low.tolist() == high.tolist() == [0, 1, 1]


def test_counts_that_do_not_add_up_are_refused() -> None:
    """Such counts are not of the same people, and what is said about their links would be wrong."""
    with pytest.raises(ValueError, match="do not add up"):
        protect([1, 2, 4], [Sum(2, (0, 1))], 5)
