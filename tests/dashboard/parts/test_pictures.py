"""Pictures as rows, what they show in a sentence, and notes on their time line."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.parts import findings
from dashboard.parts.charts import Canvas, Picture
from dashboard.parts.shapes import HELD, Dot, Panel, Series
from dashboard.parts.time_notes import with_notes
from dashboard.parts.trends import trend_picture
from data_access.questions.impact.time_notes import TimeNote

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)
MONTHS = [date(2026, month, 1) for month in (3, 4, 5)]


def events(values: list[float | None], opened: tuple[bool, bool, bool] = (False, False, False)) -> Panel:
    return Panel("Events", "a month", "bar", MONTHS, values, opened, opens=HELD)


def test_a_picture_is_also_a_table_of_what_was_drawn() -> None:
    canvas = Canvas("light", 200)
    canvas.bars([0, 1], [3, 5], name="Events", horizontal=True, said=["three", "five"], keys=["de", ""])
    canvas.listed_above([["Germany"], ["France"]], lift=4)
    picture = canvas.picture("", "")
    assert picture.table().values.tolist() == [["Events", "Germany", 3, "three"], ["Events", "France", 5, "five"]]
    assert list(picture.table()) == ["series", "at", "value", "said"]
    assert picture.openable() == {"de": "Germany: three"}


def test_a_grid_is_a_table_of_its_values_not_of_their_colours() -> None:
    canvas = Canvas("light", 200)
    cells: dict[str, Any] = {"told": [[7, None]], "keys": [["a", ""]], "colours": [(0, "#fff"), (1, "#000")], "top": 2}
    canvas.cells([[1.5, 0.5]], [["seven", ""]], **cells)
    canvas.listed(["Kenya"])
    canvas.x_axis(labels={0: "Swahili", 1: "English"})
    picture = canvas.picture("", "")
    assert picture.table().values.tolist() == [["Kenya", "Swahili", 7, "seven"]]
    # Plotly lets no cell be chosen: a point that is not seen stands over it.
    _, over = picture.figure.data
    assert (list(over.x), list(over.y), over.marker.opacity, over.customdata[0][0]) == ([0], [0], 0, "a")


def test_the_two_parts_of_a_line_are_told_once() -> None:
    picture = trend_picture([Panel("Active", "", "line", MONTHS, [1, 2, 3], [False] * 3)], MAY, "light")
    assert [mark.value for mark in picture.marks()] == [1, 2, 3]


def test_a_trend_says_what_it_came_to_against_the_year_before() -> None:
    assert (
        findings.of_panels([events([4, 6, 2], (False, False, True))])
        == "Events: 6 in April 2026, up from 4 in March 2026."
    )
    quarters = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
    year = Panel("Events", "", "bar", quarters, [9, 1, 1, 1, 6], [False] * 5)
    assert findings.of_panels([year]) == "Events: 6 in first quarter of 2026, down from 9 a year before."
    assert findings.of_panels([events([None, None, None])]) == findings.NOTHING


def test_groups_are_ranked_only_where_their_intervals_do_not_meet() -> None:
    apart = [Dot("North", 0.8, 0.7, 0.9), Dot("South", 0.2, 0.1, 0.3), Dot("Not said", 0.9, 0.8, 1, muted=True)]
    assert findings.of_dots(apart) == "North is highest at 80%, South lowest at 20%."
    near = [Dot("North", 0.5, 0.3, 0.7), Dot("South", 0.4, 0.2, 0.6)]
    assert findings.of_dots(near) == "No group stands apart: from 40% to 50%, and their intervals meet."


def test_a_share_changed_only_where_its_intervals_do_not_meet() -> None:
    series = Series("Came back", MONTHS, [0.2, 0.4, 0.6], [0.1, 0.3, 0.5], [0.3, 0.5, 0.7], ["", "", ""])
    assert findings.of_series([series]) == "Came back rose from 20% to 60%."
    wide = Series("Came back", MONTHS, [0.2, 0.4, 0.6], [0.1, 0.1, 0.2], [0.3, 0.7, 0.9], ["", "", ""])
    assert findings.of_series([wide]).startswith("Came back: 60%; no change that stands out")


def noted(picture: Picture, *notes: tuple[date, str]) -> Picture:
    return with_notes(picture, [TimeNote(*note) for note in notes], "light")


def test_a_note_is_a_line_with_a_label_and_stands_in_the_words_and_the_table() -> None:
    plain = trend_picture([events([4, 6, 2]), events([1, 1, 1])], None, "light")
    early, late = (date(2026, 2, 28), "Too early"), (date(2026, 6, 1), "Too late")
    picture = noted(plain, early, (date(2026, 4, 15), "New <b>travel</b> policy"), (date(2026, 5, 30), "In May"), late)
    added = picture.figure.layout.shapes[len(plain.figure.layout.shapes) :]
    # One in each of the two panels; the last bar stands for all of May.
    assert [shape.x0 for shape in added] == ["2026-04-15", "2026-04-15", "2026-05-30", "2026-05-30"]
    assert picture.figure.layout.annotations[-2].text == "New &lt;b&gt;travel&lt;/b&gt; policy"
    assert "Note on 15 April 2026: New <b>travel</b> policy. Note on 30 May 2026: In May." in picture.alt
    assert [mark.series for mark in picture.marks()][-2:] == ["Notes", "Notes"]


def test_quarters_and_years_that_are_names_take_notes_too_and_other_names_do_not() -> None:
    for names, place in ((["2026 Q1", "2026-Q2"], "2026-Q2"), (["2025", "2026"], "2026"), (["Q2 2026"], "Q2 2026")):
        canvas = Canvas("light", 200)
        canvas.bars(names, [1] * len(names))
        assert noted(canvas.picture("", ""), (date(2026, 5, 4), "x")).figure.layout.shapes[0].x0 == place
    canvas = Canvas("light", 200)
    canvas.bars(["Docs", "2026"], [1, 2])
    assert not noted(canvas.picture("", ""), (date(2026, 5, 4), "x")).figure.layout.shapes
