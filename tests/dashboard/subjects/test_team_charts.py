"""The pictures of teams as seen: names, x, y, and words that never act."""

from __future__ import annotations

from datetime import date

from dashboard.subjects.teams import charts
from data_access.questions.teams.details import ChangeStep, TeamQuarter
from data_access.questions.teams.stages import TeamStay


def funnel(low: int, high: int, closed: bool = True) -> list[ChangeStep]:
    day = date(2026, 3, 1)
    return [
        ChangeStep("team-a", day, "scaling", "Growing tenfold", side, step, closed, day, day, None, low, high)
        for side in ("before", "after")
        for step in ("new", "active", "core")
    ]


def test_exact_numbers_are_bars_from_zero_and_ranges_float() -> None:
    exact, ranges = (charts.funnel_picture(funnel(*ends), "light").figure for ends in ((7, 7), (5, 9)))
    assert (list(exact.data[0].base), list(exact.data[0].x)) == ([0, 0, 0], [7, 7, 7])
    assert (list(ranges.data[0].base), list(ranges.data[0].x)) == ([5, 5, 5], [4, 4, 4])
    assert ranges.data[0].text[0] == "before: 5 to 9"


def test_open_windows_are_hatched() -> None:
    figure = charts.funnel_picture(funnel(7, 7, closed=False), "light").figure
    assert set(figure.data[0].marker.pattern.shape) == {"/"}


def test_growth_is_a_line_under_the_stages_with_its_goal() -> None:
    history = [TeamStay("team-a", "scaling", "Growing tenfold", date(2026, 1, 1), None, 257, "", "")]
    growth = [
        TeamQuarter("team-a", date(2026, 1, 1), date(2026, 3, 31), 2, 2, 2, False, 20, 20),
        TeamQuarter("team-a", date(2026, 4, 1), date(2026, 6, 30), 5, 5, 5, False, 20, 20),
    ]
    picture = charts.growth_picture(growth, history, date(2026, 9, 15), "light")
    names = {trace.name: list(trace.y) for trace in picture.figure.data}
    assert names["Active contributors"] == [2, 5]
    assert names["Goal"] == [20, 20]
    assert picture.alt == (
        "Active contributors: 2 on 31 March 2026, 5 on 30 June 2026. Goal: 20. "
        "Stages: Growing tenfold from 1 January 2026."
    )
