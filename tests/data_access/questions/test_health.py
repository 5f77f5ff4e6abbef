"""Early warnings: planted in small programs none is missed, in a program without trouble none is invented."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from data_access.answers import rows
from data_access.database.schema import (
    budget_conversions,
    disputes,
    funding_requests,
    memberships,
    participations,
    teams,
)
from data_access.derived.money import refresh_ledger
from data_access.program import load_program
from data_access.questions.health.dependence import ONE_PERSON, SHARED, TOO_LITTLE, TeamDependence, _half_of
from data_access.questions.health.indicators import Indicator
from data_access.questions.health.judging import BETTER, CLOSER, FINE, NO_DATA, SAME, UNKNOWN, WARNING, WORSE, Figure
from data_access.questions.health.quality import LowRating
from data_access.questions.health.silent import SilentMember
from data_access.questions.health.thresholds import WARNINGS
from data_access.questions.health.trips import LongTrip
from data_access.questions.health.workload import PmQuarter
from data_access.questions.members.conduct import ListedDispute
from data_access.questions.requests.totals import WaitingTotal
from data_access.selection import INSIDE, NotAllowed, Role, Scope, Selection, SelectionError
from data_access.statistics.intervals import mean_interval
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask

AS_OF = date(2026, 9, 15)
BERLIN, SAO_PAULO = (52.5, 13.4), (-23.6, -46.6)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


@pytest.fixture
def built(tmp_path: Path) -> ProgramBuilder:
    program = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    program.add_program()
    return program


def indicators(built: ProgramBuilder, family: str = "", day: date = AS_OF) -> dict[str, Indicator]:
    found = ask(built.database, "health_indicators", Selection(as_of=day), family=family)
    return {row.indicator: row for row in rows(Indicator, found)}


def warned(built: ProgramBuilder) -> set[str]:
    return {row.indicator for row in indicators(built).values() if row.state in (WARNING, CLOSER)}


def add_request(built: ProgramBuilder, requested_on: date, decided_on: date | None = None, **columns: object) -> None:
    """A request that waits, or was approved on a day; nothing of it is paid."""
    with built.database.program.connect() as connection:
        number = connection.execute(select(func.count()).select_from(funding_requests)).scalar_one()
    row = {
        "request_key": f"r{number}",
        "person_key": built.add_person("ada"),
        "requested_amount": Decimal(100),
        "currency": "EUR",
        "requested_on": requested_on,
        "decision": "approved" if decided_on else "pending",
        "decided_on": decided_on,
    }
    built.add(funding_requests, **(row | columns))


def waited(built: ProgramBuilder, requested: int, decided: int | None = None, **columns: object) -> None:
    """The same, with days ago in place of days."""
    add_request(built, days_ago(requested), None if decided is None else days_ago(decided), **columns)


def add_member(built: ProgramBuilder, key: str, since: int = 400, **columns: object) -> None:
    built.add_person(key)
    built.add(memberships, membership_key=f"m-{key}", person_key=key, started_on=days_ago(since), **columns)


def add_role(built: ProgramBuilder, event: str, person: str, rating: int | None = None, role: str = "speaker") -> None:
    built.add_person(person)
    built.add(participations, event_key=event, person_key=person, role=role, rating=rating)


def add_trip(built: ProgramBuilder, person: str, attendance: int | None, country: str = "BR", ago: int = 50) -> None:
    """A trip from Berlin, for which 600 was paid."""
    built.add_person(person, home_latitude=BERLIN[0], home_longitude=BERLIN[1])
    event = built.add_event(starts_on=days_ago(ago), country=country, attendance=attendance)
    built.add_payment("600", days_ago(ago - 10), person, event_key=event, category="travel")


# ---- none invented, and nothing guessed ------------------------------------------------------------------------------


def test_of_an_empty_program_nothing_is_known_and_nothing_warns(built: ProgramBuilder) -> None:
    found = indicators(built)
    assert set(found) == set(WARNINGS)
    assert {row.state for row in found.values()} == {UNKNOWN}
    assert {row.trend for row in found.values()} == {NO_DATA}


def test_a_program_without_trouble_has_no_warning(built: ProgramBuilder) -> None:
    """Requests decided within a week, good ratings, short trips, work shared by forty, everybody seen lately."""
    with built.deriving_at_the_end():
        for number in range(24):
            waited(built, 5 + 7 * number, 1 + 7 * number)
        for number in range(40):
            key = f"member-{number}"
            add_member(built, key)
            for months in range(20):
                team = f"team-{number % 2}"
                built.add_contributions(key, days_ago(10 + 30 * months), team_key=team)
        event = built.add_event(starts_on=days_ago(20))
        for number in range(12):
            add_role(built, event, f"member-{number}", rating=4 + number % 2)
        add_trip(built, "traveller", 12, "DE")
        built.add(disputes, dispute_key="d", kind="money", opened_on=days_ago(30), closed_on=days_ago(20))
        built.add(disputes, dispute_key="e", kind="money", opened_on=days_ago(30))
        built.add(budget_conversions, fiscal_year=2026, person_key="", amount="90000")
    assert warned(built) == set()
    assert {name for name, row in indicators(built).items() if row.state == UNKNOWN} == {"coordinator", "partner_teams"}


# ---- workload --------------------------------------------------------------------------------------------------------


def test_the_queue_is_held_against_four_weeks_of_decisions(built: ProgramBuilder) -> None:
    for number in range(45):  # one in two days: four weeks of them are 14
        waited(built, 4 + number * 2, 1 + number * 2)
    for _ in range(14):
        waited(built, 10)
    queue = indicators(built, "workload")["queue"]
    assert (queue.now, queue.threshold, queue.state) == (14, 14, FINE)
    waited(built, 10)
    assert indicators(built, "workload")["queue"].state == WARNING
    with built.database.writing() as connection:
        refresh_ledger(connection, load_program(connection), None)
    [pending, _] = rows(WaitingTotal, ask(built.database, "request_totals", Selection(as_of=AS_OF)))
    assert pending.requests == 15


def test_a_request_is_old_after_thirty_days_and_not_on_the_thirtieth(built: ProgramBuilder) -> None:
    waited(built, 30)
    assert indicators(built)["oldest"].state == FINE
    assert indicators(built, day=AS_OF + timedelta(days=1))["oldest"].state == WARNING


def test_what_was_decided_or_paid_later_still_waits_on_the_day(built: ProgramBuilder) -> None:
    waited(built, 60, 10)
    waited(built, 50, paid_amount=100, paid_on=days_ago(20))
    day = days_ago(30)
    assert (indicators(built, day=day)["queue"].now, indicators(built, day=day)["oldest"].now) == (2, 30)
    assert indicators(built)["queue"].now == 0


def test_the_median_wait_leaves_out_withdrawn_requests_and_unknown_days(built: ProgramBuilder) -> None:
    for wait in (2, 20, 40):
        waited(built, 10 + wait, 10)
    waited(built, 80, 10, decision="withdrawn")
    waited(built, 15, decision="declined")
    found = indicators(built)["decision_days"]
    assert (found.now, found.base, found.missing, found.state) == (20, 3, 1, WARNING)


def test_keeping_up_is_told_from_ten_arrivals_on(built: ProgramBuilder) -> None:
    for number in range(9):
        waited(built, 20 + number, 5 if number < 8 else None)
    assert indicators(built)["keeping_up"].state == UNKNOWN
    waited(built, 20, 5)  # nine of ten: exactly the threshold
    assert (indicators(built)["keeping_up"].now, indicators(built)["keeping_up"].state) == (0.9, FINE)
    waited(built, 20)
    assert indicators(built)["keeping_up"].state == WARNING


def test_partners_and_members_are_counted_for_whom_they_burden(built: ProgramBuilder) -> None:
    for number in range(6):
        built.add(teams, team_key=f"t{number}", name=f"T{number}", partner="Mara")
    built.add(teams, team_key="alone", name="Alone")
    for number in range(51):
        add_member(built, f"p{number}", since=100 if number < 50 else 10)
    found = indicators(built)
    load, members = found["partner_teams"], found["members"]
    assert (load.now, load.base, load.missing, load.state) == (6, 1, 1, WARNING)
    assert (members.now, members.before, members.state, members.trend) == (51, 50, WARNING, WORSE)


def test_who_was_hired_or_came_back_did_not_drop_out(built: ProgramBuilder) -> None:
    add_member(built, "left", ended_on=days_ago(10), end_reason="left")
    add_member(built, "floor", ended_on=days_ago(20), end_reason="below_floor")
    add_member(built, "hired", ended_on=days_ago(20), end_reason="hired")
    add_member(built, "back", ended_on=days_ago(20), end_reason="left")
    built.add(memberships, membership_key="again", person_key="back", started_on=days_ago(19))
    found = indicators(built)["leaving"]
    assert (found.now, found.base) == (0.5, 4)
    assert found.state == WARNING  # Wilson's interval of 2 of 4 begins at 15%
    assert found.low == pytest.approx(0.15, abs=0.001)


def test_the_board_reads_the_managers_work_by_quarter(built: ProgramBuilder) -> None:
    """Asked on 15 September: of two requests of the second quarter one was decided after 40 days, one still waits."""
    add_member(built, "ada")
    add_request(built, date(2026, 6, 1), date(2026, 7, 11))
    add_request(built, date(2026, 6, 20))
    add_request(built, date(2026, 8, 1), date(2026, 8, 4))
    now, second, *_ = rows(PmQuarter, ask(built.database, "pm_quarters", Selection(as_of=AS_OF)))
    assert now == PmQuarter(date(2026, 7, 1), 1, 2, 21.5, 1, 1, 87, 1, 0, True)
    assert second == PmQuarter(date(2026, 4, 1), 2, 0, None, 0, 2, 29, 1, 0, False)


# ---- quality ---------------------------------------------------------------------------------------------------------


def test_the_interval_of_a_mean_is_students() -> None:
    """Of 3, 4, 5: mean 4, standard error 1/√3, t(0.975; 2) = 4.302653."""
    mean, low, high = mean_interval(3, 12, 50)
    assert mean == 4
    assert (low, high) == pytest.approx((4 - 4.302653 / math.sqrt(3), 4 + 4.302653 / math.sqrt(3)), abs=1e-5)
    assert mean_interval(1, 3, 9) == (3, None, None)


def test_the_rating_warns_where_its_whole_interval_is_low(built: ProgramBuilder) -> None:
    event = built.add_event(starts_on=days_ago(20))
    add_role(built, event, "a", 2)
    add_role(built, event, "b", 4)
    add_role(built, event, "c")
    add_role(built, event, "d", 1, role="attendee")
    found = indicators(built)["rating"]
    assert (found.now, found.base, found.missing, found.state) == (3, 2, 1, CLOSER)
    for number in range(30):
        add_role(built, event, f"more-{number}", 3)
    assert indicators(built)["rating"].state == WARNING


def test_who_needs_help_has_five_ratings_below_the_line(built: ProgramBuilder) -> None:
    """16 of 5 ratings is exactly 3.2, which is not below; four ratings say too little; last year's help is seen."""
    scores = {"low": (3, 3, 3, 3, 3), "line": (3, 3, 3, 3, 4), "few": (1, 1, 1, 1)}
    for number in range(5):
        event = built.add_event(starts_on=days_ago(20 + number))
        for person, asked in scores.items():
            if number < len(asked):
                add_role(built, event, person, asked[number])
    before = built.add_event(starts_on=days_ago(400))
    add_role(built, before, "low", 2)
    ahead = built.add_event(starts_on=days_ago(-5))
    add_role(built, ahead, "low", 5)
    add_member(built, "low")
    [found] = rows(LowRating, ask(built.database, "who_needs_help", Selection(as_of=AS_OF)))
    assert found == LowRating("low", "low", 3.0, 3.0, 3.0, 5, 2.0, days_ago(20), True)
    assert (indicators(built)["low_ratings"].now, indicators(built)["low_ratings"].before) == (1, 0)


