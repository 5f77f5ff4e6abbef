"""The data contract as data: every table that can be imported, its columns, their kinds and references.

Everything that reads or writes the contract (validation, export, the sample program, the documentation of the
import page) reads it from here, so that a column is described once.
"""

from __future__ import annotations

from data_access.contract.kinds import (
    Column,
    Kind,
    Table,
    choice_column,
    count_column,
    country_column,
    date_column,
    key_column,
    label_column,
    money_column,
    point_columns,
    reference_column,
    text_column,
)
from data_access.contract.member_tables import (
    APPLICATION_REVIEWS,
    APPLICATIONS,
    COHORTS,
    DISPUTE_STEPS,
    DISPUTES,
    MEMBERSHIPS,
    THANKS,
    TRAINING_ATTENDANCE,
    TRAININGS,
)
from data_access.contract.organizer_tables import ORGANIZER_NEEDS
from data_access.contract.space_tables import SPACE_NOTES, SPACES
from data_access.contract.strategy_tables import DECISION_REGISTER
from data_access.contract.vocabulary import CATEGORIES, DECISIONS, MILESTONES, MODES, SCALES, STAGES, STATUSES

# The whole contract is had from here: its words and its kinds too.
__all__ = ["DECISIONS", "MILESTONES", "MODES", "PERSON_REFERENCES", "SCALES", "STAGES", "STATUSES"]
__all__ += ["TABLES", "Column", "Kind", "Table"]


