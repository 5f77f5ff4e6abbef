"""Targets: how much of each is reached so far, measured as the impact summary measures it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, Row, func, select

from data_access.answers import AS_IT_IS, Code, Count, Day, Number, Share, Text, empty, table
from data_access.database.schema import spaces, targets, teams
from data_access.geography.countries import country_code
from data_access.narrowing import FILTERS
from data_access.program import load_program
from data_access.questions.impact.measuring import ACTIVE, MEASURES, NEW, OF_EVENTS, SPEND, Measured, measured
from data_access.questions.people.diversity import REFERENCE_METRIC
from data_access.questions.registry import PEOPLE, question
from data_access.questions.spaces.newcomers import active_newcomers
from data_access.questions.territories import territories
from data_access.selection import EVERYBODY, Period, Scope, Selection, SelectionError
from data_access.wording import either, say

_FILTERS = {item.name: item.label.lower() for item in FILTERS}


# Measured for targets alone.
BASE, THROUGH_SPACES = "contributor_base", "new_active_contributors"
NOT_YET = "nothing was released for these days yet"
TARGET_MEASURES = (*MEASURES, BASE, THROUGH_SPACES)
# What adds up day by day: even progress means something for these. A level or a number of countries does not.
ADDS_UP = frozenset({"events", "attendance", NEW, SPEND, THROUGH_SPACES})
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
    aims = [aim for row in set_targets if (aim := _aim(row, selection)) is not None]
    if any(row.scope for row in set_targets):
        known = _known(connection)
        aims = [aim.within(known) for aim in aims]
    if selection.narrowed_by:
        aims = [aim for aim in aims if aim.own is not None and _filters(aim.own) == _filters(selection)]
    reached = _reached(connection, aims, scope)
    made = [_progress(aim, selection.as_of, each) for aim, each in zip(aims, reached, strict=True)]
    return table(TargetProgress, [each for each in made if not only_behind or each.state == BEHIND])


@dataclass(frozen=True)
class _Aim:
    """A target: its row, what it measures, its days, and whom or what it is about (None: not known, `why`)."""

    row: Row[Any]
    metric: str
    period: Period
    as_of: date
    own: Selection | None = None
    why: str = ""

    def within(self, known: dict[str, set[str]]) -> _Aim:
        """The same with its scope, if that means something here."""
        try:
            return replace(self, own=_scoped(self.row.scope or "", self.period, self.as_of, known))
        except SelectionError as problem:
            return replace(self, own=None, why=str(problem))

    @property
    def eve(self) -> date:
        return self.period.start - timedelta(days=1)


def _aim(row: Row[Any], selection: Selection) -> _Aim | None:
    """The target as one of the whole program; None where it does not fall into the selection's period."""
    period = period_of(row)
    if period.end <= selection.period.start or period.start >= selection.period.end:
        return None
    return _Aim(row, named_metric(row.metric), period, selection.as_of, Selection(period, selection.as_of))


def period_of(row: Row[Any]) -> Period:
    """The target's days: `period_end` is the last, except that the first of a month closes the month before.

    So 31 December and 1 January say the same, as people write either.
    """
    end = row.period_end if row.period_end.day == 1 else row.period_end + timedelta(days=1)
    return Period(row.period_start, max(end, row.period_start + timedelta(days=1)))


