"""The impact summary: what the program achieved in a period, against the period before."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Count, Day, Key, Number, Text, rows, table
from data_access.database.schema import (
    contributor_spans,
    events,
    funding_conversions,
    funding_requests,
)
from data_access.geography.language_reach import base_language
from data_access.program import Program, load_program
from data_access.questions.contributors.activity import can_count, first_contribution, new_to_these
from data_access.questions.impact.windows import (
    ContributorsMeasured,
    PaidMeasured,
    contributors_measured,
    paid_conditions,
    paid_measured,
)
from data_access.questions.registry import PEOPLE, question, question_of
from data_access.selection import EARLIEST, EVERYBODY, LATEST, Period, Role, Scope, Selection
from data_access.wording import counted, say

MEASURES = (
    "events",
    "attendance",
    "countries",
    "languages",
    "active_contributors",
    "new_contributors",
    "spend",
)
_NO_LANGUAGE = "und"  # BCP-47: undetermined
NEW_TO_TEAM, NEW_TO_AREA = "new to the program; new to this team: {n}", "new to the program; new to this area: {n}"
# The notes of a count that is withheld for that reason alone.
FEW_PEOPLE, FEW_RELEASED = "fewer than {size} people", "fewer than {size} people; as released: {window}"
ABOUT, ABOUT_RELEASED = "about", "about; as released: {window}"
PEOPLE_MEASURES = ("active_contributors", "new_contributors")
RELEASED_MEASURES = (*PEOPLE_MEASURES, "spend")
NOT_BROKEN_DOWN, NOTHING_RELEASED = "released figures are not broken down", "nothing was released yet"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and what is to be known about it; without a value, the note says why."""

    value: int | Decimal | None
    note: str = ""
    reporting: int | None = None
    # The window that was released, where it is not worked out from the program's own tables.
    window: Period | None = None


class ImpactMeasure(NamedTuple):
    measure: Annotated[str, Code("Measure")]
    value: Annotated[int | Decimal | None, Number("Value", help="Empty: withheld or not countable, see the note")]
    previous: Annotated[int | Decimal | None, Number("Before")]
    change: Annotated[float | None, Number("Change", decimals=2, help="Value ÷ before − 1; empty from zero")]
    compared_with: Annotated[str, Text("Compared with", help="The days before, the last not included")]
    note: Annotated[str, Text("Note")]
    reporting: Annotated[int | None, Count("Events that report it", "events", help="Of attendance; else empty")]
    reporting_before: Annotated[int | None, Count("Before, events that report it", "events")]
    records_since: Annotated[
        date | None,
        Day("Records since", help="The first of its kind, if too late to compare with the days before"),
    ]
    window: Annotated[str | None, Key("Days of the value", help="As released, if not those of the period")]


