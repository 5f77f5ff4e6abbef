"""The mission-driven by activity, and how invested contributors are, on a program that was counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboard.subjects.retention.measures import activity_words, investment_words
from data_access.answers import rows
from data_access.contract.activities import activity_of
from data_access.database.schema import materials, mentorships, participations
from data_access.questions.retention.activities import InvestmentBand, PersonaActivity
from data_access.selection import Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask

DAY = Selection(as_of=date(2026, 9, 15))


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    """The year is July 2025 to June 2026. Lo alone is regular, in two areas, not in code and connected.

    Lo localizes, documents and mentors Co, who codes since 2022. Qa tests since 2024, and organized. Tr supports and
    translated; what Tr wrote is older than the year. Old did nothing in the year but organize, and is no contributor.
    """
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    made.add_contributions("lo", date(2025, 8, 1), date(2025, 11, 1), area="Localization")
    made.add_contributions("lo", date(2026, 2, 1), area="documentation")
    made.add_contributions("co", *(date(year, month, 1) for year in range(2022, 2027) for month in (2, 5)))
    made.add_contributions("qa", date(2024, 8, 1), date(2025, 9, 1), area="QA")
    made.add_contributions("tr", date(2026, 6, 30), area="user support")
    made.add_contributions("old", date(2024, 1, 1))
    made.add(mentorships, mentor_key="lo", mentee_key="co", started_on=date(2025, 7, 1), ended_on=date(2025, 8, 1))
    made.add(mentorships, mentor_key="qa", mentee_key="tr", started_on=date(2024, 7, 1), ended_on=date(2025, 6, 30))
    for title, day, status in (("In", date(2026, 5, 5), "held"), ("Before", date(2025, 6, 30), "held")):
        made.add_event(title, day, key=title, status=status)
    made.add_event("Cancelled", date(2026, 5, 6), key="off", status="cancelled")
    for event, person, role in (
        *(("In", "qa", "organizer"), ("In", "old", "organizer"), ("In", "co", "attendee")),
        *(("Before", "co", "speaker"), ("off", "co", "organizer")),
    ):
        made.add(participations, event_key=event, person_key=person, role=role)
    for key, day, original in (("m1", date(2025, 6, 30), None), ("m2", date(2026, 3, 1), "m1")):
        made.add(
            materials, material_key=key, title=key, language="de", author_key="tr", published_on=day,
            original_key=original,
        )  # fmt: skip
    return made


def test_each_counts_in_all_that_they_do_in_the_year(built: ProgramBuilder) -> None:
    found = {row.activity: row for row in rows(PersonaActivity, ask(built.database, "persona_by_activity", DAY))}
    assert {name: (row.people, row.mission_driven) for name, row in found.items()} == {
        "all": (4, 1),
        "evangelizing": (0, 0),
        "teaching": (2, 1),
        "advocating": (0, 0),
        "localizing": (2, 1),
        "documenting": (1, 1),
        "community_building": (1, 0),
        "testing": (1, 0),
        "other": (1, 0),
    }
    # Wilson: 1 of 4.
    assert (found["all"].share, found["all"].low, found["all"].high) == pytest.approx((0.25, 0.0456, 0.6994), abs=1e-4)
    assert found["evangelizing"].share is None
    assert found["all"].year == "July 2025 to June 2026"


def test_investment_adds_up_to_all_contributors_in_each_measure(built: ProgramBuilder) -> None:
    found = rows(InvestmentBand, ask(built.database, "investment", DAY))
    assert {(row.measure, row.band): row.people for row in found if row.people} == {
        ("tenure", "under_1_year"): 2,
        ("tenure", "1_to_2_years"): 1,
        ("tenure", "4_years_and_more"): 1,
        ("breadth", "1_area"): 3,
        ("breadth", "2_areas"): 1,
        ("giving_back", "neither"): 2,
        ("giving_back", "organizes"): 1,
        ("giving_back", "mentors"): 1,
    }
    for row in found:
        assert row.casual + row.active + row.core == row.people
        assert row.share == row.people / 4


def test_before_a_year_is_over_and_for_homes_without_people_nothing_is_said(built: ProgramBuilder) -> None:
    for name in ("persona_by_activity", "investment"):
        assert ask(built.database, name, Selection(as_of=date(2022, 3, 1))).empty
        assert ask(built.database, name, Selection(as_of=DAY.as_of, country=("JP",))).empty


@pytest.mark.parametrize(
    ("area", "activity"),
    [
        ("QA", "testing"),
        ("web compatibility", "testing"),
        ("Privacy/Policy", "advocating"),
        ("l10n-de", "localizing"),
        ("Docs", "documenting"),
        ("Community engagement", "community_building"),
        ("aquatic design", "other"),
        ("coding", "other"),
    ],
)
def test_an_area_is_an_activity_by_its_words(area: str, activity: str) -> None:
    assert activity_of(area) == activity


def test_words_name_the_base_and_rank_only_what_can_be_told_apart(built: ProgramBuilder) -> None:
    activities = rows(PersonaActivity, ask(built.database, "persona_by_activity", DAY))
    bands = rows(InvestmentBand, ask(built.database, "investment", DAY))
    assert activity_words(activities) == (
        "Of 4 people who contributed from July 2025 to June 2026, 2 did most of all: teaching. Where the "
        "mission-driven are more frequent cannot be told apart."
    )
    assert investment_words(bands) == (
        "Of 4 people: for two years or longer 1, in two areas or more 1, organizing or mentoring 2."
    )
