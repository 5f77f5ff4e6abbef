"""Trends as small multiples: one row a measure over one time axis, the period against what came before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.parts import theme
from dashboard.parts.shapes import Panel
from dashboard.words import numbers

ROW_HEIGHT, LABEL_HEIGHT, MARGINS = 104, 36, 64


def trend_figure(panels: Sequence[Panel], period_starts: date | None, theme_type: theme.ThemeType) -> go.Figure:
    """One row a panel. Before `period_starts` is grey, the period is ours, open spans are hatched or dashed."""
    palette = theme.PALETTES[theme_type]
    height = ROW_HEIGHT * len(panels) + MARGINS
    # The gap between rows holds the next row's label: as many pixels, however many rows there are.
    figure = make_subplots(rows=len(panels), cols=1, shared_xaxes=True, vertical_spacing=LABEL_HEIGHT / (height - 38))
    for row, panel in enumerate(panels, start=1):
        draw = _bars if panel.kind == "bar" else _line
        for trace in draw(panel, period_starts, palette):
            figure.add_trace(trace, row=row, col=1)
        top = max((value for value in panel.values if value is not None), default=0) or 1
        figure.update_yaxes(
            range=[0, top * 1.18],
            tickvals=[0, top],
            ticktext=["0", f"{panel.prefix}{numbers.compact(top)}"],
            row=row,
            col=1,
        )
        figure.add_annotation(
            text=f"<b>{panel.label}</b> {panel.unit}",
            xref="x domain" if row == 1 else f"x{row} domain",
            yref="y domain" if row == 1 else f"y{row} domain",
            x=0,
            y=1.06,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": 13, "color": palette.text},
        )
    if period_starts is not None and panels and any(day < period_starts for day in panels[0].starts):
        figure.add_vline(x=period_starts.isoformat(), line={"color": palette.context, "width": 1, "dash": "dot"})
    figure.update_xaxes(
        tickformat="%b\n%Y", hoverformat="%B %Y", nticks=9, showspikes=False, ticklabelmode="period", tickangle=0
    )
    figure.update_layout(
        template=theme.template(theme_type),
        height=height,
        hovermode="x",
        bargap=0.25,
        barmode="overlay",
        margin={"l": 8, "r": 12, "t": 30, "b": 8},
    )
    return figure


def _bars(panel: Panel, period_starts: date | None, palette: theme.Palette) -> list[go.Bar]:
    current = [period_starts is None or start >= period_starts for start in panel.starts]
    return [
        go.Bar(
            name=panel.label,
            x=[start.isoformat() for start in panel.starts],
            y=list(panel.values),
            xperiod=_span(panel),
            xperiodalignment="middle",
            marker={
                "color": [palette.accent if is_current else palette.context for is_current in current],
                "pattern": {
                    "shape": ["/" if is_open else "" for is_open in panel.open],
                    "fillmode": "overlay",
                    "fgcolor": palette.background,
                    "size": 6,
                },
                "line": {"width": 0},
            },
            customdata=[_hover(panel, index) for index in range(len(panel.starts))],
            hovertemplate="%{customdata}<extra></extra>",
        )
    ]


def _line(panel: Panel, period_starts: date | None, palette: theme.Palette) -> list[go.Scatter]:
    """The line in up to three parts that share their ends: before the period, in it, and its open end (dashed)."""
    boundary = next((i for i, start in enumerate(panel.starts) if period_starts is None or start >= period_starts), 0)
    first_open = next((i for i, is_open in enumerate(panel.open) if is_open), len(panel.starts))
    parts = (
        (0, min(boundary, first_open - 1) + 1 if boundary else 0, palette.context, "solid"),
        (boundary, first_open, palette.accent, "solid"),
        (
            max(first_open - 1, 0),
            len(panel.starts) if first_open < len(panel.starts) else 0,
            palette.accent,
            "dot",
        ),
    )
    traces = []
    for begin, end, colour, dash in parts:
        if end <= begin:
            continue
        traces.append(
            go.Scatter(
                name=panel.label,
                x=[start.isoformat() for start in panel.starts[begin:end]],
                y=list(panel.values[begin:end]),
                xperiod=_span(panel),
                xperiodalignment="middle",
                mode="lines+markers",
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"color": colour, "size": 5},
                connectgaps=False,
                customdata=[_hover(panel, index) for index in range(begin, end)],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    return traces


def _span(panel: Panel) -> str:
    starts = panel.starts
    months = (starts[1].year - starts[0].year) * 12 + starts[1].month - starts[0].month if len(starts) > 1 else 1
    return f"M{max(months, 1)}"


def _hover(panel: Panel, index: int) -> str:
    value = panel.values[index]
    shown = "not shown" if value is None else panel.shown(value)
    return f"{panel.label}: {shown}{' (still open)' if panel.open[index] else ''}"


def in_words(panels: Sequence[Panel]) -> str:
    """The figure for readers who do not see it: each measure's range and its latest full span."""
    sentences = []
    for panel in panels:
        known = [
            (start, value)
            for start, value, is_open in zip(panel.starts, panel.values, panel.open, strict=True)
            if value is not None and not is_open
        ]
        if not known:
            sentences.append(f"{panel.label}: nothing to show.")
            continue
        low, high = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
        last = known[-1]
        sentences.append(
            f"{panel.label} {panel.unit}: from {panel.shown(low[1])} ({low[0]:%B %Y}) to {panel.shown(high[1])} "
            f"({high[0]:%B %Y}); {panel.shown(last[1])} in {last[0]:%B %Y}."
        )
    return " ".join(sentences)
