"""The budget in words and shapes: from answers to the finding, headline numbers, the curve and members' bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from dashboard.parts import aims
from dashboard.parts.shapes import Aim, Headline
from dashboard.subjects.budget.charts import Point
from dashboard.words import numbers
from dashboard.words.ranges import about_money, people_words
from dashboard.words.sentences import DAYS, Counted, say, sentence_case
from data_access.questions.budget.burn import CeilingState
from data_access.questions.budget.curve import KNOWN, BurnDay
from data_access.questions.budget.summary import (
    CLOSED,
    HIDDEN,
    NEARLY,
    NO_BUDGET,
    NOT_THIS_YEAR,
    OVER,
    THIS_YEAR,
    USED_UP,
    BudgetSummary,
)
from data_access.questions.impact.targets import TargetProgress, named_metric
from data_access.selection import EARLIEST, LATEST, Period, Scope, Selection

CENT = Decimal("0.01")
PAID, PAID_OR_COMMITTED = "paid", "paid or committed"
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
OUTCOME_WORDS = {
    "event": "An event",
    "attendee": "An attendee",
    "new contributor": "A new contributor",
    "new core contributor": "A new core contributor",
    "new country": "A new country",
    "new language": "A new language",
}
LEFT_OUT = Counted(
    "{n} amount is left out of all sums: no exchange rate is known for the day.",
    "{n} amounts are left out of all sums: no exchange rate is known for the day.",
)
HELD = Counted(
    "Of {n} such range, made at an earlier month’s end, {held} held.",
    "Such ranges, made at earlier months’ ends, held {held} of {n} times.",
)
CARRIED = "approved, not yet paid; {amount} of it carried over"


def money_selection(asked: Selection, opening: Selection) -> Selection:
    """The whole program as of today, in the fiscal year of the period that was chosen; else the one of today."""
    period = asked.period if asked.period != opening.period else Period(EARLIEST, LATEST)
    return Selection(period, asked.as_of)


def burnt_words(scope: Scope) -> str:
    """What counts as burnt for the viewer."""
    return PAID_OR_COMMITTED if scope.inside else PAID


def money_words(value: Decimal | float | None, currency: str) -> str:
    """The amount to the cent, without cents where there are none; a dash for what is not known."""
    if value is None:
        return "–"
    return numbers.money(Decimal(str(value)).quantize(CENT), currency).removesuffix(".00")


def told_words(value: Decimal | float | None, currency: str, what: str) -> str:
    """The amount as the viewer is told it: to the cent inside, about so much where only what is paid counts."""
    if value is None or what != PAID:
        return money_words(value, currency)
    return about_money(value, currency)


def percent_words(share: float | None) -> str:
    """The share in per cent; a dash for what is not known."""
    return "–" if share is None else numbers.percent(share)


def left_out(row: BudgetSummary) -> int | None:
    """How many amounts no sum counts: paid, committed, and, where the viewer sees them, pending; None: some."""
    return None if row.unknown is None else row.unknown + (row.pending_unknown or 0)


def left_out_words(row: BudgetSummary) -> str:
    """The same as a sentence; empty where every amount is counted."""
    missing = left_out(row)
    if missing is None:
        return "Some amounts are left out of all sums: no exchange rate is known for the day."
    return LEFT_OUT(missing) if missing else ""


def finding(row: BudgetSummary, what: str) -> str:
    """How much of the budget is gone, against how much of the year."""
    if row.state == HIDDEN:
        return "Too few members were paid in the quarters that are over to say how much."
    found = say(
        _finding(row),
        burnt=_sum(row, what) if row.currency else "",
        share=percent_words(row.burn),
        what=what,
        gone=percent_words(row.share_gone),
        day=row.exhausted_on or "",
    )
    return sentence_case(found)


def _sum(row: BudgetSummary, what: str) -> str:
    burnt = row.burnt or Decimal(0)
    return about_money(burnt, row.currency) if what == PAID else numbers.money(burnt, row.currency)


def _finding(row: BudgetSummary) -> str:
    if row.state == NO_BUDGET and not row.currency:
        return "Nothing is {what} this fiscal year; no budget is set to compare it with."
    if row.state == NO_BUDGET:
        return "{burnt} is {what} this fiscal year; no budget is set to compare it with."
    if row.state == OVER and row.budget == 0:
        return "{burnt} is {what} of a budget of zero: it is overspent."
    if row.state == USED_UP and row.budget == 0:
        return "The fiscal year’s budget is zero, and nothing is {what}."
    if row.state == CLOSED:
        return "{share} of the year’s budget was {what} by its end."
    if row.as_of == row.ends_on:
        if row.state == OVER:
            return "{share} of the year’s budget is {what} on the year’s last day: it is overspent."
        return "{share} of the year’s budget is {what} on the year’s last day."
    if row.as_of > row.ends_on and row.state == OVER:
        return "{share} of the year’s budget was {what} by its end: it was overspent."
    if row.as_of > row.ends_on and row.state == USED_UP:
        return "{share} of the year’s budget was {what} by its end: nothing was left."
    if row.state == OVER:
        return "{share} of the year’s budget is {what}, with {gone} of the year gone: it is overspent."
    if row.state == USED_UP:
        return "{share} of the year’s budget is {what}, with {gone} of the year gone: nothing is left."
    if row.exhausted_on is not None:
        return (
            "{share} of the year’s budget is {what}, with {gone} of the year gone; at this pace it is used up on {day}."
        )
    if row.year_end is not None:
        return "{share} of the year’s budget is {what}, with {gone} of the year gone; at this pace it lasts the year."
    return "{share} of the year’s budget is {what}, with {gone} of the year gone."


def range_words(row: BudgetSummary, what: str) -> str:
    """The projection's range, in one or two sentences; "" where there is none."""
    if row.year_end is None:
        return ""
    template = "As in the last {days}, the year would end at {middle} ({low} to {high})."
    if row.ranges_made is None:
        template = "As in the last {days}, the year would end at {middle}."
    elif row.year_end_low is None:
        template = (
            "As in the last {days}, the year would end at {middle}; there is no range yet: the record is too short."
        )
    projected = say(
        template,
        days=DAYS(row.trailing_days),
        middle=told_words(row.year_end, row.currency, what),
        low=money_words(row.year_end_low, row.currency),
        high=money_words(row.year_end_high, row.currency),
    )
    return " ".join(filter(None, [projected, _record_words(row), _exhaustion_words(row)]))


