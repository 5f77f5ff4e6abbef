"""Each early warning in words: its value with its unit and base, its threshold, its trend, and what to do."""

from __future__ import annotations

import pytest

from dashboard.subjects.health import words
from dashboard.subjects.health.panel import PARTS
from data_access.questions.health.indicators import Indicator
from data_access.questions.health.judging import FINE, UNKNOWN, Figure
from data_access.questions.health.thresholds import WARNINGS
from data_access.selection import Role, Scope


def row(code: str, now: float | None, before: float | None = None, **more: float | None) -> Indicator:
    figure = Figure(code, now, before, **more)  # type: ignore[arg-type]  # counts among numbers
    about = figure.warning
    return Indicator(
        *(about.family, code, about.label, figure.state, now, figure.low, figure.high, about.beyond),
        *(figure.limit, before, figure.trend, about.unit, figure.base, figure.missing, about.owner),
    )


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        (row("oldest", 89, 16), ("89 days", "", "more than 30 days", "Worse: 16 days before")),
        (row("decision_days", 7.5, 7.5, base=1), ("7.5 days", "over 1 decision", "more than 14 days", "As before")),
        (
            row("rating", 3.4, 3.9, low=3.3, high=3.45, base=30, missing=2),
            (
                "3.40 of 5",
                "30 ratings; 95% interval 3.30 of 5 to 3.45 of 5; 2 contributions not rated",
                "less than 3.50 of 5",
                "Worse: 3.90 of 5 before",
            ),
        ),
        (
            row("keeping_up", 0.8, None, base=20),
            ("80%", "16 of 20 requests", "less than 90%", "No data before"),
        ),
        (
            row("keeping_up", None, base=9),
            ("–", "Fewer than 10 arrived: too few to judge.", "less than 90%", "No data before"),
        ),
        (row("one_person", 6, 8, base=17), ("6 teams", "of 17 teams", "any", "Better: 8 teams before")),
        (
            row("partner_teams", 6, base=2, missing=1),
            ("6 teams", "2 partners; 1 team without a partner", "more than 5 teams", "Not dated"),
        ),
        (row("queue", 1, 0, threshold=5), ("1 request", "", "more than 5 requests", "Worse: 0 requests before")),
        (row("queue", None), ("–", "", "–", "No data before")),
    ],
    ids=lambda value: value.indicator if isinstance(value, Indicator) else "",
)
def test_an_indicator_in_words(indicator: Indicator, said: tuple[str, str, str, str]) -> None:
    assert words.now_words(indicator) == said[0]
    assert words.base_words(indicator) == said[1]
    assert words.threshold_words(indicator) == said[2]
    assert words.trend_words(indicator) == said[3]


def test_the_finding_counts_warnings_and_those_that_got_worse() -> None:
    fine, old, slow = row("members", 3), row("oldest", 89, 16), row("decision_days", 20, 30)
    unknown = row("conduct", None)
    assert words.finding([fine, unknown]) == "No warning among 1 indicator."
    assert words.finding([fine, old, slow]) == "2 warnings among 3 indicators, 1 of them worse than before."
    assert words.finding([fine, slow]) == "1 warning among 2 indicators, not worse than before."
    assert words.finding([unknown]) == "Nothing can be told yet about the program’s health."
    assert words.more([fine, old, row("members", 60)]) == (
        "Of the warnings, 1 is for the program manager and 1 is for the board."
    )
    own = {role: words.headlines([old, slow, fine], Scope(role))[1].value for role in (Role.PM, Role.BOARD)}
    assert own == {Role.PM: "2", Role.BOARD: "0"}


def test_every_warning_has_a_step_and_every_link_within_the_page_leads_somewhere() -> None:
    assert set(words.STEPS) == set(WARNINGS)
    anchors = {f"#{part.anchor}" for part in PARTS}
    assert {step.where for step in words.STEPS.values() if step.where.startswith("#")} <= anchors
    assert words.step_words(row("oldest", 1)) == ""
    assert row("oldest", 1).state == FINE
    assert "funding requests" in words.step_words(row("queue", None))
    assert row("queue", None).state == UNKNOWN
