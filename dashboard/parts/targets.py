"""Targets on every page that has some: what was aimed at, what is reached, what is missing and by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts.shapes import Aim, Headline
from dashboard.parts.tables import table_with_download
from dashboard.words import numbers
from dashboard.words.measures import LABELS
from dashboard.words.sentences import Counted, say
from data_access import answers
from data_access.questions.impact.targets import (
    BEHIND,
    NOT_BEGUN,
    NOT_MEASURED,
    REACHED,
    TargetProgress,
    named_metric,
    targets_progress,
)
from data_access.selection import Period, Role, Selection

SHOWN = (
    *("metric", "scope", "state", "value", "target", "gap", "pace", "period_end"),
    *("share", "elapsed", "days_left", "period_start", "note"),
)
TARGETS = Counted("{n} target", "{n} targets")
MONTH_DAYS = 365.25 / 12
Wanted = Callable[[TargetProgress], bool]


def progress(selection: Selection, wanted: Wanted = lambda _: True) -> list[TargetProgress]:
    """The targets of the selection that are wanted."""
    found = cached.answer(targets_progress, selection, filters.asked().scope)
    return [row for row in answers.rows(TargetProgress, found) if wanted(row)]


def today(selection: Selection, wanted: Wanted = lambda _: True) -> list[TargetProgress]:
    """The targets that run on the day, whatever the period."""
    day = Period(selection.as_of, selection.as_of + timedelta(days=1))
    return progress(Selection(day, selection.as_of), wanted)


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


def aims(found: Sequence[TargetProgress], metric: str, months: int, *, level: bool = False) -> tuple[Aim, ...]:
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


def section(found: Sequence[TargetProgress], *, where: str = "") -> None:
    """The targets as a table, under what they say together; nothing where there are none."""
    now = filters.asked()
    if not found:
        return
    st.header("Against the targets", anchor=False)
    st.caption(" ".join(filter(None, (finding(found), where))))
    named = answers.table(TargetProgress, found)
    named = named.assign(
        metric=[LABELS.get(named_metric(row.metric), row.metric) for row in found],
        scope=[scope_words(row.scope, now.names) for row in found],
    )
    # A number with the decimals of an amount would be no count.
    as_numbers = {name: pd.to_numeric(named[name]) for name in ("target", "value", "gap")}
    table_with_download(
        named.assign(**as_numbers),
        "targets",
        alt="Targets with what is reached of each, what is missing, and what is needed a week",
        columns=TargetProgress,
        shown=list(SHOWN),
        widths={"metric": 190, "scope": 130, "state": "small", "note": "medium"},
    )


def set_on_impact() -> str:
    """Where who may change them can."""
    return "Targets are set on the Impact page." if filters.asked().scope.role is Role.PM else ""


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


def year_around(day: date) -> tuple[date, date]:
    """The calendar year's first and last day, which a new target is offered."""
    return date(day.year, 1, 1), date(day.year, 12, 31)
