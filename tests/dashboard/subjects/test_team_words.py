"""Teams in words: the exit measure of each stage as each viewer may see it, and the sentences of one team."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.subjects.teams import cards, signs, tables, words
from dashboard.subjects.teams.measures import measure_of, measure_words
from data_access.answers import rows
from data_access.questions.teams.board import TeamMove, TeamStanding
from data_access.questions.teams.risks import DetectedRisk
from data_access.questions.teams.signs import SIGNS
from data_access.questions.teams.stages import TeamStay
from data_access.selection import Role, Scope

PM, LEADERSHIP = Scope(Role.PM), Scope(Role.LEADERSHIP)
IN_LEARNING = {"stage": "learning", "title": "Learning and preparing for growth", "days_in_stage": 198}


def standing(**columns: object) -> TeamStanding:
    """A team; whatever is not given is missing."""
    known = {"team": "docs", "name": "Docs", "coordinator_appointed": True, "open_risks": 0} | columns
    [row] = rows(TeamStanding, pd.DataFrame([known]))
    return row


def measured(
    stage: str,
    first: object,
    needed: float,
    second: object = None,
    second_needed: object = None,
    base: object = None,
    second_base: object = None,
) -> TeamMove:
    """A move out of a stage, with the two ends of each of its measures, and of the people they are of."""
    columns = {"stage": stage, "exit_threshold": needed, "second_threshold": second_needed}
    for name, given in {"exit": first, "second": second, "exit_of": base, "second_of": second_base}.items():
        low, high = given if isinstance(given, tuple) else (given, given)
        columns |= {f"{name}_at_least": low, f"{name}_at_most": high}
    [row] = rows(TeamMove, pd.DataFrame([columns], dtype=object))
    return row


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (measured("pre_work", 1, 1), "Coordinator appointed."),
        (measured("pre_work", 0, 1), "No coordinator appointed yet."),
        (measured("starting", 1, 2), "1 of 2 pathway milestones reached."),
        (measured("learning", 1, 25), "1 new contributor; more than 25 needed."),
        (measured("learning", (10, 14), 25), "10 to 14 new contributors; more than 25 needed."),
        (measured("learning", (0, 4), 25), "Fewer than 5 new contributors; more than 25 needed."),
        (
            measured("scaling", 14 / 6, 10, 1, 2, 6),
            "14 active now, 2.3 times the 6 at entry; 10 times needed, and 1 of 2 leadership milestones.",
        ),
        (
            measured("scaling", (2.3, 4), 10, 0, 2, (5, 9)),
            "2.3 to 4 times the 5 to 9 active at entry; 10 times needed, and 0 of 2 leadership milestones.",
        ),
        (
            measured("scaling", None, 10, 2, 2),
            "Nobody was active at entry, so growth has no base; 10 times needed, and 2 of 2 leadership milestones.",
        ),
        (
            measured("sustaining", 14 / 10, 0.9, 10 / 12, 0.8, 10, 12),
            "14 active now against 10 a year ago (140%); 90% needed. "
            "10 of 12 core contributors of a year ago stayed (83%); 80% needed.",
        ),
        (
            measured("sustaining", 7 / 9, 0.9, 1 / 1, 0.8, 9, 1),
            "7 active now against 9 a year ago; at least 9 needed. "
            "1 of 1 core contributors of a year ago stayed; at least 1 needed.",
        ),
        (
            measured("sustaining", (0.71, 1.4), 0.9, (0.75, 1.0), 0.8, (10, 14), (15, 19)),
            "71% to 140% of the 10 to 14 active a year ago; 90% needed. "
            "75% to 100% of the 15 to 19 core contributors of a year ago stayed; 80% needed.",
        ),
        (
            measured("sustaining", (0.55, 1.8), 0.9, (0.55, 1.0), 0.8, (5, 9), (5, 9)),
            "5 to 9 were active a year ago, too few for a share; 90% needed. "
            "5 to 9 were core contributors a year ago, too few for a share; 80% needed.",
        ),
        (
            measured("sustaining", None, 0.9, None, 0.8),
            "Nobody was active a year ago, so activity has no base; 90% needed. "
            "Nobody was core a year ago, so core retention has no base; 80% needed.",
        ),
    ],
)
def test_each_stage_has_its_own_measure(move: TeamMove, said: str) -> None:
    assert measure_words(measure_of(move, PM)) == said


def test_who_sees_ranges_learns_that_a_measure_is_withheld_and_not_that_it_has_no_base() -> None:
    growth = measure_words(measure_of(measured("scaling", None, 10, 2, 2), LEADERSHIP))
    assert growth.startswith("Growth cannot be shown to your role, because the numbers are small; 10 times needed")
    kept = measure_words(measure_of(measured("sustaining", 1, 0.9, None, 0.8), LEADERSHIP))
    assert "Core retention cannot be shown to your role, because the numbers are small; 80% needed." in kept


@pytest.mark.parametrize(("people", "share"), [(25, 25 / 26), (26, 1.0), (60, 1.0)])
def test_progress_is_whole_only_when_the_measure_is_met(people: int, share: float) -> None:
    """More than 25 are needed: 25 do not fill the bar."""
    measure = measure_of(measured("learning", people, 25), PM)
    assert measure
    assert measure.progress == pytest.approx(share)


def test_the_bar_of_the_last_stage_is_of_the_measure_that_is_further_from_it() -> None:
    """As many active as a year ago, and 9 of 18 of the core, where 80% are needed."""
    slipping = measure_of(measured("sustaining", 26 / 24, 0.9, 9 / 18, 0.8, 24, 18), PM)
    assert slipping
    assert slipping.progress == pytest.approx(0.5 / 0.8)


def test_the_finding_counts_who_is_ready_and_who_is_stalled() -> None:
    ready, stalled, neither = standing(ready=True), standing(stalled=True), standing()
    assert words.finding([ready, stalled]) == "2 teams: 1 is ready to move on, 1 is stalled."
    assert words.finding([ready, ready]) == "2 teams: 2 are ready to move on, none is stalled."
    assert words.finding([stalled] * 3) == "3 teams: none is ready to move on, 3 are stalled."
    both = standing(ready=True, stalled=True)
    assert words.finding([both, stalled, neither]) == "3 teams: 1 is ready to move on, 2 are stalled; 1 is both."
    assert words.finding([neither]) == "1 team: none is ready to move on, none is stalled."


def test_the_team_that_is_furthest_over_the_usual_time_is_named() -> None:
    late = standing(**IN_LEARNING, stalled=True, stalled_after_days=190.0)
    later = standing(**IN_LEARNING | {"days_in_stage": 1200}, name="QA", stalled=True, stalled_after_days=183.5)
    assert words.more([late, later]) == (
        "Furthest over the usual time: QA, 1,200 days in “Learning and preparing for growth”, where a stay of more "
        "than 184 is unusual."
    )
    assert words.more([standing(**IN_LEARNING)]) == ""


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        (True, "It is ready to move on: more than 25 new contributors move into"),
        (False, "It moves on when more than 25 new contributors move into"),
        (None, "Whether it is ready to move on is not certain from these numbers."),
    ],
)
def test_a_teams_own_view_says_whether_it_can_move_on(ready: bool | None, said: str) -> None:
    assert words.team_more(standing(**IN_LEARNING, ready=ready)).startswith(said)


def test_a_team_in_its_last_stage_holds_or_slips() -> None:
    last = {"stage": "sustaining", "title": "Sustaining", "days_in_stage": 10}
    assert words.team_more(standing(**last, ready=True)) == "It holds."
    assert cards.states(standing(**last, ready=False)) == (cards.SLIPPING,)


def test_a_team_without_a_stage_claims_nothing() -> None:
    team = standing()
    assert words.team_finding(team, PM) == "Docs: no stage is recorded."
    assert [item.value for item in words.team_headlines(team, [])] == ["–", "–", "0", "Appointed", "None"]
    assert tables.unmet([team], PM).empty


def test_what_is_odd_about_a_history_is_said_in_whole_sentences() -> None:
    def stay(stage: str, title: str, month: int) -> TeamStay:
        return TeamStay("docs", stage, title, date(2026, month, 1), None, 30, "", "")

    history = [
        stay("scaling", "Growing tenfold", 1),
        stay("pre_work", "Preparing to start", 2),
        stay("starting", "Starting a pathway", 3),
        stay("sustaining", "Sustaining", 4),
    ]
    assert words.oddities(history) == [
        "“Preparing to start”, entered on 1 February 2026, goes back from “Growing tenfold”.",
        "“Sustaining”, entered on 1 April 2026, skips “Learning and preparing for growth” and “Growing tenfold”.",
    ]


# ---- risks that the data show -----------------------------------------------------------------------------------


def detected(risk: str, value: float, threshold: float, **more: Any) -> DetectedRisk:
    known: dict[str, Any] = {"step": "", "low": None, "high": None, "base": None, "since": None, "recorded": False}
    row = {"team": "docs", "name": "Docs", "stage": "learning", "risk": risk, "value": value, "threshold": threshold}
    return DetectedRisk(**(known | row | {"words": SIGNS[risk].words, "unit": SIGNS[risk].unit} | more))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            detected("not_delegating", 0.618, 0.5, base=498),
            "One person made 62% of the 498 contributions of the last 365 days; more than half is a risk.",
        ),
        (
            detected("pathway_gaps", 0.25, 0.4, base=240, low=0.19, high=0.33, step="active"),
            "25% of 240 newcomers became active (99% interval: up to 33%), against 40% in the other teams.",
        ),
        (
            detected("pathway_gaps", 0.1, 0.4, base=20, low=0.02, high=0.33, step="core"),
            "10% of 20 active contributors became core (99% interval: up to 33%), against 40% in the other teams.",
        ),
        (
            detected("no_new_core", 200, 180),
            "Nobody has newly become core for 200 days; 180 are a risk while a team grows.",
        ),
        (
            detected("core_leaving", 0.7, 0.8, base=10),
            "7 of 10 core contributors of a year ago still contribute; fewer than 80% is a risk.",
        ),
        (
            detected("no_coordinator", 91, 90),
            "91 days in this stage without a coordinator; the stage is about finding one within 90 days.",
        ),
        (
            detected("no_coordinator", 1, 0),
            "1 day in this stage without a coordinator; a pathway needs one from its first day.",
        ),
        (
            detected("prototype_too_large", 23, 20),
            "23 people have come since the team started its pathway; a prototype takes at most 20.",
        ),
        (
            detected("no_renewal", 200, 180),
            "The team’s last event is 200 days ago; without one for 180 a community loses energy.",
        ),
    ],
)
def test_each_risk_in_the_data_says_its_evidence(row: DetectedRisk, said: str) -> None:
    assert signs.evidence(row) == said


def test_every_risk_in_the_data_has_words_for_card_and_next_step() -> None:
    assert set(signs.NEXT) == set(SIGNS) == {*signs.SHORT, "no_coordinator"}
    found = [
        detected("not_delegating", 0.6, 0.5),
        detected("no_coordinator", 9, 0),
        *2 * [detected("pathway_gaps", 0.1, 0.4)],
    ]
    assert signs.on_cards(found) == {"docs": "In the data: one person makes most and gap in the pathway"}
