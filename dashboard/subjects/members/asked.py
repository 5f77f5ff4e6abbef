"""What the program asks of a member, from its settings; and what is expected in each role."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.asking import cached, filters
from dashboard.parts.tables import table_with_download
from dashboard.words.numbers import money
from dashboard.words.sentences import EVENTS, QUARTERS, say
from data_access.answers import Text, table
from data_access.program import Program


class Requirement(NamedTuple):
    what: Annotated[str, Text("What")]
    asked: Annotated[str, Text("What is asked")]


class Expectation(NamedTuple):
    role: Annotated[str, Text("Role")]
    gives: Annotated[str, Text("What we expect")]
    gets: Annotated[str, Text("What you can expect")]


def requirements(program: Program) -> pd.DataFrame:
    """What a member has to do, by the program's settings of today."""
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
    rows = [
        Requirement("To become one", "Apply to a cohort, be accepted, take part in its training, graduate."),
        Requirement(
            "Every quarter",
            say("Speak, organize, mentor or facilitate at {events} or more that are held.", events=EVENTS(floor)),
        ),
        Requirement("At the start", grace),
        Requirement("When life comes between", "Ask for grace before the quarter ends: its quarters do not count."),
        Requirement("Below it", "Whoever misses it in a quarter that counts can be dropped, and can come back."),
        Requirement("Money", ceiling),
        Requirement("Behaviour", "Accept the newest version of the code of conduct, and keep to it."),
        Requirement("Afterwards", "Say how many came to each event, and how many of them were new."),
    ]
    return table(Requirement, rows)


_ROLES = (
    Expectation(
        "Member",
        "Keeps the number of events a quarter, asks for money before it is spent, reports afterwards.",
        "An answer to each request, a word of thanks, trainings, a place among the people of a cohort.",
    ),
    Expectation(
        "Mentor",
        "Meets each mentee regularly, and hands over work rather than doing it.",
        "No more mentees than can be looked after; a training.",
    ),
    Expectation(
        "Coordinator of a team or space",
        "Keeps a way in for newcomers open, shares the work, writes down what was learned.",
        "A partner on staff, the numbers of their own team, time that is agreed on.",
    ),
    Expectation(
        "Community building partner (staff)",
        "Knows the stage of each of their teams and what it needs for the next one.",
        "Teams few enough to know; help from the program manager where a team is stuck.",
    ),
    Expectation(
        "Program manager (staff)",
        "Decides requests and applications in time and by the same rules, says why, thanks people.",
        "A queue that one person can handle, and a bench of people who could follow.",
    ),
    Expectation(
        "Board",
        "Approves the budget, decides what goes over a ceiling, and judges disputes by the runbook.",
        "The same numbers as the program manager, at the same time.",
    ),
)


def asked() -> None:
    """Both tables."""
    program = cached.program(filters.asked().scope)
    st.caption("By the program’s settings: whoever changes them changes this.")
    table_with_download(
        requirements(program),
        "requirements",
        alt="What the program asks of a member",
        columns=Requirement,
        widths={"what": 170, "asked": "large"},
    )
    st.caption("In each role, of volunteers and of staff alike.")
    table_with_download(
        table(Expectation, _ROLES),
        "expectations",
        alt="What is expected in each role",
        columns=Expectation,
        widths={"role": 190, "gives": "large", "gets": "large"},
    )


def section() -> None:
    """The same under a heading of its own."""
    st.header("What is asked", anchor=False)
    asked()
