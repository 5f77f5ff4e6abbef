"""Reads the files of a bundle as they are written in docs: rows of plain values, nothing located, derived or converted.

Everything in this folder is a second way to the product's numbers, written from their definitions and without its SQL.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from data_access.geography.countries import all_countries


@dataclass(frozen=True, slots=True)
class Settings:
    currency: str
    year_starts: tuple[int, int]
    floor: int
    grace_quarters: int
    ceiling: Decimal | None
    active_min: int
    core_min: int
    window_days: int
    conversion_days: int


@dataclass(frozen=True, slots=True)
class Event:
    key: str
    day: date
    status: str
    mode: str
    scale: str
    country: str
    region: str
    area: str
    team: str
    space: str
    languages: frozenset[str]
    attendance: int | None


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    country: str
    region: str
    joined_on: date | None
    channel: str


@dataclass(frozen=True, slots=True)
class Contribution:
    person: str
    day: date
    area: str
    team: str
    quantity: int
    event: str


@dataclass(frozen=True, slots=True)
class Application:
    person: str
    applied_on: date
    evaluated_on: date | None
    accepted_on: date | None
    trained_on: date | None
    graduated_on: date | None


@dataclass(frozen=True, slots=True)
class Membership:
    person: str
    cohort: str
    started_on: date
    ended_on: date | None
    grace: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    event: str
    person: str
    role: str
    language: str


@dataclass(frozen=True, slots=True)
class Mentorship:
    mentor: str
    mentee: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Request:
    key: str
    person: str
    event: str
    category: str
    requested: Decimal
    currency: str
    requested_on: date
    decision: str
    decided_on: date | None
    approved: Decimal | None
    paid: Decimal | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class Budget:
    year: int
    amount: Decimal
    currency: str
    person: str


@dataclass(frozen=True, slots=True)
class Bundle:
    settings: Settings
    events: dict[str, Event]
    people: dict[str, Person]
    contributions: list[Contribution]
    code_areas: frozenset[str]
    teams: tuple[str, ...]
    applications: list[Application]
    memberships: list[Membership]
    participations: list[Participation]
    mentorships: list[Mentorship]
    requests: list[Request]
    budgets: list[Budget]
    rates: dict[str, list[tuple[date, Decimal]]]
    attributes: list[tuple[str, str, str]]
    regions: dict[str, str]
    inhabitants: dict[str, int]


def _grace(row: dict[str, str]) -> tuple[date, date] | None:
    first, last = _day(row.get("grace_starts_on", "")), _day(row.get("grace_ends_on", ""))
    return None if first is None or last is None else (first, last)


def read(folder: Path) -> Bundle:
    """The bundle of a folder of CSV files."""
    (program,) = _rows(folder, "program")
    # UN M49 and CLDR's inhabitants are facts about the world, not numbers of the product.
    regions = {entry.code: entry.region for entry in all_countries()}
    regions |= {row["country"]: row["region"] for row in _rows(folder, "regions")}
    month, day = program["fiscal_year_start"].split("-")
    rates: dict[str, list[tuple[date, Decimal]]] = {}
    for row in _rows(folder, "exchange_rates"):
        rates.setdefault(row["currency"], []).append(
            (date.fromisoformat(row["on"]), Decimal(row["rate_to_program_currency"]))
        )
    return Bundle(
        settings=Settings(
            currency=program["currency"],
            year_starts=(int(month), int(day)),
            floor=int(program["floor_events_per_quarter"]),
            grace_quarters=int(program["grace_quarters"]),
            ceiling=_amount(program["member_ceiling"]),
            active_min=int(program["active_min"]),
            core_min=int(program["core_min"]),
            window_days=int(program["window_days"]),
            conversion_days=int(program["conversion_window_days"]),
        ),
        events={row["event_key"]: _event(row, regions) for row in _rows(folder, "events")},
        people={
            row["person_key"]: Person(
                row["person_key"],
                row["home_country"],
                regions.get(row["home_country"], ""),
                _day(row["joined_on"]),
                row["entry_channel"],
            )
            for row in _rows(folder, "people")
        },
        contributions=_contributions(folder),
        code_areas=frozenset(row["area"] for row in _rows(folder, "areas") if row["is_code"] == "yes"),
        teams=tuple(row["team_key"] for row in _rows(folder, "teams")),
        applications=[
            Application(
                row["person_key"],
                date.fromisoformat(row["applied_on"]),
                _day(row["evaluated_on"]),
                _day(row["decided_on"]) if row["decision"] == "accepted" else None,
                _day(row["trained_on"]),
                _day(row["graduated_on"]),
            )
            for row in _rows(folder, "applications")
        ],
        memberships=[
            Membership(
                row["person_key"],
                row["cohort_key"],
                date.fromisoformat(row["started_on"]),
                _day(row["ended_on"]),
                _grace(row),
            )
            for row in _rows(folder, "memberships")
        ],
        participations=[
            Participation(row["event_key"], row["person_key"], row["role"], base_language(row["language"]))
            for row in _rows(folder, "participations")
        ],
        mentorships=[
            Mentorship(
                row["mentor_key"], row["mentee_key"], date.fromisoformat(row["started_on"]), _day(row["ended_on"])
            )
            for row in _rows(folder, "mentorships")
        ],
        requests=[_request(row) for row in _rows(folder, "funding_requests")],
        budgets=[
            Budget(int(row["fiscal_year"]), Decimal(row["amount"]), row["currency"], row["person_key"])
            for row in _rows(folder, "budgets")
        ],
        rates={currency: sorted(found) for currency, found in rates.items()},
        attributes=[(row["person_key"], row["dimension"], row["value"]) for row in _rows(folder, "person_attributes")],
        regions=regions,
        inhabitants={entry.code: entry.population for entry in all_countries()},
    )


def base_language(tag: str) -> str:
    """Portuguese of Brazil and of Portugal are one language, and so are all scripts of one."""
    return tag.partition("-")[0]


def _event(row: dict[str, str], regions: dict[str, str]) -> Event:
    country = "" if row["mode"] == "online" else row["country"]
    return Event(
        key=row["event_key"],
        day=date.fromisoformat(row["starts_on"]),
        status=row["status"],
        mode=row["mode"],
        scale=row["scale"],
        country=country,
        region=regions.get(country, ""),
        area=row["area"],
        team=row["team_key"],
        space=row["space_key"],
        languages=frozenset(base_language(tag) for tag in row["languages"].split(";") if tag),
        attendance=int(row["attendance"]) if row["attendance"] else None,
    )


def _contributions(folder: Path) -> list[Contribution]:
    """Rows that agree in person, day, area, team, event and project are added up."""
    columns = ("person_key", "contributed_on", "area", "team_key", "event_key", "project")
    made = Counter[tuple[str, ...]]()
    for row in _rows(folder, "contributions"):
        made[tuple(row[name] for name in columns)] += int(row["quantity"] or 1)
    return [
        Contribution(person, date.fromisoformat(day), area, team, quantity, event)
        for (person, day, area, team, event, _), quantity in made.items()
    ]


def _request(row: dict[str, str]) -> Request:
    return Request(
        key=row["request_key"],
        person=row["person_key"],
        event=row["event_key"],
        category=row["category"],
        requested=Decimal(row["requested_amount"]),
        currency=row["currency"],
        requested_on=date.fromisoformat(row["requested_on"]),
        decision=row["decision"] or "pending",
        decided_on=_day(row["decided_on"]),
        approved=_amount(row["approved_amount"]),
        paid=_amount(row["paid_amount"]),
        paid_on=_day(row["paid_on"]),
    )


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    path = folder / f"{table}.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _amount(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None
