"""The contract's tables about members: cohorts, applications, memberships, trainings, thanks, disputes."""

from __future__ import annotations

from data_access.contract.kinds import (
    Column,
    Kind,
    Table,
    choice_column,
    count_column,
    date_column,
    key_column,
    label_column,
    reference_column,
    text_column,
)
from data_access.contract.runbook import STEPS

TRAINING_KINDS = ("speaking", "materials", "event_management", "other")
# What people are thanked for: as members, as contributors, or for something else.
OCCASIONS = (
    *("first_talk", "tenth_event", "new_language", "member_anniversary"),
    *(
        "first_contribution",
        "tenth_contribution",
        "hundredth_contribution",
        "new_area",
        "core",
        "contributor_anniversary",
    ),
    "other",
)

COHORTS = Table(
    "cohorts",
    (
        key_column("cohort_key"),
        text_column("name", required=True),
        date_column("applications_open_on"),
        date_column("applications_close_on"),
        date_column("training_starts_on"),
        date_column("graduates_on"),
        count_column("places"),
    ),
    key=("cohort_key",),
    spans=(("applications_open_on", "applications_close_on"), ("training_starts_on", "graduates_on")),
)
APPLICATIONS = Table(
    "applications",
    (
        key_column("application_key"),
        reference_column("person_key", "people", required=True),
        reference_column("cohort_key", "cohorts", required=True),
        date_column("applied_on", required=True),
        date_column("evaluated_on"),
        Column("score", Kind.NUMBER),
        choice_column("decision", ("pending", "accepted", "declined", "withdrawn")),
        date_column("decided_on"),
        date_column("trained_on"),
        date_column("graduated_on"),
    ),
    key=("application_key",),
    spans=(("applied_on", "evaluated_on"), ("applied_on", "decided_on"), ("trained_on", "graduated_on")),
)
# Who reviews an application; its own score is what they agreed on.
APPLICATION_REVIEWS = Table(
    "application_reviews",
    (
        reference_column("application_key", "applications", required=True),
        label_column("reviewer", required=True),
        date_column("assigned_on", required=True),
        date_column("reviewed_on"),
        Column("score", Kind.NUMBER),
    ),
    key=("application_key", "reviewer"),
    spans=(("assigned_on", "reviewed_on"),),
)
TRAININGS = Table(
    "trainings",
    (
        key_column("training_key"),
        text_column("title", required=True),
        choice_column("kind", TRAINING_KINDS, required=True),
        date_column("held_on", required=True),
        reference_column("cohort_key", "cohorts"),
    ),
    key=("training_key",),
)
TRAINING_ATTENDANCE = Table(
    "training_attendance",
    (
        reference_column("training_key", "trainings", required=True),
        reference_column("person_key", "people", required=True),
        Column("attended", Kind.FLAG, default=1),
    ),
    key=("training_key", "person_key"),
)
# That somebody was thanked: for what, which was on which day.
THANKS = Table(
    "thanks",
    (
        reference_column("person_key", "people", required=True),
        choice_column("occasion", OCCASIONS, required=True),
        date_column("occasion_on", required=True),
        date_column("given_on", required=True),
        text_column("how"),
    ),
    key=("person_key", "occasion", "occasion_on"),
    spans=(("occasion_on", "given_on"),),
)
MEMBERSHIPS = Table(
    "memberships",
    (
        key_column("membership_key"),
        reference_column("person_key", "people", required=True),
        reference_column("cohort_key", "cohorts"),
        date_column("started_on", required=True),
        date_column("ended_on"),
        choice_column("end_reason", ("below_floor", "left", "conduct", "hired", "completed")),
        text_column("hired_by"),
        date_column("grace_starts_on"),
        date_column("grace_ends_on"),
    ),
    key=("membership_key",),
    spans=(("started_on", "ended_on"), ("grace_starts_on", "grace_ends_on")),
)
DISPUTES = Table(
    "disputes",
    (
        key_column("dispute_key"),
        label_column("kind", required=True),
        date_column("opened_on", required=True),
        date_column("closed_on"),
        text_column("outcome"),
    ),
    key=("dispute_key",),
    spans=(("opened_on", "closed_on"),),
)
DISPUTE_STEPS = Table(
    "dispute_steps",
    (
        reference_column("dispute_key", "disputes", required=True),
        choice_column("step", tuple(STEPS), required=True),
        date_column("done_on", required=True),
    ),
    key=("dispute_key", "step"),
)
