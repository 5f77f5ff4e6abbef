"""Pictures of leadership circles: a network of people for those who may see them, sizes for everybody else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dashboard.parts import findings, theme
from dashboard.parts.charts import LEGEND, Canvas, Picture
from dashboard.parts.labels import Bold, short
from dashboard.words.ranges import people_words
from dashboard.words.sentences import PEOPLE, Counted, say
from data_access.questions.organizers.circles import CircleLink, CircleSize

CIRCLES = Counted("{n} circle", "{n} circles")
MENTORSHIPS = Counted("{n} mentorship", "{n} mentorships")
MOST_CIRCLES, CIRCLES_IN_A_ROW = 12, 3


class _Person(NamedTuple):
    x: float
    y: float
    name: str
    role: str
    key: str


def circles_picture(links: Sequence[CircleLink], circles: Sequence[str], theme_type: theme.ThemeType) -> Picture:
    """The circles as a network: people on rings, mentors inside, lines to their mentees. Same data, same picture."""
    drawn = circles[:MOST_CIRCLES]
    lines_used = math.ceil(len(drawn) / CIRCLES_IN_A_ROW)
    canvas = Canvas(theme_type, 190 * lines_used + 40, top=30, legend=True)
    palette = canvas.palette
    ends: list[tuple[float | None, float | None]] = []
    people: list[_Person] = []
    for number, circle in enumerate(drawn):
        middle = np.array([number % CIRCLES_IN_A_ROW * 2.6, -(number // CIRCLES_IN_A_ROW) * 2.9])
        own = [link for link in links if link.circle == circle]
        placed = _placed(own, middle)
        people += placed.values()
        for link in own:
            if link.mentors is not None:
                mentor, mentee = placed[link.person_key], placed[link.mentors]
                ends += [(mentor.x, mentor.y), (mentee.x, mentee.y), (None, None)]
        in_circle = max((link.in_circle for link in own), default=0)
        words = (Bold(short(circle, 22)), f"\n{PEOPLE(in_circle)}")
        canvas.label(*words, x=middle[0], y=middle[1] - 1.12, xanchor="center", yanchor="top", size=12)
    canvas.line([x for x, _ in ends], [y for _, y in ends], colour=palette.text, width=1.5)
    looks = {
        "Mentor": ("diamond", 13, palette.accent),
        "Mentee": ("circle", 10, theme.category_colour("mentee", ("", "mentee"), theme_type)),
        "Organizer": ("circle", 7, palette.context),
    }
    for role, (symbol, size, colour) in looks.items():
        some = [person for person in people if person.role == role]
        canvas.dots(
            [person.x for person in some],
            [person.y for person in some],
            name=role,
            colour=colour,
            symbol=symbol,
            size=size,
            rim=1,
            rim_colour=palette.background,
            said=[f"{person.name}: {role.lower()}" for person in some],
            keys=[person.key for person in some],
        )
    canvas.x_axis(visible=False, range=[-1.3, 6.5])
    canvas.y_axis(visible=False, range=[-2.9 * lines_used + 1.05, 1.25])
    canvas.layout(legend={**LEGEND, "itemclick": False, "itemdoubleclick": False})
    return canvas.picture(circles_in_words(links), circles_in_words(links))


def _placed(links: Sequence[CircleLink], middle: npt.NDArray[np.float64]) -> dict[str, _Person]:
    """Each person's place by key: mentors on the inner ring, mentees next, organizers outside."""
    mentors = {link.person_key for link in links if link.mentors is not None}
    mentees = {link.mentors for link in links if link.mentors is not None}
    names = {link.person_key: short(link.name) for link in links}
    rings = {
        "Mentor": (0.3, sorted(mentors)),
        "Mentee": (0.65, sorted(mentees - mentors)),
        "Organizer": (1.0, sorted(set(names) - mentors - mentees)),
    }
    placed = {}
    for role, (radius, keys) in rings.items():
        for index, key in enumerate(keys):
            angle = 2 * np.pi * index / len(keys) + np.pi / 2
            x, y = middle + radius * np.array([np.cos(angle), np.sin(angle)])
            placed[key] = _Person(float(x), float(y), names.get(key, ""), role, key)
    return placed


def circles_in_words(links: Sequence[CircleLink]) -> str:
    """How many circles and mentorships there are, also those that are not drawn."""
    return say(
        "{circles}, {mentorships}.",
        circles=CIRCLES(len({link.circle for link in links})),
        mentorships=MENTORSHIPS(sum(link.mentors is not None for link in links)),
    )


def sizes_picture(circles: Sequence[CircleSize], theme_type: theme.ThemeType) -> Picture:
    """Circles by their number of people, as ranges: for those who may not see who is in them."""
    drawn = circles[:MOST_CIRCLES]
    canvas = Canvas(theme_type, 28 * len(drawn) + 70, top=8)
    lows, highs = [circle.at_least for circle in drawn], [circle.at_most for circle in drawn]
    people = [people_words(low, high) for low, high in zip(lows, highs, strict=True)]
    names = [short(circle.circle, 24) for circle in drawn]
    said = [
        say("{circle}: {people} people", circle=name, people=each) for name, each in zip(names, people, strict=True)
    ]
    canvas.bars(range(len(drawn)), highs, starts=lows, horizontal=True, texts=people, said=said)
    canvas.listed(names)
    canvas.x_axis(title="People", rangemode="tozero", range=[0, max(highs, default=1) * 1.25])
    return canvas.picture(
        sizes_in_words(drawn),
        say("{circle} is the largest: {people} people.", circle=names[0], people=people[0])
        if drawn
        else findings.NOTHING,
    )


def sizes_in_words(circles: Sequence[CircleSize]) -> str:
    """The bars for readers who do not see them."""
    each = [say("{circle}: at least {people}.", circle=row.circle, people=PEOPLE(row.at_least)) for row in circles]
    return " ".join(("Largest circles.", *each))
