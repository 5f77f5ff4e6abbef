"""The Data page's picture: what each check found, as bars from zero with their words above them."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.subjects.data.words import Found
from dashboard.words.sentences import say

ROW_HEIGHT = 46


def quality_figure(checks: Sequence[Found], theme_type: theme.ThemeType) -> go.Figure:
    """One bar a check: the share of the events checked. Labels stand above the bars, so that phones need no margin."""
    palette = theme.PALETTES[theme_type]
    rows = list(range(len(checks)))
    most = max((item.share for item in checks), default=0.0) or 1.0
    figure = go.Figure(
        go.Bar(
            x=[item.share for item in checks],
            y=rows,
            orientation="h",
            width=0.34,
            marker={"color": palette.accent},
            hoverinfo="skip",
        )
    )
    for row, item in zip(rows, checks, strict=True):
        figure.add_annotation(
            x=0,
            y=row,
            xshift=-2,
            yshift=18,
            text=say("{label}: <b>{shown}</b>", label=item.label, shown=item.shown),
            showarrow=False,
            xanchor="left",
            font={"color": palette.text, "size": 13.5},
        )
    figure.update_layout(
        template=theme.template(theme_type),
        height=ROW_HEIGHT * len(checks) + 56,
        margin={"l": 0, "r": 8, "t": 8, "b": 8},
    )
    figure.update_yaxes(visible=False, range=[len(checks) - 0.6, -0.75], fixedrange=True)
    figure.update_xaxes(
        range=[0, min(1.0, most * 1.05)],
        tickformat=".0%" if most > 0.04 else ".1%",
        nticks=6,
        title="of the events checked",
        fixedrange=True,
        zeroline=False,
    )
    return figure


def in_words(checks: Sequence[Found]) -> str:
    """The figure for readers who do not see it."""
    return " ".join(
        say("{label}: {shown} of the events checked.", label=item.label, shown=item.shown) for item in checks
    )
