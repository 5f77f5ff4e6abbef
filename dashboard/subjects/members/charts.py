"""Pictures of members: the strip of quarters with a shape for each state, and how many met the floor."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import short
from dashboard.subjects.members.words import quarter, summary_table
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.questions.frames import records
from data_access.questions.members.standing import AT_RISK, GRACE, MET, MISSED, ON_TRACK, STATES

MOST_MEMBERS = 30
SYMBOLS = {MET: "circle", ON_TRACK: "diamond", AT_RISK: "triangle-up", MISSED: "x", GRACE: "circle-open"}
_ROW_HEIGHT = 24


def _colours(palette: theme.Palette) -> dict[str, str]:
    return {
        MET: palette.accent,
        ON_TRACK: theme.with_contrast(theme.OKABE_ITO[2], palette.background, 3.0),
        AT_RISK: palette.alarm,
        MISSED: palette.text,
        GRACE: palette.context,
    }


def strip_picture(standing: pd.DataFrame, theme_type: theme.ThemeType) -> Picture:
    """A row a member, a column a quarter; the worst off of the newest quarter on top."""
    rows = records(standing)
    # The answer lists the newest quarter first and the worst off first in it.
    order = list(dict.fromkeys(row["person_key"] for row in rows))[:MOST_MEMBERS]
    place = {key: number for number, key in enumerate(order)}
    names = {row["person_key"]: short(str(row["name"] or row["person_key"])) for row in rows}
    quarters = sorted({row["quarter"] for row in rows})
    column = {day: number for number, day in enumerate(quarters)}
    canvas = Canvas(theme_type, max(len(order), 3) * _ROW_HEIGHT + 70, top=48, bottom=4)
    colours = _colours(canvas.palette)
    for state, symbol in SYMBOLS.items():
        shown = [row for row in rows if row["state"] == state and row["person_key"] in place]
        canvas.dots(
            [column[row["quarter"]] for row in shown],
            [place[row["person_key"]] for row in shown],
            name=state,
            colour=colours[state],
            symbol=symbol,
            size=12,
            rim=2,
            said=[_said(row, names[row["person_key"]]) for row in shown],
        )
    heads = {number: f"Q{day.month // 3 + 1}\n{day.year}" for day, number in column.items()}
    canvas.x_axis(labels=heads, range=[-0.5, len(quarters) - 0.5], side="top", ticks="", zeroline=False)
    canvas.listed([names[key] for key in order])
    return canvas.picture(strip_in_words(standing))


def _said(row: dict[str, Any], name: str) -> str:
    planned = f", {row['scheduled']} scheduled" if row["scheduled"] else ""
    streak = f"\n{counted(int(row['streak']), 'quarter')} in a row" if row["streak"] else ""
    held = f"{counted(int(row['held']), 'event')} held"
    return f"{name}\n{quarter(row['quarter'])}: {row['state']}\n{held}{planned}{streak}"


def strip_in_words(standing: pd.DataFrame) -> str:
    """The strip for readers who do not see it."""
    newest = standing["quarter"].max()
    counts = Counter(row["state"] for row in records(standing) if row["quarter"] == newest)
    said = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
    return f"Members by quarter. {quarter(newest)}: {said}."


def summary_picture(summary: pd.DataFrame, floor: int, theme_type: theme.ThemeType) -> Picture:
    """Ranges of members who met the floor, missed it, or were in grace, quarter by quarter."""
    canvas = Canvas(theme_type, 320, legend=True)
    colours = _colours(canvas.palette)
    for state in (MET, MISSED, GRACE):
        shown = [row for row in records(summary) if row["state"] == state]
        quarters = [quarter(row["quarter"]) for row in shown]
        lows, highs = ([int(row[end]) for row in shown] for end in ("at_least", "at_most"))
        canvas.bars(
            quarters,
            highs,
            starts=lows,
            name=state.capitalize(),
            colour=colours[state],
            said=[
                f"{when}: {people_words(low, high)} members, {state}"
                for when, low, high in zip(quarters, lows, highs, strict=True)
            ],
        )
    canvas.y_axis(title="Members (from … to)")
    return canvas.picture(summary_in_words(summary, floor))


def summary_in_words(summary: pd.DataFrame, floor: int) -> str:
    """The bars for readers who do not see them: the last quarter."""
    last = summary_table(summary).iloc[-1]
    return f"In {last['quarter']}, {last['met']} members met the floor of {floor} events."
