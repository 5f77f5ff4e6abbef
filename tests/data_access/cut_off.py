"""A bundle as it would have been exported on an earlier day: nothing in it is dated later."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

Row = dict[str, str]
# Rows that do not exist before this day.
BEGINS = {
    "team_stages": "entered_on",
    "team_milestones": "reached_on",
    "team_risks": "raised_on",
    "applications": "applied_on",
    "memberships": "started_on",
    "materials": "published_on",
    "funding_requests": "requested_on",
    "contributions": "contributed_on",
    "mentorships": "started_on",
    "disputes": "opened_on",
    "space_notes": "noted_on",
    "organizer_needs": "raised_on",
    "dispute_steps": "done_on",
    "decisions": "decided_on",
    "application_reviews": "assigned_on",
    "trainings": "held_on",
    "thanks": "given_on",
    "exchange_rates": "on",
}
# What is not known before the day in the first column, and how it then reads.
HAPPENS: dict[str, dict[str, Row]] = {
    "spaces": {"closed_on": {}},
    "teams": {"coordinator_appointed_on": {"coordinator_key": ""}},
    "team_risks": {"closed_on": {}},
    "applications": {
        "evaluated_on": {"score": ""},
        "decided_on": {"decision": "pending"},
        "trained_on": {},
        "graduated_on": {},
    },
    "memberships": {"ended_on": {"end_reason": "", "hired_by": ""}, "grace_starts_on": {"grace_ends_on": ""}},
    "funding_requests": {"decided_on": {"decision": "pending", "approved_amount": ""}, "paid_on": {"paid_amount": ""}},
    "mentorships": {"ended_on": {}},
    "space_notes": {"done_on": {}},
    "organizer_needs": {"met_on": {}},
    "disputes": {"closed_on": {"outcome": ""}},
    "application_reviews": {"reviewed_on": {"score": ""}},
    "people": {"code_accepted_on": {"code_version": ""}},
    "budgets": {"approved_on": {}},
}
COORDINATORS = ("coordinator_technical", "coordinator_community")
PEOPLE = ("person_key", "author_key", "mentor_key", "mentee_key", "coordinator_key", *COORDINATORS)
# Rows of events that have not happened yet are plans.
OF_EVENTS: dict[str, Row] = {
    "events": {"attendance": "", "new_contributors": ""},
    "participations": {"rating": ""},
    "challenges": {"completed_count": ""},
}


def cut_off(bundle: Path, folder: Path, day: date) -> Path:
    """Write the bundle's tables as they were on the day into the folder."""
    later = day.isoformat().__lt__
    folder.mkdir(parents=True)
    planned = {row["event_key"] for row in _rows(bundle / "events.csv") if later(row["starts_on"])}
    tables = {
        path.stem: [seen for row in _rows(path) if (seen := _as_seen(path.stem, row, later, planned)) is not None]
        for path in bundle.glob("*.csv")
    }
    held = {row["training_key"] for row in tables.get("trainings", [])}
    came = tables.get("training_attendance", [])
    tables["training_attendance"] = [row for row in came if row["training_key"] in held]
    # Whoever is named in what did happen was there, whatever day of joining is recorded. Of people who come later and
    # are named in plans alone nothing else is known yet.
    happened = {name: rows for name, rows in tables.items() if name not in ("people", "person_attributes")}
    happened["participations"] = [row for row in tables["participations"] if row["event_key"] not in planned]
    there = {row.get(column) for rows in happened.values() for row in rows for column in PEOPLE}
    there |= {row["person_key"] for row in tables["people"] if not later(row["joined_on"])}
    named = there | {row["person_key"] for row in tables["participations"]}
    known = {"person_key", "joined_on"}
    tables["people"] = [
        row if row["person_key"] in there else {name: value if name in known else "" for name, value in row.items()}
        for row in tables["people"]
        if row["person_key"] in named
    ]
    tables["person_attributes"] = [
        row
        for row in tables["person_attributes"]
        if row["person_key"] in there and not later(row.get("consented_on", ""))
    ]
    for name, rows in tables.items():
        if rows:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
    return folder


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _as_seen(table: str, row: Row, later: Callable[[str], bool], planned: set[str]) -> Row | None:
    if table in BEGINS and later(row.get(BEGINS[table]) or ""):
        return None
    seen = dict(row)
    for column, before in HAPPENS.get(table, {}).items():
        if later(row.get(column) or ""):
            seen |= {column: "", **{name: value for name, value in before.items() if name in row}}
    if row.get("event_key") in planned:
        changed = dict(OF_EVENTS.get(table, {}))
        if table == "events" and row["status"] != "cancelled":
            changed["status"] = "planned"
        seen |= {name: value for name, value in changed.items() if name in row}
    return seen