def test_names_of_who_needs_help_are_for_the_program_manager_alone(built: ProgramBuilder) -> None:
    for role in set(Role) - {Role.PM}:
        with pytest.raises(NotAllowed):
            ask(built.database, "who_needs_help", Selection(as_of=AS_OF), Scope(role))
    for role in set(Role) - INSIDE:
        for name in ("health_indicators", "pm_quarters", "disputes_list", "long_trips", "team_dependence"):
            with pytest.raises(NotAllowed):
                ask(built.database, name, Selection(as_of=AS_OF), Scope(role))


# ---- conduct and disputes --------------------------------------------------------------------------------------------


def test_each_membership_ended_for_conduct_warns_for_ninety_days(built: ProgramBuilder) -> None:
    add_member(built, "ada", ended_on=days_ago(89), end_reason="conduct")
    found = indicators(built)["conduct"]
    assert (found.now, found.before, found.state, found.trend) == (1, 0, WARNING, WORSE)
    later = indicators(built, day=AS_OF + timedelta(days=1))["conduct"]
    assert (later.now, later.before, later.state, later.trend) == (0, 1, FINE, BETTER)


def test_disputes_are_open_until_their_day_and_the_oldest_are_first(built: ProgramBuilder) -> None:
    for key, opened, closed in (("new", 5, None), ("old", 61, None), ("ahead", 40, -3), ("over", 90, 20)):
        day = None if closed is None else days_ago(closed)
        built.add(disputes, dispute_key=key, kind="k", opened_on=days_ago(opened), closed_on=day, outcome="said")
    built.add(disputes, dispute_key="unborn", kind="k", opened_on=days_ago(-1))
    found = rows(ListedDispute, ask(built.database, "disputes_list", Selection(as_of=AS_OF)))
    assert [(row.dispute_key, row.state, row.days, row.late) for row in found] == [
        ("old", "open", 61, True),
        ("ahead", "open", 40, False),
        ("new", "open", 5, False),
        ("over", "closed", 70, True),
    ]
    assert [row.outcome for row in found] == ["said", None, "said", "said"]
    told = indicators(built)
    assert (told["open_disputes"].now, told["open_disputes"].state) == (3, FINE)
    assert (told["oldest_dispute"].now, told["oldest_dispute"].state) == (61, WARNING)


