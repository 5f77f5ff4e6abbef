"""The budget's picture: money burnt month by month against an even pace, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from dashboard.parts import theme
from dashboard.words import numbers


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the curve; `low` and `high` only where it is projected, `paid` only where it is told apart."""

    day: date
    burnt: float
    plan: float | None
    paid: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""


def burn_figure(
    known: Sequence[Point],
    projected: Sequence[Point],
    budget: float | None,
    currency: str,
    what: str,
    theme_type: theme.ThemeType,
) -> go.Figure:
    """Cumulative `what` (a solid line), its projection (dotted, with its range), the even pace and the budget."""
    palette = theme.PALETTES[theme_type]
    figure = go.Figure()
    everything = [*known, *projected]
    ahead = [*known[-1:], *projected] if projected else []
    if ahead:
        lows = [point.burnt if point.low is None else point.low for point in ahead]
        highs = [point.burnt if point.high is None else point.high for point in ahead]
        days = _days(ahead)
        figure.add_trace(
            go.Scatter(
                name="95% range",
                x=[*days, *reversed(days)],
                y=[*highs, *reversed(lows)],
                mode="lines",
                fill="toself",
                fillcolor=_faint(palette.accent),
                line={"width": 0},
                hoverinfo="skip",
            )
        )
    if budget is not None:
        figure.add_trace(
            _line("Even pace", everything, [point.plan for point in everything], palette.context, "dash", width=1.5)
        )
        figure.add_hline(y=budget, line={"color": palette.text, "width": 1})
        figure.add_annotation(
            x=0,
            xref="paper",
            y=budget,
            text=f"budget {numbers.symbol(currency)}{numbers.compact(budget)}",
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"color": palette.text},
        )
        half = everything[len(everything) // 3]
        figure.add_annotation(
            x=half.day.isoformat(),
            y=half.plan,
            text="even pace",
            xanchor="left",
            yanchor="top",
            xshift=6,
            yshift=-4,
            showarrow=False,
            font={"color": palette.muted},
        )
    if any(point.paid is not None for point in known) and what != "paid":
        paid = _line("paid", known, [point.paid for point in known], palette.context, "solid", width=2)
        figure.add_trace(paid)
        _label(figure, known[-1], known[-1].paid, "paid", palette.muted, below=True)
    if ahead:
        figure.add_trace(_line("projected", ahead, [point.burnt for point in ahead], palette.accent, "dot"))
    figure.add_trace(_line(what, known, [point.burnt for point in known], palette.accent, "solid"))
    _label(figure, known[-1], known[-1].burnt, what, palette.accent, below=False)
    figure.update_yaxes(tickprefix=numbers.symbol(currency), tickformat="~s", rangemode="tozero")
    figure.update_xaxes(
        range=[everything[0].day.isoformat(), everything[-1].day.isoformat()], tickformat="%b\n%Y", nticks=8
    )
    figure.update_layout(
        template=theme.template(theme_type),
        height=380,
        hovermode="closest",
        margin={"l": 8, "r": 16, "t": 24, "b": 8},
    )
    return figure


def _days(points: Sequence[Point]) -> list[str]:
    return [point.day.isoformat() for point in points]


def _line(
    name: str, points: Sequence[Point], values: Sequence[float | None], colour: str, dash: str, width: float = 2.5
) -> go.Scatter:
    return go.Scatter(
        name=name,
        x=_days(points),
        y=list(values),
        mode="lines",
        line={"color": colour, "width": width, "dash": dash},
        customdata=[point.words for point in points],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _label(figure: go.Figure, point: Point, value: float | None, text: str, colour: str, *, below: bool) -> None:
    figure.add_annotation(
        x=point.day.isoformat(),
        y=value,
        text=text,
        xanchor="right",
        yanchor="top" if below else "bottom",
        xshift=-8,
        yshift=-2 if below else 4,
        showarrow=False,
        font={"color": colour},
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"
