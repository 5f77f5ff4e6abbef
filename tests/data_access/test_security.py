"""SECURITY.md's table, cell by cell: who may ask which question, and who may record what.

Pages and routes are checked against the same table where they run: tests/pages/test_viewers.py and
tests/browser/test_sign_in.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from data_access import actions
from data_access.actions import Author, NeedsConfirmation, NeedsTheBoard, NeedsTheManager
from data_access.database.engine import Database
from data_access.database.schema import audit, space_notes, spaces, trainings
from data_access.kept_rows import (
    APPLICATION,
    ATTENDANCE,
    BUDGET,
    CONDUCT,
    DISPUTE,
    EVENT,
    MEMBERSHIP,
    NEED,
    REVIEW,
    SPACE,
    SPACE_NOTE,
    THANKS,
    TRAINING,
)
from data_access.questions import QUESTIONS
from data_access.selection import EVERYBODY, INSIDE, STAFF, NotAllowed, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.releasing import release
from tests.security_table import NO, TABLE, allowed, cells
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)
PM = Author("pm", Scope(Role.PM))
BOARD = Author("board", Scope(Role.BOARD))
# What a question's answer holds of one person.
ABOUT_ONE = {"person_key", "mentor_key", "mentee_key", "request_key", "author", "imported_by", "coordinator"}
# These are answered to others with that left out.
LEFT_OUT = {"team_board": {"coordinator"}, "team_changes": {"author"}, "imports_log": {"imported_by"}}
LEFT_OUT |= {"team_single_points": {"person_key"}}
OF_OWN_TEAMS = ("detected_risks", "team_leadership", "team_single_points", "team_pathway")
FREE_TEXT = {"import_hints", "request_decisions"}
OF_SPACES = (
    *("newcomer_bridge", "space_newcomers", "space_areas", "space_visitors", "space_coordinators"),
    *("space_notes_list", "pilot_newcomers", "pilot_candidates"),
)
OF_ORGANIZERS = (
    *("event_arc_people", "organizer_growth", "organizers_mentored", "mentor_load", "circle_mentoring"),
    *("circle_helpers", "circle_links", "organizers_needs", "needs_list", "effort_by_scale"),
)
# What has rows of its own in the tests named above.
ELSEWHERE = (
    "This week",
    "Impact",
    "People",
    "Budget",
    "Requests",
    "Viewers",
    "Person",
    "the page of a team",
    "a map",
    "`/healthz`",
)


def author(role: Role) -> Author:
    return Author(role, Scope(role, ("docs",) if role is Role.PARTNER else ()))


@pytest.fixture
def desk(database: Database) -> DeskBuilder:
    made = DeskBuilder(database)
    made.add_program()
    made.add_member()
    made.add_cohort()
    TeamBuilder(database).add_team("docs", ("pre_work", date(2026, 3, 1)))
    TeamBuilder(database).add_team("code", ("pre_work", date(2026, 3, 1)))
    return made


def opened(desk: DeskBuilder, request: str) -> actions.Snapshot:
    with desk.database.program.connect() as connection:
        return actions.request_snapshot(connection, request)


def approve(desk: DeskBuilder, by: Author, amount: str = "100", person: str = "ada") -> int:
    request = desk.add_request(amount, person=person)
    given = {"opened": opened(desk, request), "today": TODAY, "amount": amount}
    try:
        return actions.approve(desk.database, by, request, **given)  # type: ignore[arg-type]
    except NeedsConfirmation as asked:
        return actions.approve(desk.database, by, request, confirmed=asked.codes, **given)  # type: ignore[arg-type]


def decline(desk: DeskBuilder, by: Author) -> int:
    request = desk.add_request()
    return actions.decline(desk.database, by, request, opened=opened(desk, request), today=TODAY, reason="No")


def pay(desk: DeskBuilder, by: Author) -> None:
    request = desk.add_request("50", decision="approved", decided_on=TODAY, approved_amount=50)
    given = {"opened": opened(desk, request), "today": TODAY, "amount": "50", "paid_on": TODAY}
    actions.mark_paid(desk.database, by, request, **given)  # type: ignore[arg-type]


def risk(desk: DeskBuilder, by: Author, team: str) -> None:
    actions.raise_risk(desk.database, by, team, today=TODAY, risk=f"a risk that {by.name} saw")


def aim(desk: DeskBuilder, by: Author) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    name = f"events of {by.name}"
    actions.set_target(desk.database, by, metric=name, period_start=first, period_end=last, value=1)


def take_away(desk: DeskBuilder, by: Author) -> None:
    actions.set_viewer(desk.database, PM, f"{by.name}@example.org", "leadership")
    actions.remove_viewer(desk.database, by, f"{by.name}@example.org")


def erase(desk: DeskBuilder, by: Author) -> None:
    key = desk.add_person(f"of {by.name}")
    actions.erase_person(desk.database, by, key, typed=key, today=TODAY)


def seen(desk: DeskBuilder, subject: str, key: str) -> actions.Snapshot:
    with desk.database.program.connect() as connection:
        return actions.row_snapshot(connection, (subject, key))


def mark_event(desk: DeskBuilder, by: Author) -> int:
    key = desk.add_event(status="planned")
    given = {"opened": seen(desk, EVENT, key), "today": TODAY, "status": "held"}
    return actions.record_event(desk.database, by, key, **given)  # type: ignore[arg-type]


def mark_application(desk: DeskBuilder, by: Author, step: str) -> int:
    """One step of an application that has come that far."""
    steps = ("evaluate", "decide", "train", "graduate")
    days = {"evaluated_on": date(2026, 2, 1), "decided_on": date(2026, 3, 1), "trained_on": date(2026, 4, 1)}
    come: dict[str, Any] = dict(list(days.items())[: steps.index(step)])
    come |= {"decision": "accepted"} if "decided_on" in come else {}
    desk.apply(f"p-{uuid4().hex}", application_key=(key := uuid4().hex), **come)
    opened = seen(desk, APPLICATION, key)
    given = {"decision": "accepted"} if step == "decide" else {}
    return int(getattr(actions, step)(desk.database, by, key, opened=opened, today=TODAY, **given))


def mark_member(desk: DeskBuilder, by: Author, name: str) -> int:
    key = uuid4().hex
    ended = {"ended_on": date(2026, 6, 1)} if name == "take_back" else {}
    desk.add_member(f"p-{key}", date(2026, 1, 1), membership_key=key, **ended)
    given: dict[str, object] = {"started_on": TODAY}
    if name == "give_grace":
        given = {"starts_on": TODAY, "ends_on": TODAY, "note": "Illness"}
    elif name == "end_membership":
        given = {"reason": "left", "ended_on": TODAY}
    opened = seen(desk, MEMBERSHIP, key)
    return int(getattr(actions, name)(desk.database, by, key, opened=opened, today=TODAY, **given))


def accept_code(desk: DeskBuilder, by: Author) -> int:
    person = desk.add_person(f"p-{uuid4().hex}")
    opened = seen(desk, CONDUCT, person)
    return actions.accept_code(desk.database, by, person, opened=opened, today=TODAY, version="1", accepted_on=TODAY)


def note(desk: DeskBuilder, by: Author) -> int:
    return actions.write_note(desk.database, by, today=TODAY, noted_on=TODAY, note="New policy", inside=True)


def open_dispute(desk: DeskBuilder, by: Author) -> int:
    return actions.open_dispute(desk.database, by, today=TODAY, kind="travel", opened_on=TODAY)


def go_through(desk: DeskBuilder, by: Author, *, to_the_end: bool) -> int:
    """A step of a dispute that the manager opened; or its end, after the steps."""
    open_dispute(desk, PM)
    with desk.database.program.connect() as connection:
        newest = select(audit.c.subject_key).where(audit.c.subject == DISPUTE).order_by(audit.c.entry_id.desc())
        key = str(connection.execute(newest.limit(1)).scalar())

    def step(code: str, who: Author) -> int:
        return actions.do_step(desk.database, who, key, opened={}, today=TODAY, step=code, done_on=TODAY)

    if not to_the_end:
        return step("heard", by)
    for code in ("heard", "judged"):
        step(code, PM)
    given = {"outcome": "Settled", "closed_on": TODAY, "opened": seen(desk, DISPUTE, key)}
    return actions.close_dispute(desk.database, by, key, today=TODAY, **given)  # type: ignore[arg-type]


def keep_decision(desk: DeskBuilder, by: Author) -> int:
    given = {"topic": "metrics", "what": "Count", "status": "decided", "parts": {"who_decides": "Board"}}
    return actions.record_decision(desk.database, by, opened={}, today=TODAY, decided_on=TODAY, **given)  # type: ignore[arg-type]


def approve_budget(desk: DeskBuilder, by: Author) -> int:
    with desk.database.program.connect() as connection:
        taken = connection.execute(select(func.count()).where(audit.c.subject == BUDGET)).scalar_one()
    given = {"opened": {}, "today": TODAY, "amount": "100", "approved_on": TODAY}
    return actions.approve_budget(desk.database, by, 2030 + taken, **given)  # type: ignore[arg-type]


def raise_need(desk: DeskBuilder, by: Author) -> int:
    given = {"kind": "venue", "note": "A room", "city": "Pune", "raised_on": TODAY}
    return actions.raise_need(desk.database, by, today=TODAY, **given)  # type: ignore[arg-type]


def meet_need(desk: DeskBuilder, by: Author) -> int:
    """A need that the manager raised is met."""
    raise_need(desk, PM)
    with desk.database.program.connect() as connection:
        newest = select(audit.c.subject_key).where(audit.c.subject == NEED).order_by(audit.c.entry_id.desc())
        key = str(connection.execute(newest.limit(1)).scalar())
    opened = seen(desk, NEED, key)
    return actions.meet_need(desk.database, by, key, opened=opened, today=TODAY, met_on=TODAY)


Act = Callable[[DeskBuilder, Author], object]
# By the row of the table that says who may: everything that it names, each to be done by everybody.
CARES: tuple[str, ...] = ("ask_for_review", "review", "record_training", "record_attendance", "thank")
CARES += ("name_coordinator", "start_pilot", "note_of_space", "finish_note")


def care(desk: DeskBuilder, by: Author, name: str) -> int:
    """Something about a new person, application, training or space."""
    key = uuid4().hex
    desk.apply(key, application_key=key)
    desk._add(spaces, {"space_key": key, "name": key})
    desk._add(trainings, {"training_key": key, "title": key, "kind": "other", "held_on": TODAY})
    desk._add(space_notes, {"note_key": key, "space_key": key, "kind": "challenge", "noted_on": TODAY, "note": key})
    of: dict[str, tuple[str, dict[str, Any]]] = {
        "ask_for_review": (REVIEW, {"reviewer": "Ines"}),
        "review": (REVIEW, {"reviewer": "Ines", "score": 1}),
        "record_training": (TRAINING, {"title": f"New {key}", "kind": "other", "held_on": TODAY}),
        "record_attendance": (ATTENDANCE, {"came": [key]}),
        "thank": (THANKS, {"occasion": "core", "occasion_on": TODAY, "given_on": TODAY}),
        "name_coordinator": (SPACE, {"side": "coordinator_technical", "person": key}),
        "start_pilot": (SPACE, {"started_on": TODAY}),
        "note_of_space": (SPACE_NOTE, {"kind": "lesson", "words": "It works", "noted_on": TODAY}),
        "finish_note": (SPACE_NOTE, {"done_on": TODAY}),
    }
    subject, given = of[name]
    if name != "note_of_space":
        given["opened"] = seen(desk, subject, key) if subject in (SPACE, SPACE_NOTE) else {}
    if name not in ("record_attendance", "name_coordinator"):
        given["today"] = TODAY
    about = () if name == "record_training" else (key,)
    done = getattr(actions, name)(desk.database, by, *about, **given)
    return int(done[0] if isinstance(done, list) else done)


ACTS: dict[str, tuple[Act, ...]] = {
    "approving within": (approve, decline, pay),
    "approving over": (
        lambda desk, by: approve(desk, by, "1000.01"),
        lambda desk, by: approve(desk, by, person="stranger"),
    ),
    "taking back": (
        lambda desk, by: actions.undo(desk.database, by, approve(desk, PM)),
        lambda desk, by: actions.undo(desk.database, by, decline(desk, PM)),
    ),
    "recording what became of events": (
        mark_event,
        lambda desk, by: actions.undo(desk.database, by, mark_event(desk, PM)),
        *(partial(mark_application, step=name) for name in ("evaluate", "decide", "train", "graduate")),
        lambda desk, by: actions.undo(desk.database, by, mark_application(desk, PM, "graduate")),
        *(partial(mark_member, name=name) for name in ("give_grace", "end_membership", "take_back")),
        lambda desk, by: actions.undo(desk.database, by, mark_member(desk, PM, "end_membership")),
        accept_code,
        lambda desk, by: actions.undo(desk.database, by, accept_code(desk, PM)),
    ),
    "recording of decisions": (
        keep_decision,
        lambda desk, by: actions.undo(desk.database, by, keep_decision(desk, PM)),
    ),
    "recording what organizers need": (
        raise_need,
        meet_need,
        lambda desk, by: actions.undo(desk.database, by, meet_need(desk, PM)),
    ),
    "recording reviews": (
        *(partial(care, name=name) for name in CARES),
        lambda desk, by: actions.undo(desk.database, by, care(desk, PM, "thank")),
        lambda desk, by: actions.undo(desk.database, by, care(desk, PM, "note_of_space")),
    ),
    "writing notes on the time line": (note, lambda desk, by: actions.undo(desk.database, by, note(desk, PM))),
    "recording of disputes": (
        open_dispute,
        *(partial(go_through, to_the_end=whole) for whole in (False, True)),
        lambda desk, by: actions.undo(desk.database, by, go_through(desk, PM, to_the_end=True)),
    ),
    "approving the year": (
        approve_budget,
        lambda desk, by: actions.undo(desk.database, by, approve_budget(desk, BOARD)),
    ),
    "recording on Teams": (lambda desk, by: risk(desk, by, "docs"),),
    "setting targets": (aim,),
    "showing, exporting and erasing": (erase,),
    "giving and taking": (
        lambda desk, by: actions.set_viewer(desk.database, by, f"{by.name}@example.org", "pm"),
        take_away,
    ),
}


@pytest.mark.parametrize(("row", "act"), [(row, act) for row, acts in ACTS.items() for act in acts])
def test_who_may_record_what(desk: DeskBuilder, row: str, act: Act) -> None:
    for role in Role:
        try:
            act(desk, author(role))
            done = True
        except (NotAllowed, NeedsTheBoard, NeedsTheManager):
            done = False
        assert done == (cells(row)[role] != NO), role
        with desk.database.program.connect() as connection:
            newest = connection.execute(select(audit.c.author).order_by(audit.c.entry_id.desc())).scalars().first()
        assert (newest == role) == done


def test_a_partner_records_on_their_own_teams_only(desk: DeskBuilder) -> None:
    assert cells("recording on Teams")[Role.PARTNER] == "own teams"
    with pytest.raises(NotAllowed):
        risk(desk, author(Role.PARTNER), "code")


def test_who_may_ask_which_question() -> None:
    """Each question is open to whom a page's row is; what tells who somebody is, to the inside."""
    assert allowed("who somebody is") == INSIDE
    rows = [allowed(row) for row in ("Impact", "People", "Budget", "Requests", "what was recorded on Teams")]
    rows.append(QUESTIONS["who_needs_help"].roles)
    assert rows[-1] == allowed("who needs help") == QUESTIONS["core_leavers"].roles
    assert all(QUESTIONS[name].roles == allowed("risks in a team’s data") for name in OF_OWN_TEAMS)
    assert rows[:2] == [EVERYBODY, STAFF]
    assert all(QUESTIONS[name].roles == allowed("newcomers of spaces") for name in OF_SPACES)
    assert QUESTIONS["mentorless_organizers"].roles == allowed("who needs help")
    assert all(QUESTIONS[name].roles == allowed("people of an event") for name in OF_ORGANIZERS)
    for name, question in QUESTIONS.items():
        assert question.roles in rows, name
        held = {column.name for column in question.columns} & ABOUT_ONE - LEFT_OUT.get(name, set())
        assert not held or question.roles <= INSIDE, (name, held)
    assert all(QUESTIONS[name].roles == INSIDE for name in FREE_TEXT)


def test_exact_counts_are_for_the_inside(tmp_path: Path) -> None:
    """Three people contributed, one was paid, in the quarter that is running: inside it is said."""
    program = ProgramBuilder(f"sqlite:///{tmp_path / 'program.db'}")
    program.add_program()
    for person in ("ada", "bo", "cy"):
        program.add_contributions(person, date(2026, 8, 1))
    program.add_payment("50", date(2026, 8, 1), "ada", requested_on=date(2026, 7, 1))
    release(program.database, date(2026, 7, 1))
    for role in Role:
        found = ask(program.database, "impact_summary", Selection(as_of=TODAY), author(role).scope).set_index("measure")
        exact = found["value"].dropna().to_dict()
        told = (exact.get("new_contributors"), exact.get("spend")) == (3, 50)
        assert told == (role in allowed("exact counts")), (role, exact)


def test_each_row_of_the_table_is_checked() -> None:
    known = (*ELSEWHERE, *ACTS, "who somebody is", "what was recorded", "exact counts", "imports, uploads")
    known += (
        "a report to hand on",
        "newcomers of spaces",
        "people of an event",
        "who needs help",
        "risks in a team’s data",
    )
    assert [name for name in TABLE if not name.startswith(known)] == []
