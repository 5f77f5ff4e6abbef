"""Builds small programs for tests: each call shows only what matters to the test, the rest has defaults."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, literal, select, update

from data_access.database.engine import Database, let_readers_go_on
from data_access.database.faults import newest_schema
from data_access.database.schema import (
    areas,
    contributions,
    countries,
    event_languages,
    event_topics,
    events,
    funding_conversions,
    funding_requests,
    import_counts,
    import_problems,
    imports,
    metadata,
    people,
    places,
    program,
    spaces,
    teams,
)
from data_access.derived.levels import refresh_contributors
from data_access.derived.money import refresh_ledger
from data_access.derived.team_contributors import refresh_team_contributors
from data_access.program import load_program

# code: (alpha-3, name, region, continent, latitude, longitude)
COUNTRIES = {
    "DE": ("DEU", "Germany", "Western Europe", "Europe", 52.5, 13.4),
    "FR": ("FRA", "France", "Western Europe", "Europe", 48.9, 2.4),
    "IN": ("IND", "India", "Southern Asia", "Asia", 18.5, 73.9),
    "BR": ("BRA", "Brazil", "South America", "Americas", -23.6, -46.6),
    "KE": ("KEN", "Kenya", "Eastern Africa", "Africa", -1.3, 36.8),
    "JP": ("JPN", "Japan", "Eastern Asia", "Asia", 35.7, 139.7),
}


class ProgramBuilder:
    """A program database that grows by sentences."""

    def __init__(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:///") and not path.exists():
            shutil.copy(_empty_file(), path)
        self.database = Database(url)
        metadata.create_all(self.database.program)
        self._numbers = count(1)
        self._known: dict[str, set[str]] = {name: set() for name in ("people", "places", "teams", "spaces", "areas")}
        self._derives = True
        self._add(
            countries,
            *(
                {"country": code, "alpha3": alpha3, "name": name, "region": region, "continent": continent}
                for code, (alpha3, name, region, continent, _, _) in COUNTRIES.items()
            ),
        )

    def copied_to(self, url: str) -> ProgramBuilder:
        """A builder that goes on with a copy of this one's file."""
        other = copy(self)
        other.database = Database(url)
        other._numbers = count(next(self._numbers))
        other._known = {name: set(known) for name, known in self._known.items()}
        return other

    def _add(self, table: Table, *rows: dict[str, Any]) -> None:
        if rows:
            with self.database.writing() as connection:
                connection.execute(insert(table), list(rows))

    def _once(self, kind: str, key: str, table: Table, row: dict[str, Any]) -> None:
        if key and key not in self._known[kind]:
            self._known[kind].add(key)
            self._add(table, row)

    def add_program(self, name: str = "Test program", currency: str = "EUR", **settings: Any) -> None:
        self._add(program, {"program_id": 1, "name": name, "currency": currency, **settings})

    def set_population(self, **inhabitants: int) -> None:
        """Inhabitants by country code: `set_population(IN=1_400_000_000)`."""
        with self.database.writing() as connection:
            for code, number in inhabitants.items():
                connection.execute(update(countries).where(countries.c.country == code).values(population=number))

    def add_space(self, key: str, **columns: Any) -> str:
        """A space with the usual targets, called like its key; before its first event."""
        self._once("spaces", key, spaces, {"space_key": key, "name": key, **columns})
        return key

    def add_event(
        self,
        title: str = "Meetup",
        starts_on: date = date(2026, 5, 5),
        country: str | None = "DE",
        *,
        key: str = "",
        city: str = "Capital",
        located: bool = True,
        topics: tuple[str, ...] = (),
        languages: tuple[str, ...] = ("en",),
        **columns: Any,
    ) -> str:
        """An event held in a located place, in English, unless the test says otherwise; returns its key."""
        key = key or f"event-{next(self._numbers)}"
        for name, table in (("team", teams), ("space", spaces)):
            value = columns.get(f"{name}_key", "")
            self._once(f"{name}s", value, table, {f"{name}_key": value, "name": value})
        self._once("areas", columns.get("area", ""), areas, {"area": columns.get("area", "")})
        online = columns.get("mode") == "online"
        row = {
            "event_key": key,
            "title": title,
            "starts_on": starts_on,
            "status": "held",
            "mode": "in_person",
            "city": None if online else city,
            "country": country,
            "attendance": 20,
            "languages": ";".join(languages) or None,
            **columns,
            "place_id": None if online or not located or not country else self._place(country),
            "located_country": None if online or not located else country,
        }
        self._add(events, row)
        self._add(event_topics, *({"event_key": key, "topic": topic} for topic in topics))
        self._add(event_languages, *({"event_key": key, "language": tag} for tag in languages))
        return key

    def _place(self, country: str) -> int:
        number = list(COUNTRIES).index(country) + 1
        _, name, _, _, latitude, longitude = COUNTRIES[country]
        row = {
            "place_id": number,
            "place_key": f"capital of {name}",
            "country": country,
            "latitude": latitude,
            "longitude": longitude,
            "located_country": country,
            "source": "gazetteer",
        }
        self._once("places", country, places, row)
        return number

    def add_person(self, key: str = "", name: str = "", home_country: str | None = "DE", **columns: Any) -> str:
        """A person; whoever has a joining date stands at the start of the funnel."""
        key = key or f"person-{next(self._numbers)}"
        row = {"person_key": key, "name": name or key, "home_country": home_country, **columns}
        self._once("people", key, people, row)
        if columns.get("joined_on"):
            self.derive(key)
        return key

    def add(self, table: Table, **row: Any) -> None:
        """Any other row, as it is."""
        self._add(table, row)

    def add_contributor(
        self,
        first_on: date = date(2026, 5, 1),
        times: int = 4,
        days_apart: int = 7,
        area: str = "coding",
        **person: Any,
    ) -> str:
        """A person who contributes `times` times from `first_on` on."""
        key = self.add_person(**person)
        self._once("areas", area, areas, {"area": area})
        days = [first_on + timedelta(days=days_apart * index) for index in range(times)]
        self._add(
            contributions,
            *({"person_key": key, "contributed_on": day, "area": area, "quantity": 1} for day in days),
        )
        self.derive(key)
        return key

    def add_contributions(self, person: str, *days: date, area: str = "coding", **columns: Any) -> None:
        """Contributions of a person on these days, and what follows from them."""
        self.add_person(person)
        self._once("areas", area, areas, {"area": area})
        self._once(
            "teams",
            columns.get("team_key", ""),
            teams,
            {"team_key": columns.get("team_key", ""), "name": columns.get("team_key", "")},
        )
        row = {"person_key": person, "area": area, "quantity": 1, **columns}
        self._add(contributions, *({**row, "contributed_on": day} for day in days))
        self.derive(person)

    @contextmanager
    def deriving_at_the_end(self) -> Iterator[None]:
        """For many rows: what follows from contributions and payments is derived once, for all of them."""
        self._derives = False
        yield
        self._derives = True
        with self.database.writing() as connection:
            refresh_contributors(connection, None)
            refresh_team_contributors(connection, None)
            refresh_ledger(connection, load_program(connection), None)

    def derive(self, person: str) -> None:
        """What an import would derive from a person's contributions."""
        if not self._derives:
            return
        with self.database.writing() as connection:
            refresh_contributors(connection, select(people.c.person_key).where(people.c.person_key == person))
            refresh_team_contributors(connection, None)

    def add_payment(
        self, amount: str = "100", paid_on: date = date(2026, 5, 20), person: str = "", **columns: Any
    ) -> str:
        """A request that was approved and paid in full, in the program's currency."""
        key, value = f"request-{next(self._numbers)}", Decimal(amount)
        row = {
            "request_key": key,
            "person_key": self.add_person(person),
            "requested_amount": value,
            "currency": "EUR",
            "requested_on": paid_on - timedelta(days=30),
            "decision": "approved",
            "decided_on": paid_on - timedelta(days=20),
            "approved_amount": value,
            "paid_amount": value,
            "paid_on": paid_on,
            **columns,
        }
        self._add(funding_requests, row)
        self._add(funding_conversions, {"request_key": key, "requested": value, "approved": value, "paid": value})
        if self._derives:
            with self.database.writing() as connection:
                refresh_ledger(connection, load_program(connection), select(literal(key)))
        return key

    def add_import(self, source: str = "bundle", finished_at: datetime | None = None, **columns: Any) -> int:
        """A finished import, which makes a new data version."""
        with self.database.writing() as connection:
            taken = connection.execute(select(imports.c.import_id)).scalars().all()
        number = max(taken, default=0) + 1
        row = {
            "import_id": number,
            "kind": "import",
            "finished_at": finished_at or datetime(2026, 9, 1, 12, number, tzinfo=UTC).replace(tzinfo=None),
            "imported_by": "tester",
            "source": source,
            "format": "bundle",
            "checksum": "0" * 64,
            "seconds": 1.0,
            "hints": 0,
            **columns,
        }
        self._add(imports, row)
        counted = {"rows_read": 10, "created": 8, "changed": 1, "unchanged": 1, "rejected": 0}
        self._add(import_counts, {"import_id": number, "table_name": "events", **counted})
        return number

    def add_hint(
        self, import_id: int, number: int = 1, value: str = "Atlantis", problem: str = "unknown place"
    ) -> None:
        row = {
            "import_id": import_id,
            "number": number,
            "file": "events.csv",
            "line": 7,
            "table": "events",
            "column": "city",
            "value": value,
            "problem": problem,
            "remedy": "Mend the city.",
            "severity": "hint",
        }
        self._add(import_problems, row)


