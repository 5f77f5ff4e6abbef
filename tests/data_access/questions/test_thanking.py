"""Thanks, trainings, invitations, cohesion and reviews on small programs whose answers are counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_access.answers import rows
from data_access.database.columnar import open_copy
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import (
    application_reviews,
    areas,
    contributions,
    participations,
    thanks,
    training_attendance,
    trainings,
)
from data_access.derived.levels import refresh_contributors
from data_access.questions import QUESTIONS
from data_access.questions.members.cohesion import CohortCohesion
from data_access.questions.members.invite import Invitation
from data_access.questions.members.reviews import ReviewAgreement, ReviewerLoad
from data_access.questions.members.thanking import Thanked, ThanksGiven, WaitsForThanks
from data_access.questions.members.trainings import TrainingEffect
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from data_access.statistics.intervals import share_difference, wilson_interval
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder

AS_OF = date(2026, 9, 15)
NOW = Selection(as_of=AS_OF)
YEAR = Selection(period=Period(date(2026, 1, 1), date(2027, 1, 1)), as_of=AS_OF)


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program()
    return made


def give(built: DeskBuilder, person: str, *days: date, area: str = "coding", quantity: int = 1) -> None:
    """Contributions on these days, and what follows from them."""
    built.add_person(person)
    if area not in built._known:
        built._known.add(area)
        built._add(areas, {"area": area})
    rows = [{"person_key": person, "contributed_on": day, "area": area, "quantity": quantity} for day in days]
    built._add(contributions, *rows)
    with built.database.writing() as connection:
        refresh_contributors(connection, None)


def waiting(built: DeskBuilder, selection: Selection = NOW) -> list[tuple[str, str, int, str | None]]:
    found = rows(WaitsForThanks, ask(built.database, "thanks_waiting", selection))
    return [(row.person_key, row.what, row.days, row.detail) for row in found]


def test_firsts_of_contributors_wait_for_thanks_and_common_ones_come_last(built: DeskBuilder) -> None:
    give(built, "new", ago(5))
    give(built, "nine", ago(200), quantity=9)
    give(built, "nine", ago(4), quantity=1)
    give(built, "much", ago(200), quantity=98)
    give(built, "much", ago(3), ago(2), quantity=1)
    give(built, "old", ago(200))
    give(built, "old", ago(6), area="reviews")
    give(built, "core", ago(300), quantity=1)
    give(built, "core", ago(1), quantity=11)
    give(built, "core", ago(0), quantity=1)
    assert waiting(built) == [
        ("core", "core", 0, None),
        ("core", "tenth_contribution", 1, None),
        ("much", "hundredth_contribution", 2, None),
        ("nine", "tenth_contribution", 4, None),
        ("new", "first_contribution", 5, None),
        ("old", "new_area", 6, "reviews"),
    ]
    before = Selection(as_of=ago(1))
    assert waiting(built, before)[0] == ("core", "tenth_contribution", 0, None), "a day later they became core"
    first = rows(WaitsForThanks, ask(built.database, "thanks_waiting", NOW, limit=1))
    assert [(row.person_key, row.waiting) for row in first] == [("core", 6)]


def test_the_read_copy_keeps_order_and_limit_before_anybody_was_thanked(database: Database, tmp_path: Path) -> None:
    """DuckDB forgot both where a left join to thanks of later days was asked for its missing rows."""
    built = DeskBuilder(database)
    built.add_program()
    for number in range(5):
        give(built, f"p{number}", ago(40 + number))
    about = {"person_key": "p0", "occasion": "first_contribution", "occasion_on": ago(40)}
    built._add(thanks, {**about, "given_on": ago(2), "how": None})
    write_read_copy(database.program, tmp_path / "c.duckdb")
    selection = Selection(as_of=ago(10))
    with open_copy(tmp_path / "c.duckdb").connect() as connection:
        answer = QUESTIONS["thanks_waiting"].ask(connection, selection, Scope.everything(), limit=2)
    found = rows(WaitsForThanks, answer)
    assert [(row.person_key, row.waiting) for row in found] == [("p0", 5), ("p1", 5)]


def test_anniversaries_are_of_those_who_still_contribute_and_know_the_29th_of_february(built: DeskBuilder) -> None:
    leap = Selection(as_of=date(2025, 3, 1))
    give(built, "leap", date(2024, 2, 29), date(2025, 2, 10))
    give(built, "gone", date(2023, 2, 20), date(2024, 6, 1))
    give(built, "two", date(2023, 2, 20), date(2024, 12, 31))
    found = waiting(built, leap)
    assert found == [
        ("leap", "contributor_anniversary", 0, "1 year"),
        ("two", "contributor_anniversary", 9, "2 years"),
    ]
    assert waiting(built, Selection(as_of=date(2025, 2, 28)))[0][0] == "two", "not on 28 February"


def test_members_achievements_wait_too_until_they_are_thanked_for(built: DeskBuilder) -> None:
    built.add_member("ada", ago(365 + 10))
    built.take_part("ada", ago(20))
    built.take_part("ada", ago(40), role="organizer", status="cancelled")
    assert waiting(built) == [
        ("ada", "member_anniversary", 10, "1 year"),
        ("ada", "first_talk", 20, None),
    ]
    about = {"person_key": "ada", "occasion": "first_talk", "occasion_on": ago(20)}
    built._add(thanks, {**about, "given_on": ago(2), "how": "A card"})
    assert [row[1] for row in waiting(built)] == ["member_anniversary"]
    [said] = rows(Thanked, ask(built.database, "thanks_list", YEAR))
    assert (said.name, said.what, said.given_on, said.days, said.how) == ("Ada", "first_talk", ago(2), 18, "A card")
    assert ask(built.database, "thanks_list", Selection(period=YEAR.period, as_of=ago(3))).empty
    assert [row[1] for row in waiting(built, Selection(as_of=ago(3)))] == ["member_anniversary", "first_talk"]


def test_the_share_thanked_within_30_days_leaves_out_whose_days_are_not_over(built: DeskBuilder) -> None:
    for number, (happened, given) in enumerate(((100, 70), (100, 69), (60, None), (29, None), (10, 9), (30, None))):
        give(built, f"p{number}", ago(happened))
        if given is not None:
            about = {"person_key": f"p{number}", "occasion": "first_contribution", "occasion_on": ago(happened)}
            built._add(thanks, {**about, "given_on": ago(given), "how": None})
    first, everything = rows(ThanksGiven, ask(built.database, "thanks_given", YEAR))
    low, high = wilson_interval(2, 5)
    assert first == ThanksGiven("first_contribution", 6, 3, 5, 2, 0.4, float(low), float(high))
    assert everything == first._replace(what="all")
    earlier = Selection(period=YEAR.period, as_of=ago(70))
    [row, _] = rows(ThanksGiven, ask(built.database, "thanks_given", earlier))
    assert (row.happened, row.thanked, row.judged, row.in_time) == (2, 1, 2, 1)


def trained(built: DeskBuilder, key: str, on: date, kind: str = "speaking", cohort: str | None = None) -> None:
    built._add(trainings, {"training_key": key, "title": key, "kind": kind, "held_on": on, "cohort_key": cohort})


def came(built: DeskBuilder, training: str, **people: bool) -> None:
    for person, attended in people.items():
        built.add_person(person)
        built._add(training_attendance, {"training_key": training, "person_key": person, "attended": attended})


def test_a_training_is_held_against_the_time_before_and_against_who_did_not_come(built: DeskBuilder) -> None:
    built.add_cohort()
    day = ago(200)
    trained(built, "t1", day, cohort="c1")
    came(built, "t1", ada=True, bo=True, cy=True, di=False)
    for person in ("ada", "ed"):
        built.apply(person, decision="accepted", decided_on=day - timedelta(days=1), applied_on=ago(300))
    built.apply("fay", decision="accepted", decided_on=day + timedelta(days=1), applied_on=ago(300))
    built.take_part("ada", day - timedelta(days=1), day + timedelta(days=180))
    built.take_part("bo", day, day - timedelta(days=181), day + timedelta(days=181))
    built.take_part("cy", day + timedelta(days=1), role="organizer")
    built.take_part("di", day + timedelta(days=2), role="attendee")
    built.take_part("ed", day + timedelta(days=3), status="cancelled")
    built.take_part("ed", day - timedelta(days=180))
    trained(built, "t2", ago(179), kind="materials")
    came(built, "t2", ada=True)
    trained(built, "t3", AS_OF + timedelta(days=1))
    second, first = rows(TrainingEffect, ask(built.database, "trainings_effect", NOW))
    assert (first.training_key, first.cohort, first.state) == ("t1", "C1", "over")
    assert (first.attended, first.active_before, first.active_after) == (3, 1, 2)
    assert [first.before, first.after] == [pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert [first.after_low, first.after_high] == [pytest.approx(float(end)) for end in wilson_interval(2, 3)]
    assert (first.others, first.others_before, first.others_after) == (2, 0.5, 0.0), "Di and Ed: Fay came later"
    expected = [pytest.approx(100 * each) for each in share_difference(2, 3, 0, 2)]
    assert [first.difference, first.difference_low, first.difference_high] == expected
    assert (second.state, second.attended, second.after, second.after_low) == ("running", 1, None, None)
    [kind] = rows(TrainingEffect, ask(built.database, "trainings_effect", NOW, by="kind"))
    assert (kind.kind, kind.attended, kind.active_after, kind.others) == ("speaking", 3, 2, 2)
    with pytest.raises(SelectionError, match="training or kind"):
        ask(built.database, "trainings_effect", NOW, by="cohort")


def test_pairs_of_a_cohort_who_met_within_the_year(built: DeskBuilder) -> None:
    built.add_cohort(training_starts_on=date(2025, 10, 1))
    for person in ("ada", "bo", "cy"):
        built.apply(person, decision="accepted", decided_on=date(2025, 9, 20), applied_on=date(2025, 9, 1))
    built.add_member("di", date(2026, 1, 5), cohort_key="c1")
    built.apply("no", decision="declined", decided_on=date(2025, 9, 20), applied_on=date(2025, 9, 1))
    [event] = built.take_part("ada", date(2026, 2, 1))
    built.add_role(event, "bo", "attendee")
    built.add_role(event, "bo", "speaker")
    built.add_role(event, "no", "attendee")
    [before] = built.take_part("ada", date(2025, 9, 30))
    built.add_role(before, "di", "attendee")
    trained(built, "t1", date(2026, 3, 1))
    came(built, "t1", ada=True, cy=True, bo=False)
    [found] = rows(CohortCohesion, ask(built.database, "cohort_cohesion", NOW))
    assert (found.people, found.pairs, found.met, found.at_events) == (4, 6, 2, 1), "Ada and Bo, Ada and Cy"
    assert [found.share, found.alone, found.state] == [pytest.approx(1 / 6), 1, "running"]
    [earlier] = rows(CohortCohesion, ask(built.database, "cohort_cohesion", Selection(as_of=date(2025, 12, 1))))
    assert (earlier.people, earlier.pairs, earlier.met, earlier.alone) == (3, 3, 0, 3)


def test_who_does_the_work_of_members_is_to_be_invited_with_the_reasons(built: DeskBuilder) -> None:
    built.add_member("ada", person={"home_country": "DE", "languages": ("de", "pt-BR")})
    built.add_member("bo", person={"home_country": "FR", "languages": ("de", "pt")})
    built.add_member("gone", ended_on=date(2025, 1, 1))
    built.add_person("kim", home_country="KE", languages=("sw", "de"))
    built.add_person("lou", home_country="DE", languages=("pt-PT",))
    built.add_person("asked")
    built.add_cohort()
    built.apply("asked", applied_on=ago(20))
    built.apply("lou", applied_on=ago(400), decision="declined", decided_on=ago(380))
    for person in ("ada", "gone", "asked"):
        built.take_part(person, ago(10))
    built.take_part("kim", ago(365))
    talk, *_ = built.take_part("kim", ago(364), ago(3), role="organizer")
    built.add_role(talk, "kim", "speaker")
    built.take_part("lou", ago(8), ago(9))
    built.take_part(built.add_person("once"), ago(8))
    built.take_part(built.add_person("guest"), ago(8), role="attendee")
    give(built, "max", ago(7), quantity=12)
    give(built, "few", ago(7), quantity=11)
    found = rows(Invitation, ask(built.database, "whom_to_invite", NOW, Scope(Role.PM)))
    assert [(row.person_key, row.organized, row.spoke, row.contributions) for row in found] == [
        ("kim", 2, 1, 0),
        ("lou", 0, 2, 0),
        ("max", 0, 0, 12),
    ]
    kim, lou, most = found
    assert kim.reasons == (
        "Organized 2 events and spoke at 1 event. Speaks Swahili, as at most one member does. "
        "Lives in Kenya, where no member does."
    )
    assert (lou.reasons, lou.declined_on) == ("Spoke at 2 events.", ago(380))
    assert (most.reasons, most.last_on, most.candidates) == ("Made 12 contributions.", ago(7), 3)
    [only] = rows(Invitation, ask(built.database, "whom_to_invite", NOW, Scope(Role.PM), limit=1))
    assert (only.person_key, only.candidates) == ("kim", 3)
    with pytest.raises(NotAllowed):
        ask(built.database, "whom_to_invite", NOW, Scope(Role.BOARD))


def reviewed(built: DeskBuilder, application: str, **scores: float | None) -> None:
    for name, score in scores.items():
        row = {"application_key": application, "reviewer": name, "assigned_on": ago(20)}
        built._add(application_reviews, {**row, "reviewed_on": None if score is None else ago(10), "score": score})


def test_reviewers_have_their_backlog_and_how_strict_they_are(built: DeskBuilder) -> None:
    built.add_cohort()
    for key in ("a1", "a2", "a3", "a4"):
        done: dict[str, Any] = {"decision": "declined", "decided_on": ago(5)} if key == "a3" else {}
        built.apply(key, application_key=key, applied_on=ago(40), **done)
    reviewed(built, "a1", Ines=60, Ravi=70, Mei=80)
    reviewed(built, "a2", Ines=20, Ravi=30)
    reviewed(built, "a3", Ines=None, Ravi=50)
    reviewed(built, "a4", Ines=None)
    ines, mei, ravi = rows(ReviewerLoad, ask(built.database, "reviewers", NOW))
    assert (ines.reviewer, ines.asked, ines.done, ines.waiting, ines.days) == ("Ines", 4, 2, 1, 20)
    assert (ines.mean_score, ines.days_taken) == (40, 10)
    assert [ines.stricter, ines.compared] == [pytest.approx((60 - 75 + 20 - 30) / 2), 2]
    assert [mei.stricter, mei.waiting, mei.oldest_on] == [pytest.approx(80 - 65), 0, None]
    assert [ravi.stricter, ravi.compared] == [pytest.approx((70 - 70 + 30 - 20) / 2), 2]
    everything, cohort = rows(ReviewAgreement, ask(built.database, "reviews_agreement", NOW))
    assert (everything.cohort, cohort.cohort) == (None, "C1")
    assert (cohort.applications, cohort.twice) == (3, 2)
    assert cohort.difference == pytest.approx((10 + 20 + 10 + 10) / 4)
    # By hand: 3 × 18² + 2 × 27² between, 1 degree of freedom; 200 + 50 within, 3 of them; sizes 5 − 13/5.
    between, within, size = 2430.0, 250 / 3, 2.4
    assert cohort.agreement == pytest.approx((between - within) / (between + (size - 1) * within))
    [early] = rows(ReviewerLoad, ask(built.database, "reviewers", Selection(as_of=ago(11))))[:1]
    assert (early.reviewer, early.waiting, early.done, early.mean_score) == ("Ines", 4, 0, None)


def test_nothing_is_answered_of_an_empty_program(built: DeskBuilder) -> None:
    names = ("thanks_waiting", "thanks_given", "trainings_effect", "cohort_cohesion", "reviewers", "reviews_agreement")
    for name in (*names, "whom_to_invite"):
        assert ask(built.database, name, YEAR, Scope(Role.PM)).empty, name
    built.add_event(AS_OF)
    built._add(participations, {"event_key": "e1", "person_key": built.add_person("x"), "role": "attendee"})
    assert ask(built.database, "whom_to_invite", YEAR, Scope(Role.PM)).empty
