"""Spaces against a program that was counted by hand: 3 a week, 96 a year, 12 × 96 × 1, pilots and candidates."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.answers import rows
from data_access.database.schema import participations, space_notes, targets
from data_access.questions import QUESTIONS
from data_access.questions.spaces.newcomers import GOAL, REACHED, STEPS, _steps
from data_access.questions.spaces.year import SpaceYear
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask

YEAR = Period.parse("2025")
OVER = Selection(YEAR, date(2026, 1, 10))


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    made = ProgramBuilder(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    return made


def answer(built: ProgramBuilder, name: str, selection: Selection = OVER, **options: Any) -> list[dict[str, Any]]:
    return [row._asdict() for row in rows(QUESTIONS[name].row, ask(built.database, name, selection, **options))]


def one(built: ProgramBuilder, name: str, selection: Selection = OVER, space: str = "") -> dict[str, Any]:
    return next(row for row in answer(built, name, selection) if not space or row["space"] == space)


def bridge(built: ProgramBuilder, selection: Selection = OVER) -> dict[str, int]:
    return {row["step"]: row["people"] for row in answer(built, "newcomer_bridge", selection)}


def newcomers(built: ProgramBuilder, event: str, first: date, times: int, count: int = 1) -> None:
    """So many people whose first contribution names the event; three contributions make somebody active."""
    for _ in range(count):
        person = built.add_person()
        built.add_contributions(person, *(first + timedelta(days=day) for day in range(times)), event_key=event)


# ---- the schedule ----------------------------------------------------------------------------------------------


def test_a_year_of_96_and_weeks_of_3(built: ProgramBuilder) -> None:
    """Two full weeks on target, one week with two events, all of January; the year is over."""
    built.add_space("hub", opened_on=date(2020, 1, 1))
    for day in (6, 7, 8, 13, 14, 19, 20, 21):
        built.add_event("Meetup", date(2025, 1, day), space_key="hub")
    row = one(built, "space_schedule")
    assert (row["held"], row["due"], row["due_in_year"], row["gap"]) == (8, 96, 96, -88)
    # 2025 has 51 whole weeks: 6 January to 28 December. 6–12: 3; 13–19: 3 (13, 14, 19); 20–26: 2.
    assert (row["weeks"], row["weeks_met"]) == (51, 2)
    assert row["per_week"] == pytest.approx(8 / 51)
    assert (row["weeks_left"], row["needed"]) == (0, None)


def test_in_the_year_so_far_is_due_what_its_days_are_and_the_rest_is_needed(built: ProgramBuilder) -> None:
    """After 73 of 365 days a fifth of 96 is due: 19.2. It takes 96 − 10 in 292 days."""
    built.add_space("hub")
    for _ in range(10):
        built.add_event("Meetup", date(2025, 2, 3), space_key="hub")
    built.add_event("Later", date(2025, 3, 20), space_key="hub")
    row = one(built, "space_schedule", Selection(YEAR, date(2025, 3, 14)))
    assert (row["held"], row["due"], row["gap"], row["planned"]) == (10, 19, -9, 1)
    assert row["weeks_left"] == pytest.approx(292 / 7)
    assert row["needed"] == pytest.approx(86 / (292 / 7))


def test_a_space_owes_the_days_on_which_it_is_open_and_closing_is_known_from_its_day_on(built: ProgramBuilder) -> None:
    built.add_space("new", opened_on=date(2025, 7, 2))  # 183 of 365 days: 48.1
    built.add_space("gone", closed_on=date(2025, 3, 15))  # 73 of 365 days: 19.2
    built.add_space("before", closed_on=date(2024, 12, 31))
    built.add_space("later", opened_on=date(2026, 1, 1))
    found = {row["space"]: (row["state"], row["due_in_year"]) for row in answer(built, "space_schedule")}
    assert found == {"new": ("open", 48), "gone": ("closed", 19)}
    early = answer(built, "space_schedule", Selection(YEAR, date(2025, 3, 1)))
    assert {row["space"]: (row["state"], row["due_in_year"]) for row in early} == {
        "new": ("not_open_yet", 48),
        "gone": ("open", 96),
    }


def test_months_add_up_and_weekdays_are_all_there(built: ProgramBuilder) -> None:
    built.add_space("hub")
    built.add_event("Meetup", date(2025, 1, 6), space_key="hub", starts_at="2025-01-06T18:30:00+01:00")
    built.add_event("Meetup", date(2025, 2, 3), space_key="hub", starts_at="2025-02-03T09:00:00+01:00")
    built.add_event("Meetup", date(2025, 2, 8), space_key="hub")
    built.add_event("Elsewhere", date(2025, 2, 9))
    months = answer(built, "space_months")
    assert [row["held"] for row in months] == [1, *[3] * 11]
    assert months[-1]["due"] == pytest.approx(96)
    assert [row["open"] for row in answer(built, "space_months", Selection(YEAR, date(2025, 2, 28)))] == [False, True]
    days = {row["weekday"]: (row["events"], row["first_at"], row["last_at"]) for row in answer(built, "space_weekdays")}
    assert len(days) == 7
    assert days["Monday"] == (2, "09:00", "18:30")
    assert days["Saturday"] == (1, None, None)
    assert days["Sunday"] == (0, None, None)


# ---- newcomers and the bridge -------------------------------------------------------------------------------------


def test_twelve_spaces_times_96_times_one_are_1152_and_all_of_it_is_lost_without_events(built: ProgramBuilder) -> None:
    for number in range(12):
        built.add_space(f"space-{number:02}")
    assert bridge(built) == {"goal": 1152, "too_few_events": -1152, "reached": 0}


def test_the_bridge_says_where_people_are_lost(built: ProgramBuilder) -> None:
    """A full year of 4 events and half a year of 2, each for one: every number is worked out by hand."""
    built.add_space("full", target_events_per_year=4)
    built.add_space("half", target_events_per_year=4, opened_on=date(2025, 7, 2))
    first = built.add_event("Meetup", date(2025, 3, 3), space_key="full", new_contributors=5)
    for month in (4, 5, 6, 7, 8):
        built.add_event("Meetup", date(2025, month, 3), space_key="full")
    second = built.add_event("Meetup", date(2025, 9, 1), space_key="half", new_contributors=0)
    newcomers(built, first, date(2025, 3, 4), 3)
    newcomers(built, first, date(2025, 3, 4), 1)
    newcomers(built, second, date(2025, 9, 2), 1)
    assert bridge(built) == {
        "goal": 8,
        "not_open": -2,
        "too_few_events": -1,  # half: 1 of 2
        "more_events": 2,  # full: 6 of 4
        "too_few_new": -4,  # full: 2 of 6 held; half: 1 of 1
        "not_active_yet": -1,  # 2 September + 180 days lies ahead on 10 January
        "not_active": -1,
        "reached": 1,
    }
    full = one(built, "space_newcomers", space="full")
    assert (full["target"], full["reported"], full["reporting"], full["attributed"]) == (6, 5, 1, 2)
    assert (full["difference"], full["active"], full["gap"]) == (3, 1, -5)
    half = one(built, "space_newcomers", space="half")
    assert (half["reported"], half["attributed"], half["difference"], half["not_yet"]) == (0, 1, -1, 1)


def test_who_began_elsewhere_or_later_is_no_newcomer_of_a_space(built: ProgramBuilder) -> None:
    """Neither whose first contribution names no event, nor what happened after the day."""
    built.add_space("hub", target_events_per_year=1)
    event = built.add_event("Meetup", date(2025, 3, 3), space_key="hub")
    old = built.add_person()
    built.add_contributions(old, date(2025, 1, 1))
    built.add_contributions(old, date(2025, 3, 4), event_key=event)
    newcomers(built, event, date(2025, 6, 1), 3)
    assert bridge(built)["reached"] == 1
    early = Selection(YEAR, date(2025, 6, 2))
    assert (bridge(built, early)["reached"], one(built, "space_newcomers", early)["attributed"]) == (0, 1)
    assert one(built, "space_newcomers", Selection(YEAR, date(2025, 5, 31)))["attributed"] == 0


@given(
    st.integers(0, 200), st.integers(0, 3), st.integers(0, 365), st.integers(0, 365), st.integers(0, 300),
    st.integers(0, 40), st.integers(0, 40), st.integers(0, 40),
)  # fmt: skip
def test_whatever_happens_the_bridge_adds_up(
    year: int, each: int, is_open: int, gone: int, held: int, active: int, waiting: int, rest: int
) -> None:
    start = date(2025, 1, 1)
    days = [start + timedelta(days=number) for number in (is_open, min(gone, is_open))]
    spans = [Period(start, day) if day > start else None for day in days]
    space = SpaceYear("s", "S", None, None, None, None, 365, spans[0], spans[1], 3, year, each)
    steps = _steps(space, held, active + waiting + rest, active, waiting)
    assert steps[GOAL] + sum(steps[step] for step in STEPS) == steps[REACHED] == active


def test_newcomers_go_to_areas_and_visitors_come_again(built: ProgramBuilder) -> None:
    built.add_space("hub")
    events = [built.add_event("Meetup", date(2025, 3, day), space_key="hub") for day in (3, 3, 10)]
    for person, area in (("ada", "docs"), ("bo", "docs"), ("cy", "coding")):
        built.add_contributions(person, date(2025, 3, 5), area=area, event_key=events[0])
    areas = answer(built, "space_areas")
    assert [(row["area"], row["newcomers"], row["share"]) for row in areas] == [
        ("docs", 2, pytest.approx(2 / 3)),
        ("coding", 1, pytest.approx(1 / 3)),
    ]
    # Ada on one day at two events, Bo on two days.
    for person, event in (("ada", 0), ("ada", 1), ("bo", 1), ("bo", 2)):
        built.add(participations, event_key=events[event], person_key=person, role="attendee")
    visitors = one(built, "space_visitors")
    assert (visitors["visitors"], visitors["returning"], visitors["share"]) == (2, 1, 0.5)


@pytest.mark.parametrize("name", ["space_newcomers", "newcomer_bridge", "space_areas", "space_visitors"])
def test_what_concerns_people_is_told_inside_alone(built: ProgramBuilder, name: str) -> None:
    for role in (Role.LEADERSHIP, Role.PUBLIC):
        with pytest.raises(NotAllowed):
            ask(built.database, name, OVER, Scope(role))


# ---- pilots -----------------------------------------------------------------------------------------------------


def add_pilot(built: ProgramBuilder) -> None:
    """Ninety days from 1 June 2025, 30 events as its own target; another space is open meanwhile."""
    built.add_space("pilot", pilot_started_on=date(2025, 6, 1), pilot_days=90)
    built.add_space("other")
    scope = {"metric": "events", "scope": "space:pilot", "value": 30.0}
    built.add(targets, period_start=date(2025, 6, 1), period_end=date(2025, 8, 29), **scope)


def test_the_clock_of_a_pilot(built: ProgramBuilder) -> None:
    """Day 83 of 90; by then 83/90 of 30 are due: 27.7. What is missing has to be held in the last seven days."""
    add_pilot(built)
    for number in range(25):
        built.add_event("Meetup", date(2025, 6, 1) + timedelta(days=number), space_key="pilot")
    row = one(built, "space_pilots", Selection(as_of=date(2025, 8, 22)))
    assert (row["state"], row["day"], row["days"], row["ends_on"]) == ("running", 83, 90, date(2025, 8, 29))
    assert (row["held"], row["target"], row["due"], row["gap"], row["needed"]) == (25, 30, 28, -3, 5)
    last = one(built, "space_pilots", Selection(as_of=date(2025, 8, 29)))
    assert (last["state"], last["day"], last["needed"]) == ("running", 90, None)
    assert one(built, "space_pilots", Selection(as_of=date(2025, 8, 30)))["state"] == "over"
    before = one(built, "space_pilots", Selection(as_of=date(2025, 5, 31)))
    assert (before["state"], before["day"], before["held"], before["verdict"]) == ("planned", 0, 0, "too_early")


@pytest.mark.parametrize(
    ("own", "others", "verdict"), [(20, 2, "more"), (2, 20, "fewer"), (5, 4, "cannot_be_told_apart")]
)
def test_a_verdict_is_given_beyond_chance_alone(built: ProgramBuilder, own: int, others: int, verdict: str) -> None:
    """Both are open on the same days, so that half of all events is even."""
    add_pilot(built)
    for key, count in (("pilot", own), ("other", others)):
        for number in range(count):
            built.add_event("Meetup", date(2025, 6, 1) + timedelta(days=number), space_key=key)
    row = one(built, "space_pilots", Selection(as_of=date(2025, 9, 30)))
    assert (row["verdict"], row["others"]) == (verdict, 1)
    assert row["others_per_week"] == pytest.approx(others * 7 / 90)


def test_a_roadmap_is_done_late_or_open_as_of_the_day(built: ProgramBuilder) -> None:
    add_pilot(built)
    noted = {"space_key": "pilot", "noted_on": date(2025, 6, 1), "kind": "roadmap"}
    built.add(
        space_notes, note_key="a", note="First event", due_on=date(2025, 6, 10), done_on=date(2025, 6, 9), **noted
    )
    built.add(space_notes, note_key="b", note="Mentors", due_on=date(2025, 6, 20), **noted)
    lesson = noted | {"kind": "lesson", "noted_on": date(2025, 7, 1)}
    built.add(space_notes, note_key="c", note="Evenings fill", **lesson)

    def states(day: date) -> dict[str, str]:
        return {row["note_key"]: row["state"] for row in answer(built, "space_notes_list", Selection(as_of=day))}

    assert states(date(2025, 5, 31)) == {}
    assert states(date(2025, 6, 8)) == {"a": "open", "b": "open"}
    assert states(date(2025, 6, 20)) == {"a": "done", "b": "open"}
    assert states(date(2025, 7, 1)) == {"a": "done", "b": "late", "c": ""}


def test_coordinators_of_both_sides_are_named_and_missing_ones_too(built: ProgramBuilder) -> None:
    built.add_person("ada", "Ada")
    built.add_space("hub", coordinator_technical="ada")
    built.add_space("closed", closed_on=date(2025, 1, 1))
    found = [(row["space"], row["side"], row["person"]) for row in answer(built, "space_coordinators")]
    assert found == [("hub", "technical", "Ada"), ("hub", "community", None)]


def test_candidates_have_an_organizer_of_two_events_and_lie_far_from_every_space(built: ProgramBuilder) -> None:
    """India has two organizers and Kenya one who contributes; Germany has a space, Japan an organizer of one event."""
    built.add_space("berlin", latitude=52.5, longitude=13.4)
    organized = {"IN": ("ada", "bo"), "KE": ("cy",), "DE": ("di",)}
    for country, organizers in organized.items():
        for month in (2, 3):
            event = built.add_event("Meetup", date(2025, month, 1), country)
            for person in organizers:
                built.add_person(person)
                built.add(participations, event_key=event, person_key=person, role="organizer")
    built.add_person("eve")
    once = built.add_event("Meetup", date(2025, 2, 1), "JP")
    built.add(participations, event_key=once, person_key="eve", role="organizer")
    built.add_contributions("cy", date(2025, 4, 1))
    found = answer(built, "pilot_candidates", Selection(as_of=date(2025, 4, 30)))
    assert {row["country"]: (row["organizers"], row["community"], row["events"]) for row in found} == {
        "KE": (1, 1, 2),
        "IN": (2, 0, 2),
    }
    # India is ahead in organizers and distance, Kenya in community.
    assert [(row["country"], round(row["score"], 3)) for row in found] == [("IN", 0.667), ("KE", 0.333)]
    assert all(row["distance"] > 6000 for row in found)
