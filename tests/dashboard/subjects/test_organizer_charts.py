"""The pictures of circles: who is drawn, and words that never act."""

from __future__ import annotations

from dashboard.subjects.organizers import circles
from data_access.questions.organizers.circles import CircleLink

LINKS = [
    CircleLink("Berlin", "a", "Ada", True, "b", "<img src=x>", 9),
    CircleLink("Berlin", "b", "<img src=x>", False, None, None, 9),
    CircleLink("Berlin", "c", "Cleo", False, None, None, 9),
    CircleLink("Berlin", "d", "Dana", True, None, None, 9),
]


def test_the_network_has_a_line_for_each_mentorship_and_a_point_for_each_person() -> None:
    figure = circles.circles_picture(LINKS, ["Berlin"], "light").figure
    lines, mentors, mentees, organizers = figure.data
    assert list(lines.x).count(None) == 1
    assert [list(trace.customdata) for trace in (mentors, mentees, organizers)] == [
        [["a", "Ada: mentor"]],
        [["b", "&lt;img src=x&gt;: mentee"]],
        [["c", "Cleo: organizer"], ["d", "Dana: organizer"]],
    ]


def test_the_same_circles_give_the_same_picture() -> None:
    one, other = (circles.circles_picture(LINKS, ["Berlin"], "dark").figure for _ in range(2))
    assert one.to_json() == other.to_json()
