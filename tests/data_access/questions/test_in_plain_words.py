"""Questions found by what people want to know: phrasings that were held apart, and what is read out of the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from data_access.questions import QUESTIONS
from data_access.questions.in_plain_words import find
from data_access.questions.phrasings import PHRASINGS
from data_access.selection import Role

TODAY = date(2026, 11, 30)
# Written before the search was tried, and never shown to it: question, and how somebody may ask for it.
HELD_APART = (
    ("events_total", "How many meetings took place in total?"),
    ("events_by_country", "Give me the number of events for each country"),
    ("events_by_month", "How did events develop month after month?"),
    ("country_gaps", "Which countries do we neglect?"),
    ("country_gaps", "Where should we hold more events?"),
    ("uncovered_cities", "Which large cities have never had an event nearby?"),
    ("urban_reach", "What percentage of city people have an event close by?"),
    ("presence", "Which regions had long silences between events?"),
    ("language_gaps", "Which languages are spoken in a country but never used at our events?"),
    ("language_next", "What language would bring us the most additional people?"),
    ("language_people", "How many of our members speak French?"),
    ("languages_of_events", "What languages do we use at events?"),
    ("materials_by_language", "How many of our materials are translated?"),
    ("contributor_funnel", "What share of newcomers becomes active and then core?"),
    ("conversion_trend", "Is conversion improving from cohort to cohort?"),
    ("retention", "How many contributors do we keep over the months?"),
    ("retention_overall", "After twelve months, what share is still active?"),
    ("returning", "How many lapsed contributors came back this quarter?"),
    ("time_to_level", "How many days pass before somebody is an active contributor?"),
    ("persona", "How many mission-driven people do we have?"),
    ("event_followthrough", "Which kinds of events lead to new contributors?"),
    ("contributors_trend", "How is the number of new contributors developing?"),
    ("active_by_quarter", "How big was our active base at the end of every quarter?"),
    ("attribute_shares", "How diverse are we?"),
    ("attribute_shares", "What is the proportion of women among speakers?"),
    ("attribute_trend", "Did the share of women rise over the years?"),
    ("attribute_funnel", "Do applicants from some groups drop out more often?"),
    ("fairness", "Is travel money distributed fairly over regions?"),
    ("lorenz_curve", "How concentrated is the money among members?"),
    ("population_sizes", "How many speakers and applicants did we have?"),
    ("budget_summary", "How much of the budget is left?"),
    ("budget_by", "On which categories does the money go?"),
    ("budget_burn", "Which members are close to their spending ceiling?"),
    ("burn_curve", "Are we spending faster than planned?"),
    ("cost_per_outcome", "What does one event cost us?"),
    ("spending_by_year", "What did we pay in each fiscal year?"),
    ("budget_approvals", "Has the board approved this year's budget?"),
    ("request_queue", "Which requests are waiting for my decision?"),
    ("request_totals", "What do all open requests add up to?"),
    ("request_decisions", "Who approved which request, and why?"),
    ("what_if", "What would approving this request do to the budget?"),
    ("nearer_members", "Is there a member who lives nearer to the event?"),
    ("who_could_go", "Which member could speak in Brazil in Portuguese?"),
    ("floor_standing", "Which members are behind on their required events?"),
    ("floor_summary", "How many members met their floor each quarter?"),
    ("missed_in_a_row", "Who missed the floor several quarters running?"),
    ("silent_members", "Which members have been silent for months?"),
    ("leavers", "Why did people leave the program?"),
    ("member_homes", "In which countries do our members live?"),
    ("thanks_waiting", "Whom should I thank this month?"),
    ("conduct_not_accepted", "Who has yet to accept the code of conduct?"),
    ("applications_waiting", "Which applications have been waiting longest?"),
    ("cohort_pipeline", "How many of each cohort became members?"),
    ("program_funnel", "What share of applicants graduates?"),
    ("bench", "Who could succeed the program manager?"),
    ("team_board", "In which stage is each team?"),
    ("team_growth", "Is the documentation team growing?"),
    ("team_risks_list", "What risks do our teams face?"),
    ("team_dependence", "Which team hangs on a single person?"),
    ("team_transitions", "How long do teams stay in one stage?"),
    ("team_change_funnel", "What changed for newcomers after the team entered scaling?"),
    ("team_milestones_list", "Which milestones has a team completed?"),
    ("circle_links", "Who is whose mentor?"),
    ("leadership_circles", "How big are the circles of organizers?"),
    ("space_schedule", "Which spaces are behind their yearly events?"),
    ("space_newcomers", "How many newcomers did the London space bring?"),
    ("space_pilots", "How many days does the Nairobi pilot have left?"),
    ("space_weekdays", "On what days of the week do the spaces meet?"),
    ("pilot_candidates", "In which town should the next pilot start?"),
    ("newcomer_bridge", "Where do we lose the 1,152 newcomers?"),
    ("health_indicators", "Is the program in good health?"),
    ("pm_quarters", "Is the program manager overloaded?"),
    ("who_needs_help", "Which speakers get bad ratings?"),
    ("long_trips", "Did somebody fly far for a tiny meetup?"),
    ("disputes_list", "Which conflicts between members are still open?"),
    ("targets_progress", "Will we reach our targets?"),
    ("impact_summary", "What did the program achieve this quarter?"),
    ("data_quality", "How complete is our data?"),
    ("imports_log", "When did we last import something?"),
    ("personal_reads", "Who has read personal data?"),
)


# Written by somebody who knew of the questions only their names, first lines and headings: one for each question.
OF_OTHERS = tuple(
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "phrasings_of_others.tsv").read_text(encoding="utf-8").splitlines()
)


@pytest.mark.parametrize(("phrasings", "found"), [(HELD_APART, 0.9), (OF_OTHERS, 0.75)], ids=["ours", "of others"])
def test_held_apart_phrasings_are_found_in_the_first_three(phrasings: Sequence[tuple[str, str]], found: float) -> None:
    """Others choose words that stand nowhere, and questions that are neighbours can be meant by one wording."""
    missed = []
    for name, text in phrasings:
        role = Role.PM if Role.PM in QUESTIONS[name].roles else min(QUESTIONS[name].roles)
        first = [each.question.name for each in find(text, role, TODAY)]
        if name not in first:
            missed.append((name, text, first))
    assert len(missed) <= len(phrasings) * (1 - found), missed


def test_every_question_has_phrasings_and_no_phrasing_is_of_none() -> None:
    assert PHRASINGS.keys() == QUESTIONS.keys()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("events in Germany last year", {"period": "2025", "country": "DE"}),
        ("events in Q3 2026", {"period": "2026-Q3"}),
        ("events in the third quarter of 2026", {"period": "2026-Q3"}),
        ("events in May 2026 in Spanish", {"period": "2026-05", "language": "es"}),
        ("events this quarter in South Korea or Japan", {"period": "2026-Q4", "country": "KR,JP"}),
        ("events last quarter", {"period": "2026-Q3"}),
        ("events last month of the Docs team", {"period": "2026-10", "team": "docs"}),
        ("events in Western Africa", {"region": "Western Africa"}),
        ("may events be held in a turkey farm", {}),
        ("events in 2026-02-01..2026-03-15", {"period": "2026-02-01..2026-03-15"}),
    ],
)
def test_period_and_place_are_read_out_of_the_words(text: str, query: dict[str, str]) -> None:
    names = {"team": {"docs": "Docs team"}, "region": {"Western Africa": "Western Africa"}}
    assert find(text, Role.PM, TODAY, names)[0].query == query


def test_the_command_can_be_pasted() -> None:
    names = {"team": {"a b;rm -rf /": "Docs"}}
    commands = [found.command for found in find("number of events of Docs in 2026", Role.PM, TODAY, names)]
    assert "uplift ask events_total --period 2026 --team 'a b;rm -rf /'" in commands


def test_nobody_is_shown_a_question_that_is_not_theirs() -> None:
    assert all(Role.PUBLIC in found.question.roles for found in find("who mentors whom", Role.PUBLIC, TODAY))
    assert "circle_links" in [found.question.name for found in find("who mentors whom", Role.PM, TODAY)]


@pytest.mark.parametrize("text", ["", "?", "the of and", '" OR name:x --', "x" * 10_000, "NEAR(a b)", "\x00", "日本語"])
def test_nonsense_finds_nothing_or_something_and_breaks_nothing(text: str) -> None:
    assert len(find(text, Role.PM, TODAY)) <= 3
