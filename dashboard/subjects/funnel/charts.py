"""The funnel's pictures: steps as bars from the left, groups as dots with intervals, conversions over cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.parts import theme
from dashboard.parts.shapes import Dot, Series, Stage

BAR, GAP, PANEL = 46, 30, 168


def steps_figure(stages: Sequence[Stage], theme_type: theme.ThemeType) -> go.Figure:
    """A bar a step, as long as its people, with what is said of it above; still-open people hatched behind it."""
    palette = theme.PALETTES[theme_type]
    names = [str(number) for number in range(len(stages))]
    figure = go.Figure(
        [
            go.Bar(
                name="People",
                y=names,
                x=[stage.people for stage in stages],
                orientation="h",
                marker={"color": palette.accent, "line": {"width": 0}},
                customdata=[[stage.key, stage.said] for stage in stages],
                hovertemplate="%{customdata[1]}<extra></extra>",
            ),
            go.Bar(
                name="Still have time",
                y=names,
                x=[stage.open for stage in stages],
                orientation="h",
                marker={
                    "color": palette.context,
                    "line": {"width": 0},
                    "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": palette.background, "size": 6},
                },
                customdata=[[stage.key, stage.open_said] for stage in stages],
                hovertemplate="%{customdata[1]}<extra></extra>",
            ),
        ]
    )
    for name, stage in zip(names, stages, strict=True):
        for text, anchor, place in ((f"<b>{stage.name}</b>", "left", 0.0), (stage.said, "right", 1.0)):
            figure.add_annotation(
                text=text,
                x=place,
                xref="paper",
                xanchor=anchor,
                y=name,
                yanchor="bottom",
                yshift=BAR / 2 + 1,
                showarrow=False,
                font={"size": 13, "color": palette.text} if anchor == "left" else {"size": 12, "color": palette.muted},
            )
    figure.update_layout(
        template=theme.template(theme_type),
        height=(BAR + GAP) * len(stages) + 40,
        barmode="stack",
        bargap=0.45,
        margin={"l": 4, "r": 4, "t": 24, "b": 4},
        hovermode="closest",
        clickmode="event+select",
    )
    figure.update_yaxes(autorange="reversed", visible=False, type="category")
    most = max((stage.people + stage.open for stage in stages), default=0)
    figure.update_xaxes(visible=False, range=[0, max(most, 1)])
    return figure


def dots_figure(dots: Sequence[Dot], reference: float | None, unit: str, theme_type: theme.ThemeType) -> go.Figure:
    """A row a group: its share as a dot, its interval as a line; everybody's share as a dotted line."""
    palette = theme.PALETTES[theme_type]
    names = [str(number) for number in range(len(dots))]
    shares = [dot.share for dot in dots]
    figure = go.Figure(
        go.Scatter(
            x=shares,
            y=names,
            mode="markers",
            marker={"color": palette.accent, "size": 11},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [dot.high - dot.share for dot in dots],
                "arrayminus": [dot.share - dot.low for dot in dots],
                "color": palette.context,
                "thickness": 2,
                "width": 0,
            },
            customdata=[dot.said for dot in dots],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    if reference is not None:
        figure.add_vline(x=reference, line={"color": palette.context, "dash": "dot", "width": 1})
    for name, dot in zip(names, dots, strict=True):
        figure.add_annotation(
            text=dot.name, x=0, xref="paper", xanchor="left", y=name, yshift=14, showarrow=False,
            font={"size": 13, "color": palette.text},
        )  # fmt: skip
    figure.update_layout(
        template=theme.template(theme_type),
        height=42 * len(dots) + 76,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        hovermode="closest",
    )
    figure.update_yaxes(autorange="reversed", visible=False, type="category")
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%", title={"text": unit}, showgrid=True, nticks=6)
    return figure


def cohorts_figure(rows: Sequence[Series], theme_type: theme.ThemeType) -> go.Figure:
    """A row a conversion over cohorts, with intervals; from the first cohort that is still open, dotted."""
    palette = theme.PALETTES[theme_type]
    height = PANEL * len(rows) + 30
    figure = make_subplots(rows=len(rows), cols=1, shared_xaxes=True, vertical_spacing=46 / height)
    for number, series in enumerate(rows, start=1):
        for trace in _with_interval(series, palette.accent, palette):
            figure.add_trace(trace, row=number, col=1)
        figure.add_annotation(
            text=f"<b>{series.name}</b>",
            xref="x domain" if number == 1 else f"x{number} domain",
            yref="y domain" if number == 1 else f"y{number} domain",
            x=0,
            y=1.04,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": 13, "color": palette.text},
        )
        figure.update_yaxes(range=[0, 1], tickformat=".0%", tickvals=[0, 0.5, 1], row=number, col=1)
    figure.update_xaxes(tickformat="%b\n%Y", nticks=9, tickangle=0)
    figure.update_layout(
        template=theme.template(theme_type),
        height=height,
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
        hovermode="closest",
    )
    return figure


def curves_over_quarters(series: Series, theme_type: theme.ThemeType) -> go.Figure:
    """One share over the ends of quarters, with its interval."""
    palette = theme.PALETTES[theme_type]
    figure = go.Figure(_with_interval(series, palette.accent, palette))
    top = max((value for value in series.high if value == value), default=1.0)
    figure.update_yaxes(range=[0, min(1, top * 1.15)], tickformat=".0%", nticks=5)
    figure.update_xaxes(tickformat="%b\n%Y", nticks=9, tickangle=0)
    figure.update_layout(
        template=theme.template(theme_type), height=230, margin={"l": 8, "r": 12, "t": 16, "b": 8}, hovermode="closest"
    )
    return figure


def curves_figure(rows: Sequence[Series], unit: str, theme_type: theme.ThemeType, *, stairs: bool = True) -> go.Figure:
    """Shares by days or months since a start, a line a group: stairs where each change has its own day."""
    shape = "hv" if stairs else "linear"
    palette = theme.PALETTES[theme_type]
    names = tuple(series.name for series in rows)
    figure = go.Figure()
    for series in rows:
        colour = palette.accent if len(rows) == 1 else theme.category_colour(series.name, names, theme_type)
        if len(rows) == 1:
            for high, fill in ((series.low, None), (series.high, "tonexty")):
                figure.add_trace(
                    go.Scatter(
                        x=list(series.x), y=list(high), mode="lines", fill=fill, hoverinfo="skip",
                        line={"width": 0, "shape": shape}, fillcolor=_faint(colour),
                    )
                )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                name=series.name,
                x=list(series.x),
                y=list(series.y),
                mode="lines" if stairs else "lines+markers",
                line={"color": colour, "width": 2.5, "shape": shape},
                customdata=list(series.said),
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    figure.update_layout(
        template=theme.template(theme_type),
        height=360,
        showlegend=len(rows) > 1,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"color": palette.text}},
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
        hovermode="closest",
    )
    top = max((value for series in rows for value in (*series.y, *series.high) if value == value), default=1)
    figure.update_yaxes(range=[0, min(1, top * 1.1) or 1], tickformat=".0%")
    figure.update_xaxes(title={"text": unit}, rangemode="tozero", showgrid=True)
    return figure


def _with_interval(series: Series, colour: str, palette: theme.Palette) -> list[go.Scatter]:
    days = [day.isoformat() if isinstance(day, date) else day for day in series.x]
    closed = next((number for number, is_open in enumerate(series.open) if is_open), len(days))
    traces = [
        go.Scatter(
            x=days, y=list(end), mode="lines", line={"width": 0}, fill=fill, hoverinfo="skip",
            fillcolor=_faint(colour), connectgaps=False,
        )
        for end, fill in ((series.low, None), (series.high, "tonexty"))
    ]  # fmt: skip
    for begin, end, dash in ((0, closed, "solid"), (max(closed - 1, 0), len(days), "dot")):
        if end - begin < (1 if dash == "solid" else 2):
            continue
        hollow = [palette.background if is_open else colour for is_open in series.open[begin:end]]
        traces.append(
            go.Scatter(
                name=series.name,
                x=days[begin:end],
                y=list(series.y[begin:end]),
                mode="lines+markers",
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"color": hollow, "size": 7, "line": {"color": colour, "width": 2}},
                customdata=list(series.said[begin:end]),
                hovertemplate="%{customdata}<extra></extra>",
                connectgaps=False,
            )
        )
    return traces


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
