"""The funnel's and retention's sentences and tables: what they say, and what they leave out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.parts.labels import group_name
from dashboard.parts.shapes import Dot
from dashboard.subjects.funnel import pace_words
from dashboard.subjects.funnel import words as funnel_words
from dashboard.subjects.funnel.charts import dots_picture
from dashboard.subjects.funnel.tables import tried_table, weak_steps
from dashboard.subjects.retention import words as retention_words
from dashboard.subjects.retention.tables import grid_table
from dashboard.words.counts import NOT_SHOWN
from data_access.answers import table
from data_access.questions.funnel.followthrough import FollowedEvents
from data_access.questions.funnel.step_table import FunnelStep
from data_access.questions.funnel.waiting import PaceTest
from data_access.questions.retention.grid import RetentionCell, RetentionMonth
from data_access.questions.retention.persona import PersonaQuarter
from data_access.selection import Period
from data_access.statistics.intervals import poisson_interval, wilson_interval

YEAR = Period.parse("2025")
HOSTILE = "<img src=x onerror=alert(1)>&lt;b&gt;\u202e" + "x" * 10_000


def a_funnel(*people: int, exact: bool = True, **columns: Any) -> list[FunnelStep]:
    """People at each step, all of whose windows are over unless `columns` say otherwise."""
    steps = []
    for number, (step, here) in enumerate(zip(("joined", "casual", "active", "core"), people, strict=True)):
        before = people[number - 1] if number else 0
        share = here / before if before else None
        low, high = wilson_interval(here if before else 0, before)
        steps.append(
            FunnelStep(
                cohort="2025-01-01..2026-01-01",
                as_of=date(2026, 1, 1),
                step=step,
                people=here,
                share_of_start=here / people[0] if people[0] else None,
                estimate=None,
                estimate_low=None,
                estimate_high=None,
                share_of_previous=share,
                low=float(low) if share is not None else None,
                high=float(high) if share is not None else None,
                median_days=7.0 if number else None,
                lower_quartile=None,
                upper_quartile=None,
                early=0 if number else None,
                open=0 if number else None,
                counted=before if number else None,
                window_days=180 if number else None,
                at_least=here if exact else here - 2,
                at_most=here if exact else here + 2,
                group="",
                name="Everybody",
            )._replace(**(columns if number else {}))
        )
    return steps


def test_a_share_in_the_finding_agrees_with_the_counts_beside_it() -> None:
    """221 of 500 is 44 %, whatever is expected for the end; that is a sentence of its own, and not a number of people.

    The estimate of the furthest step that is known is said, only while somebody has time.
    """
    funnel = a_funnel(500, 360, 221, 80)
    assert funnel_words.finding(funnel, YEAR) == (
        "Of 500 people who joined in 2025, 221 (44%) became active so far, and 80 (16%) core."
    )
    assert funnel_words.in_the_end(funnel) == ""
    waiting = a_funnel(500, 360, 221, 80, open=34, estimate=0.5213, estimate_low=0.48, estimate_high=0.57)
    early = [step._replace(estimate=None) if step.step == "core" else step for step in waiting]
    assert funnel_words.in_the_end(early) == (
        "When nobody has time left, an estimated 52% (48–57%) will have become active."
    )
    [note] = {item.note for item in funnel_words.headlines(early) if "active" in item.label and item.value == "44%"}
    assert note == "221 of 500 people so far; 34 still have time; estimate for the end: 52% (48–57%)"


def test_few_people_are_counted_and_not_shared_out() -> None:
    """A percentage of fewer than ten people says more than is known."""
    few = a_funnel(1, 1, 1, 0)
    assert funnel_words.finding(few, YEAR) == ("Of 1 person who joined in 2025, 1 became active so far, and 0 core.")
    assert [item.value for item in funnel_words.headlines(few)][:4] == ["1", "1 of 1", "1 of 1", "0 of 1"]
    assert funnel_words.finding(a_funnel(0, 0, 0, 0), YEAR) == "Nobody joined in 2025."


def test_ranges_stay_ranges_and_their_shares_are_about() -> None:
    shown = a_funnel(60, 50, 30, 20, exact=False, open=4)
    assert funnel_words.finding(shown, YEAR) == (
        "Of 58 to 62 people who joined in 2025, 28 to 32 (about 50%) became active so far, "
        "and 18 to 22 (about 33%) core."
    )
    hidden = [step._replace(people=None, share_of_start=None) if step.step == "core" else step for step in shown]
    assert "too few who became core to show" in funnel_words.finding(hidden, YEAR)
    [note] = {item.note for item in funnel_words.headlines(shown) if "core" in item.label}
    assert "about 4 still have time" in note
    assert "about" not in " ".join(item.note for item in funnel_words.headlines(a_funnel(60, 50, 30, 20, open=4)))


def test_the_weakest_step_is_named_only_where_the_intervals_tell_it_from_the_others() -> None:
    assert funnel_words.weakest(a_funnel(100, 90, 18, 9)).startswith("No step is clearly the weakest")
    assert funnel_words.weakest(a_funnel(1000, 900, 180, 90)) == (
        "The weakest step is casual → active: of 900 people whose time is over, 20% took it within 180 days "
        "(95% interval 18–23%)."
    )
    assert funnel_words.weakest(a_funnel(0, 0, 0, 0)) == ""


def test_who_took_a_step_too_early_for_a_median_is_told_beside_it() -> None:
    told = funnel_words.early_words(a_funnel(60, 50, 30, 20, early=3))
    assert told == (
        "Taken before the step it follows, and left out of the days: Casual: 3 people, Active: 3 people and "
        "Core: 3 people."
    )
    assert funnel_words.early_words(a_funnel(60, 50, 30, 20)) == ""


def test_two_settings_are_compared_step_by_step() -> None:
    """The difference is in points, and missing where one of the shares is."""
    unknown = [step._replace(share_of_start=None) if step.step == "core" else step for step in a_funnel(10, 10, 5, 1)]
    compared = tried_table(unknown, a_funnel(10, 10, 6, 3))
    assert [None if pd.isna(value) else round(value, 6) for value in compared["difference"]] == [0, 0, 10, None]


def test_only_known_shares_of_large_enough_groups_are_called_weak() -> None:
    """The weakest first; everybody who has no group, and the first contribution, are left out."""
    groups = [step._replace(group="t", name="a_team") for step in a_funnel(1000, 100, 50, 10)]
    small = [step._replace(group="s", counted=19) for step in a_funnel(1000, 100, 10, 1)]
    weak = weak_steps({"Team": table(FunnelStep, [*groups, *small, *a_funnel(1000, 100, 10, 1)])})
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
    assert words in pace_words.log_rank_words(tests)
    assert "two groups" in pace_words.log_rank_words([])


def a_month(month: int, share: float | None, people: int = 30) -> RetentionMonth:
    return RetentionMonth(month, people, share, share, share, share, share, share)


def test_retention_names_its_base_and_says_nothing_of_a_year_until_it_is_known() -> None:
    """Three people a year later are counted, and are no percentage."""
    assert retention_words.finding([a_month(1, 0.3)]) == (
        "Of 30 people whose next month is over, 9 (30%) were back in the month after their first."
    )
    assert retention_words.finding([a_month(1, 0.3), a_month(12, None)]) == retention_words.finding([a_month(1, 0.3)])
    assert retention_words.finding([a_month(1, 0.3), a_month(12, 0.0, people=3)]).endswith(
        "a year later, 0 of the 3 people seen for so long."
    )
    assert retention_words.headlines([a_month(1, 0.3)])[3].value == NOT_SHOWN
    assert retention_words.headlines([a_month(12, 0.0, people=3)])[3].value == "0 of 3"
    assert "too few people to show" in retention_words.finding([])


def after_events(name: str, events: int, new: int) -> FollowedEvents:
    low, high = poisson_interval([new], [events])
    ends: dict[str, Any] = {"new_low": float(low[0]), "new_high": float(high[0])}
    numbers: dict[str, Any] = {"events": events, "new_90": new, "new_per_event": new / events, **ends}
    empty: dict[str, Any] = dict.fromkeys(FollowedEvents._fields, 0)
    return FollowedEvents(**{**empty, "group": name, "name": name, **numbers})


def test_groups_of_events_are_ranked_only_where_their_intervals_tell_them_apart() -> None:
    """17 annual events say little; 2,000 and 500 say much."""
    few, some, many = (
        after_events("annual", 17, 8),
        after_events("regional", 500, 150),
        after_events("micro", 2000, 200),
    )
    assert retention_words.following_words([few, after_events("micro", 20, 4)]).startswith("How many new contributors")
    assert retention_words.following_words([some, many]) == (
        "Most new contributors per event: regional (30 per 100 within 90 days, of 500 events); fewest: micro "
        "(10, of 2,000 events)."
    )
    assert retention_words.following_words([few, some, many]) == (
        "Fewest new contributors per event: micro (10 per 100, of 2,000 events)."
    )


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
        "Of 50 people who contributed in the year to 2025 Q4, 4 (8%) are mission-driven. "
        "What most lack: only 10 (20%) are connected."
    )
    assert "What most lack" not in retention_words.persona_words([quarter._replace(areas=None)])
