"""Targets in words and shapes: what a headline number says of its target, the lines of pictures, what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from dashboard.parts.shapes import Aim, Headline
from dashboard.words import numbers
from dashboard.words.sentences import Counted, say
from data_access.questions.impact.targets import (
    BEHIND,
    NOT_BEGUN,
    NOT_MEASURED,
    REACHED,
    TargetProgress,
    named_metric,
)

TARGETS = Counted("{n} target", "{n} targets")
MONTH_DAYS = 365.25 / 12
Wanted = Callable[[TargetProgress], bool]


def of_scope(name: str) -> Wanted:
    """Whether a target is for one of that kind, such as `space`."""
    return lambda row: scope_of(row.scope)[0] == name


def scope_of(text: str) -> tuple[str, str]:
    """Filter and value of a target's scope: `("team", "docs")` for `team:docs`, `("", "")` for the whole program."""
    name, _, value = (part.strip() for part in text.replace("=", ":", 1).partition(":"))
    return name.casefold(), value


def running(found: Sequence[TargetProgress], metric: str, scope: str | None = None) -> TargetProgress | None:
    """The target of a measure that runs now, for any scope or for this one; of several the one that ends first."""
    own = [
        row
        for row in found
        if named_metric(row.metric) == metric
        and (scope is None or scope_of(row.scope) == scope_of(scope))
        and row.days_left
        and row.elapsed
    ]
    return min(own, key=lambda row: row.period_end, default=None)


def lines(found: Sequence[TargetProgress], metric: str, months: int, *, level: bool = False) -> tuple[Aim, ...]:
    """The lines of a measure's targets in a picture whose spans are so many months long.

    What adds up is spread evenly over the target's time; a `level` is the same throughout.
    """
    made = []
    for row in found:
        if named_metric(row.metric) == metric:
            days = (row.period_end - row.period_start).days + 1
            share = 1.0 if level else months * MONTH_DAYS / days
            made.append(Aim(row.period_start, row.period_end, float(row.target) * share))
    return tuple(made)


def note(row: TargetProgress | None, currency: str = "") -> str:
    """`Target: 543 of 850 by 31 Dec 2026; 19.9 a week needed`; nothing without one. Money is written as such."""
    if row is None:
        return ""

    def shown(number: float | Decimal) -> str:
        is_money = named_metric(row.metric) == "spend" and currency
        return numbers.money(round(number), currency) if is_money else numbers.number(number)

    known = {"target": shown(row.target), "day": numbers.short_day(row.period_end)}
    if row.value is None:
        return say("Target: {target} by {day}", **known)
    if row.state == REACHED:
        return say("Target reached: {value} of {target} by {day}", value=shown(row.value), **known)
    if row.pace is None:
        return say("Target: {value} of {target} by {day}", value=shown(row.value), **known)
    pace = shown(row.pace) if named_metric(row.metric) == "spend" else numbers.two_figures(row.pace)
    return say("Target: {value} of {target} by {day}; {pace} a week needed", value=shown(row.value), pace=pace, **known)


def with_target(tile: Headline, row: TargetProgress | None, currency: str = "") -> Headline:
    """The headline number with its target in the small print."""
    said = note(row, currency)
    if not said:
        return tile
    return replace(tile, note=say("{note}. {target}", note=tile.note, target=said) if tile.note else said)


def scope_words(text: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """What a target is for, by name: `Docs crew` for `team:docs`; as it was written where that is not known."""
    name, value = scope_of(text)
    return names.get(name, {}).get(value, text)


def finding(found: Sequence[TargetProgress]) -> str:
    """What the targets that are running say: how many are reached, and how many lag behind the time that is gone."""
    active = [row for row in found if row.days_left and row.state != NOT_BEGUN]
    known = [row for row in active if row.state != NOT_MEASURED]
    if not active:
        return "None of them is running today."
    if not known:
        return say("{targets} running; none can be measured, see the notes.", targets=TARGETS(len(active)))
    return say(
        "{targets} running and measured: {reached} reached, {behind} behind the time that is gone.",
        targets=TARGETS(len(known)),
        reached=sum(row.state == REACHED for row in known),
        behind=sum(row.state == BEHIND for row in known),
    )