# ---- long trips ------------------------------------------------------------------------------------------------------


def test_long_trips_to_tiny_events_are_told_with_what_they_brought(built: ProgramBuilder) -> None:
    """Of three long trips one went to 12 people; one more has no attendance, and one home has no place."""
    for person, attendance in (("tiny", 12), ("large", 16), ("larger", 90), ("unknown", None)):
        add_trip(built, person, attendance)
    add_trip(built, "near", 3, "FR")
    built.add_person("nowhere", home_country=None)
    event = built.add_event(starts_on=days_ago(50), attendance=4)
    built.add_payment("5", days_ago(40), "nowhere", event_key=event, category="travel")
    online = built.add_event(starts_on=days_ago(50), attendance=4, mode="online")
    built.add_payment("5", days_ago(40), "tiny", event_key=online, category="travel")
    [trip] = rows(LongTrip, ask(built.database, "long_trips", Selection(as_of=AS_OF)))
    assert (trip.person_key, trip.attendance) == ("tiny", 12)
    assert (trip.travel, trip.per_attendee) == (Decimal(600), Decimal(50))
    from geopy.distance import geodesic

    assert trip.distance_km == pytest.approx(geodesic(BERLIN, SAO_PAULO).km, rel=1e-4)
    found = indicators(built)["long_trips"]
    assert found.now == pytest.approx(1 / 3)
    assert (found.base, found.missing) == (3, 2)
    assert found.state == CLOSER  # Wilson's interval of 1 of 3 begins at 6%


