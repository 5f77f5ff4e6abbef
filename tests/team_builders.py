"""Teams for tests, in any database: each call shows only what matters to the test."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Table, insert, select

from data_access.database.engine import Database
from data_access.database.schema import (
    areas,
    contributions,
    events,
    mentorships,
    participations,
    people,
    program,
    team_milestones,
    team_risks,
    team_stages,
    teams,
)
from data_access.derived.team_contributors import refresh_team_contributors


class TeamBuilder:
    """A program of teams that grows by sentences."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._numbers = count(1)

    def _add(self, table: Table, *rows: dict[str, Any]) -> None:
        if rows:
            with self.database.writing() as connection:
                connection.execute(insert(table), list(rows))

    def add_program(self, **settings: Any) -> None:
        self._add(program, {"program_id": 1, "name": "Test program", "currency": "EUR", **settings})

    def add_team(self, key: str = "team-a", *stages: tuple[str, date], name: str = "", **columns: Any) -> str:
        """A team that entered these stages."""
        self._add(teams, {"team_key": key, "name": name or key.replace("-", " ").capitalize(), **columns})
        self._add(
            team_stages, *({"team_key": key, "stage": stage, "entered_on": day, "note": None} for stage, day in stages)
        )
        return key

    def add_person(self, key: str = "", name: str | None = None) -> str:
        key = key or f"p{next(self._numbers)}"
        self._add(people, {"person_key": key, "name": name})
        return key

    def add_milestone(self, team: str, milestone: str, reached_on: date, url: str | None = None) -> None:
        row = {"team_key": team, "milestone": milestone, "reached_on": reached_on, "evidence_url": url, "note": None}
        self._add(team_milestones, row)

    def add_risk(self, team: str, risk: str = "not_delegating", raised_on: date = date(2026, 3, 1), **more: Any) -> str:
        key = f"r{next(self._numbers)}"
        row = {"severity": "medium", "closed_on": None, **more}
        self._add(team_risks, {"risk_key": key, "team_key": team, "risk": risk, "raised_on": raised_on, **row})
        return key

    def contribute(
        self, team: str, person: str, *days: date, quantity: int = 1, area: str = "docs", **more: Any
    ) -> None:
        rows = ({"person_key": person, "contributed_on": day, "team_key": team} for day in days)
        self.add_contributions([{**row, "area": area, "quantity": quantity, **more} for row in rows])

    def add_contributions(self, rows: list[dict[str, Any]]) -> None:
        """Many at once; areas that are new are added."""
        with self.database.writing() as connection:
            known = set(connection.execute(select(areas.c.area)).scalars())
        self._add(areas, *({"area": area} for area in sorted({row["area"] for row in rows} - known)))
        self._add(contributions, *rows)
        with self.database.writing() as connection:
            refresh_team_contributors(connection, None)

    def add_contributors(self, team: str, number: int, on: date, quantity: int = 1) -> list[str]:
        """So many new people who contribute on one day."""
        keys = [self.add_person() for _ in range(number)]
        for key in keys:
            self.contribute(team, key, on, quantity=quantity)
        return keys

    def add_mentorship(self, mentor: str, mentee: str, circle: str | None = None, **more: Any) -> None:
        row = {"started_on": date(2026, 1, 1), "ended_on": None, **more}
        self._add(mentorships, {"mentor_key": mentor, "mentee_key": mentee, "circle": circle, **row})

    def add_event(self, team: str, on: date, **columns: Any) -> str:
        """An event of the team that was held, unless the columns say otherwise; returns its key."""
        key = f"e{next(self._numbers)}"
        row = {"event_key": key, "title": "Meetup", "starts_on": on, "status": "held", "team_key": team, **columns}
        self._add(events, row)
        return key

    def take_part(self, event: str, person: str, role: str = "attendee", **columns: Any) -> None:
        self._add(participations, {"event_key": event, "person_key": person, "role": role, **columns})

    def add_organizer(self, person: str, city: str, on: date = date(2026, 5, 1), role: str = "organizer") -> None:
        key = f"e{next(self._numbers)}"
        self._add(events, {"event_key": key, "title": "Meetup", "starts_on": on, "status": "held", "city": city})
        self._add(participations, {"event_key": key, "person_key": person, "role": role})

    def completed_stays(self, stage: str, following: str, *lengths: int, start: date = date(2024, 1, 1)) -> None:
        """A team for each length (days), which left the stage for the following one."""
        for days in lengths:
            self.add_team(f"past-{next(self._numbers)}", (stage, start), (following, start + timedelta(days=days)))
