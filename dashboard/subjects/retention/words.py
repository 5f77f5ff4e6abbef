"""Retention, in words and shapes: the finding, the grid's two readings, curves, the persona, events."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.parts.shapes import Headline, Series
from dashboard.subjects.funnel.words import NOT_SHOWN, floats, is_known
from dashboard.words.numbers import number, percent
from dashboard.words.text import counted

READINGS = {"active_exactly": "Active in exactly that month", "active_then_or_later": "Active then or later"}
_ENDS = {"active_exactly": ("low", "high"), "active_then_or_later": ("later_low", "later_high")}
EVENT_GROUPS = {
    "scale": "Scale",
    "format": "Format",
    "space": "Space",
    "mode": "How it is held",
    "tasks": "With or without tasks",
}
# The months that headline numbers look at.
HEADLINE_MONTHS = (1, 3, 6, 12)
MOST_COHORTS = 36


def finding(overall: pd.DataFrame) -> str:
    """The page's answer in one sentence."""
    rows = {int(row["month"]): row for row in overall.to_dict("records")}
    if 1 not in rows or not is_known(rows[1]["active_exactly"]):
        return "Too few people have had the time to come back, or may be shown."
    said = f"{percent(float(rows[1]['active_exactly']))} of new contributors are back in the month after their first"
    if 12 in rows and is_known(rows[12]["active_exactly"]):
        return f"{said}, {percent(float(rows[12]['active_exactly']))} a year later."
    return f"{said}."


def headlines(overall: pd.DataFrame) -> list[Headline]:
    """Both readings at 1, 3, 6 and 12 months."""
    rows = {int(row["month"]): row for row in overall.to_dict("records")}
    made = []
    for month in HEADLINE_MONTHS:
        row = rows.get(month)
        known = row is not None and is_known(row["active_exactly"])
        value = percent(float(row["active_exactly"])) if known and row else NOT_SHOWN
        note = ""
        if known and row:
            later = percent(float(row["active_then_or_later"])) if is_known(row["active_then_or_later"]) else NOT_SHOWN
            note = f"{later} then or later, of {number(int(row['people']))} people"
        made.append(Headline(f"Active in month {month}", value, note=note))
    return made


def curve(overall: pd.DataFrame, reading: str) -> Series:
    """The share of all cohorts by months since, with its interval; month 0 is everybody and left out."""
    rows = overall[overall["month"] > 0]
    low, high = _ENDS[reading]
    shares = floats(rows[reading])
    said = [
        f"Month {int(month)}: {percent(share) if share == share else 'not shown'} of {number(int(people))}"
        for month, share, people in zip(rows["month"], shares, rows["people"], strict=True)
    ]
    return Series(READINGS[reading], floats(rows["month"]), shares, floats(rows[low]), floats(rows[high]), said)


def cohort_curve(grid: pd.DataFrame, cohort: str, reading: str) -> Series:
    """One cohort's own curve."""
    rows = grid[(grid["cohort"] == cohort) & (grid["month"] > 0)]
    shares = floats(rows[reading])
    nothing = [float("nan")] * len(rows)
    said = [
        f"{cohort}, month {int(month)}: {percent(share) if share == share else 'not shown'}"
        for month, share in zip(rows["month"], shares, strict=True)
    ]
    return Series(cohort, floats(rows["month"]), shares, nothing, nothing, said)


def grid_cells(
    grid: pd.DataFrame, reading: str
) -> tuple[list[str], list[int], list[list[float | None]], list[list[str]]]:
    """The newest cohorts: their names, months, shares (None: not over, or not shown) and what is said of each cell."""
    names = list(dict.fromkeys(grid["cohort"]))[-MOST_COHORTS:]
    months = sorted({int(month) for month in grid["month"]} - {0})
    rows = {(row["cohort"], int(row["month"])): row for row in grid.to_dict("records")}
    shares: list[list[float | None]] = []
    said: list[list[str]] = []
    for name in names:
        found = [rows.get((name, month)) for month in months]
        shares.append([float(row[reading]) if row and is_known(row[reading]) else None for row in found])
        said.append([_cell(row, reading) if row else "" for row in found])
    return names, months, shares, said


def _cell(row: dict[Any, Any], reading: str) -> str:
    share = percent(float(row[reading])) if is_known(row[reading]) else "not shown"
    people = f" of {number(int(row['people']))}" if is_known(row["people"]) else ""
    return f"{row['cohort']}, month {int(row['month'])}: {share}{people}"


def grid_table(grid: pd.DataFrame, reading: str) -> pd.DataFrame:
    """The grid as a table: a row a cohort, the newest first, a column a month."""
    names, months, shares, _ = grid_cells(grid, reading)
    people = grid.groupby("cohort")["people"].max()
    table = pd.DataFrame(shares, columns=[f"month {month}" for month in months], index=names, dtype="Float64")
    table.insert(0, "people", [people[name] for name in names])
    return table.iloc[::-1].rename_axis("cohort").reset_index()


def persona_series(persona: pd.DataFrame) -> list[Series]:
    """The share of mission-driven contributors at the end of each quarter."""
    rows = persona[persona["share"].notna()]
    if rows.empty:
        return []
    shares = floats(rows["share"])
    said = [
        f"{row['quarter']}: {percent(float(row['share']))} "
        f"({percent(float(row['low']))}–{percent(float(row['high']))}), {number(int(row['mission_driven']))} "
        f"of {number(int(row['people']))}"
        for row in rows.to_dict("records")
    ]
    return [
        Series(
            "Mission-driven, of all who contributed in the year",
            list(rows["ends_on"]),
            shares,
            floats(rows["low"]),
            floats(rows["high"]),
            said,
            [False] * len(rows),
        )
    ]


def persona_words(persona: pd.DataFrame) -> str:
    """The latest share, and what most people lack for it."""
    rows = [row for row in persona.to_dict("records") if is_known(row["share"])]
    if not rows:
        return "Too few people to say, or nobody contributed for a year."
    row = rows[-1]
    said = (
        f"{percent(float(row['share']))} of the {counted(int(row['people']), 'person', 'people')} who contributed in "
        f"the year to {row['quarter'].replace('-', ' ')} are mission-driven."
    )
    words = {"regular": "regular", "areas": "active in two areas", "not_code": "mostly not in code",
             "connected": "connected"}  # fmt: skip
    known = {name: int(row[name]) for name in words if is_known(row[name])}
    if len(known) < len(words) or not int(row["people"]):
        return said
    rarest = min(known, key=known.__getitem__)
    return f"{said} What most lack: only {percent(known[rarest] / int(row['people']))} are {words[rarest]}."


def following_words(table: pd.DataFrame) -> str:
    """Which group brings most new contributors per event, in a sentence."""
    rows = [row for row in table.to_dict("records") if is_known(row["new_per_event"]) and int(row["events"]) >= 5]
    if len(rows) < 2:
        return ""
    best, least = rows[0], rows[-1]
    return (
        f"Most new contributors per event: {best['name']} ({number(float(round(best['new_per_event'] * 100)))} per 100 "
        f"events within 90 days); fewest: {least['name']} ({number(float(round(least['new_per_event'] * 100)))})."
    )