@question(roles=EVERYBODY, counts=PEOPLE, columns=ImpactMeasure)
def impact_summary(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Seven measures of a period against the one before.

    `change` is missing when a value is missing or the previous one is zero ("new"). A period that is still open is
    compared with as many first days of the previous one; `compared_with` says which days. `spend` is what was paid in
    the period, in the program's currency; a missing value is withheld or not countable, and `note` says why. Where the
    program has no events, contributions or payments as early as that, `previous` is missing: nothing is no data. So it
    is where the filters leave events or contributions, but none before the end of the days compared with.
    """
    program = load_program(connection)
    earlier = comparable_previous(selection)
    now = measured(connection, selection, scope, program)
    before = measured(connection, earlier, scope, program) if earlier else {}
    first = _first_records(connection, selection.as_of, scope)
    first_here = _first_records_here(connection, selection, scope) if selection.narrowed_by else first
    measures = []
    for measure in MEASURES:
        current, past = now[measure], before.get(measure, Measured(None))
        compared, since = str(earlier.period) if earlier else "", None
        if measure in RELEASED_MEASURES and not scope.exact:
            past, compared = _released_before(connection, current, measure, selection, scope, program)
        elif earlier:
            past, since = _if_recorded(past, first[measure], first_here.get(measure), earlier.period)
        change = None
        if current.value is not None and past.value:
            change = float(current.value / past.value - 1)
        measures.append(
            ImpactMeasure(
                measure=measure,
                value=current.value,
                previous=past.value,
                change=change,
                compared_with=compared,
                note=current.note,
                reporting=current.reporting,
                reporting_before=past.reporting,
                records_since=since,
                window=str(current.window) if current.window not in (None, selection.period) else None,
            )
        )
    return table(ImpactMeasure, measures)


def _if_recorded(
    past: Measured, first: date | None, first_here: date | None, period: Period
) -> tuple[Measured, date | None]:
    """The value before, unless there are no records as old; and the first record, if the days before lack some."""
    since = first_here if first_here and first_here >= period.end else first
    if since is None or since >= period.end:
        past = Measured(None)
    return past, None if since is not None and since <= period.start else since


def _released_before(
    connection: Connection, current: Measured, measure: str, selection: Selection, scope: Scope, program: Program
) -> tuple[Measured, str]:
    """What was released for the same length directly before the window of a released value, and those days."""
    if current.window is None or current.window.start <= EARLIEST:
        return Measured(None), ""
    period = current.window.previous()
    past = measured(connection, replace(selection, period=period), scope, program, (measure,))[measure]
    return (past, str(period)) if past.window == period else (Measured(None), "")


def _first_records(connection: Connection, as_of: date, scope: Scope) -> dict[str, date | None]:
    """For each measure the first day up to `as_of` on which the program has a record of its kind.

    The first contribution and the first payment are one person's: outside they are not looked for.
    """
    event = connection.execute(select(func.min(events.c.starts_on)).where(events.c.starts_on <= as_of)).scalar_one()
    found: dict[str, date | None] = dict.fromkeys(MEASURES, event)
    if scope.exact:
        days = (contributor_spans.c.first_on, funding_requests.c.paid_on)
        firsts = (select(func.min(day)).where(day <= as_of).scalar_subquery() for day in days)
        contribution, payment = connection.execute(select(*firsts)).one()
        found |= {**dict.fromkeys(PEOPLE_MEASURES, contribution), "spend": payment}
    return found


def _first_records_here(connection: Connection, selection: Selection, scope: Scope) -> dict[str, date | None]:
    """The same of what the filters leave: of events, and for who sees single people of contributions and payments.

    Measures that the filters say nothing about are missing.
    """
    held = [item.condition(getattr(selection, item.name)) for item in selection.narrowed_by]
    event = connection.execute(
        select(func.min(events.c.starts_on)).where(*selection.status_conditions(), *held)
    ).scalar_one()
    found: dict[str, date | None] = dict.fromkeys(("events", "attendance", "countries", "languages"), event)
    if scope.exact:
        always = replace(selection, period=Period(EARLIEST, LATEST))
        paid = select(func.min(funding_requests.c.paid_on)).where(*paid_conditions(always))
        found["spend"] = connection.execute(paid).scalar_one()
        if can_count(selection):
            first = first_contribution(connection, selection)
            found |= dict.fromkeys(PEOPLE_MEASURES, first)
    return found


def comparable_previous(selection: Selection) -> Selection | None:
    """The previous period, cut to as many days as an open period has behind it; None when there is none."""
    period = selection.period
    if period.start <= EARLIEST or period.start > selection.as_of:
        return None
    previous = selection.previous()
    if not period.is_open(selection.over_by):
        return previous
    elapsed = selection.as_of - period.start + timedelta(days=1)
    end = min(previous.period.start + elapsed, previous.period.end)
    return replace(previous, period=Period(previous.period.start, end))


def measured(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    program: Program,
    measures: Collection[str] = MEASURES,
) -> dict[str, Measured]:
    """The measures that are wanted, as the scope may see them; others may be among them."""
    found: dict[str, Measured] = {}
    for names, measure in _TOGETHER:
        if any(name in measures for name in names):
            found |= measure(connection, selection, scope, program)
    return found


def _events(connection: Connection, selection: Selection, scope: Scope, program: Program) -> dict[str, Measured]:
    conditions = selection.conditions()
    found = connection.execute(
        select(
            func.count().label("events"),
            func.sum(selection.attendance()).label("attendance"),
            func.count().filter(selection.attendance().is_(None)).label("unreported"),
            func.count().filter(func.coalesce(events.c.languages, "").in_(("", _NO_LANGUAGE))).label("unnamed"),
            func.count(func.distinct(events.c.located_country)).label("countries"),
        ).where(*conditions)
    ).one()
    # By the lists of events, which are few and stand in the events themselves.
    lists = select(events.c.languages).distinct().where(events.c.languages.is_not(None), *conditions)
    tags = {tag for listed in connection.execute(lists).scalars() for tag in listed.split(";")}
    languages = {base_language(tag) for tag in tags} - {_NO_LANGUAGE}
    attendance = None if found.attendance is None else int(found.attendance)
    unreported = _missing("{n} of {events} events report none", found.unreported, found.events)
    return {
        "events": Measured(found.events),
        "attendance": Measured(0 if not found.events else attendance, unreported, found.events - found.unreported),
        "countries": Measured(found.countries),
        "languages": Measured(
            len(languages), _missing("{n} of {events} events name none", found.unnamed, found.events)
        ),
    }


def _missing(template: str, missing: int, of: int) -> str:
    return say(template, n=missing, events=of) if missing else ""


def _people(connection: Connection, selection: Selection, scope: Scope, program: Program) -> dict[str, Measured]:
    if scope.exact and not can_count(selection):
        filters = ", ".join(item.label.lower() for item in selection.narrowed_by)
        why = say("contributors are not counted by {filters}", filters=filters)
        return dict.fromkeys(PEOPLE_MEASURES, Measured(None, why))
    told = rows(ContributorsMeasured, question_of(contributors_measured).ask(connection, selection, scope))
    if not told:
        return dict.fromkeys(PEOPLE_MEASURES, _not_told(selection))
    counts = dict(zip(PEOPLE_MEASURES, told[0][1:], strict=True))
    if not scope.exact:
        return {name: _released_count(count, told[0].window, selection, scope) for name, count in counts.items()}
    found = {name: Measured(count) for name, count in counts.items()}
    if selection.team or selection.area:
        to_these = new_to_these(connection, selection)
        template = NEW_TO_TEAM if selection.team else NEW_TO_AREA
        found["new_contributors"] = Measured(counts["new_contributors"], say(template, n=to_these))
    return found


def _not_told(selection: Selection) -> Measured:
    return Measured(None, NOT_BROKEN_DOWN if selection.narrowed_by else NOTHING_RELEASED)


def _released_count(count: int | None, window: str, selection: Selection, scope: Scope) -> Measured:
    """A released count; its note says that it is not exact, and for which days where others were asked about."""
    shown = Period.parse(window)
    if shown == selection.period:
        note = say(FEW_PEOPLE, size=scope.min_group_size) if count is None else ABOUT
    else:
        template = FEW_RELEASED if count is None else ABOUT_RELEASED
        note = say(template, size=scope.min_group_size, window=shown.in_words())
    return Measured(count, note, window=shown)


def _spend(connection: Connection, selection: Selection, scope: Scope, program: Program) -> Measured:
    if not program.currency:
        return Measured(None, "no program with a currency is imported yet")
    if scope.role is Role.PUBLIC:
        return Measured(None, "money is shown to the public in the publication")
    told = rows(PaidMeasured, question_of(paid_measured).ask(connection, selection, scope))
    if not told:
        return _not_told(selection)
    if not scope.exact:
        return _released_amount(told[0], selection)
    without = connection.execute(
        select(func.count())
        .select_from(funding_requests)
        .join(funding_conversions, funding_conversions.c.request_key == funding_requests.c.request_key)
        .where(*paid_conditions(selection), funding_conversions.c.paid.is_(None))
    ).scalar_one()
    one, other = "{n} payment excluded: no exchange rate", "{n} payments excluded: no exchange rate"
    return Measured(told[0].paid, counted(without, one, other) if without else "")


def _released_amount(told: PaidMeasured, selection: Selection) -> Measured:
    shown = Period.parse(told.window)
    if shown == selection.period:
        note = "too few people were paid, or one of them most of it" if told.paid is None else ABOUT
    else:
        template = (
            "too few people were paid, or one of them most of it; as released: {window}"
            if told.paid is None
            else ABOUT_RELEASED
        )
        note = say(template, window=shown.in_words())
    return Measured(told.paid, note, window=shown)


_Measuring = Callable[[Connection, Selection, Scope, Program], dict[str, Measured]]
# What one look at the data measures together.
_TOGETHER: tuple[tuple[tuple[str, ...], _Measuring], ...] = (
    (("events", "attendance", "countries", "languages"), _events),
    (PEOPLE_MEASURES, _people),
    (("spend",), lambda *given: {"spend": _spend(*given)}),
)
