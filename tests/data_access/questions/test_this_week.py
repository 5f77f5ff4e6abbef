"""What is due this week: in a program in which each kind occurs once, none is missed and none is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from data_access.database.engine import Database
from data_access.database.schema import (
    budgets,
    disputes,
    imports,
    live_sources,
    space_notes,
    spaces,
    targets,
)
from data_access.questions.this_week.items import BUDGET, KINDS, REFUSED, REQUEST, SOURCE, DueItem, item, most_urgent
from data_access.questions.this_week.places import failed_sources
from data_access.selection import Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.tables import records
from tests.team_builders import TeamBuilder

AS_OF = date(2026, 9, 15)
MEMBERS_SINCE = date(2025, 10, 1)
PM, BOARD = Scope(Role.PM), Scope(Role.BOARD)


def day(days: int) -> date:
    """So many days from the day that is asked about."""
    return AS_OF + timedelta(days=days)


def planted(url: str) -> Database:
    """Each kind once, and beside each something that is a day from being due."""
    built = ProgramBuilder(url)
    desk, teams = DeskBuilder(built.database), TeamBuilder(built.database)
    desk.add_program(grace_quarters=0)
    desk.add_cohort()
    for person in ("ada", "bo", "cy"):
        desk.add_member(person, MEMBERS_SINCE, cohort_key="c1")
        desk.apply(person, on=MEMBERS_SINCE, decision="accepted", decided_on=MEMBERS_SINCE, graduated_on=MEMBERS_SINCE)
    # Ada meets every floor; Bo lacks one event of this quarter; Cy missed the last two.
    for quarter in (date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)):
        desk.take_part("ada", *(quarter + timedelta(days=number) for number in range(3)))
        desk.take_part("bo", *(quarter + timedelta(days=number) for number in range(2 if quarter.month == 7 else 3)))
    desk.take_part("cy", *(date(2025, 10, 1) + timedelta(days=number) for number in range(3)))
    near, far = desk.add_event(day(5), "near", "planned"), desk.add_event(day(29), "far", "planned")
    desk.add_request("100", "ada", "soon", event_key=near, requested_on=day(-3))
    desk.add_request("2000", "ada", "dear", event_key=near, requested_on=day(-3))
    desk.add_request("10", "ada", "later", event_key=far, requested_on=day(-30))
    desk.add_event(day(-1), "unmarked", "planned")
    desk.add_event(day(-91), "forgotten", "planned")
    desk.apply("di", on=day(-31), application_key="waits")
    desk.apply("ed", on=day(-30), application_key="newer")
    desk.add_budget("60000")
    desk.add_budget("70000", 2027)
    built.add(targets, metric="events", period_start=date(2026, 1, 1), period_end=date(2026, 12, 31), value=900.0)
    built.add(targets, metric="attendance", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), value=900.0)
    opened = {"opened_on": date(2024, 1, 1), "target_events_per_week": 1, "target_events_per_year": 32}
    for key, first in (("ending", day(-61)), ("begun", day(-60)), ("judged", day(-110))):
        built.add(spaces, space_key=key, name=key, pilot_started_on=first, pilot_days=90, **opened)
    built.add(space_notes, note_key="n", space_key="judged", kind="verdict", noted_on=day(-2), note="It stays")
    built.add(disputes, dispute_key="d", kind="conduct", opened_on=day(-47))
    built.add(disputes, dispute_key="young", kind="conduct", opened_on=day(-46))
    teams.add_team("ready", ("pre_work", day(-10)), coordinator_key="ada", coordinator_appointed_on=day(-5))
    teams.completed_stays("starting", "sustaining", 20, 20, 20, 20)
    teams.add_team("stalled", ("starting", day(-200)))
    teams.add_team("going", ("starting", day(-20)))
    built.add_import(finished_at=datetime(2026, 8, 31, 12, tzinfo=UTC).replace(tzinfo=None))
    return built.database


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return planted(f"sqlite:///{tmp_path_factory.mktemp('week') / 'uplift.db'}")


def due(database: Database, scope: Scope = PM, as_of: date = AS_OF, **options: object) -> dict[str, list[str]]:
    """The keys by kind."""
    found: dict[str, list[str]] = {}
    for row in records(ask(database, "this_week", Selection(as_of=as_of), scope, **{"most": 0, **options})):
        found.setdefault(row["kind"], []).append(row["key"])
    return found


EACH = {
    "request": ["soon"],
    "board_request": ["dear"],
    "at_risk": ["bo"],
    "missed": ["cy"],
    "unmarked": ["unmarked"],
    "dispute": ["d"],
    "application": ["waits"],
    "budget": ["2026"],
    "target": ["events::2026-01-01"],
    "pilot": ["ending"],
    "ready": ["ready"],
    "stalled": ["stalled"],
    "stale": ["imports"],
}


def test_each_kind_is_found_once_and_nothing_else(program: Database) -> None:
    assert due(program) == EACH
    assert set(EACH) == set(KINDS) - {SOURCE, REFUSED}


def test_ten_are_told_the_sooner_the_earlier(program: Database) -> None:
    found = records(ask(program, "this_week", Selection(as_of=AS_OF), PM))
    assert [row["kind"] for row in found] == [
        *("at_risk", "missed", "request", "board_request", "application", "budget", "stale"),
        *("unmarked", "dispute", "ready"),
    ]
    assert [row["days"] for row in found[:4]] == [15, 15, 5, 5]
    assert {row["in_all"] for row in found} == {1}


def test_the_board_is_told_of_what_it_decides_or_watches_over(program: Database) -> None:
    assert due(program, BOARD) == EACH
    kinds = ("board_request", "dispute", "budget", "target", "pilot")
    assert due(program, BOARD, whose="board") == {kind: EACH[kind] for kind in kinds}


def test_a_partner_is_told_of_their_own_teams_without_names(program: Database) -> None:
    own = Scope(Role.PARTNER, ("stalled", "going"), own_teams=True)
    assert due(program, own) == {"stalled": ["stalled"]}
    found = ask(program, "this_week", Selection(as_of=AS_OF), own)
    assert found["name"].isna().all()
    assert found["person"].isna().all()


def test_a_day_later_what_was_a_day_from_being_due_is_due(program: Database) -> None:
    tomorrow = due(program, as_of=day(1))
    assert tomorrow["request"] == ["soon", "later"]
    assert tomorrow["application"] == ["waits", "newer"]
    assert tomorrow["dispute"] == ["d", "young"]
    assert tomorrow["pilot"] == ["ending", "begun"]


def test_of_an_earlier_day_nothing_is_told_that_had_not_happened(program: Database) -> None:
    """On 20 May 2026 a quarter is in its second half; requests, applications and disputes had not come yet."""
    early = due(program, as_of=date(2026, 5, 20))
    assert early == {"at_risk": ["cy"], "budget": ["2026"], "stalled": ["stalled"], "target": EACH["target"]}


def test_a_few_of_a_kind_are_listed_and_all_are_counted(program: Database, tmp_path: Path) -> None:
    database = planted(f"sqlite:///{tmp_path}/more.db")
    desk = DeskBuilder(database)
    for number in range(20):
        desk.add_event(day(-2), f"more-{number:02}", "planned")
    found = records(ask(database, "this_week", Selection(as_of=AS_OF), PM, most=0, of_each=3))
    listed = [row for row in found if row["kind"] == "unmarked"]
    assert [row["in_all"] for row in listed] == [21, 21, 21]
    shown = records(ask(database, "this_week", Selection(as_of=AS_OF), PM))
    assert sum(row["kind"] == "unmarked" for row in shown) == 2
    database.close()


def test_a_budget_that_is_approved_by_the_day_and_one_that_begins_later_are_not_due(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    DeskBuilder(built.database).add_program()
    DeskBuilder(built.database).add_budget("1000")
    with built.database.writing() as connection:
        connection.execute(update(budgets).values(approved_on=day(0)))
        connection.execute(insert(budgets).values(fiscal_year=2027, amount=1, currency="EUR"))
    assert due(built.database) == {}
    assert due(built.database, as_of=day(-1)) == {BUDGET: ["2026"]}
    assert due(built.database, as_of=date(2026, 11, 2)) == {BUDGET: ["2027"]}
    built.database.close()


def test_a_source_that_failed_by_the_day_is_told_of_and_one_that_went_well_is_not(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    about = {"kind": "feed", "address": "https://example.org", "allow_private": False, "settings": "{}", "state": "{}"}
    asked_at = datetime(2026, 9, 14, 8, tzinfo=UTC).replace(tzinfo=None)
    for name, step in (("broken", "Ask for another address"), ("well", None)):
        built.add(
            live_sources,
            name=name,
            asked_at=asked_at,
            next_step=step,
            **about,
        )
    with built.database.program.connect() as connection:
        assert [row.key for row in failed_sources(connection, AS_OF, 10)] == ["broken"]
        assert failed_sources(connection, day(-2), 10) == []
    built.database.close()


def test_more_of_a_kind_fill_only_the_room_that_others_leave() -> None:
    many: list[DueItem] = [item(REQUEST, f"r{number}", days=number) for number in range(12)]
    assert [thing.key for thing in most_urgent(many)] == [f"r{number}" for number in range(10)]
    other = item(BUDGET, "2026", days=20)
    assert [thing.key for thing in most_urgent([*many, other])] == [*(f"r{number}" for number in range(9)), "2026"]


def test_what_cannot_be_saved_any_more_comes_after_what_can() -> None:
    over = item(REQUEST, "over", days=-40, state="over")
    late = item(BUDGET, "late", days=-40)
    soon, later = item(REQUEST, "soon", days=6), item(REQUEST, "later", days=8)
    assert [thing.key for thing in most_urgent([over, later, late, soon])] == ["soon", "late", "later", "over"]


def test_the_last_import_alone_says_how_old_the_data_are(program: Database, tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    built.add_import(finished_at=datetime(2026, 9, 1, 23, 59, tzinfo=UTC).replace(tzinfo=None))
    assert due(built.database) == {}
    assert due(built.database, as_of=day(1)) == {"stale": ["imports"]}
    with built.database.writing() as connection:
        connection.execute(update(imports).values(kind="edit"))
    assert due(built.database, as_of=day(1)) == {}
    built.database.close()