def _record_words(row: BudgetSummary) -> str:
    """How often such ranges held before; "" where no range is shown."""
    if row.year_end_low is None or row.ranges_made is None or row.ranges_held is None:
        return ""
    if not row.ranges_made:
        return "No year is over yet of which such a range was made."
    return say(HELD.form(row.ranges_made), held=row.ranges_held, n=row.ranges_made)


def _exhaustion_words(row: BudgetSummary) -> str:
    """When the budget may be used up; "" where that is not this year."""
    if row.state not in (THIS_YEAR, NOT_THIS_YEAR, NEARLY) or row.exhausted_first is None:
        return ""
    template = "The budget is used up on {first} at the earliest, {last} at the latest."
    if row.exhausted_last is None:
        template = "The budget is used up on {first} at the earliest, perhaps not this year."
    return say(template, first=row.exhausted_first, last=row.exhausted_last or "")


def headlines(row: BudgetSummary, what: str, aimed: TargetProgress | None = None) -> list[Headline]:
    """Budget, paid (with its target that runs), committed, pending, remaining; outside without what waits."""
    if not row.currency:
        return []

    def tile(label: str, amount: Decimal | None, known: str, unknown: str = "") -> Headline:
        words = money_words if label == "Budget" else lambda value, currency: told_words(value, currency, what)
        return Headline(label, words(amount, row.currency), note=unknown if amount is None else known)

    pace = _pace_note(row.pace)
    budget = tile("Budget", row.budget, "", "not set")
    paid = aims.with_target(tile("Paid", row.paid, "", "too few members to show"), aimed, row.currency)
    if what == PAID:
        return [budget, paid, tile("Not paid out", row.remaining, pace, pace)]
    committed = "approved, not yet paid"
    if row.carried_over:
        committed = say(CARRIED, amount=money_words(row.carried_over, row.currency))
    return [
        budget,
        paid,
        tile("Committed", row.committed, committed),
        tile("Pending", row.pending, "waits for a decision"),
        tile("Remaining", row.remaining, pace, pace),
    ]


def year_of(row: BudgetSummary, as_of: date) -> Selection:
    """The fiscal year as a selection, by which its targets are asked for."""
    return Selection(Period(row.starts_on, row.ends_on + timedelta(days=1)), as_of)


def is_of_money(row: TargetProgress) -> bool:
    """Whether a target is of what the whole program pays."""
    return named_metric(row.metric) == "spend" and not row.scope


