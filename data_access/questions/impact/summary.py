"""The impact summary: what the program achieved in a period, against the period before."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from data_access.answers import Amount, Code, Count, Day, Key, Number, Text, table
from data_access.database.schema import (
    contributor_spans,
    event_languages,
    events,
    funding_conversions,
    funding_requests,
)
from data_access.database.sql import month_number, month_of
from data_access.geography.language_reach import base_language
from data_access.privacy.small_groups import people_selection, shown_count
from data_access.program import Program, load_program
from data_access.questions.contributors.activity import (
    active_contributors,
    can_count,
    first_contribution,
    new_to_these,
    shown_new_contributors,
)
from data_access.questions.events.counts import months_in, trend_period
from data_access.questions.registry import MONEY, PEOPLE, question
from data_access.selection import EARLIEST, EVERYBODY, LATEST, STAFF, Period, Role, Scope, Selection
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
FEW_PEOPLE = "fewer than {size} people"  # the note of a count that is withheld for that reason alone


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and what is to be known about it; without a value, the note says why."""

    value: int | Decimal | None
    note: str = ""
    reporting: int | None = None


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
        since = first[measure] if earlier else None
        if earlier and (here := first_here.get(measure)) and here >= earlier.period.end:
            since = here
        if earlier and (since is None or since >= earlier.period.end):
            past = Measured(None)
        if earlier and since is not None and since <= earlier.period.start:
            since = None
        change = None
        if current.value is not None and past.value:
            change = float(current.value / past.value - 1)
        compared = str(earlier.period) if earlier else ""
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
            )
        )
    return table(ImpactMeasure, measures)


def _first_records(connection: Connection, as_of: date, scope: Scope) -> dict[str, date | None]:
    """For each measure the first day up to `as_of` on which the program has a record of its kind.

    The first contribution and the first payment are one person's: who sees no single people gets their quarters.
    """
    days = (events.c.starts_on, contributor_spans.c.first_on, funding_requests.c.paid_on)
    firsts = (select(func.min(day)).where(day <= as_of).scalar_subquery() for day in days)
    event, contribution, payment = connection.execute(select(*firsts)).one()
    if not scope.inside:
        contribution, payment = (day and Period.quarter_of(day).start for day in (contribution, payment))
    return {
        **dict.fromkeys(MEASURES, event),
        **dict.fromkeys(("active_contributors", "new_contributors"), contribution),
        "spend": payment,
    }


def _first_records_here(connection: Connection, selection: Selection, scope: Scope) -> dict[str, date | None]:
    """The same of what the filters leave: of events, and for who sees single people of contributions and payments.

    Measures that the filters say nothing about are missing.
    """
    held = [item.condition(getattr(selection, item.name)) for item in selection.narrowed_by]
    event = connection.execute(
        select(func.min(events.c.starts_on)).where(*selection.status_conditions(), *held)
    ).scalar_one()
    found: dict[str, date | None] = dict.fromkeys(("events", "attendance", "countries", "languages"), event)
    if scope.inside:
        always = replace(selection, period=Period(EARLIEST, LATEST))
        paid = select(func.min(funding_requests.c.paid_on)).where(*_paid_conditions(always))
        found["spend"] = connection.execute(paid).scalar_one()
        if can_count(selection):
            first = first_contribution(connection, selection)
            found |= dict.fromkeys(("active_contributors", "new_contributors"), first)
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
    tags = select(event_languages.c.language).distinct().join_from(event_languages, events).where(*conditions)
    languages = {base_language(tag) for tag in connection.execute(tags).scalars()} - {_NO_LANGUAGE}
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
    names = ("active_contributors", "new_contributors")
    if not can_count(selection):
        filters = ", ".join(item.label.lower() for item in selection.narrowed_by)
        why = say("contributors are not counted by {filters}", filters=filters)
        return dict.fromkeys(names, Measured(None, why))
    allowed = people_selection(selection, scope)
    if allowed is None:
        why = (
            "counts of people are not broken down for your role" if selection.narrowed_by else "the quarter is not over"
        )
        return dict.fromkeys(names, Measured(None, why))
    about = "" if scope.inside else "whole quarters, about"
    few = say(FEW_PEOPLE, size=scope.min_group_size)
    counts = (
        shown_count(active_contributors(connection, allowed, program), scope),
        shown_new_contributors(connection, allowed, scope),
    )
    found = {name: Measured(count, few if count is None else about) for name, count in zip(names, counts, strict=True)}
    if scope.inside and (allowed.team or allowed.area):
        to_these = new_to_these(connection, allowed)
        template = NEW_TO_TEAM if allowed.team else NEW_TO_AREA
        found["new_contributors"] = Measured(counts[1], say(template, n=to_these))
    return found


