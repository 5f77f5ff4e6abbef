"""What can be recorded about a person: their applications and memberships as they stand."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from data_access.database.schema import application_reviews, applications, cohorts, memberships, people
from data_access.kept_rows import APPLICATION, CONDUCT, MEMBERSHIP, REVIEW, key_text


class PersonRows(NamedTuple):
    """A person's applications (with `cohort`, its name), their reviews, and memberships, newest first, a mapping a row.

    `accepted`: the version of the code of conduct that they accepted last.
    """

    key: str
    name: str
    accepted: str | None
    applications: list[dict[str, Any]]
    memberships: list[dict[str, Any]]
    reviews: list[dict[str, Any]]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """Subject and key of each row, as the audit has them."""
        found = [(APPLICATION, row["application_key"]) for row in self.applications]
        found += [(REVIEW, key_text(row["application_key"], row["reviewer"])) for row in self.reviews]
        return [(CONDUCT, self.key), *found, *((MEMBERSHIP, row["membership_key"]) for row in self.memberships)]


def person_rows(connection: Connection, person: str) -> PersonRows | None:
    """What is there to record on; None for who is not known."""
    known = connection.execute(
        select(people.c.name, people.c.code_version).where(people.c.person_key == person)
    ).first()
    if known is None:
        return None
    applied = (
        select(applications, cohorts.c.name.label("cohort"))
        .join_from(applications, cohorts, cohorts.c.cohort_key == applications.c.cohort_key, isouter=True)
        .where(applications.c.person_key == person)
        .order_by(applications.c.applied_on.desc(), applications.c.application_key)
    )
    stays = select(memberships).where(memberships.c.person_key == person).order_by(memberships.c.started_on.desc())
    reviewed = (
        select(application_reviews)
        .join(applications, applications.c.application_key == application_reviews.c.application_key)
        .where(applications.c.person_key == person)
        .order_by(application_reviews.c.application_key, application_reviews.c.reviewer)
    )
    listed = [[dict(row._mapping) for row in connection.execute(wanted)] for wanted in (applied, stays, reviewed)]
    return PersonRows(person, known[0] or person, known[1], *listed)
