"""The Languages page's pictures: countries × languages, and the bars of originals against translations."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import short
from dashboard.parts.originals import OriginalsOf
from dashboard.subjects.languages import words
from dashboard.subjects.languages.words import MatrixState
from dashboard.words.sentences import say
from data_access.questions.languages.materials import MaterialsInLanguage

ROW_HEIGHT, HEADS = 42, 128
# Background and text of each state: they differ in lightness, and in the sign under the number.
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


def matrix_picture(found: words.Matrix, theme_type: theme.ThemeType, exact: bool) -> Picture:
    """A row a country, a column a language; each cell the share of inhabitants who know it, in per cent, and a sign."""
    colours, steps = _COLOURS[theme_type], len(MatrixState)
    canvas = Canvas(theme_type, ROW_HEIGHT * len(found.countries) + HEADS, left=4, right=4, top=4, bottom=4)
    columns, rows = range(len(found.languages)), range(len(found.countries))
    canvas.cells(
        [[state.value + 0.5 for state in row] for row in found.states],
        [[words.cell_words(found, row, column, exact) for column in columns] for row in rows],
        colours=[(edge / steps, colours[state][0]) for state in MatrixState for edge in (state.value, state.value + 1)],
        top=steps,
        told=found.shares,
        keys=_keys(found),
    )
    for row in rows:
        for column in columns:
            state, share = found.states[row][column], found.shares[row][column]
            if share is not None:
                text = f"{words.cell_number(share)}\n{words.SIGNS[state]}"
                canvas.label(text, x=column, y=row, xanchor="center", size=11.5, colour=colours[state][1])
    canvas.listed([_name(name, 14) for name in found.countries])
    canvas.y_axis(showline=False, showgrid=False)
    languages = {column: _name(found.languages[column], 17) for column in columns}
    canvas.x_axis(labels=languages, side="top", tickangle=-90, ticks="", showline=False, zeroline=False)
    canvas.x_axis(tickfont={"color": canvas.palette.text})
    return canvas.picture(words.matrix_in_words(found, exact), _finding(found))


def _keys(found: words.Matrix) -> list[list[str]]:
    """What names the events of each cell; nothing where none was held."""
    return [
        [f"{code}.{tag}" if state is MatrixState.HELD else "" for tag, state in zip(found.tags, line, strict=True)]
        for code, line in zip(found.codes, found.states, strict=True)
    ]


def _finding(found: words.Matrix) -> str:
    states = [state for row in found.states for state in row if state is not MatrixState.ABSENT]
    held, could = states.count(MatrixState.HELD), states.count(MatrixState.COULD)
    template = "{held} of {all} languages spoken there have an event; {could} more could, with members who speak them."
    return say(template, held=held, all=len(states), could=could)


def _name(name: str, most: int) -> str:
    """A long name without what it says in brackets, and cut if it is still too long."""
    whole = name.replace(" - ", "-")
    return short(whole if len(whole) <= most else whole.partition(" (")[0], most)


def originals_bars(materials: Sequence[MaterialsInLanguage]) -> list[OriginalsOf]:
    """A bar a language."""
    return [OriginalsOf(_name(row.name, 40), row.originals, row.translations, row.language) for row in materials]
