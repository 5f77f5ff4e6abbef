"""The funnel's and retention's sentences and tables: what they say, and what they leave out."""

from __future__ import annotations

from datetime import date
from math import isnan, nan

import pandas as pd
import pytest

from dashboard.parts.labels import group_name
from dashboard.parts.shapes import Dot
from dashboard.subjects.funnel import words as funnel_words
from dashboard.subjects.funnel.charts import dots_picture
from dashboard.subjects.funnel.tables import tried_table, weak_steps
from dashboard.subjects.retention import words as retention_words
from dashboard.subjects.retention.tables import grid_table
from dashboard.words.counts import NOT_SHOWN
from data_access.answers import table
from data_access.questions.funnel.stepwise import FunnelStep
from data_access.questions.funnel.waiting import PaceTest
from data_access.questions.retention.grid import RetentionCell, RetentionMonth
from data_access.questions.retention.persona import PersonaQuarter
from data_access.selection import Period

YEAR = Period.parse("2025")
HOSTILE = "<img src=x onerror=alert(1)>&lt;b&gt;\u202e" + "x" * 10_000


def a_funnel(*shares: float | None, people: int = 40, exact: bool = True) -> list[FunnelStep]:
    steps, start = [], 1.0
    for number, step in enumerate(("joined", "casual", "active", "core")):
        share = shares[number - 1] if number else None
        start = start * (share if share is not None else nan) if number else start
        steps.append(
            FunnelStep(
                step=step,
                people=people,
                share_of_start=None if isnan(start) else start,
                share_of_previous=share,
                low=share,
                high=share,
                median_days=7.0 if number else None,
                lower_quartile=None,
                upper_quartile=None,
                open=4 if number else None,
                counted=30 if number else None,
                window_days=180,
                at_least=people if exact else people - 2,
                at_most=people if exact else people + 2,
                group="",
                name="Everybody",
            )
        )
    return steps


def test_the_finding_says_only_what_is_known() -> None:
    """Without a share for core it says so; with ranges it shows them."""
    assert "50% became active and 25% core" in funnel_words.finding(a_funnel(1.0, 0.5, 0.5), YEAR)
    assert "too early to say how many became core" in funnel_words.finding(a_funnel(1.0, 0.5, None), YEAR)
    assert "too early to say how many became active" in funnel_words.finding(a_funnel(1.0, None, None), YEAR)
    assert "Of 38 to 42 people" in funnel_words.finding(a_funnel(1.0, 0.5, 0.5, exact=False), YEAR)
    assert "Of 1 person who joined" in funnel_words.finding(a_funnel(1.0, 0.5, 0.5, people=1), YEAR)
    assert funnel_words.finding(a_funnel(None, None, None, people=0), YEAR) == "Nobody joined in 2025."


def test_the_middle_of_a_range_is_said_to_be_about() -> None:
    """An exact number is not."""
    [note] = {
        item.note for item in funnel_words.headlines(a_funnel(1.0, 0.5, 0.5, exact=False)) if "core" in item.label
    }
    assert "about 4 still have time" in note
    assert "about" not in " ".join(item.note for item in funnel_words.headlines(a_funnel(1.0, 0.5, 0.5)))


def test_the_weakest_step_is_the_one_with_the_smallest_share() -> None:
    assert funnel_words.weakest(a_funnel(0.9, 0.2, 0.5)).startswith("The weakest step is casual → active: 20%")
    assert funnel_words.weakest(a_funnel(None, None, None)) == ""


def test_two_settings_are_compared_step_by_step() -> None:
    """The difference is in points, and missing where one of the shares is."""
    compared = tried_table(a_funnel(1.0, 0.5, None), a_funnel(1.0, 0.6, 0.5))
    assert [None if pd.isna(value) else round(value, 6) for value in compared["difference"]] == [0, 0, 10, None]


