"""The Languages page's pictures: countries × languages, and originals against translations."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.subjects.languages.words import MOST_BARS, SIGNS, Matrix, State
from dashboard.subjects.languages.words import rows as table_rows
from dashboard.words.text import markup, visible

ROW_HEIGHT, HEADS = 42, 128
# Background and text of each state: told apart by lightness, and by the sign beside the number.
_COLOURS: dict[theme.ThemeType, dict[State, tuple[str, str]]] = {
    "light": {
        State.ABSENT: ("#f7f8fa", "#525f70"),
        State.SPOKEN: ("#dfe4eb", "#18222f"),
        State.COULD: ("#9ecae1", "#10202f"),
        State.HELD: ("#005f99", "#ffffff"),
    },
    "dark": {
        State.ABSENT: ("#151d28", "#a3b0c0"),
        State.SPOKEN: ("#39414c", "#e8edf4"),
        State.COULD: ("#1f5a91", "#ffffff"),
        State.HELD: ("#8fcdf5", "#08131f"),
    },
}


def state_words(exact: bool) -> dict[State, str]:
    """What each state says; who sees ranges only cannot tell few members from none."""
    nobody = "no member is known to speak it" if exact else "no members, or too few to tell"
    return {
        State.HELD: "an event was held there in it",
        State.COULD: "members speak it, no event there yet",
        State.SPOKEN: f"no event there, {nobody}",
    }


def legend(exact: bool) -> str:
    """The signs of the matrix in words."""
    return " · ".join(f"{SIGNS[state]} {words}" for state, words in state_words(exact).items())


def matrix_figure(found: Matrix, theme_type: theme.ThemeType, exact: bool) -> go.Figure:
    """A row a country, a column a language; each cell the share of inhabitants who know it, in per cent, and a sign."""
    palette, colours, words = theme.PALETTES[theme_type], _COLOURS[theme_type], state_words(exact)
    columns, rows = list(range(len(found.languages))), list(range(len(found.countries)))
    steps = len(State)
    scale = [[edge, colours[state][0]] for state in State for edge in (state.value / steps, (state.value + 1) / steps)]
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
            customdata=[[_hover(found, row, column, words) for column in columns] for row in rows],
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
                text=f"{_percent(share)}<br>{SIGNS[state]}",
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


def _percent(share: float) -> str:
    return f"{share * 100:.0f}" if share >= 0.0095 else "<1"


def _hover(found: Matrix, row: int, column: int, words: dict[State, str]) -> str:
    country, language = markup(found.countries[row]), markup(found.languages[column])
    share = found.shares[row][column]
    if share is None:
        return f"{country}, {language}: known by fewer than 1% or not listed"
    return f"{country}, {language}: known by {_percent(share)}%; {words[found.states[row][column]]}"


def matrix_in_words(found: Matrix, exact: bool) -> str:
    """The matrix for readers who do not see it."""
    words, sentences = state_words(exact), []
    for country, states, shares in zip(found.countries, found.states, found.shares, strict=True):
        parts = [
            f"{language} {_percent(share)}% ({words[state]})"
            for language, state, share in zip(found.languages, states, shares, strict=True)
            if share is not None
        ]
        sentences.append(f"{country}: {', '.join(parts) or 'none of the languages shown'}.")
    return " ".join(sentences)


def originals_figure(materials: pd.DataFrame, theme_type: theme.ThemeType) -> go.Figure:
    """A bar a language: originals, then translations. Labels stand above the bars, so that phones need no margin."""
    palette = theme.PALETTES[theme_type]
    shown = materials.head(MOST_BARS)
    rows = list(range(len(shown)))
    figure = go.Figure()
    hatched = {"shape": "/", "fillmode": "overlay", "fgcolor": palette.background, "size": 5}
    for column, colour, pattern in (("originals", palette.accent, {}), ("translations", palette.context, hatched)):
        figure.add_bar(
            x=shown[column].astype(float).tolist(),
            y=rows,
            orientation="h",
            width=0.34,
            marker={"color": colour, "pattern": pattern},
            hoverinfo="skip",
        )
    for row, item in zip(rows, table_rows(shown), strict=True):
        figure.add_annotation(
            x=0,
            y=row,
            xshift=-2,
            yshift=18,
            text=f"{_label(str(item.name), 40)}: <b>{int(item.originals):,}</b> original, "
            f"{int(item.translations):,} translated",
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


def originals_in_words(materials: pd.DataFrame) -> str:
    """The same for readers who do not see it."""
    return "; ".join(
        f"{visible(str(row.name))[:60]}: {int(row.originals):,} original, {int(row.translations):,} translated"
        for row in table_rows(materials.head(MOST_BARS))
    )
