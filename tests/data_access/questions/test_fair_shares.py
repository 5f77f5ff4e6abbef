"""Who got nothing is a finding: groups of members without money or events are rows, and in the curve and the index."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from data_access.database.engine import Database
from data_access.selection import Period, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder

NOW = Selection(Period.parse("2026"), date(2026, 9, 1))


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Two members in Germany were paid 30 and 10, six in India nothing, one in Kenya 20 after the day."""
    desk = DeskBuilder(ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('fair') / 'p.db'}").database)
    desk.add_program()
    for number, country in enumerate(["DE", "DE", *["IN"] * 6, "KE"]):
        desk.add_member(f"p{number}", person={"home_country": country})
    for person, amount, paid_on in (("p0", "30", 1), ("p1", "10", 1), ("p8", "20", 2)):
        approved: dict[str, Any] = {
            "decision": "approved",
            "decided_on": date(2026, 8, 1),
            "approved_amount": Decimal(amount),
        }
        desk.add_request(amount, person, paid_amount=Decimal(amount), paid_on=date(2026, 9, paid_on), **approved)
    return desk.database


def test_groups_in_which_nobody_got_anything_are_rows_with_nothing(program: Database) -> None:
    found = ask(program, "fairness", NOW).set_index("member_of")
    assert found["members"].to_dict() == {"everyone": 9, "Southern Asia": 6, "Western Europe": 2, "Eastern Africa": 1}
    assert found["amount"].to_dict() == {
        "everyone": 40,
        "Southern Asia": 0,
        "Western Europe": 40,
        "Eastern Africa": 0,
    }
    assert found["receiving"].tolist() == [2, 0, 2, 0]
    assert found.loc["Southern Asia", "ratio"] == 0
    assert found.loc["everyone", "gini"] == pytest.approx(1 - (2 * (10 * 0.5 + 10 + 30 * 0.5)) / (9 * 40), abs=0.001)


def test_the_curve_begins_with_those_who_got_nothing(program: Database) -> None:
    """Seven of nine have nothing; the eighth has a quarter."""
    curve = ask(program, "lorenz_curve", NOW).set_index("share_of_members")["share_of_amount"]
    assert curve.loc[curve.index <= 7 / 9].max() == pytest.approx(0, abs=1e-12)
    assert curve.loc[0.89] == pytest.approx(0.25, abs=0.01)


def test_events_held_by_nobody_of_a_group_count_as_nothing(program: Database) -> None:
    found = ask(program, "fairness", NOW, of="events").set_index("member_of")
    assert found["amount"].tolist() == [0, 0, 0, 0]
    assert found["members"].sum() == 18
    assert found["share_of_amount"].isna().all()


def test_outside_no_group_of_few_who_received_is_seen(program: Database) -> None:
    found = ask(program, "fairness", NOW, Scope(Role.LEADERSHIP))
    assert not set(found["member_of"]) & {"Southern Asia", "Western Europe", "Eastern Africa"}