@cache
def _empty_file() -> Path:
    """A file with every table and no row, to be copied: making the tables took as long as a small test."""
    folder = Path(tempfile.mkdtemp(prefix="empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Database(f"sqlite:///{folder / 'empty.db'}")
    let_readers_go_on(made.program)
    with made.writing() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (newest_schema(),))
    made.close()
    return folder / "empty.db"


def believable_program(url: str, as_of: date = date(2026, 9, 15)) -> ProgramBuilder:
    """Two years of events with seasons and growth, contributors, payments, and the usual gaps: a few hundred rows.

    In a file of SQLite's: made once in a process, row by row, and copied from then on.
    """
    if as_of not in _believable:
        folder = Path(tempfile.mkdtemp(prefix="believable-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _believable[as_of] = _make_believable(f"sqlite:///{folder / 'uplift.db'}", as_of)
        _believable[as_of].database.close()
    first = _believable[as_of]
    shutil.copy(first.database.url.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
    return first.copied_to(url)


_believable: dict[date, ProgramBuilder] = {}


def _make_believable(url: str, as_of: date) -> ProgramBuilder:
    built = ProgramBuilder(url)
    built.add_program(currency="EUR", min_group_size=5)
    titles = ("Monthly meetup", "Localization sprint", "Intro workshop", "Documentation day", "Regional meet-up")
    months = [date(2024 + index // 12, index % 12 + 1, 1) for index in range(5, 33)]
    with built.deriving_at_the_end():
        for index, month in enumerate(months):
            if month > as_of:
                break
            for number in range(5 + index // 4 + (3 if month.month in (3, 5, 10) else 0)):
                code = list(COUNTRIES)[(index * 3 + number * number) % len(COUNTRIES)]
                day = month + timedelta(days=(number * 5 + index) % 28)
                if day > as_of:
                    continue
                odd = (index * 7 + number) % 11
                built.add_event(
                    f"{titles[number % len(titles)]} {COUNTRIES[code][1]}",
                    day,
                    code,
                    attendance=None if odd == 3 else 12 + (index * number) % 45,
                    mode=("in_person", "in_person", "online", "hybrid")[number % 4],
                    scale=("micro", "micro", "regional", "annual")[odd % 4],
                    languages=() if odd == 5 else ({"DE": "de", "FR": "fr", "BR": "pt", "JP": "ja"}.get(code, "en"),),
                    topics=(("python", "docs", "web")[number % 3],),
                    area=("coding", "localization", "documentation")[number % 3],
                    team_key=("team-a", "team-b")[number % 2],
                    located=odd != 7,
                )
            for number in range(2 + index // 3):
                built.add_contributor(month + timedelta(days=number), times=3 + number % 9, area="coding")
            for number in range(6):
                built.add_payment(f"{80 + 13 * number + index}", month + timedelta(days=number + 1), f"member-{number}")
    built.add_hint(built.add_import("first bundle"))
    return built
