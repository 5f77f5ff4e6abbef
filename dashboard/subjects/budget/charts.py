"""The budget's picture: money burnt month by month against an even pace, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.parts import theme
from dashboard.parts.charts import DAYS, Canvas, Picture
from dashboard.parts.shapes import Aim
from dashboard.words import numbers
from dashboard.words.sentences import say

# How much of the picture’s height a label takes.
LABEL_HEIGHT = 0.12


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the curve; `low` and `high` only where it is projected, `paid` only where it is shown separately."""

    day: date
    burnt: float
    plan: float | None
    paid: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""


def burn_picture(
    known: Sequence[Point],
    projected: Sequence[Point],
    budget: float | None,
    currency: str,
    what: str,
    theme_type: theme.ThemeType,
    aims: Sequence[Aim] = (),
) -> Picture:
    """Cumulative `what` (solid), its projection (dotted, with its range), the even pace, the budget and targets."""
    canvas = Canvas(theme_type, 380, right=16)
    palette, sign = canvas.palette, numbers.symbol(currency)
    everything = [*known, *projected]
    ahead = [*known[-1:], *projected] if projected else []
    if ahead:
        lows = [point.burnt if point.low is None else point.low for point in ahead]
        highs = [point.burnt if point.high is None else point.high for point in ahead]
        _line(canvas, "projected", ahead, [point.burnt for point in ahead], low=lows, high=highs, dash="dot")
    if budget is not None:
        pace = [point.plan for point in everything]
        _line(canvas, "Even pace", everything, pace, colour=palette.context, dash="dash", width=1.5)
        third = everything[len(everything) // 3]
        # On the side of the line where the money is not.
        above = third.plan is not None and third.plan >= third.burnt
        canvas.label(
            "even pace",
            x=third.day,
            y=third.plan,
            xanchor="right" if above else "left",
            yanchor="bottom" if above else "top",
            xshift=-6 if above else 6,
            yshift=2 if above else -4,
            colour=palette.muted,
            on_ground=True,
        )
        canvas.rule(y=budget, colour=palette.text, dash="solid")
        limit = say("budget {sign}{amount}", sign=sign, amount=numbers.compact(budget))
        canvas.label(limit, y=budget, yanchor="bottom")
    for aim in aims:
        target = say("target {sign}{amount}", sign=sign, amount=numbers.compact(aim.value))
        canvas.line(
            [aim.first, aim.last], [0, aim.value], colour=palette.text, width=1.5, dash="dashdot", said=[target, target]
        )
        canvas.label(target, x=aim.last, y=aim.value, xanchor="right", yanchor="bottom", size=12, on_ground=True)
    last = known[-1]
    top = max(budget or 0.0, *(max(point.burnt, point.plan or 0.0, point.high or 0.0) for point in everything))
    top = max([top, *(aim.value for aim in aims)])
    # Both lines open what was paid up to the day.
    keys = [point.day.isoformat() if point.paid else "" for point in known]
    if any(point.paid is not None for point in known) and what != "paid":
        _line(canvas, "paid", known, [point.paid for point in known], colour=palette.context, width=2, keys=keys)
        # Not where a target ends: in the middle there is room beside the line.
        taken = any(abs(aim.value - (last.paid or 0.0)) < top * LABEL_HEIGHT for aim in aims)
        named = known[len(known) // 2] if taken else last
        canvas.label(
            "paid", x=named.day, y=named.paid, xanchor="right", yanchor="top", xshift=-8, yshift=-2,
            colour=palette.muted, on_ground=True,
        )  # fmt: skip
    _line(canvas, what, known, [point.burnt for point in known], keys=keys)
    canvas.label(
        what, x=last.day, y=last.burnt, xanchor="right", yanchor="bottom", xshift=-8, yshift=4, colour=palette.accent,
        on_ground=True,
    )  # fmt: skip
    # Thousands in short; but no milli-dollars where there is little, and one tick where there is nothing.
    canvas.y_axis(tickprefix=sign, tickformat="~s" if top >= 1000 else ",.2~f", rangemode="tozero")
    if not top:
        canvas.y_axis(tickvals=[0])
    canvas.x_axis(**DAYS, range=[everything[0].day, everything[-1].day], nticks=8)
    aimed = [say("Target: {sign}{amount}.", sign=sign, amount=aim.value) for aim in aims]
    return canvas.picture(
        " ".join([*(say("{day}.", day=point.words) for point in everything), *aimed]), _finding(last, what, sign)
    )


def _finding(last: Point, what: str, sign: str) -> str:
    told = {"what": what, "sign": sign, "amount": last.burnt, "day": last.day, "plan": numbers.compact(last.plan or 0)}
    if last.plan is None:
        return say("{sign}{amount} {what} by {day}.", **told)
    if last.burnt > last.plan:
        return say("{sign}{amount} {what} by {day}, ahead of an even pace ({sign}{plan}).", **told)
    return say("{sign}{amount} {what} by {day}, within an even pace ({sign}{plan}).", **told)


def _line(canvas: Canvas, name: str, points: Sequence[Point], values: Sequence[float | None], **look: Any) -> None:
    days, words = [point.day for point in points], [point.words for point in points]
    canvas.line(days, values, name=name, said=words, **look)