# ---- dependence ------------------------------------------------------------------------------------------------------


def test_one_person_makes_half_of_a_teams_work(built: ProgramBuilder) -> None:
    """Half is half: 6 of 12 in one team; in the other 5 of 12; a third has too little work."""
    days = [days_ago(10 + number) for number in range(12)]
    for team, parts in (("half", (6, 3, 3)), ("shared", (5, 4, 3)), ("small", (11,))):
        for number, count in enumerate(parts):
            built.add_contributions(f"{team}-{number}", *days[:count], team_key=team)
    built.add_contributions("half-1", days_ago(366), days_ago(-1), team_key="half")
    with built.database.writing() as connection:
        connection.execute(update(teams).where(teams.c.team_key == "half").values(coordinator_key="half-0"))
        late = {"coordinator_key": "shared-0", "coordinator_appointed_on": days_ago(-1)}
        connection.execute(update(teams).where(teams.c.team_key == "shared").values(**late))
    found = rows(TeamDependence, ask(built.database, "team_dependence", Selection(as_of=AS_OF)))
    assert [(row.team, row.state, row.contributions, row.people, row.half, row.share) for row in found] == [
        ("half", ONE_PERSON, 12, 3, 1, 0.5),
        ("shared", SHARED, 12, 3, 2, pytest.approx(5 / 12)),
        ("small", TOO_LITTLE, 11, 1, 1, 1.0),
    ]
    assert [(row.coordinator, row.coordinator_share) for row in found] == [("half-0", 0.5), (None, None), (None, None)]
    told = indicators(built)
    assert [(told[name].now, told[name].base, told[name].missing) for name in ("one_person", "coordinator")] == [
        (1, 2, 1),
        (1, 1, 2),
    ]


