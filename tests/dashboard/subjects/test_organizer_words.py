"""What is said of events and organizers: ranks only where intervals tell them apart, growth only against data."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.subjects.organizers import circle_words, words
from data_access.questions.events.arcs import EventTask, ScaleArcs
from data_access.questions.organizers.growth import QuarterOrganizers


def scale(name: str, events: int, rate: float, low: float, high: float, whole: int = 0) -> ScaleArcs:
    return ScaleArcs(name, events, events, events, events, events, whole, 1, 1, 1, rate, low, high)


def test_scales_are_ranked_only_where_their_intervals_tell_them_apart() -> None:
    """Seven annual events say little; micro ones lie wholly below the others."""
    annual, regional = scale("annual", 7, 0.9, 0.3, 1.9), scale("regional", 155, 0.4, 0.3, 0.5)
    micro = scale("micro", 600, 0.18, 0.14, 0.21)
    assert words.projects_more([annual, regional]).startswith(
        "How many projects an event moves on cannot be told apart"
    )
    assert words.projects_more([annual, regional, micro]) == "Fewest projects per event: micro events (0.18)."
    assert words.projects_more([regional, micro]) == (
        "Most projects per event: regional events (0.4); fewest: micro ones (0.18)."
    )


@pytest.mark.parametrize(
    ("whole", "said"),
    [(0, "None of 200 events has"), (1, "Only 1 of 200 events has"), (19, "Only 19 of"), (20, "20 of 200 events have")],
)
def test_whole_arcs_are_said_with_their_base(whole: int, said: str) -> None:
    assert words.arcs_finding([scale("micro", 200, 1, 1, 1, whole)]).startswith(said)


def test_what_an_arc_lacks() -> None:
    during = EventTask("during", "learning_task", "", 1, 3)
    after = EventTask("after", "learning_task", "", 1, 3)
    assert words.missing_phases([during, after]) == "Nothing was set before the event."
    assert words.missing_phases([after]) == "Nothing was set before and during the event."
    assert words.missing_phases([]) == "No task was set for this event."


def quarter(year: int | None, before: int | None, low: float | None, high: float | None) -> list[QuarterOrganizers]:
    return [QuarterOrganizers("2026-Q2", date(2026, 4, 1), 9, 3, 0, year, before, low, high, open=False)]


def test_growth_is_said_only_where_chance_does_not_explain_it() -> None:
    assert circle_words.growth_words(quarter(40, 8, 0.7, 0.9)).startswith("More people")
    assert circle_words.growth_words(quarter(8, 40, 0.1, 0.3)).startswith("Fewer people")
    assert circle_words.growth_words(quarter(20, 18, 0.4, 0.6)).endswith("within what chance allows.")
    assert circle_words.growth_words(quarter(20, None, None, None)).startswith("There is no data before")
