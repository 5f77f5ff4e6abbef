"""A program in which everybody has words and amounts of their own, and small groups abound."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from data_access.database.schema import (
    areas,
    cohorts,
    contributions,
    event_topics,
    events,
    funding_conversions,
    funding_requests,
    materials,
    memberships,
    participations,
    people,
    person_attributes,
    person_languages,
)
from data_access.derived.levels import refresh_contributors
from data_access.derived.money import refresh_ledger
from data_access.program import load_program
from tests.people_programs import AS_OF, PeopleProgram

ALONE = 4
TONGUES = ("gsw", "eu", "ga", "haw", "mi", "sm")


class LeakyProgram(PeopleProgram):
    """`count` people in groups of every size, and ALONE who are alone in everything; `unique` is theirs only."""

    def __init__(self, folder: Path, seed: int = 11, count: int = 120) -> None:
        self.unique: list[str] = []
        super().__init__(f"sqlite:///{folder / 'program.db'}", seed, count)
        self._name_everything()
        for number, tongue in enumerate(TONGUES):
            own: dict[str, Any] = {"title": self.token("title"), "url": self.token("url"), "attendance": number + 1}
            self.built.add_event(starts_on=AS_OF - timedelta(days=70 + 95 * number), languages=(tongue,), **own)
        self._add_those_alone()
        self.built.add_import(source=self.token("source"), imported_by=self.token("importer"))
        self.derive()

    def token(self, what: str) -> str:
        """A word that stands nowhere else; remembered, to be searched for."""
        made = f"Zq{hashlib.sha256(f'{what}{len(self.unique)}'.encode()).hexdigest()[:12]}"
        self.unique.append(made)
        return made

    def amount(self, number: int) -> Decimal:
        """An amount that nobody else was paid."""
        made = Decimal(f"{7_003 + 131 * number}.{13 + number}")
        self.unique += [str(made), str(int(made * 10_000))]
        return made

    def derive(self) -> None:
        """What an import derives."""
        with self.database.writing() as connection:
            refresh_contributors(connection, select(people.c.person_key))
            refresh_ledger(connection, load_program(connection), select(funding_requests.c.request_key))

    def _name_everything(self) -> None:
        with self.database.writing() as connection:
            for table, key, columns in (
                (people, people.c.person_key, ("name", "home_city", "home_state", "entry_channel")),
                (events, events.c.event_key, ("title", "city", "state", "venue", "url", "format")),
                (cohorts, cohorts.c.cohort_key, ("name",)),
            ):
                for found in connection.execute(select(key)).scalars().all():
                    own = {column: self.token(column) for column in columns}
                    connection.execute(update(table).where(key == found).values(own))
            for found in connection.execute(select(events.c.event_key)).scalars().all():
                connection.execute(insert(event_topics), {"event_key": found, "topic": self.token("topic")})

    def _add_those_alone(self) -> None:
        rows: dict[Any, list[dict[str, Any]]] = {}
        for table, row in self._alone():
            rows.setdefault(table, []).append(row)
        for table, found in rows.items():
            self._insert(table, found)

    def _alone(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        for number in range(ALONE):
            key, day = self.token("person"), AS_OF - timedelta(days=60 + 25 * number)
            area, amount = self.token("area"), self.amount(number)
            yield people, {"person_key": key, "name": self.token("name"), "home_country": "KE", "joined_on": day}
            yield person_attributes, {"person_key": key, "dimension": self.token("dimension"), "value": "yes"}
            yield person_attributes, {"person_key": key, "dimension": "faith", "value": self.token("faith")}
            yield person_languages, {"person_key": key, "language": TONGUES[number % len(TONGUES)]}
            yield areas, {"area": area}
            yield contributions, {"person_key": key, "contributed_on": day, "area": area, "quantity": 4}
            yield memberships, {"membership_key": self.token("membership"), "person_key": key, "started_on": day}
            yield (
                participations,
                {"event_key": f"e{number % 12}", "person_key": key, "role": "speaker", "language": "gsw"},
            )
            title = {"material_key": self.token("material"), "title": self.token("title"), "author_key": key}
            yield materials, {**title, "language": TONGUES[number % len(TONGUES)], "published_on": day}
            request = self.token("request")
            asked = {"request_key": request, "person_key": key, "currency": "EUR", "requested_on": day}
            paid = {"requested_amount": amount, "approved_amount": amount, "paid_amount": amount, "paid_on": day}
            yield funding_requests, {**asked, **paid, "decision": "approved", "decided_on": day}
            yield funding_conversions, {"request_key": request, "requested": amount, "approved": amount, "paid": amount}

    def change_a_little(self) -> None:
        """What a small import would do: three people more, one of them with a different answer, one visitor more."""
        self.add_people(3, start=5_000)
        with self.database.writing() as connection:
            connection.execute(update(events).where(events.c.event_key == "e1").values(attendance=21))
            changed = person_attributes.c.person_key == "p1"
            connection.execute(update(person_attributes).where(changed).values(value="agender"))
        self.built.add_import(finished_at=None)
        self.derive()


def searched(folder: Path, unique: list[str]) -> tuple[int, list[str]]:
    """Every file of the folder, byte for byte, in three encodings: how many bytes were searched, and what was found."""
    found, size = [], 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes().lower()
        size += len(content)
        found += [f"{word} in {path.name}" for word in unique if _is_in(content, word.lower())]
    return size, found


def _is_in(content: bytes, word: str) -> bool:
    return any(word.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
