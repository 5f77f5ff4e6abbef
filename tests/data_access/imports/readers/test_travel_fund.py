"""The travel fund: amounts and dates as people type them, decisions, and events shared by their visitors."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import pytest

from data_access.imports.readers import travel_fund
from data_access.imports.readers.free_text import Flaw, read_amount, read_days
from tests.data_access.imports.readers.conftest import Read

COLUMNS = ("source", "row", "member_id", "event", "location", "travel_dates", "requested_raw", "requested",
           "requested_cur", "pr_date_raw", "expense_raw", "approved_date_raw", "approved_raw", "approved",
           "approved_cur", "status")  # fmt: skip
TYPICAL = {
    "source": "fund/2019.md",
    "row": "1",
    "member_id": "m1",
    "event": "Summit",
    "location": "Berlin, Germany",
    "travel_dates": "30 May - 31 May 2019",
    "requested_raw": "$1000",
    "pr_date_raw": "8 Mar 2019",
    "status": "requested",
}


def table(*changes: dict[str, str]) -> tuple[str, str]:
    rows = [[f'"{(TYPICAL | change).get(column, "")}"' for column in COLUMNS] for change in changes]
    return "requests.csv", "\n".join(",".join(row) for row in [COLUMNS, *rows])


class RequestOf(Protocol):
    def __call__(self, **changes: str) -> dict[str, str]: ...


@pytest.fixture
def request_of(read: Read) -> RequestOf:
    """The one funding request of a table with one row that has these changes."""
    return lambda **changes: read(travel_fund, table(changes)).only("funding_requests")


@pytest.mark.parametrize(
    ("text", "number", "currency"),
    [
        ("US$ 2000", "2000", "USD"),
        ("US $1761.14", "1761.14", "USD"),
        ("$1185 USD", "1185", "USD"),
        ("1.133,32 USD", "1133.32", "USD"),
        ("1,133.32 USD", "1133.32", "USD"),
        ("€ 391.01", "391.01", "EUR"),
        ("257,25€", "257.25", "EUR"),
        ("$1,594", "1594", "USD"),
        ("2.500.000 EUR", "2500000", "EUR"),
        ("$577.53 CAD", "577.53", "CAD"),
        ("CAD 1100", "1100", "CAD"),
        ("1190.23 EUR (Hotel)", "1190.23", "EUR"),
        ("1,136.814 USD", "1136.814", "USD"),
        ("£20", "20", "GBP"),
    ],
)
def test_one_amount_is_read_with_any_decimal_mark_symbol_or_code(text: str, number: str, currency: str) -> None:
    assert read_amount(text) == (number, currency, Flaw.NONE)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", Flaw.EMPTY),
        ("Withdrawn", Flaw.EMPTY),
        ("N/A", Flaw.EMPTY),
        ("5/7/2018", Flaw.DATE),
        ("27 Jun 2019", Flaw.DATE),
        ("2019-06-27", Flaw.DATE),
        ("1282 USD (hotel) + 528 USD (flight)", Flaw.SUM),
        ("2,361.85 USD + 462,233¥", Flaw.SUM),
        ("10 EUR USD", Flaw.SUM),
        ("286.45", Flaw.NO_CURRENCY),
        ("1.500 EUR", Flaw.UNCLEAR),
        ("1,2,3.4.5 EUR", Flaw.UNCLEAR),
    ],
)
def test_what_is_not_one_amount_says_why(text: str, flaw: Flaw) -> None:
    assert read_amount(text).flaw is flaw


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("29 Nov – 2 Dec 2016", "2016-11-29", "2016-12-02"),
        ("15 July - 16 July 2017", "2017-07-15", "2017-07-16"),
        ("10Oct -12Oct, 2018", "2018-10-10", "2018-10-12"),
        ("10Oct 10-12Oct 2018", "2018-10-10", "2018-10-12"),
        ("23Jul –  Jul27 2018", "2018-07-23", "2018-07-27"),
        ("16th-18th Nov 2018", "2018-11-16", "2018-11-18"),
        ("Oct 9 - Oct 14 2018", "2018-10-09", "2018-10-14"),
        ("20 Feb 2018", "2018-02-20", "2018-02-20"),
        ("2019-12-10 to 2019-12-15", "2019-12-10", "2019-12-15"),
        ("30 Sept - 6 Oct 2022", "2022-09-30", "2022-10-06"),
        ("11/13/2018", "2018-11-13", "2018-11-13"),
        ("13/11/2018", "2018-11-13", "2018-11-13"),
        ("30 Dec - 2 Jan 2019", "2018-12-30", "2019-01-02"),
        ("24 July, 2019", "2019-07-24", "2019-07-24"),
        # No year: that of the page.
        ("December 10 - 16", "2023-12-10", "2023-12-16"),
        ("September 17th - September 21th", "2023-09-17", "2023-09-21"),
        ("28-30 June", "2023-06-28", "2023-06-30"),
    ],
)
def test_spans_of_days_are_read_as_they_are_typed(text: str, first: str, last: str) -> None:
    assert read_days(text, 2023) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "Yes", "soon", "31 Feb 2019", "40 May 2019", "2019-13-40", "99/99/2019", "May 2019"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert read_days(text, 2023) is None


def test_a_day_without_a_year_needs_the_year_of_its_page() -> None:
    assert read_days("8th May", None) is None


def test_a_request_becomes_a_pending_travel_request_of_a_bare_person_for_an_event(read: Read) -> None:
    outcome = read(travel_fund, table({}))
    event = outcome.only("events")
    assert outcome.only("people") == {"person_key": "m1"}
    assert outcome.only("funding_requests") == {
        "request_key": "fund/2019.md#1",
        "person_key": "m1",
        "event_key": event["event_key"],
        "category": "travel",
        "requested_amount": "1000",
        "currency": "USD",
        "requested_on": "2019-03-08",
        "decision": "pending",
    }
    assert (event["starts_on"], event["ends_on"]) == ("2019-05-30", "2019-05-31")
    assert (event["city"], event["country"]) == ("Berlin", "Germany")


def test_visitors_with_other_days_of_travel_share_the_event_of_most_of_them(read: Read) -> None:
    outcome = read(
        travel_fund,
        table({"travel_dates": "28 May - 1 June 2019"}, {"row": "2"}, {"row": "3", "event": "SUMMIT"}),
    )
    event = outcome.only("events")
    assert event["starts_on"] == "2019-05-30"
    assert {request["event_key"] for request in outcome.values("funding_requests")} == {event["event_key"]}


def test_an_event_of_the_next_year_is_another_one(read: Read) -> None:
    outcome = read(travel_fund, table({}, {"row": "2", "travel_dates": "30 May 2020"}))
    assert len(outcome.values("events")) == 2


def test_a_reimbursed_request_is_approved_and_paid(request_of: RequestOf) -> None:
    found = request_of(status="reimbursed", approved_raw="$900.50", approved_date_raw="12 Jul 2019")
    assert (found["decision"], found["approved_amount"], found["paid_amount"]) == ("approved", "900.50", "900.50")
    assert (found["decided_on"], found["paid_on"]) == ("2019-07-12", "2019-07-12")


def test_a_granted_request_without_an_amount_is_approved_without_one(request_of: RequestOf) -> None:
    found = request_of(status="granted")
    assert found["decision"] == "approved"
    assert not {"approved_amount", "paid_amount", "decided_on"} & set(found)


@pytest.mark.parametrize(("status", "decision"), [("expensed", "pending"), ("withdrawn", "withdrawn"), ("odd", None)])
def test_only_an_answer_is_an_approval(status: str, decision: str | None, request_of: RequestOf) -> None:
    assert request_of(status=status).get("decision") == decision


def test_more_approved_than_requested_is_a_hint_and_stays(read: Read) -> None:
    outcome = read(travel_fund, table({"status": "reimbursed", "approved_raw": "$1000.01"}))
    assert outcome.only("funding_requests")["approved_amount"] == "1000.01"
    assert "more was approved" in outcome.hints[0].problem
    assert not outcome.errors


def test_an_approval_in_another_currency_is_left_out_with_a_hint(read: Read) -> None:
    outcome = read(travel_fund, table({"status": "reimbursed", "approved_raw": "€900"}))
    assert "approved_amount" not in outcome.only("funding_requests")
    assert "one currency" in outcome.hints[0].problem


def test_an_approval_before_the_request_loses_its_date(read: Read) -> None:
    outcome = read(
        travel_fund, table({"status": "reimbursed", "approved_raw": "$1", "approved_date_raw": "1 Jan 2019"})
    )
    assert "decided_on" not in outcome.only("funding_requests")
    assert outcome.hints[0].column == "approved_date_raw"


def test_the_text_is_checked_against_the_sources_own_reading(read: Read) -> None:
    agreed = read(travel_fund, table({"requested": "1000.00", "requested_cur": "USD"}))
    differing = read(travel_fund, table({"requested": "10000", "requested_cur": "USD"}))
    unclear = read(travel_fund, table({"requested_raw": "1.500 EUR", "requested": "1500", "requested_cur": "EUR"}))
    assert not agreed.hints
    assert "10000 USD" in differing.hints[0].problem
    assert differing.only("funding_requests")["requested_amount"] == "1000"
    assert unclear.only("funding_requests")["requested_amount"] == "1500"


@pytest.mark.parametrize("amount", ["", "100 USD + 20 EUR", "12", "1.500 EUR", "27 Jun 2019"])
def test_a_request_without_one_clear_amount_is_an_error_with_its_text(amount: str, read: Read) -> None:
    outcome = read(travel_fund, table({"requested_raw": amount}))
    assert not outcome.records
    assert [(problem.column, problem.value) for problem in outcome.errors] == [("requested_raw", amount)]


def test_without_the_day_of_the_request_the_first_day_of_travel_stands_in(read: Read) -> None:
    outcome = read(travel_fund, table({"pr_date_raw": ""}))
    assert outcome.only("funding_requests")["requested_on"] == "2019-05-30"
    assert outcome.hints[0].column == "pr_date_raw"


def test_without_any_day_the_request_is_an_error(read: Read) -> None:
    outcome = read(travel_fund, table({"pr_date_raw": "", "travel_dates": "in spring"}))
    assert not outcome.records
    assert "YYYY-MM-DD" in outcome.errors[0].remedy


def test_days_of_travel_that_cannot_be_read_cost_the_event_only(read: Read) -> None:
    outcome = read(travel_fund, table({"travel_dates": "in spring"}))
    assert "event_key" not in outcome.only("funding_requests")
    assert "events" not in outcome.records


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Austin, TX, US", ("Austin", "TX", "US")),
        ("Austin, TX", ("Austin", "TX", "US")),
        ("Vancouver, BC, CAN", ("Vancouver", "BC", "CAN")),
        ("Vancouver BC, Canada", ("Vancouver", "BC", "Canada")),
        ("Montreal QC, Canada)", ("Montreal", "QC", "Canada")),
        ("Montreal (Canada)", ("Montreal", None, "Canada")),
        ("Lagos NG", ("Lagos", None, "NG")),
        ("Lagos, Nigeria.", ("Lagos", None, "Nigeria")),
        ("Berlin, DE", ("Berlin", None, "DE")),
        ("Ireland", (None, None, "Ireland")),
        ("New York City", ("New York City", None, None)),
        ("Santa Clara, CA", ("Santa Clara", "CA", "US")),
        ("Atlanta, Georgia", ("Atlanta", "Georgia", "US")),
        ("Tbilisi, Georgia", ("Tbilisi", None, "Georgia")),
        ("", (None, None, None)),
    ],
)
def test_places_are_read_as_they_are_typed_and_never_moved_to_another_country(
    location: str, expected: tuple[str | None, ...], read: Read
) -> None:
    event = read(travel_fund, table({"location": location})).only("events")
    assert (event.get("city"), event.get("state"), event.get("country")) == expected


def test_a_code_of_a_state_and_a_country_is_a_hint(read: Read) -> None:
    outcome = read(travel_fund, table({"location": "Xanaduville, CA"}))
    assert outcome.hints[0].column == "location"


def test_a_linked_event_keeps_its_words(read: Read) -> None:
    outcome = read(travel_fund, table({"event": "[FOSS4G](https://2023.foss4g.org/)"}))
    assert outcome.only("events")["title"] == "FOSS4G"
