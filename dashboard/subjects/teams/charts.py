"""Pictures of teams: growth under its stages, the funnel around stage changes, times from stage to stage, circles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.parts import theme
from dashboard.parts.charts import DAYS, Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.contract.lifecycle import ORDER
from data_access.questions.frames import records

GOAL = "Ten times those active at the start of “Growing tenfold”"
MOST_CIRCLES, CIRCLES_IN_A_ROW = 12, 3
# A narrower part of the band has no room for its stage's title.
ROOM_FOR_A_TITLE = 0.2
SHORT_DAYS = 800


def growth_picture(growth: pd.DataFrame, history: pd.DataFrame, as_of: date, theme_type: theme.ThemeType) -> Picture:
    """The stages as a band over time; under it active contributors by quarter (exact, or as ranges) and the goal."""
    canvas = Canvas(theme_type, 380, rows=[0.16, 0.84], gap=17, barmode="overlay")
    stages, quarters = records(history), records(growth)
    if stages:
        _stage_band(canvas, stages, as_of)
    if quarters:
        _active(canvas, quarters)
    goal = [row for row in quarters if not pd.isna(row["goal_at_most"])]
    if goal:
        low, words = int(goal[-1]["goal_at_least"]), _people([goal[-1]], "goal_")[0]
        days, said = [row["counted_on"] for row in goal], [f"{GOAL}: {words}"] * len(goal)
        ink = canvas.palette.text
        canvas.line(days, [low] * len(goal), name="Goal", colour=ink, width=1.5, dash="dash", said=said, row=2)
        canvas.label(Bold(f"Goal: {words}"), x=days[0], y=low, yanchor="top", size=12, row=2)
    for stage in stages[1:]:
        canvas.rule(x=stage["entered_on"], row=2)
    canvas.y_axis(visible=False, row=1)
    canvas.y_axis(title="Active contributors", rangemode="tozero", nticks=5, row=2)
    firsts = [*history["entered_on"], *growth["counted_on"]]
    is_short = bool(firsts) and (as_of - min(firsts)).days < SHORT_DAYS
    canvas.x_axis(type="date", **{**DAYS, "dtick": "M3"} if is_short else {"tickformat": "%Y", "dtick": "M12"})
    return canvas.picture(growth_in_words(growth, history))


def _stage_band(canvas: Canvas, stages: list[dict[str, Any]], as_of: date) -> None:
    starts = [row["entered_on"] for row in stages]
    ends = [as_of if pd.isna(row["left_on"]) else row["left_on"] for row in stages]
    ends = [max(end, start + timedelta(days=1)) for start, end in zip(starts, ends, strict=True)]
    least = (as_of - min(starts)).days * ROOM_FOR_A_TITLE
    spans = zip(stages, starts, ends, strict=True)
    canvas.bars(
        [0] * len(stages),
        ends,
        starts=starts,
        name="Stages",
        colour=[theme.SEQUENTIAL[ORDER[row["stage"]]] for row in stages],
        horizontal=True,
        width=0.9,
        texts=[row["title"] if (end - start).days > least else "" for row, start, end in spans],
        inside=True,
        said=[
            f"{row['title']}: {counted(int(row['days']), 'day')} from {numbers.day(row['entered_on'])}"
            for row in stages
        ],
    )
    canvas.figure.update_traces(marker_line={"color": canvas.palette.background, "width": 1}, row=1, col=1)
    canvas.figure.update_layout(uniformtext={"mode": "hide", "minsize": 10})


def _active(canvas: Canvas, quarters: list[dict[str, Any]]) -> None:
    """Exact numbers are a line whose open end is dotted; ranges are bars."""
    days, (lows, highs) = [row["counted_on"] for row in quarters], _ends(quarters)
    said = [f"{words} active on {numbers.day(day)}" for words, day in zip(_people(quarters), days, strict=True)]
    if lows == highs:
        opened = [bool(row["open"]) for row in quarters]
        canvas.line(days, lows, name="Active contributors", points=4, opened=opened, said=said, row=2)
        return
    canvas.bars(
        days,
        highs,
        starts=lows,
        name="Active contributors",
        width=timedelta(days=55) / timedelta(milliseconds=1),
        hatched=[low == 0 < high for low, high in zip(lows, highs, strict=True)],
        said=said,
        row=2,
    )


def _ends(rows: Sequence[dict[str, Any]], of: str = "") -> tuple[list[int], list[int]]:
    return [int(row[f"{of}at_least"]) for row in rows], [int(row[f"{of}at_most"]) for row in rows]


def _people(rows: Sequence[dict[str, Any]], of: str = "") -> list[str]:
    return [people_words(low, high) for low, high in zip(*_ends(rows, of), strict=True)]


def growth_in_words(growth: pd.DataFrame, history: pd.DataFrame) -> str:
    """The growth picture for readers who do not see it."""
    stages = "; ".join(f"{row['title']} from {numbers.day(row['entered_on'])}" for row in records(history))
    if growth.empty:
        return f"Stages: {stages}. No contributions yet."
    first, last = records(growth.iloc[[0, -1]])
    ends = _people([first, last])
    said = f"Active contributors: {ends[0]} on {numbers.day(first['counted_on'])}, {ends[1]} on "
    said += f"{numbers.day(last['counted_on'])}."
    if not pd.isna(last["goal_at_most"]):
        said += f" Goal: {_people([last], 'goal_')[0]}."
    return f"{said} Stages: {stages}."


def funnel_picture(funnel: pd.DataFrame, theme_type: theme.ThemeType) -> Picture:
    """Newcomers before (grey) and after (ours) each stage change: new, active, core; open windows hatched."""
    changes = list(dict.fromkeys(zip(funnel["changed_on"], funnel["next_title"], strict=True)))
    canvas = Canvas(theme_type, 160 * len(changes) + 40, right=40, top=30, rows=len(changes), gap=30, bargap=0.3)
    for number, (day, title) in enumerate(changes, start=1):
        for side, colour in (("before", canvas.palette.context), ("after", canvas.palette.accent)):
            rows = records(funnel[(funnel["changed_on"] == day) & (funnel["side"] == side)])
            if rows:
                _side_bars(canvas, rows, side, colour, number)
        canvas.label(Bold(title), f", {numbers.short_day(day)}", row=number)
    canvas.y_axis(autorange="reversed")
    # Room for the words after the longest bar.
    canvas.x_axis(range=[0, max(int(funnel["at_most"].max()), 1) * 1.35], showgrid=True, nticks=8)
    canvas.x_axis(title="People", row=len(changes))
    return canvas.picture(funnel_in_words(funnel))


def _side_bars(canvas: Canvas, rows: list[dict[str, Any]], side: str, colour: str, number: int) -> None:
    (lows, highs), words = _ends(rows), _people(rows)
    exact = lows == highs
    canvas.bars(
        [row["step"].capitalize() for row in rows],
        highs,
        starts=[0] * len(rows) if exact else lows,
        name=side.capitalize(),
        colour=[
            theme.faint(colour, 0.45) if low == 0 < high and not exact else colour
            for low, high in zip(lows, highs, strict=True)
        ],
        horizontal=True,
        hatched=[not row["closed"] for row in rows],
        texts=[f"{side}: {each}" for each in words],
        said=[f"{side}, {row['step']}: {each}" for row, each in zip(rows, words, strict=True)],
        row=number,
    )


def funnel_in_words(funnel: pd.DataFrame) -> str:
    """The bars for readers who do not see them."""
    rows, said = records(funnel), []
    for row, people in zip(rows, _people(rows), strict=True):
        change = f"{row['next_title']}, {numbers.short_day(row['changed_on'])}"
        said.append(f"{change}, {row['side'].capitalize()}: {people} {row['step'].capitalize()}")
    return f"{'; '.join(said)}."


def transitions_picture(transitions: pd.DataFrame, board: pd.DataFrame, theme_type: theme.ThemeType) -> Picture:
    """Each stage's usual time (quartiles and median, Kaplan–Meier) and the teams that are in it now, by days."""
    stages = records(transitions)
    canvas = Canvas(theme_type, 86 * len(stages) + 60, top=8)
    palette = canvas.palette
    # Stays of a stage that no quarter of its teams has left have no quartile: the line then ends open, at the edge.
    known = [*board["days_in_stage"].dropna(), *transitions[["q3_days", "median_days"]].stack().dropna(), 30]
    edge = float(max(known)) * 1.08
    place = {row["title"]: number for number, row in enumerate(stages)}
    for number, row in enumerate(stages):
        if not pd.isna(row["q1_days"]):
            end = edge if pd.isna(row["q3_days"]) else row["q3_days"]
            canvas.line([row["q1_days"], end], [number] * 2, colour=theme.faint(palette.context, 0.55), width=10)
    medians = [row for row in stages if not pd.isna(row["median_days"])]
    canvas.dots(
        [row["median_days"] for row in medians],
        [place[row["title"]] for row in medians],
        name="Median time to move on",
        colour=palette.text,
        symbol="line-ns-open",
        size=22,
        rim=3,
        said=[f"Median of “{row['title']}”: {numbers.number(round(row['median_days']))} days" for row in medians],
    )
    here = board[board["title"].isin(place)]
    for stalled, symbol, colour in ((False, "circle", palette.accent), (True, "triangle-up", palette.alarm)):
        teams = records(here[here["stalled"].fillna(False) == stalled])
        days = [int(row["days_in_stage"]) for row in teams]
        canvas.dots(
            days,
            [place[row["title"]] for row in teams],
            name="Stalled" if stalled else "In the stage now",
            colour=colour,
            symbol=symbol,
            rim=1,
            rim_colour=palette.background,
            said=[f"{short(row['name'])}: {numbers.number(day)} days" for row, day in zip(teams, days, strict=True)],
        )
    canvas.listed([_two_lines(row["title"]) for row in stages])
    canvas.x_axis(title="Days in the stage", range=[0, edge], showgrid=True)
    return canvas.picture(transitions_in_words(transitions))


