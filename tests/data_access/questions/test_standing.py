"""The floor, quarter by quarter, for members whose events are counted here by hand; on SQLite and PostgreSQL.

The floor is 3 events a quarter. Today is 15 August 2026, in the third quarter; 48 days are left of it, today included.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.questions.members.recognition import Achievement
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.real_data import real_data
from tests.releasing import ask_outside, release
from tests.tables import value

TODAY = date(2026, 8, 15)
QUARTER = Selection(Period.parse("2026-Q3"), TODAY)
YEAR = Selection(Period.parse("2026"), TODAY)


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program()
    return made


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(f"2026-{text}") for text in texts]


def standing(built: DeskBuilder, selection: Selection = QUARTER, **options: Any) -> dict[Any, Any]:
    """(person, quarter) → the rest of the row."""
    found = ask(built.database, "floor_standing", selection, **options)
    rows = found.to_dict("records")
    return {(row["person_key"], row["quarter"].month // 3 + 1): row for row in rows}


def states(built: DeskBuilder, selection: Selection = QUARTER, **options: Any) -> dict[Any, str]:
    return {key: row["state"] for key, row in standing(built, selection, **options).items()}


def test_held_and_scheduled_events_make_the_state_of_the_open_quarter(built: DeskBuilder) -> None:
    for person, held, scheduled in (("met", 3, 0), ("track", 1, 2), ("risk", 1, 1), ("idle", 0, 0)):
        built.add_member(person)
        built.take_part(person, *days("07-01", "07-20", "08-15")[:held])
        built.take_part(person, *days("08-15", "09-30")[:scheduled], status="planned")
    built.take_part("risk", *days("06-30", "10-01"))
    built.take_part("risk", *days("07-02"), status="planned")
    built.take_part("risk", *days("07-03", "07-04"), status="cancelled")
    built.take_part("risk", *days("07-05", "07-06"), role="attendee")
    assert states(built) == {
        ("met", 3): "met",
        ("track", 3): "on track",
        ("risk", 3): "at risk",
        ("idle", 3): "at risk",
    }
    row = standing(built)["risk", 3]
    assert (row["held"], row["scheduled"], row["unconfirmed"], row["floor"]) == (1, 1, 1, 3)
    assert row["days_left"] == 47
    assert list(ask(built.database, "floor_standing", QUARTER)["person_key"]) == ["idle", "risk", "track", "met"]
    assert list(standing(built, state="at risk")) == [("idle", 3), ("risk", 3)]
    assert list(standing(built, worst=1)) == [("idle", 3)]


def test_an_event_counts_once_whatever_the_number_of_roles_and_without_a_status_once_its_day_has_come(
    built: DeskBuilder,
) -> None:
    built.add_member()
    [event] = built.take_part("ada", date(2026, 7, 1))
    built.add_role(event, "ada", "organizer")
    built.add_role(event, "ada", "mentor")
    built.take_part("ada", *days("08-15", "08-16"), status=None, role="facilitator")
    row = standing(built)["ada", 3]
    assert (row["held"], row["scheduled"]) == (2, 1)


def test_the_first_partial_quarter_and_the_configured_grace_do_not_count(either: Database) -> None:
    built = DeskBuilder(either)
    built.add_program(grace_quarters=1)
    built.add_member("partial", date(2025, 11, 2))
    built.add_member("whole", date(2026, 1, 1))
    built.add_member("graceful", date(2025, 11, 2))
    built.take_part("graceful", *days("01-01", "02-01", "03-31"))
    all_of_it = Selection(Period(date(2025, 10, 1), date(2027, 1, 1)), TODAY)
    assert states(built, all_of_it) == {
        ("partial", 4): "grace",
        ("partial", 1): "grace",
        ("partial", 2): "missed",
        ("partial", 3): "at risk",
        ("whole", 1): "grace",
        ("whole", 2): "missed",
        ("whole", 3): "at risk",
        ("graceful", 4): "grace",
        ("graceful", 1): "met",
        ("graceful", 2): "missed",
        ("graceful", 3): "at risk",
    }


def test_a_quarter_in_which_somebody_leaves_does_not_count_and_a_renewal_is_no_new_start(built: DeskBuilder) -> None:
    built.add_member("gone", date(2026, 1, 1), ended_on=date(2026, 5, 1))
    built.add_member("renewed", date(2025, 10, 1), ended_on=date(2026, 5, 1))
    built.add_member("renewed", date(2026, 5, 1))
    built.add_member("back", date(2024, 1, 1), ended_on=date(2025, 1, 1))
    built.add_member("back", date(2026, 2, 1))
    assert states(built, YEAR) == {
        ("gone", 1): "missed",
        ("gone", 2): "left",
        **{("renewed", quarter): "missed" for quarter in (1, 2)},
        ("renewed", 3): "at risk",
        ("back", 1): "grace",
        ("back", 2): "missed",
        ("back", 3): "at risk",
    }


def test_a_streak_is_ended_by_a_missed_quarter_and_passed_over_by_grace(built: DeskBuilder) -> None:
    built.add_member("ada", date(2025, 2, 1))
    for quarter in ("2025-02", "2025-07", "2025-10", "2026-01", "2026-07"):
        start = date.fromisoformat(f"{quarter}-02")
        built.take_part("ada", start, start + timedelta(days=1), start + timedelta(days=2))
    period = Selection(Period(date(2025, 1, 1), date(2027, 1, 1)), TODAY)
    found = ask(built.database, "floor_standing", period).sort_values("quarter")
    assert list(found["state"]) == ["met", "missed", "met", "met", "met", "missed", "met"]
    assert list(found["streak"]) == [1, 0, 1, 2, 3, 0, 1]
    # The years before the period count for the streak.
    short = Selection(Period.parse("2026-Q1"), TODAY)
    assert list(ask(built.database, "floor_standing", short)["streak"]) == [3]


def test_participants_count_without_being_members(built: DeskBuilder) -> None:
    built.add_person("guest")
    built.take_part("guest", *days("04-01", "05-01", "06-30"))
    assert states(built, YEAR) == {}
    assert states(built, YEAR, of="participants") == {("guest", 2): "met"}
    with pytest.raises(SelectionError, match="members or participants"):
        standing(built, of="friends")


def test_names_are_for_the_program_manager_and_the_board(built: DeskBuilder) -> None:
    built.add_member()
    for name in ("floor_standing", "recognition", "leavers", "bench", "request_queue", "what_if", "nearer_members"):
        for role in (Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC):
            with pytest.raises(NotAllowed):
                ask(built.database, name, QUARTER, Scope(role, ("t",) if role is Role.PARTNER else ()))
    assert len(ask(built.database, "floor_standing", QUARTER, Scope(Role.BOARD))) == 1


def test_leadership_sees_ranges_of_quarters_that_are_over(built: DeskBuilder) -> None:
    for number in range(12):
        built.add_member(f"p{number}", person={"home_country": "DE"})
        if number < 9:
            built.take_part(f"p{number}", *days("04-01", "05-01", "06-01"))
    exact = ask(built.database, "floor_summary", YEAR)
    row = exact[exact["quarter"] == date(2026, 4, 1)].set_index("state")["people"]
    assert (row["met"], row["missed"], row["grace"]) == (9, 3, 0)
    assert len(exact) == 3 * 6, "quarters × states"
    release(built.database, date(2026, 7, 1))
    ranges = ask_outside(built.database, "floor_summary", YEAR)
    assert set(ranges["quarter"]) == {date(2026, 1, 1), date(2026, 4, 1)}
    assert set(ranges["state"]) == {"met", "missed", "grace", "left"}
    second = ranges[ranges["quarter"] == date(2026, 4, 1)].set_index("state")
    assert value(second, "met", "at_least") <= 9 <= value(second, "met", "at_most")
    assert value(second, "met", "at_most") - value(second, "met", "at_least") >= 4
    assert pd.isna(value(second, "missed", "people"))
    assert (second.loc["missed", "at_least"], second.loc["missed", "at_most"]) == (0, 4)
    nobody = ask(built.database, "floor_standing", Selection(YEAR.period, TODAY, country=("FR",)))
    assert nobody.empty


def test_the_pipeline_of_a_cohort_counts_each_person_once_and_later_steps_imply_earlier_ones(
    built: DeskBuilder,
) -> None:
    built.add_cohort(places=3)
    built.add_cohort("c2", date(2026, 9, 1))
    built.apply("ada", decision="accepted", trained_on=date(2026, 3, 1), graduated_on=date(2026, 4, 1))
    built.apply("ada", decision="pending")
    built.apply("bo", graduated_on=date(2026, 5, 1))
    built.apply("cy", decision="accepted", decided_on=date(2026, 8, 16))
    built.apply("di", decision="declined")
    built.add_member("ada", date(2026, 4, 2), cohort_key="c1")
    built.add_member("bo", date(2026, 5, 2), cohort_key="c1", ended_on=date(2026, 8, 14))
    [row] = ask(built.database, "cohort_pipeline", QUARTER).to_dict("records")
    steps = ("places", "applied", "accepted", "trained", "graduated", "active")
    assert [row[step] for step in steps] == [3, 4, 2, 2, 2, 1]
    [row] = ask(built.database, "cohort_pipeline", QUARTER, Scope(Role.BOARD)).to_dict("records")
    assert [row[step] for step in steps] == [3, 4, 2, 2, 2, 1], "the board reads what the program manager reads"


def test_recognition_finds_first_talks_tenth_events_new_languages_and_anniversaries(built: DeskBuilder) -> None:
    built.add_member("ada", date(2024, 7, 10))
    built.add_person("guest")
    first = [date(2026, 1, 1) + timedelta(days=number) for number in range(8)]
    built.take_part("ada", *first, role="organizer")
    talk, tenth = built.add_event(date(2026, 7, 2), "talk"), built.add_event(date(2026, 7, 3), "tenth")
    again = built.add_event(date(2026, 7, 4), "again")
    built.add_role(talk, "ada", "speaker", "en")
    built.add_role(talk, "guest", "speaker", "en")
    built.add_role(tenth, "ada", "speaker", "en")
    built.add_role(again, "ada", "speaker", "pt")
    built.add_role(built.add_event(date(2026, 8, 20), "later", "planned"), "ada", "speaker", "fr")
    found = rows(Achievement, ask(built.database, "recognition", QUARTER))
    assert [(row.what, row.on.isoformat(), row.detail) for row in found if row.person_key == "ada"] == [
        ("member_anniversary", "2026-07-10", "2 years"),
        ("new_language", "2026-07-04", "Portuguese"),
        ("tenth_event", "2026-07-03", None),
        ("first_talk", "2026-07-02", None),
    ]
    assert {row.person_key for row in found} == {"ada"}


def test_leavers_have_their_reason_and_who_hired_them(built: DeskBuilder) -> None:
    built.add_member("ada", date(2026, 1, 1), ended_on=date(2026, 7, 31), end_reason="hired", hired_by="Acme")
    built.add_member("bo", date(2026, 1, 1), ended_on=date(2026, 8, 16), end_reason="left")
    built.add_member("cy", date(2025, 1, 1), ended_on=date(2026, 6, 30), end_reason="left")
    [row] = ask(built.database, "leavers", QUARTER).to_dict("records")
    assert (row["person_key"], row["end_reason"], row["hired_by"], row["days"]) == ("ada", "hired", "Acme", 212)


def test_the_bench_ranks_by_kinds_of_experience_and_leaves_out_who_has_not_graduated(built: DeskBuilder) -> None:
    built.add_cohort()
    for person in ("ada", "bo", "cy"):
        built.add_member(person)
    built.apply("ada", graduated_on=date(2026, 2, 1))
    built.apply("cy")
    built.take_part("ada", *days("02-02"), role="organizer")
    built.add_mentorship("ada", "di")
    built.take_part("bo", *days("02-02", "02-03", "02-04"))
    found = ask(built.database, "bench", QUARTER)
    assert list(found["person_key"]) == ["ada", "bo"]
    assert list(found[["organized", "mentored", "spoke", "mentees"]].iloc[0]) == [1, 0, 0, 1]


@pytest.mark.slow
def test_pyvideo_has_60_speakers_with_three_events_in_a_quarter(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known answer: 60 people, 91 speaker-quarters; events, not talks."""
    from data_access.migrations.migrate import initialise

    folder = tmp_path_factory.mktemp("pyvideo")
    monkeypatch.chdir(folder)
    database = Database(f"sqlite:///{folder / 'program.db'}")
    initialise(database.program)
    files = [real_data("pyvideo_talks.csv.gz"), real_data("pyvideo_events.csv")]
    assert run_import(database, files, ImportOptions(releases=False)).committed
    selection = Selection(as_of=date(2026, 8, 23))
    found = ask(database, "floor_standing", selection, of="participants", state="met")
    assert (found["person_key"].nunique(), len(found)) == (60, 91)
    database.close()
