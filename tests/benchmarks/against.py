"""Answers worked out in other ways: by hand in DuckDB's SQL, by pandas and by polars, each as a plain dictionary.

The frames are in memory before anything is timed, as a notebook has them; the SQL reads the read copy, as we do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import pandas as pd
import polars as pl

from data_access.questions import QUESTIONS

Answer = dict[Any, Any]
FRAMES = {
    "events": "SELECT starts_on, status, mode, scale, located_country, attendance FROM events",
    "contributions": "SELECT person_key, contributed_on, quantity FROM contributions",
}
LEAST, WINDOW, VOLUMES = 3, timedelta(days=90), (1, 10, 100)  # the program's settings, as the sample has them


@dataclass(frozen=True)
class Ways:
    """One question: how our answer reads as a dictionary, and the same by others from the tables."""

    name: str
    ours: Callable[[pd.DataFrame], Answer]
    sql: Callable[[duckdb.DuckDBPyConnection, date], Answer]
    pandas: Callable[[Mapping[str, pd.DataFrame], date], Answer]
    polars: Callable[[Mapping[str, pl.DataFrame], date], Answer]

    @property
    def question(self) -> Any:
        return QUESTIONS[self.name]


def _pairs(frame: pd.DataFrame, key: str | list[str], *values: str) -> Answer:
    """{key: (values …)} with missing ones as None and numbers as whole ones."""
    columns = [key] if isinstance(key, str) else key
    keys = zip(*(frame[column].astype(str) for column in columns), strict=True)
    numbers = zip(*(frame[value] for value in values), strict=True)
    return {
        "/".join(at): tuple(None if pd.isna(number) else int(number) for number in row)
        for at, row in zip(keys, numbers, strict=True)
    }


def _rows(found: list[tuple[Any, ...]], keys: int = 1) -> Answer:
    return {
        "/".join(map(str, row[:keys])): tuple(None if value is None else int(value) for value in row[keys:])
        for row in found
    }


_HELD = "(status = 'held' OR status IS NULL) AND starts_on <= ?"


def _held(events: pd.DataFrame, day: date) -> pd.DataFrame:
    return events[(events["status"].eq("held") | events["status"].isna()) & (events["starts_on"] <= pd.Timestamp(day))]


def _held_in_polars(events: pl.DataFrame, day: date) -> pl.LazyFrame:
    status = pl.col("status")
    return events.lazy().filter((status.eq("held") | status.is_null()) & (pl.col("starts_on") <= day))


def _events_by(expression: str) -> Callable[[duckdb.DuckDBPyConnection, date], Answer]:
    statement = f"SELECT {expression}, count(*), sum(attendance) FROM events WHERE {_HELD} GROUP BY 1"  # noqa: S608
    return lambda copy, day: _rows(copy.execute(statement, [day]).fetchall())


def _counted(rows: pd.DataFrame, by: pd.Series[Any]) -> Answer:
    grouped = rows["attendance"].groupby(by)
    found = pd.DataFrame({"events": grouped.size(), "attendance": grouped.sum(min_count=1)}).reset_index(names="at")
    return _pairs(found, "at", "events", "attendance")


def _counted_in_polars(rows: pl.LazyFrame, by: pl.Expr) -> Answer:
    came = pl.when(pl.col("attendance").count() > 0).then(pl.col("attendance").sum()).alias("came")
    return _rows(rows.group_by(by.alias("at")).agg(pl.len(), came).collect().rows())


def _country_of(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["located_country"].fillna("").astype(str).mask(rows["mode"].eq("online"), "online")


_COUNTRY = "CASE WHEN mode = 'online' THEN 'online' ELSE coalesce(located_country, '') END"
_COUNTRY_IN_POLARS = (
    pl.when(pl.col("mode").eq_missing("online"))
    .then(pl.lit("online"))
    .otherwise(pl.col("located_country").fill_null(""))
)


def _first_year(day: date) -> date:
    return date(day.year - 5, 1, 1)


def _scales(copy: duckdb.DuckDBPyConnection, day: date) -> Answer:
    # `year` is a text in ours.
    statement = f"SELECT coalesce(scale, ''), year(starts_on), count(*) FROM events WHERE {_HELD} AND starts_on >= ? GROUP BY ALL"  # noqa: S608, E501
    return _rows(copy.execute(statement, [day, _first_year(day)]).fetchall(), keys=2)


def _scales_in_pandas(frames: Mapping[str, pd.DataFrame], day: date) -> Answer:
    rows = _held(frames["events"], day)
    rows = rows[rows["starts_on"] >= pd.Timestamp(_first_year(day))]
    by = [rows["scale"].fillna("").astype(str), rows["starts_on"].dt.year.rename("year")]
    sizes: pd.Series[int] = rows.groupby(by).size()
    return _pairs(
        sizes.reset_index(name="events").set_axis(["scale", "year", "events"], axis=1), ["scale", "year"], "events"
    )


def _scales_in_polars(frames: Mapping[str, pl.DataFrame], day: date) -> Answer:
    rows = _held_in_polars(frames["events"], day).filter(pl.col("starts_on") >= _first_year(day))
    by = (pl.col("scale").fill_null(""), pl.col("starts_on").dt.year().alias("year"))
    return _rows(rows.group_by(*by).agg(pl.len()).collect().rows(), keys=2)


def _volumes(copy: duckdb.DuckDBPyConnection, day: date) -> Answer:
    counts = ", ".join(f"count(*) FILTER (n >= {least})" for least in VOLUMES)
    statement = f"SELECT {counts} FROM (SELECT sum(quantity) n FROM contributions WHERE contributed_on <= ? GROUP BY person_key)"  # noqa: S608, E501
    [found] = copy.execute(statement, [day]).fetchall()
    return {str(least): (number,) for least, number in zip(VOLUMES, found, strict=True)}


def _volumes_in_pandas(frames: Mapping[str, pd.DataFrame], day: date) -> Answer:
    rows = frames["contributions"]
    totals = rows[rows["contributed_on"] <= pd.Timestamp(day)].groupby("person_key")["quantity"].sum()
    return {str(least): (int((totals >= least).sum()),) for least in VOLUMES}


def _volumes_in_polars(frames: Mapping[str, pl.DataFrame], day: date) -> Answer:
    rows = frames["contributions"].lazy().filter(pl.col("contributed_on") <= day)
    totals = rows.group_by("person_key").agg(pl.col("quantity").sum().alias("n"))
    [found] = totals.select((pl.col("n") >= least).sum().alias(str(least)) for least in VOLUMES).collect().rows()
    return {str(least): (number,) for least, number in zip(VOLUMES, found, strict=True)}


def _quarter_ends(first: date, day: date) -> list[date]:
    """The last day of each quarter that is over, from the one of the first contribution on."""
    ends, start = [], pd.Timestamp(first).to_period("Q")
    while start.end_time.date() < day:
        ends.append(start.end_time.date())
        start += 1
    return ends[-60:]


def _as_active(ends: list[date], counts: Mapping[date, int]) -> Answer:
    return {str(pd.Timestamp(end).to_period("Q").start_time.date()): (counts.get(end, 0),) for end in ends}


def _active(copy: duckdb.DuckDBPyConnection, day: date) -> Answer:
    [(first,)] = copy.execute("SELECT min(contributed_on) FROM contributions").fetchall()
    ends = _quarter_ends(first, day)
    statement = """
        SELECT last, count(*) FROM (
          SELECT last, person_key FROM (SELECT unnest(?::DATE[]) AS last) JOIN contributions
          ON contributed_on <= last AND contributed_on > last - 90
          GROUP BY ALL HAVING sum(quantity) >= ?
        ) GROUP BY last
    """
    return _as_active(ends, dict(copy.execute(statement, [ends, LEAST]).fetchall()))


def _active_in_pandas(frames: Mapping[str, pd.DataFrame], day: date) -> Answer:
    rows, counts = frames["contributions"], {}
    ends = _quarter_ends(rows["contributed_on"].min().date(), day)
    for end in ends:
        within = rows[
            (rows["contributed_on"] <= pd.Timestamp(end)) & (rows["contributed_on"] > pd.Timestamp(end - WINDOW))
        ]
        counts[end] = int((within.groupby("person_key")["quantity"].sum() >= LEAST).sum())
    return _as_active(ends, counts)


def _active_in_polars(frames: Mapping[str, pl.DataFrame], day: date) -> Answer:
    rows, on = frames["contributions"], pl.col("contributed_on")
    first: Any = rows["contributed_on"].min()
    ends = _quarter_ends(first, day)
    asked = [
        rows.lazy()
        .filter((on <= end) & (on > end - WINDOW))
        .group_by("person_key")
        .agg(pl.col("quantity").sum())
        .select((pl.col("quantity") >= LEAST).sum())
        for end in ends
    ]
    found = [frame.item() for frame in pl.collect_all(asked)]
    return _as_active(ends, dict(zip(ends, found, strict=True)))


WAYS = (
    Ways(
        "events_by_country",
        lambda ours: _pairs(ours, "country", "events", "attendance"),
        _events_by(_COUNTRY),
        lambda frames, day: _counted(rows := _held(frames["events"], day), _country_of(rows)),
        lambda frames, day: _counted_in_polars(_held_in_polars(frames["events"], day), _COUNTRY_IN_POLARS),
    ),
    Ways(
        "events_by_month",
        lambda ours: _pairs(ours[ours["events"] > 0], "month", "events", "attendance"),
        _events_by("strftime(starts_on, '%Y-%m')"),
        lambda frames, day: _counted(rows := _held(frames["events"], day), rows["starts_on"].dt.strftime("%Y-%m")),
        lambda frames, day: _counted_in_polars(
            _held_in_polars(frames["events"], day), pl.col("starts_on").dt.strftime("%Y-%m")
        ),
    ),
    Ways(
        "scale_frequency",
        lambda ours: _pairs(ours, ["scale", "year"], "events"),
        _scales,
        _scales_in_pandas,
        _scales_in_polars,
    ),
    Ways(
        "contributors_by_volume",
        lambda ours: _pairs(ours, "at_least", "people"),
        _volumes,
        _volumes_in_pandas,
        _volumes_in_polars,
    ),
    Ways(
        "active_by_quarter",
        lambda ours: _pairs(ours, "starts_on", "people"),
        _active,
        _active_in_pandas,
        _active_in_polars,
    ),
)
