"""Grace, dropping and returning: what follows for the floor, undo, two at once, and imports that disagree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_access import actions
from data_access.actions import ActionRefused, Author, NeedsConfirmation, row_changes, undo
from data_access.database.engine import Database
from data_access.database.schema import memberships
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.kept_rows import MEMBERSHIP
from data_access.recorded import CLASHES
from data_access.selection import Period, Selection
from tests.bundles import write_table
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.recording_rows import ADA, BO, TODAY, seen, stored, together

GRACE: dict[str, Any] = {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 7, 20), "note": "Parental leave"}


@pytest.fixture
def built(either: Database) -> DeskBuilder:
    """Cy, a member since 2025, met the floor of three in Q4 2025 and missed both quarters since; Di met it always."""
    made = DeskBuilder(either)
    made.add_program()
    for key in ("cy", "di"):
        made.add_member(key, date(2025, 10, 1), membership_key=key)
        made.take_part(key, *(date(2025, 11, day) for day in (1, 2, 3)))
    for month in (2, 5, 8):
        made.take_part("di", *(date(2026, month, day) for day in (1, 2, 3)))
    made.take_part("cy", date(2026, 2, 1))
    return made


def act(built: DeskBuilder, name: str, key: str = "cy", by: Author = ADA, **given: Any) -> int:
    given = {"opened": seen(built.database, (MEMBERSHIP, key)), "today": TODAY, **given}
    return int(getattr(actions, name)(built.database, by, key, **given))


def drop(built: DeskBuilder, **given: Any) -> int:
    return act(built, "end_membership", **{"reason": "below_floor", "ended_on": date(2026, 9, 10), **given})


def missed(built: DeskBuilder, as_of: date = TODAY) -> list[tuple[Any, ...]]:
    found = ask(built.database, "missed_in_a_row", Selection(as_of=as_of), ADA.scope)
    return [(row.person_key, row.missed, row.first_missed) for row in found.itertuples()]


def states(built: DeskBuilder, person: str = "cy", as_of: date = TODAY) -> list[str]:
    """Of the quarters of 2026 up to the day, the first one first."""
    year = Selection(Period.parse("2026"), as_of)
    found = ask(built.database, "floor_standing", year, ADA.scope, person=person)
    return list(found.sort_values("quarter")["state"])


def test_the_run_of_missed_quarters_is_counted(built: DeskBuilder) -> None:
    assert missed(built) == [("cy", 2, date(2026, 1, 1))]
    assert missed(built, date(2026, 6, 30)) == [("cy", 1, date(2026, 1, 1))]
    assert missed(built, date(2026, 3, 31)) == []
    built.take_part("cy", *(date(2026, 8, day) for day in (1, 2, 3)))
    assert missed(built) == []


def test_what_was_missed_in_an_earlier_membership_is_over(built: DeskBuilder) -> None:
    drop(built, ended_on=date(2026, 7, 5))
    act(built, "take_back", started_on=date(2026, 8, 1))
    assert missed(built) == []


def test_grace_covers_the_quarters_that_it_touches_and_is_undone(built: DeskBuilder) -> None:
    before = stored(built.database, memberships)
    assert states(built) == ["missed", "missed", "at risk"]
    entry = act(built, "give_grace", **GRACE)
    assert states(built) == ["missed", "grace", "grace"]
    assert states(built, as_of=date(2026, 4, 30)) == ["missed", "at risk"]
    assert missed(built) == [("cy", 1, date(2026, 1, 1))]
    undo(built.database, ADA, entry)
    assert stored(built.database, memberships) == before
    with built.database.program.connect() as connection:
        assert row_changes(connection, (MEMBERSHIP, "cy"))[1].words == "grace from 1 May 2026 to 20 July 2026"


def test_a_drop_counts_at_once_and_somebody_may_return(built: DeskBuilder) -> None:
    before = stored(built.database, memberships)
    dropped = drop(built)
    assert states(built) == ["missed", "missed", "left"]
    assert missed(built) == []
    leavers = ask(built.database, "leavers", Selection(Period.parse("2026-Q3"), TODAY), ADA.scope)
    assert list(leavers["end_reason"]) == ["below_floor"]
    returned = act(built, "take_back", started_on=date(2026, 9, 12))
    assert len(stored(built.database, memberships)) == 3
    with pytest.raises(ActionRefused, match="another membership of this person since 12 September 2026"):
        undo(built.database, ADA, dropped)
    undo(built.database, ADA, returned)
    undo(built.database, ADA, dropped)
    assert stored(built.database, memberships) == before


def test_dropping_somebody_who_missed_nothing_has_to_be_confirmed(built: DeskBuilder) -> None:
    with pytest.raises(NeedsConfirmation, match="No quarter in a row was missed") as asked:
        drop(built, key="di")
    drop(built, key="di", confirmed=asked.value.codes)
    assert [row["end_reason"] for row in stored(built.database, memberships)] == [None, "below_floor"]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("give_grace", GRACE | {"note": ""}, "a reason is needed"),
        ("give_grace", GRACE | {"ends_on": date(2026, 4, 30)}, "on the first or later"),
        ("give_grace", GRACE | {"ends_on": None}, "the last day of the grace is needed"),
        ("give_grace", GRACE | {"starts_on": date(2025, 9, 30)}, "began on 1 October 2025 only"),
        ("give_grace", GRACE | {"starts_on": date(2026, 9, 16)}, "lies in the future"),
        ("end_membership", {"reason": "", "ended_on": TODAY}, "choose why the membership ends"),
        ("end_membership", {"reason": "bored", "ended_on": TODAY}, "Reason: "),
        ("end_membership", {"reason": "left", "ended_on": date(2025, 9, 30)}, "began on 1 October 2025 only"),
        ("end_membership", {"reason": "left", "ended_on": TODAY, "hired_by": "Acme"}, "only where somebody was hired"),
        ("take_back", {"started_on": TODAY}, "has not ended"),
    ],
)
def test_what_cannot_be_is_refused_in_words(built: DeskBuilder, name: str, given: Any, words: str) -> None:
    before = stored(built.database, memberships)
    with pytest.raises(ActionRefused, match=words):
        act(built, name, **given)
    assert stored(built.database, memberships) == before


def test_nobody_returns_before_they_left_or_twice(built: DeskBuilder) -> None:
    drop(built)
    with pytest.raises(ActionRefused, match="the last day was 10 September 2026"):
        act(built, "take_back", started_on=date(2026, 9, 10))
    act(built, "take_back", started_on=date(2026, 9, 11))
    with pytest.raises(ActionRefused, match="a member already, since 11 September 2026"):
        act(built, "take_back", started_on=date(2026, 9, 14))


def test_of_two_who_act_at_once_one_is_refused(built: DeskBuilder) -> None:
    opened = seen(built.database, (MEMBERSHIP, "cy"))
    found = together(
        lambda: drop(built, opened=opened), lambda: act(built, "give_grace", by=BO, opened=opened, **GRACE)
    )
    assert found == ["Changed", "int"]
    if stored(built.database, memberships)[0]["ended_on"] is None:
        drop(built)
    found = together(*(lambda: act(built, "take_back", started_on=TODAY),) * 2)
    assert found == ["ActionRefused", "int"]


def test_a_file_that_disagrees_is_told_and_the_recorded_stands(built: DeskBuilder, tmp_path: Path) -> None:
    drop(built)
    row = {"membership_key": "cy", "person_key": "cy", "started_on": "2025-10-01", "ended_on": "", "end_reason": ""}
    write_table(tmp_path, "memberships", row)
    for overwrite, expected in ((False, (date(2026, 9, 10), "below_floor")), (True, (None, None))):
        report = run_import(built.database, [tmp_path], ImportOptions(as_of=TODAY, overwrite_recorded=overwrite))
        assert report.committed, report.in_words()
        now = stored(built.database, memberships)[0]
        assert (now["ended_on"], now["end_reason"]) == expected
        assert [each.problem for each in report.clashes] == [CLASHES[overwrite]]
