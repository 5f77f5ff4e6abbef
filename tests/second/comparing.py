"""Asks the product as the program manager, and says every value in which the second way answers otherwise."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access.questions import QUESTIONS
from data_access.selection import EARLIEST, Scope, Selection
from tests.second import contributors, events, floor, funnel, geography, impact, money
from tests.second.bundle import Bundle, Contribution

Answer = Mapping[Any, Any]
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
        mine: dict[Any, Any] = dict(impact.measures(self.bundle, self.asked))
        theirs: dict[Any, Any] = {name.replace("_", " "): row["value"] for name, row in rows.items()}
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

    def retention_overall(self) -> Both:
        columns = ("people", "active_exactly", "active_then_or_later")
        rows = self.rows("retention_overall", months=24)
        theirs = {row["month"]: tuple(row[name] for name in columns) for row in rows}
        return contributors.retention_overall(self.bundle, self.asked, 24), theirs

    def trend(self) -> Both:
        theirs = {row["span"]: (row["active"], row["new"]) for row in self.rows("contributors_trend")}
        return contributors.trend(self.bundle, self.asked), theirs

    def funnel_groups(self) -> Both:
        """People at each step of each group: by what the first contribution, the person or the event says."""
        mine: Counter[Any] = Counter()
        theirs: dict[Any, Any] = {}
        first = contributors.first_contributions(self.bundle, Selection(as_of=self.asked.as_of))
        journeys = funnel.contributors(self.bundle, self.asked)
        names = {"joined": 0, "casual": 1, "active": 2, "core": 3}
        for by in ("area", "team", "region", "channel", "scale", "space"):
            for journey in journeys:
                group = self._group(by, journey.person, first)
                alone = funnel.steps([journey], self.bundle.settings.conversion_days, self.asked.as_of)
                for number, step in enumerate(alone):
                    mine[by, group, number] += step.people
            for row in self.rows("contributor_funnel", by=by):
                theirs[by, row["group"] or "", names[row["step"]]] = row["people"]
        return dict(mine), theirs

    def _group(self, by: str, person: str, first: Mapping[str, Contribution]) -> str:
        if by == "region":
            return self.bundle.people[person].region
        if by == "channel":
            return self.bundle.people[person].channel
        if person not in first:
            return ""
        if by in ("area", "team"):
            return str(getattr(first[person], by))
        event = self.bundle.events.get(first[person].event)
        return str(getattr(event, by)) if event else ""

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
        # A quarter of nobody may be a row.
        mine = contributors.persona(self.bundle, self.asked)
        return mine, {quarter: row for quarter, row in theirs.items() if row[0] or quarter in mine}

    def contributor_funnel(self) -> Both:
        return self._funnel("contributor_funnel", funnel.contributors(self.bundle, self.asked))

    def program_funnel(self) -> Both:
        return self._funnel("program_funnel", funnel.program(self.bundle, self.asked))

    def _funnel(self, name: str, journeys: list[funnel.Journey]) -> Both:
        rows = self.rows(name)
        found = funnel.steps(journeys, self.bundle.settings.conversion_days, self.asked.as_of)
        ends = funnel.in_the_end(journeys, self.bundle.settings.conversion_days, self.asked.as_of)
        mine: dict[Any, Any] = {}
        theirs: dict[Any, Any] = {}
        for number, step in enumerate(found):
            days = funnel.quartiles(step.days)
            share = (step.share_of_previous, step.interval)
            # When it is too early for an estimate, the product gives none.
            end = None if rows[number]["estimate"] is None else ends[number]
            mine[number] = (step.people, step.share_of_start, step.open, step.counted, share, days, end)
        for number, row in enumerate(rows if journeys else []):
            days = (row["lower_quartile"], row["median_days"], row["upper_quartile"])
            theirs[number] = (
                row["people"],
                row["share_of_start"],
                row["open"] if number else 0,
                row["counted"] if number else row["people"],
                (row["share_of_previous"], (row["low"], row["high"])) if number and row["counted"] else (None, None),
                None if days[1] is None else days,
                row["estimate"],
            )
        return mine, theirs

    def time_to_level(self) -> Both:
        mine: dict[Any, Any] = {}
        theirs: dict[Any, Any] = {}
        journeys = funnel.contributors(self.bundle, self.asked)
        for step, level in enumerate(("casual", "active", "core"), start=1):
            waits, early = funnel.kaplan_meier(journeys, step, 730, self.asked.as_of)
            curve = funnel.Curve(waits)
            for row in self.rows("time_to_level", level=level):
                share = (curve.share(row["days"]), curve.bounds(row["days"]))
                mine[level, row["days"]] = (*share, len(waits) + early, curve.median())
                bounds = None if row["low"] is None else (row["low"], row["high"])
                theirs[level, row["days"]] = (row["share"], bounds, row["people"], row["median_days"])
        return mine, theirs

    def floor_standing(self) -> Both:
        columns = ("held", "scheduled", "unconfirmed", "state", "days_left", "streak")
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
        names = ("paid", "committed", "pending")
        mine: dict[Any, Any] = {}
        theirs: dict[Any, Any] = {}
        for by in ("category", "region", "scale"):
            for row in self.rows("budget_by", by=by):
                amounts = tuple(row[name] for name in names)
                if any(amounts):
                    theirs[by, row["part"] or ""] = amounts
            for part, standing in money.parts(self.bundle, self.asked, by).items():
                if _some(standing):
                    mine[by, part] = tuple(getattr(standing, name) for name in names)
        return mine, theirs

    def budget_burn(self) -> Both:
        year = money.year_asked(self.bundle, self.asked)
        found = money.by_member(self.bundle, self.asked)
        mine: dict[Any, Any] = {}
        theirs: dict[Any, Any] = {}
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
        return self._gaps("inhabitants", self.bundle.inhabitants)

    def country_gaps_by_members(self) -> Both:
        return self._gaps("members", geography.members(self.bundle, self.asked.as_of))

    def _gaps(self, exposure: str, exposed: dict[str, int]) -> Both:
        names = ("events", "expected", "ratio", "low", "high", "verdict")
        rows = self.rows("country_gaps", exposure=exposure)
        theirs = {row["country"]: tuple(row[name] for name in names) for row in rows if row["expected"]}
        mine = geography.gaps(self.bundle, self.asked, exposed)
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
        "retention_overall",
        "returning",
        "trend",
        "funnel_groups",
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
        "country_gaps_by_members",
    )
}


def differences(bundle: Bundle, connection: Connection, asked: Selection) -> Iterator[str]:
    """Every value that is not the same, in words."""
    asking = Asking(bundle, connection, asked)
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


def _amounts(found: money.Standing) -> dict[Any, Any]:
    names = ("paid", "committed", "pending", "carried_over", "unknown", "pending_unknown")
    return {name: getattr(found, name) for name in names}


def _some(found: money.Standing) -> bool:
    return bool(found.paid or found.committed or found.pending)


def _plain(value: Any) -> Any:
    """Without pandas: None for what is missing, a day for a moment."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value
