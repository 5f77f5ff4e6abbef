"""Who is there: people by what they say about themselves, with intervals; small groups protected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access.answers import Code, Count, Day, Key, Number, Parts, Share, Text, empty, rows, table
from data_access.database.schema import targets
from data_access.privacy.attributes import BREAKDOWNS, NOT_DISCLOSED, OTHER, POPULATIONS, ReleasedCounts, exactly
from data_access.questions.contributors.populations import check_population
from data_access.questions.people.counts import counts_of, shown, yearly_counts
from data_access.questions.registry import PEOPLE, question, question_of
from data_access.questions.released import Released, Windows
from data_access.selection import EVERYBODY, STAFF, Period, Scope, Selection, add_months
from data_access.statistics import inequality
from data_access.statistics.intervals import wilson_interval

VALUE, OTHERS, UNDISCLOSED = "value", "other", "not disclosed"
REFERENCE_METRIC = "population_share"
TREND_WINDOWS = 8

GROUP = Text("Group", help="Of the breakdown; empty: the people of no known group; …: groups of too few people")
DIMENSION = Text("Dimension")
VALUE_SAID = Text("Value", help="What people say about themselves; “other”: values of too few people, taken together")
KIND = Code("Kind", help="value, other, not disclosed")
MIDDLE = Count("People, middle of the range", "people", help="Empty: too few to show")
AT_LEAST, AT_MOST = Count("At least", "people"), Count("At most", "people")
SHARE = Share(
    "Share",
    help="Of the people who disclosed the dimension; of all people for “not disclosed”",
    of_whole=Parts(by=("window_end", "member_of", "dimension"), but=("kind", UNDISCLOSED)),
)
LOW, HIGH = Share("From", help="95% Wilson interval, over all that the ranges allow"), Share("To")
OF_PEOPLE = Count("Of people", "people", help="Those the share is of; empty: too few to show")
REFERENCE = Share("At large", help="In the population at large: the target “population_share” for “dimension=value”")
WINDOW = Key("Days", help="Such as 2025-07-01..2026-07-01; the last day is not included")
# Each population, whole and by each of its breakdowns.
OF_EACH = tuple({"population": name, "by": by} for name in POPULATIONS for by in ("", *BREAKDOWNS[name]))


class AttributeShare(NamedTuple):
    member_of: Annotated[str, GROUP]
    dimension: Annotated[str, DIMENSION]
    value: Annotated[str, VALUE_SAID]
    people: Annotated[int | None, MIDDLE]
    share: Annotated[float | None, SHARE]
    low: Annotated[float | None, LOW]
    high: Annotated[float | None, HIGH]
    at_least: Annotated[int, AT_LEAST]
    at_most: Annotated[int, AT_MOST]
    of_people: Annotated[int | None, OF_PEOPLE]
    kind: Annotated[str, KIND]
    reference: Annotated[float | None, REFERENCE]
    window: Annotated[str, WINDOW]


@question(roles=EVERYBODY, counts=PEOPLE, columns=AttributeShare, released=Released((Windows.ROLLING,), OF_EACH))
def attribute_shares(
    connection: Connection, selection: Selection, scope: Scope, *, population: str = "speakers", by: str = ""
) -> pd.DataFrame:
    """People by what they say about themselves: one row for each value of each dimension, with its share.

    With `by` (region, area, cohort, outcome) for each in each group. Values and groups of fewer than the minimum are
    taken together ("other"), and who did not disclose the dimension is in a row of their own.

    `population`: speakers (spoke at a held event), members (on at least a day), applicants, contributors (at least one
    contribution), organizers (of a held event; not released), each once.

    Inside counts are exact, for the period and filters. Released are ranges, for four
    quarters, unfiltered; shares are made of the middles and intervals reach over the ranges.
    """
    check_population(population, by)
    found = counts_of(connection, selection, scope, population, by)
    if found is None:
        return empty(AttributeShare)
    return table(AttributeShare, _shares_of(found, by, _references(connection).before(found.window.end)))


def shares_with(
    connection: Connection, selection: Selection, scope: Scope, population: str, by: str
) -> tuple[list[AttributeShare], list[AttributeShare]]:
    """The shares of a whole population, and those of its groups, which are counted together where they are exact."""
    if not scope.exact:
        asked = question_of(attribute_shares)
        whole = asked.ask(connection, selection, scope, population=population)
        grouped = asked.ask(connection, selection, scope, population=population, by=by)
        return rows(AttributeShare, whole), rows(AttributeShare, grouped)
    found = counts_of(connection, selection, scope, population, by)
    if found is None:
        return [], []
    references = _references(connection).before(found.window.end)
    return _shares_of(found, "", references), _shares_of(found, by, references)


class AttributeShareInYear(NamedTuple):
    window_end: Annotated[date, Day("12 months before", help="The first day after the year")]
    member_of: Annotated[str, GROUP]
    dimension: Annotated[str, DIMENSION]
    value: Annotated[str, VALUE_SAID]
    people: Annotated[int | None, MIDDLE]
    share: Annotated[float | None, SHARE]
    low: Annotated[float | None, LOW]
    high: Annotated[float | None, HIGH]
    at_least: Annotated[int, AT_LEAST]
    at_most: Annotated[int, AT_MOST]
    of_people: Annotated[int | None, OF_PEOPLE]
    kind: Annotated[str, KIND]
    reference: Annotated[float | None, REFERENCE]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=AttributeShareInYear)
def attribute_trend(
    connection: Connection,
    selection: Selection,
    scope: Scope,
    *,
    population: str = "speakers",
    dimension: str = "gender",
) -> pd.DataFrame:
    """Each value's share in the years to the last eight ends of quarters, otherwise as in `attribute_shares`."""
    check_population(population)
    last = Period.quarter_of(min(selection.period.end, selection.over_by)).start
    ends = [add_months(last, -3 * back) for back in reversed(range(TREND_WINDOWS))]
    years = {
        end: Selection(Period(add_months(end, -12), end), selection.as_of, day_is_over=selection.day_is_over)
        for end in ends
    }
    if scope.exact:
        found = _exact_trend(connection, years, population, dimension)
        return table(AttributeShareInYear, found)
    found = []
    for end, year in years.items():
        shares = question_of(attribute_shares).ask(connection, year, scope, population=population)
        of_year = [row for row in rows(AttributeShare, shares) if row.dimension == dimension]
        if all(row.window == str(year.period) for row in of_year):
            found += [AttributeShareInYear(end, *row) for row in of_year]
    return table(AttributeShareInYear, found)


