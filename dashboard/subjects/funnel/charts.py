"""The funnel's pictures: steps as bars from the left, groups as dots with intervals, conversions over cohorts."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import findings, theme
from dashboard.parts.charts import DAYS, PERCENT, Canvas, Picture
from dashboard.parts.labels import Bold
from dashboard.parts.shapes import Dot, FunnelBar, Series
from dashboard.parts.shares import rows_in_words, share_dots, share_line
from dashboard.words.sentences import say

STEP, GROUP, COHORTS = 76, 42, 168


def steps_picture(stages: Sequence[FunnelBar], theme_type: theme.ThemeType) -> Picture:
    """A bar a step, as long as its people, with what is said of it above; still-open people hatched behind it."""
    canvas = Canvas(theme_type, STEP * len(stages) + 32, left=4, right=4, top=8, bottom=4, barmode="stack")
    grey = canvas.palette.context
    for name, amounts, said, colour, keys in (
        (
            "People",
            [stage.people for stage in stages],
            [stage.said for stage in stages],
            canvas.palette.accent,
            [stage.key if stage.people else "" for stage in stages],
        ),
        (
            "Still have time",
            [stage.open for stage in stages],
            [stage.open_said for stage in stages],
            grey,
            [f"{stage.key}.open" if stage.open else "" for stage in stages],
        ),
    ):
        canvas.bars(
            range(len(stages)),
            amounts,
            name=name,
            colour=colour,
            horizontal=True,
            width=0.55,
            hatched=[colour == grey] * len(stages),
            said=said,
            keys=keys,
        )
    canvas.listed_above([[Bold(stage.name)] for stage in stages], lift=24)
    for row, stage in enumerate(stages):
        canvas.label(
            stage.said, y=row, xanchor="right", yanchor="bottom", yshift=24, size=12, colour=canvas.palette.muted
        )
    most = max((stage.people + stage.open for stage in stages), default=0)
    canvas.x_axis(visible=False, range=[0, max(most, 1)])
    return canvas.picture(steps_in_words(stages), _steps_finding(stages))


def _steps_finding(stages: Sequence[FunnelBar]) -> str:
    if not stages:
        return findings.NOTHING
    first, last = stages[0], stages[-1]
    # People, and their share of the start: what follows is in the picture.
    said, last_said = (", ".join(stage.said.split(" · ")[:2]) for stage in (first, last))
    return say(
        "{first}: {said}. {last}: {last_said}.", first=first.name, said=said, last=last.name, last_said=last_said
    )


def steps_in_words(stages: Sequence[FunnelBar]) -> str:
    """The bars for readers who do not see them."""
    return " ".join(say("{step}: {said}.", step=stage.name, said=stage.said) for stage in stages)


def dots_picture(dots: Sequence[Dot], reference: float | None, unit: str, theme_type: theme.ThemeType) -> Picture:
    """A row a group: its share as a dot, its interval as a line; everybody's share as a dotted line."""
    canvas = Canvas(theme_type, GROUP * len(dots) + 76, right=16, top=8)
    share_dots(canvas, list(enumerate(dots)))
    if reference is not None:
        canvas.rule(x=reference)
    canvas.listed_above([[dot.name] for dot in dots], lift=5)
    canvas.x_axis(**PERCENT, range=[0, 1.02], title=unit, showgrid=True, nticks=6)
    return canvas.picture(dots_in_words(dots), findings.of_dots(dots))


def dots_in_words(dots: Sequence[Dot]) -> str:
    """The dots for readers who do not see them."""
    return " ".join(say("{said}.", said=dot.said) for dot in dots) or "No group can be shown."


def cohorts_picture(rows: Sequence[Series], theme_type: theme.ThemeType) -> Picture:
    """A row a conversion over cohorts, with intervals; from the first cohort that is still open, dotted."""
    canvas = Canvas(theme_type, COHORTS * len(rows) + 30, right=12, top=30, rows=len(rows), gap=42)
    for row, series in enumerate(rows, start=1):
        share_line(canvas, series, points=7, row=row)
        canvas.label(Bold(series.name), row=row)
    canvas.y_axis(**PERCENT, range=[0, 1], tickvals=[0, 0.5, 1])
    canvas.x_axis(**DAYS, nticks=9)
    return canvas.picture(rows_in_words(rows), findings.of_series(rows))
