"""The chart kit: a canvas has the look and size requested, and no text drawn on it is markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.parts.charts import Canvas
from dashboard.parts.labels import Bold, escaped, parts_of, short
from dashboard.parts.shapes import Dot, Panel, Series
from dashboard.parts.shares import curves_picture, share_dots
from dashboard.parts.theme import PALETTES, ThemeType, faint, template
from dashboard.parts.trends import trend_picture

RTL = "\u202e"
HOSTILE = f'<img src=x onerror=alert(1)><a href="javascript:alert(1)">{RTL}R&D</a>'
ESCAPED = (
    "&lt;img src=x onerror=alert(1)&gt;&lt;a href=&#34;javascript:alert(1)&#34;&gt;R&amp;D&lt;/a&gt;"  # as Plotly reads
)
DAYS = [date(2026, month, 1) for month in (1, 2, 3)]

DRAWN: dict[str, Callable[[Canvas], object]] = {
    "the name of bars": lambda canvas: canvas.bars([0], [1], name=HOSTILE),
    "a category": lambda canvas: canvas.bars([HOSTILE], [1]),
    "a text at a bar": lambda canvas: canvas.bars([0], [1], texts=[HOSTILE]),
    "a bar's hover box": lambda canvas: canvas.bars([0], [1], said=[HOSTILE]),
    "a bar's hover box next to its key": lambda canvas: canvas.bars([0], [1], said=[HOSTILE], keys=["core"]),
    "the name of a line": lambda canvas: canvas.line([0, 1], [0, 1], name=HOSTILE),
    "a line's hover box": lambda canvas: canvas.line([0], [1], said=[HOSTILE]),
    "the name of dots": lambda canvas: canvas.dots([0], [1], name=HOSTILE),
    "a dot's hover box": lambda canvas: canvas.dots([0], [1], said=[HOSTILE]),
    "a cell's hover box": lambda canvas: canvas.cells([[1]], [[HOSTILE]], colours=[(0, "#fff"), (1, "#000")], top=1),
    "a column of cells": lambda canvas: canvas.cells(
        [[1]], [[""]], colours=[(0, "#fff"), (1, "#000")], top=1, x=[HOSTILE]
    ),
    "a row of cells": lambda canvas: canvas.cells(
        [[1]], [[""]], colours=[(0, "#fff"), (1, "#000")], top=1, y=[HOSTILE]
    ),
    "a label": lambda canvas: canvas.label(HOSTILE, x=0, y=0),
    "the bold part of a title": lambda canvas: canvas.label(Bold(HOSTILE)),
    "the title of an axis": lambda canvas: canvas.x_axis(title=HOSTILE),
    "a tick": lambda canvas: canvas.y_axis(labels={0: HOSTILE}),
    "a tick in Plotly's words": lambda canvas: canvas.y_axis(tickvals=[0], ticktext=[HOSTILE]),
    "what stands before ticks": lambda canvas: canvas.y_axis(tickprefix=HOSTILE),
    "what stands after ticks": lambda canvas: canvas.y_axis(ticksuffix=HOSTILE),
    "an entry of a list": lambda canvas: canvas.listed([HOSTILE]),
    "an entry of a list above its mark": lambda canvas: canvas.listed_above([[HOSTILE]], lift=8),
    "a dot that is not shown": lambda canvas: share_dots(canvas, [(0, Dot("", None, None, None, HOSTILE))]),
}


def strings(part: Any) -> Iterator[str]:
    """Every text in a figure, whatever it is for."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from strings(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from strings(value)


def texts(figure: go.Figure) -> list[str]:
    return list(strings(json.loads(figure.to_json())))


@pytest.mark.parametrize("what", DRAWN)
def test_text_from_data_is_text_wherever_it_is_drawn(what: str) -> None:
    canvas = Canvas("light", 200)
    DRAWN[what](canvas)
    found = texts(canvas.picture("", "").figure)
    assert any(ESCAPED in text for text in found), "the text is not in the figure"
    assert not [text for text in found if "<img" in text or "<a " in text or RTL in text]


def test_shared_pictures_escape_what_they_name() -> None:
    panel = Panel(HOSTILE, HOSTILE, "line", DAYS, [1, 2, 3], [False] * 3, HOSTILE)
    series = Series(HOSTILE, [0, 1, 2], [0.1, 0.2, 0.3], [0.0] * 3, [0.4] * 3, [HOSTILE] * 3)
    for picture in (trend_picture([panel], None, "light"), curves_picture([series], HOSTILE, "light")):
        found = texts(picture.figure)
        assert not [text for text in found if "<img" in text or "<a " in text or RTL in text]
        assert RTL not in picture.alt


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_canvas_has_the_look_and_the_size_it_was_asked_for(look: ThemeType) -> None:
    """And nothing on it can be zoomed away while a page is scrolled."""
    layout = Canvas(look, 321, left=1, right=2, top=3, bottom=4).picture("", "").figure.layout
    assert layout.template == template(look)
    assert (layout.height, layout.margin.l, layout.margin.r, layout.margin.t, layout.margin.b) == (321, 1, 2, 3, 4)
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange


def test_panels_stand_as_many_pixels_apart_as_asked() -> None:
    layout = Canvas("light", 232, top=24, bottom=8, rows=3, gap=20).picture("", "").figure.layout
    assert (layout.yaxis.domain[0] - layout.yaxis2.domain[1]) * 200 == pytest.approx(20)
    assert layout.xaxis3.showticklabels is None
    assert layout.xaxis.showticklabels is False


