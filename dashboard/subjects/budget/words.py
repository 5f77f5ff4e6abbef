"""The budget in words and shapes: from answers to the finding, headline numbers, the curve, bars and the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.parts.shapes import Headline
from dashboard.subjects.budget.charts import Point
from dashboard.subjects.people.words import present, rows_of
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.questions.budget.summary import (
    CLOSED,
    HIDDEN,
    NAMED,
    NEARLY,
    NO_BUDGET,
    NOT_THIS_YEAR,
    OVER,
    THIS_YEAR,
    USED_UP,
)
from data_access.selection import EARLIEST, LATEST, Period, Scope, Selection

CENT = Decimal("0.01")
PARTS = {"category": "Category", "region": "Member’s region", "cohort": "Cohort", "scale": "Scale of the event"}
STATE_WORDS = {
    "over": "over the ceiling",
    "near": "near the ceiling",
    "at this pace": "used up this year at this pace",
    "not at this pace": "not at this pace",
    "unknown": "a rate is missing",
    "no ceiling": "no ceiling",
    "all": "all members",
}


def money_selection(asked: Selection, opening: Selection) -> Selection:
    """The whole program as of today, in the fiscal year of the period that was chosen; else the one of today."""
    period = asked.period if asked.period != opening.period else Period(EARLIEST, LATEST)
    return Selection(period, asked.as_of)


def burnt_words(scope: Scope) -> str:
    """What counts as burnt for the viewer."""
    return "paid or committed" if scope.role in NAMED else "paid"


def finding(row: Mapping[str, Any], what: str) -> str:
    """How much of the budget is gone, against how much of the year."""
    if row["state"] == HIDDEN:
        return "Too few members were paid in the quarters that are over to show how much."
    burnt = numbers.money(row["burnt"], row["currency"]) if row["currency"] else "Nothing"
    if row["state"] == NO_BUDGET:
        return f"{burnt} is {what} this fiscal year; no budget is set to compare it with."
    share, gone = numbers.percent(row["burn"]), numbers.percent(row["share_gone"])
    if row["state"] == CLOSED:
        return f"{share} of the year’s budget was {what} by its end."
    return f"{share} of the year’s budget is {what}, with {gone} of the year gone{_ending(row)}."


def _ending(row: Mapping[str, Any]) -> str:
    state = row["state"]
    if state == OVER:
        return ": it is overspent"
    if state == USED_UP:
        return ": nothing is left"
    if present(row["exhausted_on"]):
        return f"; at this pace it is used up on {numbers.day(row['exhausted_on'])}"
    return "; at this pace it lasts the year" if present(row["year_end"]) else ""


def range_words(row: Mapping[str, Any]) -> str:
    """The projection's range, in a sentence; "" where there is none."""
    if not present(row["year_end"]):
        return ""
    low, middle, high = (money_words(row, name) for name in ("year_end_low", "year_end", "year_end_high"))
    said = f"As in the last {row['trailing_days']} days, the year would end at {middle} ({low} to {high})."
    if row["state"] in (THIS_YEAR, NOT_THIS_YEAR, NEARLY):
        first, last = row["exhausted_first"], row["exhausted_last"]
        if present(first):
            until = f"{numbers.day(last)} at the latest" if present(last) else "perhaps not this year"
            return f"{said} The budget is used up on {numbers.day(first)} at the earliest, {until}."
    return said


def money_words(row: Mapping[str, Any], name: str) -> str:
    """An amount of the row with its currency, or `–`."""
    value = row[name]
    if not present(value):
        return "–"
    return numbers.money(Decimal(str(value)).quantize(CENT), row["currency"]).removesuffix(".00")


def headlines(row: Mapping[str, Any], what: str) -> list[Headline]:
    """Budget, paid, committed, pending, remaining."""
    if not row["currency"]:
        return []
    few = "too few members to show"
    made = [Headline("Budget", money_words(row, "budget"), "", 0, "" if present(row["budget"]) else "not set")]
    for name, label, note in (
        ("paid", "Paid", ""),
        ("committed", "Committed", "approved, not yet paid"),
        ("pending", "Pending", "waits for a decision"),
    ):
        hidden = few if name == "paid" else "for the program manager and the board"
        made.append(Headline(label, money_words(row, name), "", 0, note if present(row[name]) else hidden))
    pace = f"pace {float(row['pace']):.2f}: {_pace_words(float(row['pace']))}" if present(row["pace"]) else ""
    left = "Remaining" if what != "paid" else "Not paid out"
    return [*made, Headline(left, money_words(row, "remaining"), "", 0, pace)]