def _exact_trend(
    connection: Connection, years: Mapping[date, Selection], population: str, dimension: str
) -> list[AttributeShareInYear]:
    """The same of the program's own tables, in which all years are counted in one go."""
    references = _references(connection)
    counts = yearly_counts(connection, list(years.values()), population, dimension)
    return [
        AttributeShareInYear(end, *row)
        for (end, year), of_year in zip(years.items(), counts, strict=True)
        if of_year
        for row in _shares_of(
            ReleasedCounts(population, year.period, exactly(of_year)), "", references.before(year.period.end)
        )
        if row.dimension == dimension
    ]


class EffectiveGroups(NamedTuple):
    member_of: Annotated[str, GROUP]
    dimension: Annotated[str, DIMENSION]
    people: Annotated[int | None, Count("People", "people", help="Who disclosed the dimension")]
    groups: Annotated[int, Count("Groups", "groups", help="Values found")]
    effective: Annotated[float | None, Number("Effective groups", decimals=1, help="Hill number of order 1")]
    low: Annotated[float | None, Number("From", decimals=1, help="95% interval")]
    high: Annotated[float | None, Number("To", decimals=1, help="95% interval")]
    simpson: Annotated[float | None, Number("Simpson index", decimals=2, help="1 − Σ p²")]
    window: Annotated[str, WINDOW]


