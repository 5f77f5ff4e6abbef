"""Figures as a reader sees them: what is drawn, over what, and in which colour; and their alternative in words."""

from __future__ import annotations

from datetime import date

from dashboard.parts.shapes import Panel
from dashboard.parts.theme import PALETTES
from dashboard.parts.trends import in_words, trend_picture
from dashboard.subjects.data.charts import quality_picture
from dashboard.subjects.data.words import Found

MONTHS = [date(2026, month, 1) for month in (6, 7, 8, 9)]
EVENTS = Panel("Events", "a month", "bar", MONTHS, [3, 5, 4, 1], [False, False, False, True])
ACTIVE = Panel("Active contributors", "at month’s end", "line", MONTHS, [9, None, 12, 10], [False, False, False, True])


def test_bars_begin_at_zero_and_the_period_stands_out_from_what_came_before() -> None:
    figure = trend_picture([EVENTS], date(2026, 8, 1), "light").figure
    bars = figure.data[0]
    palette = PALETTES["light"]
    assert list(bars.y) == [3, 5, 4, 1]
    assert list(bars.marker.color) == [palette.context, palette.context, palette.accent, palette.accent]
    assert figure.layout.yaxis.range[0] == 0


def test_an_open_month_is_hatched_or_dotted() -> None:
    figure = trend_picture([EVENTS, ACTIVE], date(2026, 8, 1), "light").figure
    assert list(figure.data[0].marker.pattern.shape) == ["", "", "", "/"]
    assert [trace.line.dash for trace in figure.data[1:]] == ["solid", "solid", "dot"]


def test_the_parts_of_a_line_lose_no_value_and_share_their_ends() -> None:
    parts = trend_picture([ACTIVE], date(2026, 8, 1), "dark").figure.data
    assert [list(part.y) for part in parts] == [[9, None, 12], [12], [12, 10]]


def test_a_value_that_may_not_be_shown_says_so() -> None:
    first = trend_picture([ACTIVE], None, "light").figure.data[0]
    assert first.customdata[1] == "Active contributors: not shown"


def test_the_figure_in_words_gives_its_range_and_its_latest_full_span() -> None:
    assert in_words([EVENTS]) == "Events a month: from 3 (June 2026) to 5 (July 2026); 4 in August 2026."


def test_all_values_open_or_missing_are_said() -> None:
    assert in_words([Panel("Paid", "a month", "bar", MONTHS[:1], [None], [False])]) == "Paid: nothing to show."


def test_checks_are_drawn_from_zero_with_their_words() -> None:
    figure = quality_picture([Found("unknown_place", "Unknown place", 5, 0.25, "Mend it.", 20)], "light").figure
    assert list(figure.data[0].x) == [0.25]
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.annotations[0].text == "Unknown place: <b>5 (25%)</b>"
