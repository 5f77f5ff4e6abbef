"""The words of Impact: how a change is written, what the finding says, and what the chain shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.subjects.impact.moves_words import country_changes, movers
from dashboard.subjects.impact.words import (
    MEASURES,
    ImpactSummary,
    chain_steps,
    change_words,
    compared_words,
    finding,
    headlines,
    how_changed,
)
from data_access.answers import table
from data_access.questions.impact.summary import ImpactMeasure
from data_access.selection import Period, Selection

YEAR = Selection(period=Period(date(2025, 7, 1), date(2026, 7, 1)), as_of=date(2026, 9, 15))


def summary(compared: str = "2024-07-01..2025-07-01", since: date | None = None, **values: object) -> ImpactSummary:
    """`measure=(value, previous)` or `measure=(value, previous, note)`; what is not given is zero.

    Every event reports its attendance, but for two. `since` is the day of the first record.
    """
    rows = []
    for name in MEASURES:
        given = values.get(name, (0, 0))
        assert isinstance(given, tuple)
        value, previous, *note = given
        reporting = (8, 8) if name == "attendance" else (None, None)
        rows.append((name, value, previous, None, compared, note[0] if note else "", *reporting, since, None))
    return ImpactSummary.of(table(ImpactMeasure, rows), "EUR", 5)


@pytest.mark.parametrize(
    ("value", "previous", "said"),
    [
        (112, 100, ("12% more", 1)),
        (88, 100, ("12% fewer", -1)),
        (100, 100, ("the same", 0)),
        (1001, 1000, ("about the same", 0)),
        (5, 3, ("2 more", 1)),
        (2, 3, ("1 fewer", -1)),
        (4, 0, ("new", 1)),
        (0, 0, ("the same", 0)),
        (100, 25, ("4 times as many", 1)),
        (None, 5, ("", 0)),
        (5, None, ("", 0)),
    ],
)
def test_a_change_is_written_in_words(value: int | None, previous: int | None, said: tuple[str, int]) -> None:
    change = how_changed(MEASURES["events"], value, previous)
    assert (change_words(MEASURES["events"], change), change.direction) == said


def test_the_finding_names_events_countries_and_change() -> None:
    assert finding(YEAR, summary(events=(431, 385), countries=(48, 40))) == (
        "431 events in 48 countries: 12% more than in the 12 months before."
    )
    assert finding(YEAR, summary(events=(1, 0), countries=(1, 0))) == (
        "1 event in 1 country, and none in the 12 months before."
    )
    assert finding(YEAR, summary(events=(90, 30), countries=(2, 2))) == (
        "90 events in 2 countries, 3 times as many events as in the 12 months before."
    )


def test_a_time_before_the_first_record_is_nothing_to_compare_with() -> None:
    """No factor, no percentage: there are no data."""
    found = summary(since=date(2025, 6, 20), events=(280, 10), countries=(4, 1), attendance=(100, 3))
    assert finding(YEAR, found) == "280 events in 4 countries; no data before."
    assert compared_words(YEAR, found) == "No data before 20 June 2025, so there is nothing to compare with."
    assert {item.change for item in headlines(found, {})} == {"no data before"}
    assert not any(step.rate_before for step in chain_steps(found))


def test_one_country_alone_did_not_grow_more_than_others() -> None:
    one = pd.DataFrame({"country": ["IN"], "name": ["India"], "events": [5], "attendance": [9]}).astype(
        {"events": "Int64"}
    )
    assert movers(country_changes(one, one.assign(events=2))) == ""


def test_an_open_period_is_compared_with_as_many_days() -> None:
    quarter = Selection(period=Period(date(2026, 7, 1), date(2026, 10, 1)), as_of=date(2026, 9, 15))
    assert finding(quarter, summary(events=(12, 15), countries=(3, 3))) == (
        "12 events in 3 countries so far: 3 fewer than in the same days of the quarter before."
    )
    words = compared_words(quarter, summary("2026-04-01..2026-06-17"))
    assert words.startswith("The period is still open")
    assert "1 April 2026 to 16 June 2026" in words


def test_a_withheld_count_reads_fewer_than_five() -> None:
    found = summary(
        active_contributors=(None, 9, "fewer than 5 people"), new_contributors=(None, 0, "not for your role")
    )
    assert found.shown("active_contributors") == "Fewer than 5"
    assert found.shown("new_contributors") == "–"


def test_the_chain_shows_each_rate_with_what_it_was() -> None:
    steps = chain_steps(
        summary(
            spend=(Decimal(1000), Decimal(1200)),
            events=(10, 10),
            attendance=(250, 240),
            new_contributors=(5, 6),
            active_contributors=(20, 10),
        )
    )
    assert [(step.value, step.label) for step in steps[:2]] == [("€1,000", "paid"), ("10", "events")]
    assert (steps[1].rate, steps[1].rate_before) == ("€100 an event", "before: €120")
    assert (steps[2].rate, steps[2].rate_before) == ("31.2 an event that reports it", "before: 30")
    assert (steps[3].rate, steps[3].rate_before) == ("50 attendances for a new one", "before: 40")


def test_what_is_released_is_about_so_much_and_so_are_its_rates() -> None:
    """€54,000 stands for up to €54,500: a rate to the cent would pretend more than anybody outside is told."""
    found = summary(
        spend=(Decimal(54_000), None, "about"),
        events=(761, 590),
        active_contributors=(202, None, "about"),
    )
    assert [found.shown(name) for name in ("spend", "events", "active_contributors")] == [
        "about €54,000",
        "761",
        "about 202",
    ]
    assert chain_steps(found)[1].rate == "about €71 an event"
    notes = {item.label: item.note for item in headlines(found, {})}
    assert notes["Paid"] == notes["Active contributors"] == ""


def test_a_chain_without_money_begins_with_events() -> None:
    assert chain_steps(summary(events=(3, 1)))[0].label == "events"


def test_countries_are_ordered_by_how_much_they_changed_and_nobody_is_lost() -> None:
    now = pd.DataFrame({"country": ["DE", "FR"], "name": ["Germany", "France"], "events": [5, 4], "attendance": [9, 8]})
    before = pd.DataFrame(
        {"country": ["FR", "IN"], "name": ["France", "India"], "events": [1, 7], "attendance": [1, 1]}
    )
    changes = country_changes(now.astype({"events": "Int64"}), before.astype({"events": "Int64"}))
    assert list(zip(changes["name"], changes["change"], strict=True)) == [("India", -7), ("Germany", 5), ("France", 3)]
    assert movers(changes) == "Germany grew most (from 0 to 5); India fell most (from 7 to 0)."
    assert movers(country_changes(now, None)) == ""


def test_a_count_that_is_not_shown_is_no_step_of_the_chain() -> None:
    steps = chain_steps(summary(events=(3, 1), new_contributors=(None, None, "not for your role")))
    assert "new contributors" not in [step.label for step in steps]
