"""The Languages page's pictures: countries × languages, and originals against translations."""

from __future__ import annotations

import pandas as pd

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.subjects.languages.words import MOST_BARS, SIGNS, Matrix, State
from dashboard.subjects.languages.words import rows as table_rows
from dashboard.words.text import visible

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


def matrix_picture(found: Matrix, theme_type: theme.ThemeType, exact: bool) -> Picture:
    """A row a country, a column a language; each cell the share of inhabitants who know it, in per cent, and a sign."""
    colours, words, steps = _COLOURS[theme_type], state_words(exact), len(State)
    canvas = Canvas(theme_type, ROW_HEIGHT * len(found.countries) + HEADS, left=4, right=4, top=4, bottom=4)
    columns, rows = range(len(found.languages)), range(len(found.countries))
    canvas.cells(
        [[state.value + 0.5 for state in row] for row in found.states],
        [[_hover(found, row, column, words) for column in columns] for row in rows],
        colours=[(edge / steps, colours[state][0]) for state in State for edge in (state.value, state.value + 1)],
        top=steps,
    )
    for row in rows:
        for column in columns:
            state, share = found.states[row][column], found.shares[row][column]
            if share is not None:
                text = f"{_percent(share)}\n{SIGNS[state]}"
                canvas.label(text, x=column, y=row, xanchor="center", size=11.5, colour=colours[state][1])
    canvas.listed([_name(name, 14) for name in found.countries])
    canvas.y_axis(showline=False, showgrid=False)
    languages = {column: _name(found.languages[column], 17) for column in columns}
    canvas.x_axis(labels=languages, side="top", tickangle=-90, ticks="", showline=False, zeroline=False)
    canvas.x_axis(tickfont={"color": canvas.palette.text})
    return canvas.picture(matrix_in_words(found, exact))


def _name(name: str, most: int) -> str:
    """A long name without what it says in brackets, and cut if it is still too long."""
    whole = name.replace(" - ", "-")
    return short(whole if len(whole) <= most else whole.partition(" (")[0], most)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}" if share >= 0.0095 else "<1"


def _hover(found: Matrix, row: int, column: int, words: dict[State, str]) -> str:
    where, share = f"{found.countries[row]}, {found.languages[column]}", found.shares[row][column]
    if share is None:
        return f"{where}: known by fewer than 1% or not listed"
    return f"{where}: known by {_percent(share)}%; {words[found.states[row][column]]}"


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


def originals_picture(materials: pd.DataFrame, theme_type: theme.ThemeType) -> Picture:
    """A bar a language: originals, then translations (hatched)."""
    shown = materials.head(MOST_BARS)
    canvas = Canvas(theme_type, 46 * len(shown) + 56, left=0, top=8, barmode="stack")
    for column, colour in (("originals", canvas.palette.accent), ("translations", canvas.palette.context)):
        canvas.bars(
            range(len(shown)),
            shown[column].astype(float).tolist(),
            colour=colour,
            horizontal=True,
            width=0.34,
            hatched=[column == "translations"] * len(shown),
        )
    labels = [
        (f"{_name(str(row.name), 40)}: ", Bold(f"{int(row.originals):,}"), " original, ",
         f"{int(row.translations):,} translated")
        for row in table_rows(shown)
    ]  # fmt: skip
    canvas.listed_above(labels, lift=8)
    canvas.x_axis(title="materials", nticks=6, zeroline=False, rangemode="tozero")
    return canvas.picture(originals_in_words(shown))


def originals_in_words(materials: pd.DataFrame) -> str:
    """The same for readers who do not see it."""
    return "; ".join(
        f"{visible(str(row.name))[:60]}: {int(row.originals):,} original, {int(row.translations):,} translated"
        for row in table_rows(materials)
    )
