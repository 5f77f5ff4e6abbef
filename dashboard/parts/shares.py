"""Shares with their intervals, as dots in rows or as lines: what more than one subject draws."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import findings, theme
from dashboard.parts.charts import PERCENT, Canvas, Picture
from dashboard.parts.shapes import Dot, Series
from dashboard.words.sentences import say


def share_line(
    canvas: Canvas,
    series: Series,
    *,
    colour: str = "",
    points: float = 0,
    stairs: bool = False,
    interval: bool = True,
    row: int = 1,
) -> None:
    """Draw shares as a line over their intervals, dotted from the first open one on."""
    low, high = (series.low, series.high) if interval else ((), ())
    canvas.line(
        series.x,
        series.y,
        name=series.name,
        colour=colour,
        points=points,
        stairs=stairs,
        low=low,
        high=high,
        opened=series.open,
        said=series.said,
        keys=series.keys,
        row=row,
    )


def share_dots(canvas: Canvas, dots: Sequence[tuple[float, Dot]]) -> None:
    """Draw each dot in its row (y) over its interval; where a share may not be shown, its words stand instead."""
    accent, context = canvas.palette.accent, canvas.palette.context
    shown = [(row, dot) for row, dot in dots if dot.share is not None]
    canvas.dots(
        [dot.share for _, dot in shown],
        [row for row, _ in shown],
        colour=[context if dot.muted else accent for _, dot in shown],
        low=[dot.low or 0 for _, dot in shown],
        high=[dot.high or 0 for _, dot in shown],
        said=[dot.said for _, dot in shown],
        keys=[dot.key for _, dot in shown] if any(dot.key for _, dot in shown) else (),
    )
    others = [(row, dot) for row, dot in dots if dot.share is None]
    canvas.in_words([row for row, _ in others], [dot.said for _, dot in others], [dot.key for _, dot in others])


def curves_picture(rows: Sequence[Series], unit: str, theme_type: theme.ThemeType, *, stairs: bool = True) -> Picture:
    """Shares by days or months since a start, a line a group: stairs where each change has its own day."""
    canvas = Canvas(theme_type, 360, right=12, top=30, legend=len(rows) > 1)
    names = tuple(series.name for series in rows)
    alone = len(rows) == 1
    for series in rows:
        colour = "" if alone else theme.category_colour(series.name, names, theme_type)
        share_line(canvas, series, colour=colour, points=0 if stairs else 4, stairs=stairs, interval=alone)
    canvas.y_axis(**PERCENT, range=[0, min(1, highest(rows) * 1.1) or 1])
    canvas.x_axis(title=unit, rangemode="tozero", showgrid=True)
    return canvas.picture(rows_in_words(rows), findings.of_curves(rows, stairs=stairs))


def highest(rows: Sequence[Series]) -> float:
    """The highest share, or end of an interval; 1 where there is none."""
    return max((value for series in rows for value in (*series.y, *series.high) if value == value), default=1.0)


def rows_in_words(rows: Sequence[Series]) -> str:
    """Lines and curves for readers who do not see them: what each begins and ends with."""
    sentences = []
    for series in rows:
        known = [said for said, value in zip(series.said, series.y, strict=True) if value == value]
        if known:
            sentences.append(say("{name}: {first}; {last}.", name=series.name, first=known[0], last=known[-1]))
        else:
            sentences.append(say("{name}: nothing to show.", name=series.name))
    return " ".join(sentences) or "Nothing to show."
