"""A view of a past day equals the view of the same data cut off at that day: money and members, random programs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from data_access.database.engine import Database
from data_access.database.schema import applications, funding_requests, memberships, participations
from data_access.selection import Period, Selection
from tests.builders import ProgramBuilder
from tests.data_access.questions.asking import ask
from tests.desk_builders import DeskBuilder

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("budget_summary", {}),
    ("budget_burn", {}),
    ("burn_curve", {}),
    ("burn_distribution", {}),
    ("cost_per_outcome", {}),
    ("unconverted_amounts", {}),
    ("requested_and_approved", {}),
    *(("budget_by", {"by": by}) for by in ("category", "region", "cohort", "scale")),
    ("floor_standing", {}),
    ("floor_summary", {}),
    ("leavers", {}),
    ("recognition", {}),
    ("bench", {}),
    ("cohort_pipeline", {}),
    ("fairness", {}),
    ("fairness", {"of": "events"}),
    ("lorenz_curve", {}),
)
FIRST, DAYS = date(2024, 1, 1), 800
PEOPLE = [f"p{number:02d}" for number in range(20)]
Rows = dict[str, list[dict[str, Any]]]


def drawn(seed: int) -> Rows:
    """A program with renewals, rejoining, payments before decisions, and currencies without a rate."""
    own = random.Random(seed)  # noqa: S311 - a sample, not a secret

    def day(since: date = FIRST, most: int = DAYS) -> date:
        return since + timedelta(days=own.randrange(most))

    def perhaps(value: Any) -> Any:
        return value if own.random() < 0.7 else None

    requests = []
    for number in range(60):
        asked = day()
        decision = own.choice(["pending", "approved", "approved", "approved", "declined"])
        row = {"request_key": f"r{number}", "person_key": own.choice(PEOPLE), "requested_on": asked}
        row |= {"requested_amount": Decimal(own.randrange(1, 500)), "currency": own.choice(["EUR", "USD", "SSP"])}
        row |= {"decision": decision, "decided_on": None, "approved_amount": None, "paid_on": None, "paid_amount": None}
        row["category"] = own.choice(["travel", "catering"])
        if decision != "pending":
            row["decided_on"] = day(asked, 120)
        if decision == "approved":
            row["approved_amount"] = Decimal(own.randrange(1, 500))
            row |= perhaps({"paid_on": day(asked, 400), "paid_amount": Decimal(own.randrange(1, 500))}) or {}
        requests.append(row)
    stays = []
    for number, person in enumerate(PEOPLE):
        begins = day(most=300)
        for part in range(own.choice([1, 1, 2, 3])):
            last = begins + timedelta(days=own.randrange(40, 300))
            stay = {
                "membership_key": f"m{number}-{part}",
                "person_key": person,
                "cohort_key": own.choice(["c1", "c2"]),
            }
            stays.append(stay | {"started_on": begins, "ended_on": last, "end_reason": "left"})
            begins = last + timedelta(days=own.choice([0, 1, 2, 50]))
        if own.random() < 0.4:
            stays[-1] |= {"ended_on": None, "end_reason": None}
    applied = []
    for number, person in enumerate(PEOPLE):
        on = day(most=200)
        row = {"application_key": f"a{number}", "person_key": person, "cohort_key": "c1", "applied_on": on}
        row |= {"decision": "accepted", "decided_on": day(on, 90), "trained_on": perhaps(day(on, 200))}
        applied.append(row | {"graduated_on": perhaps(day(on + timedelta(days=200), 200))})
    held = [{"key": f"e{number}", "on": day(), "languages": own.choice(["en", "pt"])} for number in range(40)]
    roles = {(one["key"], own.choice(PEOPLE), own.choice(["speaker", "organizer"])) for one in held for _ in (1, 2)}
    parts = [{"event_key": key, "person_key": person, "role": role} for key, person, role in sorted(roles)]
    return {"requests": requests, "stays": stays, "applied": applied, "held": held, "parts": parts}


def cut(rows: Rows, day: date) -> Rows:
    """The same program as it was known on a day."""

    def until(found: list[dict[str, Any]], begins: str, **ends: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for row in found:
            if row[begins] <= day:
                late = (unknown for end, unknown in ends.items() if row[end] is not None and row[end] > day)
                yield row | {name: value for unknown in late for name, value in unknown.items()}

    undecided = {"decision": "pending", "decided_on": None, "approved_amount": None}
    unpaid = {"paid_on": None, "paid_amount": None}
    return rows | {
        "requests": list(until(rows["requests"], "requested_on", decided_on=undecided, paid_on=unpaid)),
        "stays": list(until(rows["stays"], "started_on", ended_on={"ended_on": None, "end_reason": None})),
        "applied": list(
            until(
                rows["applied"],
                "applied_on",
                decided_on={"decision": "pending", "decided_on": None},
                trained_on={"trained_on": None},
                graduated_on={"graduated_on": None},
            )
        ),
        "held": [row | {"status": "held" if row["on"] <= day else "planned"} for row in rows["held"]],
    }


def built(folder: Any, name: str, rows: Rows) -> Database:
    desk = DeskBuilder(ProgramBuilder(f"sqlite:///{folder / name}").database)
    desk.add_program(fiscal_year_start="04-06", grace_quarters=1)
    for person in PEOPLE:
        desk.add_person(person, home_country="DE" if person < "p10" else "IN")
    for key, opens in (("c1", FIRST), ("c2", date(2025, 1, 1))):
        desk.add_cohort(key, opens)
    for one in rows["held"]:
        desk.add_event(**one)
    tables = (
        (memberships, "stays"),
        (applications, "applied"),
        (participations, "parts"),
        (funding_requests, "requests"),
    )
    for table, kind in tables:
        desk._add(table, *rows[kind])
    desk.add_rate("USD", FIRST - timedelta(days=900), "0.5")
    desk.add_budget("3000", 2024)
    desk.add_budget("0", 2025, "p01")
    return desk.database


@pytest.mark.parametrize("seed", range(4))
def test_a_past_day_is_seen_as_it_was_known_then(tmp_path: Any, seed: int) -> None:
    rows = drawn(seed)
    day = FIRST + timedelta(days=200 + 137 * seed)
    whole, known = built(tmp_path, "whole.db", rows), built(tmp_path, "known.db", cut(rows, day))
    for period in (Period(FIRST, date(2027, 1, 1)), Period(date(2024, 4, 6), date(2025, 4, 6))):
        selection = Selection(period, day)
        for name, options in QUESTIONS:
            seen, then = (ask(each, name, selection, **options) for each in (whole, known))
            pd.testing.assert_frame_equal(seen, then, obj=f"{name} {options} on {day}")
