"""Counts of people by attribute, group and year: the fixed family of tables from which all outside are answered.

A window is the four whole quarters before its end; each quarter's end has one. A person counts once in a window,
however often they spoke or contributed in it. Windows share no sums: whoever is in one may or may not be in the next.

What is released stays: an import replaces the released counts of a population and window only when at least
`min_group_size` of its people must have changed. Until then other viewers see the earlier ones, and of which import
they are; so nobody can compare two imports to learn about fewer people than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, or_, select

from data_access.consent import disclosed_by
from data_access.database.bulk import BulkInserter
from data_access.database.schema import (
    applications,
    contributions,
    countries,
    events,
    memberships,
    participations,
    people,
    people_counts,
    person_attributes,
    regions,
)
from data_access.database.sql import month_of
from data_access.program import load_program

# Tables whose change can change a count.
SOURCES = frozenset(
    {
        "applications",
        "contributions",
        "events",
        "memberships",
        "participations",
        "people",
        "person_attributes",
        "program",
        "regions",
    }
)
WINDOW_QUARTERS = 4
# What groups each population can be broken down by.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "speakers": ("region", "area"),
    "members": ("region", "area", "cohort"),
    "applicants": ("region", "cohort", "outcome"),
    "contributors": ("region", "area"),
}
POPULATIONS = tuple(BREAKDOWNS)
# How far an application came, in order.
NOT_ACCEPTED, ACCEPTED, ACTIVE = OUTCOMES = ("not accepted", "accepted", "active member")
REACHED = "accepted or active"  # the last two together: added up when it is shown, not stored
UNKNOWN = ""

Codes = npt.NDArray[np.int64]
Cell = tuple[str, str, str, str]


def refresh_people_counts(connection: Connection, import_id: int, as_of: date) -> None:
    """Count again, and release what changed for enough people. Windows end with quarters, up to the one of `as_of`."""
    size = load_program(connection).min_group_size
    known = _stored(connection)
    counted = dict(_count_all(connection, as_of))
    for family in known.keys() | counted.keys():
        now, before = counted.get(family, {}), known.get(family, {})
        if now == {cell: row[0] for cell, row in before.items() if row[0]}:
            continue
        released = {cell: row[1] for cell, row in before.items()}
        is_due = not before or least_changed(now, released) >= size
        rows = []
        for cell in now.keys() | before.keys():
            exact = now.get(cell, 0)
            shown, by = (exact, import_id) if is_due else before.get(cell, (0, 0, 0))[1:]
            if exact or shown:
                rows.append((*family, *cell, exact, shown, by or import_id))
        population, end = family
        connection.execute(
            delete(people_counts).where(
                people_counts.c.population == population, people_counts.c.window_end == date.fromisoformat(end)
            )
        )
        BulkInserter(connection, people_counts).stream(iter(sorted(rows)))


def least_changed(now: Mapping[Cell, int], before: Mapping[Cell, int]) -> int:
    """The least number of people who are counted differently: nobody moves more than two cells of one table."""
    moved: dict[tuple[str, str], int] = {}
    for cell in now.keys() | before.keys():
        table = (cell[0], cell[2])
        moved[table] = moved.get(table, 0) + abs(now.get(cell, 0) - before.get(cell, 0))
    total = ("", "", "", "")
    return max(abs(now.get(total, 0) - before.get(total, 0)), *(-(-count // 2) for count in moved.values()), 0)


def _stored(connection: Connection) -> dict[tuple[str, str], dict[Cell, tuple[int, int, int]]]:
    families: dict[tuple[str, str], dict[Cell, tuple[int, int, int]]] = {}
    for population, end, *cell, exact, released, by in connection.execute(select(people_counts)):
        families.setdefault((population, end.isoformat()), {})[tuple(cell)] = (exact, released, by)
    return families


@dataclass(frozen=True)
class _Coded:
    """One label a person as a number: `codes` by person's position, `labels` by code; code 0 is "not known"."""

    codes: Codes
    labels: list[str]

    @classmethod
    def of(cls, labels: pd.Series[Any], count: int, persons: Codes) -> _Coded:
        codes = np.zeros(count, dtype=np.int64)
        found, names = pd.factorize(labels)
        codes[persons] = found + 1
        return cls(codes, [UNKNOWN, *map(str, names)])