def aim_lines(found: Sequence[TargetProgress], row: BudgetSummary) -> list[Aim]:
    """The targets of what is paid that are of this fiscal year, as lines to their last day."""
    return [
        Aim(aimed.period_start, aimed.period_end, float(aimed.target))
        for aimed in found
        if row.starts_on <= aimed.period_start and aimed.period_end <= row.ends_on
    ]


def _pace_note(pace: float | None) -> str:
    if pace is None:
        return ""
    if abs(pace - 1) < 0.02:
        template = "pace {pace}: as fast as the year"
    else:
        template = "pace {pace}: faster than the year" if pace > 1 else "pace {pace}: slower than the year"
    return say(template, pace=numbers.ratio(pace))


def year_words(row: BudgetSummary, what: str) -> str:
    """`Fiscal year 2026: 1 January 2026 to 31 December 2026, as known on 21 November 2026`, or as released."""
    template = "Fiscal year {year}: {first} to {last}, as known on {day}"
    if what == PAID:
        template = "Fiscal year {year}: {first} to {last}, as released: paid up to {day}"
    return say(template, year=str(row.fiscal_year), first=row.starts_on, last=row.ends_on, day=row.as_of)


def points(curve: Sequence[BurnDay], what: str) -> tuple[list[Point], list[Point]]:
    """The curve's known and projected days, each with the words for it."""
    known = [_known_point(row, what) for row in curve if row.kind == KNOWN]
    projected = [_projected_point(row, what) for row in curve if row.kind != KNOWN]
    return known, projected


def _known_point(row: BurnDay, what: str) -> Point:
    separately = row.paid is not None and what != PAID
    return Point(
        row.day,
        float(row.burnt),
        _number(row.plan),
        _number(row.paid),
        words=say(
            _KNOWN[separately, row.plan is not None],
            day=numbers.short_day(row.day),
            burnt=told_words(row.burnt, row.currency, what),
            what=what,
            paid=money_words(row.paid, row.currency),
            plan=told_words(row.plan, row.currency, what),
        ),
    )


# By whether what is paid is said separately, and whether there is a budget.
_KNOWN = {
    (True, True): "{day}: {burnt} {what} (of which {paid} paid); even pace {plan}",
    (True, False): "{day}: {burnt} {what} (of which {paid} paid)",
    (False, True): "{day}: {burnt} {what}; even pace {plan}",
    (False, False): "{day}: {burnt} {what}",
}


def _projected_point(row: BurnDay, what: str) -> Point:
    template = "{day}: projected {burnt}, {low} to {high}; even pace {plan}"
    if row.low is None and row.plan is None:
        template = "{day}: projected {burnt}"
    elif row.low is None:
        template = "{day}: projected {burnt}; even pace {plan}"
    elif row.plan is None:
        template = "{day}: projected {burnt}, {low} to {high}"
    return Point(
        row.day,
        float(row.burnt),
        _number(row.plan),
        low=row.low,
        high=row.high,
        words=say(
            template,
            day=numbers.short_day(row.day),
            burnt=told_words(row.burnt, row.currency, what),
            low=money_words(row.low, row.currency),
            high=money_words(row.high, row.currency),
            plan=told_words(row.plan, row.currency, what),
        ),
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


# By whether they are of the day that the page is about, and whether any member is over, and any near.
_AT_RISK = {
    (True, False, False): "No member is over the ceiling or near it.",
    (True, True, False): "Members: {over} over their ceiling.",
    (True, False, True): "Members: {near} near their ceiling.",
    (True, True, True): "Members: {over} over their ceiling, {near} near it.",
    (False, False, False): "On {day} no member was over the ceiling or near it.",
    (False, True, False): "Members on {day}: {over} over their ceiling.",
    (False, False, True): "Members on {day}: {near} near their ceiling.",
    (False, True, True): "Members on {day}: {over} over their ceiling, {near} near it.",
}


def risk_sentence(distribution: Sequence[CeilingState], as_of: date) -> str:
    """How many members are over their ceiling or near it; ranges, with their day if it is another than `as_of`."""
    by_state = {row.state: row for row in distribution}
    over, near = by_state["over"], by_state["near"]
    return say(
        _AT_RISK[over.as_of == as_of, over.at_most > 0, near.at_most > 0],
        day=over.as_of,
        over=people_words(over.at_least, over.at_most),
        near=people_words(near.at_least, near.at_most),
    )