def _reached(connection: Connection, aims: Sequence[_Aim], scope: Scope) -> list[Measured]:
    """What is reached of each target; those of a kind are measured together."""
    program = load_program(connection)
    measurable = [(aim, aim.own) for aim in aims if aim.own is not None and aim.period.start <= aim.as_of]
    figures: dict[tuple[Selection, str], Measured] = {}
    for together in (OF_EVENTS, (ACTIVE,), (NEW,), (SPEND,)):
        wanted = {own: aim.metric for aim, own in measurable if aim.metric in together}
        if together == (ACTIVE,):
            grown = [(aim, own) for aim, own in measurable if aim.metric == BASE]
            wanted |= {each: ACTIVE for aim, own in grown for each in (own, _before(aim, own, scope))}
        found = measured(connection, wanted, scope, program, together) if wanted else {}
        figures |= {(own, name): each for own, names in found.items() for name, each in names.items()}

    def reached(aim: _Aim) -> Measured:
        if aim.own is None:
            return Measured(None, aim.why)
        if aim.metric not in TARGET_MEASURES:
            return Measured(None, say("not measured; these are: {measures}", measures=", ".join(TARGET_MEASURES)))
        if aim.period.start > aim.as_of:
            return Measured(None, "not begun")
        if aim.metric == BASE:
            return _grown(aim, figures[aim.own, ACTIVE], figures[_before(aim, aim.own, scope), ACTIVE], scope)
        if aim.metric == THROUGH_SPACES:
            if not scope.exact:
                return Measured(None, "not released so far")
            return Measured(active_newcomers(connection, replace(aim.own, status=("held",))))
        found = figures[aim.own, aim.metric]
        if found.window is not None and not _is_of(found.window, aim.period, aim.metric):
            return Measured(None, NOT_YET)
        return found

    return [reached(aim) for aim in aims]


def _before(aim: _Aim, own: Selection, scope: Scope) -> Selection:
    """The eve of the target's time, or what is released of it."""
    eve = Period(aim.eve, aim.period.start) if scope.exact else Period.quarter_of(aim.eve)
    return replace(own, period=eve)


def _grown(aim: _Aim, now: Measured, then: Measured, scope: Scope) -> Measured:
    """How many times as many contributors are active as on the eve of the target's time."""
    for each in (now, then):
        if each.value is None:
            return each
    if now.window is not None and not _is_of(now.window, aim.period, ACTIVE):
        return Measured(None, NOT_YET)
    if then.window is not None and then.window.end != aim.period.start:
        return Measured(None, "what was active before these days was not released")
    if not then.value:
        return Measured(None, "nobody was active before these days")
    times = (Decimal(now.value or 0) / Decimal(then.value)).quantize(Decimal("0.01"))
    words = "{now} active, {then} before" if scope.exact else "about; {now} active, {then} before"
    return Measured(times, say(words, now=int(now.value or 0), then=int(then.value)), window=now.window)


def _is_of(window: Period, period: Period, metric: str) -> bool:
    """Whether what was released for a window says how far a target is: so far, or on a day of its own time."""
    within = period.start < window.end <= period.end
    return within and (window.start == period.start or metric == ACTIVE)


def _progress(aim: _Aim, as_of: date, reached: Measured) -> TargetProgress:
    row, period = aim.row, aim.period
    days = (period.end - period.start).days
    gone = min(max((as_of - period.start).days + 1, 0), days)
    wanted = _plain(Decimal(str(row.value)))
    left = min(max((period.end - as_of).days, 0), days)
    share = float(Decimal(reached.value) / Decimal(wanted)) if reached.value is not None and wanted else None
    gap = None if reached.value is None else _plain(max(Decimal(wanted) - Decimal(reached.value), Decimal(0)))
    # What is released is of days that are over for longer.
    known = min(gone, (reached.window.end - period.start).days) if reached.window else gone
    return TargetProgress(
        metric=row.metric,
        scope=row.scope or "",
        period_start=period.start,
        period_end=period.end - timedelta(days=1),
        target=wanted,
        value=reached.value,
        share=share,
        gap=gap,
        pace=float(gap) * WEEK / left if gap is not None and left and gone else None,
        state=_state(aim.metric, gap, share, known / days, left=left, has_begun=gone > 0),
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
    everywhere = territories(connection, Selection())
    keys = {"team": teams.c.team_key, "space": spaces.c.space_key}
    return {
        **{name: set(connection.execute(select(key)).scalars()) for name, key in keys.items()},
        "region": {territory.region for territory in everywhere},
        "country": {territory.code for territory in everywhere},
    }


def _filters(selection: Selection) -> tuple[tuple[str, ...], ...]:
    return tuple(getattr(selection, name) for name in _FILTERS)
