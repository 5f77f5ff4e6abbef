"""Leadership, the pathway and the jump in words, where there is much, little and nothing to tell of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard.subjects.teams import leading, pathway
from data_access.questions.teams.jumps import ContributionJump
from data_access.questions.teams.leadership import SinglePoint, TeamLeadership
from data_access.questions.teams.pathway import TeamPathway


def leadership(**columns: Any) -> TeamLeadership:
    known: dict[str, Any] = dict.fromkeys(TeamLeadership._fields, 0)
    none = {"largest_share": None, "half": None, "gini": None, "mentors_per_newcomer": None, "enough": False}
    return TeamLeadership(**(known | {"team": "docs", "name": "Docs"} | none | columns))


def path(**columns: Any) -> TeamPathway:
    known: dict[str, Any] = dict.fromkeys(TeamPathway._fields, 0)
    none = {"limit": None, "share": None, "share_low": None, "share_high": None}
    about = {"team": "docs", "name": "Docs", "stage": "scaling", "since": date(2026, 1, 5)}
    return TeamPathway(**(known | about | none | columns))


def test_the_work_of_few_is_told_and_of_too_little_it_is_said() -> None:
    row = leadership(contributions=400, people=104, largest_share=0.23, half=5, gini=0.83)
    told = "In the last 365 days 5 people made half of the work; the busiest of 104 made 23%."
    assert leading.finding(row, []) == told
    little = leadership(contributions=7, people=2)
    assert leading.finding(little, []) == "7 contributions in 365 days are too few to say how the work is shared."
    points = [SinglePoint("docs", "Docs", "area", name, 9, None, None) for name in "abcdef"]
    assert leading.finding(little, points).endswith("6 things rest on one person: a, b, c, d and 2 more.")


def test_the_headline_numbers_say_of_how_many_and_what_is_not_known() -> None:
    some = leadership(newcomers=65, mentored=8, mentors=8, mentors_per_newcomer=8 / 65, months_met=11, unscaled=1)
    assert [(item.value, item.note) for item in leading.headlines(some, [])[2:4]] == [
        ("0.12", "8 mentors; newcomers with one: 12% (8 of 65)"),
        ("0", "in 11 of the last 12 months; 1 event has no scale"),
    ]
    none = leading.headlines(leadership(), [])
    assert [(none[at].value, none[at].note) for at in (0, 2)] == [("–", ""), ("–", "no newcomers in 365 days")]


def test_the_pathway_says_who_was_connected_once_it_can_be_judged() -> None:
    assert pathway.finding(path(people=1)) == "1 person has come into the pathway since 5 January 2026."
    told = path(people=20, judged=17, connected=5, share=5 / 17, share_low=0.13, share_high=0.53)
    assert pathway.finding(told) == (
        "20 people have come into the pathway since 5 January 2026. "
        "29% (5 of 17) were connected to an event, a task or a mentor within 30 days."
    )
    assert pathway.headlines(told)[1].note == "of 17 people; 95% interval 13–53%"
    assert pathway.headlines(path(stage="starting", limit=20))[0].note == "a prototype takes at most 20"
    assert pathway.headlines(path())[1].note == "too early to say"


def jump(stage: str, judged: int, times: float, low: float | None, high: float | None) -> ContributionJump:
    return ContributionJump(stage, stage.capitalize(), judged, 0, 0, 0, judged, 0, times, low, high)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            jump("scaling", 8, 2, 1.4, 2.9),
            "grew to 2.00 times as many (95% interval 1.40 to 2.90, 8 changes).",
        ),
        (
            jump("scaling", 8, 0.5, 0.3, 0.8),
            "fell to 0.50 times as many (95% interval 0.30 to 0.80, 8 changes).",
        ),
        (
            jump("scaling", 8, 1.2, 0.9, 1.6),
            "not told apart from no change (95% interval 0.90 to 1.60, 8 changes).",
        ),
        (
            jump("scaling", 1, 3, None, None),
            "were 3.00 times as many after entering “Scaling”, in 1 change.",
        ),
    ],
)
def test_a_jump_is_ranked_only_where_its_interval_tells_it_from_no_change(row: ContributionJump, said: str) -> None:
    words = pathway.jump_words([jump("learning", 5, 9, 8, 10), row])
    assert words.endswith(said)
    assert "“Scaling”" in words
