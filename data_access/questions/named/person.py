"""Everything about one person in time: steps, events, contributions, money, trainings, thanks and consent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func

from data_access.database.schema import (
    applications,
    cohorts,
    contributions,
    contributor_levels,
    contributor_returns,
    events,
    funding_requests,
    materials,
    memberships,
    mentorships,
    organizer_needs,
    participations,
    people,
    person_attributes,
    teams,
    thanks,
    training_attendance,
    trainings,
)
from data_access.membership import begins, left_by
from data_access.questions.named.entries import (
    EVENT,
    MOST,
    PERSON,
    TEAM,
    Branch,
    TimelineEntry,
    newest_first,
    of_event,
    of_person,
    rows_of,
)
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection, status_on

ROLES = ("attendee", "facilitator", "mentor", "organizer", "speaker")
ATTRIBUTES = "attributes_given"


@question(roles=INSIDE, counts=PEOPLE, columns=TimelineEntry, names_people=True)
def person_timeline(
    connection: Connection, selection: Selection, scope: Scope, *, person: str = "", most: int = MOST
) -> pd.DataFrame:
    """Everything about one person in time, the newest first: `most` entries at the most.

    Joined, steps, memberships, events by role, contributions by month, requests with decisions and payments, trainings,
    mentorships, materials, thanks and consent, as known on the day; what is planned ahead comes first.
    """
    as_of = selection.as_of
    branches = [
        *_steps(person, as_of),
        *_membership(person, as_of),
        *_at_events(person, as_of),
        *money(funding_requests.c.person_key == person, as_of, by_event=True),
        *_practice(person, as_of),
        *_with_others(person, as_of),
    ]
    return newest_first(rows_of(connection, branches, most), most)


def _steps(person: str, as_of: date) -> Iterator[Branch]:
    own = people.c.person_key == person
    accepted, consented = people.c.code_accepted_on, person_attributes.c.consented_on
    yield Branch("code_accepted", accepted, people, (own, accepted <= as_of), {"words": people.c.code_version})
    given = (person_attributes.c.person_key == person, consented <= as_of)
    yield Branch(ATTRIBUTES, consented, person_attributes, given, {"number": func.count()}, by_month=True)
    levels = contributor_levels
    for what, day in (
        ("joined", levels.c.joined_on),
        ("became_casual", levels.c.casual_on),
        ("became_active", levels.c.active_on),
        ("became_core", levels.c.core_on),
    ):
        yield Branch(what, day, levels, (levels.c.person_key == person, day <= as_of))
    back = contributor_returns.c
    known = (back.person_key == person, back.returned_on <= as_of)
    yield Branch("came_back", back.returned_on, contributor_returns, known, {"number": back.days_away})
    made, quantity = contributions.c.contributed_on, contributions.c.quantity
    own_work = (contributions.c.person_key == person, made <= as_of)
    yield Branch("contributed", made, contributions, own_work, {"number": func.sum(quantity)}, by_month=True)


def _membership(person: str, as_of: date) -> Iterator[Branch]:
    asked = applications.join(cohorts, cohorts.c.cohort_key == applications.c.cohort_key)
    own, cohort = applications.c.person_key == person, {"words": cohorts.c.name}
    decided = applications.c.decided_on
    for what, day in (("applied", applications.c.applied_on), ("evaluated", applications.c.evaluated_on)):
        yield Branch(what, day, asked, (own, day <= as_of), cohort)
    for decision in ("accepted", "declined", "withdrawn"):
        known = (own, decided <= as_of, applications.c.decision == decision)
        yield Branch(f"application_{decision}", decided, asked, known, cohort)
    for what, day in (("trained", applications.c.trained_on), ("graduated", applications.c.graduated_on)):
        yield Branch(what, day, asked, (own, day <= as_of), cohort)
    member, starts = memberships.c.person_key == person, memberships.c.started_on
    yield Branch("became_member", starts, memberships, (member, starts <= as_of, begins()))
    reason = {"words": memberships.c.end_reason}
    yield Branch("membership_ended", memberships.c.ended_on, memberships, (member, left_by(as_of)), reason)


def _at_events(person: str, as_of: date) -> Iterator[Branch]:
    took_part = participations.join(events, events.c.event_key == participations.c.event_key)
    own, status = participations.c.person_key == person, status_on(as_of)
    held, role = (own, status == "held"), participations.c.role
    yield Branch("", events.c.starts_on, took_part, held, of_event(), EVENT, by=role)
    planned = (own, status == "planned")
    words = {**of_event(), "words": role}
    yield Branch("planned_role", events.c.starts_on, took_part, planned, words, EVENT)


def money(whose: ColumnElement[bool], as_of: date, *, by_event: bool) -> Iterator[Branch]:
    """What was asked for, decided and paid: `by_event` names the event of each, else the person."""
    row = funding_requests.c
    if by_event:
        tables = funding_requests.outerjoin(events, events.c.event_key == row.event_key)
        named, kind = of_event(), EVENT
    else:
        tables, named, kind = funding_requests.join(people, people.c.person_key == row.person_key), of_person(), PERSON

    def of(what: str, day: ColumnElement[object], amount: ColumnElement[object], *known: ColumnElement[bool]) -> Branch:
        cells = {**named, "words": row.category, "amount": amount, "currency": row.currency}
        return Branch(what, day, tables, (whose, day <= as_of, *known), cells, kind)

    yield of("requested", row.requested_on, row.requested_amount)
    yield of("approved", row.decided_on, row.approved_amount, row.decision == "approved")
    yield of("declined", row.decided_on, row.requested_amount, row.decision == "declined")
    yield of("paid", row.paid_on, row.paid_amount, row.paid_amount.is_not(None))


def _practice(person: str, as_of: date) -> Iterator[Branch]:
    held = training_attendance.join(trainings, trainings.c.training_key == training_attendance.c.training_key)
    there = (training_attendance.c.person_key == person, training_attendance.c.attended.is_(True))
    day = trainings.c.held_on
    yield Branch("training", day, held, (*there, day <= as_of), {"words": trainings.c.title})
    written = materials.c.published_on
    own = (materials.c.author_key == person, written <= as_of)
    yield Branch("published", written, materials, own, {"words": materials.c.title})
    given = thanks.c.given_on
    yield Branch(
        "thanked", given, thanks, (thanks.c.person_key == person, given <= as_of), {"words": thanks.c.occasion}
    )
    need = organizer_needs.c
    said = (need.person_key == person, need.raised_on <= as_of)
    yield Branch("need_raised", need.raised_on, organizer_needs, said, {"words": need.note})


def _with_others(person: str, as_of: date) -> Iterator[Branch]:
    row = mentorships.c
    for what, own, other in (
        ("mentors", row.mentor_key, row.mentee_key),
        ("mentored_by", row.mentee_key, row.mentor_key),
    ):
        tables = mentorships.join(people, people.c.person_key == other)
        cells = {**of_person(), "words": row.circle}
        yield Branch(what, row.started_on, tables, (own == person, row.started_on <= as_of), cells, PERSON)
    appointed = teams.c.coordinator_appointed_on
    own_team = (teams.c.coordinator_key == person, appointed <= as_of)
    named = {"name": teams.c.name, "key": teams.c.team_key}
    yield Branch("coordinates", appointed, teams, own_team, named, TEAM)
