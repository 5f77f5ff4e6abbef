"""The impact summary: what the program achieved in a period, against the period before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Code, Count, Day, Key, Number, Text, table
from data_access.database.schema import contributor_spans, events, funding_requests
from data_access.program import Program, load_program
from data_access.questions.comparison import comparable_previous
from data_access.questions.contributors.activity import can_count, first_contribution
from data_access.questions.impact.measuring import (
    MEASURES,
    PEOPLE_MEASURES,
    RELEASED_MEASURES,
    SPEND,
    Measured,
    measured,
)
from data_access.questions.impact.windows import paid_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.selection import EARLIEST, EVERYBODY, LATEST, Period, Scope, Selection


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
    both = measured(connection, [each for each in (selection, earlier) if each], scope, program)
    now, before = both[selection], both[earlier] if earlier else {}
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
    earlier = replace(selection, period=period)
    past = measured(connection, [earlier], scope, program, (measure,))[earlier][measure]
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
        found |= {**dict.fromkeys(PEOPLE_MEASURES, contribution), SPEND: payment}
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
        found[SPEND] = connection.execute(paid).scalar_one()
        if can_count(selection):
            first = first_contribution(connection, selection)
            found |= dict.fromkeys(PEOPLE_MEASURES, first)
    return found
