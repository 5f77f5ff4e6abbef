"""Where there are fewer events than could be expected, and where that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.database.schema import events
from data_access.privacy.small_groups import shown_count
from data_access.questions.event_map.members import members_by_country
from data_access.questions.events.counts import not_online
from data_access.questions.frames import NUMBER, TEXT, WHOLE, typed
from data_access.questions.impact.summary import comparable_previous
from data_access.questions.registry import question
from data_access.questions.territories import Territory, anywhere, territories
from data_access.selection import LATEST, STAFF, Period, Scope, Selection, SelectionError
from data_access.statistics import intervals

EXPOSURES = ("inhabitants", "members")
FEWER, MORE, AS_EXPECTED, TOO_FEW = "fewer", "more", "as expected", "too few to tell"
NO_EXPOSURE, WITHHELD = "no exposure", "withheld"
VERDICTS = (FEWER, MORE, AS_EXPECTED, TOO_FEW, NO_EXPOSURE, WITHHELD)
# An interval around 1 that also holds half or double the expected number says nothing.
_HALF, _DOUBLE = 0.5, 2.0
# One event in a country where 0.01 is expected excludes 1, and among 250 countries some such event is no surprise.
FEWEST = 3


@question()
def country_gaps(
    connection: Connection, selection: Selection, scope: Scope, *, exposure: str = "inhabitants"
) -> pd.DataFrame:
    """Observed against expected events in each country and territory, largest gap (smallest shrunken ratio) first.

    Columns: country, name, region, events, exposure, expected, ratio, low, high (95 %, exact Poisson), shrunken
    (empirical Bayes, for ranking), verdict, rate_per_million (events per million inhabitants), dispersion (Pearson's
    chi² ÷ degrees of freedom of the whole table: 1 is chance), unknown_place, verdict_holds, next_planned_on.

    `exposure` is "inhabitants" (CLDR) or "members" (active on `as_of`, by home country; staff only). Expected = all
    events of countries with exposure × the country's share of the exposure, within the countries asked for. The
    verdict is "fewer" or "more" (of 3 events at least) when the interval excludes 1, "as expected" when it lies
    within 0.5 to 2, else "too few to tell"; "no exposure" and "withheld" have no ratio. Up to `unknown_place` events
    of unknown country could belong to any one country; `verdict_holds` says whether its verdict stays the same if all
    of them did, or none. Online events are left out. `next_planned_on` is the first day after `as_of` on which an
    event is planned there.

    For everyone but the PM, members are counted on the first day of `as_of`'s quarter, as the middles of ranges of the
    minimum group, and withheld below it.
    """
    asked_about = territories(connection, selection)
    exposures = _exposures(connection, selection, scope, exposure, asked_about)
    found = _events_by_country(connection, selection)
    unknown = found.get(None, 0)
    planned = _next_planned(connection, selection)

    observed = np.array([found.get(territory.code, 0) for territory in asked_about], dtype=float)
    weights = np.array([number or 0 for number in exposures], dtype=float)
    exposed = weights > 0
    shares = weights / weights.sum() if exposed.any() else weights
    total = observed[exposed].sum()
    expected = total * shares
    low, high = intervals.poisson_interval(observed, expected)
    prior = intervals.fit_gamma_prior(observed[exposed], expected[exposed])
    shrunken = (
        np.where(expected > 0, prior.shrunken(observed, expected), np.nan) if prior else np.full(len(low), np.nan)
    )

    verdicts = _verdicts(observed, low, high)
    enlarged = (total + unknown) * shares
    at_most = _verdicts(observed + unknown, *intervals.poisson_interval(observed + unknown, enlarged))
    at_least = _verdicts(observed, *intervals.poisson_interval(observed, enlarged))
    rows = [
        {
            "country": territory.code,
            "name": territory.name,
            "region": territory.region,
            "events": int(observed[index]),
            "exposure": exposures[index],
            "expected": expected[index] if exposed[index] else None,
            "ratio": observed[index] / expected[index] if expected[index] > 0 else None,
            "low": low[index],
            "high": high[index],
            "shrunken": shrunken[index],
            "verdict": verdicts[index] if exposed[index] else (WITHHELD if exposures[index] is None else NO_EXPOSURE),
            "rate_per_million": observed[index] / territory.population * 1e6 if territory.population else None,
            "dispersion": intervals.overdispersion(observed[exposed], expected[exposed]),
            "unknown_place": unknown,
            "verdict_holds": verdicts[index] == at_most[index] == at_least[index] if exposed[index] else None,
            "next_planned_on": planned.get(territory.code),
        }
        for index, territory in enumerate(asked_about)
    ]
    table = pd.DataFrame(rows, columns=list(_GAP_TYPES), dtype=object)
    return typed(table, **_GAP_TYPES).sort_values(
        ["shrunken", "country"], na_position="last", ignore_index=True, kind="stable"
    )


_GAP_TYPES = {
    **dict.fromkeys(("country", "name", "region"), TEXT),
    **dict.fromkeys(("events", "exposure"), WHOLE),
    **dict.fromkeys(("expected", "ratio", "low", "high", "shrunken"), NUMBER),
    "verdict": TEXT,
    **dict.fromkeys(("rate_per_million", "dispersion"), NUMBER),
    "unknown_place": WHOLE,
    "verdict_holds": "boolean",
    "next_planned_on": "object",
}


@question()
def change_by_country(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events per country against the period before, most events first.

    Columns: country, name, region, events, previous, change, state, compared_with. `change` is events ÷ previous − 1,
    missing from zero; `state` is "new", "gone", "more", "fewer", "same", or "" when there is nothing to compare with.
    An open period is compared with as many first days of the one before, which `compared_with` names. Countries
    without events in both are left out, and so are online events.
    """
    earlier = comparable_previous(selection)
    now = _events_by_country(connection, selection)
    before = _events_by_country(connection, earlier) if earlier else {}
    rows = []
    for territory in territories(connection, selection):
        count, past = now.get(territory.code, 0), before.get(territory.code, 0)
        if count or past:
            rows.append(
                (
                    territory.code,
                    territory.name,
                    territory.region,
                    count,
                    past if earlier else None,
                    count / past - 1 if past else None,
                    _state(count, past) if earlier else "",
                    str(earlier.period) if earlier else "",
                )
            )
    columns = ["country", "name", "region", "events", "previous", "change", "state", "compared_with"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    texts = dict.fromkeys(("country", "name", "region", "state", "compared_with"), TEXT)
    typed_table = typed(table, **texts, events=WHOLE, previous=WHOLE, change=NUMBER)
    return typed_table.sort_values(["events", "country"], ascending=[False, True], ignore_index=True)


def _state(count: int, past: int) -> str:
    if not past:
        return "new"
    if not count:
        return "gone"
    return "same" if count == past else ("more" if count > past else "fewer")


def _exposures(
    connection: Connection, selection: Selection, scope: Scope, exposure: str, asked_about: list[Territory]
) -> list[int | None]:
    """The exposure of each country; 0: known to have none, None: withheld."""
    if exposure == "inhabitants":
        return [territory.population or 0 for territory in asked_about]
    if exposure == "members":
        scope.require(STAFF, "The exposure “members”")
        day = selection.as_of if scope.sees_small_groups else Period.quarter_of(selection.as_of).start
        counted = members_by_country(connection, day)
        return [shown_count(counted.get(territory.code, 0), scope) for territory in asked_about]
    hint = " No installed source has figures of internet users." if "internet" in exposure.lower() else ""
    raise SelectionError(f"{exposure!r} is not an exposure. Choose {' or '.join(EXPOSURES)}.{hint}")


def _verdicts(observed: intervals.Numbers, low: intervals.Numbers, high: intervals.Numbers) -> list[str]:
    """The verdict on each interval; without one (nan) there is too little to tell."""
    verdicts = np.full(low.shape, TOO_FEW, dtype=object)
    verdicts[(low >= _HALF) & (high <= _DOUBLE)] = AS_EXPECTED
    verdicts[(low > 1) & (observed >= FEWEST)] = MORE
    verdicts[high < 1] = FEWER
    return list(verdicts)


def _events_by_country(connection: Connection, selection: Selection) -> dict[str | None, int]:
    """Events with a place per country, under None those of unknown country; filters by country and region are left out.

    One pass over the events serves both: callers pick the countries that are asked for.
    """
    where = events.c.located_country
    statement = select(where, func.count()).where(not_online(), *anywhere(selection).conditions()).group_by(where)
    return {row[0]: row[1] for row in connection.execute(statement)}


def _next_planned(connection: Connection, selection: Selection) -> dict[str, date]:
    """The first day after `as_of` with a planned event, per country, whatever the period."""
    tomorrow = selection.as_of + timedelta(days=1)
    planned = replace(
        selection, status=("planned",), period=Period(tomorrow, max(LATEST, tomorrow + timedelta(days=1)))
    )
    where = events.c.located_country
    statement = (
        select(where, func.min(events.c.starts_on))
        .where(where.is_not(None), not_online(), *planned.conditions())
        .group_by(where)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}