def _count_all(connection: Connection, as_of: date) -> Iterator[tuple[tuple[str, str], dict[Cell, int]]]:
    persons = _rows(connection, select(people.c.person_key, people.c.home_country), "person", "country")
    index = pd.Index(persons["person"])
    count = len(index)
    if not count:
        return
    homes = _Coded.of(persons["country"].fillna(UNKNOWN), count, np.arange(count))
    region = dict(connection.execute(select(countries.c.country, countries.c.region)).all())
    region |= dict(connection.execute(select(regions.c.country, regions.c.region)).all())
    groups = {"region": _Coded.of(persons["country"].map(region).fillna(UNKNOWN), count, np.arange(count))}
    attributes = _attributes(connection, index, as_of)
    done = _contributed(connection, index, as_of)
    applied = _applied(connection, index, as_of)
    present = {
        "speakers": _spoke(connection, index, as_of),
        "members": _belonged(connection, index, as_of),
        "applicants": applied[["person", "quarter"]],
        "contributors": done[["person", "quarter"]].drop_duplicates(),
    }
    first = min((int(rows["quarter"].min()) for rows in present.values() if len(rows)), default=None)
    if first is None:
        return
    for quarter in range(first, quarter_number(as_of) + 1):
        end = quarter_start(quarter + 1).isoformat()
        recent = done[(done["quarter"] > quarter - WINDOW_QUARTERS) & (done["quarter"] <= quarter)]
        groups["area"] = _main_areas(recent, count)
        for population, rows in present.items():
            inside = (rows["quarter"] > quarter - WINDOW_QUARTERS) & (rows["quarter"] <= quarter)
            who = np.unique(rows.loc[inside, "person"].to_numpy())
            if not len(who):
                continue
            if population in ("members", "applicants"):
                groups |= _last_of(applied[inside] if population == "applicants" else rows[inside], count)
            cells = _cells(who, {name: groups[name] for name in BREAKDOWNS[population]}, attributes)
            if population == "members":
                cells |= _group_totals(who, "country", homes)
            yield (population, end), cells


def _cells(who: Codes, groups: Mapping[str, _Coded], attributes: Mapping[str, _Coded]) -> dict[Cell, int]:
    cells: dict[Cell, int] = {("", "", "", ""): len(who)}
    for dimension, coded in attributes.items():
        counted = np.bincount(coded.codes[who], minlength=len(coded.labels))
        for value in np.flatnonzero(counted).tolist():
            cells["", "", dimension, coded.labels[value]] = int(counted[value])
    for breakdown, group in groups.items():
        cells |= _group_totals(who, breakdown, group)
        for dimension, coded in attributes.items():
            width = len(coded.labels)
            both = np.bincount(group.codes[who] * width + coded.codes[who])
            for place in np.flatnonzero(both).tolist():
                at, value = divmod(place, width)
                cells[breakdown, group.labels[at], dimension, coded.labels[value]] = int(both[place])
    return cells


def _group_totals(who: Codes, breakdown: str, group: _Coded) -> dict[Cell, int]:
    counted = np.bincount(group.codes[who], minlength=len(group.labels))
    return {(breakdown, group.labels[at], "", ""): int(counted[at]) for at in np.flatnonzero(counted).tolist()}


# ---- who was there, by quarter ---------------------------------------------------------------------------------