def _spend(connection: Connection, selection: Selection, scope: Scope, program: Program) -> Measured:
    if not program.currency:
        return Measured(None, "no program with a currency is imported yet")
    if scope.role is Role.PUBLIC:
        return Measured(None, "money is shown to the public in the publication")
    allowed = people_selection(selection, scope)
    if allowed is None:
        why = "money is not broken down for your role" if selection.narrowed_by else "the quarter is not over"
        return Measured(None, why)
    paid, requests = funding_conversions.c.paid, funding_requests
    months = month_number(requests.c.paid_on)
    statement = (
        select(
            (months - months % literal_column("3")).label("quarter"),
            func.sum(paid).label("paid"),
            func.count(func.distinct(requests.c.person_key)).label("members"),
            func.count().filter(paid.is_(None)).label("without_rate"),
        )
        .join_from(requests, funding_conversions, funding_conversions.c.request_key == requests.c.request_key)
        .where(*_paid_conditions(allowed))
        .group_by("quarter")
    )
    quarters = connection.execute(statement).all()
    # Totals of quarters that may each be shown: taking one total from another leaves no single member's amount.
    if not scope.inside and any(quarter.members < scope.min_group_size for quarter in quarters):
        why = say("paid to fewer than {n} members in one of its quarters", n=scope.min_group_size)
        return Measured(None, why)
    without = sum(quarter.without_rate for quarter in quarters)
    known = [quarter.paid for quarter in quarters if quarter.paid is not None]
    notes = ["whole quarters"] if allowed.period != selection.period else []
    if without:
        one, other = "{n} payment excluded: no exchange rate", "{n} payments excluded: no exchange rate"
        notes.append(counted(without, one, other) if scope.inside else "some payments excluded: no exchange rate")
    return Measured(sum(known, Decimal(0)) if known or not quarters else None, "; ".join(notes))


_Measuring = Callable[[Connection, Selection, Scope, Program], dict[str, Measured]]
# What one look at the data measures together.
_TOGETHER: tuple[tuple[tuple[str, ...], _Measuring], ...] = (
    (("events", "attendance", "countries", "languages"), _events),
    (("active_contributors", "new_contributors"), _people),
    (("spend",), lambda *given: {"spend": _spend(*given)}),
)


def _paid_conditions(selection: Selection) -> list[ColumnElement[bool]]:
    requests = funding_requests
    conditions: list[ColumnElement[bool]] = [
        requests.c.paid_amount.is_not(None),
        requests.c.paid_on >= selection.period.start,
        requests.c.paid_on < selection.period.end,
        requests.c.paid_on <= selection.as_of,
    ]
    if selection.narrowed_by:
        matching = select(events.c.event_key).where(
            *(item.condition(getattr(selection, item.name)) for item in selection.narrowed_by)
        )
        conditions.append(requests.c.event_key.in_(matching))
    return conditions


class MonthSpend(NamedTuple):
    month: Annotated[str, Key("Month", help="YYYY-MM")]
    spend: Annotated[Decimal | None, Amount("Paid", help="Empty: withheld, or without an exchange rate")]


@question(roles=STAFF, counts=MONEY, columns=MonthSpend)
def spend_by_month(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What was paid per month, in the program's currency.

    Everyone outside sees quarters that are over, without filters: the months of a quarter when each of them has
    payments to enough members, or none. Else all three are withheld, so that none is what is left of a total.
    """
    asked, selection = selection, people_selection(selection, scope) or selection
    paid, requests = funding_conversions.c.paid, funding_requests
    statement = (
        select(
            month_of(requests.c.paid_on).label("month"),
            func.sum(paid).label("spend"),
            func.count(func.distinct(requests.c.person_key)).label("members"),
        )
        .join_from(requests, funding_conversions, funding_conversions.c.request_key == requests.c.request_key)
        .where(*_paid_conditions(selection))
        .group_by("month")
        .order_by("month")
    )
    found = {row.month: row for row in connection.execute(statement)}
    months = months_in(trend_period(connection, asked))
    spend = [found[month].spend if month in found else Decimal(0) for month in months]
    if not scope.inside:
        released = people_selection(asked, scope)
        few = {_quarter(month) for month, row in found.items() if row.members < scope.min_group_size}
        over = {
            month
            for month in months
            if released and released.period.start <= _quarter(month).start < released.period.end
        }
        spend = [
            amount if month in over and _quarter(month) not in few else None
            for month, amount in zip(months, spend, strict=True)
        ]
    return table(MonthSpend, zip(months, spend, strict=True))


def _quarter(month: str) -> Period:
    return Period.quarter_of(date.fromisoformat(f"{month}-01"))
