"""Trends as small multiples: one row a measure over one time axis, the period against what came before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.parts import findings, theme
from dashboard.parts.charts import DAYS, Canvas, Picture
from dashboard.parts.labels import Bold
from dashboard.parts.shapes import Aim, Panel, Value
from dashboard.words import numbers
from dashboard.words.sentences import say
from data_access.selection import Selection

ROW_HEIGHT, LABEL_HEIGHT, MARGINS = 104, 36, 64


def trend_picture(panels: Sequence[Panel], period_starts: date | None, theme_type: theme.ThemeType) -> Picture:
    """One row a panel. Before `period_starts` is grey, the period is ours, open spans are hatched or dotted."""
    height = ROW_HEIGHT * len(panels) + MARGINS
    canvas = Canvas(
        theme_type, height, right=12, top=30, rows=len(panels), gap=LABEL_HEIGHT, barmode="overlay", bargap=0.25
    )
    for row, panel in enumerate(panels, start=1):
        draw = _bars if panel.kind == "bar" else _line
        draw(canvas, panel, period_starts, row)
        _aims(canvas, panel, row)
        canvas.restyle(row, xperiod=f"M{panel.months}", xperiodalignment="middle")
        canvas.label(Bold(panel.label), f" {panel.unit}", row=row)
        shown_aims = _shown_aims(panel)
        if shown_aims:
            words = say("– – target: {value}", value=panel.shown(shown_aims[-1].value))
            canvas.label(words, xanchor="right", colour=canvas.palette.muted, size=12, row=row)
        values = [value for value in panel.values if value is not None]
        top = max([*values, *(aim.value for aim in shown_aims)], default=0) or 1
        labels = {0: "0", top: f"{panel.prefix}{numbers.compact(top)}"}
        canvas.y_axis(range=[0, top * 1.18], labels=labels, row=row)
    if period_starts is not None and panels and any(day < period_starts for day in panels[0].starts):
        canvas.rule(x=period_starts)
    canvas.x_axis(**DAYS, hoverformat="%B %Y", nticks=9, showspikes=False, ticklabelmode="period")
    canvas.layout(hovermode="x")
    return canvas.picture(in_words(panels), findings.of_panels(panels))


def boundary(panels: Sequence[Panel], selection: Selection) -> date | None:
    """Where the selection's period begins in the picture; None where nothing lies before it."""
    starts = min((panel.starts[0] for panel in panels if panel.starts), default=selection.period.start)
    return selection.period.start if starts < selection.period.start else None


def _shown_aims(panel: Panel) -> list[Aim]:
    """The targets whose time the picture shows some of, cut to it."""
    if not panel.starts:
        return []
    first, last = panel.starts[0], panel.starts[-1]
    cut = (Aim(max(aim.first, first), min(aim.last, last), aim.value) for aim in panel.aims)
    return sorted((aim for aim in cut if aim.first <= aim.last), key=lambda aim: aim.last)


def _aims(canvas: Canvas, panel: Panel, row: int) -> None:
    """A dashed line for each target, over its own time."""
    for aim in _shown_aims(panel):
        said = say("Target: {value}", value=panel.shown(aim.value))
        canvas.line(
            [aim.first.replace(day=1), aim.last],
            [aim.value, aim.value],
            colour=canvas.palette.text,
            width=1.5,
            dash="dash",
            said=[said, said],
            row=row,
        )


def _bars(canvas: Canvas, panel: Panel, period_starts: date | None, row: int) -> None:
    ours, before = canvas.palette.accent, canvas.palette.context
    canvas.bars(
        panel.starts,
        panel.values,
        name=panel.label,
        colour=[ours if period_starts is None or start >= period_starts else before for start in panel.starts],
        hatched=panel.open,
        said=_said(panel),
        keys=panel.keys,
        row=row,
    )


def _line(canvas: Canvas, panel: Panel, period_starts: date | None, row: int) -> None:
    """The line before the period and in it; both hold the point where the period begins."""
    first = next((i for i, start in enumerate(panel.starts) if period_starts is None or start >= period_starts), 0)
    closed = next((i for i, is_open in enumerate(panel.open) if is_open), len(panel.open))
    # Where all of the period is open, ours begins at the last closed point.
    first = min(first, max(closed - 1, 0))
    before, ours = slice(first + 1 if first else 0), slice(first, None)
    for part, colour in ((before, canvas.palette.context), (ours, canvas.palette.accent)):
        canvas.line(
            panel.starts[part],
            panel.values[part],
            name=panel.label,
            colour=colour,
            points=4,
            opened=panel.open[part],
            said=_said(panel)[part],
            keys=panel.keys[part],
            row=row,
        )


def _said(panel: Panel) -> list[str]:
    return [_value_said(panel, *each) for each in zip(panel.values, panel.open, strict=True)]


def _value_said(panel: Panel, value: Value, is_open: bool) -> str:
    if value is None and is_open:
        return say("{label}: not shown (still open)", label=panel.label)
    if value is None:
        return say("{label}: not shown", label=panel.label)
    if is_open:
        return say("{label}: {value} (still open)", label=panel.label, value=panel.shown(value))
    return say("{label}: {value}", label=panel.label, value=panel.shown(value))


def in_words(panels: Sequence[Panel]) -> str:
    """The figure for readers who do not see it: each measure's range and its latest full span."""
    sentences = []
    for panel in panels:
        known = [
            (start, value)
            for start, value, is_open in zip(panel.starts, panel.values, panel.open, strict=True)
            if value is not None and not is_open
        ]
        if not known:
            sentences.append(say("{label}: nothing to show.", label=panel.label))
            continue
        low, high = min(known, key=lambda pair: pair[1]), max(known, key=lambda pair: pair[1])
        last = known[-1]
        sentences.append(
            say(
                "{label} {unit}: from {low} ({low_month}) to {high} ({high_month}); {last} in {last_month}.",
                label=panel.label,
                unit=panel.unit,
                low=panel.shown(low[1]),
                low_month=numbers.month(low[0]),
                high=panel.shown(high[1]),
                high_month=numbers.month(high[0]),
                last=panel.shown(last[1]),
                last_month=numbers.month(last[0]),
            )
        )
        if shown_aims := _shown_aims(panel):
            sentences.append(
                say("Its target is {value} {unit}.", value=panel.shown(shown_aims[-1].value), unit=panel.unit)
            )
    return " ".join(sentences)