def _two_lines(title: str) -> str:
    """A long title broken after its middle word, for narrow screens."""
    words = title.split()
    half = (len(words) + 1) // 2
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}" if len(title) > 12 else title


def transitions_in_words(transitions: pd.DataFrame) -> str:
    """The same in a sentence a stage."""
    said = []
    for row in records(transitions):
        if pd.isna(row["median_days"]):
            time = "not half of the teams have moved on"
        else:
            time = f"half of the teams move on within {numbers.number(round(row['median_days']))} days"
        said.append(f"{row['title']}: {time}, {counted(int(row['open']), 'team')} still in it")
    return f"{'. '.join(said)}."


class _Person(NamedTuple):
    x: float
    y: float
    name: str
    role: str


def circles_picture(links: pd.DataFrame, circles: Sequence[str], theme_type: theme.ThemeType) -> Picture:
    """The circles as a network: people on rings, mentors inside, lines to their mentees. Same data, same picture."""
    drawn = circles[:MOST_CIRCLES]
    lines_used = math.ceil(len(drawn) / CIRCLES_IN_A_ROW)
    canvas = Canvas(theme_type, 190 * lines_used + 40, top=30, legend=True)
    palette = canvas.palette
    ends: list[tuple[float | None, float | None]] = []
    people: list[_Person] = []
    for number, circle in enumerate(drawn):
        middle = np.array([number % CIRCLES_IN_A_ROW * 2.6, -(number // CIRCLES_IN_A_ROW) * 2.9])
        rows = records(links[links["circle"] == circle])
        placed = _placed(rows, middle)
        people += placed.values()
        for row in rows:
            if not pd.isna(row["mentors"]):
                mentor, mentee = placed[row["person_key"]], placed[row["mentors"]]
                ends += [(mentor.x, mentor.y), (mentee.x, mentee.y), (None, None)]
        words = (Bold(short(circle, 22)), f"\n{counted(len(placed), 'person', 'people')}")
        canvas.label(*words, x=middle[0], y=middle[1] - 1.12, xanchor="center", yanchor="top", size=12)
    canvas.line([x for x, _ in ends], [y for _, y in ends], colour=palette.text, width=1.5)
    looks = {
        "Mentor": ("diamond", 13, palette.accent),
        "Mentee": ("circle", 10, theme.category_colour("mentee", ("", "mentee"), theme_type)),
        "Organizer": ("circle", 7, palette.context),
    }
    for role, (symbol, size, colour) in looks.items():
        some = [person for person in people if person.role == role]
        canvas.dots(
            [person.x for person in some],
            [person.y for person in some],
            name=role,
            colour=colour,
            symbol=symbol,
            size=size,
            rim=1,
            rim_colour=palette.background,
            said=[f"{person.name}: {role.lower()}" for person in some],
        )
    canvas.x_axis(visible=False, range=[-1.3, 6.5])
    canvas.y_axis(visible=False, range=[-2.9 * lines_used + 1.05, 1.25])
    canvas.figure.update_layout(legend={"itemclick": False, "itemdoubleclick": False})
    return canvas.picture(circles_in_words(links))


def _placed(rows: list[dict[str, Any]], middle: npt.NDArray[np.float64]) -> dict[str, _Person]:
    """Each person's place by key: mentors on the inner ring, mentees next, organizers outside."""
    mentors = {row["person_key"] for row in rows if not pd.isna(row["mentors"])}
    mentees = {row["mentors"] for row in rows if not pd.isna(row["mentors"])}
    names = {row["person_key"]: short(row["name"]) for row in rows}
    rings = {
        "Mentor": (0.3, sorted(mentors)),
        "Mentee": (0.65, sorted(mentees - mentors)),
        "Organizer": (1.0, sorted(set(names) - mentors - mentees)),
    }
    placed = {}
    for role, (radius, keys) in rings.items():
        for index, key in enumerate(keys):
            angle = 2 * np.pi * index / len(keys) + np.pi / 2
            x, y = middle + radius * np.array([np.cos(angle), np.sin(angle)])
            placed[key] = _Person(float(x), float(y), names.get(key, ""), role)
    return placed


def circles_in_words(links: pd.DataFrame) -> str:
    """How many circles and mentorships there are, also those that are not drawn."""
    return (
        f"{counted(links['circle'].nunique(), 'circle')}, {counted(int(links['mentors'].notna().sum()), 'mentorship')}."
    )


def sizes_picture(circles: pd.DataFrame, theme_type: theme.ThemeType) -> Picture:
    """Circles by their number of people, as ranges: for those who may not see who is in them."""
    rows = records(circles.head(MOST_CIRCLES))
    canvas = Canvas(theme_type, 28 * len(rows) + 70, top=8)
    (lows, highs), words = _ends(rows), _people(rows)
    names = [short(row["circle"], 24) for row in rows]
    said = [f"{name}: {each} people" for name, each in zip(names, words, strict=True)]
    canvas.bars(range(len(rows)), highs, starts=lows, horizontal=True, texts=words, said=said)
    canvas.listed(names)
    canvas.x_axis(title="People", rangemode="tozero", range=[0, max(highs, default=1) * 1.25])
    return canvas.picture(sizes_in_words(rows))


def sizes_in_words(rows: Sequence[dict[str, Any]]) -> str:
    """The bars for readers who do not see them."""
    said = "; ".join(f"{row['circle']}: at least {row['at_least']} people" for row in rows)
    return f"Largest circles. {said}."
