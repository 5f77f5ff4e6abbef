"""The Data page's picture: what each check found, as bars from zero with their words above them."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.parts import theme
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.labels import Bold
from dashboard.subjects.data.words import Found
from dashboard.words.sentences import say

ROW_HEIGHT = 46


def quality_picture(checks: Sequence[Found], theme_type: theme.ThemeType) -> Picture:
    """One bar a check: the share of the events checked."""
    canvas = Canvas(theme_type, ROW_HEIGHT * len(checks) + 56, left=0, top=8)
    shares = [item.share for item in checks]
    said = [say("{label}: {shown}", label=item.label, shown=item.shown) for item in checks]
    keys = [item.check if item.events else "" for item in checks]
    canvas.bars(range(len(checks)), shares, horizontal=True, width=0.34, said=said, keys=keys)
    canvas.listed_above([(f"{item.label}: ", Bold(item.shown)) for item in checks], lift=8)
    most = max(shares, default=0.0) or 1.0
    canvas.x_axis(
        title="of the events checked",
        range=[0, min(1.0, most * 1.05)],
        tickformat=".0%" if most > 0.04 else ".1%",
        nticks=6,
        zeroline=False,
    )
    return canvas.picture(in_words(checks), _finding(checks))


def _finding(checks: Sequence[Found]) -> str:
    found = [item for item in checks if item.events]
    if not found:
        return "No check found anything to mend."
    most = max(found, key=lambda item: item.share)
    return say("{label} is the most frequent: {shown}.", label=most.label, shown=most.shown)


def in_words(checks: Sequence[Found]) -> str:
    """The figure for readers who do not see it."""
    return " ".join(
        say("{label}: {shown} of the events checked.", label=item.label, shown=item.shown) for item in checks
    )
