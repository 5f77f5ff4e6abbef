"""Puts into a generated bundle what a tidy program has too little of: odd days, late payments, members who come and go.

The same seed gives the same rows.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

Row = dict[str, str]
ODD_LANGUAGES = ("pt", "pt-BR;pt-PT", "en-GB;en", "zh-Hans;zh-Hant", "es;pt-BR", "")
CURRENCIES = ("USD", "USD", "USD", "EUR", "INR", "SEK", "KES", "SSP")
# Within a month, on the last day of a quarter, and years back: the days that are asked about.
DAYS = (date(2026, 2, 10), date(2025, 6, 30), date(2023, 5, 9))
CATEGORIES = ("travel", "lodging", "supplies", "catering", "other", "")


def stir(folder: Path, seed: int, *, members: int = 40, requests: int = 160) -> None:
    """Rewrite the bundle's tables in place."""
    random = Random(seed)  # noqa: S311  # nothing secret is drawn
    tables = {path.stem: _rows(path) for path in folder.glob("*.csv")}
    program = tables["program"][0]
    program["fiscal_year_start"] = random.choice(("01-01", "04-01", "07-15"))
    program["grace_quarters"] = random.choice(("0", "1", "2"))
    program["floor_events_per_quarter"] = random.choice(("1", "2", "3"))
    people = [row["person_key"] for row in tables["people"]]
    chosen = random.sample(people, min(members, len(people)))
    _events(tables["events"], random)
    _memberships(tables["memberships"], chosen, random)
    _participations(tables["participations"], tables["events"], chosen, random)
    _requests(tables["funding_requests"], tables["events"], chosen, people, random, requests)
    _ceilings(tables["budgets"], chosen, random)
    _contributions(tables["contributions"], random)
    _joining(tables["people"], random)
    _applications(tables["applications"], random)
    for name, rows in tables.items():
        if rows:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _edge(random: Random) -> date:
    """A day, often the first or the last of a quarter, or one that is asked about, or next to it."""
    if random.random() < 0.15:
        return random.choice(DAYS) + timedelta(days=random.choice((-1, 0, 0, 1)))
    quarter = date(random.randint(2022, 2026), random.choice((1, 4, 7, 10)), 1)
    return quarter + timedelta(days=random.choice((0, 0, -1, -1, -2, 1, random.randint(2, 88))))


def _events(rows: list[Row], random: Random) -> None:
    for row in rows:
        chance = random.random()
        if chance < 0.1:
            row["status"] = ""
        elif chance < 0.15:
            row["status"] = random.choice(("planned", "held"))
        if random.random() < 0.1:
            row["attendance"] = ""
        if random.random() < 0.08:
            row["starts_on"], row["ends_on"] = _edge(random).isoformat(), ""
        if random.random() < 0.2:
            row["languages"] = random.choice(ODD_LANGUAGES)


def _memberships(rows: list[Row], chosen: list[str], random: Random) -> None:
    taken = {row["person_key"] for row in rows}
    for person in chosen:
        if person in taken:
            continue
        day = _edge(random)
        for _ in range(random.choice((1, 1, 2, 3))):
            ended = max(_edge(random), day)
            lasts = random.random() < 0.3
            rows.append(
                dict.fromkeys(rows[0], "")
                | {
                    "membership_key": f"s{len(rows):05d}",
                    "person_key": person,
                    "started_on": day.isoformat(),
                    "ended_on": "" if lasts else ended.isoformat(),
                }
            )
            if lasts:
                break
            day = ended + timedelta(days=random.choice((0, 1, 1, 2, 30, 120)))


def _participations(rows: list[Row], events: list[Row], chosen: list[str], random: Random) -> None:
    known = {(row["event_key"], row["person_key"], row["role"]) for row in rows}
    for event in events:
        for person in random.sample(chosen, min(len(chosen), random.randint(0, 5))):
            for role in random.sample(
                ("speaker", "organizer", "mentor", "facilitator", "attendee"), random.choice((1, 1, 2))
            ):
                if (event["event_key"], person, role) not in known:
                    row = {"event_key": event["event_key"], "person_key": person, "role": role}
                    rows.append(
                        dict.fromkeys(rows[0], "") | row | {"language": random.choice(("en", "pt-BR", "pt", ""))}
                    )


