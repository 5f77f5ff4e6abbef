"""The edges of memberships, worked out by hand: last days, renewals without a gap, and rejoining later.

The floor is 3 events a quarter and there is no further grace; nobody here has held one.
"""

from __future__ import annotations

from datetime import date

import pytest

from data_access.database.engine import Database
from data_access.selection import Period, Selection
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder

TODAY = date(2025, 1, 10)
ALL_2024 = Selection(Period.parse("2024"), TODAY)


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    made = DeskBuilder(either)
    made.add_program(grace_quarters=0)
    return made


def states(built: DeskBuilder, selection: Selection = ALL_2024) -> dict[str, list[str]]:
    """Each member's states, oldest quarter first."""
    found = ask(built.database, "floor_standing", selection).sort_values("quarter")
    return {str(person): list(rows["state"]) for person, rows in found.groupby("person_key")}


def test_the_quarter_of_leaving_counts_only_if_membership_lasted_to_its_last_day(built: DeskBuilder) -> None:
    """Who leaves on the last day missed it; a day later it is the next quarter that they left in; met stays met."""
    for key, ended in (("last", "2024-03-31"), ("next", "2024-04-01"), ("before", "2024-03-30"), ("met", "2024-03-30")):
        built.add_member(key, date(2023, 1, 1), ended_on=date.fromisoformat(ended))
    built.take_part("met", date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 30))
    assert states(built) == {"last": ["missed"], "next": ["missed", "left"], "before": ["left"], "met": ["met"]}


def test_an_end_that_is_still_to_come_has_not_happened(built: DeskBuilder) -> None:
    """On 1 May nobody knows of the end on 15 May; on its day it is known."""
    built.add_member("ada", date(2024, 1, 1), ended_on=date(2024, 5, 15))
    built.add_member("bo", date(2024, 6, 1))
    quarter = Period.parse("2024-Q2")
    assert states(built, Selection(quarter, date(2024, 5, 1))) == {"ada": ["at risk"]}
    assert states(built, Selection(quarter, date(2024, 5, 15))) == {"ada": ["left"]}
    assert ask(built.database, "leavers", Selection(quarter, date(2024, 5, 14))).empty


@pytest.mark.parametrize("begins", [date(2024, 5, 15), date(2024, 5, 16)])
def test_a_membership_that_begins_on_the_same_or_the_next_day_continues_the_one_before(
    built: DeskBuilder, begins: date
) -> None:
    """Nobody left, no grace begins, and the anniversary is that of the first of them."""
    built.add_member("ada", date(2023, 5, 20), ended_on=date(2024, 5, 15))
    built.add_member("ada", begins)
    assert states(built) == {"ada": ["missed"] * 4}
    assert ask(built.database, "leavers", ALL_2024).empty
    [thanks] = ask(built.database, "recognition", ALL_2024).to_dict("records")
    assert (thanks["what"], thanks["on"], thanks["detail"]) == ("member_anniversary", date(2024, 5, 20), "1 year")
    since = ask(built.database, "floor_standing", ALL_2024)["member_since"]
    assert set(since) == {date(2023, 5, 20)}


def test_rejoining_after_a_gap_is_a_new_membership_with_its_own_grace(built: DeskBuilder) -> None:
    """One day between is a gap: ada left in May and is in grace in the quarter in which she comes back."""
    built.add_member("ada", date(2023, 5, 20), ended_on=date(2024, 5, 15))
    built.add_member("ada", date(2024, 5, 17))
    built.add_member("bo", date(2023, 1, 1), ended_on=date(2024, 2, 1))
    built.add_member("bo", date(2024, 8, 1))
    assert states(built) == {"ada": ["missed", "grace", "missed", "missed"], "bo": ["left", "grace", "missed"]}
    left = ask(built.database, "leavers", ALL_2024).set_index("person_key")
    assert left["ended_on"].to_dict() == {"ada": date(2024, 5, 15), "bo": date(2024, 2, 1)}
    assert left.loc["bo", "days"] == 365 + 32, "both its first and its last day"
    assert ask(built.database, "recognition", ALL_2024).empty


def test_who_leaves_after_a_renewal_was_a_member_since_the_first_day(built: DeskBuilder) -> None:
    built.add_member("ada", date(2023, 1, 1), ended_on=date(2023, 12, 31), end_reason="completed")
    built.add_member("ada", date(2024, 1, 1), ended_on=date(2024, 3, 31), end_reason="hired")
    [row] = ask(built.database, "leavers", ALL_2024).to_dict("records")
    assert (row["started_on"], row["days"], row["end_reason"]) == (date(2023, 1, 1), 365 + 91, "hired")


def test_the_last_day_of_a_membership_counts_everywhere(built: DeskBuilder) -> None:
    """On it somebody is a member: on the map, in the pipeline, among those who share the money; the day after, not."""
    built.add_cohort("c1", date(2023, 1, 1))
    built.add_member("ada", date(2023, 1, 1), ended_on=date(2024, 3, 31), cohort_key="c1")
    for day, members in ((date(2024, 3, 31), 1), (date(2024, 4, 1), 0)):
        now = Selection(Period(day, date(2024, 12, 31)), day)
        assert ask(built.database, "cohort_pipeline", now)["active"].tolist() == [members]
        assert ask(built.database, "bench", now)["person_key"].tolist() == ["ada"] * members
        assert len(ask(built.database, "budget_burn", now)) == 1, "a member on a day of the fiscal year"
        shared = ask(built.database, "fairness", now, of="events")
        assert shared["members"].tolist()[:1] == [members] * members
