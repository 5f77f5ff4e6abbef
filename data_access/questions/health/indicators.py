"""The early warnings in one table: what each is now, its threshold, its trend, and who has to act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, Key, Number, Text, table
from data_access.questions.health import conduct, dependence, quality, trips, workload
from data_access.questions.health.judging import Figure
from data_access.questions.health.thresholds import CONDUCT, DEPENDENCE, QUALITY, TRIPS, WORKLOAD
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, SelectionError

_FIGURES: dict[str, Callable[[Connection, Selection], Iterator[Figure]]] = {
    WORKLOAD: workload.figures,
    QUALITY: quality.figures,
    CONDUCT: conduct.figures,
    TRIPS: trips.figures,
    DEPENDENCE: dependence.figures,
}


class Indicator(NamedTuple):
    family: Annotated[str, Code("About", help="workload, quality, conduct, trips, dependence")]
    indicator: Annotated[str, Key("Indicator’s key")]
    label: Annotated[str, Text("Indicator")]
    state: Annotated[
        str, Code("State", help="warning; look closer: beyond, but its interval reaches back; fine; not known")
    ]
    now: Annotated[float | None, Number("Now", decimals=2, help="In the unit of its row; empty: not known")]
    low: Annotated[float | None, Number("Low end", decimals=2, help="Of the 95% interval, where it is an estimate")]
    high: Annotated[float | None, Number("High end", decimals=2)]
    beyond: Annotated[str, Code("Warns", help="above or below the threshold")]
    threshold: Annotated[float | None, Number("Threshold", decimals=2)]
    before: Annotated[
        float | None, Number("Before", decimals=2, help="The same length of time before; empty: no data then")
    ]
    trend: Annotated[str, Code("Trend", help="worse, better, same, or no data before")]
    unit: Annotated[str, Code("Unit")]
    base: Annotated[int | None, Count("Of how many", "cases", help="How many it is worked out from")]
    missing: Annotated[int | None, Count("Not known", "cases", help="How many could not be looked at")]
    owner: Annotated[str, Code("Who acts")]


@question(roles=INSIDE, counts=PEOPLE, columns=Indicator)
def health_indicators(connection: Connection, selection: Selection, scope: Scope, *, family: str = "") -> pd.DataFrame:
    """Early warnings of the program's own health, a row an indicator, against its threshold and the time before.

    With `family` only those about workload, quality, conduct, trips or dependence. Workload, conduct, silence and the
    budget look back 90 days, the rest 365; “before” is as many days directly before. What the queue holds four weeks of
    decisions of is its threshold, 5 at least. Filters do not apply.
    """
    if family and family not in _FIGURES:
        raise SelectionError(f"{family[:40]!r} is not one of {', '.join(_FIGURES)}.")
    found = []
    for name in [family] if family else _FIGURES:
        for each in _FIGURES[name](connection, selection):
            about = each.warning
            found.append(
                Indicator(
                    family=name,
                    indicator=each.code,
                    label=about.label,
                    state=each.state,
                    now=_number(each.now),
                    low=each.low,
                    high=each.high,
                    beyond=about.beyond,
                    threshold=_number(each.limit),
                    before=_number(each.before),
                    trend=each.trend,
                    unit=about.unit,
                    base=each.base,
                    missing=each.missing,
                    owner=about.owner,
                )
            )
    return table(Indicator, found)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
