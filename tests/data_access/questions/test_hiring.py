"""The hiring pipeline: hires by quarter, companies and times to the hire, each worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.questions.members.hiring import HiresInPeriod, TimeToHire
from data_access.selection import NotAllowed, Role, Scope, Selection
from data_access.statistics.intervals import median_interval
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.releasing import ask_outside, release

NOW = Selection(as_of=date(2026, 9, 15))
JOINED = date(2024, 1, 1)


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Ada, Bo and Cy were hired after 100, 200 and 700 days, Di will be; Ed left, Flo and Gil are members."""
    made = DeskBuilder(either)
    made.add_program()
    for person, days, company in (("ada", 100, "Acme"), ("bo", 200, " ACME "), ("cy", 700, None)):
        hired = {"ended_on": JOINED + timedelta(days=days), "end_reason": "hired", "hired_by": company}
        made.add_member(person, JOINED, **hired)
    made.add_member("di", JOINED, ended_on=date(2026, 9, 16), end_reason="hired", hired_by="Later")
    made.add_member("ed", JOINED, ended_on=JOINED + timedelta(days=50), end_reason="left")
    made.add_member("flo", JOINED, person={"home_country": "DE"})
    made.add_member("gil", date(2026, 9, 1))
    return made


def by_start(found: pd.DataFrame, each: str) -> dict[date, int]:
    of_kind = [row for row in rows(HiresInPeriod, found) if row.each == each]
    return {row.starts_on: row.people for row in of_kind if row.people}


def test_hires_stand_in_the_quarter_and_year_of_the_last_day(built: DeskBuilder) -> None:
    """100 days from 1 January 2024 are 10 April, 200 are 19 July, 700 are 1 December 2025; Di's is still to come."""
    found = ask(built.database, "hires", NOW)
    assert by_start(found, "quarter") == {date(2024, 4, 1): 1, date(2024, 7, 1): 1, date(2025, 10, 1): 1}
    assert by_start(found, "year") == {date(2024, 1, 1): 2, date(2025, 1, 1): 1}
    assert by_start(found, "all") == {date(2024, 1, 1): 3}
    assert list(found[found["open"]]["starts_on"]) == [date(2026, 7, 1), date(2026, 1, 1), date(2024, 1, 1)]
    assert len(found[found["each"] == "quarter"]) == 11
    assert len(ask(built.database, "hires", NOW, each="year")) == 3
    assert by_start(ask(built.database, "hires", Selection(as_of=date(2026, 9, 16))), "all") == {date(2024, 1, 1): 4}


def test_a_person_is_hired_once_whatever_memberships_follow(built: DeskBuilder) -> None:
    built.add_member("ada", date(2025, 1, 1), ended_on=date(2025, 6, 1), end_reason="hired", hired_by="Second")
    assert by_start(ask(built.database, "hires", NOW), "all") == {date(2024, 1, 1): 3}
    assert "Second" not in set(ask(built.database, "hiring_companies", NOW)["company"])


def test_companies_are_one_however_they_are_spelled(built: DeskBuilder) -> None:
    """Acme hired two, after 100 and 200 days; who hired Cy is not recorded, and stands last."""
    found = ask(built.database, "hiring_companies", NOW)
    assert found[["people", "median_days"]].to_numpy().tolist() == [[2, 150], [1, 700]]
    assert list(found["company"]) == ["Acme", ""]
    assert list(found["first_on"]) == [date(2024, 4, 10), date(2025, 12, 1)]


def test_times_are_from_joining_and_from_graduation(built: DeskBuilder) -> None:
    """Ada graduated 40 days after joining, Bo after he was hired: he is left out there, and Cy has no graduation."""
    built.add_cohort()
    for person, days in (("ada", 40), ("bo", 300), ("flo", 10)):
        graduated = JOINED + timedelta(days=days)
        built.apply(person, applied_on=JOINED, graduated_on=graduated)
    joining, graduation = rows(TimeToHire, ask(built.database, "time_to_hire", NOW))
    assert (joining.since, joining.people, joining.median_days, joining.left_out) == ("joining", 3, 200, 0)
    assert (joining.lower_quartile, joining.upper_quartile) == (150, 450)
    assert joining.low is None, "three values have no interval of 95%"
    assert (graduation.since, graduation.people, graduation.median_days, graduation.left_out) == (
        "graduation",
        1,
        60,
        2,
    )


