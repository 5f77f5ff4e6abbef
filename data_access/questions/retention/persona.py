"""The mission-driven contributor: regular, in two or more areas, mostly not in code, connected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.answers import Count, Day, Share, Text, empty, typed
from data_access.database.prepared import events_together, is_ready
from data_access.database.schema import (
    contributor_areas,
    contributor_levels,
    contributor_months,
    events,
    mentorships,
    participations,
)
from data_access.database.sql import month_number
from data_access.privacy.small_groups import Name, Sum, shown_counts
from data_access.questions.contributors.activity import contributors_name
from data_access.questions.contributors.cohorts import levels, person_conditions
from data_access.questions.registry import PEOPLE, question
from data_access.questions.released import Released, Windows
from data_access.selection import STAFF, Period, Scope, Selection, add_months, month_index
from data_access.statistics.intervals import wilson_interval

# A year has four quarters: regular is in three of them, so that one break does not make somebody irregular.
QUARTERS, REGULAR_QUARTERS, AREAS, EVENTS_TOGETHER = 4, 3, 2, 2
MOST_QUARTERS = 8
WORDS = ("regular", "areas", "not_code", "connected")


class PersonaQuarter(NamedTuple):
    quarter: Annotated[str, Text("Quarter")]
    ends_on: Annotated[date, Day("Ends on")]
    people: Annotated[int | None, Count("People", "people", help="Contributed in the four quarters that end then")]
    mission_driven: Annotated[int | None, Count("Mission-driven", "people", help="All four of the last columns")]
    share: Annotated[float | None, Share("Share", help="Mission-driven, of the people")]
    low: Annotated[float | None, Share("From", help="Lower end of the 95% interval of the share")]
    high: Annotated[float | None, Share("To", help="Upper end of the 95% interval of the share")]
    regular: Annotated[int | None, Count("Regular", "people", help="Contributed in three or more of the quarters")]
    areas: Annotated[
        int | None, Count("Two areas", "people", help="In two or more areas so far, at once or one after another")
    ]
    not_code: Annotated[
        int | None, Count("Mostly not code", "people", help="Less than half of what they did in the year was code")
    ]
    connected: Annotated[
        int | None,
        Count(
            "Connected",
            "people",
            help="Took part in two or more events of the year with other contributors, or had a mentor or mentee",
        ),
    ]


@question(
    roles=STAFF,
    counts=PEOPLE,
    columns=PersonaQuarter,
    released=Released((Windows.EVERYTHING,), narrowed_by="ends_on"),
)
def persona(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Mission-driven contributors at the end of each quarter: regular, in two areas, mostly not in code, connected.

    The last eight whole quarters of the period, each with the year that ends with it. Intervals are Wilson's. Filters
    choose people as in `contributor_funnel`, whatever else they did. Released: shares of the middles of ranges.
    """
    quarters = _quarters(connection, selection)
    if not quarters:
        return empty(PersonaQuarter)
    exact = _count(connection, selection, quarters)
    shown, least, most = _shown(exact, quarters, scope)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(shown[:, 0] > 0, np.minimum(shown[:, 1] / shown[:, 0], 1), np.nan)
    hidden = np.isnan(share)
    # Column 6 is the rest of the people: the interval is as wide as both ranges allow.
    low = wilson_interval(least[:, 1], least[:, 1] + most[:, 6])[0]
    high = wilson_interval(most[:, 1], most[:, 1] + least[:, 6])[1]
    found_quarters = pd.DataFrame(
        {
            "quarter": [f"{period.start:%Y}-Q{period.start.month // 3 + 1}" for period in quarters],
            "ends_on": [period.end - timedelta(days=1) for period in quarters],
            "people": shown[:, 0],
            "mission_driven": shown[:, 1],
            "share": share,
            "low": np.where(hidden, np.nan, low),
            "high": np.where(hidden, np.nan, high),
            **{word: shown[:, number] for number, word in enumerate(WORDS, start=2)},
        }
    )
    return typed(PersonaQuarter, found_quarters)