_CURRENCY = Column("currency", Kind.CURRENCY, required=True)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "program",
            (
                text_column("name", required=True),
                _CURRENCY,
                Column("fiscal_year_start", Kind.MONTH_DAY, default="01-01"),
                count_column("floor_events_per_quarter", 3),
                count_column("grace_quarters", 0),
                money_column("member_ceiling"),
                count_column("min_group_size", 5, minimum=1),
                count_column("active_min", 3, minimum=1),
                count_column("core_min", 12, minimum=1),
                count_column("window_days", 90, minimum=1),
                count_column("conversion_window_days", 180, minimum=1),
                count_column("retention_years", minimum=1),
            ),
            key=(),
        ),
        Table("regions", (country_column(required=True), label_column("region", required=True)), key=("country",)),
        SPACES,
        Table("areas", (label_column("area", required=True), Column("is_code", Kind.FLAG, default=0)), key=("area",)),
        Table(
            "teams",
            (
                key_column("team_key"),
                text_column("name", required=True),
                Column("area", Kind.LABEL, references="areas"),
                text_column("partner"),
                reference_column("coordinator_key", "people"),
                date_column("coordinator_appointed_on"),
            ),
            key=("team_key",),
        ),
        Table(
            "team_stages",
            (
                reference_column("team_key", "teams", required=True),
                choice_column("stage", STAGES, required=True),
                date_column("entered_on", required=True),
                text_column("note"),
            ),
            key=("team_key", "entered_on"),
        ),
        Table(
            "team_milestones",
            (
                reference_column("team_key", "teams", required=True),
                choice_column(
                    "milestone", tuple(code for codes in MILESTONES.values() for code in codes), required=True
                ),
                date_column("reached_on", required=True),
                Column("evidence_url", Kind.URL),
                text_column("note"),
            ),
            key=("team_key", "milestone"),
        ),
        Table(
            "team_risks",
            (
                key_column("risk_key"),
                reference_column("team_key", "teams", required=True),
                text_column("risk", required=True),
                choice_column("severity", ("low", "medium", "high")),
                date_column("raised_on", required=True),
                date_column("closed_on"),
            ),
            key=("risk_key",),
            spans=(("raised_on", "closed_on"),),
        ),
        Table(
            "people",
            (
                key_column("person_key"),
                text_column("name"),
                text_column("home_city"),
                text_column("home_state"),
                country_column("home_country"),
                *point_columns("home_"),
                date_column("joined_on"),
                Column("languages", Kind.LANGUAGES),
                label_column("entry_channel"),
                text_column("code_version"),
                date_column("code_accepted_on"),
            ),
            key=("person_key",),
        ),
        Table(
            "person_attributes",
            (
                reference_column("person_key", "people", required=True),
                *(label_column(name, required=True) for name in ("dimension", "value")),
                date_column("consented_on"),
            ),
            key=("person_key", "dimension"),
        ),
        COHORTS,
        APPLICATIONS,
        APPLICATION_REVIEWS,
        MEMBERSHIPS,
        TRAININGS,
        TRAINING_ATTENDANCE,
        THANKS,
        Table(
            "events",
            (
                key_column("event_key"),
                text_column("title", required=True),
                date_column("starts_on", required=True),
                date_column("ends_on"),
                Column("starts_at", Kind.DATETIME),
                Column("ends_at", Kind.DATETIME),
                choice_column("status", STATUSES),
                choice_column("mode", MODES),
                label_column("format"),
                choice_column("scale", SCALES),
                text_column("venue"),
                text_column("city"),
                text_column("state"),
                country_column(),
                *point_columns(),
                reference_column("space_key", "spaces"),
                reference_column("team_key", "teams"),
                Column("area", Kind.LABEL, references="areas"),
                Column("topics", Kind.TOPICS),
                Column("languages", Kind.LANGUAGES),
                count_column("attendance"),
                count_column("new_contributors"),
                Column("url", Kind.URL),
            ),
            key=("event_key",),
            spans=(("starts_on", "ends_on"),),
        ),
        Table(
            "participations",
            (
                reference_column("event_key", "events", required=True),
                reference_column("person_key", "people", required=True),
                choice_column("role", ("speaker", "organizer", "mentor", "facilitator", "attendee"), required=True),
                Column("language", Kind.LANGUAGE),
                Column("rating", Kind.INTEGER, minimum=1, maximum=5),
            ),
            key=("event_key", "person_key", "role"),
        ),
        Table(
            "materials",
            (
                key_column("material_key"),
                text_column("title", required=True),
                label_column("kind"),
                Column("language", Kind.LANGUAGE, required=True),
                reference_column("author_key", "people"),
                reference_column("event_key", "events"),
                date_column("published_on", required=True),
                reference_column("original_key", "materials"),
                Column("url", Kind.URL),
            ),
            key=("material_key",),
        ),
        Table(
            "budgets",
            (
                Column("fiscal_year", Kind.FISCAL_YEAR, required=True),
                money_column("amount", required=True),
                _CURRENCY,
                reference_column("person_key", "people"),
                date_column("approved_on"),
            ),
            key=("fiscal_year", "person_key"),
        ),
        Table(
            "funding_requests",
            (
                key_column("request_key"),
                reference_column("person_key", "people", required=True),
                reference_column("event_key", "events"),
                choice_column("category", CATEGORIES),
                money_column("requested_amount", required=True),
                _CURRENCY,
                date_column("requested_on", required=True),
                choice_column("decision", DECISIONS),
                date_column("decided_on"),
                money_column("approved_amount"),
                money_column("paid_amount"),
                date_column("paid_on"),
            ),
            key=("request_key",),
            spans=(("requested_on", "decided_on"),),
        ),
        Table(
            "contributions",
            (
                reference_column("person_key", "people", required=True),
                date_column("contributed_on", required=True),
                Column("area", Kind.LABEL, required=True, references="areas"),
                reference_column("team_key", "teams"),
                count_column("quantity", 1, minimum=1),
                reference_column("event_key", "events"),
                label_column("project"),
            ),
            key=("person_key", "contributed_on", "area", "team_key", "event_key", "project"),
        ),
        Table(
            "mentorships",
            (
                reference_column("mentor_key", "people", required=True),
                reference_column("mentee_key", "people", required=True),
                date_column("started_on", required=True),
                date_column("ended_on"),
                label_column("circle"),
            ),
            key=("mentor_key", "mentee_key", "started_on"),
            spans=(("started_on", "ended_on"),),
        ),
        Table(
            "challenges",
            (
                key_column("challenge_key"),
                reference_column("event_key", "events", required=True),
                choice_column("phase", ("before", "during", "after")),
                choice_column("kind", ("learning_task", "contribution_challenge")),
                label_column("project"),
                count_column("completed_count"),
            ),
            key=("challenge_key",),
        ),
        ORGANIZER_NEEDS,
        SPACE_NOTES,
        DISPUTES,
        DISPUTE_STEPS,
        DECISION_REGISTER,
        Table(
            "targets",
            (
                label_column("metric", required=True),
                date_column("period_start", required=True),
                date_column("period_end", required=True),
                Column("value", Kind.NUMBER, required=True),
                label_column("scope"),
            ),
            key=("metric", "period_start", "period_end", "scope"),
            spans=(("period_start", "period_end"),),
        ),
        Table(
            "exchange_rates",
            (
                Column("currency", Kind.CURRENCY, required=True),
                date_column("on", required=True),
                Column("rate_to_program_currency", Kind.RATE, required=True),
            ),
            key=("currency", "on"),
        ),
    )
}

# A reference to one of these creates a bare person when the bundle has no people table at all.
PERSON_REFERENCES = frozenset({"person_key", "author_key", "mentor_key", "mentee_key"})
