"""Shares of people as dots with intervals, their trend, and the Lorenz curve of what members receive."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard.parts import findings, theme
from dashboard.parts.charts import DAYS, PERCENT, Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.parts.shapes import Dot, Series
from dashboard.parts.shares import share_dots, share_line
from dashboard.subjects.people import fair_words
from data_access.questions.people.fairness import FairShare, LorenzPoint

ROW_HEIGHT, MARGINS, LEGEND = 26, 64, 24
LONGEST_LABEL, LONGEST_HEADING = 26, 40
_OTHERS = ("diamond-open", "square-open", "triangle-up-open")


def dots_picture(dots: Sequence[Dot], others: Sequence[str], theme_type: theme.ThemeType) -> Picture:
    """A row a share, grouped under headings; `others` names the populations in `Dot.others`, drawn in grey shapes."""
    lines: list[Dot | str] = []
    for heading, group in groupby(dots, lambda dot: dot.heading):
        lines += [heading, *group]
    rows = [(row, line) for row, line in enumerate(lines) if isinstance(line, Dot)]
    references = [(row, dot.reference) for row, dot in rows if dot.reference is not None]
    legend = bool(others or references)
    canvas = Canvas(theme_type, ROW_HEIGHT * len(lines) + MARGINS + (LEGEND if legend else 0), legend=legend)
    palette = canvas.palette
    for number, name in enumerate(others):
        known = [(row, dot.others[number]) for row, dot in rows if number < len(dot.others)]
        symbol = _OTHERS[number % len(_OTHERS)]
        canvas.dots(*_xy(known), name=name, symbol=symbol, size=8, rim=1.5, colour=palette.context)
    if references:
        canvas.dots(
            *_xy(references), name="Population at large", symbol="line-ns-open", size=16, rim=2, colour=palette.text
        )
    share_dots(canvas, rows)
    for row, line in enumerate(lines):
        if isinstance(line, str):
            canvas.label(Bold(short(line, LONGEST_HEADING)), y=row, xshift=4)  # beside the axis, not on it
    ends = [dot.high or 0 for _, dot in rows if dot.share is not None]
    top = max([*ends, *(share for _, share in references), 0.1])
    canvas.x_axis(**PERCENT, range=[-0.01, min(top * 1.06, 1.02)], showgrid=True, zeroline=True)
    canvas.listed(["" if isinstance(line, str) else short(line.name, LONGEST_LABEL) for line in lines])
    canvas.y_axis(showgrid=False)
    return canvas.picture(dots_in_words(dots), findings.of_dots_against_others(dots))


def _xy(points: Sequence[tuple[int, float | None]]) -> tuple[list[float | None], list[int]]:
    return [value for _, value in points], [row for row, _ in points]


def dots_in_words(dots: Sequence[Dot]) -> str:
    """The dots for readers who do not see them."""
    return ". ".join(f"{dot.heading}, {dot.name}: {dot.said}" for dot in dots) + "."


def trend_picture(lines: Sequence[Series], theme_type: theme.ThemeType) -> Picture:
    """A line a value, with its interval as a band and its name at the end."""
    canvas = Canvas(theme_type, 320, right=110, top=12)
    among = tuple(line.name for line in lines)
    for line in lines:
        share_line(canvas, line, colour=theme.category_colour(line.name, among, theme_type), points=4)
        known = [at for at, share in enumerate(line.y) if share == share]
        if known:
            canvas.label(short(line.name, LONGEST_LABEL), x=line.x[known[-1]], y=line.y[known[-1]], xshift=8)
    every_day = [day for line in lines for day in line.x]
    canvas.y_axis(**PERCENT, rangemode="tozero")
    canvas.x_axis(**DAYS, range=[min(every_day), max(every_day)], nticks=6)
    return canvas.picture(
        " ".join(f"{line.name}: {'; '.join(line.said)}." for line in lines), findings.of_series(lines)
    )


def lorenz_picture(curve: Sequence[LorenzPoint], everyone: FairShare, of: str, theme_type: theme.ThemeType) -> Picture:
    """The Lorenz curve against the line of equal shares."""
    canvas = Canvas(theme_type, 320)
    people, amounts = [point.share_of_members for point in curve], [point.share_of_amount for point in curve]
    canvas.line([0, 1], [0, 1], colour=canvas.palette.context, width=1.5, dash="dot")
    said = [fair_words.lorenz_point(point, everyone) for point in curve]
    canvas.line(people, amounts, low=[0.0] * len(people), high=amounts, said=said)
    canvas.label("equal shares", x=0.36, y=0.44, xanchor="right", colour=canvas.palette.muted)
    canvas.x_axis(**PERCENT, title="members, least first", range=[0, 1])
    canvas.y_axis(**PERCENT, title=fair_words.LORENZ_AXIS[of], range=[0, 1.02])
    return canvas.picture(fair_words.lorenz_in_words(curve, everyone, of), fair_words.fair_sentence(everyone, of))