def _shown(exact: np.ndarray, quarters: list[Period], scope: Scope) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per quarter: people, mission-driven, the four words, the rest of the people; as shown, at least, at most."""
    people, mission, words = exact[:, :1], exact[:, 1:2], exact[:, 2:]
    # Of each word both sides are counted: who is, who is not, and who is without being mission-driven.
    counted = np.column_stack([people, mission, words, people - mission, people - words, words - mission])
    width, sums = counted.shape[1], []
    for row in range(len(counted)):
        at = row * width
        sums.append(Sum(at, (at + 1, at + 6)))
        for word in range(len(WORDS)):
            sums.append(Sum(at, (at + 2 + word, at + 7 + word)))
            sums.append(Sum(at + 2 + word, (at + 1, at + 11 + word)))
    names = [name for quarter in quarters for name in _names(quarter, width)]
    ranges = shown_counts(counted.ravel(), scope, sums, names)
    shown, least, most = (
        ranges[name].to_numpy(dtype=float, na_value=np.nan).reshape(counted.shape)
        for name in ("people", "at_least", "at_most")
    )
    return shown, least, most


def _names(quarter: Period, width: int) -> list[Name]:
    year = Period(add_months(quarter.end, -3 * QUARTERS), quarter.end)
    return [contributors_name(year), *(("persona", str(year), str(column)) for column in range(1, width))]


def _quarters(connection: Connection, selection: Selection) -> list[Period]:
    """The last whole quarters of the period that have a year of contributions at their end."""
    first = connection.execute(select(func.min(contributor_months.c.month))).scalar_one()
    if first is None:
        return []
    last = min(selection.period.end, selection.over_by)
    quarter = Period.quarter_of(last).previous()
    found: list[Period] = []
    while len(found) < MOST_QUARTERS and month_index(quarter.end) > first and quarter.start >= selection.period.start:
        found.append(quarter)
        quarter = quarter.previous()
    return found[::-1]


def _count(connection: Connection, selection: Selection, quarters: list[Period]) -> np.ndarray:
    """A row for each quarter: people, mission-driven, and those who are each of the four words."""
    _, people, judged = _judged(connection, selection, quarters)
    sums = []
    for present, words in judged:
        sums += [func.sum(case((word, 1), else_=0)) for word in (present, and_(*words), *words)]
    found = [int(value or 0) for value in connection.execute(select(*sums).select_from(people)).one()]
    return np.array(found, dtype=np.int64).reshape(-1, 6)


def contributors_of(connection: Connection, selection: Selection, quarter: Period) -> Select[Any]:
    """Who contributed in the year that ends with the quarter, a row each: person_key, mission_driven (1 or 0)."""
    own, people, [(present, words)] = _judged(connection, selection, [quarter])
    driven = case((and_(*words), 1), else_=0).label("mission_driven")
    return select(own.c.person_key, driven).select_from(people).where(present)


def year_contributors(selection: Selection, quarter: Period) -> Select[Any]:
    """The same people by their keys alone, which takes a fraction of the time."""
    done = _per_quarter(selection, [quarter])
    return select(done.c.person_key).distinct()


def last_quarter(connection: Connection, selection: Selection) -> Period | None:
    """The last whole quarter of the period that has a year of contributions at its end."""
    return next(iter(_quarters(connection, selection)[-1:]), None)


_Words = tuple[ColumnElement[bool], list[ColumnElement[bool]]]


def _judged(
    connection: Connection, selection: Selection, quarters: list[Period]
) -> tuple[Subquery, FromClause, list[_Words]]:
    """What each did, the same people with all that is known, and how each quarter judges them.

    For each quarter: whether somebody contributed in its year, and is each of the four words.

    A row for each person, with what they did in each quarter side by side, of which four make a year.
    """
    count_together = _known_together if is_ready(connection) else _events_together
    done = _per_quarter(selection, quarters)
    met = _by_year(count_together(selection, quarters), "events", quarters).subquery("met")
    breadth, mentored = _breadth(quarters), _mentored(quarters)
    earliest = month_index(quarters[0].start) - 3 * (QUARTERS - 1)
    did = [
        func.sum(case((done.c.quarter == start, done.c.quantity), else_=0)).label(f"did_{start}")
        for start in range(earliest, month_index(quarters[-1].start) + 1, 3)
    ]
    wide = _by_year(done, "not_code", quarters).add_columns(*did).subquery("wide")
    judged: list[_Words] = []
    for number, period in enumerate(quarters):
        last = month_index(period.start)
        present = _sum(
            case((wide.c[f"did_{last - 3 * back}"] > 0, 1), else_=literal(0, Integer)) for back in range(QUARTERS)
        )
        words = [
            present >= REGULAR_QUARTERS,
            and_(present > 0, breadth.c[f"by_{number}"] >= AREAS),
            wide.c[f"in_{number}"] > 0,
            and_(present > 0, or_(met.c[f"in_{number}"] >= EVENTS_TOGETHER, mentored.c[f"in_{number}"] == 1)),
        ]
        judged.append((present > 0, words))
    people: FromClause = wide
    for known in (met, breadth, mentored):
        people = people.outerjoin(known, known.c.person_key == wide.c.person_key)
    return wide, people, judged


def _sum(columns: Iterable[ColumnElement[Any]]) -> ColumnElement[Any]:
    first, *others = columns
    return sum(others, first)


def _breadth(quarters: list[Period]) -> Subquery:
    """To how many areas each person had contributed by the end of each quarter: person_key, by_0, by_1, …"""
    area = contributor_areas.c
    counts = [
        func.count(case((area.first_on < period.end, 1))).label(f"by_{number}")
        for number, period in enumerate(quarters)
    ]
    return select(area.person_key, *counts).group_by(area.person_key).subquery("breadth")


def _by_year(of: Subquery, column: str, quarters: list[Period]) -> Select[Any]:
    """The sums of a column of each person in the years that end with the quarters: person_key, in_0, in_1, …"""
    starts = [month_index(period.start) for period in quarters]
    years = [of.c.quarter.between(start - 3 * (QUARTERS - 1), start) for start in starts]
    sums = [func.sum(case((year, of.c[column]), else_=0)).label(f"in_{number}") for number, year in enumerate(years)]
    return select(of.c.person_key, *sums).group_by(of.c.person_key)


def _mentored(quarters: list[Period]) -> Subquery:
    """People with a mentor or a mentee at some time of the year that ends with each quarter."""
    sides = union_all(
        *(
            select(key.label("person_key"), mentorships.c.started_on, mentorships.c.ended_on)
            for key in (mentorships.c.mentor_key, mentorships.c.mentee_key)
        )
    ).subquery("sides")
    flags = [
        func.max(
            case(
                (
                    and_(
                        sides.c.started_on < period.end,
                        or_(sides.c.ended_on.is_(None), sides.c.ended_on > _year_before(period)),
                    ),
                    1,
                ),
                else_=0,
            )
        ).label(f"in_{number}")
        for number, period in enumerate(quarters)
    ]
    return select(sides.c.person_key, *flags).group_by(sides.c.person_key).subquery("mentored")


def _year_before(period: Period) -> date:
    return add_months(period.end, -3 * QUARTERS) - timedelta(days=1)


def _per_quarter(selection: Selection, quarters: list[Period]) -> Subquery:
    """What each person did in the quarters that some year needs: a row a month, which whoever reads it adds up."""
    month = contributor_months.c.month
    narrowed = person_conditions(selection)
    origin = (
        contributor_months.join(contributor_levels, levels.person_key == contributor_months.c.person_key)
        if narrowed
        else contributor_months
    )
    return (
        select(
            contributor_months.c.person_key,
            (month - month % 3).label("quarter"),
            contributor_months.c.quantity,
            # More than 0 of all that somebody did: less than half of it was code.
            (contributor_months.c.quantity - 2 * contributor_months.c.code_quantity).label("not_code"),
        )
        .select_from(origin)
        .where(
            month >= month_index(quarters[0].start) - 3 * (QUARTERS - 1),
            month < month_index(quarters[-1].end),
            *narrowed,
        )
        .subquery("done")
    )


def _known_together(selection: Selection, quarters: list[Period]) -> Subquery:
    """The same as `_events_together` where it is held ready."""
    own = events_together.c
    return (
        select(own.person_key, own.quarter, own.events)
        .where(
            own.quarter >= month_index(quarters[0].start) - 3 * (QUARTERS - 1),
            own.quarter < month_index(quarters[-1].end),
            or_(own.since.is_(None), own.since <= selection.as_of),
        )
        .subquery("together")
    )


def _events_together(selection: Selection, quarters: list[Period]) -> Subquery:
    """Held events that each person took part in with at least one other contributor, by quarter of the event."""
    held = [
        *Selection(as_of=selection.as_of).status_conditions(),
        events.c.starts_on > _year_before(quarters[0]),
        events.c.starts_on < quarters[-1].end,
    ]
    contributor = and_(levels.person_key == participations.c.person_key, levels.casual_on <= selection.as_of)
    month = month_number(events.c.starts_on)
    took_part = (
        select(
            participations.c.person_key,
            (month - month % 3).label("quarter"),
            func.count().over(partition_by=participations.c.event_key).label("people"),
        )
        .join_from(participations, events, events.c.event_key == participations.c.event_key)
        .join(contributor_levels, contributor)
        .where(*held)
        .group_by(participations.c.event_key, participations.c.person_key, events.c.starts_on)
        .subquery("took_part")
    )
    return (
        select(took_part.c.person_key, took_part.c.quarter, func.count().label("events"))
        .where(took_part.c.people > 1)
        .group_by(took_part.c.person_key, took_part.c.quarter)
        .subquery("together")
    )
