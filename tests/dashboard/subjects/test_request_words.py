"""What the request desk says: the queue's finding, a request in a line, a figure with its unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.subjects.requests import tables, words
from data_access.questions.requests.figures import (
    BOARD,
    COUNT,
    FINE,
    KM,
    MONEY,
    RATIO,
    SHARE,
    STOP,
    WATCH,
    WhatIfFigure,
)
from data_access.questions.requests.queue import PENDING, QueuedRequest
from data_access.questions.requests.totals import WaitingTotal

TODAY = date(2026, 9, 15)


def request(**columns: Any) -> QueuedRequest:
    row = dict.fromkeys(QueuedRequest._fields) | {"request_key": "r1", "person_key": "ada", "currency": "EUR"}
    row |= {"age_days": 1, "requested_on": date(2026, 9, 14), "requested_amount": Decimal("1200.5")}
    return QueuedRequest(**{**row, **columns})


def waiting(requests: int = 1, **columns: Any) -> WaitingTotal:
    oldest, nothing = (
        (date(2026, 9, 14) if requests else None),
        dict.fromkeys(("without_rate", "over", "exceptions"), 0),
    )
    row = {"waiting": PENDING, "requests": requests, "oldest_on": oldest, "amount": Decimal(5), "past": 0, **nothing}
    return WaitingTotal(**{**row, **columns})


def test_the_finding_counts_one_and_many() -> None:
    assert words.finding(waiting(0), TODAY) == "No request waits for a decision."
    one = "1 request waits for a decision; the oldest since 14 September 2026 (1 day)."
    assert words.finding(waiting(), TODAY) == one
    assert words.finding(waiting(2), TODAY).startswith("2 requests wait for a decision;")


def test_what_needs_the_board_or_comes_too_late_is_counted() -> None:
    assert words.more(waiting()) == ""
    assert words.more(waiting(over=1, past=1)) == (
        "1 would go over the ceiling: only the board can approve it. For 1 the event is over already."
    )
    assert words.more(waiting(exceptions=2)) == (
        "2 are by people who are not graduated members: only the board can approve them."
    )


def test_what_the_requests_come_to_names_those_without_a_rate() -> None:
    found = words.headlines(waiting(620, amount=Decimal(6200)), waiting(3, amount=None, without_rate=3), "EUR", TODAY)
    assert [(item.value, item.note) for item in (found[0], found[2], found[4])] == [
        ("620", ""),
        ("€6,200", ""),
        ("3", "– + 3 without a rate"),
    ]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({}, "ada requests 1,200.50 EUR."),
        ({"name": "Ada", "category": "travel"}, "Ada requests 1,200.50 EUR for travel."),
        ({"title": "PyCon {x}"}, "ada requests 1,200.50 EUR: “PyCon {x}”."),
        ({"category": "travel", "title": "PyCon"}, "ada requests 1,200.50 EUR for travel: “PyCon”."),
    ],
)
def test_a_request_is_named_by_what_is_recorded_of_it(columns: dict[str, Any], says: str) -> None:
    assert words.title(request(**columns)) == says


@pytest.mark.parametrize(
    ("unit", "value", "says"),
    [
        (MONEY, Decimal(1020), "€1,020"),
        (SHARE, 0.87, "87%"),
        (SHARE, 1.0, "100%"),
        (SHARE, 1.002, "100.2%"),
        (SHARE, 0.99999, "99.99%"),
        (SHARE, 1.00001, "100.01%"),
        (KM, 1240.4, "1,240 km"),
        (RATIO, 0.5, "0.50 ×"),
        (COUNT, 3, "3"),
        (COUNT, None, "–"),
    ],
)
def test_a_figure_has_its_unit_and_is_never_rounded_to_the_limit(unit: str, value: Any, says: str) -> None:
    assert words.value_words(WhatIfFigure("figure", "Figure", value, unit, FINE, ""), "EUR") == says


def test_the_verdict_names_what_is_over_before_what_is_close() -> None:
    figures = [WhatIfFigure(name, name, 1, COUNT, verdict, "") for name, verdict in (("A", STOP), ("B", WATCH))]
    assert words.verdict(figures) == "More than there is: a."
    assert words.verdict(figures[1:]) == "Look closer at: b."
    assert words.verdict([]) == "Nothing stands out."
    assert words.verdict([*figures, WhatIfFigure("C", "C", None, COUNT, BOARD, "")]) == "This is for the board."


def test_the_table_shows_keys_of_members_without_a_name_and_ceilings_in_words() -> None:
    shares = [(None, None), (0.5, False), (0.95, False), (1.0, False), (1.5, True)]
    found = tables.waiting([request(share_after=share, over=over, ceiling=Decimal(9)) for share, over in shares])
    assert set(found["name"]) == {"ada"}
    assert list(found["ceiling"]) == ["Not known", "Within", "Near", "Exactly full", "Over: for the board"]


def test_a_ceiling_of_zero_is_over_no_ceiling_is_none_and_others_are_an_exception() -> None:
    zero = request(ceiling=Decimal(0), over=True, for_board=True)
    none, other = request(), request(membership="ended", for_board=True)
    found = tables.waiting([zero, none, other])
    assert list(found["ceiling"]) == ["Over: for the board", "No ceiling", "For the board"]


@pytest.mark.parametrize(
    ("columns", "said", "over"),
    [
        ({}, "No event is recorded for this request.", False),
        (
            {"starts_on": date(2026, 10, 1), "days_to_event": 16, "city": "Lagos", "country": "NG"},
            "The event is on 1 October 2026 in Lagos, Nigeria: 16 days from now.",
            False,
        ),
        (
            {"starts_on": date(2026, 9, 14), "days_to_event": -1, "country": "NG"},
            "The event is over: it was on 14 September 2026 in Nigeria, 1 day ago.",
            True,
        ),
        ({"starts_on": TODAY, "days_to_event": 0}, "The event is today.", False),
    ],
    ids=["no event", "ahead", "over", "today"],
)
def test_a_request_says_when_and_where_its_event_is_and_whether_it_is_over(
    columns: dict[str, Any], said: str, over: bool
) -> None:
    row = request(**columns)
    assert (words.event(row), words.is_over(row)) == (said, over)


def test_a_request_says_which_of_the_queue_it_is() -> None:
    queue = [request(request_key=key) for key in ("r0", "r1")]
    assert words.place_in_queue(request(), queue, 700) == "Request 2 of 700 that wait, oldest first"
    assert words.place_in_queue(request(request_key="paid"), queue, 700) == ""
