"""The Languages page's pictures: countries × languages, and originals against translations."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.subjects.languages import words
from dashboard.subjects.languages.words import MatrixState
from dashboard.words.sentences import say
from dashboard.words.text import markup, visible
from data_access.questions.languages.materials import MaterialsInLanguage

ROW_HEIGHT, HEADS = 42, 128
# Background and text of each state: told apart by lightness, and by the sign beside the number.
_COLOURS: dict[theme.ThemeType, dict[MatrixState, tuple[str, str]]] = {
    "light": {
        MatrixState.ABSENT: ("#f7f8fa", "#525f70"),
        MatrixState.SPOKEN: ("#dfe4eb", "#18222f"),
        MatrixState.COULD: ("#9ecae1", "#10202f"),
        MatrixState.HELD: ("#005f99", "#ffffff"),
    },
    "dark": {
        MatrixState.ABSENT: ("#151d28", "#a3b0c0"),
        MatrixState.SPOKEN: ("#39414c", "#e8edf4"),
        MatrixState.COULD: ("#1f5a91", "#ffffff"),
        MatrixState.HELD: ("#8fcdf5", "#08131f"),
    },
}


def matrix_figure(found: words.Matrix, theme_type: theme.ThemeType, exact: bool) -> go.Figure:
    """A row a country, a column a language; each cell the share of inhabitants who know it, in per cent, and a sign."""
    palette, colours = theme.PALETTES[theme_type], _COLOURS[theme_type]
    columns, rows = list(range(len(found.languages))), list(range(len(found.countries)))
    steps = len(MatrixState)
    scale = [
        [edge, colours[state][0]] for state in MatrixState for edge in (state.value / steps, (state.value + 1) / steps)
    ]
    figure = go.Figure(
        go.Heatmap(
            x=columns,
            y=rows,
            z=[[state.value + 0.5 for state in row] for row in found.states],
            zmin=0,
            zmax=steps,
            colorscale=scale,
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=[[markup(words.cell_words(found, row, column, exact)) for column in columns] for row in rows],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    for row in rows:
        for column in columns:
            state, share = found.states[row][column], found.shares[row][column]
            if share is None:
                continue
            figure.add_annotation(
                x=column,
                y=row,
                text=f"{words.cell_number(share)}<br>{words.SIGNS[state]}",
                showarrow=False,
                font={"size": 11.5, "color": colours[state][1]},
            )
    figure.update_layout(
        template=theme.template(theme_type),
        height=ROW_HEIGHT * len(rows) + HEADS,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
    )
    figure.update_xaxes(
        side="top",
        tickvals=columns,
        ticktext=[_label(name, 17) for name in found.languages],
        tickangle=-90,
        tickfont={"color": palette.text, "size": 12.5},
        ticks="",
        showline=False,
        zeroline=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=rows,
        ticktext=[_label(name, 14) for name in found.countries],
        tickfont={"color": palette.text, "size": 12.5},
        autorange=False,
        range=[len(rows) - 0.5, -0.5],
        ticks="",
        showline=False,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure


def _label(name: str, most: int) -> str:
    short = visible(name).replace(" - ", "-")
    short = short if len(short) <= most else short.partition(" (")[0]
    return markup(short if len(short) <= most else f"{short[: most - 1]}…")


def originals_figure(shown: Sequence[MaterialsInLanguage], theme_type: theme.ThemeType) -> go.Figure:
    """A bar a language: originals, then translations. Labels stand above the bars, so that phones need no margin."""
    palette = theme.PALETTES[theme_type]
    rows = list(range(len(shown)))
    figure = go.Figure()
    hatched = {"shape": "/", "fillmode": "overlay", "fgcolor": palette.background, "size": 5}
    for values, colour, pattern in (
        ([row.originals for row in shown], palette.accent, {}),
        ([row.translations for row in shown], palette.context, hatched),
    ):
        figure.add_bar(
            x=values,
            y=rows,
            orientation="h",
            width=0.34,
            marker={"color": colour, "pattern": pattern},
            hoverinfo="skip",
        )
    for row, item in zip(rows, shown, strict=True):
        figure.add_annotation(
            x=0,
            y=row,
            xshift=-2,
            yshift=18,
            text=say(
                "{language}: <b>{originals}</b> original, {translations} translated",
                language=_label(item.name, 40),
                originals=item.originals,
                translations=item.translations,
            ),
            showarrow=False,
            xanchor="left",
            font={"color": palette.text, "size": 13.5},
        )
    figure.update_layout(
        template=theme.template(theme_type),
        barmode="stack",
        height=46 * len(rows) + 56,
        margin={"l": 0, "r": 8, "t": 8, "b": 8},
    )
    figure.update_yaxes(visible=False, range=[len(rows) - 0.6, -0.75], fixedrange=True)
    figure.update_xaxes(title="materials", nticks=6, fixedrange=True, zeroline=False, rangemode="tozero")
    return figure
