"""Pictures of teams: growth under its stages, the funnel around stage changes, times from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.parts import theme
from dashboard.subjects.teams.circles import label
from dashboard.words import numbers
from dashboard.words.ranges import people_words
from dashboard.words.text import counted
from data_access.contract.lifecycle import ORDER
from data_access.questions.frames import records

GOAL = "Ten times those active at the start of “Growing tenfold”"
_LIGHT_TEXT_FROM = 3
_DAY_MS = 86_400_000
# A narrower part of the band has no room for its stage's title.
ROOM_FOR_A_TITLE = 0.2
SHORT_DAYS = 800


def growth_figure(growth: pd.DataFrame, history: pd.DataFrame, as_of: date, theme_type: theme.ThemeType) -> go.Figure:
    """The stages as a band over time; under it active contributors by quarter (exact, or as ranges) and the goal."""
    palette = theme.PALETTES[theme_type]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.16, 0.84], vertical_spacing=0.05)
    for row in records(history):
        figure.add_trace(_stage_bar(row, as_of, (as_of - min(history["entered_on"])).days, palette), row=1, col=1)
    quarters = records(growth)
    if quarters and all(row["at_least"] == row["at_most"] for row in quarters):
        for trace in _counts(quarters, palette):
            figure.add_trace(trace, row=2, col=1)
    elif quarters:
        figure.add_trace(_range_bars(quarters, palette), row=2, col=1)
    goal = [row for row in quarters if not pd.isna(row["goal_at_most"])]
    if goal:
        figure.add_trace(_goal_line(goal, palette), row=2, col=1)
    for day in list(history["entered_on"])[1:]:
        figure.add_vline(x=day.isoformat(), line={"color": palette.context, "width": 1, "dash": "dot"}, row=2, col=1)
    figure.update_yaxes(visible=False, row=1, col=1)
    figure.update_yaxes(title_text="Active contributors", rangemode="tozero", row=2, col=1, nticks=5)
    firsts = [*history["entered_on"], *growth["counted_on"]]
    is_short = bool(firsts) and (as_of - min(firsts)).days < SHORT_DAYS
    ticks = {"tickformat": "%b\n%Y", "dtick": "M3"} if is_short else {"tickformat": "%Y", "dtick": "M12"}
    figure.update_xaxes(type="date", tickangle=0, hoverformat="%-d %B %Y", **ticks)
    figure.update_layout(
        template=theme.template(theme_type),
        height=380,
        barmode="overlay",
        bargap=0.35,
        uniformtext={"mode": "hide", "minsize": 10},
        hovermode="closest",
    )
    return figure


def _stage_bar(row: dict[str, Any], as_of: date, span: int, palette: theme.Palette) -> go.Bar:
    position = ORDER[row["stage"]]
    colour = theme.SEQUENTIAL[position]
    end = as_of if pd.isna(row["left_on"]) else row["left_on"]
    days = max((end - row["entered_on"]).days, 1)
    words = f"{row['title']}: {counted(int(row['days']), 'day')} from {numbers.day(row['entered_on'])}"
    return go.Bar(
        orientation="h",
        base=[row["entered_on"].isoformat()],
        x=[days * _DAY_MS],
        y=[""],
        text=[row["title"] if days > span * ROOM_FOR_A_TITLE else ""],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "#ffffff" if position >= _LIGHT_TEXT_FROM else "#18222f"},
        marker={"color": colour, "line": {"color": palette.background, "width": 1}},
        width=0.9,
        hovertemplate=f"{words}<extra></extra>",
        name=row["title"],
    )


def _counts(quarters: list[dict[str, Any]], palette: theme.Palette) -> list[go.Scatter]:
    """One line; its last, open part is dotted."""
    closed = [row for row in quarters if not row["open"]]
    parts = [(closed, "solid"), (quarters[-2:] if len(closed) < len(quarters) else [], "dot")]
    return [
        go.Scatter(
            name="Active contributors",
            x=[row["counted_on"].isoformat() for row in part],
            y=[int(row["people"]) for row in part],
            mode="lines+markers",
            line={"color": palette.accent, "width": 2.5, "dash": dash},
            marker={"size": 5, "color": palette.accent},
            hovertemplate="%{y:,} active on %{x}<extra></extra>",
        )
        for part, dash in parts
        if part
    ]


def _range_bars(quarters: list[dict[str, Any]], palette: theme.Palette) -> go.Bar:
    lows, highs = ([int(row[name]) for row in quarters] for name in ("at_least", "at_most"))
    return go.Bar(
        name="Active contributors",
        x=[row["counted_on"].isoformat() for row in quarters],
        base=lows,
        y=[max(high - low, 0.4) for low, high in zip(lows, highs, strict=True)],
        width=[55 * _DAY_MS] * len(quarters),
        marker={
            "color": palette.accent,
            "pattern": {
                "shape": ["/" if low == 0 < high else "" for low, high in zip(lows, highs, strict=True)],
                "fgcolor": palette.background,
                "fillmode": "overlay",
                "size": 6,
            },
        },
        customdata=[people_words(low, high) for low, high in zip(lows, highs, strict=True)],
        hovertemplate="%{customdata} active on %{x}<extra></extra>",
    )


def _goal_line(goal: list[dict[str, Any]], palette: theme.Palette) -> go.Scatter:
    low, high = int(goal[-1]["goal_at_least"]), int(goal[-1]["goal_at_most"])
    words = people_words(low, high)
    return go.Scatter(
        name="Goal",
        x=[row["counted_on"].isoformat() for row in goal],
        y=[low] * len(goal),
        mode="lines+text",
        line={"color": palette.text, "width": 1.5, "dash": "dash"},
        text=[f"<b>Goal: {words}</b>" if index == 0 else "" for index in range(len(goal))],
        textposition="bottom right",
        textfont={"color": palette.text, "size": 12},
        hovertemplate=f"{GOAL}: {words}<extra></extra>",
    )


def growth_in_words(growth: pd.DataFrame, history: pd.DataFrame) -> str:
    """The growth picture for readers who do not see it."""
    stages = "; ".join(f"{row['title']} from {numbers.day(row['entered_on'])}" for row in records(history))
    if growth.empty:
        return f"Stages: {stages}. No contributions yet."
    first, last = growth.iloc[0], growth.iloc[-1]
    ends = [people_words(int(row["at_least"]), int(row["at_most"])) for row in (first, last)]
    said = f"Active contributors: {ends[0]} on {numbers.day(first['counted_on'])}, {ends[1]} on "
    said += f"{numbers.day(last['counted_on'])}."
    if not pd.isna(last["goal_at_most"]):
        said += f" Goal: {people_words(int(last['goal_at_least']), int(last['goal_at_most']))}."
    return f"{said} Stages: {stages}."


def funnel_figure(funnel: pd.DataFrame, theme_type: theme.ThemeType) -> go.Figure:
    """Newcomers before (grey) and after (ours) each stage change: new, active, core; open windows hatched."""
    palette = theme.PALETTES[theme_type]
    changes = list(dict.fromkeys(zip(funnel["changed_on"], funnel["next_title"], strict=True)))
    height = 160 * len(changes) + 40
    figure = make_subplots(rows=len(changes), cols=1, shared_xaxes=True, vertical_spacing=34 / height)
    for number, (day, title) in enumerate(changes, start=1):
        for side, colour in (("before", palette.context), ("after", palette.accent)):
            rows = records(funnel[(funnel["changed_on"] == day) & (funnel["side"] == side)])
            if rows:
                figure.add_trace(_side_bars(rows, side, colour, palette), row=number, col=1)
        figure.add_annotation(
            text=f"<b>{title}</b>, {numbers.short_day(day)}",
            **{"xref": "x domain" if number == 1 else f"x{number} domain"},
            **{"yref": "y domain" if number == 1 else f"y{number} domain"},
            **{"x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "showarrow": False},
            font={"color": palette.text, "size": 13},
        )
        figure.update_yaxes(autorange="reversed", row=number, col=1)
    # Room for the words after the longest bar.
    room = [0, max(int(funnel["at_most"].max()), 1) * 1.35]
    figure.update_xaxes(range=room, showgrid=True, gridcolor=palette.line, nticks=8)
    figure.update_xaxes(title_text="People", row=len(changes), col=1)
    figure.update_layout(
        template=theme.template(theme_type), height=height, barmode="group", bargap=0.3, margin={"t": 30, "r": 40}
    )
    return figure


def _side_bars(rows: list[dict[str, Any]], side: str, colour: str, palette: theme.Palette) -> go.Bar:
    lows, highs = ([int(row[name]) for row in rows] for name in ("at_least", "at_most"))
    words = [people_words(low, high) for low, high in zip(lows, highs, strict=True)]
    exact = lows == highs
    return go.Bar(
        name=side.capitalize(),
        orientation="h",
        y=[row["step"].capitalize() for row in rows],
        base=[0 if exact else low for low in lows],
        x=highs if exact else [max(high - low, 0.4) for low, high in zip(lows, highs, strict=True)],
        text=[f"{side}: {word}" for word in words],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        textfont={"color": palette.text, "size": 12},
        marker={
            "color": colour,
            "pattern": {
                "shape": ["" if row["closed"] else "/" for row in rows],
                "fgcolor": palette.background,
                "fillmode": "overlay",
                "size": 6,
            },
            "opacity": [0.45 if low == 0 < high and not exact else 1 for low, high in zip(lows, highs, strict=True)],
        },
        customdata=[[side, row["step"], word] for row, word in zip(rows, words, strict=True)],
        hovertemplate="%{customdata[0]}, %{customdata[1]}: %{customdata[2]}<extra></extra>",
    )


def transitions_figure(transitions: pd.DataFrame, board: pd.DataFrame, theme_type: theme.ThemeType) -> go.Figure:
    """Each stage's usual time (quartiles and median, Kaplan–Meier) and the teams that are in it now, by days."""
    palette = theme.PALETTES[theme_type]
    rows = records(transitions)
    # Stays of a stage that no quarter of its teams has left have no quartile: the line then ends open, at the edge.
    known = [*board["days_in_stage"].dropna(), *transitions[["q3_days", "median_days"]].stack().dropna(), 30]
    edge = float(max(known)) * 1.08
    figure = go.Figure()
    titles = [row["title"] for row in rows]
    for row in rows:
        if pd.isna(row["q1_days"]):
            continue
        end = edge if pd.isna(row["q3_days"]) else row["q3_days"]
        figure.add_trace(
            go.Scatter(
                x=[row["q1_days"], end],
                y=[row["title"]] * 2,
                mode="lines",
                line={"color": palette.context, "width": 10},
                opacity=0.55,
                hoverinfo="skip",
            )
        )
    medians = [row for row in rows if not pd.isna(row["median_days"])]
    figure.add_trace(
        go.Scatter(
            name="Median time to move on",
            x=[row["median_days"] for row in medians],
            y=[row["title"] for row in medians],
            mode="markers",
            marker={"symbol": "line-ns", "size": 22, "line": {"color": palette.text, "width": 3}},
            hovertemplate="Median of “%{y}”: %{x:,.0f} days<extra></extra>",
        )
    )
    here = board[board["title"].isin(titles)]
    for stalled, symbol, colour in ((False, "circle", palette.accent), (True, "triangle-up", palette.alarm)):
        some = records(here[here["stalled"].fillna(False) == stalled])
        figure.add_trace(
            go.Scatter(
                name="Stalled" if stalled else "In the stage now",
                x=[int(row["days_in_stage"]) for row in some],
                y=[row["title"] for row in some],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 11,
                    "color": colour,
                    "line": {"color": palette.background, "width": 1},
                },
                customdata=[label(row["name"]) for row in some],
                hovertemplate="%{customdata}: %{x:,} days<extra></extra>",
            )
        )
    figure.update_yaxes(categoryorder="array", categoryarray=titles[::-1], ticktext=_two_lines(titles), tickvals=titles)
    figure.update_xaxes(title_text="Days in the stage", range=[0, edge], showgrid=True, gridcolor=palette.line)
    figure.update_layout(template=theme.template(theme_type), height=86 * len(rows) + 60, margin={"t": 8})
    return figure


def _two_lines(titles: Sequence[str]) -> list[str]:
    """Long titles broken after their middle word, for narrow screens."""
    broken = []
    for title in titles:
        words = title.split()
        half = (len(words) + 1) // 2
        broken.append(f"{' '.join(words[:half])}<br>{' '.join(words[half:])}" if len(title) > 12 else title)
    return broken


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
