"""Amounts without a rate, pending ones included: counted, listed and said alike. South Sudanese pounds have no rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.subjects.budget import pace_words, words
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.questions.budget.burn import MemberBurn
from data_access.questions.budget.summary import BudgetSummary
from data_access.selection import Period, Selection
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.releasing import ask_outside, release

TODAY = date(2026, 9, 15)
NOW = Selection(as_of=TODAY)


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    desk = DeskBuilder(either)
    desk.add_program()
    desk.add_member("ada")
    desk.add_budget("5000")
    return desk


def summary(built: DeskBuilder) -> BudgetSummary:
    [row] = rows(BudgetSummary, ask(built.database, "budget_summary", NOW))
    return row


def test_a_pending_amount_without_a_rate_is_counted_apart_and_said(built: DeskBuilder) -> None:
    """What is left stays known: what waits for a decision takes nothing of it."""
    built.add_request("100", currency="SSP")
    whole, listed = summary(built), ask(built.database, "unconverted_amounts", NOW)
    assert (whole.pending, whole.unknown, whole.pending_unknown) == (Decimal(0), 0, 1)
    assert whole.remaining == 5000
    assert len(listed) == words.left_out(whole) == 1
    [ada] = rows(MemberBurn, ask(built.database, "budget_burn", NOW))
    assert (ada.unknown, ada.pending_unknown, ada.remaining, ada.state) == (0, 1, Decimal(1000), "not at this pace")
    assert pace_words.ceiling_words(ada) == "1 amount without a rate; of €1,000"


def test_all_that_is_left_out_of_sums_is_listed(built: DeskBuilder) -> None:
    """One pending, one committed, one paid in pounds; one pending in euro is in the sums."""
    approved: dict[str, Any] = {"decision": "approved", "decided_on": date(2026, 3, 1), "currency": "SSP"}
    built.add_request("7", currency="SSP")
    built.add_request("7", **approved, approved_amount=Decimal(7))
    built.add_request("7", **approved, approved_amount=Decimal(7), paid_amount=Decimal(7), paid_on=TODAY)
    built.add_request("60")
    whole, listed = summary(built), ask(built.database, "unconverted_amounts", NOW)
    assert (whole.pending, whole.unknown, whole.pending_unknown) == (Decimal(60), 2, 1)
    assert sorted(listed["state"]) == ["committed", "paid", "pending"]
    assert words.left_out(whole) == 3


def test_a_what_if_names_the_other_requests_that_wait_without_a_rate(built: DeskBuilder) -> None:
    """A request of the year before is no other request of its own."""
    own = built.add_request("50", requested_on=date(2025, 12, 1))
    built.add_request("100", currency="SSP")
    found = ask(built.database, "what_if", NOW, request=own).set_index("figure")["explanation"]
    assert found["ceiling_after"] == (
        "Paid 0 + committed 0 + this 50 = 50 of 1,000 EUR; 950 left. 1 other request without a known rate is pending."
    )


def test_outside_some_amounts_are_left_out_not_how_many(built: DeskBuilder) -> None:
    """A payment without a rate beside five that have one: their number would be one person’s."""
    paid_on = date(2026, 5, 5)
    for index, currency in enumerate(["SSP", *["EUR"] * 5]):
        built.add_member(f"p{index}")
        built.add_request("7", f"p{index}", currency=currency, decision="approved", decided_on=paid_on,
                          approved_amount=Decimal(7), paid_amount=Decimal(7), paid_on=paid_on)  # fmt: skip
    whole = summary(built)
    assert (whole.unknown, words.left_out_words(whole)[:8]) == (1, "1 amount")
    found = ask(built.database, "impact_summary", Selection(Period.parse("2026-Q2"), TODAY)).set_index("measure")
    assert found.loc["spend", "note"] == "1 payment excluded: no exchange rate"
    assert set(ask(built.database, "fairness", NOW)["without_rate"]) == {1}
    release(built.database, date(2026, 7, 1))
    [told] = rows(BudgetSummary, ask_outside(built.database, "budget_summary", NOW))
    assert (told.unknown, words.left_out_words(told)[:12]) == (None, "Some amounts")
    assert ask_outside(built.database, "fairness", NOW)["without_rate"].isna().all()
