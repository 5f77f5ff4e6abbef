"""Time lines and names: small programs made by hand, and what must and must not be told of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert

from data_access.answers import rows
from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.database.schema import (
    event_contributors,
    materials,
    organizer_needs,
    space_notes,
    spaces,
    thanks,
    training_attendance,
    trainings,
)
from data_access.derived.levels import refresh_contributors
from data_access.questions.named.entries import TimelineEntry
from data_access.questions.named.names import NameFound, NameIndex, named_things
from data_access.selection import Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder
from tests.releasing import ask_outside, release
from tests.tables import records
from tests.team_builders import TeamBuilder

TODAY = date(2026, 9, 15)
NOW = Selection(as_of=TODAY)


def told(database: Database, question: str, as_of: date = TODAY, **options: Any) -> list[tuple[object, ...]]:
    """Day, what, name or words, and number or amount of each entry; what is missing is left out."""
    found = entries(ask(database, question, Selection(as_of=as_of), **options))
    cells = ("happened_on", "what", "name", "words", "people", "number", "amount")
    return [tuple(cell for name in cells if (cell := getattr(row, name)) is not None) for row in found]


def entries(found: pd.DataFrame) -> list[TimelineEntry]:
    return rows(TimelineEntry, found)


def outside(database: Database, question: str, **options: Any) -> list[str]:
    """What leadership is told of, in kinds of entries."""
    release(database, date(2026, 7, 1))
    return [entry.what for entry in entries(ask_outside(database, question, NOW, Role.LEADERSHIP, **options))]


@pytest.fixture
def desk(database: Database) -> DeskBuilder:
    made = DeskBuilder(database)
    made.add_program(member_ceiling=None)
    return made


def test_a_person_from_the_application_to_the_thanks(desk: DeskBuilder) -> None:
    desk.add_cohort()
    desk.add_member("ada", date(2026, 2, 1), person={"name": "Ada", "code_accepted_on": date(2026, 1, 5)})
    decided: dict[str, Any] = {"decision": "accepted", "decided_on": date(2026, 1, 20)}
    desk.apply("ada", on=date(2026, 1, 10), **decided)
    [talk] = desk.take_part("ada", date(2026, 3, 1))
    [ahead] = desk.take_part("ada", date(2026, 10, 1), role="organizer", status="planned")
    paid: dict[str, Any] = {"paid_amount": Decimal(90), "paid_on": date(2026, 3, 9)}
    approval: dict[str, Any] = {"decision": "approved", "decided_on": date(2026, 2, 20), "approved_amount": Decimal(95)}
    desk.add_request("100", "ada", event_key=talk, requested_on=date(2026, 2, 10), **approval, **paid)
    desk.add_mentorship("ada", "bo", date(2026, 4, 1))
    with desk.database.writing() as connection:
        connection.execute(
            insert(trainings),
            {"training_key": "t", "title": "Speaking", "kind": "speaking", "held_on": date(2026, 5, 2)},
        )
        connection.execute(insert(training_attendance), {"training_key": "t", "person_key": "ada", "attended": True})
        given = {"occasion": "first_talk", "occasion_on": date(2026, 3, 1), "given_on": date(2026, 3, 2)}
        connection.execute(insert(thanks), {"person_key": "ada", **given})
    title = f"Event {talk}"
    expected = [
        (date(2026, 10, 1), "planned_role", f"Event {ahead}", "organizer"),
        (date(2026, 5, 2), "training", "Speaking"),
        (date(2026, 4, 1), "mentors", "Bo"),
        (date(2026, 3, 9), "paid", title, Decimal(90)),
        (date(2026, 3, 2), "thanked", "first_talk"),
        (date(2026, 3, 1), "speaker", title),
        (date(2026, 2, 20), "approved", title, Decimal(95)),
        (date(2026, 2, 10), "requested", title, Decimal(100)),
        (date(2026, 2, 1), "became_member"),
        (date(2026, 1, 20), "application_accepted", "C1"),
        (date(2026, 1, 10), "applied", "C1"),
        (date(2026, 1, 5), "code_accepted"),
    ]
    assert told(desk.database, "person_timeline", person="ada") == expected
    early = told(desk.database, "person_timeline", date(2026, 2, 15), person="ada")
    assert early == [
        *(
            (date(2026, 10, 1), "planned_role", f"Event {ahead}", "organizer"),
            (date(2026, 3, 1), "planned_role", title, "speaker"),
        ),
        *expected[-5:],
    ], "the talk was still to come, and nothing was decided or paid"
    assert told(desk.database, "person_timeline", person="bo")[-1] == (date(2026, 4, 1), "mentored_by", "Ada")
    assert told(desk.database, "person_timeline", person="ada", most=3) == expected[:3]
    assert told(desk.database, "person_timeline", person="nobody") == []


def test_contributions_are_summed_by_month_and_steps_have_their_day(tmp_path: Path) -> None:
    built = ProgramBuilder(f"sqlite:///{tmp_path / 'p.db'}")
    built.add_program()
    days = [date(2026, 1, 3), date(2026, 1, 20), *(date(2026, 2, day) for day in range(1, 12))]
    built.add_contributions("ada", *days)
    found = told(built.database, "person_timeline", person="ada")
    monthly = [row for row in found if row[1] == "contributed"]
    assert monthly == [(date(2026, 2, 11), "contributed", 11), (date(2026, 1, 20), "contributed", 2)]
    steps = {row[1]: row[0] for row in found if row[1] != "contributed"}
    assert steps["joined"] == steps["became_casual"] == date(2026, 1, 3)
    assert (steps["became_active"], steps["became_core"]) == (date(2026, 2, 1), date(2026, 2, 10))


@pytest.fixture
def team(database: Database) -> TeamBuilder:
    made = TeamBuilder(database)
    made.add_program()
    made.add_person("cleo", "Cleo Lang")
    appointed = {"coordinator_key": "cleo", "coordinator_appointed_on": date(2026, 1, 15)}
    made.add_team("docs", ("starting", date(2026, 1, 1)), ("learning", date(2026, 3, 1)), name="Docs", **appointed)
    made.add_team("other", ("starting", date(2026, 1, 1)))
    made.add_milestone("docs", "gaps_identified", date(2026, 4, 1))
    made.add_risk("docs", raised_on=date(2026, 4, 2), closed_on=date(2026, 5, 2))
    made.add_event("docs", date(2026, 6, 1), attendance=9)
    made.add_contributors("docs", 2, date(2026, 7, 1))
    made.add_contributors("docs", 1, date(2026, 7, 9))
    made.contribute("docs", made.add_person("zqlost", "Zq Lost"), date(2026, 2, 1), quantity=12)
    with database.writing() as connection:
        refresh_contributors(connection, None)
    return made


FACTS = [
    (date(2026, 6, 1), "event_held", "Meetup", 9),
    (date(2026, 5, 2), "risk_closed", "The coordinator does everything alone"),
    (date(2026, 4, 2), "risk_raised", "The coordinator does everything alone"),
    (date(2026, 4, 1), "milestone", "Gaps in the pathway identified"),
    (date(2026, 3, 1), "stage", "Learning and preparing for growth"),
    (date(2026, 1, 1), "stage", "Starting a pathway"),
]


def test_a_team_as_each_role_may_know_it(team: TeamBuilder) -> None:
    database = team.database
    inside = told(database, "team_timeline", team="docs")
    assert [row for row in inside if row in FACTS] == FACTS
    newcomers = [(date(2026, 7, 9), "newcomers", 3), (date(2026, 2, 1), "newcomers", 1)]
    core = [(date(2026, 2, 1), "left_core", "Zq Lost"), (date(2026, 2, 1), "became_core", "Zq Lost")]
    appointed = [(date(2026, 1, 15), "coordinator", "Cleo Lang")]
    assert sorted(map(str, inside)) == sorted(map(str, [*FACTS, *newcomers, *core, *appointed]))
    before = told(database, "team_timeline", date(2026, 4, 30), team="docs")
    assert not [row for row in before if row[1] in ("left_core", "risk_closed", "event_held")]
    own = Scope(Role.PARTNER, ("docs",), own_teams=True)
    of_own = entries(ask(database, "team_timeline", NOW, own, team="docs"))
    assert {row.name for row in of_own} == {None, "Meetup"}, "how many, and nobody by name"
    assert [row.people for row in of_own if row.what in ("left_core", "became_core")] == [1, 1]
    assert outside(database, "team_timeline", team="docs") == [row[1] for row in FACTS]


def test_an_event_from_the_request_to_what_came_after(desk: DeskBuilder) -> None:
    event = desk.add_event(date(2026, 6, 1), "meet", attendance=30)
    desk.add_member("ada", person={"name": "Ada"})
    desk.add_role(event, "ada", "speaker")
    desk.add_role(event, desk.add_person("bo"), "attendee")
    approval: dict[str, Any] = {"decision": "approved", "decided_on": date(2026, 5, 9), "approved_amount": Decimal(50)}
    paid: dict[str, Any] = {"paid_amount": Decimal(40), "paid_on": date(2026, 6, 9)}
    desk.add_request("60", "ada", event_key=event, requested_on=date(2026, 5, 1), **approval, **paid)
    with desk.database.writing() as connection:
        days = {"bo": date(2026, 7, 2), "ada": date(2026, 7, 20)}
        rows = [{"event_key": event, "person_key": key, "first_on": day} for key, day in days.items()]
        connection.execute(insert(event_contributors), rows)
        guide = {"material_key": "g", "title": "Guide", "language": "en", "published_on": date(2026, 8, 1)}
        connection.execute(insert(materials), {"event_key": event, **guide})
        need = {"need_key": "n", "kind": "venue", "note": "A room", "event_key": event, "raised_on": date(2026, 4, 1)}
        connection.execute(insert(organizer_needs), need)
    expected = [
        (date(2026, 8, 1), "published", "Guide"),
        (date(2026, 7, 20), "contributed_after", 2),
        (date(2026, 6, 9), "paid", "Ada", Decimal(40)),
        (date(2026, 6, 1), "day_held", 30),
        (date(2026, 6, 1), "known_attendees", 1),
        (date(2026, 6, 1), "by_speaker", "Ada"),
        (date(2026, 5, 9), "approved", "Ada", Decimal(50)),
        (date(2026, 5, 1), "requested", "Ada", Decimal(60)),
        (date(2026, 4, 1), "need_raised", "A room"),
    ]
    assert told(desk.database, "event_timeline", event=event) == expected
    ahead = told(desk.database, "event_timeline", date(2026, 5, 2), event=event)
    assert [row[1] for row in ahead] == ["day_planned", "known_attendees", "by_speaker", "requested", "need_raised"]
    assert outside(desk.database, "event_timeline", event=event) == ["published", "day_held"]


def test_a_country_with_a_quiet_time(desk: DeskBuilder) -> None:
    there: dict[str, Any] = {"country": "KE", "located_country": "KE"}
    desk.add_event(date(2024, 1, 10), "first", city="Nairobi", **there)
    desk.add_event(date(2024, 1, 20), "second", city="Nairobi", **there)
    desk.add_event(date(2025, 1, 5), "third", city="Mombasa", **there)
    desk.add_event(date(2026, 10, 5), "next", "planned", city="Nairobi", **there)
    desk.add_event(date(2025, 6, 1), "elsewhere", country="FR", located_country="FR")
    desk.add_member("ada", date(2024, 5, 1), ended_on=date(2024, 8, 1), person={"name": "Ada", "home_country": "KE"})
    assert told(desk.database, "country_timeline", country="ke") == [
        (date(2026, 10, 5), "event_planned", "Event next", "Nairobi"),
        (TODAY, "quiet_since", 19),
        (date(2025, 1, 5), "quiet_until", 11),
        (date(2025, 1, 5), "new_town", "Mombasa"),
        (date(2025, 1, 5), "events_held", 1),
        (date(2024, 8, 1), "membership_ended", "Ada"),
        (date(2024, 5, 1), "became_member", "Ada"),
        (date(2024, 1, 20), "events_held", 2),
        (date(2024, 1, 10), "first_event", "Event first"),
    ]
    facts = {"event_planned", "quiet_since", "quiet_until", "new_town", "events_held", "first_event"}
    assert set(outside(desk.database, "country_timeline", country="KE")) == facts


def test_a_space_with_a_pilot(desk: DeskBuilder) -> None:
    opened = {"space_key": "s", "name": "Space", "opened_on": date(2026, 7, 1), "pilot_days": 31}
    notes = [
        {"note_key": "n1", "kind": "roadmap", "noted_on": date(2026, 7, 2), "done_on": date(2026, 7, 20)},
        {"note_key": "n2", "kind": "lesson", "noted_on": date(2026, 8, 2), "done_on": None},
    ]
    with desk.database.writing() as connection:
        connection.execute(insert(spaces), opened)
        connection.execute(insert(space_notes), [{"space_key": "s", "note": "Zq note", **note} for note in notes])
    event = desk.add_event(date(2026, 7, 10), "meet", space_key="s", attendance=5)
    desk.add_role(event, desk.add_person("ada"), "attendee")
    expected = [
        (date(2026, 8, 2), "note_lesson", "Zq note"),
        (date(2026, 7, 31), "pilot_ended", 31),
        (date(2026, 7, 20), "roadmap_done", "Zq note"),
        (date(2026, 7, 10), "known_visitors", 1),
        (date(2026, 7, 10), "event_held", "Event meet", 5),
        (date(2026, 7, 2), "note_roadmap", "Zq note"),
        (date(2026, 7, 1), "pilot_started"),
        (date(2026, 7, 1), "space_opened"),
    ]
    assert told(desk.database, "space_timeline", space="s") == expected
    assert told(desk.database, "space_timeline", date(2026, 7, 5), space="s")[:2] == [
        (date(2026, 7, 31), "pilot_ends", 31),
        (date(2026, 7, 10), "event_planned", "Event meet"),
    ]
    facts = ["pilot_ended", "event_held", "pilot_started", "space_opened"]
    assert outside(desk.database, "space_timeline", space="s") == facts


def test_names_are_found_by_the_first_letters_of_their_words_and_people_inside_alone(desk: DeskBuilder) -> None:
    desk.add_member("p1", person={"name": "Zoë Çelik"})
    desk.add_event(date(2026, 6, 1), "e1", title="Zoé’s evening")
    found = records(ask(desk.database, "names_found", NOW, text="zoe"))
    assert [(row["kind"], row["key"]) for row in found] == [("person", "p1"), ("event", "e1")]
    assert records(ask(desk.database, "what_is", NOW, kind="person", key="p1"))[0]["name"] == "Zoë Çelik"
    release(desk.database, date(2026, 7, 1))
    public = records(ask_outside(desk.database, "names_found", NOW, Role.LEADERSHIP, text="zoe"))
    assert [row["kind"] for row in public] == ["event"]
    for key in ("p1", "nobody"):
        assert records(ask_outside(desk.database, "what_is", NOW, Role.LEADERSHIP, kind="person", key=key)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mull", ["Müller", "Anna Müller"]),
        ("MÜLLER", ["Müller", "Anna Müller"]),
        ("anna m", ["Anna Müller"]),
        ("ller", []),
        ("太郎", ["山田太郎"]),
        ("山田", ["山田太郎"]),
        ("o'brien", ["Seán O’Brien"]),
        ("sean obr", ["Seán O’Brien"]),
        ("p-3", ["Seán O’Brien"]),
        ("สม", ["สมชาย ใจดี"]),
        ("", []),
        ("  ! ", []),
    ],
)
def test_a_name_in_any_script_case_and_accent(text: str, found: list[str]) -> None:
    """Whole names first; words by their beginnings; scripts without blanks anywhere."""
    names = ("Anna Müller", "Müller", "Seán O’Brien", "山田太郎", "สมชาย ใจดี")
    index = NameIndex.of(NameFound("person", f"p-{n}", name, None, None) for n, name in enumerate(names, 1))
    assert [thing.name for thing in index.find(text)] == found


SPOKEN_OF = (
    *("Anna Müller", "Müller", "Muller-Anna Öz", "Seán O’Brien", "OBrien", "山田太郎", "สมชาย ใจดี", "김민수", "김수민"),
    *(
        "Straße 1",
        "Strasse 1",
        "Jo\u0301se\u0301 ﬁlho",
        "Ελένη Παπαδάκη",
        "Жанна Щукина",
        "नेहा शर्मा",
        "½ Mile",
        "A_B (c)",
    ),
)


def test_a_question_finds_what_the_index_finds(either: Database, tmp_path: Path) -> None:
    """Which looks at every name, while the database hands over those alone that may be it."""
    desk = DeskBuilder(either)
    for number, name in enumerate(SPOKEN_OF):
        desk.add_member(f"p{number}", person={"name": name})
        desk.add_event(date(2026, 6, 1 + number), f"e{number}", title=f"Evening with {name}")
    for number in range(60):
        desk.add_event(date(2025, 1, 1), f"many{number}", title=f"Evening {number} of many")
    write_read_copy(either.program, tmp_path / "copy.duckdb")
    copied = Database(either.url, tmp_path / "copy.duckdb")
    assert copied.reads_from_copy()
    with either.reading() as connection:
        index = NameIndex.of(named_things(connection, with_people=True))
    texts = [*SPOKEN_OF, *(name[:2] for name in SPOKEN_OF), *(name.split()[-1][:3] for name in SPOKEN_OF)]
    for text in (*texts, "evening", "evening 1", "many 5", "p1", "e1", "germany", "with anna", "nobody"):
        expected = [(thing.kind, thing.key) for thing in index.find(text)]
        for database in (either, copied):
            found = [(row["kind"], row["key"]) for row in records(ask(database, "names_found", NOW, text=text))]
            assert found == expected, (text, database.read_copy)
    copied.close()


def test_at_most_five_of_a_kind_however_many_there_are() -> None:
    people = [NameFound("person", f"p{n}", f"Ann Lee {n}", None, None) for n in range(7_000)]
    events = [NameFound("event", f"e{n}", f"Evening with Ann {n}", None, None) for n in range(10)]
    index = NameIndex.of([*people, *events])
    assert [thing.kind for thing in index.find("ann")] == ["person"] * 5 + ["event"] * 5
    assert [thing.key for thing in index.find("ann 6999")] == ["p6999"]
