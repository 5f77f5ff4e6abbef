"""Shares of people as dots with intervals, their trend, and the Lorenz curve of what members receive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.words.text import markup

ROW_HEIGHT, MARGINS = 26, 64
LONGEST_LABEL, HEADING = 26, 40


@dataclass(frozen=True, slots=True)
class Dot:
    """One row: a share with its interval, what it is compared with, and the words for it. None: not shown."""

    heading: str
    label: str
    share: float | None
    low: float | None
    high: float | None
    words: str
    beside: tuple[float | None, ...] = ()
    reference: float | None = None
    muted: bool = False


def short(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text, cut where it would take the place of the picture."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _safe(text: str) -> str:
    # Plotly reads a few tags in labels; nothing from data may be one.
    return markup(text)


def dots_figure(dots: Sequence[Dot], beside: Sequence[str], theme_type: theme.ThemeType) -> go.Figure:
    """A row a share, grouped under headings; `beside` names the populations in `Dot.beside`, drawn in grey shapes."""
    palette = theme.PALETTES[theme_type]
    lines: list[Dot | str] = []
    for dot in dots:
        if not lines or not isinstance(lines[-1], Dot) or lines[-1].heading != dot.heading:
            lines.append(dot.heading)
        lines.append(dot)
    at = {id(line): len(lines) - 1 - number for number, line in enumerate(lines)}
    rows = [(at[id(line)], line) for line in lines if isinstance(line, Dot)]
    figure = go.Figure()
    for number, name in enumerate(beside):
        known = [(y, dot.beside[number]) for y, dot in rows if number < len(dot.beside)]
        figure.add_trace(
            go.Scatter(
                name=name,
                x=[value for _, value in known],
                y=[y for y, _ in known],
                mode="markers",
                marker={
                    "symbol": ("diamond-open", "square-open", "triangle-up-open")[number % 3],
                    "size": 8,
                    "color": palette.context,
                    "line": {"width": 1.5},
                },
                hoverinfo="skip",
                showlegend=True,
            )
        )
    references = [(y, dot.reference) for y, dot in rows if dot.reference is not None]
    if references:
        figure.add_trace(
            go.Scatter(
                name="Population at large",
                x=[value for _, value in references],
                y=[y for y, _ in references],
                mode="markers",
                marker={"symbol": "line-ns-open", "size": 16, "color": palette.text, "line": {"width": 2}},
                hoverinfo="skip",
                showlegend=True,
            )
        )
    shown = [(y, dot) for y, dot in rows if dot.share is not None]
    figure.add_trace(
        go.Scatter(
            x=[dot.share for _, dot in shown],
            y=[y for y, _ in shown],
            mode="markers",
            marker={
                "size": 10,
                "color": [palette.context if dot.muted else palette.accent for _, dot in shown],
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [(dot.high or 0) - (dot.share or 0) for _, dot in shown],
                "arrayminus": [(dot.share or 0) - (dot.low or 0) for _, dot in shown],
                "color": palette.context,
                "thickness": 2,
                "width": 0,
            },
            customdata=[_safe(dot.words) for _, dot in shown],
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
        )
    )
    for y, dot in rows:
        if dot.share is None:
            figure.add_annotation(
                x=0, y=y, text=_safe(dot.words), xanchor="left", showarrow=False, font={"color": palette.muted}
            )
    for line in lines:
        if isinstance(line, str):
            figure.add_annotation(
                x=0,
                xref="paper",
                y=at[id(line)],
                text=f"<b>{_safe(short(line, HEADING))}</b>",
                xanchor="left",
                showarrow=False,
                font={"color": palette.text},
            )
    top = max([dot.high or 0 for _, dot in shown] + [value for _, value in references if value] + [0.1])
    figure.update_xaxes(range=[-0.01, min(top * 1.06, 1.02)], tickformat=".0%", showgrid=True, zeroline=True)
    figure.update_yaxes(
        tickvals=[y for y, _ in rows],
        ticktext=[_safe(short(dot.label)) for _, dot in rows],
        range=[-0.7, len(lines) - 0.3],
        showgrid=False,
        tickfont={"color": palette.text},
        zeroline=False,
    )
    figure.update_layout(
        template=theme.template(theme_type),
        height=ROW_HEIGHT * len(lines) + MARGINS + (24 if beside or references else 0),
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        showlegend=bool(beside or references),
        hovermode="closest",
    )
    return figure


@dataclass(frozen=True, slots=True)
class Line:
    """One value's share over time; None where it is not shown."""

    name: str
    days: Sequence[date]
    shares: Sequence[float | None]
    lows: Sequence[float | None]
    highs: Sequence[float | None]
    words: Sequence[str]


def share_trend(lines: Sequence[Line], theme_type: theme.ThemeType) -> go.Figure:
    """A line a value, with its interval as a band and its name at the end."""
    palette = theme.PALETTES[theme_type]
    among = tuple(line.name for line in lines)
    figure = go.Figure()
    for line in lines:
        colour = theme.category_colour(line.name, among, theme_type)
        days = [day.isoformat() for day in line.days]
        known = [at for at, share in enumerate(line.shares) if share is not None]
        figure.add_trace(
            go.Scatter(
                x=[days[at] for at in known] + [days[at] for at in reversed(known)],
                y=[line.highs[at] for at in known] + [line.lows[at] for at in reversed(known)],
                mode="lines",
                fill="toself",
                fillcolor=_faint(colour),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        figure.add_trace(
            go.Scatter(
                name=_safe(line.name),
                x=days,
                y=list(line.shares),
                mode="lines+markers",
                line={"color": colour, "width": 2.5},
                marker={"size": 6, "color": colour},
                connectgaps=False,
                customdata=[_safe(words) for words in line.words],
                hovertemplate="%{customdata}<extra></extra>",
                showlegend=False,
            )
        )
        if known:
            figure.add_annotation(
                x=days[known[-1]],
                y=line.shares[known[-1]],
                text=_safe(short(line.name)),
                xanchor="left",
                xshift=8,
                showarrow=False,
                font={"color": palette.text},
            )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    days_of_all = [day for line in lines for day in line.days]
    figure.update_xaxes(tickformat="%b\n%Y", nticks=6, range=[min(days_of_all), max(days_of_all)])
    figure.update_layout(
        template=theme.template(theme_type),
        height=320,
        hovermode="closest",
        margin={"l": 8, "r": 110, "t": 12, "b": 8},
    )
    return figure


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def lorenz_figure(
    people: Sequence[float], amounts: Sequence[float], what: str, theme_type: theme.ThemeType
) -> go.Figure:
    """The Lorenz curve against the line of equal shares."""
    palette = theme.PALETTES[theme_type]
    figure = go.Figure(
        [
            go.Scatter(
                x=[0, 1],
                y=[0, 1],
                mode="lines",
                line={"color": palette.context, "width": 1.5, "dash": "dot"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=list(people),
                y=list(amounts),
                mode="lines",
                fill="tozeroy",
                fillcolor=_faint(palette.accent),
                line={"color": palette.accent, "width": 2.5},
                hovertemplate="The %{x:.0%} of members with least have %{y:.0%}<extra></extra>",
            ),
        ]
    )
    figure.add_annotation(
        x=0.36,
        y=0.44,
        text="equal shares",
        textangle=0,
        showarrow=False,
        xanchor="right",
        font={"color": palette.muted},
    )
    figure.update_xaxes(tickformat=".0%", range=[0, 1], title="members, least first")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02], title=f"share of {what}")
    figure.update_layout(template=theme.template(theme_type), height=320, hovermode="closest")
    return figure
