"""Targets: how much of each is reached so far, measured as the impact summary measures it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Row, func, select

from data_access.answers import AS_IT_IS, Code, Count, Day, Number, Share, Text, empty, table
from data_access.database.schema import targets
from data_access.geography.countries import country_code
from data_access.narrowing import FILTERS
from data_access.program import Program, load_program
from data_access.questions.impact.summary import MEASURES, Measured, measured
from data_access.questions.options import filter_options
from data_access.questions.people.diversity import REFERENCE_METRIC
from data_access.questions.registry import PEOPLE, question
from data_access.questions.spaces.newcomers import newcomers_of
from data_access.questions.territories import territories
from data_access.selection import EVERYBODY, Period, Scope, Selection, SelectionError
from data_access.wording import either, say

_FILTERS = {item.name: item.label.lower() for item in FILTERS}


# Measured for targets alone.
BASE, THROUGH_SPACES = "contributor_base", "new_active_contributors"
TARGET_MEASURES = (*MEASURES, BASE, THROUGH_SPACES)
# What adds up day by day: even progress means something for these. A level or a number of countries does not.
ADDS_UP = frozenset({"events", "attendance", "new_contributors", "spend", THROUGH_SPACES})
REACHED, AHEAD, BEHIND, RUNNING, MISSED, NOT_BEGUN, NOT_MEASURED = (
    "reached",
    "on_pace",
    "behind",
    "running",
    "missed",
    "not_begun",
    "not_measured",
)
WEEK = 7


class TargetProgress(NamedTuple):
    metric: Annotated[str, Text("Target")]
    scope: Annotated[str, Text("For", help="Empty: for the whole program")]
    period_start: Annotated[date, Day("From")]
    period_end: Annotated[date, Day("To", help="The last day")]
    target: Annotated[int | Decimal, Number("Aim", decimals=AS_IT_IS)]
    value: Annotated[
        int | Decimal | None, Number("So far", decimals=AS_IT_IS, help="Empty: withheld or not countable, see the note")
    ]
    share: Annotated[float | None, Share("Reached", help="So far ÷ aim")]
    gap: Annotated[
        int | Decimal | None, Number("Still missing", decimals=AS_IT_IS, help="Aim − so far; 0 once it is reached")
    ]
    pace: Annotated[
        float | None, Number("Needed a week", decimals=1, help="Still missing ÷ weeks left; empty: over, or not known")
    ]
    state: Annotated[
        str,
        Code(
            "State",
            help="reached, on pace or behind (against the time that is gone, of what adds up day by day), running, "
            "missed, not begun, not measured",
        ),
    ]
    elapsed: Annotated[float, Share("Time gone", help="The part of its days that is over, today included")]
    days_left: Annotated[int, Count("Days left", "days", help="Today included; 0: it is over")]
    note: Annotated[str, Text("Note")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=TargetProgress)
def targets_progress(
    connection: Connection, selection: Selection, scope: Scope, *, only_behind: bool = False
) -> pd.DataFrame:
    """Each target whose time falls into the period, with what is reached so far; the one that ends last comes first.

    Measured over the target's own time and scope ("team:docs", "country=FR"; empty: the whole program), whatever the
    period is. Under filters only the targets whose scope is those filters are listed. The reference shares that the
    diversity page compares with (metric `population_share`) are no targets.

    Besides Impact's measures two can be aimed at: `contributor_base`, active contributors now ÷ those on the eve of the
    target's time (10 is ten times as many), and `new_active_contributors`, who came new through events of spaces in its
    time and became active since. With `only_behind` those behind their pace alone are measured and listed.
    """
    statement = (
        select(targets)
        .where(targets.c.metric != REFERENCE_METRIC)
        .order_by(
            targets.c.period_end.desc(), func.coalesce(targets.c.scope, ""), targets.c.metric, targets.c.period_start
        )
    )
    set_targets = [
        row for row in connection.execute(statement) if not only_behind or named_metric(row.metric) in ADDS_UP
    ]
    if not set_targets:
        return empty(TargetProgress)
    program = load_program(connection)
    known = _known(connection) if any(row.scope for row in set_targets) else {}
    kept: dict[tuple[Selection, str], dict[str, Measured]] = {}
    found = []
    for row in set_targets:
        period = period_of(row)
        if period.end <= selection.period.start or period.start >= selection.period.end:
            continue
        try:
            own: Selection | None = _scoped(row.scope or "", period, selection.as_of, known)
            why = ""
        except SelectionError as problem:
            own, why = None, str(problem)
        if selection.narrowed_by and (own is None or _filters(own) != _filters(selection)):
            continue
        metric = named_metric(row.metric)
        reached = Measured(None, why) if own is None else _reached(connection, own, metric, scope, program, kept)
        progress = _progress(row, metric, period, selection.as_of, reached)
        if not only_behind or progress.state == BEHIND:
            found.append(progress)
    return table(TargetProgress, found)


def period_of(row: Row[Any]) -> Period:
    """The target's days: `period_end` is the last, except that the first of a month closes the month before.

    So 31 December and 1 January say the same, as people write either.
    """
    end = row.period_end if row.period_end.day == 1 else row.period_end + timedelta(days=1)
    return Period(row.period_start, max(end, row.period_start + timedelta(days=1)))


def _reached(
    connection: Connection,
    own: Selection,
    metric: str,
    scope: Scope,
    program: Program,
    kept: dict[tuple[Selection, str], dict[str, Measured]],
) -> Measured:
    if metric not in TARGET_MEASURES:
        return Measured(None, say("not measured; these are: {measures}", measures=", ".join(TARGET_MEASURES)))
    if own.period.start > own.as_of:
        return Measured(None, "not begun")
    if metric == BASE:
        return _grown(connection, own, scope, program)
    if metric == THROUGH_SPACES:
        if not scope.exact:
            return Measured(None, "not released so far")
        found = newcomers_of(connection, replace(own, status=("held",)), program)
        return Measured(sum(each.active for each in found))
    if (own, metric) not in kept:
        answer = measured(connection, own, scope, program, (metric,))
        kept |= {(own, name): answer for name in answer}
    reached = kept[own, metric][metric]
    if reached.window is not None and not _is_of(reached.window, own.period, metric):
        return Measured(None, "nothing was released for these days yet")
    return reached


def _grown(connection: Connection, own: Selection, scope: Scope, program: Program) -> Measured:
    """How many times as many contributors are active as on the eve of the target's time."""
    eve = own.period.start - timedelta(days=1)
    before = Period(eve, own.period.start) if scope.exact else Period.quarter_of(eve)
    measure = "active_contributors"
    now = measured(connection, own, scope, program, (measure,))[measure]
    then = measured(connection, replace(own, period=before), scope, program, (measure,))[measure]
    for each in (now, then):
        if each.value is None:
            return each
    if now.window is not None and not _is_of(now.window, own.period, measure):
        return Measured(None, "nothing was released for these days yet")
    if then.window is not None and then.window.end != own.period.start:
        return Measured(None, "what was active before these days was not released")
    if not then.value:
        return Measured(None, "nobody was active before these days")
    times = (Decimal(now.value or 0) / Decimal(then.value)).quantize(Decimal("0.01"))
    words = "{now} active, {then} before" if scope.exact else "about; {now} active, {then} before"
    return Measured(times, say(words, now=int(now.value or 0), then=int(then.value)), window=now.window)


