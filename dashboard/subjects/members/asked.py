"""What the program asks of a member, from its settings; and what is expected in each role."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts import blocks, page_parts
from dashboard.words.numbers import money
from dashboard.words.sentences import EVENTS, QUARTERS, say
from data_access.program import Program


def requirements(program: Program) -> list[tuple[str, str]]:
    """What a member has to do, by the program's settings of today: what it is about, and what is asked."""
    floor = program.floor_events_per_quarter
    grace = "The first quarter, where it is not a whole one, does not count."
    if program.grace_quarters:
        grace = say(
            "The first quarter, where it is not a whole one, and {quarters} more do not count.",
            quarters=QUARTERS(program.grace_quarters),
        )
    ceiling = "No ceiling is set: each request is judged by itself."
    if program.member_ceiling is not None:
        ceiling = say(
            "At most {amount} a fiscal year, approved before it is spent; the board decides on more.",
            amount=money(program.member_ceiling, program.currency),
        )
    return [
        ("To become one", "Apply to a cohort, be accepted, take part in its training, graduate."),
        (
            "Every quarter",
            say("Speak, organize, mentor or facilitate at {events} or more that are held.", events=EVENTS(floor)),
        ),
        ("At the start", grace),
        ("When life comes between", "Ask for grace before the quarter ends: its quarters do not count."),
        ("Below it", "Whoever misses it in a quarter that counts can be dropped, and can come back."),
        ("Money", ceiling),
        ("Behaviour", "Accept the newest version of the code of conduct, and keep to it."),
        ("Afterwards", "Say how many came to each event, and how many of them were new."),
    ]


_ROLES = (
    (
        "Member",
        "Keeps the number of events a quarter, asks for money before it is spent, reports afterwards.",
        "an answer to each request, a word of thanks, trainings, a place among the people of a cohort.",
    ),
    (
        "Mentor",
        "Meets each mentee regularly, and hands over work rather than doing it.",
        "no more mentees than can be looked after; a training.",
    ),
    (
        "Coordinator of a team or space",
        "Keeps a way in for newcomers open, shares the work, writes down what was learned.",
        "a partner on staff, the numbers of their own team, time that is agreed on.",
    ),
    (
        "Community building partner (staff)",
        "Knows the stage of each of their teams and what it needs for the next one.",
        "teams few enough to know; help from the program manager where a team is stuck.",
    ),
    (
        "Program manager (staff)",
        "Decides requests and applications in time and by the same rules, says why, thanks people.",
        "a queue that one person can handle, and a bench of people who could follow.",
    ),
    (
        "Board",
        "Approves the budget, decides what goes over a ceiling, and hears every side before it judges.",
        "the same numbers as the program manager, at the same time.",
    ),
)


def expectations() -> list[tuple[str, str]]:
    """Each role with what is expected of it and what it can expect."""
    return [(role, say("{gives} Can expect: {gets}", gives=gives, gets=gets)) for role, gives, gets in _ROLES]


def asked() -> None:
    """Both, as lists that a phone can show."""
    program = cached.program(filters.asked().scope)
    st.caption("By the program’s settings: whoever changes them changes this.")
    page_parts.show(blocks.definitions(requirements(program)))
    st.caption("In each role, of volunteers and of staff alike.")
    page_parts.show(blocks.definitions(expectations()))


def section() -> None:
    """The same under a heading of its own."""
    st.header("What is asked", anchor=False)
    asked()
