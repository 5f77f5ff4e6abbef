"""Data quality: what is missing or doubtful in the events, counted and listed so that it can be mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, select

from data_access.answers import Code, Count, Day, Key, Share, Text, fetch, table
from data_access.database.engine import IMPORT
from data_access.database.prepared import shared_fingerprints
from data_access.database.schema import events, imports, places
from data_access.geography.borders import AT_A_BORDER
from data_access.questions.events.counts import not_online
from data_access.questions.registry import EVENTS, question
from data_access.selection import STAFF, Scope, Selection, SelectionError, status_on

MOST_ROWS = 10_000
LOCATED = events.outerjoin(places, places.c.place_id == events.c.place_id)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Check:
    """One doubt about an event: its words, what to do, and its SQL (given the selection's `as_of`).

    The SQL is about events that are joined to their places (`LOCATED`), where they have one.
    """

    name: str
    label: str
    advice: str
    condition: Callable[[Selection], ColumnElement[bool]]


def _place(condition: ColumnElement[bool]) -> Callable[[Selection], ColumnElement[bool]]:
    """`latitude IS NULL` is written as a case: DuckDB would make another join of it, and forget order and limit."""
    return lambda selection: and_(not_online(), condition)


def _duplicate(selection: Selection) -> ColumnElement[bool]:
    if selection.is_all_time:
        # Of all events those are quicker found that share one than, for each, its twin.
        return events.c.fingerprint.in_(select(shared_fingerprints.c.fingerprint))
    twin = events.alias("twin")
    same = and_(twin.c.fingerprint == events.c.fingerprint, twin.c.event_key != events.c.event_key)
    return exists(select(twin.c.event_key).where(same))


# For a view of a past day an event between then and the newest import is no mistake: it was still ahead.
_imported_at = select(func.max(imports.c.finished_at)).where(imports.c.kind == IMPORT).scalar_subquery()

CHECKS: tuple[Check, ...] = (
    Check(
        "unknown_place",
        "Unknown place",
        "Mend the city, or add it to the override file, then run `uplift geocode`.",
        _place(case((places.c.latitude.is_not(None), 0), else_=1) == 1),
    ),
    Check(
        "ambiguous_place",
        "Ambiguous place",
        "Several places have this name: add the state or country, or coordinates.",
        _place(places.c.ambiguous.is_(True)),
    ),
    Check(
        "doubtful_point",
        "Coordinates that contradict the place",
        "Compare the coordinates with the city and country: they may be swapped, or lack a sign. More than 100 km from "
        "the town they are not used.",
        _place(
            and_(
                places.c.given_latitude.is_not(None),
                places.c.problem.is_not(None),
                not_(places.c.problem.startswith(AT_A_BORDER)),
            )
        ),
    ),
    Check(
        "near_a_border",
        "Coordinates near a border",
        "Add the town or the country: near a border, coordinates alone do not tell on which side an event was.",
        _place(places.c.problem.startswith(AT_A_BORDER)),
    ),
    Check(
        "missing_language",
        "No language",
        "Add the event's languages: language coverage counts only what is recorded.",
        lambda selection: events.c.languages.is_(None),
    ),
    Check(
        "missing_attendance",
        "Held without attendance",
        "Ask the organizers; attendance totals leave these events out.",
        lambda selection: and_(events.c.attendance.is_(None), status_on(selection.as_of) == "held"),
    ),
    Check(
        "probable_duplicate",
        "Probable duplicate",
        "Same title, date and place under another key: remove one of them at the source.",
        _duplicate,
    ),
    Check(
        "never_confirmed",
        "Planned, date passed, never confirmed",
        "Set the status to held or cancelled; until then the event is not counted as held.",
        lambda selection: and_(events.c.status == "planned", events.c.starts_on <= selection.as_of),
    ),
    Check(
        "held_in_future",
        "Marked held, date in the future",
        "Correct the date or the status.",
        lambda selection: and_(
            events.c.status == "held", events.c.starts_on > selection.as_of, events.c.starts_on > _imported_at
        ),
    ),
    Check(
        "far_future",
        "More than two years ahead",
        "Check the year.",
        lambda selection: events.c.starts_on > selection.as_of + timedelta(days=730),
    ),
)


class CheckResult(NamedTuple):
    check: Annotated[str, Code("Check")]
    label: Annotated[str, Text("What")]
    events: Annotated[int, Count("Events", "events")]
    share: Annotated[float | None, Share("Share", help="Of all events that match the selection")]
    advice: Annotated[str, Text("What to do")]


@question(roles=STAFF, counts=EVENTS, columns=CheckResult)
def data_quality(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """What is missing or doubtful among the events asked for.

    The first row, check "all", counts the events that were checked.
    """
    # Conditions first, counts around them: engines past one machine plan no subquery inside a count.
    flags = [case((check.condition(selection), 1), else_=0).label(check.name) for check in CHECKS]
    each = select(*flags).select_from(LOCATED).where(*selection.conditions()).subquery("each_event")
    counts = [func.count().filter(each.c[check.name] == 1).label(check.name) for check in CHECKS]
    row = connection.execute(select(func.count().label("all"), *counts).select_from(each)).one()
    total = row.all
    results = [CheckResult(ALL, "All events", total, 1.0 if total else None, "")]
    for check in CHECKS:
        found = row._mapping[check.name]
        results.append(CheckResult(check.name, check.label, found, found / total if total else None, check.advice))
    return table(CheckResult, results)


class DoubtfulEvent(NamedTuple):
    event_key: Annotated[str, Key("Key")]
    title: Annotated[str | None, Text("Title")]
    starts_on: Annotated[date, Day("Starts on")]
    status: Annotated[str | None, Code("Status")]
    mode: Annotated[str | None, Code("Mode")]
    city: Annotated[str | None, Text("City")]
    state: Annotated[str | None, Text("State")]
    country: Annotated[str | None, Text("Country")]
    url: Annotated[str | None, Text("Address")]
    problem: Annotated[str | None, Text("Problem")]


@question(roles=STAFF, counts=EVENTS, columns=DoubtfulEvent)
def data_problems(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    check: str = "unknown_place",
    limit: int = MOST_ROWS,
) -> pd.DataFrame:
    """The events behind one check of `data_quality`, which counts them; newest first, `limit` at most (0: all)."""
    chosen = next((item for item in CHECKS if item.name == check), None)
    if chosen is None:
        raise SelectionError(f"{check!r} is not a check. Choose from {', '.join(item.name for item in CHECKS)}.")
    statement = (
        select(
            events.c.event_key,
            events.c.title,
            events.c.starts_on,
            case((events.c.status.is_not(None), status_on(selection.as_of))).label("status"),
            events.c.mode,
            events.c.city,
            events.c.state,
            events.c.country,
            events.c.url,
            places.c.problem,
        )
        .select_from(LOCATED)
        .where(chosen.condition(selection), *selection.conditions())
        .order_by(events.c.starts_on.desc(), events.c.event_key)
    )
    return fetch(connection, statement.limit(limit) if limit > 0 else statement, DoubtfulEvent)
