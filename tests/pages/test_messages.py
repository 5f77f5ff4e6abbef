"""Messages on the Data page: each reader their own, the program manager all; stopped and undone there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data_access import actions
from data_access.actions import Author, deliveries
from data_access.database.engine import Database
from data_access.database.schema import subscriptions
from data_access.selection import Role, Scope
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard, signed_in
from tests.recording_rows import TODAY, stored
from tests.team_builders import TeamBuilder

pytestmark = pytest.mark.slow
PM = Author("pm@example.org", Scope(Role.PM))


@pytest.fixture
def built(program: ProgramBuilder) -> Database:
    TeamBuilder(program.database).add_team("docs")
    program.add_import()
    for role, teams in (("pm", ()), ("leadership", ()), ("partner", ("docs",))):
        actions.set_viewer(program.database, PM, f"{role}@example.org", role, teams)
    return program.database


def fill(shown: Dashboard, **values: object) -> None:
    for kind in ("selectbox", "multiselect", "text_input"):
        for widget in getattr(shown.at, kind):
            name = str(widget.key).removeprefix("messages_").rpartition("_")[0]
            if str(widget.key).startswith("messages_") and name in values:
                widget.set_value(values[name])


def press(shown: Dashboard, begins: str) -> None:
    next(button for button in shown.at.button if str(button.key).startswith(begins)).click()
    shown.run()


def test_each_reader_has_their_own_and_stops_it(monkeypatch: pytest.MonkeyPatch, built: Database) -> None:
    other = actions.subscribe(built, PM, "email", PM.name, ["floor"], "weekly", today=TODAY)
    shown = signed_in(monkeypatch, built.url, "partner@example.org").open("data")
    assert "pm@example.org" not in shown.text
    topics = next(box for box in shown.at.multiselect if str(box.key).startswith("messages_topics"))
    assert topics.options == ["Teams ready or stalled", "Releases made"]
    fill(shown, topics=["teams"], pace="weekly")
    press(shown, "messages_submit")
    assert (
        "partner@example.org, by e-mail, weekly, on Monday: teams ready or stalled Nothing was new yet." in shown.text
    )
    press(shown, "stop_")
    assert [row["subscription_key"] for row in stored(built, subscriptions)] == [other.key]


def test_the_manager_sees_what_became_of_each_and_undoes_it(monkeypatch: pytest.MonkeyPatch, built: Database) -> None:
    made = actions.subscribe(built, PM, "email", "lee@example.org", ["release"], "once", today=TODAY)
    moment = datetime.now(UTC).replace(tzinfo=None)
    look = deliveries.take(built, made.key, 0, moment)
    assert look is not None
    claimed = deliveries.claim(built, made.key, look, {"x": "release"}, (), today=TODAY, now=moment)
    assert claimed is not None
    deliveries.settle(built, claimed.delivery, "The mail server answered 451.", final=False, now=moment)
    shown = Dashboard(monkeypatch, built.url).open("data")
    assert "✕ The mail server answered 451. Tried 1 time, last" in shown.text
    fill(shown, channel="feed", address="My reader", topics=["floor"], role=Role.PM)
    press(shown, "messages_submit")
    [code] = [each.value for each in shown.at.code if "/feeds/own.atom?token=uplift_" in each.value]
    assert code.startswith("http")
    assert not [each for each in shown.run().at.code if "/feeds/" in each.value], "it is shown once"
    press(shown, f"stop_{made.key}")
    assert len(stored(built, subscriptions)) == 1
    press(shown, "undo_")
    assert len(stored(built, subscriptions)) == 2


def test_who_has_no_address_here_is_told_so(monkeypatch: pytest.MonkeyPatch, built: Database) -> None:
    shown = Dashboard(monkeypatch, built.url).open("data", **{"as": "leadership"})
    assert "Messages go to the address that somebody signs in with" in shown.text
