"""Who is there: people by what they say of themselves, with intervals; small groups protected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.database.schema import people_counts, person_attributes, targets
from data_access.derived.people_counts import ACTIVE, REACHED, Cell
from data_access.privacy.released import NOT_DISCLOSED, OTHER, Told, exactly, told, window_ending, window_of
from data_access.privacy.small_groups import in_ranges
from data_access.questions.contributors.populations import check_population, group_of, members_of, without_meaning
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.registry import question
from data_access.selection import STAFF, Period, Scope, Selection
from data_access.statistics import inequality
from data_access.statistics.intervals import share_difference, wilson_interval

VALUE, OTHERS, UNDISCLOSED = "value", "other", "not disclosed"
REFERENCE_METRIC = "population_share"
TREND_WINDOWS = 8
# Two shares are compared where so many people are behind each: fewer say nothing about chance.
FEWEST_COMPARED = 10
LESS, MORE, NO_DIFFERENCE, TOO_FEW = "less often", "more often", "no clear difference", "too few to tell"


@question(STAFF)
def attribute_shares(
    connection: Connection, selection: Selection, scope: Scope, *, population: str = "speakers", by: str = ""
) -> pd.DataFrame:
    """People by what they say of themselves: dimension, value, people, share, low, high, at_least, at_most, …

    One row for each value of each dimension, and with `by` (region, area, cohort, outcome) for each in each group
    (column `member_of`; "" is the people of no known group). `kind` is "value", "other" (values or groups of fewer than
    the minimum, told together) or "not disclosed". `share` is of the people who disclosed the dimension, with its 95 %
    Wilson interval; for "not disclosed" it is of all. `of_people` are those people. `reference` is the share in
    the population at large, where `targets` has one (metric "population_share", scope "gender=woman").

    `population`: speakers (spoke at a held event), members (on at least a day), applicants, contributors (at least one
    contribution), each once. The PM gets exact counts for the period and filters. Everybody else gets ranges from the
    nearest window of four quarters, unfiltered: `people` is the middle of at_least to at_most, missing under the
    minimum group, shares are made of the middles and intervals reach over the ranges. `window` says which days, and
    `import_id` from which import.
    """
    check_population(population, by)
    found = _told(connection, selection, scope, population, by)
    if found is None:
        return _typed_shares([])
    references = _references(connection, found.window)
    return _typed_shares(list(_share_rows(found, by, references)))


@question(STAFF)
def attribute_trend(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    population: str = "speakers",
    dimension: str = "gender",
) -> pd.DataFrame:
    """Each value's share in the years to the last eight ends of quarters: window_end, then as in attribute_shares."""
    check_population(population)
    last = window_of(connection, population, selection)
    if last is None:
        return _typed_shares([], "window_end")
    ends = people_counts.c.window_end
    statement = (
        select(ends)
        .where(people_counts.c.population == population, ends <= last.end)
        .distinct()
        .order_by(ends.desc())
        .limit(TREND_WINDOWS)
    )
    rows = []
    for end in reversed(connection.execute(statement).scalars().all()):
        found = told(connection, population, window_ending(end), scope)
        rows += [{"window_end": end, **row} for row in _share_rows(found, "", {}) if row["dimension"] == dimension]
    return _typed_shares(rows, "window_end")


