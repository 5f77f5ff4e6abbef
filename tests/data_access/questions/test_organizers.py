"""Organizers against programs that were counted by hand: growth, mentors, helpers, needs, effort."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from data_access import actions
from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import (
    event_languages,
    events,
    funding_requests,
    mentorships,
    organizer_needs,
    organizer_starts,
    participations,
    people,
    places,
)
from data_access.derived.organizers import refresh_organizers
from data_access.imports.pipeline import run_import
from data_access.kept_rows import EVENT as RECORDED
from data_access.questions import QUESTIONS
from data_access.questions.organizers.mentoring import NOWHERE
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.bundles import EVENT, write_table
from tests.data_access.questions.asking import ask
from tests.recording_rows import ADA, seen

TODAY = date(2026, 9, 15)
NOW = Selection(as_of=TODAY)
LONG_AGO, LATELY = date(2024, 5, 1), date(2026, 5, 1)


class Built(ProgramBuilder):
    """A program of organizers that grows by sentences."""

    def organize(self, person: str, *days: date, city: str = "Berlin", role: str = "organizer", **event: Any) -> None:
        """Take part in an event of its own on each of the days."""
        self.add_person(person, person.capitalize())
        for day in days:
            key = self.add_event("Meetup", day, city=city, **event)
            self.add(participations, event_key=key, person_key=person, role=role)
        with self.database.writing() as connection:
            refresh_organizers(connection, None)

    def mentor(self, mentor: str, mentee: str, circle: str | None = None, ended_on: date | None = None) -> None:
        self.add_person(mentor, mentor.capitalize())
        self.add_person(mentee, mentee.capitalize())
        pair = {"mentor_key": mentor, "mentee_key": mentee, "started_on": date(2026, 1, 1)}
        self.add(mentorships, **pair, ended_on=ended_on, circle=circle)

    def need(self, key: str, raised_on: date, met_on: date | None = None, kind: str = "venue", **about: Any) -> None:
        self.add(organizer_needs, need_key=key, kind=kind, note="A room", raised_on=raised_on, met_on=met_on, **about)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    made = Built(f"sqlite:///{tmp_path / 'uplift.db'}")
    made.add_program()
    return made


def answer(built: ProgramBuilder, name: str, selection: Selection = NOW, **options: Any) -> list[Any]:
    return rows(QUESTIONS[name].row, ask(built.database, name, selection, **options))


# ---- growth --------------------------------------------------------------------------------------------------------


def test_who_organizes_for_the_first_time_in_each_quarter(built: Built) -> None:
    """Ada begins in the first quarter of 2024 and again in the second; bo in the second; attendees never."""
    built.organize("ada", date(2024, 2, 1), date(2024, 5, 1), date(2024, 5, 2))
    built.organize("bo", date(2024, 6, 30))
    built.organize("cy", date(2024, 4, 1), role="attendee")
    built.organize("dee", date(2024, 4, 1), status="cancelled")
    built.mentor("ada", "bo")
    found = answer(built, "organizer_growth", Selection(as_of=date(2024, 6, 30)))
    assert [row[:5] for row in found] == [
        ("2024-Q1", date(2024, 1, 1), 1, 1, 0),
        ("2024-Q2", date(2024, 4, 1), 2, 1, 0),
    ]
    assert [row.open for row in found] == [False, True]
    # Without the last day bo has not begun.
    [_, second] = answer(built, "organizer_growth", Selection(as_of=date(2024, 6, 29)))
    assert (second.organizers, second.first_time) == (1, 0)
    assert answer(built, "organizer_growth", Selection(as_of=date(2026, 2, 1)))[-1].mentorships == 1


def test_two_years_are_compared_once_there_is_data_before_both(built: Built) -> None:
    """Two begin in each quarter, from the second year on ten: 8 and 40."""
    for number in range(9):
        start = date(2024 + number // 4, number % 4 * 3 + 1, 10)
        for person in range(10 if number > 4 else 2):
            built.organize(f"p{number}-{person}", start)
    found = answer(built, "organizer_growth", Selection(as_of=date(2026, 3, 31)))
    assert [(row.year, row.before) for row in found[3:]] == [
        (None, None),
        (8, None),
        (16, None),
        (24, None),
        (32, None),
        (40, 8),
    ]
    last = found[-1]
    # Wilson's interval of 40 of 48.
    assert (last.low, last.high) == (pytest.approx(0.704, abs=1e-3), pytest.approx(0.913, abs=1e-3))


def test_an_import_keeps_the_first_day_up_to_date(either: Database, tmp_path: Path) -> None:
    """Of held events alone; an earlier one that comes later moves it back, one that was never held takes it away."""

    def firsts() -> dict[str, date]:
        with either.reading() as connection:
            return {row.person_key: row.first_on for row in connection.execute(select(organizer_starts))}

    def take(folder: str, *listed: tuple[str, str, str]) -> None:
        write_table(
            tmp_path / folder, "events", *(EVENT | {"event_key": k, "starts_on": d, "status": s} for k, d, s in listed)
        )
        assert run_import(either, [tmp_path / folder]).committed

    take("events", ("a", "2026-03-03", "held"), ("b", "2026-02-02", "planned"))
    roles = (("a", "ada", "organizer"), ("b", "ada", "organizer"), ("a", "bo", "speaker"))
    names = ("event_key", "person_key", "role")
    write_table(tmp_path / "people", "participations", *(dict(zip(names, row, strict=True)) for row in roles))
    assert run_import(either, [tmp_path / "people"]).committed
    assert firsts() == {"ada": date(2026, 3, 3)}
    take("held", ("b", "2026-02-02", "held"))
    assert firsts() == {"ada": date(2026, 2, 2)}
    take("cancelled", ("a", "2026-03-03", "cancelled"), ("b", "2026-02-02", "cancelled"))
    assert firsts() == {}


def test_an_event_that_is_recorded_as_held_makes_an_organizer_and_undoing_it_takes_that_back(built: Built) -> None:
    built.organize("ada", LATELY, status="planned", key="meetup")
    july = Selection(as_of=date(2026, 7, 1))
    assert answer(built, "organizers_mentored", july) == []
    opened = seen(built.database, (RECORDED, "meetup"))
    given = {"opened": opened, "today": TODAY, "status": "held"}
    entry = actions.record_event(built.database, ADA, "meetup", **given)  # type: ignore[arg-type]
    assert [row.new for row in answer(built, "organizers_mentored", july)] == [1]
    actions.undo(built.database, ADA, entry)
    with built.database.reading() as connection:
        assert connection.execute(select(organizer_starts)).all() == []


# ---- mentors -------------------------------------------------------------------------------------------------------


@pytest.fixture
def mentored(built: Built) -> Built:
    """Berlin: ada and abe are experienced, ada mentors bo, no more cy; dee mentors. Paris: eve, alone."""
    built.organize("ada", LONG_AGO, LATELY)
    built.organize("abe", LONG_AGO, LATELY, LATELY)
    built.organize("bo", LATELY)
    built.organize("cy", LATELY, LATELY)
    built.organize("dee", LATELY)
    built.organize("eve", LATELY, city="Paris")
    built.organize("gone", LONG_AGO)
    built.organize("net", LATELY, mode="online")
    built.mentor("ada", "bo", "Berlin circle")
    built.mentor("ada", "cy", "Berlin circle", ended_on=date(2026, 8, 1))
    built.mentor("dee", "friend")
    return built


def test_new_organizers_without_a_mentor_are_found_and_no_others(mentored: Built) -> None:
    [row] = answer(mentored, "organizers_mentored")
    assert row[:4] == (7, 5, 1, 3)
    assert row.share == pytest.approx(0.6)
    assert (row.experienced, row.free, row.mentors, row.mentees) == (2, 1, 2, 2)
    lacking = answer(mentored, "mentorless_organizers")
    # Cy organized twice; abe mentors nobody and organizes most of the experienced ones of Berlin.
    assert [(each.name, each.circle, each.times, each.mentor) for each in lacking] == [
        ("Cy", "Berlin circle", 2, "Abe"),
        ("Eve", "Paris", 1, None),
        ("Net", NOWHERE, 1, None),
    ]
    assert [(each.name, each.total) for each in answer(mentored, "mentorless_organizers", limit=1)] == [("Cy", 3)]
    circles = {each.circle: each[1:8] for each in answer(mentored, "circle_mentoring")}
    assert circles["Berlin circle"] == (1, 3, 1, 2, 1, 1, 1.0)
    assert circles["Paris"] == (1, 1, 0, 0, 0, 0, None)
    assert [tuple(each) for each in answer(mentored, "mentor_load")] == [(1, 2)]


def test_before_the_mentorship_ended_cy_had_a_mentor(mentored: Built) -> None:
    july = Selection(as_of=date(2026, 7, 31))
    assert "Cy" not in {each.name for each in answer(mentored, "mentorless_organizers", july)}
    assert [tuple(each) for each in answer(mentored, "mentor_load", july)] == [(1, 1), (2, 1)]


@pytest.mark.parametrize("role", [Role.BOARD, Role.LEADERSHIP])
def test_names_of_who_lacks_a_mentor_are_for_the_program_manager(mentored: Built, role: Role) -> None:
    with pytest.raises(NotAllowed):
        ask(mentored.database, "mentorless_organizers", NOW, Scope(role))


def test_of_a_large_circle_forty_people_are_named_and_all_are_counted(built: Built) -> None:
    built.organize("chief", LATELY)
    for number in range(50):
        built.organize(f"p{number:02}", LATELY)
    built.mentor("chief", "p49", "Berlin circle")
    links = answer(built, "circle_links")
    assert (len(links), {row.in_circle for row in links}) == (40, {51})
    assert {"chief", "p49"} <= {row.person_key for row in links}


@pytest.mark.postgresql
def test_a_circle_takes_in_its_city_however_the_two_are_spelled(
    built: Built, postgresql: Database, tmp_path: Path
) -> None:
    """Of two spellings of a circle the last in order has the city; the other one is a circle of its own.

    On each engine, the read copy's too.
    """
    for number, (circle, *cities) in enumerate(
        (
            ("Berlin circle", "Berlin", "BERLIN"),
            ("PARIS Circle", "Paris"),
            ("Rome", "Rome", "rome"),
            ("Ulm Circle",),
            ("Ulm circle", "Ulm"),
        )
    ):
        for city in cities:
            built.organize(f"{city}{number}", LATELY, city=city)
        built.mentor(f"mentor{number}", f"mentee{number}", circle)
    write_read_copy(built.database.program, tmp_path / "copy.duckdb")
    copied = Database(built.database.url, tmp_path / "copy.duckdb")
    assert copied.reads_from_copy()
    with built.database.reading() as connection, postgresql.writing() as other:
        for table in (people, places, events, participations, mentorships):
            other.execute(insert(table), [dict(row._mapping) for row in connection.execute(select(table))])
    for database in (built.database, copied, postgresql):
        found = ask(database, "leadership_circles", NOW)
        sizes = dict(zip(found["circle"], found["people"], strict=True))
        assert sizes == {"Berlin circle": 4, "PARIS Circle": 3, "Rome": 4, "Ulm Circle": 2, "Ulm circle": 3}
    copied.close()


# ---- who could help whom -------------------------------------------------------------------------------------------


def test_established_circles_help_for_a_language_a_kind_of_event_or_by_being_near(built: Built) -> None:
    """Young Paris holds French workshops; Lyon shares both and is near, Kigali both and is far, Ulm is only near."""
    for city, country in (("Lyon", "FR"), ("Kigali", "KE"), ("Ulm", "DE"), ("Pune", "IN")):
        shared = city in ("Lyon", "Kigali")
        for person in range(3):
            look: dict[str, Any] = {
                "languages": ("fr" if shared else "en",),
                "format": "workshop" if shared else "talk",
            }
            built.organize(f"{city}{person}", LONG_AGO, LATELY, city=city, country=country, **look)
    built.organize("eve", LATELY, city="Paris", country="FR", languages=("fr",), format="workshop")
    with built.database.writing() as connection:
        # Ulm and Paris lie 880 km apart here, on the builder's capitals: nearer than 500 km is Ulm once it is moved.
        connection.execute(update(places).where(places.c.country == "DE").values(latitude=49.0, longitude=6.0))
    found = answer(built, "circle_helpers")
    assert [(row.circle, row.helper, row.reasons, row.language, row.kind) for row in found] == [
        ("Paris", "Lyon", 3, "French", "workshop"),
        ("Paris", "Kigali", 2, "French", "workshop"),
    ]
    assert (found[0].experienced, found[0].unmentored, found[0].distance) == (3, 1, 0.0)
    with built.database.writing() as connection:
        for table in (event_languages, participations):
            gone = select(events.c.event_key).where(events.c.city.in_(("Lyon", "Kigali")))
            connection.execute(table.delete().where(table.c.event_key.in_(gone)))
        refresh_organizers(connection, None)
    [last] = answer(built, "circle_helpers")
    assert (last.helper, last.reasons, last.language, last.kind) == ("Ulm", 1, None, None)
    assert last.distance == pytest.approx(264, abs=5)


# ---- needs ---------------------------------------------------------------------------------------------------------


def test_needs_are_told_by_kind_age_and_how_soon_they_are_met(built: Built) -> None:
    day = TODAY - timedelta(days=100)
    built.need("soon", day, day + timedelta(days=30))
    built.need("late", day, day + timedelta(days=31))
    built.need("open", day)
    built.need("young", TODAY - timedelta(days=30))
    built.need("old", TODAY - timedelta(days=500), TODAY - timedelta(days=490))
    built.need("tomorrow", TODAY + timedelta(days=1))
    built.need("mentor", TODAY, kind="mentor")
    venue, mentor = answer(built, "organizers_needs")
    # Judged are those of 100 days ago and the one of just 30 days ago; not the old one.
    assert tuple(venue)[:6] == ("venue", 2, 1, 100, 4, 1)
    assert venue.share == 0.25
    assert tuple(mentor) == ("mentor", 1, 0, 0, 0, 0, None, None, None)
    listed = answer(built, "needs_list")
    assert [(row.need_key, row.state, row.days) for row in listed] == [
        ("open", "open", 100),
        ("young", "open", 30),
        ("mentor", "open", 0),
        ("late", "met", 31),
        ("soon", "met", 30),
        ("old", "met", 10),
    ]
    assert [row.total for row in answer(built, "needs_list", limit=2)] == [6, 6]
    earlier = answer(built, "needs_list", Selection(as_of=day))
    assert [(row.need_key, row.state, row.met_on) for row in earlier] == [
        *((key, "open", None) for key in ("late", "open", "soon")),
        ("old", "met", TODAY - timedelta(days=490)),
    ]


def test_an_open_need_names_a_circle_that_could_help(built: Built) -> None:
    for person in range(3):
        built.organize(f"p{person}", LONG_AGO, LATELY, city="Lyon", country="FR")
    event = built.add_event("Sprint", LATELY, "FR", key="sprint", city="Paris")
    built.need("a", LATELY, event_key=event)
    built.need("b", LATELY, date(2026, 6, 1), city="Paris")
    told = {row.need_key: (row.event, row.place, row.could_help) for row in answer(built, "needs_list")}
    assert told == {"a": ("Sprint", "Paris", "Lyon"), "b": (None, "Paris", None)}


# ---- effort --------------------------------------------------------------------------------------------------------


def test_what_events_of_a_scale_take(built: Built) -> None:
    """Two regional events with three and one organizers, 10 and 21 days of preparation, one of them with two teams."""
    first = built.add_event("One", date(2026, 3, 1), scale="regional")
    second = built.add_event("Two", date(2026, 4, 1), scale="regional")
    built.add_event("Bare", date(2026, 5, 1), scale="regional")
    for person in ("ada", "bo", "cy"):
        built.add_person(person)
        built.add(participations, event_key=first, person_key=person, role="organizer")
    built.add(participations, event_key=second, person_key="ada", role="organizer")
    built.add(participations, event_key=first, person_key="ada", role="mentor")
    built.add_contributions("bo", date(2026, 2, 19), date(2026, 3, 5), event_key=first, team_key="docs", area="docs")
    built.add_contributions("cy", date(2026, 3, 5), event_key=first, team_key="qa", area="testing")
    built.add(
        funding_requests, request_key="r", person_key="ada", event_key=second, requested_amount=1, currency="EUR",
        requested_on=date(2026, 3, 11), decision="pending",
    )  # fmt: skip
    [row] = answer(built, "effort_by_scale")
    assert (row.scale, row.events, row.recorded, row.organizers, row.helpers) == ("regional", 3, 2, 2.0, 0.5)
    # Student's t with one degree of freedom: 2 ± 12.706 × 1.
    assert (row.low, row.high) == (pytest.approx(-10.706, abs=1e-3), pytest.approx(14.706, abs=1e-3))
    assert (row.prepared, row.days, row.involving, row.teams, row.areas) == (2, 15.5, 1, 2.0, 2.0)


def test_events_a_year_by_scale(built: Built) -> None:
    """Four in 2025 from 1 July on, and one by 15 September 2026."""
    for day in (1, 2, 3, 4):
        built.add_event("Meetup", date(2025, 7, day), scale="micro", attendance=10 * day)
    built.add_event("Meetup", date(2026, 1, 5), scale="micro")
    built.add_event("Meetup", date(2026, 10, 5), scale="micro")
    first, second = answer(built, "scale_frequency", Selection(Period.parse("2026-Q1"), TODAY))
    assert (first.year, first.events, first.attendance) == ("2025", 4, 25.0)
    assert first.a_year == pytest.approx(4 * 365.25 / 184)
    assert (second.year, second.events, second.a_year) == ("2026", 1, pytest.approx(365.25 / 258))
