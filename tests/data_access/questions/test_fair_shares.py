"""Who got nothing is a finding: groups of members without money or events are rows, and in the curve and the index."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data_access.database.engine import Database
from data_access.privacy.amounts import rounded
from data_access.selection import Period, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.releasing import ask_outside, release
from tests.tables import value

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


@pytest.mark.slow
def test_released_is_money_to_two_figures_and_nothing_of_few(program: Database, tmp_path: Path) -> None:
    """Two of nine members were paid: nothing of it is told; of 24 in Germany and one in Kenya the whole is."""
    year = Selection(Period(date(2025, 10, 1), date(2026, 10, 1)), date(2026, 10, 1))
    release(program, date(2026, 10, 1))
    found = ask_outside(program, "fairness", year).set_index("member_of")
    assert found["amount"].isna().all()
    assert found["gini"].isna().all()
    assert value(found, "everyone", "members") == 7, "the middle of 5 to 9"
    assert "Western Europe" not in found.index
    desk = DeskBuilder(ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}").database)
    desk.add_program()
    for number in range(25):
        person = desk.add_member(f"p{number:02}", person={"home_country": "KE" if number == 9 else "DE"})
        paid: dict[str, Any] = {"decision": "approved", "decided_on": date(2026, 8, 1), "approved_amount": Decimal(101)}
        desk.add_request("101", person, paid_amount=Decimal(101), paid_on=date(2026, 9, 1), **paid)
    release(desk.database, date(2026, 10, 1))
    found = ask_outside(desk.database, "fairness", year).set_index("member_of")
    assert found["amount"].dropna().to_dict() == {"everyone": 2500}
    members = value(found, "everyone", "members")
    assert value(found, "everyone", "gini") == 0
    assert value(found, "everyone", "per_member") == rounded(Decimal(2500) / int(members)), "made of what is told"
    assert ask_outside(desk.database, "fairness", year, of="events").empty
