"""What the Budget page says: the finding for each state of the budget, a member's bar, the hires."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.subjects.budget import pace_words, scenario, words
from data_access.questions.budget.burn import STATES, CeilingState, MemberBurn
from data_access.questions.budget.costs import OUTCOMES, OutcomeCost
from data_access.questions.budget.summary import BudgetSummary

DAY = date(2026, 9, 15)
KNOWN = {"as_of": DAY, "fiscal_year": 2026, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
KNOWN |= {"currency": "EUR", "share_gone": 0.7, "trailing_days": 90, "unknown": 0, "pending_unknown": 0, "burn": 0.8}


def summary(state: str, **more: Any) -> BudgetSummary:
    return BudgetSummary(**{**dict.fromkeys(BudgetSummary._fields), **KNOWN, "state": state, **more})


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (summary("withheld"), "Too few members were paid in the quarters that are over to say how much."),
        (summary("over"), "80% of the year’s budget is paid, with 70% of the year gone: it is overspent."),
        (summary("used up"), "80% of the year’s budget is paid, with 70% of the year gone: nothing is left."),
        (summary("year over"), "80% of the year’s budget was paid by its end."),
        (summary("no projection"), "80% of the year’s budget is paid, with 70% of the year gone."),
        (
            summary("at this pace", exhausted_on=date(2026, 11, 1)),
            "80% of the year’s budget is paid, with 70% of the year gone; at this pace it is used up on "
            "1 November 2026.",
        ),
        (
            summary("near", burn=0.99999),
            "99.99% of the year’s budget is paid, with 70% of the year gone.",
        ),
        (
            summary("no projection", as_of=date(2026, 12, 31), share_gone=1.0),
            "80% of the year’s budget is paid on the year’s last day.",
        ),
        (
            summary("over", as_of=date(2027, 1, 1), share_gone=1.0, burn=1.001),
            "100.1% of the year’s budget was paid by its end: it was overspent.",
        ),
        (
            summary("over", budget=Decimal(0), burnt=Decimal(170), burn=None),
            "About €170 is paid of a budget of zero: it is overspent.",
        ),
        (
            summary("used up", budget=Decimal(0), burnt=Decimal(0), burn=None),
            "The fiscal year’s budget is zero, and nothing is paid.",
        ),
        (
            summary("no budget", burnt=Decimal("12")),
            "About €12 is paid this fiscal year; no budget is set to compare it with.",
        ),
        (
            summary("no budget", currency="", burnt=Decimal(0)),
            "Nothing is paid this fiscal year; no budget is set to compare it with.",
        ),
    ],
)
def test_the_finding_names_what_is_gone_and_what_comes(row: BudgetSummary, says: str) -> None:
    assert words.finding(row, "paid") == says


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            {"ranges_made": 0, "ranges_held": 0},
            "As in the last 90 days, the year would end at €900; there is no range yet: the record is too short.",
        ),
        (
            {"ranges_made": 0, "ranges_held": 0, "year_end_low": 800.0, "year_end_high": 1100.0},
            "As in the last 90 days, the year would end at €900 (€800 to €1,100). No year is over yet of which such a "
            "range was made.",
        ),
        (
            {"ranges_made": 18, "ranges_held": 17, "year_end_low": 800.0, "year_end_high": 1100.0},
            "As in the last 90 days, the year would end at €900 (€800 to €1,100). Such ranges, made at earlier months’ "
            "ends, held 17 of 18 times.",
        ),
    ],
)
def test_a_range_tells_its_record_and_is_not_given_without_one(more: dict[str, Any], says: str) -> None:
    assert words.range_words(summary("not at this pace", year_end=900.0, **more), words.PAID_OR_COMMITTED) == says


def test_what_is_released_is_told_as_about_so_much_without_what_waits() -> None:
    row = summary(
        "not at this pace", year_end=65000.0, paid=Decimal(31000), budget=Decimal(71500), remaining=Decimal(40500)
    )
    assert words.range_words(row, words.PAID) == "As in the last 90 days, the year would end at about €65,000."
    tiles = {tile.label: tile.value for tile in words.headlines(row, words.PAID)}
    assert tiles == {"Budget": "€71,500", "Paid": "about €31,000", "Not paid out": "about €40,500"}
    assert words.year_words(row, words.PAID).endswith("as released: paid up to 15 September 2026")


@pytest.mark.parametrize(
    ("over", "near", "says"),
    [
        ((0, 4), (5, 9), "Members: fewer than 5 over their ceiling, 5 to 9 near it."),
        ((2, 2), (0, 0), "Members: 2 over their ceiling."),
        ((0, 0), (1, 1), "Members: 1 near their ceiling."),
        ((0, 0), (0, 0), "No member is over the ceiling or near it."),
    ],
)
def test_members_at_risk_are_counted_as_the_viewer_may_see_them(
    over: tuple[int, int], near: tuple[int, int], says: str
) -> None:
    counts = {"over": over, "near": near}
    rows = [CeilingState(state, None, *counts.get(state, (0, 0)), DAY) for state in STATES]
    assert words.risk_sentence(rows, DAY) == says
    if any(over) or any(near):
        before = says.replace("Members:", "Members on 15 September 2026:")
        assert words.risk_sentence(rows, date(2026, 9, 30)) == before


MEMBER = MemberBurn(
    **{name: None for name in MemberBurn._fields if name not in ("paid", "committed", "pending")},  # type: ignore[arg-type]  # all that a bar does not show
    paid=Decimal(0),
    committed=Decimal(0),
    pending=Decimal(0),
)._replace(state="no ceiling", currency="EUR", unknown=0, pending_unknown=0)


def test_a_bar_says_what_it_shows() -> None:
    """Amounts of nothing are not named; an amount without a rate makes the burn a lower bound."""
    assert pace_words.ceiling_words(MEMBER) == "nothing yet; no ceiling"
    full = MEMBER._replace(paid=Decimal(800), pending=Decimal("20.50"), ceiling=Decimal(1000), burn=0.8, unknown=1)
    assert pace_words.ceiling_words(full) == "paid €800, pending €20.50, 1 amount without a rate; of €1,000"
    waits = MEMBER._replace(pending_unknown=2)
    assert pace_words.ceiling_words(waits) == "2 amounts without a rate; no ceiling"
    assert pace_words.burn_words(full) == "at least 80%"
    assert (pace_words.burn_words(MEMBER), pace_words.when_used_up(MEMBER)) == ("–", "no ceiling")
    zero = MEMBER._replace(ceiling=Decimal(0), state="not at this pace")
    assert (pace_words.ceiling_words(zero), pace_words.when_used_up(zero)) == (
        "nothing yet; of €0",
        "the ceiling is zero",
    )
    spent = zero._replace(state="over", committed=Decimal(50), carried_over=Decimal(20))
    assert (pace_words.burn_words(spent), pace_words.when_used_up(spent)) == ("over zero", "over the ceiling")
    assert pace_words.ceiling_words(spent) == "committed €50 (€20 carried over); of €0"


def costs(paid: int | None, events: int | None) -> dict[str, OutcomeCost]:
    amount = None if paid is None else Decimal(paid)
    return {name: OutcomeCost(name, events, None, None, None, amount, "EUR") for name in OUTCOMES}


@pytest.mark.parametrize(
    ("paid", "events", "says"),
    [
        (1000, 10, "1 hire would have held 50 events at €120 each, 1.2 times as much as the program’s €100."),
        (1200, 10, "1 hire would have held 50 events at €120 each, about as much as the program’s €120."),
        (9000, 10, "1 hire would have held 50 events at €120 each, less than the program’s €900."),
        (0, 10, "There is nothing to compare with yet."),
        (None, None, "There is nothing to compare with yet."),
    ],
)
def test_hires_are_compared_with_the_program_where_it_has_paid_something(
    paid: int | None, events: int | None, says: str
) -> None:
    hires = scenario.Hires(1, 12_000, 2, 50, 20)
    assert scenario.sentence(*scenario.alternatives(hires, costs(paid, events), 0.5), "EUR") == says
