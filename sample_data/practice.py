"""How the sample program looks after its people: reviews of applications, trainings with who came, thanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from sample_data.draws import Array
from sample_data.events import HELD, Events
from sample_data.members import Member, SampleProgram
from sample_data.people import person_key
from sample_data.tables import Cell
from sample_data.timeline import Timeline

_REVIEWERS = ("Amara Osei", "Ines Duarte", "Jonas Weber", "Mei Tanaka", "Ravi Kulkarni")
# Points above or below what the others give: one is strict, one is kind.
_LEANING = (1.5, 0.0, -6.0, 4.0, -0.5)
_TRAININGS = (
    ("speaking", 8, "Speaking in public"),
    ("materials", 19, "Materials in your own language"),
    ("event_management", 30, "Running an event from call to follow-up"),
)
_HOW = (
    "A handwritten card",
    "A call",
    "Named in the monthly letter",
    "A shirt and a note",
    "In front of the community",
)
_MOST_THANKS = 400


def review_rows(timeline: Timeline, applications: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The `application_reviews` table: two reviewers an application, three for some; what is not decided may wait."""
    rows: list[list[Cell]] = []
    for number, (key, _, _, applied, evaluated, score, *_) in enumerate(applications):
        asked = date.fromisoformat(str(applied)) + timedelta(days=2)
        if asked > timeline.as_of:
            continue
        for place in range(3 if number % 5 == 0 else 2):
            who = (number + place * 2) % len(_REVIEWERS)
            reviewed: Cell = ""
            points: Cell = ""
            if evaluated:
                last = date.fromisoformat(str(evaluated))
                reviewed = max(asked, last - timedelta(days=(number + place) % 6)).isoformat()
                points = round(float(score) + _LEANING[who] + (number * 7 + place * 13) % 11 - 5, 1)
                if date.fromisoformat(reviewed) > timeline.as_of:
                    reviewed = points = ""
            rows.append([key, _REVIEWERS[who], asked.isoformat(), reviewed, points])
    return rows


def training_rows(timeline: Timeline, cohorts: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The `trainings` table: three for each cohort, and one a year that is open to all."""
    rows: list[list[Cell]] = []
    for number, (cohort, _, _, _, trains, *_) in enumerate(cohorts):
        for kind, after, title in _TRAININGS:
            day = date.fromisoformat(str(trains)) + timedelta(days=after)
            if day <= timeline.as_of:
                rows.append([_training(cohort, kind), title, kind, day.isoformat(), cohort])
        if number % 2 and (day := date.fromisoformat(str(trains)) + timedelta(days=70)) <= timeline.as_of:
            rows.append([_training(cohort, "other"), "First aid for conflicts", "other", day.isoformat(), ""])
    return rows


def _training(cohort: Cell, kind: str) -> str:
    return f"t-{cohort}-{kind}"


def attendance_rows(timeline: Timeline, program: SampleProgram) -> list[list[Cell]]:
    """The `training_attendance` table: most of those who were accepted came; some of the others are noted as absent."""
    held = {str(row[0]) for row in training_rows(timeline, program.cohorts)}
    rows: list[list[Cell]] = []
    for number, (_, person, cohort, _, _, _, decision, *_) in enumerate(program.applications):
        if decision != "accepted":
            continue
        for place, (kind, _, _) in enumerate(_TRAININGS):
            key, chance = _training(cohort, kind), (number * 5 + place * 3) % 9
            if key in held and chance < 8:
                rows.append([key, person, "yes" if chance < 6 else "no"])
        if _training(cohort, "other") in held and number % 3:
            rows.append([_training(cohort, "other"), person, "yes"])
    return rows


def thanks_rows(timeline: Timeline, events: Events, members: Sequence[Member], first_days: Array) -> list[list[Cell]]:
    """The `thanks` table: of the last year, for members' first talks and anniversaries and for first contributions."""
    since = max(timeline.today - 364, 0)
    occasions: list[tuple[int, str, int]] = []
    for member in members:
        talks = [int(events.day[at]) for at, role, _ in member.held if role == "speaker" and events.status[at] == HELD]
        if talks and member.ended is None and since <= min(talks) <= timeline.today:
            occasions.append((member.person, "first_talk", min(talks)))
        if member.ended is None:
            started = timeline.date(member.started)
            for year in range(started.year + 1, timeline.as_of.year + 1):
                day = (_same_day(started, year) - timeline.start).days
                if since <= day <= timeline.today:
                    occasions.append((member.person, "member_anniversary", day))
    newcomers = np.flatnonzero((first_days >= since) & (first_days <= timeline.today))
    some = newcomers[:: max(len(newcomers) // _MOST_THANKS, 1)]
    occasions += [(person, "first_contribution", int(first_days[person])) for person in some.tolist()]
    rows: list[list[Cell]] = []
    for number, (person, what, day) in enumerate(occasions):
        given = day + 2 + (number * 11) % 44
        if number % 8 < (6 if what != "first_contribution" else 4) and given <= timeline.today:
            how = _HOW[number % len(_HOW)] if number % 4 else ""
            rows.append([person_key(person), what, timeline.text(day), timeline.text(given), how])
    return rows


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
