"""Who can be recorded as having come to a training: its cohort, else today's members; and who is recorded already."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from data_access.database.schema import applications, memberships, people, training_attendance, trainings
from data_access.kept_rows import ATTENDANCE, key_text
from data_access.membership import member_on


class TrainingPerson(NamedTuple):
    """Somebody who was asked, by name; `attended` is None where nothing is recorded."""

    person_key: str
    name: str
    attended: bool | None


def training_people(connection: Connection, training: str, today: date) -> list[TrainingPerson]:
    """By name; nobody where there is no such training."""
    own, came = trainings.c, training_attendance.c
    found = connection.execute(select(own.cohort_key).where(own.training_key == training)).first()
    if found is None:
        return []
    recorded = select(came.person_key).where(came.training_key == training)
    if found.cohort_key:
        asked = select(applications.c.person_key).where(
            applications.c.cohort_key == found.cohort_key, applications.c.decision == "accepted"
        )
    else:
        asked = select(memberships.c.person_key).where(member_on(today))
    statement = (
        select(people.c.person_key, people.c.name, came.attended)
        .join(
            training_attendance,
            (came.person_key == people.c.person_key) & (came.training_key == training),
            isouter=True,
        )
        .where(or_(people.c.person_key.in_(asked), people.c.person_key.in_(recorded)))
        .order_by(people.c.name, people.c.person_key)
    )
    return [TrainingPerson(key, name or key, attended) for key, name, attended in connection.execute(statement)]


def attendance_rows(training: str, found: list[TrainingPerson]) -> list[tuple[str, str]]:
    """Subject and key of what can be recorded of each."""
    return [(ATTENDANCE, key_text(training, person.person_key)) for person in found]