def _pace_words(pace: float) -> str:
    if abs(pace - 1) < 0.02:
        return "as fast as the year"
    return "faster than the year" if pace > 1 else "slower than the year"


def year_words(row: Mapping[str, Any]) -> str:
    """`Fiscal year 2026: 1 January 2026 to 31 December 2026, as of 21 November 2026`."""
    return (
        f"Fiscal year {row['fiscal_year']}: {numbers.day(row['starts_on'])} to {numbers.day(row['ends_on'])}, "
        f"as known on {numbers.day(row['as_of'])}"
    )


def points(curve: pd.DataFrame, what: str) -> tuple[list[Point], list[Point]]:
    """The curve's known and projected days, each with the words for it."""
    known, projected = [], []
    for row in rows_of(curve):
        is_known = row["kind"] == "known"
        point = Point(row["day"], float(row["burnt"]), _number(row["plan"]), _number(row["paid"]))
        plan = f"; even pace {money_words(row, 'plan')}" if present(row["plan"]) else ""
        if is_known:
            apart = f" (of it paid {money_words(row, 'paid')})" if present(row["paid"]) and what != "paid" else ""
            words = f"{numbers.short_day(row['day'])}: {money_words(row, 'burnt')} {what}{apart}{plan}"
            known.append(replace(point, words=words))
        else:
            span = f"{money_words(row, 'low')} to {money_words(row, 'high')}"
            words = f"{numbers.short_day(row['day'])}: projected {money_words(row, 'burnt')}, {span}{plan}"
            projected.append(replace(point, low=_number(row["low"]), high=_number(row["high"]), words=words))
    return known, projected


def _number(value: Any) -> float | None:
    return float(value) if present(value) else None


def risk_sentence(told: pd.DataFrame) -> str:
    """How many members are over their ceiling or near it; ranges where the viewer sees ranges."""
    by_state = {row["state"]: row for row in rows_of(told)}
    parts = []
    for state, words in (("over", "over their ceiling"), ("near", "near it")):
        row = by_state[state]
        if row["at_most"]:
            parts.append(f"{people_words(int(row['at_least']), int(row['at_most']))} {words}")
    return f"Members: {', '.join(parts)}." if parts else "No member is over the ceiling or near it."


@dataclass(frozen=True, slots=True)
class Hires:
    """The assumptions of “what would staff have cost?”: all of them in view, all of them the reader's to change."""

    hires: int
    yearly_cost: float
    events_a_week: float
    weeks: float
    attendance: float

    @property
    def cost(self) -> float:
        return self.hires * self.yearly_cost

    @property
    def events(self) -> float:
        return self.hires * self.events_a_week * self.weeks

    @property
    def attendees(self) -> float:
        return self.events * self.attendance


def scenario_table(hires: Hires, costs: pd.DataFrame, share_gone: float) -> pd.DataFrame:
    """The program up to now beside so many hires over the same part of a year; missing where the program's is."""
    known = {row["outcome"]: row for row in rows_of(costs)}
    paid = known["event"]["paid"]
    events, attendees = (
        known[name]["count"] if present(known[name]["count"]) else None for name in ("event", "attendee")
    )
    ours = [float(paid) if present(paid) else None, events, attendees]
    theirs = [hires.cost * share_gone, hires.events * share_gone, hires.attendees * share_gone]
    rows = []
    for what, values in (("The program", ours), (counted(hires.hires, "hire"), theirs)):
        cost, held, came = values
        rows.append(
            {
                "what": what,
                "cost": cost,
                "events": held,
                "attendees": came,
                "cost_per_event": cost / held if cost is not None and held else None,
                "cost_per_attendee": cost / came if cost is not None and came else None,
            }
        )
    return pd.DataFrame(rows)


def scenario_sentence(table: pd.DataFrame, currency: str) -> str:
    """Whether the hires' events would have cost more each than the program's."""
    ours, theirs = rows_of(table)
    if not present(ours["cost_per_event"]) or not present(theirs["cost_per_event"]):
        return "There is nothing to compare with yet."
    one, other = ({**row, "currency": currency} for row in (ours, theirs))
    ratio = theirs["cost_per_event"] / ours["cost_per_event"]
    more = (
        f"{numbers.number(ratio)} times as much as"
        if ratio >= 1.05
        else "about as much as"
        if ratio > 0.95
        else "less than"
    )
    return (
        f"{theirs['what']} would have held {numbers.number(round(theirs['events']))} events at "
        f"{money_words(other, 'cost_per_event')} each, {more} the program’s {money_words(one, 'cost_per_event')}."
    )