@question(roles=STAFF, counts=PEOPLE, columns=EffectiveGroups)
def effective_groups(
    connection: Connection, selection: Selection, scope: Scope, *, population: str = "speakers", by: str = ""
) -> pd.DataFrame:
    """How many equally large groups would be as diverse, per dimension: the Hill number of order 1, and Simpson.

    Made of the shown counts: for everyone outside values under the minimum group are left out unless together they
    reach it. Missing where nobody disclosed or nothing may be shown.
    """
    shares = question_of(attribute_shares).ask(connection, selection, scope, population=population, by=by)
    parts: dict[tuple[str, str], list[AttributeShare]] = {}
    for row in rows(AttributeShare, shares):
        parts.setdefault((row.member_of, row.dimension), []).append(row)
    return table(EffectiveGroups, [_effective(part) for part in parts.values()])


def _effective(part: list[AttributeShare]) -> EffectiveGroups:
    """The values of one dimension in one group, as equally large groups."""
    people = [row.people for row in part if row.kind in (VALUE, OTHERS) and row.people is not None]
    counts = np.array(people, dtype=np.float64)
    low, high = inequality.effective_interval(counts)
    return EffectiveGroups(
        member_of=part[0].member_of,
        dimension=part[0].dimension,
        people=sum(people) if people else None,
        groups=len(people),
        effective=inequality.effective_number(counts),
        low=low,
        high=high,
        simpson=inequality.simpson(counts),
        window=part[0].window,
    )


def _shares_of(found: ReleasedCounts, by: str, references: Mapping[tuple[str, str], float]) -> list[AttributeShare]:
    """The rows with their middles, which are made for all at once."""
    made = list(_share_rows(found, by, references))
    middles = shown([(row.at_least, row.at_most) for row in made])
    return [row._replace(people=count.people) for row, count in zip(made, middles, strict=True)]


def _share_rows(
    found: ReleasedCounts, by: str, references: Mapping[tuple[str, str], float]
) -> Iterator[AttributeShare]:
    """Rows without their middle, group by group, values in the order of the whole population."""
    groups = found.groups(by) if by else [""]
    for group in groups:
        total = found.range(by, group, "", "")
        for dimension in found.dimensions:
            silent = found.range(by, group, dimension, NOT_DISCLOSED)
            disclosed = (max(total[0] - silent[1], 0), max(total[1] - silent[0], 0))
            for value in found.values(dimension):
                at_least, at_most = found.range(by, group, dimension, value)
                of = total if value == NOT_DISCLOSED else disclosed
                share, low, high = _share((at_least, at_most), of)
                kind = {NOT_DISCLOSED: UNDISCLOSED, OTHER: OTHERS}.get(value, VALUE)
                yield AttributeShare(
                    member_of=group,
                    dimension=dimension,
                    value=value if kind == VALUE else kind,
                    people=None,
                    share=share,
                    low=low,
                    high=high,
                    at_least=at_least,
                    at_most=at_most,
                    of_people=sum(of) // 2 if of[0] or not of[1] else None,
                    kind=kind,
                    reference=references.get((dimension, value)),
                    window=str(found.window),
                )


def _share(part: tuple[int, int], whole: tuple[int, int]) -> tuple[float | None, float | None, float | None]:
    """The share of the middles, and an interval over all that the two ranges allow."""
    middle, of = sum(part) // 2, sum(whole) // 2
    hidden = any(low == 0 and high > 0 for low, high in (part, whole))
    if hidden or of <= 0:
        return None, None, None
    low, _ = wilson_interval(part[0], max(whole[1], part[0], 1))
    _, high = wilson_interval(part[1], max(whole[0], part[1], 1))
    return min(middle / of, 1.0), float(low), float(high)


@dataclass(frozen=True)
class _References:
    """Shares in the population at large, from `targets`: (since, dimension, value, share), oldest first."""

    known: list[tuple[date, str, str, float]]

    def before(self, day: date) -> dict[tuple[str, str], float]:
        """The newest of each value that began before a day."""
        return {(dimension, value): share for since, dimension, value, share in self.known if since < day}


def _references(connection: Connection) -> _References:
    statement = (
        select(targets.c.period_start, targets.c.scope, targets.c.value)
        .where(targets.c.metric == REFERENCE_METRIC)
        .order_by(targets.c.period_start)
    )
    found = []
    for since, scope, value in connection.execute(statement):
        dimension, _, of = (scope or "").partition("=")
        if of:
            found.append((since, dimension.strip(), of.strip(), float(Decimal(str(value)))))
    return _References(found)