def quarter_number(day: date) -> int:
    """Quarters since the year 0."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_start(number: int) -> date:
    """The first day of the quarter with this number."""
    return date(number // 4, number % 4 * 3 + 1, 1)


def _rows(connection: Connection, statement: Any, *names: str) -> pd.DataFrame:
    return pd.DataFrame(connection.execute(statement).fetchall(), columns=list(names), dtype=object)


def _at(rows: pd.DataFrame, index: pd.Index[Any]) -> pd.DataFrame:
    """The rows with positions instead of keys, and quarters instead of months (YYYY-MM)."""
    months, names = pd.factorize(rows["month"])
    numbers = np.array([quarter_number(date.fromisoformat(f"{name}-01")) for name in names], dtype=np.int64)
    quarters = numbers[months] if len(rows) else np.zeros(0, dtype=np.int64)
    return rows.assign(person=index.get_indexer(pd.Index(rows["person"])), quarter=quarters).drop(columns="month")


def _attributes(connection: Connection, index: pd.Index[Any], as_of: date) -> dict[str, _Coded]:
    """What people say of themselves, by dimension; code 0 is "not disclosed"."""
    columns = person_attributes.c
    said = _rows(
        connection,
        select(columns.person_key, columns.dimension, columns.value).where(disclosed_by(as_of)),
        *("person", "dimension", "value"),
    )
    said["person"] = index.get_indexer(pd.Index(said["person"]))
    return {
        str(dimension): _Coded.of(rows["value"], len(index), rows["person"].to_numpy(dtype=np.int64))
        for dimension, rows in said.groupby("dimension")
    }


def _spoke(connection: Connection, index: pd.Index[Any], as_of: date) -> pd.DataFrame:
    month = month_of(events.c.starts_on).label("month_held")
    statement = (
        select(participations.c.person_key, month)
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .where(
            participations.c.role == "speaker",
            or_(events.c.status.is_(None), events.c.status == "held"),
            events.c.starts_on <= as_of,
        )
        .distinct()
    )
    return _at(_rows(connection, statement, "person", "month"), index)


def _contributed(connection: Connection, index: pd.Index[Any], as_of: date) -> pd.DataFrame:
    month = month_of(contributions.c.contributed_on).label("month_done")
    statement = (
        select(contributions.c.person_key, month, contributions.c.area, func.sum(contributions.c.quantity))
        .where(contributions.c.contributed_on <= as_of)
        .group_by(contributions.c.person_key, "month_done", contributions.c.area)
    )
    found = _at(_rows(connection, statement, "person", "month", "area", "quantity"), index)
    return found.astype({"quantity": np.int64})


def _main_areas(done: pd.DataFrame, count: int) -> _Coded:
    """Each person's area with most contributions; of two with as many, the first by name."""
    if done.empty:
        return _Coded(np.zeros(count, dtype=np.int64), [UNKNOWN])
    summed = done.groupby(["person", "area"])["quantity"].sum().reset_index()
    ordered = summed.sort_values(["person", "quantity", "area"], ascending=[True, False, True])
    main = ordered.drop_duplicates("person")
    return _Coded.of(main["area"], count, main["person"].to_numpy(dtype=np.int64))


def _belonged(connection: Connection, index: pd.Index[Any], as_of: date) -> pd.DataFrame:
    """One row for each quarter of a membership on at least one day; `rank` orders a person's memberships."""
    statement = select(
        memberships.c.person_key,
        memberships.c.cohort_key,
        memberships.c.started_on,
        memberships.c.ended_on,
        memberships.c.membership_key,
    ).where(memberships.c.started_on <= as_of)
    rows: list[tuple[str, int, str, str]] = []
    for person, cohort, started, ended, key in connection.execute(statement):
        last = as_of if ended is None else min(ended, as_of)
        if last >= started:
            quarters = range(quarter_number(started), quarter_number(last) + 1)
            rows += [(person, quarter, cohort or UNKNOWN, f"{started} {key}") for quarter in quarters]
    found = pd.DataFrame(rows, columns=["person", "quarter", "cohort", "rank"])
    return found.assign(person=index.get_indexer(pd.Index(found["person"])), quarter=found["quarter"].astype(np.int64))


def was_accepted(as_of: date) -> ColumnElement[bool]:
    """Whether an application had been accepted by the day."""
    decided = or_(applications.c.decided_on.is_(None), applications.c.decided_on <= as_of)
    return and_(applications.c.decision == "accepted", decided)


def _applied(connection: Connection, index: pd.Index[Any], as_of: date) -> pd.DataFrame:
    """One row an application; the `rank` of a person's applications puts the one that came furthest last."""
    later = select(memberships.c.membership_key).where(
        memberships.c.person_key == applications.c.person_key,
        memberships.c.started_on >= applications.c.applied_on,
        memberships.c.started_on <= as_of,
    )
    statement = select(
        applications.c.person_key,
        month_of(applications.c.applied_on).label("month_applied"),
        applications.c.cohort_key,
        func.coalesce(was_accepted(as_of), false()).label("was_accepted"),
        later.exists().label("became_member"),
        applications.c.applied_on,
        applications.c.application_key,
    ).where(applications.c.applied_on <= as_of)
    found = _rows(connection, statement, "person", "month", "cohort", "accepted", "active", "day", "key")
    came = found["accepted"].astype(bool).astype(int) * (1 + found["active"].astype(bool).astype(int))
    rank = [f"{far} {day} {key}" for far, day, key in zip(came, found["day"], found["key"], strict=True)]
    outcome = [OUTCOMES[far] for far in came]
    return _at(found[["person", "month", "cohort"]].assign(outcome=outcome, rank=rank), index)


def _last_of(rows: pd.DataFrame, count: int) -> dict[str, _Coded]:
    """The cohort, and the outcome where there is one, of each person's last row by rank."""
    last = rows.sort_values("rank").drop_duplicates("person", keep="last")
    names = [name for name in ("cohort", "outcome") if name in last]
    return {name: _Coded.of(last[name], count, last["person"].to_numpy(dtype=np.int64)) for name in names}
