"""Asks the product as the program manager, and says every value in which the second way answers otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access.questions import QUESTIONS
from data_access.selection import EARLIEST, Scope, Selection
from tests.second import contributors, events, floor, funnel, geography, impact, money
from tests.second.bundle import Bundle

Answer = Mapping[Hashable, Any]
Both = tuple[Answer, Answer]  # by the second way, by the product


class Asking:
    """One selection, asked of the files and of the database they were imported into."""

    def __init__(self, bundle: Bundle, connection: Connection, asked: Selection) -> None:
        self.bundle, self.connection, self.asked = bundle, connection, asked

    def rows(self, name: str, asked: Selection | None = None, **options: Any) -> list[dict[str, Any]]:
        found = QUESTIONS[name].ask(self.connection, asked or self.asked, Scope.everything(), **options)
        return [{str(column): _plain(value) for column, value in row.items()} for row in found.to_dict("records")]

    def impact(self) -> Both:
        rows = {row["measure"]: row for row in self.rows("impact_summary")}
        mine: dict[Hashable, Any] = dict(impact.measures(self.bundle, self.asked))
        theirs: dict[Hashable, Any] = {name.replace("_", " "): row["value"] for name, row in rows.items()}
        if self.asked.period.start > EARLIEST:
            for name, value in impact.measures(self.bundle, impact.before(self.asked)).items():
                previous = next(row["previous"] for key, row in rows.items() if key.replace("_", " ") == name)
                # Before the first record there is no data, not zero.
                if not (previous is None and not value):
                    mine[name, "before"], theirs[name, "before"] = value, previous
        return mine, theirs

    def events_by_country(self) -> Both:
        rows = self.rows("events_by_country")
        theirs = {row["country"] or "": (row["events"], row["attendance"]) for row in rows}
        return events.by_country(self.bundle, self.asked), theirs

    def events_by_month(self) -> Both:
        rows = self.rows("events_by_month")
        assert all(row["attendance"] == 0 for row in rows if not row["events"])
        theirs = {row["month"]: (row["events"], row["attendance"]) for row in rows if row["events"]}
        return events.by_month(self.bundle, self.asked), theirs

    def events_total(self) -> Both:
        (row,) = self.rows("events_total")
        return {"events": len(events.held(self.bundle, self.asked))}, row

    def languages(self) -> Both:
        columns = ("events", "share", "talks", "attendance", "countries")
        theirs = {row["language"]: tuple(row[name] for name in columns) for row in self.rows("languages_of_events")}
        return events.languages(self.bundle, self.asked), theirs

    def presence(self) -> Both:
        columns = ("weeks_with_events", "weeks", "longest_silence", "events", "last_event_on")
        theirs = {row["region"]: tuple(row[name] for name in columns) for row in self.rows("presence")}
        mine = events.presence(self.bundle, self.asked)
        return {region: row for region, row in mine.items() if row[3] or region in theirs}, theirs

    def volume(self) -> Both:
        theirs = {row["at_least"]: row["people"] for row in self.rows("contributors_by_volume")}
        return contributors.by_volume(self.bundle, self.asked, (1, 10, 100)), theirs

    def retention(self) -> Both:
        columns = ("people", "active_exactly", "active_then_or_later")
        rows = self.rows("retention", months=24)
        theirs = {(row["cohort"], row["month"]): tuple(row[name] for name in columns) for row in rows}
        return contributors.retention(self.bundle, self.asked, 24), theirs

    def returning(self) -> Both:
        columns = ("active", "new", "continuing", "reactivated")
        theirs = {row["quarter"]: tuple(row[name] for name in columns) for row in self.rows("returning")}
        mine = contributors.returning(self.bundle, self.asked)
        return {quarter: mine[quarter] for quarter in sorted(mine)[-20:]}, {
            quarter: row for quarter, row in theirs.items() if row[0]
        }

    def persona(self) -> Both:
        columns = ("people", "mission_driven", "regular", "areas", "not_code", "connected")
        theirs = {row["quarter"]: tuple(row[name] for name in columns) for row in self.rows("persona")}
        return contributors.persona(self.bundle, self.asked), theirs

    def contributor_funnel(self) -> Both:
        return self._funnel("contributor_funnel", funnel.contributors(self.bundle, self.asked))

    def program_funnel(self) -> Both:
        return self._funnel("program_funnel", funnel.program(self.bundle, self.asked))

    def _funnel(self, name: str, journeys: list[funnel.Journey]) -> Both:
        rows = self.rows(name)
        found = funnel.steps(journeys, self.bundle.settings.conversion_days, self.asked.as_of)
        mine: dict[Hashable, Any] = {}
        theirs: dict[Hashable, Any] = {}
        for number, step in enumerate(found):
            days = funnel.quartiles(step.days)
            mine[number] = (step.people, step.share_of_start, step.share_of_previous, step.open, step.counted, days)
        for number, row in enumerate(rows if journeys else []):
            days = (row["lower_quartile"], row["median_days"], row["upper_quartile"])
            theirs[number] = (
                row["people"],
                row["share_of_start"],
                row["share_of_previous"] if number else None,
                row["open"] if number else 0,
                row["counted"] if number else row["people"],
                None if days[1] is None else days,
            )
        return mine, theirs

    def time_to_level(self) -> Both:
        mine: dict[Hashable, Any] = {}
        theirs: dict[Hashable, Any] = {}
        journeys = funnel.contributors(self.bundle, self.asked)
        for step, level in enumerate(("casual", "active", "core"), start=1):
            waits, early = funnel.kaplan_meier(journeys, step, 730, self.asked.as_of)
            for row in self.rows("time_to_level", level=level):
                mine[level, row["days"]] = (
                    funnel.estimate(waits, row["days"]),
                    len(waits) + early,
                    funnel.median(waits),
                )
                theirs[level, row["days"]] = (row["share"], row["people"], row["median_days"])
        return mine, theirs

    def floor_standing(self) -> Both:
        columns = ("held", "scheduled", "unconfirmed", "state")
        rows = self.rows("floor_standing")
        theirs = {(row["person_key"], row["quarter"]): tuple(row[name] for name in columns) for row in rows}
        mine = floor.standing(self.bundle, self.asked)
        return {key: tuple(getattr(row, name) for name in columns) for key, row in mine.items()}, theirs

    def floor_summary(self) -> Both:
        rows = self.rows("floor_summary")
        theirs = {(row["quarter"], row["state"]): row["people"] for row in rows if row["people"]}
        return floor.summary(self.bundle, self.asked), theirs

    def budget_summary(self) -> Both:
        (row,) = self.rows("budget_summary")
        year = money.year_asked(self.bundle, self.asked)
        found = money.summary(self.bundle, self.asked)
        limit = money.budget(self.bundle, year)
        left = None if limit is None else limit - found.paid - found.committed
        mine = _amounts(found) | {"fiscal_year": str(year), "budget": limit, "remaining": left}
        return mine, {name: row[name] for name in mine} | {"fiscal_year": str(row["fiscal_year"])}

    def budget_by(self) -> Both:
        rows = self.rows("budget_by")
        names = ("paid", "committed", "pending")
        theirs = {row["part"] or "": tuple(row[name] for name in names) for row in rows}
        mine = money.by_category(self.bundle, self.asked)
        return {part: tuple(getattr(row, name) for name in names) for part, row in mine.items() if _some(row)}, {
            part: row for part, row in theirs.items() if any(row)
        }

    def budget_burn(self) -> Both:
        year = money.year_asked(self.bundle, self.asked)
        found = money.by_member(self.bundle, self.asked)
        mine: dict[Hashable, Any] = {}
        theirs: dict[Hashable, Any] = {}
        for row in self.rows("budget_burn", size=1000):
            person = row["person_key"]
            standing = found.get(person, money.Standing())
            limit = money.ceiling(self.bundle, year, person)
            unsure = limit is None or standing.unknown
            left = None if limit is None or unsure else limit - standing.paid - standing.committed
            mine[person] = _amounts(standing) | {"ceiling": limit, "remaining": left}
            theirs[person] = {name: row[name] for name in mine[person]}
        for person, standing in found.items():
            if _some(standing) and person not in mine:
                mine[person] = _amounts(standing)
        return mine, theirs

    def country_gaps(self) -> Both:
        names = ("events", "expected", "ratio", "low", "high", "verdict")
        rows = self.rows("country_gaps")
        theirs = {row["country"]: tuple(row[name] for name in names) for row in rows if row["expected"]}
        mine = geography.gaps(self.bundle, self.asked)
        return {country: tuple(getattr(row, name) for name in names) for country, row in mine.items()}, theirs


COMPARED: dict[str, Callable[[Asking], Both]] = {
    name: getattr(Asking, name)
    for name in (
        "impact",
        "events_by_country",
        "events_by_month",
        "events_total",
        "languages",
        "presence",
        "volume",
        "retention",
        "returning",
        "persona",
        "contributor_funnel",
        "program_funnel",
        "time_to_level",
        "floor_standing",
        "floor_summary",
        "budget_summary",
        "budget_by",
        "budget_burn",
        "country_gaps",
    )
}


def differences(bundle: Bundle, connection: Connection, asked: Selection) -> Iterator[str]:
    """Every value that is not the same, in words."""
    asking = Asking(bundle, connection, replace(asked))
    for name, compared in COMPARED.items():
        mine, theirs = compared(asking)
        for key in sorted(mine.keys() | theirs.keys(), key=str):
            if not same(mine.get(key), theirs.get(key)):
                yield f"{name} {key}: {mine.get(key)} by the definition, {theirs.get(key)} by the product"


def same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return all(same(mine[key], theirs.get(key)) for key in mine)
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, int | float | Decimal) and isinstance(theirs, int | float | Decimal):
        # Amounts are rounded to the ten-thousandth one by one, rates that are quotients to twelve digits.
        tolerance = 0.01 if isinstance(mine, Decimal) else 1e-9
        return math.isclose(float(mine), float(theirs), rel_tol=1e-9, abs_tol=tolerance)
    return bool(mine == theirs)


def _amounts(found: money.Standing) -> dict[Hashable, Any]:
    return {name: getattr(found, name) for name in ("paid", "committed", "pending", "carried_over", "unknown")}


def _some(found: money.Standing) -> bool:
    return bool(found.paid or found.committed or found.pending)


def _plain(value: Any) -> Any:
    """Without pandas: None for what is missing, a day for a moment."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def on_the_day(day: date) -> Selection:
    return Selection(as_of=day)
