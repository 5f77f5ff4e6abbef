"""Members, requests and ceilings for tests, in any database: each call shows only what matters to the test."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import Table, insert

from data_access.database.engine import Database
from data_access.database.schema import (
    applications,
    budgets,
    cohorts,
    events,
    exchange_rates,
    funding_requests,
    memberships,
    mentorships,
    participations,
    people,
    person_languages,
    program,
)
from data_access.derived.money import refresh_budgets, refresh_money


class DeskBuilder:
    """A program of members that grows by sentences."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._numbers = count(1)
        self._known: set[str] = set()

    def _add(self, table: Table, *rows: dict[str, Any]) -> None:
        if rows:
            with self.database.writing() as connection:
                connection.execute(insert(table), list(rows))

    def add_program(self, **settings: Any) -> None:
        row = {"currency": "EUR", "member_ceiling": Decimal(1000), **settings}
        self._add(program, {"program_id": 1, "name": "Test program", **row})

    def add_person(self, key: str, **columns: Any) -> str:
        if key not in self._known:
            self._known.add(key)
            languages = columns.pop("languages", ())
            self._add(people, {"person_key": key, "name": key.capitalize(), **columns})
            self._add(person_languages, *({"person_key": key, "language": tag} for tag in languages))
        return key

    def add_member(self, key: str = "ada", started_on: date = date(2024, 1, 1), **columns: Any) -> str:
        self.add_person(key, **columns.pop("person", {}))
        row = {"membership_key": f"m{next(self._numbers)}", "person_key": key, "started_on": started_on}
        self._add(memberships, row | columns)
        return key

    def add_event(self, on: date = date(2026, 8, 1), key: str = "", status: str | None = "held", **columns: Any) -> str:
        key = key or f"e{next(self._numbers)}"
        self._add(events, {"event_key": key, "title": f"Event {key}", "starts_on": on, "status": status, **columns})
        return key

    def take_part(self, person: str, *days: date, role: str = "speaker", status: str | None = "held") -> list[str]:
        """An event on each of the days, in which the person has the role."""
        keys = [self.add_event(day, status=status) for day in days]
        self._add(participations, *({"event_key": key, "person_key": person, "role": role} for key in keys))
        return keys

    def add_role(self, event: str, person: str, role: str, language: str | None = None) -> None:
        row = {"event_key": event, "person_key": person, "role": role, "language": language}
        self._add(participations, row)

    def add_request(self, amount: str = "100", person: str = "ada", key: str = "", **columns: Any) -> str:
        """A pending request of 1 September 2026, or of the day it was decided on, in the program's currency."""
        key = key or f"r{next(self._numbers)}"
        row = {
            "request_key": key,
            "person_key": self.add_person(person),
            "requested_amount": Decimal(amount),
            "currency": "EUR",
            "requested_on": min(date(2026, 9, 1), columns.get("decided_on") or date.max),
            "decision": "pending",
        }
        self._add(funding_requests, row | columns)
        self.refresh()
        return key

    def add_budget(self, amount: str, year: int = 2026, person: str | None = None, currency: str = "EUR") -> None:
        row = {"fiscal_year": year, "amount": Decimal(amount), "currency": currency, "person_key": person}
        self._add(budgets, row)
        self.refresh()

    def add_rate(self, currency: str, on: date, rate: str) -> None:
        self._add(exchange_rates, {"currency": currency, "on": on, "rate_to_program_currency": Decimal(rate)})
        self.refresh()

    def add_cohort(self, key: str = "c1", opens: date = date(2026, 1, 1), **columns: Any) -> str:
        self._add(cohorts, {"cohort_key": key, "name": key.upper(), "applications_open_on": opens, **columns})
        return key

    def apply(self, person: str, cohort: str = "c1", on: date = date(2026, 1, 10), **columns: Any) -> None:
        row = {"application_key": f"a{next(self._numbers)}", "person_key": self.add_person(person)}
        self._add(applications, row | {"cohort_key": cohort, "applied_on": on} | columns)

    def add_mentorship(self, mentor: str, mentee: str, started_on: date = date(2026, 1, 1)) -> None:
        row = {"mentor_key": mentor, "mentee_key": self.add_person(mentee), "started_on": started_on}
        self._add(mentorships, row)

    def refresh(self) -> None:
        """What is derived from money, as an import does it."""
        with self.database.writing() as connection:
            refresh_money(connection, None)
            refresh_budgets(connection)
