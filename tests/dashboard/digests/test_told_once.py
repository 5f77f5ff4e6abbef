"""Nothing is told twice: over random sequences of what is so, runs that fail, and others that run at the same time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.digests import run
from dashboard.digests.found import News, ToTell
from dashboard.digests.run import by_the_clock, send_due
from dashboard.digests.sending import NotSent
from dashboard.settings import Settings
from data_access import actions
from data_access.actions import deliveries
from data_access.database.engine import Database
from data_access.subscriptions import MONTHLY, ONCE, WEEKLY, Subscription
from tests.builders import ProgramBuilder
from tests.dashboard.digests.conftest import PM, subscribe

START = date(2026, 9, 14)  # a Monday
MOMENT = by_the_clock()
THINGS = [f"{kind} {state}" for kind in "abc" for state in ("near", "over")]
# What is so, how many days go by before it is looked at, and whether what is sent arrives.
ROUNDS = st.lists(
    st.tuples(st.sets(st.sampled_from(THINGS)), st.integers(0, 3), st.sampled_from(("arrives", "fails", "unsure"))),
    max_size=12,
)


def found_of(things: set[str], today: date) -> ToTell:
    news = tuple(News(each, "floor", each[0], each, "", each, "", "/") for each in sorted(things))
    return ToTell("Test", today, news, {"floor": ""}, frozenset())


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Database:
    built = ProgramBuilder(f"sqlite:///{tmp_path_factory.mktemp('once') / 'uplift.db'}")
    built.add_program()
    return built.database


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=ROUNDS, pace=st.sampled_from((ONCE, WEEKLY, MONTHLY)))
def test_each_state_is_told_once_and_again_only_when_it_left_and_came_back(
    program: Database, monkeypatch: pytest.MonkeyPatch, rounds: list[tuple[set[str], int, str]], pace: str
) -> None:
    """Against a model of sets: what is new on the day of a message is owed; it goes out once, or is over before."""
    monkeypatch.setenv("UPLIFT_WEBHOOK_TEST", "http://127.0.0.1:9/")
    used = Settings()
    key = subscribe(program, "UPLIFT_WEBHOOK_TEST", "floor", channel="webhook", role="pm", pace=pace)
    now, fate, sent = [set[str]()], [""], []

    def hand_over(variable: str, letter: object, begin: object) -> None:
        things = [each.words for part in letter.parts for each in part.news]  # type: ignore[attr-defined]
        if fate[0] == "fails":
            raise NotSent("No.")
        begin()  # type: ignore[operator]
        sent.extend(things)
        if fate[0] == "unsure":
            raise NotSent("Perhaps.", unsure=True)

    monkeypatch.setattr(run, "send_webhook", hand_over)
    monkeypatch.setattr(run, "found", lambda database, scope, topics, today: found_of(now[0], today))
    known, owed, expected, seen = set[str](), set[str](), Counter[str](), None
    today, moment = START, MOMENT
    try:
        for things, days, fate[0] in rounds:
            today, moment, now[0] = today + timedelta(days=days), moment + timedelta(days=2), things
            subscription = Subscription(key, "webhook", "", None, (), (), pace, START)
            retried = owed & things  # each failure's time comes within the two days
            known -= owed - things  # never told, and over: new if it comes back
            due = subscription.is_due(seen, today)
            new = things - known if due else set()
            if due:
                known, seen = set(things), today
            owed = (retried | new) if fate[0] == "fails" else set()
            expected.update((retried | new) if fate[0] != "fails" else ())
            for _ in range(2):  # whoever runs a second time at the same moment finds nothing to do
                send_due(program, used, today, lambda: moment)  # noqa: B023
            assert Counter(sent) == expected
            with program.program.connect() as connection:
                looks = deliveries.looks_so_far(connection).get(key, 0)
            assert deliveries.take(program, key, looks, moment) is not None, "it was given back"
            moment += deliveries.HELD_FOR
    finally:
        actions.unsubscribe(program, PM, key)


@pytest.mark.parametrize(
    ("pace", "seen", "today", "due"),
    [
        (ONCE, date(2026, 9, 14), date(2026, 9, 14), True),
        (WEEKLY, date(2026, 9, 14), date(2026, 9, 20), False),
        (WEEKLY, date(2026, 9, 13), date(2026, 9, 14), True),
        (WEEKLY, date(2026, 9, 11), date(2026, 9, 16), True),  # nobody ran it on Monday
        (MONTHLY, date(2026, 9, 1), date(2026, 9, 30), False),
        (MONTHLY, date(2026, 9, 30), date(2026, 10, 1), True),
        (MONTHLY, None, date(2026, 9, 17), True),
    ],
)
def test_when_a_message_is_due(pace: str, seen: date | None, today: date, due: bool) -> None:
    assert Subscription("k", "email", "", None, (), (), pace, START).is_due(seen, today) is due
