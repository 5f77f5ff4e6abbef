"""Leadership circles as pictures: a network of people for those who may see them, sizes for everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.words.ranges import people_words
from dashboard.words.text import counted, markup
from data_access.imports.rows import clipped
from data_access.questions.frames import records

MOST_CIRCLES = 12


def label(text: str, length: int = 32) -> str:
    """Text from data for a place where Plotly reads markup."""
    return markup(clipped(str(text), length))


def circles_figure(links: pd.DataFrame, circles: Sequence[str], theme_type: theme.ThemeType) -> go.Figure:
    """The circles as a network: people on rings, mentors inside, lines to their mentees. Same data, same picture."""
    palette = theme.PALETTES[theme_type]
    figure = go.Figure()
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    points: list[tuple[float, float, str, str]] = []
    for number, circle in enumerate(circles[:MOST_CIRCLES]):
        middle = np.array([number % 3 * 2.6, -(number // 3) * 2.9])
        rows = records(links[links["circle"] == circle])
        placed = _placed(rows, middle)
        points += placed.values()
        for row in rows:
            if not pd.isna(row["mentors"]):
                (x, y, *_), (x2, y2, *_) = placed[row["person_key"]], placed[row["mentors"]]
                lines_x += [x, x2, None]
                lines_y += [y, y2, None]
        figure.add_annotation(
            text=f"<b>{label(circle, 22)}</b><br>{counted(len(placed), 'person', 'people')}",
            **{"x": middle[0], "y": middle[1] - 1.12, "showarrow": False, "yanchor": "top"},
            font={"color": palette.text, "size": 12},
        )
    figure.add_trace(
        go.Scatter(
            x=lines_x,
            y=lines_y,
            mode="lines",
            line={"color": palette.text, "width": 1.5},
            showlegend=False,
            hoverinfo="skip",
        )
    )
    looks = {
        "Mentor": ("diamond", 13, palette.accent),
        "Mentee": ("circle", 10, theme.category_colour("mentee", ("", "mentee"), theme_type)),
        "Organizer": ("circle", 7, palette.context),
    }
    for role, (symbol, size, colour) in looks.items():
        some = [point for point in points if point[3] == role]
        figure.add_trace(
            go.Scatter(
                name=role,
                x=[point[0] for point in some],
                y=[point[1] for point in some],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": size,
                    "color": colour,
                    "line": {"color": palette.background, "width": 1},
                },
                customdata=[point[2] for point in some],
                hovertemplate=f"%{{customdata}}: {role.lower()}<extra></extra>",
            )
        )
    rows_used = (min(len(circles), MOST_CIRCLES) + 2) // 3
    figure.update_xaxes(visible=False, range=[-1.3, 6.5])
    figure.update_yaxes(visible=False, range=[-2.9 * rows_used + 1.05, 1.25])
    figure.update_layout(
        template=theme.template(theme_type),
        height=190 * rows_used + 40,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        margin={"t": 30},
    )
    return figure


def _placed(rows: list[dict[str, Any]], middle: npt.NDArray[np.float64]) -> dict[str, tuple[float, float, str, str]]:
    """(x, y, name, role) of each person: mentors on the inner ring, mentees next, organizers outside."""
    mentors = {row["person_key"] for row in rows if not pd.isna(row["mentors"])}
    mentees = {row["mentors"] for row in rows if not pd.isna(row["mentors"])}
    names = {row["person_key"]: label(row["name"]) for row in rows}
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
            placed[key] = (float(x), float(y), names.get(key, ""), role)
    return placed


def sizes_figure(circles: pd.DataFrame, theme_type: theme.ThemeType) -> go.Figure:
    """Circles by their number of people, as ranges: for those who may not see who is in them."""
    palette = theme.PALETTES[theme_type]
    rows = records(circles.head(MOST_CIRCLES))
    lows, highs = ([int(row[name]) for row in rows] for name in ("at_least", "at_most"))
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=[label(row["circle"], 24) for row in rows],
            base=lows,
            x=[max(high - low, 0.4) for low, high in zip(lows, highs, strict=True)],
            text=[people_words(low, high) for low, high in zip(lows, highs, strict=True)],
            textposition="outside",
            cliponaxis=False,
            marker={"color": palette.accent},
            hovertemplate="%{y}: %{text} people<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title_text="People", rangemode="tozero", range=[0, max(highs, default=1) * 1.25])
    figure.update_layout(template=theme.template(theme_type), height=28 * len(rows) + 70, margin={"t": 8})
    return figure
