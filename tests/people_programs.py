"""Random programs of people for the tests of what may be shown of them: small, with groups that could leak."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from data_access.database.schema import (
    applications,
    areas,
    cohorts,
    contributions,
    funding_conversions,
    funding_requests,
    memberships,
    participations,
    people,
    person_attributes,
)
from tests.builders import COUNTRIES, ProgramBuilder

AS_OF = date(2026, 11, 21)
VALUES = {
    "gender": (("woman", "man", "non-binary", "agender"), (0.35, 0.5, 0.1, 0.05)),
    "age band": (("18–24", "25–34", "35–44", "45–54", "over 55"), (0.3, 0.3, 0.2, 0.15, 0.05)),
    "disability": (("no", "yes"), (0.9, 0.1)),
}
AREAS = ("coding", "documentation", "localization")


class PeopleProgram:
    """A program of `count` people who speak, belong, apply, contribute and are paid in the last two years."""

    def __init__(self, url: str, seed: int, count: int) -> None:
        self.random = np.random.default_rng(seed)
        self.built = ProgramBuilder(url)
        self.built.add_program(min_group_size=5)
        self.database = self.built.database
        self.built.add_import()
        self.events = [
            self.built.add_event(starts_on=AS_OF - timedelta(days=int(days)), key=f"e{number}")
            for number, days in enumerate(self.random.integers(1, 700, 12))
        ]
        self._insert(areas, [{"area": area} for area in AREAS])
        self._insert(cohorts, [{"cohort_key": key, "name": key} for key in ("c1", "c2", "c3")])
        self.add_people(count)

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            with self.database.writing() as connection:
                connection.execute(insert(table), rows)

    def add_people(self, count: int, start: int = 0) -> None:
        """People with random homes, answers and deeds; everybody does something."""
        random = self.random
        rows: dict[Any, list[dict[str, Any]]] = {
            table: []
            for table in (
                people,
                person_attributes,
                memberships,
                applications,
                participations,
                contributions,
                funding_requests,
                funding_conversions,
            )
        }
        codes = [*COUNTRIES, None]
        for number in range(start, start + count):
            key = f"p{number}"
            home = codes[int(len(codes) * random.random() ** 2)]
            rows[people].append({"person_key": key, "name": f"Name {key}", "home_country": home})
            for dimension, (values, shares) in VALUES.items():
                if random.random() < 0.8:
                    value = str(random.choice(values, p=shares))
                    rows[person_attributes].append({"person_key": key, "dimension": dimension, "value": value})
            day = AS_OF - timedelta(days=int(random.integers(20, 700)))
            if random.random() < 0.5:
                cohort = f"c{random.integers(1, 4)}"
                decision = str(random.choice(["accepted", "declined", "pending"]))
                rows[applications].append(
                    {
                        "application_key": f"a{key}",
                        "person_key": key,
                        "cohort_key": cohort,
                        "applied_on": day,
                        "decision": decision,
                    }
                )
                if decision == "accepted" and random.random() < 0.8:
                    rows[memberships].append(
                        {
                            "membership_key": f"m{key}",
                            "person_key": key,
                            "cohort_key": cohort,
                            "started_on": day + timedelta(days=15),
                            "ended_on": day + timedelta(days=150) if random.random() < 0.3 else None,
                        }
                    )
                    rows[funding_requests].append(_paid(key, day, float(random.integers(50, 900))))
                    rows[funding_conversions].append(
                        {"request_key": f"r{key}", "paid": rows[funding_requests][-1]["paid_amount"]}
                    )
            if random.random() < 0.5:
                event = str(random.choice(self.events))
                rows[participations].append({"event_key": event, "person_key": key, "role": "speaker"})
            for area in random.choice(AREAS, int(random.integers(0, 3)), replace=False):
                rows[contributions].append(
                    {
                        "person_key": key,
                        "contributed_on": day,
                        "area": str(area),
                        "quantity": int(random.integers(1, 4)),
                    }
                )
        for table, found in rows.items():
            self._insert(table, found)


def _paid(key: str, day: date, amount: float) -> dict[str, Any]:
    return {
        "request_key": f"r{key}",
        "person_key": key,
        "requested_amount": amount,
        "currency": "EUR",
        "requested_on": day,
        "decision": "approved",
        "decided_on": day,
        "approved_amount": amount,
        "paid_amount": amount,
        "paid_on": day + timedelta(days=18),
    }
