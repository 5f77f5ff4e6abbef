"""Retention's pictures: cohorts by months since, as a grid that is blank where a month is not over; a share's trend."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import findings, theme
from dashboard.parts.charts import DAYS, PERCENT, Canvas, Picture
from dashboard.parts.shapes import Dot, Series
from dashboard.parts.shares import highest, rows_in_words, share_dots, share_line
from dashboard.words.numbers import percent
from dashboard.words.sentences import MONTHS, Counted, say

ROW = 22
_COHORTS = Counted("{n} cohort", "{n} cohorts")


def grid_picture(
    cohorts: Sequence[str],
    months: Sequence[int],
    shares: Sequence[Sequence[float | None]],
    said: Sequence[Sequence[str]],
    theme_type: theme.ThemeType,
    keys: Sequence[Sequence[str]] = (),
) -> Picture:
    """A row a cohort (the newest last), a column a month since the first one; darker is more."""
    canvas = Canvas(theme_type, ROW * len(cohorts) + 130, top=56)
    # The cohort's own month is always all of it: colours are for the months after it.
    later = [value for values in shares for value in values if value is not None and value < 1]
    canvas.cells(
        shares,
        said,
        colours=theme.scale(theme.SEQUENTIAL if theme_type == "light" else theme.SEQUENTIAL[::-1]),
        top=max(later, default=1.0),
        x=[str(month) for month in months],
        y=cohorts,
        scale=True,
        keys=keys,
    )
    canvas.y_axis(autorange="reversed", type="category", showgrid=False, nticks=min(len(cohorts), 30))
    canvas.x_axis(title="months after the first contribution", type="category", tickangle=0, nticks=13)
    return canvas.picture(grid_in_words(cohorts, months, shares), _grid_finding(months, shares))


def _grid_finding(months: Sequence[int], shares: Sequence[Sequence[float | None]]) -> str:
    """Of a month that is after the first one, and that most cohorts have come to."""
    at = min(3, len(months) - 1)
    known = [row[at] for row in shares if at < len(row) and row[at] is not None] if at >= 0 else []
    values = [value for value in known if value is not None]
    if not values:
        return findings.NOTHING
    told = {"months": MONTHS(months[at]), "low": percent(min(values)), "high": percent(max(values))}
    return say("After {months}, {low} to {high} of a cohort contributed.", **told)


def grid_in_words(cohorts: Sequence[str], months: Sequence[int], shares: Sequence[Sequence[float | None]]) -> str:
    """The grid for readers who do not see it."""
    first = [row[0] for row in shares if row and row[0] is not None]
    if not first:
        return "No cell can be shown."
    return say(
        "{cohorts} from {first} to {last}, in the {columns} shown. After {months}: from {low} to {high}.",
        cohorts=_COHORTS(len(cohorts)),
        first=cohorts[0],
        last=cohorts[-1],
        columns=MONTHS(len(months)),
        months=MONTHS(months[0]),
        low=percent(min(first)),
        high=percent(max(first)),
    )


def quarters_picture(series: Series, theme_type: theme.ThemeType) -> Picture:
    """One share over the ends of quarters, with its interval."""
    canvas = Canvas(theme_type, 230, right=12, top=16)
    share_line(canvas, series, points=7)
    canvas.y_axis(**PERCENT, range=[0, min(1, highest([series]) * 1.15)], nticks=5)
    canvas.x_axis(**DAYS, nticks=9)
    return canvas.picture(rows_in_words([series]), findings.of_series([series]))


def activities_picture(dots: Sequence[Dot], theme_type: theme.ThemeType) -> Picture:
    """A row an activity: the share of the mission-driven among who does it, with its interval."""
    canvas = Canvas(theme_type, 40 * len(dots) + 40, left=10, right=12, top=12)
    share_dots(canvas, list(enumerate(dots)))
    canvas.listed_above([[dot.name] for dot in dots], lift=4)
    top = max((dot.high or 0 for dot in dots), default=1.0)
    canvas.x_axis(**PERCENT, range=[-0.02 * top, min(top * 1.08, 1.02)], showgrid=True, zeroline=True)
    return canvas.picture(" ".join(say("{said}.", said=dot.said) for dot in dots), findings.of_dots(dots))