def test_only_known_shares_of_large_enough_groups_are_called_weak() -> None:
    """The weakest first; everybody who has no group, and the first contribution, are left out."""
    groups = [step._replace(group="t", name="a_team") for step in a_funnel(0.1, 0.5, 0.2)]
    small = [step._replace(group="s", counted=19) for step in a_funnel(0.1, 0.1, 0.1)]
    weak = weak_steps({"Team": table(FunnelStep, [*groups, *small, *a_funnel(0.1, 0.1, 0.1)])})
    assert list(weak["step"]) == ["Active → core", "Casual → active"]
    assert set(weak["name"]) == {"A team"}


def test_names_from_data_fit_a_picture_and_carry_no_markup_into_it() -> None:
    """One line of at most 48 characters; the picture escapes it, so that tables still show `R&D` as it is."""
    shown = group_name(HOSTILE)
    assert "\u202e" not in shown
    assert len(shown) <= 48
    figure = dots_picture([Dot(shown, 0.5, 0.4, 0.6, shown)], None, "share", "light").figure
    for text in (figure.layout.annotations[0].text, figure.data[0].customdata[0]):
        assert text.startswith("&lt;img src=x onerror=alert(1)&gt;")


@pytest.mark.parametrize(
    ("p_value", "words"),
    [(0.0004, "less than 0.1%"), (0.031, "3.1%"), (0.4, "do not clearly differ")],
)
def test_the_log_rank_sentence_says_what_chance_could_do(p_value: float, words: str) -> None:
    tests = [PaceTest("active", 3, 60, None, 2, p_value)]
    assert words in funnel_words.log_rank_words(tests)
    assert "two groups" in funnel_words.log_rank_words([])


def a_month(month: int, share: float | None) -> RetentionMonth:
    return RetentionMonth(month, 30, share, share, share, share, share, share)


def test_retention_says_nothing_of_a_year_until_it_is_known() -> None:
    assert retention_words.finding([a_month(1, 0.3)]).endswith("after their first.")
    assert retention_words.finding([a_month(1, 0.3), a_month(12, None)]).endswith("after their first.")
    assert retention_words.finding([a_month(1, 0.3), a_month(12, 0.1)]).endswith(", 10% a year later.")
    assert retention_words.headlines([a_month(1, 0.3)])[3].value == NOT_SHOWN
    assert "too few people to show" in retention_words.finding([])


def test_the_grid_has_a_row_a_cohort_and_gaps_where_nothing_may_be_shown() -> None:
    """Month 0 is everybody and left out; the table has the newest cohort first."""
    cells = [
        RetentionCell(cohort, month, people, share, share, date(2025, 1, 1))
        for cohort, month, people, share in (
            *(("2025-01", 0, 9, 1.0), ("2025-01", 1, 9, 0.5), ("2025-01", 2, 9, None)),
            *(("2025-02", 0, None, 1.0), ("2025-02", 1, None, None)),
        )
    ]
    grid = retention_words.grid(cells, "active_exactly")
    assert (grid.months, grid.people) == ([1, 2], [9, None])
    assert grid.shares == [[0.5, None], [None, None]]
    assert grid.said[0] == ["2025-01, month 1: 50% of 9 people", "2025-01, month 2: not shown, of 9 people"]
    assert grid.said[1] == ["2025-02, month 1: not shown", ""]
    assert list(grid_table(grid)["cohort"]) == ["2025-02", "2025-01"]


def test_what_most_lack_for_being_mission_driven_is_the_rarest_of_the_four() -> None:
    quarter = PersonaQuarter("2025-Q4", date(2025, 12, 31), 50, 4, 0.08, 0.03, 0.19, 20, 30, 40, 10)
    said = retention_words.persona_words([quarter])
    assert said == (
        "8% of the 50 people who contributed in the year to 2025 Q4 are mission-driven. "
        "What most lack: only 20% are connected."
    )
    assert "What most lack" not in retention_words.persona_words([quarter._replace(areas=None)])
