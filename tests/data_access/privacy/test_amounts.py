"""Sums of money: an attacker who has every told sum of every release, exactly, singles out nobody."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.privacy.amounts import Payment, released_amounts, rounded

SIZE = 5
Sums = dict[tuple[str, ...], list[Payment]]
Known = tuple[dict[tuple[str, ...], Decimal | None], Sums]


def payments_of(*amounts: int, first: int = 0, key: str = "r") -> list[Payment]:
    """A payment to each of so many people."""
    return [Payment(f"{key}{n}", f"p{n}", Decimal(amount)) for n, amount in enumerate(amounts, first)]


def release(sums: Mapping[tuple[str, ...], Sequence[Payment]], known: Known | None = None) -> Known:
    """What is told after one more release, and of which payments each told sum is."""
    before, earlier = known or ({}, {})
    found = released_amounts(sums, before, SIZE, earlier)
    new = {name: list(sums[name]) for name, amount in found.items() if amount is not None and name not in before}
    return before | found, earlier | new


def told(known: Known) -> set[tuple[str, ...]]:
    return {name for name, amount in known[0].items() if amount is not None}


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("118230", "120000"), ("0", "0"), ("99.6", "100"), ("0.1249", "0.12"), ("1250", "1200"), ("1350", "1400")],
)
def test_a_sum_is_rounded_to_two_figures_and_written_out(amount: str, shown: str) -> None:
    assert str(rounded(Decimal(amount))) == shown


def test_a_sum_of_too_few_or_of_one_mostly_is_not_told() -> None:
    sums: Sums = {
        ("five",): payments_of(10, 10, 10, 10, 10),
        ("four",): payments_of(10, 10, 10, 10, first=20),
        ("half",): payments_of(40, 10, 10, 10, 10, first=40),
        ("more",): payments_of(41, 10, 10, 10, 10, first=60),
        ("nothing",): [],
    }
    assert released_amounts(sums, {}, SIZE) == {
        ("five",): 50,
        ("four",): None,
        ("half",): 80,
        ("more",): None,
        ("nothing",): None,
    }


def test_where_nobody_is_paid_nothing_is_told() -> None:
    assert released_amounts({("a",): [], ("b",): []}, {}, SIZE) == {("a",): None, ("b",): None}
    assert released_amounts({}, {}, SIZE) == {}


def test_a_part_is_not_told_where_the_others_leave_a_few_people() -> None:
    """Three categories; two people had supplies: the total less travel and catering would be theirs."""
    travel, catering, supplies = (
        payments_of(*[10] * number, first=first, key=key)
        for number, first, key in ((9, 0, "t"), (6, 20, "c"), (2, 40, "s"))
    )
    sums: Sums = {
        ("all",): [*travel, *catering, *supplies],
        ("by", "travel"): travel,
        ("by", "catering"): catering,
        ("by", "supplies"): supplies,
    }
    assert told(release(sums)) == {("all",), ("by", "travel")}


def test_what_an_earlier_release_told_is_remembered_with_its_payments() -> None:
    """One late payment: the old sum stays, and the new one that holds it and the payment is not told."""
    old = payments_of(*[10] * 8)
    known = release({("quarter", "1"): old})
    late = [*old, Payment("late", "p3", Decimal(77))]
    known = release({("quarter", "1"): late, ("year", "to 2"): late}, known)
    assert known[0] == {("quarter", "1"): 80, ("year", "to 2"): None}


# ---- the attack -----------------------------------------------------------------------------------------------------

QUARTERS, PEOPLE = 5, 14
Paid = tuple[Payment, dict[str, str]]


def random_payments(dice: random.Random, number: int) -> list[Paid]:
    """Payments with a quarter, and what they are broken down by; some people are paid much more than others."""
    of_person = {f"p{n}": {"region": dice.choice("ABC"), "team": dice.choice("XY")} for n in range(PEOPLE)}
    found = []
    for n in range(number):
        person = f"p{dice.randrange(PEOPLE)}"
        about = {"quarter": str(dice.randrange(QUARTERS)), "category": dice.choice("tcs"), **of_person[person]}
        found.append((Payment(f"r{n}", person, Decimal(dice.choice([1, 10, 50, 400]))), about))
    return found


def sums_of(paid: Sequence[Paid], last: int) -> Sums:
    """What a release after a quarter asks about: each quarter and the year up to each, whole and broken down."""
    found: defaultdict[tuple[str, ...], list[Payment]] = defaultdict(list)
    for payment, about in paid:
        quarter = int(about["quarter"])
        spans = [f"Q{quarter}", *(f"to Q{end}" for end in range(quarter, last + 1))] if quarter <= last else []
        for span in spans:
            found[span, ""].append(payment)
            for by in ("category", "region", "team"):
                found[span, by, about[by]].append(payment)
            found[span, "category in region", about["region"] + about["category"]].append(payment)
    return dict(found)


def attack(sums: Sums, size: int = SIZE) -> int:
    """Fails where a person is singled out, or a nested difference breaks the rule; returns how many sums there were."""
    columns = sorted({payment for payments in sums.values() for payment in payments})
    rows = np.array([[payment in set(payments) for payment in columns] for payments in sums.values()], dtype=float)
    if not len(rows):
        return 0
    rank = np.linalg.matrix_rank(rows)
    for person in {payment.person for payment in columns}:
        others = rows[:, [payment.person != person for payment in columns]]
        assert np.linalg.matrix_rank(others) == rank, f"{person} is singled out"
    sets = [frozenset(payments) for payments in sums.values()]
    for one, other in itertools.product([frozenset[Payment](), *sets], sets):
        if one < other:
            of: defaultdict[str, Decimal] = defaultdict(Decimal)
            for payment in other - one:
                of[payment.person] += payment.amount
            assert len(of) >= size
            assert 2 * max(of.values()) <= sum(of.values())
    return len(sums)


def over_releases(seed: int, number: int) -> Sums:
    """Three releases; between them one payment is added, one comes to another quarter, and one to another amount."""
    dice = random.Random(seed)  # noqa: S311  # nothing secret
    paid = random_payments(dice, number)
    known: Known | None = None
    for last in range(QUARTERS - 3, QUARTERS):
        known = release(sums_of(paid, last), known)
        added = random_payments(dice, 1)[0]
        paid.append((added[0]._replace(key=f"late{last}"), added[1] | {"quarter": str(dice.randrange(last + 1))}))
        moved, changed = dice.sample(range(number), 2)
        paid[moved] = (paid[moved][0], paid[moved][1] | {"quarter": str(dice.randrange(QUARTERS))})
        paid[changed] = (paid[changed][0]._replace(amount=Decimal(77)), paid[changed][1])
    assert known is not None
    return known[1]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**9), st.integers(40, 130))
def test_all_told_sums_of_three_releases_together_single_out_nobody(seed: int, number: int) -> None:
    attack(over_releases(seed, number))


def test_the_attacker_succeeds_where_nothing_is_protected() -> None:
    paid = random_payments(random.Random(1), 90)  # noqa: S311
    with pytest.raises(AssertionError):
        attack(sums_of(paid, 2))
    assert attack(over_releases(1, 90)) >= 8, "something is told"
