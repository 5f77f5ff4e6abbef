"""A program with something in every corner, and the same one with hostile words wherever words come from data."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, String, case, func, insert, select, text, update

from data_access import actions
from data_access.actions import Author
from data_access.contract.tables import TABLES, Kind
from data_access.database.engine import Database
from data_access.database.schema import (
    areas,
    audit,
    challenges,
    decisions,
    events,
    materials,
    metadata,
    organizer_needs,
    participations,
    person_attributes,
    space_notes,
    spaces,
    targets,
    viewers,
)
from data_access.derived.levels import refresh_contributors
from data_access.derived.organizers import refresh_organizers
from data_access.selection import Role, Scope
from tests.builders import ProgramBuilder, believable_program
from tests.desk_builders import DeskBuilder
from tests.team_builders import TeamBuilder

AS_OF = date(2026, 9, 15)
MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("x")'
RIGHT_TO_LEFT = "\u202eשלום مؤتمر "
LONG = "長" * 10_000
COLUMNS = [column for table in TABLES.values() for column in table.columns]
# Titles, names, notes and answers, in the tables that are imported.
WORDS = {column.name for column in COLUMNS if column.kind in (Kind.TEXT, Kind.LABEL)}
# What one of them is called elsewhere may be one of a few words here.
CHOSEN = {(table.name, column.name) for table in TABLES.values() for column in table.columns if column.choices}
# What rows are known by in every table; filters offer some of it.
KEYS = {column.name for column in COLUMNS if column.kind is Kind.KEY or column.references} | {"topic"}


def full_program(url: str) -> ProgramBuilder:
    """The believable program with members, cohorts, requests, teams, answers of people, materials and a viewer."""
    built = believable_program(url)
    built.set_population(DE=83_000_000, FR=68_000_000, IN=1_400_000_000, BR=214_000_000, KE=54_000_000, JP=125_000_000)
    desk = DeskBuilder(built.database)
    desk.add_cohort(places=4)
    for person, home in (("ada", "DE"), ("bo", "FR"), ("cy", "KE")):
        desk.add_member(person, cohort_key="c1", person={"home_country": home, "languages": ("en", "sw")})
        desk.apply(person, decision="accepted", decided_on=date(2026, 1, 20), graduated_on=date(2026, 2, 1))
    desk.add_member("di", ended_on=date(2026, 6, 5))
    desk.take_part("ada", date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3))
    desk.take_part("bo", date(2026, 6, 1))
    desk.add_mentorship("ada", "bo")
    desk.add_budget("60000")
    desk.add_request("250", "ada")
    desk.add_request("90", "bo", decision="approved", decided_on=date(2026, 8, 1), approved_amount=90)
    teams = TeamBuilder(built.database)
    teams.add_team("docs", ("starting", date(2026, 1, 1)), ("learning", date(2026, 3, 1)), partner="Esi Owusu")
    teams.add_team("qa", ("pre_work", date(2026, 6, 1)))
    teams.add_milestone("docs", "gaps_identified", date(2026, 4, 1), "https://wiki.example.org/gaps")
    teams.add_risk("docs")
    built.add(areas, area="docs")
    newcomers = teams.add_contributors("docs", 6, date(2026, 5, 1), quantity=3)
    teams.add_mentorship(newcomers[0], newcomers[1], "First circle")
    said = [
        {"person_key": f"member-{number}", "dimension": dimension, "value": values[number % len(values)]}
        for number in range(6)
        for dimension, values in (("gender", ("woman", "man")), ("age band", ("18–24", "25–34", "35–44")))
    ]
    spoken = built.add_event("The members' evening", date(2026, 5, 12))
    for number in range(6):
        built.add(participations, event_key=spoken, person_key=f"member-{number}", role="speaker")
    with built.database.writing() as connection:
        connection.execute(insert(person_attributes), said)
        guide = {"title": "Guide", "published_on": date(2026, 5, 1)}
        own = {"original_key": None, "kind": "guide", "author_key": "ada", "event_key": spoken}
        connection.execute(insert(materials), {"material_key": "m0", "language": "de", **own, **guide})
        connection.execute(insert(materials), {"material_key": "m1", "language": "fr", "original_key": "m0", **guide})
        refresh_contributors(connection, None)
    add_spaces(built)
    add_decisions(built)
    add_arcs(built)
    built.add_event("Next year's summit", date(2026, 11, 2), "FR", status="planned")
    built.add_hint(built.add_import("second bundle"), 2)
    actions.set_viewer(built.database, Author("tests", Scope(Role.PM)), "pm@example.org", Role.PM, [])
    return built


def add_arcs(built: ProgramBuilder) -> None:
    """Tasks before, during and after meetups, organizers old and new in two towns, and what they need."""
    with built.database.writing() as connection:
        listed = select(events.c.event_key).where(events.c.title.like("Monthly meetup%"))
        keys = list(connection.execute(listed.order_by(events.c.starts_on.desc(), events.c.event_key)).scalars())
        task = {"kind": "contribution_challenge", "completed_count": 3}
        tasks = [
            {"challenge_key": f"{key}-{phase}", "event_key": key, "phase": phase, "project": project, **task}
            for key in keys
            for phase, project in (("before", None), ("during", "Handbook"), ("after", "Website"))
        ]
        connection.execute(insert(challenges), tasks)
        connection.execute(
            update(events).where(events.c.country == "KE", events.c.title.like("Intro%")).values(city="Nairobi")
        )
        of_town = {
            town: list(
                connection.execute(
                    select(events.c.event_key)
                    .where(events.c.country == country, events.c.city == town)
                    .order_by(events.c.starts_on, events.c.event_key)
                ).scalars()
            )
            for town, country in (("Capital", "DE"), ("Nairobi", "KE"))
        }
        old, new, there = of_town["Capital"][:3], of_town["Capital"][-5:], of_town["Nairobi"][-1:]
        organized = [(key, number + 1) for keys in (old, new) for number, key in enumerate(keys)]
        organizer = [
            {"event_key": key, "person_key": f"member-{number}", "role": "organizer"}
            for key, number in (*organized, (there[0], 0))
        ]
        connection.execute(insert(participations), organizer)
    about = {"kind": "venue", "note": "A room for forty", "city": "Nairobi", "met_on": None}
    built.add(organizer_needs, need_key="w1", raised_on=date(2026, 6, 1), **about)
    built.add(organizer_needs, need_key="w2", raised_on=date(2026, 7, 1), **about | {"met_on": date(2026, 7, 9)})
    with built.database.writing() as connection:
        refresh_organizers(connection, None)


def add_spaces(built: ProgramBuilder) -> None:
    """Two spaces, one of them a pilot that runs, with coordinators and notes; some of the meetups were held there."""
    opened = {"target_events_per_week": 1, "target_events_per_year": 32, "city": "Berlin", "country": "DE"}
    point = {"latitude": 52.5, "longitude": 13.4}
    built.add(
        spaces, space_key="s", name="Space", opened_on=date(2024, 1, 1), coordinator_technical="ada", **opened, **point
    )
    built.add(
        spaces, space_key="pilot", name="Pilot", opened_on=date(2026, 7, 1), pilot_started_on=date(2026, 7, 8),
        pilot_days=90, **opened,
    )  # fmt: skip
    steps = (("n1", "roadmap", "First event", date(2026, 8, 1), None), ("n2", "lesson", "Mentors help", None, None))
    for key, kind, note, due_on, done_on in steps:
        built.add(
            space_notes, note_key=key, space_key="pilot", kind=kind, noted_on=date(2026, 7, 9), note=note,
            due_on=due_on, done_on=done_on,
        )  # fmt: skip
    built.add(
        targets,
        metric="events",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        value=90.0,
        scope="space:s",
    )
    held_there = events.c.title.like("Intro workshop%")
    with built.database.writing() as connection:
        connection.execute(update(events).where(held_there).values(space_key="s", new_contributors=2))
        connection.execute(
            update(events).where(held_there, events.c.starts_on > date(2026, 7, 8)).values(space_key="pilot")
        )


def add_decisions(built: ProgramBuilder) -> None:
    """One that stands, the one whose place it took, and a proposal."""
    whose = {"who_decides": "Board", "who_agrees": "Program manager", "consulted": "Partners", "informed": "Members"}
    known = {"evidence_url": "https://wiki.example.org/floor", **whose}
    for key, what, day, supersedes in (("d1", "Two", date(2025, 1, 1), None), ("d2", "Three", date(2026, 1, 1), "d1")):
        about = {"decision_key": key, "what": f"{what} events a quarter", "decided_on": day, "supersedes": supersedes}
        built.add(decisions, topic="accountability", status="decided", **about, **known)
    built.add(decisions, decision_key="d3", topic="resources", what="Keep a tenth for new countries", status="proposed")


def make_hostile(database: Database) -> None:
    """Puts markup, a formula, text from right to left or ten thousand characters before every word of the program.

    A word is changed everywhere in the same way, so that what belonged together still does.
    """
    with database.writing() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in set(metadata.sorted_tables) - {audit, viewers}:
            changing = WORDS | KEYS if table.name in TABLES else KEYS
            changed = {
                column.name: _hostile(column, long=column.name not in KEYS)
                for column in table.columns
                if isinstance(column.type, String)
                and column.name in changing
                and (table.name, column.name) not in CHOSEN
            }
            if changed:
                connection.execute(update(table).values(changed))


def _hostile(column: ColumnElement[str], long: bool) -> ColumnElement[str]:
    kind = func.length(column) % (4 if long else 3)
    prefixes = ((kind == 0, MARKUP), (kind == 1, FORMULA), (kind == 2, RIGHT_TO_LEFT))
    return case((column == "", ""), *((found, prefix + column) for found, prefix in prefixes), else_=LONG + column)
