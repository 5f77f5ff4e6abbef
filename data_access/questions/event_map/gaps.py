"""Where there are fewer events than could be expected, and where that changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access.answers import Count, Day, Flag, Key, Number, Text, rows, table
from data_access.database.schema import events
from data_access.questions.comparison import comparable_previous
from data_access.questions.event_map.members import members_by_country
from data_access.questions.events.counts import not_online
from data_access.questions.people.homes import MembersAtHome, member_homes
from data_access.questions.registry import EVENTS, question, question_of
from data_access.questions.territories import Territory, anywhere, territories
from data_access.selection import EVERYBODY, LATEST, STAFF, Period, Scope, Selection, SelectionError, add_months
from data_access.statistics import intervals

EXPOSURES = ("inhabitants", "members")
FEWER, MORE, AS_EXPECTED, TOO_FEW = "fewer", "more", "as expected", "too few to tell"
NO_EXPOSURE, WITHHELD = "no exposure", "withheld"
VERDICTS = (FEWER, MORE, AS_EXPECTED, TOO_FEW, NO_EXPOSURE, WITHHELD)
# An interval around 1 that also holds half or double the expected number says nothing.
_HALF, _DOUBLE = 0.5, 2.0
# One event in a country where 0.01 is expected excludes 1, and among 250 countries some such event is no surprise.
FEWEST = 3


class CountryGap(NamedTuple):
    country: Annotated[str, Key("Country code", help="ISO 3166")]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    events: Annotated[int, Count("Events", "events")]
    exposure: Annotated[int | None, Count("Exposure", "inhabitants", help="Or members who live there; empty: withheld")]
    expected: Annotated[float | None, Number("Expected", decimals=1, help="Events, by the share of the exposure")]
    ratio: Annotated[float | None, Number("Ratio", decimals=2, help="Events ÷ expected")]
    low: Annotated[float | None, Number("From", decimals=2, help="Lower end of the 95% interval of the ratio")]
    high: Annotated[float | None, Number("To", decimals=2, help="Upper end of the 95% interval of the ratio")]
    shrunken: Annotated[float | None, Number("Evened out", decimals=2, help="The ratio, pulled towards the middle")]
    verdict: Annotated[str, Text("Verdict")]
    rate_per_million: Annotated[float | None, Number("Per million", decimals=2, help="Events per million inhabitants")]
    dispersion: Annotated[float | None, Number("Dispersion", decimals=2, help="Of the whole table; 1 is chance")]
    unknown_place: Annotated[int, Count("Of unknown country", "events", help="The same in each row")]
    verdict_holds: Annotated[bool | None, Flag("Verdict holds", help="Wherever the events of unknown country were")]
    next_planned_on: Annotated[date | None, Day("Next planned")]


@question(roles=EVERYBODY, counts=EVENTS, columns=CountryGap)
def country_gaps(
    connection: Connection, selection: Selection, scope: Scope, *, exposure: str = "inhabitants"
) -> pd.DataFrame:
    """Observed against expected events in each country and territory, largest gap (smallest shrunken ratio) first.

    `exposure` is "inhabitants" (CLDR) or "members" (active on `as_of`, by home country; staff only). Expected = all
    events of countries with exposure × the country's share of the exposure, within the countries asked for. Intervals
    are exact Poisson ones; the shrunken ratio is the empirical-Bayes one and serves for ranking. The verdict is
    "fewer" or "more" (of 3 events at least) when the interval excludes 1, "as expected" when it lies within 0.5 to 2,
    else "too few to tell"; "no exposure" and "withheld" have no ratio. `dispersion` is Pearson's chi² ÷ degrees of
    freedom. Up to `unknown_place` events of unknown country could belong to any one country; `verdict_holds` says
    whether its verdict stays the same if all of them did, or none. Online events are left out. `next_planned_on` is
    the first day after `as_of` on which an event is planned there.

    Outside, members are those of the last four quarters that are over, as released: the middles of ranges, and withheld
    where they are few.
    """
    asked_about = territories(connection, selection)
    exposures = _exposures(connection, selection, scope, exposure, asked_about)
    found = _events_by_country(connection, selection)
    unknown = found.get(None, 0)
    planned = _next_planned(connection, selection)
    observed = np.array([found.get(territory.code, 0) for territory in asked_about], dtype=float)
    weights = np.array([number or 0 for number in exposures], dtype=float)
    estimates = _estimates(observed, weights, unknown)
    gaps = [
        CountryGap(
            country=territory.code,
            name=territory.name,
            region=territory.region,
            events=int(observed[index]),
            exposure=exposures[index],
            expected=estimates.expected[index] if weights[index] > 0 else None,
            ratio=observed[index] / estimates.expected[index] if estimates.expected[index] > 0 else None,
            low=estimates.low[index],
            high=estimates.high[index],
            shrunken=estimates.shrunken[index],
            verdict=(
                estimates.verdicts[index]
                if weights[index] > 0
                else (WITHHELD if exposures[index] is None else NO_EXPOSURE)
            ),
            rate_per_million=observed[index] / territory.population * 1e6 if territory.population else None,
            dispersion=estimates.dispersion,
            unknown_place=unknown,
            verdict_holds=estimates.holds[index] if weights[index] > 0 else None,
            next_planned_on=planned.get(territory.code),
        )
        for index, territory in enumerate(asked_about)
    ]
    return table(CountryGap, gaps).sort_values(
        ["shrunken", "country"], na_position="last", ignore_index=True, kind="stable"
    )


@dataclass(frozen=True)
class _Estimates:
    """What could be expected of each country, how its ratio is judged, and whether unknown events could change that."""

    expected: intervals.Numbers
    low: intervals.Numbers
    high: intervals.Numbers
    shrunken: intervals.Numbers
    verdicts: list[str]
    holds: list[bool]
    dispersion: float | None


def _estimates(observed: intervals.Numbers, weights: intervals.Numbers, unknown: int) -> _Estimates:
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
    holds = [now == most == least for now, most, least in zip(verdicts, at_most, at_least, strict=True)]
    dispersion = intervals.overdispersion(observed[exposed], expected[exposed])
    return _Estimates(expected, low, high, shrunken, verdicts, holds, dispersion)


class CountryChange(NamedTuple):
    country: Annotated[str, Key("Country code", help="ISO 3166")]
    name: Annotated[str, Text("Country")]
    region: Annotated[str, Text("Region")]
    events: Annotated[int, Count("Events", "events")]
    previous: Annotated[int | None, Count("Before", "events")]
    change: Annotated[float | None, Number("Change", decimals=2, help="Events ÷ before − 1; empty from zero")]
    state: Annotated[str, Text("State", help="new, gone, more, fewer or same; empty: nothing to compare with")]
    compared_with: Annotated[str, Text("Compared with", help="The days before, the last not included")]


@question(roles=EVERYBODY, counts=EVENTS, columns=CountryChange)
def change_by_country(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Events per country against the period before, most events first.

    An open period is compared with as many first days of the one before, which `compared_with` names. Countries
    without events in both are left out, and so are online events.
    """
    earlier = comparable_previous(selection)
    now = _events_by_country(connection, selection)
    before = _events_by_country(connection, earlier) if earlier else {}
    changes = []
    for territory in territories(connection, selection):
        count, past = now.get(territory.code, 0), before.get(territory.code, 0)
        if count or past:
            changes.append(
                CountryChange(
                    country=territory.code,
                    name=territory.name,
                    region=territory.region,
                    events=count,
                    previous=past if earlier else None,
                    change=count / past - 1 if past else None,
                    state=_state(count, past) if earlier else "",
                    compared_with=str(earlier.period) if earlier else "",
                )
            )
    return table(CountryChange, changes).sort_values(["events", "country"], ascending=[False, True], ignore_index=True)


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
        if scope.exact:
            counted = members_by_country(connection, selection.as_of)
            return [counted.get(territory.code, 0) for territory in asked_about]
        end = Period.quarter_of(selection.over_by).start
        year = Selection(Period(add_months(end, -12), end), selection.as_of, day_is_over=selection.day_is_over)
        told = rows(MembersAtHome, question_of(member_homes).ask(connection, year, scope))
        people = {row.country: row.people for row in told}
        return [people.get(territory.code) for territory in asked_about]
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
