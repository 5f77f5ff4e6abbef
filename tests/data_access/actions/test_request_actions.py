"""Decisions about money: who may, what is refused, that undoing restores every figure, and that of many at once none
takes a ceiling unnoticed.

Every test runs on SQLite and on PostgreSQL. Today is 15 September 2026; Ada's ceiling is 1,000.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from data_access.actions import (
    ActionRefused,
    Author,
    Changed,
    NeedsConfirmation,
    NeedsTheBoard,
    NeedsTheManager,
    Snapshot,
    approve,
    decline,
    mark_paid,
    request_snapshot,
    undo,
)
from data_access.database.engine import Database
from data_access.database.schema import audit, funding_conversions, funding_requests, ledger
from data_access.money.ledger import fiscal_year_of, standings
from data_access.program import load_program
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder

TODAY = date(2026, 9, 15)
ADA = Author("Ada (PM)", Scope(Role.PM))
BOARD = Author("Bo (board)", Scope(Role.BOARD))
OTHERS = [
    Author("Leader", Scope(Role.LEADERSHIP)),
    Author("Partner", Scope(Role.PARTNER, ("team-a",))),
    Author("Anybody", Scope(Role.PUBLIC)),
]


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program()
    made.add_member()
    return made


def seen(built: DeskBuilder, request: str) -> Snapshot:
    with built.database.program.connect() as connection:
        return request_snapshot(connection, request)


def do(action: Callable[..., int], built: DeskBuilder, request: str, by: Author = ADA, **given: Any) -> int:
    given.setdefault("opened", seen(built, request))
    return action(built.database, by, request, today=TODAY, **given)


def yes(built: DeskBuilder, request: str, amount: object = "100", by: Author = ADA, **given: Any) -> int:
    return do(approve, built, request, by, amount=amount, **given)


def pay(built: DeskBuilder, request: str, amount: object = "100", paid_on: date = TODAY, **given: Any) -> int:
    return do(mark_paid, built, request, amount=amount, paid_on=paid_on, **given)


def rows(built: DeskBuilder, table: Any) -> list[Any]:
    with built.database.program.connect() as connection:
        return list(connection.execute(select(table)))


def row(built: DeskBuilder, request: str) -> Any:
    [found] = [item for item in rows(built, funding_requests) if item.request_key == request]
    return found


def burnt(built: DeskBuilder, person: str = "ada", day: date = TODAY) -> Decimal:
    with built.database.program.connect() as connection:
        program = load_program(connection)
        found = standings(connection, program, fiscal_year_of(day, program), date.max, [person])[person]
    return found.paid + found.committed


def test_a_request_walks_from_pending_to_paid_and_the_ledger_follows(built: DeskBuilder) -> None:
    request, before = built.add_request("120"), built.database.version()
    yes(built, request, "85.50")
    found = row(built, request)
    assert (found.decision, found.decided_on, found.approved_amount) == ("approved", TODAY, Decimal("85.5"))
    assert burnt(built) == Decimal("85.5")
    pay(built, request, "80.25")
    found = row(built, request)
    assert (found.paid_amount, found.paid_on) == (Decimal("80.25"), TODAY)
    assert burnt(built) == Decimal("80.25")
    [converted] = rows(built, funding_conversions)
    assert (converted.requested, converted.approved, converted.paid) == (120, Decimal("85.5"), Decimal("80.25"))
    assert built.database.version() > before
    first, second = rows(built, audit)
    assert (first.author, first.action, second.action) == ("Ada (PM)", "approval", "payment")
    assert json.loads(first.before)["decision"] == "pending"
    assert first.after == second.before


def test_a_decline_keeps_its_reason(built: DeskBuilder) -> None:
    request = built.add_request()
    do(decline, built, request, reason="The event was cancelled")
    assert (row(built, request).decision, burnt(built)) == ("declined", Decimal(0))
    assert [entry.note for entry in rows(built, audit)] == ["The event was cancelled"]
    with pytest.raises(ActionRefused, match="declined on 15 September 2026 already"):
        yes(built, request)


def test_exactly_the_ceiling_is_not_over_it(built: DeskBuilder) -> None:
    first, second, third = built.add_request("999.99"), built.add_request("0.01"), built.add_request("0.01")
    yes(built, first, "999.99")
    yes(built, second, "0.01")
    assert burnt(built) == 1000
    with pytest.raises(NeedsTheBoard, match=r"1,000.01 EUR of a ceiling of 1,000 .* 0.01 over it"):
        yes(built, third, "0.01")
    assert burnt(built) == 1000


def test_over_the_ceiling_the_board_approves_and_confirms_the_figures_it_saw(built: DeskBuilder) -> None:
    request, other = built.add_request("1100"), built.add_request("50")
    with pytest.raises(NeedsTheBoard):
        yes(built, request, "1100")
    with pytest.raises(NeedsConfirmation, match="100 over it") as asked:
        yes(built, request, "1100", BOARD)
    codes = asked.value.codes
    yes(built, other, "50")
    # Somebody else spent meanwhile: what was confirmed is not what would happen.
    with pytest.raises(NeedsConfirmation, match="150 over it") as again:
        yes(built, request, "1100", BOARD, confirmed=codes)
    assert burnt(built) == 50
    yes(built, request, "1100", BOARD, confirmed=again.value.codes)
    assert burnt(built) == 1150
    last = rows(built, audit)[-1]
    assert (last.role, last.action) == ("board", "approval over the ceiling")


def test_the_board_approves_nothing_that_stays_within_the_ceiling(built: DeskBuilder) -> None:
    """Not even when it confirms everything; what it may decide is over a ceiling, or an exception."""
    exact, version = built.add_request("1000"), built.database.version()
    with pytest.raises(NeedsTheManager, match="the program manager decides it"):
        yes(built, exact, "1000", BOARD)
    with pytest.raises(NeedsTheManager):
        yes(built, exact, "900", BOARD, confirmed=["over ceiling 900"])
    assert (row(built, exact).decision, built.database.version()) == ("pending", version)
    stranger = built.add_request("10", person="zoe")
    with pytest.raises(NeedsConfirmation, match="never a member") as asked:
        yes(built, stranger, "10", BOARD)
    yes(built, stranger, "10", BOARD, confirmed=asked.value.codes)
    assert row(built, stranger).decision == "approved"


def test_the_board_settles_a_dispute_by_taking_a_decision_back(built: DeskBuilder) -> None:
    declined, approved = built.add_request("100"), built.add_request("100")
    entry, granted = do(decline, built, declined, reason="No"), yes(built, approved, "100")
    taken_back = undo(built.database, BOARD, entry)
    assert row(built, declined).decision == "pending"
    with pytest.raises(NotAllowed, match="declining are open to the program manager only"):
        undo(built.database, BOARD, taken_back)
    again = undo(built.database, BOARD, granted)
    with pytest.raises(NeedsTheManager):
        undo(built.database, BOARD, again)
    undo(built.database, ADA, again)
    paid = pay(built, approved, "90")
    with pytest.raises(NotAllowed, match="Payments"):
        undo(built.database, BOARD, paid)
    assert row(built, approved).paid_amount == 90


def test_approving_and_undoing_restores_all_figures(built: DeskBuilder) -> None:
    request = built.add_request("120", currency="EUR")
    built.add_request("40", decision="approved", decided_on=TODAY, approved_amount=Decimal(40))
    tables = (funding_requests, funding_conversions, ledger)
    before = [sorted(map(str, rows(built, table))) for table in tables]
    entry = yes(built, request, "100")
    paid = pay(built, request, "90")
    with pytest.raises(Changed, match="something newer builds on it"):
        undo(built.database, ADA, entry)
    undo(built.database, ADA, paid)
    undo(built.database, ADA, entry)
    assert [sorted(map(str, rows(built, table))) for table in tables] == before
    assert len(rows(built, audit)) == 4


def test_undoing_an_undo_is_an_approval_and_must_fit(built: DeskBuilder) -> None:
    first, second = built.add_request("700"), built.add_request("700")
    undone = undo(built.database, ADA, yes(built, first, "700"))
    yes(built, second, "700")
    with pytest.raises(NeedsTheBoard, match="400 over it"):
        undo(built.database, ADA, undone)
    assert burnt(built) == 700


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": "-5"}, "a negative amount"),
        ({"amount": "0"}, "above zero"),
        ({"amount": ""}, "above zero"),
        ({"amount": "1e9"}, "not a plain number"),
        ({"amount": "NaN"}, "not a plain number"),
        ({"amount": "0.00001"}, "more than four decimals"),
        ({"amount": "99999999999999"}, "absurdly large"),
        ({"amount": "1000.01"}, "more than 10 times the 100 requested"),
        ({"amount": "100", "decided_on": date(2026, 8, 31)}, "cannot be decided before"),
        ({"amount": "100", "decided_on": date(2026, 9, 16)}, "lies in the future"),
    ],
)
def test_bad_approvals_are_refused_with_a_sentence_and_change_nothing(
    built: DeskBuilder, given: dict[str, Any], says: str
) -> None:
    request = built.add_request()
    version = built.database.version()
    with pytest.raises(ActionRefused, match=says):
        do(approve, built, request, **given)
    assert row(built, request).decision == "pending"
    assert built.database.version() == version


def test_more_than_was_requested_has_to_be_confirmed(built: DeskBuilder) -> None:
    request = built.add_request()
    with pytest.raises(NeedsConfirmation, match="120 EUR is more than the 100 requested") as asked:
        yes(built, request, "120")
    yes(built, request, "120", confirmed=asked.value.codes)
    assert row(built, request).approved_amount == 120


def test_bad_payments_and_declines_are_refused(built: DeskBuilder) -> None:
    request = built.add_request()
    with pytest.raises(ActionRefused, match="Only an approved request can be paid"):
        pay(built, request)
    with pytest.raises(ActionRefused, match="a reason is needed"):
        do(decline, built, request, reason="  ")
    with pytest.raises(ActionRefused, match="no request 'nowhere'"):
        yes(built, "nowhere")
    yes(built, request, "80", decided_on=date(2026, 9, 10))
    for values, says in (
        ({"amount": "80.01"}, "more than the 80 approved"),
        ({"amount": "80", "paid_on": date(2026, 9, 9)}, "cannot be paid before"),
        ({"amount": "80", "paid_on": date(2026, 9, 16)}, "lies in the future"),
        ({"amount": "80", "paid_on": None}, "a day is needed"),
    ):
        with pytest.raises(ActionRefused, match=says):
            pay(built, request, **values)
    pay(built, request, "80")
    with pytest.raises(ActionRefused, match="paid already"):
        pay(built, request, "80")


def test_a_decision_on_something_else_than_was_seen_is_refused_with_who_changed_it(built: DeskBuilder) -> None:
    request = built.add_request()
    opened = seen(built, request)
    do(decline, built, request, reason="No")
    with pytest.raises(Changed, match=r"Ada \(PM\) changed this on .*: declined on 15 September 2026"):
        yes(built, request, opened=opened)


def test_an_amount_without_a_rate_is_asked_about_and_never_zero(built: DeskBuilder) -> None:
    request = built.add_request("100", currency="XTS")
    with pytest.raises(NeedsConfirmation, match="No exchange rate is known for XTS") as asked:
        yes(built, request)
    yes(built, request, confirmed=asked.value.codes)
    [entry] = [item for item in rows(built, ledger) if item.ends_on is None]
    assert (entry.state, entry.amount) == ("committed", None)


def test_the_ceiling_is_held_against_the_rate_of_the_decision_day(built: DeskBuilder) -> None:
    built.add_rate("GBP", date(2026, 9, 1), "1.25")
    built.add_rate("GBP", date(2026, 9, 12), "1.26")
    request, other = built.add_request("800", currency="GBP"), built.add_request("800", currency="GBP")
    with pytest.raises(NeedsTheBoard, match="1,008 EUR"):
        yes(built, request, "800")
    yes(built, other, "800", decided_on=date(2026, 9, 11))
    assert burnt(built) == 1000


def test_an_old_approval_that_is_unpaid_counts_in_the_running_year(built: DeskBuilder) -> None:
    late = built.add_request("300", requested_on=date(2025, 12, 1))
    yes(built, late, "300", decided_on=date(2025, 12, 20))
    now = built.add_request("800")
    with pytest.raises(NeedsTheBoard, match="100 over it"):
        yes(built, now, "800")
    yes(built, now, "700")
    assert burnt(built) == 1000
    # A payment takes nobody further within the year, and asks nothing.
    pay(built, late, "300")
    pay(built, now, "700")
    assert burnt(built) == 1000


def test_the_programs_budget_is_noticed_too(built: DeskBuilder) -> None:
    built.add_budget("150")
    yes(built, built.add_request("100"))
    with pytest.raises(NeedsConfirmation, match="program to 160 EUR of a budget of 150"):
        yes(built, built.add_request("60"), "60")


def at_once(attempts: list[Callable[[], int]]) -> list[Any]:
    """All attempts from threads that start together; what each returned or raised."""
    barrier = threading.Barrier(len(attempts))
    found: list[Any] = [None] * len(attempts)

    def run(place: int, attempt: Callable[[], int]) -> None:
        barrier.wait()
        try:
            found[place] = attempt()
        except Exception as problem:
            found[place] = problem

    threads = [threading.Thread(target=run, args=item) for item in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(100, 900), min_size=2, max_size=5))
def test_no_order_of_approvals_at_once_exceeds_the_ceiling_unnoticed(built: DeskBuilder, amounts: list[int]) -> None:
    """Real threads: what got through fits, what did not got a reason, and each refused one would not have fitted."""
    with built.database.writing() as connection:
        for table in (ledger, funding_conversions, funding_requests):
            connection.execute(delete(table))
    requests = [built.add_request(str(amount)) for amount in amounts]
    found = at_once(
        [
            partial(yes, built, request, str(amount), opened=seen(built, request))
            for request, amount in zip(requests, amounts, strict=True)
        ]
    )
    through = sum(amount for amount, result in zip(amounts, found, strict=True) if isinstance(result, int))
    assert burnt(built) == through <= 1000
    for amount, result in zip(amounts, found, strict=True):
        if not isinstance(result, int):
            assert isinstance(result, NeedsTheBoard), result
            assert through + amount > 1000


def test_one_request_is_decided_once_however_many_try(built: DeskBuilder) -> None:
    request = built.add_request()
    opened = seen(built, request)
    results = at_once(
        [
            partial(yes, built, request, opened=opened),
            partial(do, decline, built, request, reason="No", opened=opened),
            partial(yes, built, request, "50", opened=opened),
        ]
    )
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, Changed) for result in results) == 2
    assert len(rows(built, audit)) == 1


def test_decisions_are_listed_with_their_words_and_what_can_be_undone(built: DeskBuilder) -> None:
    first, second = built.add_request(), built.add_request()
    yes(built, first, "80")
    undo(built.database, ADA, do(decline, built, second, reason="Too late"))
    found = ask(built.database, "request_decisions", Selection(Period.parse("2026"), TODAY))
    assert list(found["words"]) == [
        "Decision taken back: pending again",
        "Declined on 15 September 2026",
        "80 EUR of 100 approved on 15 September 2026",
    ]
    assert list(found["note"])[1] == "Too late"
    assert list(found["undone"]) == [False, True, False]
    assert list(found["newest"]) == [True, False, True]
    assert pd.isna(found["note"][2])
    changes = ask(built.database, "team_changes", Selection(Period.parse("2026"), TODAY))
    assert changes.empty
