"""The request desk: the walk of a request, what is refused and confirmed, the undo, and through other eyes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select

from data_access.database.schema import audit, funding_requests
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard
from tests.desk_builders import DeskBuilder
from tests.pages.test_impact import HOSTILE

pytestmark = pytest.mark.slow


@pytest.fixture
def built(tmp_path: object) -> DeskBuilder:
    """Today, 15 September 2026, Ada has requested 120 since 1 September and 950 since 1 March; her ceiling is 1,000."""
    program = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    made = DeskBuilder(program.database)
    made.add_program()
    made.add_member()
    made.add_request("120", key="small")
    made.add_request("950", key="large", requested_on=date(2026, 3, 1))
    program.add_import()
    return made


def opened(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder, **query: str) -> Dashboard:
    return Dashboard(monkeypatch, built.database.url).open("requests", **query)


def submit(shown: Dashboard, name: str, **values: str) -> Dashboard:
    for key, value in values.items():
        [field] = [item for item in shown.at.text_input if str(item.key).startswith(f"request_{key}_")]
        field.set_value(value)
    [button] = [item for item in shown.at.button if str(item.key).startswith(f"request_{name}_submit")]
    button.click()
    return shown.run()


def row(built: DeskBuilder, request: str) -> tuple[str, float | None, float | None]:
    with built.database.program.connect() as connection:
        found = connection.execute(select(funding_requests).where(funding_requests.c.request_key == request)).one()
    approved, paid = (None if value is None else float(value) for value in (found.approved_amount, found.paid_amount))
    return found.decision, approved, paid


def test_the_queue_is_oldest_first(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built)
    assert shown.finding == "2 requests wait for a decision; the oldest since 1 March 2026 (198 days)."
    assert list(shown.at.dataframe[0].value["request_key"]) == ["large", "small"]
    assert "€1,070" in shown.text


def test_a_request_walks_from_pending_to_paid_and_back(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = opened(monkeypatch, built, request="small")
    assert (
        "Paid 0 + committed 0 + this 120 = 120 of 1,000 EUR; 880 left. Other requests of 950 are pending." in shown.text
    )
    submit(shown, "approve", amount="85.50")
    assert row(built, "small") == ("approved", 85.5, None)
    assert "Approved" in shown.at.success[0].value
    # The older of the two is next, and after it there is none but it.
    assert shown.at.button(key="next_request").click().run().query_params["request"] in ("large", ["large"])
    assert "next_request" not in [item.key for item in shown.at.button]
    shown.at.query_params["request"] = "small"
    shown.run()
    submit(shown, "pay", paid_amount="80")
    assert row(built, "small") == ("approved", 85.5, 80.0)
    for _ in range(2):
        newest = next(item for item in shown.at.button if str(item.key).startswith("undo_"))
        newest.click()
        shown.run()
    # An undo is a decision too: undoing it brings the payment back.
    assert row(built, "small") == ("approved", 85.5, 80.0)
    newest = next(item for item in shown.at.button if str(item.key).startswith("undo_"))
    newest.click()
    shown.run()
    # The payment is taken back for good; now the approval itself can be.
    shown.at.button(key="undo_1").click()
    shown.run()
    assert row(built, "small") == ("pending", None, None)


def test_only_the_board_approves_more_than_the_ceiling_and_confirms_it(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    submit(opened(monkeypatch, built, request="small"), "approve")
    shown = submit(opened(monkeypatch, built, request="large"), "approve")
    assert "Only the board can approve more than the ceiling" in shown.at.error[0].value
    assert row(built, "large")[0] == "pending"
    board = submit(opened(monkeypatch, built, request="large", **{"as": "board"}), "approve")
    assert "70 over it" in board.at.warning[0].value
    assert row(built, "large")[0] == "pending"
    board.at.button(key="leave_it").click()
    board.run()
    assert not board.at.warning
    submit(board, "approve")
    board.at.button(key="confirm").click()
    board.run()
    assert row(built, "large") == ("approved", 950.0, None)
    with built.database.program.connect() as connection:
        assert [entry.role for entry in connection.execute(select(audit))] == ["pm", "board"]


def test_the_board_is_told_whose_a_request_within_the_ceiling_is(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    board = opened(monkeypatch, built, request="small", **{"as": "board"})
    assert "the program manager decides it" in board.text
    assert not [item for item in board.at.button if "approve_submit" in str(item.key)]


def test_a_bad_amount_is_refused_and_what_was_typed_stays(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = submit(opened(monkeypatch, built, request="small"), "approve", amount="-5", note="For the train")
    assert "a negative amount" in shown.at.error[0].value
    assert [item.value for item in shown.at.text_input if str(item.key).startswith("request_note")] == ["For the train"]
    assert row(built, "small")[0] == "pending"


def test_a_decline_needs_a_reason_and_keeps_it(monkeypatch: pytest.MonkeyPatch, built: DeskBuilder) -> None:
    shown = submit(opened(monkeypatch, built, request="small"), "decline")
    assert "a reason is needed" in shown.at.error[0].value
    submit(shown, "decline", reason=HOSTILE)
    assert row(built, "small")[0] == "declined"
    assert "Declined" in shown.at.success[0].value
    assert "<img src=x" not in shown.html
    assert "does not wait any more" in shown.at.info[0].value


def test_of_two_at_once_the_second_is_told_what_the_first_did(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    first, second = (opened(monkeypatch, built, request="small") for _ in range(2))
    submit(first, "approve")
    submit(second, "approve")
    said = [item.value for item in (*second.at.warning, *second.at.error, *second.at.info)]
    assert any("changed this on" in words for words in said), said
    with built.database.program.connect() as connection:
        assert len(connection.execute(select(audit)).all()) == 1


def test_a_program_without_ceilings_events_or_purposes_has_a_desk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    program = ProgramBuilder(f"sqlite:///{tmp_path}/uplift.db")
    made = DeskBuilder(program.database)
    made.add_program(member_ceiling=None)
    made.add_request("100", "ana", "r1")
    program.add_import()
    shown = opened(monkeypatch, made, request="r1")
    assert shown.finding == "1 request waits for a decision; the oldest since 1 September 2026 (14 days)."
    assert shown.at.dataframe[0].value["ceiling"].tolist() == ["For the board"]
    assert "was never a member up to 15 September 2026: only graduated members have a ceiling." in shown.text


def test_the_desk_counts_and_opens_more_requests_than_it_lists(
    monkeypatch: pytest.MonkeyPatch, built: DeskBuilder
) -> None:
    row = {"person_key": "ada", "requested_amount": 10, "currency": "EUR", "requested_on": date(2026, 9, 2)}
    with built.database.writing() as connection:
        rows = [row | {"request_key": f"q{n:03}", "decision": "pending"} for n in range(618)]
        connection.execute(insert(funding_requests), rows)
    built.refresh()
    shown = opened(monkeypatch, built, request="q617")
    assert shown.finding.startswith("620 requests wait for a decision;")
    assert "€7,250" in shown.text
    assert len(shown.at.dataframe[0].value) == 500
    assert "The first 500 of 620 rows; the download has them all." in [item.value for item in shown.at.caption]
    assert shown.at.header[0].value.startswith("Ada requests 10 EUR")


def test_an_empty_desk_says_so(monkeypatch: pytest.MonkeyPatch, program: ProgramBuilder) -> None:
    shown = Dashboard(monkeypatch, program.database.url).open("requests", request="nowhere")
    assert shown.finding == "No request waits for a decision."
    assert "does not wait any more, or is not there" in shown.at.info[0].value