def _is_of(window: Period, period: Period, metric: str) -> bool:
    """Whether what was released for a window says how far a target is: so far, or on a day of its own time."""
    within = period.start < window.end <= period.end
    return within and (window.start == period.start or metric == "active_contributors")


def _progress(row: Row[Any], metric: str, period: Period, as_of: date, reached: Measured) -> TargetProgress:
    days = (period.end - period.start).days
    gone = min(max((as_of - period.start).days + 1, 0), days)
    aim = _plain(Decimal(str(row.value)))
    left = min(max((period.end - as_of).days, 0), days)
    share = float(Decimal(reached.value) / Decimal(aim)) if reached.value is not None and aim else None
    gap = None if reached.value is None else _plain(max(Decimal(aim) - Decimal(reached.value), Decimal(0)))
    # What is released is of days that are over for longer.
    known = min(gone, (reached.window.end - period.start).days) if reached.window else gone
    return TargetProgress(
        metric=row.metric,
        scope=row.scope or "",
        period_start=period.start,
        period_end=period.end - timedelta(days=1),
        target=aim,
        value=reached.value,
        share=share,
        gap=gap,
        pace=float(gap) * WEEK / left if gap is not None and left and gone else None,
        state=_state(metric, gap, share, known / days, left=left, has_begun=gone > 0),
        elapsed=gone / days,
        days_left=left,
        note=reached.note,
    )


def _state(
    metric: str, gap: int | Decimal | None, share: float | None, gone: float, *, left: int, has_begun: bool
) -> str:
    if not has_begun:
        return NOT_BEGUN
    if gap is None:
        return NOT_MEASURED
    if not gap:
        return REACHED
    if not left:
        return MISSED
    if metric not in ADDS_UP or share is None:
        return RUNNING
    return BEHIND if share < gone else AHEAD


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == int(number) else number


def named_metric(metric: str) -> str:
    """The measure that is meant: `new_contributors` for `New contributors`."""
    return "_".join(metric.casefold().replace("_", " ").split())


def _scoped(text: str, period: Period, as_of: date, known: dict[str, set[str]]) -> Selection:
    """The events and people that a target is about. Raises SelectionError for a scope that means nothing here."""
    if not text.strip():
        return Selection(period, as_of)
    name, _, value = (part.strip() for part in text.replace("=", ":", 1).partition(":"))
    name = name.casefold().replace(" ", "_")
    if name not in _FILTERS or not value:
        example = either(f"{item}:…" for item in ("team", "country", "area"))
        raise SelectionError(say("the scope {scope} is not understood; write {example}", scope=text, example=example))
    if name == "country":
        value = country_code(value) or value
    if name in known and value not in known[name]:
        raise SelectionError(say("there is no {filter} {value}", filter=_FILTERS[name], value=value))
    return Selection(period, as_of, **{name: (value,)})  # type: ignore[arg-type]  # one filter


def _known(connection: Connection) -> dict[str, set[str]]:
    offered = filter_options(connection, of_people=False).values
    everywhere = territories(connection, Selection())
    return {
        "team": {key for key, _ in offered["team"]},
        "space": {key for key, _ in offered["space"]},
        "region": {territory.region for territory in everywhere},
        "country": {territory.code for territory in everywhere},
    }


def _filters(selection: Selection) -> tuple[tuple[str, ...], ...]:
    return tuple(getattr(selection, name) for name in _FILTERS)
