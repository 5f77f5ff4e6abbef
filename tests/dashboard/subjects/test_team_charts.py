"""The pictures of teams as seen: names, x, y, and words that never act."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.subjects.teams import charts

LINKS = pd.DataFrame(
    {
        "circle": ["Berlin"] * 4,
        "person_key": ["a", "b", "c", "d"],
        "name": ["Ada", "<img src=x>", "Cleo", "Dana"],
        "organizes": [True, False, False, True],
        "mentors": ["b", None, None, None],
        "mentors_name": ["<img src=x>", None, None, None],
    }
)


def funnel(low: int, high: int, closed: bool = True) -> pd.DataFrame:
    rows = [
        (date(2026, 3, 1), "Growing tenfold", side, step, low, high, closed)
        for side in ("before", "after")
        for step in ("new", "active", "core")
    ]
    columns = ["changed_on", "next_title", "side", "step", "at_least", "at_most", "closed"]
    return pd.DataFrame(rows, columns=columns)


def test_the_network_has_a_line_for_each_mentorship_and_a_point_for_each_person() -> None:
    figure = charts.circles_picture(LINKS, ["Berlin"], "light").figure
    lines, mentors, mentees, organizers = figure.data
    assert list(lines.x).count(None) == 1
    assert [list(trace.customdata) for trace in (mentors, mentees, organizers)] == [
        ["Ada: mentor"],
        ["&lt;img src=x&gt;: mentee"],
        ["Cleo: organizer", "Dana: organizer"],
    ]


def test_the_same_circles_give_the_same_picture() -> None:
    one, other = (charts.circles_picture(LINKS, ["Berlin"], "dark").figure for _ in range(2))
    assert one.to_json() == other.to_json()


def test_exact_numbers_are_bars_from_zero_and_ranges_float() -> None:
    exact, ranges = (charts.funnel_picture(funnel(*ends), "light").figure for ends in ((7, 7), (5, 9)))
    assert (list(exact.data[0].base), list(exact.data[0].x)) == ([0, 0, 0], [7, 7, 7])
    assert (list(ranges.data[0].base), list(ranges.data[0].x)) == ([5, 5, 5], [4, 4, 4])
    assert ranges.data[0].text[0] == "before: 5 to 9"


def test_open_windows_are_hatched() -> None:
    figure = charts.funnel_picture(funnel(7, 7, closed=False), "light").figure
    assert set(figure.data[0].marker.pattern.shape) == {"/"}


def test_growth_is_a_line_under_the_stages_with_its_goal() -> None:
    history = pd.DataFrame(
        {
            "stage": ["scaling"],
            "title": ["Growing tenfold"],
            "entered_on": [date(2026, 1, 1)],
            "left_on": [None],
            "days": [257],
        }
    )
    growth = pd.DataFrame(
        {
            "counted_on": [date(2026, 3, 31), date(2026, 6, 30)],
            "people": [2, 5],
            "at_least": [2, 5],
            "at_most": [2, 5],
            "open": [False, False],
            "goal_at_least": [20, 20],
            "goal_at_most": [20, 20],
        }
    )
    picture = charts.growth_picture(growth, history, date(2026, 9, 15), "light")
    names = {trace.name: list(trace.y) for trace in picture.figure.data}
    assert names["Active contributors"] == [2, 5]
    assert names["Goal"] == [20, 20]
    assert "Goal: 20" in picture.alt