@question(STAFF)
def effective_groups(
    connection: Connection, selection: Selection, scope: Scope, *, population: str = "speakers", by: str = ""
) -> pd.DataFrame:
    """How many equally large groups would be as diverse, per dimension: the Hill number of order 1, and Simpson.

    Columns: member_of, dimension, people (who disclosed), groups (values found), effective, low, high (95 %), simpson
    (1 − Σ p²), window. Made of the shown counts: for everyone but the PM values under the minimum group are left out
    unless together they reach it. Missing where nobody disclosed or nothing may be shown.
    """
    shares = attribute_shares(connection, selection, scope, population=population, by=by)
    rows = []
    for (group, dimension), part in shares.groupby(["member_of", "dimension"], sort=False):
        said = part[part["kind"].isin([VALUE, OTHERS]) & part["people"].notna()]
        counts = said["people"].to_numpy(dtype=float)
        low, high = inequality.effective_interval(counts)
        rows.append(
            {
                "member_of": group,
                "dimension": dimension,
                "people": int(counts.sum()) if len(counts) else None,
                "groups": len(counts),
                "effective": inequality.effective_number(counts),
                "low": low,
                "high": high,
                "simpson": inequality.simpson(counts),
                "window": part["window"].iloc[0],
            }
        )
    columns = ["member_of", "dimension", "people", "groups", "effective", "low", "high", "simpson", "window"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    numbers = dict.fromkeys(("effective", "low", "high", "simpson"), NUMBER)
    texts = dict.fromkeys(("member_of", "dimension", "window"), TEXT)
    return typed(table, **texts, **numbers, people=WHOLE, groups=WHOLE)


@question(STAFF)
def attribute_funnel(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Where groups drop among applicants: applied → accepted → active member, by what they say of themselves.

    Columns: dimension, value, kind, step, people, at_least, at_most, share (of the previous step), low, high (95 %,
    Wilson), others (the same share among all others who disclosed), difference, difference_low, difference_high
    (Newcombe), verdict ("more often", "less often", "no clear difference", "too few to tell"), window. Applicants of
    the period; an application counts as it stands on `as_of` (the PM) or at the last import.
    """
    found = _told(connection, selection, scope, "applicants", "outcome")
    if found is None:
        return typed(pd.DataFrame(columns=list(_FUNNEL_TYPES), dtype=object), **_FUNNEL_TYPES)
    rows: list[dict[str, Any]] = []
    for dimension in found.dimensions:
        values = [value for value in found.values(dimension) if value != NOT_DISCLOSED]
        steps = {value: [found.range(*step, dimension, value) for step in _STEP_CELLS] for value in values}
        for value, ranges in steps.items():
            others = np.sum([other for name, other in steps.items() if name != value] or [[(0, 0)] * 3], axis=0)
            for row in _step_rows(np.array(ranges), others):
                named = {"value": "other" if value == OTHER else value, "kind": OTHERS if value == OTHER else VALUE}
                rows.append({"dimension": dimension, **named, **row, "window": str(found.window)})
    table = pd.DataFrame(rows, columns=list(_FUNNEL_TYPES), dtype=object)
    return typed(table, **_FUNNEL_TYPES)


STEPS = ("applied", "accepted", "active member")
_STEP_CELLS = (("", ""), ("outcome", REACHED), ("outcome", ACTIVE))
_FUNNEL_TYPES = {
    **dict.fromkeys(("dimension", "value", "kind", "step"), TEXT),
    **dict.fromkeys(("people", "at_least", "at_most"), WHOLE),
    **dict.fromkeys(("share", "low", "high", "others", "difference", "difference_low", "difference_high"), NUMBER),
    **dict.fromkeys(("verdict", "window"), TEXT),
}


def _step_rows(own: Any, others: Any) -> Iterator[dict[str, Any]]:
    """One row a step from the ranges at each step (steps × low, high) of a value and of all the others."""
    shown, rest = in_ranges(own[:, 0], own[:, 1]), in_ranges(others[:, 0], others[:, 1])["people"]
    people = shown["people"]
    for at, step in enumerate(STEPS):
        row: dict[str, Any] = {"step": step, **{str(name): cell for name, cell in shown.iloc[at].items()}}
        if at:
            row |= _compared(people.iloc[at], people.iloc[at - 1], rest.iloc[at], rest.iloc[at - 1])
        yield row


def _compared(hits: Any, trials: Any, other_hits: Any, other_trials: Any) -> dict[str, Any]:
    if pd.isna(hits) or pd.isna(trials) or not trials:
        return {"verdict": TOO_FEW}
    hits, trials = float(min(hits, trials)), float(trials)
    low, high = wilson_interval(hits, trials)
    found: dict[str, Any] = {"share": hits / trials, "low": float(low), "high": float(high), "verdict": TOO_FEW}
    if pd.isna(other_hits) or pd.isna(other_trials) or not other_trials:
        return found
    others, of = float(min(other_hits, other_trials)), float(other_trials)
    difference, least, most = share_difference(hits, trials, others, of)
    found |= {"others": others / of, "difference": difference, "difference_low": least, "difference_high": most}
    if min(trials, of) >= FEWEST_COMPARED:
        found["verdict"] = MORE if least > 0 else LESS if most < 0 else NO_DIFFERENCE
    return found


# ---- counts into rows ------------------------------------------------------------------------------------------


def _told(connection: Connection, selection: Selection, scope: Scope, population: str, by: str) -> Told | None:
    """What the scope may know: the PM everything in the selection, everybody else the nearest window."""
    if scope.sees_small_groups:
        counts = exact_counts(connection, selection, population, by)
        return Told(population, selection.period, 0, exactly(counts)) if counts else None
    window = window_of(connection, population, selection)
    return None if window is None else told(connection, population, window, scope)


def exact_counts(connection: Connection, selection: Selection, population: str, by: str) -> dict[Cell, int]:
    """The people of the selection by dimension and value, and by group. Exact: for the PM only.

    Filters that say nothing about the population are left out; `without_meaning` names them.
    """
    for name in without_meaning(population, selection):
        selection = selection.without(name)
    who = members_of(population, selection).cte("who")
    counts: dict[Cell, int] = {}
    for breakdown in ("", by) if by else ("",):
        grouped = group_of(population, breakdown, selection).subquery() if breakdown else None
        everyone = select(who.c.person_key, *([] if grouped is None else [grouped.c.member_of])).select_from(
            who if grouped is None else who.join(grouped, grouped.c.person_key == who.c.person_key, isouter=True)
        )
        rows = everyone.subquery()
        group = [] if grouped is None else [rows.c.member_of]
        for found in connection.execute(select(*group, func.count()).select_from(rows).group_by(*group)):
            if found[-1]:
                counts[breakdown, (found[0] or "") if group else "", "", ""] = found[-1]
        said = person_attributes.c
        statement = (
            select(*group, said.dimension, said.value, func.count())
            .join_from(rows, person_attributes, said.person_key == rows.c.person_key)
            .group_by(*group, said.dimension, said.value)
        )
        for found in connection.execute(statement):
            counts[breakdown, (found[0] or "") if group else "", found[-3], found[-2]] = found[-1]
    return counts | _undisclosed(counts)


def _undisclosed(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """In every group, who disclosed nothing of a dimension that somebody in the population disclosed."""
    disclosed: dict[tuple[str, str, str], int] = {}
    for (breakdown, group, dimension, _), count in counts.items():
        disclosed[breakdown, group, dimension] = disclosed.get((breakdown, group, dimension), 0) + count
    dimensions = {dimension for _, _, dimension in disclosed if dimension}
    silent = {
        (breakdown, group, dimension, NOT_DISCLOSED): count - disclosed.get((breakdown, group, dimension), 0)
        for (breakdown, group, total, _), count in counts.items()
        if not total
        for dimension in dimensions
    }
    return {cell: count for cell, count in silent.items() if count}


def _share_rows(found: Told, by: str, references: Mapping[tuple[str, str], float]) -> Iterator[dict[str, Any]]:
    """Rows of attribute_shares, group by group, values in the order of the whole population."""
    groups = found.groups(by) if by else [""]
    for group in groups:
        total = found.range(by, group, "", "")
        for dimension in found.dimensions:
            silent = found.range(by, group, dimension, NOT_DISCLOSED)
            disclosed = (max(total[0] - silent[1], 0), max(total[1] - silent[0], 0))
            for value in found.values(dimension):
                told_here = found.range(by, group, dimension, value)
                of = total if value == NOT_DISCLOSED else disclosed
                kind = {NOT_DISCLOSED: UNDISCLOSED, OTHER: OTHERS}.get(value, VALUE)
                yield {
                    "member_of": group,
                    "dimension": dimension,
                    "value": value if kind == VALUE else kind,
                    "kind": kind,
                    "at_least": told_here[0],
                    "at_most": told_here[1],
                    "of_people": sum(of) // 2,
                    "reference": references.get((dimension, value)),
                    "window": str(found.window),
                    "import_id": found.import_id or None,
                    **_share(told_here, of),
                }


def _share(part: tuple[int, int], whole: tuple[int, int]) -> dict[str, float | None]:
    """The share of the middles, and an interval over all that the two ranges allow."""
    middle, of = sum(part) // 2, sum(whole) // 2
    hidden = part[0] == 0 and part[1] > 0
    if hidden or of <= 0:
        return {"share": None, "low": None, "high": None}
    low, _ = wilson_interval(part[0], max(whole[1], part[0], 1))
    _, high = wilson_interval(part[1], max(whole[0], part[1], 1))
    return {"share": min(middle / of, 1.0), "low": float(low), "high": float(high)}


def _references(connection: Connection, window: Period) -> dict[tuple[str, str], float]:
    """Shares in the population at large, from `targets`: the newest that began before the window's end."""
    statement = (
        select(targets.c.scope, targets.c.value)
        .where(targets.c.metric == REFERENCE_METRIC, targets.c.period_start < window.end)
        .order_by(targets.c.period_start)
    )
    found = {}
    for scope, value in connection.execute(statement):
        dimension, _, of = (scope or "").partition("=")
        if of:
            found[dimension.strip(), of.strip()] = float(Decimal(str(value)))
    return found


_SHARE_TYPES = {
    "member_of": TEXT,
    "dimension": TEXT,
    "value": TEXT,
    "people": WHOLE,
    **dict.fromkeys(("share", "low", "high"), NUMBER),
    **dict.fromkeys(("at_least", "at_most", "of_people"), WHOLE),
    "kind": TEXT,
    "reference": NUMBER,
    "window": TEXT,
    "import_id": WHOLE,
}


def _typed_shares(rows: list[dict[str, Any]], *first: str) -> pd.DataFrame:
    low = np.array([row["at_least"] for row in rows], dtype=np.int64)
    high = np.array([row["at_most"] for row in rows], dtype=np.int64)
    table = pd.DataFrame(rows, columns=[*first, *_SHARE_TYPES], dtype=object)
    table["people"] = in_ranges(low, high)["people"].to_numpy(dtype=object)
    return typed(table, **_SHARE_TYPES)
