"""The Health page: warnings first with their next step, lists for who may see them, and nothing that leads nowhere."""

from __future__ import annotations

import re
from datetime import date

import pytest

from data_access.database.schema import disputes, funding_requests, participations
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard

pytestmark = pytest.mark.slow


@pytest.fixture
def built(tmp_path: object) -> ProgramBuilder:
    """On 15 September 2026 a request waits for 45 days, a dispute is open for 76, and Ada is rated 2 five times."""
    program = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    program.add_program()
    program.add_person("ada", "Ada Lovelace")
    money = {"requested_amount": 10, "currency": "EUR"}
    program.add(
        funding_requests, request_key="r", person_key="ada", requested_on=date(2026, 8, 1), decision="pending", **money
    )
    program.add(disputes, dispute_key="d", kind="member conflict", opened_on=date(2026, 7, 1))
    for day in range(1, 6):
        event = program.add_event(starts_on=date(2026, 9, day))
        program.add(participations, event_key=event, person_key="ada", role="speaker", rating=2)
    program.add_import()
    return program


def test_warnings_come_first_each_with_what_to_do(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("health")
    assert shown.finding == "4 warnings among 7 indicators; there are no data before to compare with."
    assert "Decide it today, or say what is missing." in shown.text
    heads = re.findall(r"(\d+ (?:warnings?|fine|not known))</span>", shown.html)
    assert heads == ["4 warnings", "3 fine", "11 not known"]
    assert "./requests?" in shown.html
    assert "Ada Lovelace" in {name for table in shown.at.dataframe for name in table.value.get("name", ())}


def test_the_board_sees_disputes_but_not_who_needs_help(monkeypatch: pytest.MonkeyPatch, built: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, built.database.url).open("health", **{"as": "board"})
    assert "People rated low on average" in shown.text
    assert '"#disputes"' in shown.html
    assert '"#help"' not in shown.html
    assert "Ada Lovelace" not in {name for table in shown.at.dataframe for name in table.value.get("name", ())}
