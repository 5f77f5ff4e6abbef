"""Hints about imported rows that only the whole program can show: places, duplicates, amounts without a rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, String, Table, and_, cast, func, or_, select

from data_access.contract.vocabulary import STAGES
from data_access.database.schema import events, funding_conversions, funding_requests, places, team_stages
from data_access.geography.borders import AT_A_BORDER
from data_access.geography.gazetteer import open_gazetteer
from data_access.imports.rows import Problem
from data_access.imports.staging import FILE, LINE

MOST_OF_A_KIND = 5_000
NAME_THE_SIDE = "Add the town or the country to the row: a place that is named in words decides the country."
WHICH_IS_MEANT = "Add the state or the country to the row, if another is meant."
MEND_THE_POINT = (
    "Compare the point with the town and the country, and correct whichever is wrong; or leave the point out."
)


def event_hints(connection: Connection, staged: Table, files: Sequence[str]) -> Iterator[Problem]:
    """Staged events whose place is not known, or that look like an event under another key."""
    place = func.coalesce(places.c.problem, "the place could not be found").label("why")
    unlocated = (
        select(staged.c[FILE], staged.c[LINE], staged.c.city.label("value"), place)
        .join_from(staged, places, places.c.place_key == staged.c.place_key)
        .where(places.c.latitude.is_(None))
    )
    remedy = "Mend it, add the state or country, or name it in an override file and run `uplift geocode --places FILE`."
    for row in _first(connection, unlocated, staged):
        yield _hint(files, row, "events", "city", f"unknown place: {row.why}", remedy)
    doubtful = (
        select(staged.c[FILE], staged.c[LINE], _point(staged).label("value"), places.c.problem.label("why"))
        .join_from(staged, places, places.c.place_key == staged.c.place_key)
        .where(places.c.latitude.is_not(None), places.c.given_latitude.is_not(None), places.c.problem.is_not(None))
    )
    for row in _first(connection, doubtful, staged):
        border = row.why.startswith(AT_A_BORDER)
        yield _hint(files, row, "events", "latitude", row.why, NAME_THE_SIDE if border else MEND_THE_POINT)
    rivals = (
        select(staged.c[FILE], staged.c[LINE], staged.c.city.label("value"), places.c.problem.label("why"))
        .join_from(staged, places, places.c.place_key == staged.c.place_key)
        .where(places.c.ambiguous, places.c.given_latitude.is_(None))
    )
    for row in _first(connection, rivals, staged):
        yield _hint(files, row, "events", "city", row.why or "several places are called so", WHICH_IS_MEANT)
    yield from _days_in_utc(connection, staged, files)
    twin = events.alias("twin")
    doubled = (
        select(staged.c[FILE], staged.c[LINE], staged.c.title.label("value"), func.min(twin.c.event_key).label("other"))
        .join_from(
            staged, twin, and_(twin.c.fingerprint == staged.c.fingerprint, twin.c.event_key != staged.c.event_key)
        )
        .group_by(staged.c[FILE], staged.c[LINE], staged.c.title)
    )
    for row in _first(connection, doubled, staged):
        said = f"probable duplicate of the event {row.other!r}: same title, date and place"
        yield _hint(files, row, "events", "title", said, "Remove one of them at its source, if they are the same.")


def _days_in_utc(connection: Connection, staged: Table, files: Sequence[str]) -> Iterator[Problem]:
    """Staged events with a time in UTC that falls on another day where they are held."""
    in_utc = (
        select(staged.c[FILE], staged.c[LINE], staged.c.starts_on, staged.c.starts_at, places.c.geonameid)
        .join_from(staged, places, places.c.place_key == staged.c.place_key)
        .where(staged.c.starts_at.like("%+00:00"), places.c.geonameid.is_not(None))
    )
    rows = _first(connection, in_utc, staged)
    gazetteer = open_gazetteer() if rows else None
    for row in rows:
        zone = gazetteer.place(row.geonameid).timezone if gazetteer else ""
        there = datetime.fromisoformat(row.starts_at).astimezone(ZoneInfo(zone)).date().isoformat() if zone else ""
        day = row.starts_on if isinstance(row.starts_on, str) else row.starts_on.isoformat()
        if there and there != day and row.starts_at.startswith(day):
            file, line = files[row._mapping[FILE]], row._mapping[LINE]
            problem, remedy = f"at its place this is {there}, not {day}", "starts_on counts; give it the day there."
            yield Problem(file, line, "events", "starts_at", row.starts_at, problem, remedy, "hint")


def _point(staged: Table) -> ColumnElement[str]:
    latitude, longitude = cast(staged.c.latitude, String), cast(staged.c.longitude, String)
    return func.coalesce(latitude, "") + ", " + func.coalesce(longitude, "")


def stage_hints(connection: Connection, staged: Table, files: Sequence[str]) -> Iterator[Problem]:
    """Staged stages that a team enters out of order: back to an earlier one, or past one."""
    entered = select(team_stages.c.team_key, team_stages.c.entered_on, team_stages.c.stage).where(
        team_stages.c.team_key.in_(select(staged.c.team_key))
    )
    before: dict[tuple[str, str], str] = {}
    histories = sorted((row.team_key, str(row.entered_on), row.stage) for row in connection.execute(entered))
    for (team, _, stage), (following_team, day, _) in pairwise(histories):
        if team == following_team:
            before[team, day] = stage
    columns = (staged.c[FILE], staged.c[LINE], staged.c.team_key, staged.c.entered_on, staged.c.stage)
    for row in connection.execute(select(*columns).order_by(staged.c[FILE], staged.c[LINE])):
        previous = before.get((row.team_key, str(row.entered_on)))
        steps = 1 if previous is None else STAGES.index(row.stage) - STAGES.index(previous)
        if steps in (0, 1):
            continue
        file, line = row._mapping[FILE], row._mapping[LINE]
        problem = f"the team {'goes back' if steps < 0 else 'skips a stage'}: it was in {previous} before"
        remedy = "Check the dates of its stages; if it was so, leave it."
        yield Problem(files[file], line, "team_stages", "stage", row.stage, problem, remedy, "hint")


def amount_hints(connection: Connection, staged: Table, files: Sequence[str]) -> Iterator[Problem]:
    """Staged requests with an amount that has no rate to the program's currency on its day."""
    converted, requests = funding_conversions, funding_requests

    def lacks(amount: ColumnElement[Any], day: ColumnElement[Any], result: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(amount.is_not(None), day.is_not(None), result.is_(None))

    without = (
        select(staged.c[FILE], staged.c[LINE], staged.c.currency.label("value"))
        .join_from(staged, requests, requests.c.request_key == staged.c.request_key)
        .join(converted, converted.c.request_key == requests.c.request_key)
        .where(
            or_(
                lacks(requests.c.requested_amount, requests.c.requested_on, converted.c.requested),
                lacks(requests.c.approved_amount, requests.c.requested_on, converted.c.approved),
                lacks(requests.c.paid_amount, requests.c.paid_on, converted.c.paid),
            )
        )
    )
    remedy = (
        "Neither your exchange_rates nor those of the ECB and HMRC have one for its day. It is left out of sums, never "
        "taken as zero: import a rate for that day or earlier in exchange_rates."
    )
    for row in _first(connection, without, staged):
        yield _hint(files, row, "funding_requests", "currency", "an amount without an exchange rate", remedy)


def decision_hints(connection: Connection, staged: Table, files: Sequence[str]) -> Iterator[Problem]:
    """Staged requests whose decision and amounts do not fit together: they count as recorded, and want a look."""
    request = funding_requests.c
    paid = or_(request.paid_amount.is_not(None), request.paid_on.is_not(None))
    refused = or_(request.decision.is_(None), request.decision != "approved")
    doubts: tuple[tuple[str, ColumnElement[bool], ColumnElement[Any], str, str], ...] = (
        (
            "approved_amount",
            request.approved_amount > request.requested_amount,
            request.approved_amount,
            "approved above the requested amount",
            "Check both amounts; the approved one counts.",
        ),
        (
            "paid_amount",
            request.paid_amount > request.approved_amount,
            request.paid_amount,
            "paid above the approved amount",
            "Check both amounts; the paid one counts.",
        ),
        (
            "paid_amount",
            and_(paid, refused),
            request.paid_amount,
            "paid without an approval",
            "Set decision to approved, or remove the payment. What is paid counts as paid.",
        ),
        (
            "paid_on",
            request.paid_on < request.decided_on,
            request.paid_on,
            "paid before the decision",
            "Check both dates; the payment counts from its own day.",
        ),
        (
            "paid_on",
            and_(request.paid_amount.is_not(None), request.paid_on.is_(None)),
            request.paid_amount,
            "paid on an unknown day",
            "Add paid_on: without it the payment is not counted, and the amount stays committed if it was approved.",
        ),
    )
    for column, wrong, value, problem, remedy in doubts:
        found = (
            select(staged.c[FILE], staged.c[LINE], value.label("value"))
            .join_from(staged, funding_requests, request.request_key == staged.c.request_key)
            .where(wrong)
        )
        for row in _first(connection, found, staged):
            yield _hint(files, row, "funding_requests", column, problem, remedy)


def _first(connection: Connection, statement: Select[Any], staged: Table) -> Sequence[Any]:
    return connection.execute(statement.order_by(staged.c[FILE], staged.c[LINE]).limit(MOST_OF_A_KIND)).all()


def _hint(files: Sequence[str], row: Any, table: str, column: str, problem: str, remedy: str) -> Problem:
    return Problem(
        files[row._mapping[FILE]], row._mapping[LINE], table, column, str(row.value or ""), problem, remedy, "hint"
    )
