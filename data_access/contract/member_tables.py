"""The contract's tables about members: cohorts, applications, memberships and disputes."""

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
