"""The Materials page's pictures: topics × languages or regions, and the share that comes from the country itself."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import findings, theme
from dashboard.parts.charts import PERCENT, Canvas, Picture
from dashboard.parts.labels import short
from dashboard.parts.shapes import Dot
from dashboard.parts.shares import share_dots
from dashboard.subjects.materials import words
from dashboard.words.numbers import number
from dashboard.words.sentences import EVENTS, say

ROW_HEIGHT, HEADS = 30, 120
LONGEST_TOPIC, LONGEST_COLUMN = 18, 17
# From nothing to the most: they differ in lightness, and each cell has its number.
_SCALE: dict[theme.ThemeType, tuple[str, ...]] = {
    "light": ("#f7f8fa", "#dbe9f6", "#9ecae1", "#4292c6", "#08519c"),
    "dark": ("#151d28", "#173a5e", "#1f5a91", "#4292c6", "#9ecae1"),
}


def grid_picture(found: words.TopicGrid, theme_type: theme.ThemeType) -> Picture:
    """A row a topic, a column a language or region; each cell the number of events."""
    canvas = Canvas(theme_type, ROW_HEIGHT * len(found.topics) + HEADS, left=4, right=4, top=4, bottom=4)
    scale = _SCALE[theme_type]
    steps, bands = len(scale), words.bands(found, len(scale))
    columns, rows = range(len(found.columns)), range(len(found.topics))
    canvas.cells(
        [[band + 0.5 for band in row] for row in bands],
        [
            [words.cell_said(found.topics[row], found.columns[at], found.events[row][at]) for at in columns]
            for row in rows
        ],
        colours=[(edge / steps, colour) for step, colour in enumerate(scale) for edge in (step, step + 1)],
        top=steps,
        told=found.events,
        keys=found.keys,
    )
    for row in rows:
        for column in columns:
            ink = theme.text_on(scale[bands[row][column]])
            canvas.label(number(found.events[row][column]), x=column, y=row, xanchor="center", size=11.5, colour=ink)
    canvas.listed([short(name, LONGEST_TOPIC) for name in found.topics])
    canvas.y_axis(showline=False, showgrid=False)
    heads = {column: short(found.columns[column], LONGEST_COLUMN) for column in columns}
    canvas.x_axis(labels=heads, side="top", tickangle=-90, ticks="", showline=False, zeroline=False)
    canvas.x_axis(tickfont={"color": canvas.palette.text})
    return canvas.picture(words.grid_in_words(found), _grid_finding(found))


def _grid_finding(found: words.TopicGrid) -> str:
    most = found.most
    if not most:
        return findings.NOTHING
    cells = ((row, at) for row in range(len(found.topics)) for at in range(len(found.columns)))
    row, at = next(cell for cell in cells if found.events[cell[0]][cell[1]] == most)
    return say(
        "Most often: {topic}, {where}: {events}.", topic=found.topics[row], where=found.columns[at], events=EVENTS(most)
    )


def context_picture(dots: Sequence[Dot], theme_type: theme.ThemeType) -> Picture:
    """A row an audience: the share of what comes from its own country, over its interval."""
    canvas = Canvas(theme_type, 26 * len(dots) + 60)
    share_dots(canvas, list(enumerate(dots)))
    canvas.x_axis(**PERCENT, range=[-0.01, 1.02], showgrid=True, zeroline=True)
    canvas.listed([short(dot.name, 26) for dot in dots])
    canvas.y_axis(showgrid=False)
    return canvas.picture("; ".join(dot.said for dot in dots) + ".", findings.of_dots(dots))