@pytest.mark.parametrize(
    ("parts", "carriers"), [((5, 5), 1), ((4, 3, 3), 2), ((1,) * 19, 10), ((1,) * 18, 9), ((100, 1), 1)]
)
def test_so_many_people_make_half_of_the_programs_work(
    built: ProgramBuilder, parts: tuple[int, ...], carriers: int
) -> None:
    for number, quantity in enumerate(parts):
        built.add_contributions(f"p{number:02}", days_ago(9), quantity=quantity)
    found = indicators(built, "dependence")["carriers"]
    assert (found.now, found.base, found.state) == (carriers, len(parts), WARNING if carriers < 10 else FINE)


def test_the_budgets_use_is_that_of_the_budget_page(built: ProgramBuilder) -> None:
    built.add(budget_conversions, fiscal_year=2026, person_key="", amount="1000")
    for ago in (10, 40, 70):
        built.add_payment("300", days_ago(ago), "ada")
    summary = ask(built.database, "budget_summary", Selection(as_of=AS_OF)).iloc[0]
    found = indicators(built, "dependence")["runway"]
    assert found.now == pytest.approx(float(summary["year_end"]) / 1000)
    assert found.state == WARNING


def test_silent_members_took_part_in_nothing_for_ninety_days(built: ProgramBuilder) -> None:
    for key in ("event", "work", "silent", "never"):
        add_member(built, key)
    add_member(built, "new", since=89)
    add_member(built, "gone", ended_on=days_ago(1))
    add_role(built, built.add_event(starts_on=days_ago(89)), "event", role="attendee")
    built.add_contributions("work", days_ago(89))
    add_role(built, built.add_event(starts_on=days_ago(100)), "silent")
    add_role(built, built.add_event(starts_on=days_ago(10), status="cancelled"), "silent")
    add_role(built, built.add_event(starts_on=days_ago(-10), status="planned"), "silent")
    built.add_contributions("silent", days_ago(90))
    found = rows(SilentMember, ask(built.database, "silent_members", Selection(as_of=AS_OF)))
    assert found == [
        SilentMember("never", "never", 400, None, None, None, days_ago(400), "DE"),
        SilentMember("silent", "silent", 90, days_ago(100), days_ago(90), days_ago(-10), days_ago(400), "DE"),
    ]
    told = indicators(built)["silent"]
    assert (told.now, told.base, told.state) == (0.5, 4, WARNING)


# ---- judging ---------------------------------------------------------------------------------------------------------


def test_a_figure_is_judged_by_its_threshold_interval_and_the_time_before() -> None:
    assert Figure("oldest", 31, 40).state == WARNING
    assert Figure("oldest", 31, 40).trend == BETTER
    assert Figure("rating", 3.4, 3.4, 3.3, 3.6).state == CLOSER
    assert Figure("rating", 3.4, 3.4, 3.3, 3.6).trend == SAME
    assert Figure("rating", 3.4, 3.5, 3.3, 3.49).state == WARNING
    assert Figure("rating", 3.4, 3.5, 3.3, 3.49).trend == WORSE
    assert (Figure("oldest", None).state, Figure("oldest", 1, None).trend) == (UNKNOWN, NO_DATA)


def test_an_unknown_family_is_refused(built: ProgramBuilder) -> None:
    with pytest.raises(SelectionError, match="workload, quality, conduct, trips, dependence"):
        indicators(built, "luck")


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_who_makes_half_of_it_is_as_counted_one_by_one(made: list[int]) -> None:
    """From how many made so much, against walking down the list of people."""
    ranked = sorted(made, reverse=True)
    one_by_one = next(number for number in range(len(ranked) + 1) if 2 * sum(ranked[:number]) >= sum(ranked))
    assert _half_of(list(Counter(made).items())) == (one_by_one, len(made))
