"""Retention's picture: cohorts by months since, as a grid whose cells that are not over stay blank."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.parts import theme

ROW, MOST_COLUMNS = 22, 25


def grid_figure(
    cohorts: Sequence[str],
    months: Sequence[int],
    shares: Sequence[Sequence[float | None]],
    said: Sequence[Sequence[str]],
    theme_type: theme.ThemeType,
) -> go.Figure:
    """A row a cohort (the newest last), a column a month since the first one; darker is more."""
    palette = theme.PALETTES[theme_type]
    known = [value for row, values in enumerate(shares) for value in values if value is not None and row >= 0]
    # The cohort's own month is always all of it: colours are for the months after it.
    later = [value for value in known if value < 1] or [1.0]
    colours = theme.SEQUENTIAL if theme_type == "light" else tuple(reversed(theme.SEQUENTIAL))
    figure = go.Figure(
        go.Heatmap(
            z=[list(row) for row in shares],
            x=[str(month) for month in months],
            y=list(cohorts),
            customdata=[list(row) for row in said],
            hovertemplate="%{customdata}<extra></extra>",
            hoverongaps=False,
            colorscale=[[number / (len(colours) - 1), colour] for number, colour in enumerate(colours)],
            zmin=0,
            zmax=max(later),
            xgap=2,
            ygap=2,
            colorbar={
                "orientation": "h",
                "thickness": 10,
                "len": 0.5,
                "x": 0,
                "xanchor": "left",
                "y": 1.0,
                "yanchor": "bottom",
                "tickformat": ".0%",
                "tickfont": {"color": palette.muted},
                "outlinewidth": 0,
            },
        )
    )
    figure.update_layout(
        template=theme.template(theme_type),
        height=ROW * len(cohorts) + 130,
        margin={"l": 8, "r": 8, "t": 56, "b": 8},
        hovermode="closest",
    )
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False, nticks=min(len(cohorts), 30))
    figure.update_xaxes(
        type="category", title={"text": "months after the first contribution"}, showgrid=False, tickangle=0, nticks=13
    )
    return figure
