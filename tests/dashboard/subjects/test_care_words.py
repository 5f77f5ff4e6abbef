"""What the Members page says of thanks, trainings, cohorts and reviewers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard.subjects.members import asked, care_charts, care_words
from data_access.program import Program
from data_access.questions.members.cohesion import CohortCohesion
from data_access.questions.members.reviews import ReviewAgreement
from data_access.questions.members.thanking import ThanksGiven
from data_access.questions.members.trainings import TrainingEffect


def kind(**given: Any) -> TrainingEffect:
    """Trainings of a kind: twenty came, of whom four spoke before and fifteen after; five of twelve others."""
    row = {
        **dict.fromkeys(TrainingEffect._fields),
        **{"kind": "speaking", "state": "over", "attended": 20, "active_before": 4, "active_after": 15},
        **{"before": 0.2, "after": 0.75, "after_low": 0.53, "after_high": 0.89},
        **{"others": 12, "others_before": 0.25, "others_after": 5 / 12},
        **{"difference": 33.3, "difference_low": 0.1, "difference_high": 60.0, **given},
    }
    return TrainingEffect(**row)


def test_the_finding_about_trainings_says_before_and_after_and_who_did_not_come() -> None:
    assert care_words.trainings([kind()]) == (
        "Of 20 who came, 15 spoke or organized in the 180 days after, 4 in the 180 before. "
        "After trainings in speaking, 75% of 20 who came spoke or organized, and 42% of 12 who did not come."
    )
    few = kind(others=3, others_after=1 / 3)
    assert care_words.trainings([few]).endswith("and 1 of 3 who did not come."), "no percentage of three"
    alike = kind(difference_low=-1.0)
    assert care_words.trainings([alike]).endswith("the numbers are small, or alike.")
    assert care_words.trainings([kind(others=0, difference_low=None)]).startswith("Of 20 who came")
    assert "still run" in care_words.trainings([])


def test_the_picture_of_trainings_is_told_in_words() -> None:
    picture = care_charts.trainings_picture([kind(), kind(kind="other", others_after=None)], "light")
    assert picture.alt == (
        "Share who spoke or organized in the 180 days before and after trainings. "
        "Speaking: 20% before, 75% after; of those who did not come 42%. Other: 20% before, 75% after."
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ThanksGiven("all", 5, 0, 0, 0, None, None, None), "The 30 days of all that happened in the period still run."),
        (ThanksGiven("all", 9, 3, 9, 3, 1 / 3, 0.1, 0.6), "3 of 9 in the period were thanked for within 30 days."),
        (
            ThanksGiven("all", 50, 30, 40, 30, 0.75, 0.6, 0.86),
            "30 of 40 in the period were thanked for within 30 days: 75% (60% to 86%).",
        ),
    ],
)
def test_the_share_of_thanks_names_its_base(row: ThanksGiven, words: str) -> None:
    assert care_words.thanks_given([row]) == words


def test_ties_are_of_the_newest_cohort_whose_year_is_over() -> None:
    running = CohortCohesion("c2", "Autumn", date(2026, 5, 1), "running", 4, 6, 0, 0, 0.0, 4)
    over = CohortCohesion("c1", None, date(2025, 5, 1), "over", 4, 6, 4, 3, 0.5, 1)
    assert care_words.cohesion([running]) == "No cohort’s first year is over yet."
    said = care_words.cohesion([running, over])
    assert said == "c1: 3 of 6 pairs met at events in their first year; 1 person met nobody of it."


def test_agreement_is_said_where_two_reviewed() -> None:
    assert "not known" in care_words.agreement([ReviewAgreement(None, 5, 0, None, None)])
    said = care_words.agreement([ReviewAgreement(None, 9, 8, 4.3, 0.913)])
    assert said == "Two reviews of one application are 4.3 points apart on average (of 8); agreement 0.91 of 1."


def test_what_is_asked_follows_the_settings() -> None:
    program = Program(currency="EUR", floor_events_per_quarter=2, grace_quarters=1)
    told = dict(asked.requirements(program))
    assert "at 2 events or more" in told["Every quarter"]
    assert "and 1 quarter more do not count" in told["At the start"]
    assert told["Money"] == "No ceiling is set: each request is judged by itself."