def _requests(
    rows: list[Row], events: list[Row], chosen: list[str], people: list[str], random: Random, number: int
) -> None:
    for one in range(number):
        asked = _edge(random)
        decided = asked + timedelta(days=random.choice((0, 1, 20, 90, 400)))
        paid = decided + timedelta(days=random.choice((0, 3, 40, 200, 500)))
        decision = random.choice(("approved", "approved", "approved", "pending", "declined", "withdrawn"))
        amount = f"{random.randint(100, 90_000) / 100:.2f}"
        settled = decision == "approved" and random.random() < 0.6
        rows.append(
            dict.fromkeys(rows[0], "")
            | {
                "request_key": f"s{one:05d}",
                "person_key": random.choice(chosen if random.random() < 0.9 else people),
                "event_key": random.choice(events)["event_key"] if random.random() < 0.8 else "",
                "category": random.choice(CATEGORIES),
                "requested_amount": amount,
                "currency": random.choice(CURRENCIES),
                "requested_on": asked.isoformat(),
                "decision": decision,
                "decided_on": "" if decision == "pending" else decided.isoformat(),
                "approved_amount": f"{float(amount) * random.choice((1, 1, 0.5)):.2f}"
                if decision == "approved"
                else "",
                "paid_amount": f"{float(amount) * random.choice((0.5, 0.4)):.2f}" if settled else "",
                "paid_on": paid.isoformat() if settled else "",
            }
        )


def _ceilings(rows: list[Row], chosen: list[str], random: Random) -> None:
    known = {(row["fiscal_year"], row["person_key"]) for row in rows}
    for person in chosen[::3]:
        for year in ("2024", "2025", "2026"):
            if (year, person) not in known:
                amount = random.choice(("0.00", "250.00", "900.50"))
                row = {"fiscal_year": year, "amount": amount, "currency": random.choice(("USD", "EUR", "SEK", "SSP"))}
                rows.append(row | {"person_key": person})


def _contributions(rows: list[Row], random: Random) -> None:
    """Some people do several things on one day, and some come back on the edges of windows."""
    areas = sorted({row["area"] for row in rows})
    teams = sorted({row["team_key"] for row in rows})
    again = random.sample(rows, len(rows) // 12)
    rows += [
        row | {"area": random.choice(areas), "team_key": random.choice(teams), "project": "stirred"} for row in again
    ]
    for row in random.sample(rows, len(rows) // 20):
        later = date.fromisoformat(row["contributed_on"]) + timedelta(days=random.choice((89, 90, 91, 180, 181)))
        rows.append(row | {"contributed_on": min(later, date(2026, 12, 1)).isoformat(), "event_key": ""})


def _joining(rows: list[Row], random: Random) -> None:
    """Some joined later than they contributed, some on no day that is known."""
    for row in rows:
        chance = random.random()
        if chance < 0.1:
            row["joined_on"] = ""
        elif chance < 0.25 and row["joined_on"]:
            later = date.fromisoformat(row["joined_on"]) + timedelta(days=random.choice((1, 30, 400)))
            row["joined_on"] = later.isoformat()


def _applications(rows: list[Row], random: Random) -> None:
    for number, row in enumerate(list(rows)):
        if random.random() < 0.3 and row["evaluated_on"]:
            row["evaluated_on"] = ""
        if random.random() < 0.4:
            later = date.fromisoformat(row["applied_on"]) + timedelta(days=random.choice((30, 400)))
            again = {"application_key": f"s{number:05d}", "applied_on": later.isoformat()}
            accepted = {"decision": "accepted", "decided_on": (later + timedelta(days=20)).isoformat()}
            rows.append(row | again | {"evaluated_on": "", "trained_on": "", "graduated_on": ""} | accepted)