def test_the_share_within_a_time_is_of_all_who_joined(built: DeskBuilder) -> None:
    """Seven joined. Within a year two of the six who were followed, or hired, were hired; within two years three."""
    found = ask(built.database, "hired_within", NOW)
    of_joining = found[found["since"] == "joining"].set_index("years")
    assert of_joining["people"].tolist() == [7, 7]
    # Gil is followed for 14 days: at day 100 the others are six. Ed left, and counts as not hired.
    assert of_joining["share"].tolist() == pytest.approx([2 / 6, 3 / 6])
    assert of_joining["observed"].tolist() == [4, 3]


def test_homes_narrow_and_nothing_is_no_row(built: DeskBuilder) -> None:
    at_home = Selection(as_of=NOW.as_of, country=("DE",))
    assert by_start(ask(built.database, "hires", at_home), "all") == {}
    assert ask(built.database, "hiring_companies", at_home).empty
    before = Selection(as_of=date(2023, 1, 1))
    for name in ("hires", "hiring_companies", "hired_within"):
        assert ask(built.database, name, before).empty
    assert ask(built.database, "time_to_hire", before)["people"].tolist() == [0, 0]


@pytest.mark.parametrize(("n", "ranks"), [(5, None), (6, (1, 6)), (10, (2, 9)), (25, (8, 18)), (100, (40, 61))])
def test_the_interval_of_a_median_has_the_ranks_of_the_sign_test(n: int, ranks: tuple[int, int] | None) -> None:
    """Ranks from Conover, Practical Nonparametric Statistics (1999), §3.2: the values are their ranks."""
    middle, *ends = median_interval(np.arange(n, 0, -1))
    assert middle == (n + 1) / 2
    assert tuple(ends) == (ranks or (None, None))


def released_program(folder: Path, people: int, company: str = "Acme") -> Database:
    """So many were hired in the first half of 2025, a day after each other and 400 days after joining at the least."""
    made = DeskBuilder(ProgramBuilder(f"sqlite:///{folder / f'{people}.db'}").database)
    made.add_program()
    for number in range(30):
        made.add_member(f"s{number}", JOINED)
    for number in range(people):
        ended = date(2025, 2, 4) + timedelta(days=number)
        made.add_member(f"h{number}", JOINED, ended_on=ended, end_reason="hired", hired_by=company)
    release(made.database, date(2026, 7, 1))
    return made.database


def test_leadership_reads_ranges_and_the_median_in_weeks(tmp_path: Path) -> None:
    """24 hires after 400 to 423 days: the median of 411.5 days is 59 weeks; nothing of companies or shares."""
    database = released_program(tmp_path, 24)
    found = ask_outside(database, "hires", NOW)
    whole = found[found["each"] == "all"].iloc[0]
    assert (whole["at_least"], whole["at_most"]) == (20, 24)
    assert by_start(found, "year").keys() == {date(2025, 1, 1)}
    assert not found["open"].any()
    [times] = rows(TimeToHire, ask_outside(database, "time_to_hire", NOW))
    assert times.median_days == 59 * 7
    assert times.low is None
    assert times.left_out is None
    for name in ("hiring_companies", "hired_within"):
        with pytest.raises(NotAllowed):
            ask_outside(database, name, NOW)
    with pytest.raises(NotAllowed):
        ask(database, "hires", NOW, Scope(Role.PARTNER))


def test_one_hire_cannot_be_told_from_none(tmp_path: Path) -> None:
    """Both programs' releases tell the same: no quarter, year or total is other than fewer than 5, and no median."""
    one, none = (released_program(tmp_path, people) for people in (1, 0))
    for name in ("hires", "time_to_hire"):
        told, nothing = (ask_outside(database, name, NOW) for database in (one, none))
        pd.testing.assert_frame_equal(told, nothing)
    assert set(ask_outside(one, "hires", NOW)["at_most"]) == {4}
