"""Who has a ceiling, what a request does to it, and how many wait, as the queue, the what-if and the decision say it.

On SQLite and PostgreSQL. Today is 15 September 2026; the ceiling is 1,000 and the budget 5,000.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from data_access.actions import (
    ActionRefused,
    Author,
    NeedsConfirmation,
    NeedsTheBoard,
    approve,
    request_snapshot,
)
from data_access.database.engine import Database
from data_access.database.schema import budgets, funding_conversions, funding_requests, ledger
from data_access.questions.requests.totals import WaitingTotal
from data_access.selection import Period, Role, Scope, Selection, SelectionError
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.tables import records

TODAY = date(2026, 9, 15)
NOW = Selection(Period.parse("2026"), TODAY)
PM, BOARD = Author("Ada (PM)", Scope(Role.PM)), Author("Bo (board)", Scope(Role.BOARD))


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program()
    made.add_budget("5000")
    made.add_member()
    return made


def on(day: date) -> Selection:
    return Selection(Period.parse("2026"), day)


def queued(built: DeskBuilder, selection: Selection = NOW, **options: Any) -> dict[str, dict[str, Any]]:
    return {row["request_key"]: row for row in records(ask(built.database, "request_queue", selection, **options))}


def totals(built: DeskBuilder, selection: Selection = NOW) -> tuple[WaitingTotal, WaitingTotal]:
    first, second = records(ask(built.database, "request_totals", selection))
    return WaitingTotal(**first), WaitingTotal(**second)


def figure(built: DeskBuilder, request: str, name: str, selection: Selection = NOW, **options: Any) -> dict[str, Any]:
    found = records(ask(built.database, "what_if", selection, request=request, **options))
    return next(row for row in found if row["figure"] == name)


def yes(built: DeskBuilder, request: str, by: Author = PM, amount: str = "100", **given: Any) -> int:
    with built.database.program.connect() as connection:
        opened = request_snapshot(connection, request)
    return approve(built.database, by, request, opened=opened, today=TODAY, amount=amount, **given)


def test_a_ceiling_of_zero_is_a_ceiling_and_a_budget_of_zero_a_budget(built: DeskBuilder) -> None:
    built.add_member("bo")
    built.add_budget("0", person="bo")
    request = built.add_request("50", "bo")
    row = queued(built)[request]
    assert (row["ceiling"], row["over"], row["for_board"], row["share_after"]) == (0, True, True, None)
    found = figure(built, request, "ceiling_after")
    assert (found["value"], found["verdict"]) == (None, "over")
    assert found["explanation"] == "Paid 0 + committed 0 + this 50 = 50 of 0 EUR; 50 over it."
    assert totals(built)[0].over == 1
    with pytest.raises(NeedsTheBoard, match="50 EUR of a ceiling of 0 "):
        yes(built, request, amount="50")
    with built.database.writing() as connection:
        connection.execute(delete(budgets))
        connection.execute(insert(budgets).values(fiscal_year=2026, amount=Decimal(0), currency="EUR"))
    built.refresh()
    own = built.add_request("50")
    assert figure(built, own, "budget_after")["verdict"] == "over"
    with pytest.raises(NeedsConfirmation, match="50 EUR of a budget of 0 "):
        yes(built, own, amount="50")


def test_no_ceiling_at_all_is_none(built: DeskBuilder) -> None:
    with built.database.writing() as connection:
        connection.exec_driver_sql("UPDATE program SET member_ceiling = NULL")
    request = built.add_request("99999")
    row = queued(built)[request]
    assert (row["ceiling"], row["over"], row["for_board"]) == (None, None, False)
    assert "No ceiling is set" in figure(built, request, "ceiling_after")["explanation"]


@pytest.mark.parametrize(
    ("who", "membership"),
    [
        ("member", "graduated"),
        ("graduate", "graduated"),
        ("last day", "graduated"),
        ("applicant", "not graduated"),
        ("later graduate", "not graduated"),
        ("gone", "ended"),
        ("nobody", "never"),
        ("later member", "never"),
    ],
)
def test_only_graduated_members_have_a_ceiling_and_anybody_else_is_for_the_board(
    built: DeskBuilder, who: str, membership: str
) -> None:
    tomorrow, yesterday = date(2026, 9, 16), date(2026, 9, 14)
    built.add_cohort()
    if who not in ("nobody", "later member"):
        built.add_member(who, ended_on={"gone": yesterday, "last day": TODAY}.get(who))
    if who == "later member":
        built.add_member(who, started_on=tomorrow)
    if who in ("graduate", "applicant", "later graduate"):
        built.apply(who, graduated_on={"graduate": TODAY, "later graduate": tomorrow}.get(who))
    request = built.add_request("100", who)
    row, exception = queued(built)[request], membership != "graduated"
    assert (row["membership"], row["for_board"]) == (membership, exception)
    assert row["share_after"] == (None if exception else 0.1)
    assert totals(built)[0].exceptions == exception
    assert figure(built, request, "ceiling_after")["verdict"] == ("for the board" if exception else "fine")
    if not exception:
        yes(built, request)
        return
    with pytest.raises(NeedsTheBoard, match=r"only graduated members have a ceiling\. .*Only the board can approve it"):
        yes(built, request)
    with pytest.raises(NeedsConfirmation, match="only graduated members have a ceiling") as asked:
        yes(built, request, BOARD)
    assert figure(built, request, "to_approve")["explanation"] == f"{asked.value} Only the board can approve it."
    yes(built, request, BOARD, confirmed=asked.value.codes, note="Confirmed: keynote")
    [decision] = records(ask(built.database, "request_decisions", NOW))
    assert (decision["note"], decision["words"]) == (
        "Confirmed: keynote",
        "100 EUR approved on 15 September 2026, as an exception",
    )


def test_an_event_is_over_after_its_last_day(built: DeskBuilder) -> None:
    weekend = built.add_event(date(2026, 9, 13), ends_on=TODAY)
    built.add_request(event_key=weekend)
    built.add_request(event_key=built.add_event(date(2026, 9, 14)))
    assert [totals(built, on(day))[0].past for day in (TODAY, date(2026, 9, 16))] == [1, 2]


def test_a_short_list_says_of_each_what_the_long_one_says(built: DeskBuilder) -> None:
    for number in range(6):
        person = f"person-{number}"
        if number % 2:
            built.add_member(person)
        built.add_request(str(100 * number + 950), person, requested_on=date(2026, 8, 1 + number))
    everything = records(ask(built.database, "request_queue", NOW, limit=0))
    assert records(ask(built.database, "request_queue", NOW, limit=3)) == everything[:3]
    assert {row["for_board"] for row in everything} == {True}


def test_the_queue_of_a_past_day_is_the_queue_of_that_day(built: DeskBuilder) -> None:
    """A request decided later waits, one decided earlier does not, one requested later is not there; the day counts."""
    decided: dict[str, Any] = {"decision": "approved", "approved_amount": Decimal(80)}
    may, june, july = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
    built.add_request("100", key="approved", requested_on=may, decided_on=june, paid_on=july, paid_amount=70, **decided)
    built.add_request("10", key="declined", requested_on=may, decision="declined", decided_on=june)
    built.add_request("1", key="later", requested_on=july)
    for day, pending, unpaid in (
        (date(2026, 4, 30), {}, {}),
        (may, {"approved", "declined"}, {}),
        (date(2026, 5, 31), {"approved", "declined"}, {}),
        (june, {}, {"approved"}),
        (date(2026, 6, 30), {}, {"approved"}),
        (july, {"later"}, {}),
    ):
        assert set(queued(built, on(day))) == set(pending), day
        assert set(queued(built, on(day), waiting="to pay")) == set(unpaid), day
        assert [item.requests for item in totals(built, on(day))] == [len(pending), len(unpaid)], day
    row = queued(built, on(may))["approved"]
    assert (row["approved_amount"], row["age_days"], row["share_after"]) == (None, 0, 0.1)
    assert figure(built, "approved", "ceiling_after", on(may))["explanation"].startswith(
        "Paid 0 + committed 0 + this 100"
    )
    assert figure(built, "approved", "ceiling_after", on(june))["explanation"].startswith("Paid 0 + committed 80 =")
    assert figure(built, "approved", "ceiling_after", on(july))["explanation"].startswith("Paid 70 + committed 0 =")
    with pytest.raises(SelectionError, match="There is no request"):
        figure(built, "later", "amount", on(june))


def test_totals_are_of_all_that_wait_whatever_the_list_shows(built: DeskBuilder) -> None:
    rows = [
        {
            "request_key": f"q{n:03}",
            "person_key": "ada",
            "requested_amount": Decimal(10),
            "currency": "EUR" if n else "XTS",
            "requested_on": date(2026, 5, 1),
            "decision": "pending",
        }
        for n in range(621)
    ]
    with built.database.writing() as connection:
        connection.execute(insert(funding_requests), rows)
    built.refresh()
    built.add_request("2000", key="large", requested_on=date(2026, 4, 1))
    assert len(queued(built)) == 500
    assert len(queued(built, limit=0)) == 622
    assert set(queued(built, request="q620")) == {"q620"}
    pending, unpaid = totals(built)
    assert (pending.requests, pending.without_rate, pending.over) == (622, 1, 1)
    assert pending.amount == 8200
    assert pending.oldest_on == date(2026, 4, 1)
    assert (unpaid.requests, unpaid.oldest_on) == (0, None)
    assert unpaid.amount == 0
    [budget] = records(ask(built.database, "budget_summary", NOW))
    assert budget["pending"] == pending.amount


amounts = st.integers(1, 1200)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    committed=amounts,
    wanted=amounts,
    more=st.integers(0, 50),
    member=st.booleans(),
    own=st.none() | st.just(0) | amounts,
    whole=st.none() | st.just(0) | amounts,
    currency=st.sampled_from(["EUR", "EUR", "XTS"]),
)
def test_the_decision_asks_for_what_the_what_if_and_the_queue_announce(
    built: DeskBuilder,
    committed: int,
    wanted: int,
    more: int,
    member: bool,
    own: int | None,
    whole: int | None,
    currency: str,
) -> None:
    """One computation: random money, ceilings and budgets, and the three say the same."""
    who = "ada" if member else "zoe"
    with built.database.writing() as connection:
        for table in (ledger, funding_conversions, funding_requests, budgets):
            connection.execute(delete(table))
    for limit, person in ((own, built.add_person(who)), (whole, None)):
        if limit is not None:
            built.add_budget(str(limit), person=person)
    done = {"decision": "approved", "decided_on": date(2026, 3, 1), "approved_amount": Decimal(committed)}
    built.add_request(str(committed), who, "done", **done)
    built.add_request(str(wanted), who, "next", currency=currency)
    amount = str(wanted + more)
    announced = figure(built, "next", "to_approve", amount=amount)
    if not more:
        assert queued(built)["next"]["for_board"] == (announced["verdict"] == "for the board")
    asked: ActionRefused | None = None
    try:
        yes(built, "next", amount=amount)
    except ActionRefused as refused:
        asked = refused
    if asked is None:
        assert announced["explanation"] == "Nothing: the program manager may approve it."
    elif isinstance(asked, NeedsTheBoard):
        assert announced["verdict"] == "for the board"
    elif isinstance(asked, NeedsConfirmation):
        assert announced["verdict"] == "look closer"
        assert announced["explanation"] == f"{asked} The program manager may approve it."
    else:
        assert "more than 10 times" in str(asked)
