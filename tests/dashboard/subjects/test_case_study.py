"""The case study of a team: whole sentences from its facts, people in ranges, nothing that is for inside only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.parts.documents import Paper, Passage
from dashboard.subjects.teams.case_study import NOT_TOLD, TeamStory, case_study
from data_access.contract.lifecycle import MILESTONE_WORDS, risk_words, stage_title
from data_access.questions.teams.details import ChangeStep, TeamMilestone, TeamQuarter, TeamRisk
from data_access.questions.teams.stages import TeamStay

CHANGED = date(2025, 7, 10)
HOSTILE = "<b>*Docs*</b> | [x](javascript:y) `z` #1"


def stay(stage: str, entered: date, left: date | None, days: int) -> TeamStay:
    return TeamStay("docs", stage, stage_title(stage), entered, left, days, "", "Ada was ill")


def step(side: str, name: str, at_least: int, at_most: int) -> ChangeStep:
    days = (date(2025, 4, 1), date(2025, 6, 30)) if side == "before" else (date(2025, 10, 1), date(2025, 12, 31))
    title = stage_title("learning")
    return ChangeStep("docs", CHANGED, "learning", title, side, name, True, *days, None, at_least, at_most)


def risk(code: str, closed: date | None = None, days: int = 30) -> TeamRisk:
    return TeamRisk("r1", "docs", code, risk_words(code), "high", date(2025, 8, 1), closed, days)


def quarter(counted_on: date, at_least: int, at_most: int) -> TeamQuarter:
    return TeamQuarter("docs", counted_on, counted_on, None, at_least, at_most, False, None, None)


STORY = TeamStory(
    name="Docs",
    program="Test program",
    as_of=date(2026, 9, 15),
    stays=[
        stay("starting", date(2025, 1, 1), CHANGED, 190),
        stay("learning", CHANGED, None, 432),
    ],
    milestones=[
        TeamMilestone("docs", "starting", "", code, MILESTONE_WORDS[code], day, "https://wiki.example.org", "by Ada")
        for code, day in (("roles_clear", date(2025, 7, 9)), ("gaps_identified", CHANGED), ("pathway_created", None))
    ],
    risks=[risk("not_delegating", date(2025, 8, 31)), risk("Ada and Ben do not speak"), risk("data_blocked")],
    funnel=[
        *(step("before", *each) for each in (("new", 10, 14), ("active", 5, 9), ("core", 0, 4))),
        *(step("after", *each) for each in (("new", 20, 29), ("active", 10, 14), ("core", 5, 9))),
    ],
    quarters=[
        quarter(date(2025, 6, 30), 5, 9),
        *(quarter(day, 10, 14) for day in (date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31))),
        quarter(date(2026, 6, 30), 30, 39),
    ],
)


def test_a_case_study_tells_stages_changes_help_and_risks_in_whole_sentences() -> None:
    paper = case_study(STORY)
    assert paper.title == "Case study: Docs"
    assert paper.lead == (
        "Docs went from “Starting a pathway” to “Learning and preparing for growth” in 190 days. "
        "It has changed its stage once."
    )
    way, change, helped, risks = paper.passages
    assert way.sentences == (
        "It is in “Learning and preparing for growth” now, until more than 25 new contributors move into or through "
        "the pathway and are connected to opportunities.",
    )
    assert way.rows[1:] == (
        ("Starting a pathway", "1 January 2025", "10 July 2025", "190"),
        ("Learning and preparing for growth", "10 July 2025", "still in it", "432"),
    )
    assert change.sentences == (
        "The team changed on 10 July 2025, after 190 days.",
        "On 30 June 2025, before it, about 5 to 9 people were active; on 30 June 2026, a year on, about 30 to 39.",
        "Before the change about 10 to 14 people came new; about 5 to 9 of them became active, and fewer than 5 core.",
        "After the change about 20 to 29 people came new; about 10 to 14 of them became active, and about 5 to 9 core.",
    )
    assert change.rows[2] == (
        "After",
        "1 October 2025 to 31 December 2025",
        "about 20 to 29",
        "about 10 to 14",
        "about 5 to 9",
    )
    assert helped.points == (
        "Coordinators know their role, on 9 July 2025, while in “Starting a pathway”.",
        "Gaps in the pathway identified, on 10 July 2025, while in “Learning and preparing for growth”.",
    )
    assert risks.points == (
        "Systems and data are blocked, technically or politically: open since 1 August 2025.",
        "The coordinator does everything alone: from 1 August 2025 to 31 August 2025, 30 days in all.",
    )
    assert risks.sentences == ("One more risk was recorded in the team’s own words.",)


def test_notes_links_and_own_words_stay_inside() -> None:
    for written in (case_study(STORY).as_html(), case_study(STORY).as_markdown()):
        assert b"Ada" not in written
        assert b"wiki" not in written


def test_no_exact_number_of_people_leaves_the_house() -> None:
    exact = [step("before", name, 7, 7) for name in ("new", "active", "core")]
    with pytest.raises(ValueError, match="in ranges"):
        case_study(replace(STORY, funnel=exact))


def test_of_few_newcomers_nothing_more_is_said_and_the_last_stage_has_no_end() -> None:
    few = [step("before", "new", 0, 9), *(step("before", name, 0, 4) for name in ("active", "core"))]
    way, change, *_ = case_study(replace(STORY, funnel=few, quarters=[])).passages
    assert change.sentences[1:] == ("Before the change fewer than 10 people came new.",)
    assert change.rows[1][2:] == ("fewer than 10", "fewer than 5", "fewer than 5")
    way, *_ = case_study(replace(STORY, stays=[stay("sustaining", CHANGED, None, 9)])).passages
    assert way.sentences == ("It is in “Sustaining” now, which is the last stage.",)


def test_what_is_not_released_is_said_to_be_missing() -> None:
    _, change, *_ = case_study(replace(STORY, funnel=[], quarters=[])).passages
    assert change.sentences == ("The team changed on 10 July 2025, after 190 days.", NOT_TOLD)
    assert change.rows == ()
    paper = case_study(replace(STORY, stays=STORY.stays[:1], milestones=[], risks=[], funnel=[]))
    assert paper.lead == "Docs has been in its first stage, “Starting a pathway”, for 190 days."
    assert [part.sentences for part in paper.passages[1:]] == [
        ("No milestone has been recorded yet.",),
        ("No risk has been recorded.",),
    ]


def test_the_files_hold_the_same_and_what_comes_from_data_is_never_markup() -> None:
    paper = case_study(replace(STORY, name=HOSTILE))
    page, text = paper.as_html().decode(), paper.as_markdown().decode()
    assert page.startswith("<!doctype html>")
    assert "<b>" not in page
    assert "&lt;b&gt;*Docs*" in page
    # It loads nothing.
    assert "src=" not in page
    assert "url(" not in page
    assert "http" not in page
    assert "# Case study: \\<b\\>\\*Docs\\*\\</b\\> \\| \\[x\\](javascript:y) \\`z\\` \\#1" in text
    assert "| After | 1 October 2025 to 31 December 2025 | about 20 to 29 | about 10 to 14 | about 5 to 9 |" in text
    for part in paper.passages:
        assert part.title in page
        assert part.title in text


def test_a_sentence_that_begins_like_a_list_is_still_a_sentence() -> None:
    text = Paper("T", "1. first", (Passage("P", ("- no point",)),), ()).as_markdown().decode()
    assert "\n1\\. first" in text
    assert "\\- no point" in text
