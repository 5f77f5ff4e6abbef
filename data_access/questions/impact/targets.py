"""Targets: how much of each is reached so far, measured as the impact summary measures it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Row, func, select

from data_access.answers import Count, Day, Number, Share, Text, empty, table
from data_access.database.schema import targets
from data_access.geography.countries import country_code
from data_access.narrowing import FILTERS
from data_access.program import Program, load_program
from data_access.questions.impact.summary import MEASURES, Measured, measured
from data_access.questions.options import filter_options
from data_access.questions.people.diversity import REFERENCE_METRIC
from data_access.questions.registry import PEOPLE, question
from data_access.questions.territories import territories
from data_access.selection import EVERYBODY, Period, Scope, Selection, SelectionError
from data_access.wording import either, say

_FILTERS = {item.name: item.label.lower() for item in FILTERS}


class TargetProgress(NamedTuple):
    metric: Annotated[str, Text("Target")]
    scope: Annotated[str, Text("For", help="Empty: for the whole program")]
    period_start: Annotated[date, Day("From")]
    period_end: Annotated[date, Day("To", help="The last day")]
    target: Annotated[int | Decimal, Number("Aim")]
    value: Annotated[int | Decimal | None, Number("So far", help="Empty: withheld or not countable, see the note")]
    share: Annotated[float | None, Share("Reached", help="So far ÷ aim")]
    elapsed: Annotated[float, Share("Time gone", help="The part of its days that is over, today included")]
    days_left: Annotated[int, Count("Days left", "days", help="Today included; 0: it is over")]
    note: Annotated[str, Text("Note")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=TargetProgress)
def targets_progress(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Each target whose time falls into the period, with what is reached so far; the one that ends last comes first.

    Measured over the target's own time and scope ("team:docs", "country=FR"; empty: the whole program), whatever the
    period is. Under filters only the targets whose scope is those filters are listed. The reference shares that the
    diversity page compares with (metric `population_share`) are no targets.
    """
    statement = (
        select(targets)
        .where(targets.c.metric != REFERENCE_METRIC)
        .order_by(
            targets.c.period_end.desc(), func.coalesce(targets.c.scope, ""), targets.c.metric, targets.c.period_start
        )
    )
    set_targets = connection.execute(statement).all()
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
        metric = _named(row.metric)
        reached = Measured(None, why) if own is None else _reached(connection, own, metric, scope, program, kept)
        found.append(_progress(row, period, selection.as_of, reached))
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
    if metric not in MEASURES:
        return Measured(None, say("not measured; these are: {measures}", measures=", ".join(MEASURES)))
    if own.period.start > own.as_of:
        return Measured(None, "not begun")
    if (own, metric) not in kept:
        answer = measured(connection, own, scope, program, (metric,))
        kept |= {(own, name): answer for name in answer}
    reached = kept[own, metric][metric]
    if reached.window is not None and not _is_of(reached.window, own.period, metric):
        return Measured(None, "nothing was released for these days yet")
    return reached


def _is_of(window: Period, period: Period, metric: str) -> bool:
    """Whether what was released for a window says how far a target is: so far, or on a day of its own time."""
    within = period.start < window.end <= period.end
    return within and (window.start == period.start or metric == "active_contributors")


def _progress(row: Row[Any], period: Period, as_of: date, reached: Measured) -> TargetProgress:
    days = (period.end - period.start).days
    gone = min(max((as_of - period.start).days + 1, 0), days)
    aim = Decimal(str(row.value))
    shown = int(aim) if aim == int(aim) else aim
    share = float(Decimal(reached.value) / aim) if reached.value is not None and aim else None
    left = min(max((period.end - as_of).days, 0), days)
    last = period.end - timedelta(days=1)
    return TargetProgress(
        row.metric, row.scope or "", period.start, last, shown, reached.value, share, gone / days, left, reached.note
    )


def _named(metric: str) -> str:
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
