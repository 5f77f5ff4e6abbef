"""Each thing that is due, as a sentence: what, why now, by when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard.subjects.this_week.ways import LISTS, way_of
from dashboard.subjects.this_week.words import HEADS, MORE, finding, more, sentence, when
from data_access.questions.this_week.items import KINDS, DueItem, item
from data_access.selection import Role

DAY = date(2026, 9, 20)
ASKS = {"name": "Ada", "title": "Hack", "amount": Decimal(100), "currency": "EUR", "due_on": DAY}
NAMES = {"team": {"docs": "Docs crew"}}

SENTENCES = (
    (
        item("request", "r", **ASKS, days=5, state="near"),
        "Ada asks for €100 for “Hack”: decide it before the event begins on 20 September 2026.",
    ),
    (
        item("board_request", "r", **ASKS, days=0, state="near"),
        "Ada asks for €100 for “Hack”, which begins today: decide it now.",
    ),
    (
        item("request", "r", **ASKS, days=-1, state="over"),
        "Ada asked for €100 for “Hack”, which began on 20 September 2026: approve what was spent, or decline it.",
    ),
    (
        item("request", "r", **ASKS, days=-1, age=31, state="waits"),
        "Ada asked for €100 and has waited for 31 days: decide it, or say what is missing.",
    ),
    (
        item("at_risk", "ada", person="ada", due_on=DAY, done=1.0, needed=3.0, more=1),
        "ada has 1 of 3 events this quarter, planned ones included; 2 more by 20 September 2026 saves it.",
    ),
    (
        item("at_risk", "ada", name="Ada", due_on=DAY, done=2.0, needed=3.0, more=1),
        "Ada has 2 of 3 events this quarter, planned ones included; past events of theirs are not marked as held, and "
        "marking 1 by 20 September 2026 saves it.",
    ),
    (
        item("missed", "ada", name="Ada", due_on=DAY, more=2),
        "Ada has missed the floor for 2 quarters: decide by 20 September 2026 whether the membership goes on.",
    ),
    (
        item("missed", "ada", name="Ada", due_on=DAY, more=3),
        "Ada has missed the floor for 3 quarters or more: decide by 20 September 2026 whether the membership goes on.",
    ),
    (
        item("unmarked", "e", title="Meetup", age=1, more=0),
        "“Meetup” was 1 day ago and nobody has said whether it was held: until then it counts for nothing.",
    ),
    (
        item("unmarked", "e", title="Meetup", age=2, more=1),
        "“Meetup” was 2 days ago and nobody has said whether it was held; once somebody does, it counts for 1 person.",
    ),
    (
        item("dispute", "d", title="conduct", age=70, days=-10, due_on=DAY, state="Hear every side"),
        "The dispute about “conduct” has been open for 70 days, where 60 days are the limit. Next: Hear every side.",
    ),
    (
        item("dispute", "d", title="conduct", age=50, days=10, due_on=DAY, state="Hear every side"),
        "The dispute about “conduct” has been open for 50 days: decide it by 20 September 2026. Next: Hear every side.",
    ),
    (
        item("dispute", "d", title="conduct", age=50, days=10, due_on=DAY),
        "The dispute about “conduct” has been open for 50 days, and every step is done: close it.",
    ),
    (
        item("application", "a", name="Ada", age=40, state="training"),
        "Ada has waited for the training for 40 days: take the step, or tell them when.",
    ),
    (
        item("budget", "2026", amount=Decimal(500), currency="EUR", days=-1, due_on=DAY),
        "The budget of 2026, €500, is not approved, though the year began on 20 September 2026.",
    ),
    (
        item("budget", "2026", amount=Decimal(500), currency="EUR", days=1, due_on=DAY),
        "The budget of 2026, €500, is to be approved before the year begins on 20 September 2026.",
    ),
    (
        item("target", "t", state="New contributors", done=1234.0, needed=5000.0, due_on=DAY),
        "New contributors: 1,234 of 5,000 by now, too few to reach it by 20 September 2026 at this pace.",
    ),
    (
        item("target", "t", state="events", title="team:docs", done=1.0, needed=5.0, due_on=DAY),
        "Events for Docs crew: 1 of 5 by now, too few to reach it by 20 September 2026 at this pace.",
    ),
    (
        item("pilot", "p", title="Nairobi", state="running", done=6.0, needed=13.0, due_on=DAY),
        "The pilot of Nairobi ends on 20 September 2026 with 6 of 13 events so far: decide whether it stays.",
    ),
    (
        item("pilot", "p", title="Nairobi", state="verdict", done=6.0, needed=13.0, due_on=DAY),
        "The pilot of Nairobi is over with 6 of 13 events and has no verdict: give it by 20 September 2026.",
    ),
    (
        item("ready", "docs", title="Docs", state="starting", age=90),
        "Docs meets what “Starting a pathway” ends with, after 90 days in it: agree on the move to “Learning and "
        "preparing for growth”.",
    ),
    (
        item("stalled", "docs", title="Docs", state="starting", age=90, needed=60.0),
        "Docs has been in “Starting a pathway” for 90 days, where 60 days are usual at most: ask what holds it back.",
    ),
    (item("stale", "imports", age=20), "Nothing was imported for 20 days: every number here is as old."),
    (
        item("source", "feed", title="feed", age=1, state="Ask for another address"),
        "“feed” brought nothing when it was asked last, 1 day ago. Next: Ask for another address.",
    ),
    (
        item("refused", "7", title="events.csv", due_on=DAY, more=3),
        "“events.csv” was not imported on 20 September 2026: 3 errors to mend first. Nothing was changed.",
    ),
    (
        item("refused", "8", title="events.csv", due_on=DAY, more=0),
        "“events.csv” was not imported on 20 September 2026: it could not be read, or held no row. "
        "Nothing was changed.",
    ),
)


@pytest.mark.parametrize(("thing", "words"), SENTENCES)
def test_a_thing_in_words(thing: DueItem, words: str) -> None:
    assert sentence(thing, NAMES) == words


def test_every_kind_has_its_sentence_its_heading_its_list_and_its_way() -> None:
    assert {thing.kind for thing, _ in SENTENCES} == set(KINDS) == set(HEADS) == set(MORE) == set(LISTS)
    assert all(way_of(thing, role).label for thing, _ in SENTENCES for role in (Role.PM, Role.BOARD))


def test_who_decides_a_request_is_led_to_decide_it_and_others_to_see_it() -> None:
    own, for_board = item("request", "r"), item("board_request", "r")
    labels = [way_of(thing, role).label for thing in (own, for_board) for role in (Role.PM, Role.BOARD)]
    assert labels == ["Decide the request", "See the request", "See the request", "Decide the request"]


def test_a_way_leads_to_the_targets_own_place_and_to_the_form_that_is_wanted() -> None:
    target = item("target", "events::2026-01-01", state="events", title=None)
    assert way_of(target, Role.PM)[1:] == ("impact", {"target": "events::2026-01-01"}, "targets")
    ready = item("ready", "docs", team="docs", title="Docs crew")
    assert way_of(ready, Role.PM)[2:] == ({"show_team": "docs", "record": "stage"}, "record")
    over = item("pilot", "lab", title="Lab", state="verdict")
    assert way_of(over, Role.PM)[2:] == ({"space": "lab", "record": "verdict"}, "record")
    assert way_of(over, Role.BOARD)[2:] == ({"space": "lab"}, "pilots")


def test_when_it_is_too_late() -> None:
    days = (None, 0, 1, 2, -1, -2)
    said = ["no set day", "today", "1 day left", "2 days left", "1 day late", "2 days late"]
    assert [when(item("request", "r", days=number)) for number in days] == said


def test_the_finding_and_what_follows_it() -> None:
    late, soon = item("request", "r", days=-1), item("request", "s", days=3)
    assert finding([]) == "Nothing is due this week."
    assert finding([soon]) == "1 thing needs you first; nothing of it is late."
    assert finding([soon, late]) == "2 things need you first; 1 of them late."
    recorded = "The next day is in 3 days. 5 more can wait a little. You have recorded 2 things since Monday."
    assert more([soon, late], 7, 2) == recorded
    assert more([], 0, 0) == "You have recorded nothing since Monday."