def test_only_bold_parts_and_line_breaks_have_an_effect() -> None:
    assert escaped("a\n", Bold("<b>"), " & c") == "a<br><b>&lt;b&gt;</b> &amp; c"


def test_a_long_text_is_one_line_that_fits() -> None:
    assert short(f"one\n two{RTL}", 7) == "one two"
    assert short("one two three", 7) == "one tw…"


def test_a_mark_without_a_name_is_not_in_the_legend_and_one_without_words_has_no_hover_box() -> None:
    canvas = Canvas("light", 200, legend=True)
    canvas.dots([0], [0])
    canvas.dots([0], [0], name="Members", said=["one"])
    silent, named = canvas.picture("", "").figure.data
    assert (silent.showlegend, silent.hoverinfo) == (False, "skip")
    assert (named.showlegend, named.hovertemplate) == (True, "%{customdata}<extra></extra>")


def test_bars_from_a_start_have_a_length_that_can_be_seen() -> None:
    """A range of one number is a thin bar, nothing is no bar, and days are milliseconds."""
    canvas = Canvas("light", 200)
    canvas.bars([0, 1, 2], [9, 5, 0], starts=[5, 5, 0])
    canvas.bars([0], [DAYS[1]], starts=[DAYS[0]], horizontal=True)
    ranges, days = canvas.picture("", "").figure.data
    assert (list(ranges.base), list(ranges.y)) == ([5, 5, 0], [4, 0.4, 0])
    assert (list(days.base), list(days.x)) == (["2026-01-01"], [31 * 86_400_000])


def test_a_text_inside_a_bar_is_light_on_dark_and_dark_on_light() -> None:
    canvas = Canvas("dark", 200)
    canvas.bars([0, 1], [1, 1], colour=["#08519c", "#eff3ff"], texts=["a", "b"], inside=True)
    canvas.bars([0], [1], colour="#08519c", texts=["a"], inside=True)
    pair, single = canvas.picture("", "").figure.data
    assert list(pair.textfont.color) == ["#ffffff", PALETTES["light"].text]
    assert list(single.textfont.color) == ["#ffffff"]


def test_hatching_and_colours_are_those_of_the_look() -> None:
    canvas = Canvas("dark", 200)
    canvas.bars([0, 1], [1, 2], hatched=[False, True])
    marker = canvas.picture("", "").figure.data[0].marker
    assert marker.color == PALETTES["dark"].accent
    assert list(marker.pattern.shape) == ["", "/"]
    assert marker.pattern.fgcolor == PALETTES["dark"].background


def test_a_line_is_dotted_and_hollow_from_its_first_open_value_on() -> None:
    """A line of which all is open is drawn too."""
    canvas = Canvas("light", 200)
    canvas.line(DAYS, [1, 2, 3], points=4, opened=[False, True, True])
    canvas.line(DAYS[:1], [1], points=4, opened=[True])
    closed, opened, alone = canvas.picture("", "").figure.data
    palette = PALETTES["light"]
    assert [list(part.y) for part in (closed, opened, alone)] == [[1], [1, 2, 3], [1]]
    assert [part.line.dash for part in (closed, opened, alone)] == ["solid", "dot", "dot"]
    assert list(opened.marker.color) == [palette.accent, palette.background, palette.background]


def test_an_interval_lies_under_its_line_where_it_is_known() -> None:
    canvas = Canvas("light", 200)
    missing = float("nan")
    canvas.line([0, 1, 2], [0.2, missing, 0.4], low=[0.1, missing, 0.3], high=[0.3, missing, 0.5])
    low, high, line = canvas.picture("", "").figure.data
    assert [list(low.y), list(high.y)] == [[0.1, 0.3], [0.3, 0.5]]
    assert (high.fill, high.fillcolor) == ("tonexty", faint(PALETTES["light"].accent))
    assert list(line.x) == [0, 1, 2]


def test_dots_carry_the_distances_to_the_ends_of_their_intervals() -> None:
    canvas = Canvas("light", 200)
    canvas.dots([0.5], [0], low=[0.25], high=[1.0])
    interval = canvas.picture("", "").figure.data[0].error_x
    assert (list(interval.arrayminus), list(interval.array)) == ([0.25], [0.5])


def test_a_label_without_a_place_is_its_panels_title_and_one_without_x_stands_at_the_edge() -> None:
    canvas = Canvas("light", 200, rows=2, gap=20)
    canvas.label(Bold("Events"), " a month", row=2)
    canvas.label("117", y=3, xanchor="right")
    title, edge = canvas.picture("", "").figure.layout.annotations
    assert (title.text, title.x, title.xref, title.y, title.yref) == (
        "<b>Events</b> a month",
        0,
        "x2 domain",
        1,
        "y2 domain",
    )
    assert (edge.x, edge.xref, edge.y, edge.yref) == (1, "x domain", 3, "y")


def test_the_alternative_holds_no_characters_that_turn_the_reading_direction() -> None:
    assert Canvas("light", 200).picture(f"one{RTL} two", "").alt == "one two"


def test_a_sentence_in_parts_keeps_its_bold_value() -> None:
    parts = parts_of("{name}: {n} of {all}", name="<i>", n=Bold("3"), all="5")
    assert escaped(*parts) == "&lt;i&gt;: <b>3</b> of 5"
