"""The data contract as data: every table that can be imported, its columns, their kinds and references.

Everything that reads or writes the contract (validation, export, the sample program, the documentation of the
import page) reads it from here, so that a column is described once.
"""

from __future__ import annotations

from data_access.imports.kinds import Column, Kind, Table
from data_access.imports.vocabulary import DECISIONS, MILESTONES, MODES, SCALES, STAGES, STATUSES

# The whole contract is had from here: its words and its kinds too.
__all__ = [
    "DECISIONS",
    "MILESTONES",
    "MODES",
    "PERSON_REFERENCES",
    "SCALES",
    "STAGES",
    "STATUSES",
    "TABLES",
    "Column",
    "Kind",
    "Table",
]


def _key(name: str) -> Column:
    return Column(name, Kind.KEY, required=True)


def _reference(name: str, table: str, *, required: bool = False) -> Column:
    return Column(name, Kind.KEY, required=required, references=table)


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, required=required)


def _label(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.LABEL, required=required)


def _date(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, required=required)


def _count(name: str, default: int | None = None, *, required: bool = False, minimum: int = 0) -> Column:
    return Column(name, Kind.INTEGER, required=required, default=default, minimum=minimum)


def _money(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.MONEY, required=required)


def _choice(name: str, choices: tuple[str, ...], *, required: bool = False, default: str | None = None) -> Column:
    return Column(name, Kind.CHOICE, required=required, default=default, choices=choices)


def _country(name: str = "country", *, required: bool = False) -> Column:
    return Column(name, Kind.COUNTRY, required=required)


def _point(prefix: str = "") -> tuple[Column, Column]:
    return Column(f"{prefix}latitude", Kind.LATITUDE), Column(f"{prefix}longitude", Kind.LONGITUDE)


_CURRENCY = Column("currency", Kind.CURRENCY, required=True)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "program",
            (
                _text("name", required=True),
                _CURRENCY,
                Column("fiscal_year_start", Kind.MONTH_DAY, default="01-01"),
                _count("floor_events_per_quarter", 3),
                _count("grace_quarters", 0),
                _money("member_ceiling"),
                _count("min_group_size", 5, minimum=1),
                _count("active_min", 3, minimum=1),
                _count("core_min", 12, minimum=1),
                _count("window_days", 90, minimum=1),
                _count("conversion_window_days", 180, minimum=1),
            ),
            key=(),
        ),
        Table("regions", (_country(required=True), _label("region", required=True)), key=("country",)),
        Table(
            "spaces",
            (
                _key("space_key"),
                _text("name", required=True),
                _text("city"),
                _country(),
                *_point(),
                _date("opened_on"),
                _date("closed_on"),
                _count("pilot_days", minimum=1),
                _count("target_events_per_week", 3),
                _count("target_events_per_year", 96),
                _count("target_new_contributors_per_event", 1),
            ),
            key=("space_key",),
            spans=(("opened_on", "closed_on"),),
        ),
        Table("areas", (_label("area", required=True), Column("is_code", Kind.FLAG, default=0)), key=("area",)),
        Table(
            "teams",
            (
                _key("team_key"),
                _text("name", required=True),
                Column("area", Kind.LABEL, references="areas"),
                _text("partner"),
                _reference("coordinator_key", "people"),
                _date("coordinator_appointed_on"),
            ),
            key=("team_key",),
        ),
        Table(
            "team_stages",
            (
                _reference("team_key", "teams", required=True),
                _choice("stage", STAGES, required=True),
                _date("entered_on", required=True),
                _text("note"),
            ),
            key=("team_key", "entered_on"),
        ),
        Table(
            "team_milestones",
            (
                _reference("team_key", "teams", required=True),
                _choice("milestone", tuple(code for codes in MILESTONES.values() for code in codes), required=True),
                _date("reached_on", required=True),
                Column("evidence_url", Kind.URL),
                _text("note"),
            ),
            key=("team_key", "milestone"),
        ),
        Table(
            "team_risks",
            (
                _key("risk_key"),
                _reference("team_key", "teams", required=True),
                _text("risk", required=True),
                _choice("severity", ("low", "medium", "high")),
                _date("raised_on", required=True),
                _date("closed_on"),
            ),
            key=("risk_key",),
            spans=(("raised_on", "closed_on"),),
        ),
        Table(
            "people",
            (
                _key("person_key"),
                _text("name"),
                _text("home_city"),
                _text("home_state"),
                _country("home_country"),
                *_point("home_"),
                _date("joined_on"),
                Column("languages", Kind.LANGUAGES),
                _label("entry_channel"),
            ),
            key=("person_key",),
        ),
        Table(
            "person_attributes",
            (
                _reference("person_key", "people", required=True),
                _label("dimension", required=True),
                _label("value", required=True),
            ),
            key=("person_key", "dimension"),
        ),
        Table(
            "cohorts",
            (
                _key("cohort_key"),
                _text("name", required=True),
                _date("applications_open_on"),
                _date("applications_close_on"),
                _date("training_starts_on"),
                _date("graduates_on"),
                _count("places"),
            ),
            key=("cohort_key",),
            spans=(("applications_open_on", "applications_close_on"), ("training_starts_on", "graduates_on")),
        ),
        Table(
            "applications",
            (
                _key("application_key"),
                _reference("person_key", "people", required=True),
                _reference("cohort_key", "cohorts", required=True),
                _date("applied_on", required=True),
                _date("evaluated_on"),
                Column("score", Kind.NUMBER),
                _choice("decision", ("pending", "accepted", "declined", "withdrawn")),
                _date("decided_on"),
                _date("trained_on"),
                _date("graduated_on"),
            ),
            key=("application_key",),
            spans=(("applied_on", "evaluated_on"), ("applied_on", "decided_on"), ("trained_on", "graduated_on")),
        ),
        Table(
            "memberships",
            (
                _key("membership_key"),
                _reference("person_key", "people", required=True),
                _reference("cohort_key", "cohorts"),
                _date("started_on", required=True),
                _date("ended_on"),
                _choice("end_reason", ("below_floor", "left", "conduct", "hired", "completed")),
                _text("hired_by"),
            ),
            key=("membership_key",),
            spans=(("started_on", "ended_on"),),
        ),
        Table(
            "events",
            (
                _key("event_key"),
                _text("title", required=True),
                _date("starts_on", required=True),
                _date("ends_on"),
                Column("starts_at", Kind.DATETIME),
                Column("ends_at", Kind.DATETIME),
                _choice("status", STATUSES),
                _choice("mode", MODES),
                _label("format"),
                _choice("scale", SCALES),
                _text("venue"),
                _text("city"),
                _text("state"),
                _country(),
                *_point(),
                _reference("space_key", "spaces"),
                _reference("team_key", "teams"),
                Column("area", Kind.LABEL, references="areas"),
                Column("topics", Kind.TOPICS),
                Column("languages", Kind.LANGUAGES),
                _count("attendance"),
                _count("new_contributors"),
                Column("url", Kind.URL),
            ),
            key=("event_key",),
            spans=(("starts_on", "ends_on"),),
        ),
        Table(
            "participations",
            (
                _reference("event_key", "events", required=True),
                _reference("person_key", "people", required=True),
                _choice("role", ("speaker", "organizer", "mentor", "facilitator", "attendee"), required=True),
                Column("language", Kind.LANGUAGE),
                Column("rating", Kind.INTEGER, minimum=1, maximum=5),
            ),
            key=("event_key", "person_key", "role"),
        ),
        Table(
            "materials",
            (
                _key("material_key"),
                _text("title", required=True),
                _label("kind"),
                Column("language", Kind.LANGUAGE, required=True),
                _reference("author_key", "people"),
                _reference("event_key", "events"),
                _date("published_on", required=True),
                _reference("original_key", "materials"),
                Column("url", Kind.URL),
            ),
            key=("material_key",),
        ),
        Table(
            "budgets",
            (
                Column("fiscal_year", Kind.FISCAL_YEAR, required=True),
                _money("amount", required=True),
                _CURRENCY,
                _reference("person_key", "people"),
            ),
            key=("fiscal_year", "person_key"),
        ),
        Table(
            "funding_requests",
            (
                _key("request_key"),
                _reference("person_key", "people", required=True),
                _reference("event_key", "events"),
                _choice("category", ("travel", "lodging", "supplies", "catering", "other")),
                _money("requested_amount", required=True),
                _CURRENCY,
                _date("requested_on", required=True),
                _choice("decision", DECISIONS),
                _date("decided_on"),
                _money("approved_amount"),
                _money("paid_amount"),
                _date("paid_on"),
            ),
            key=("request_key",),
            spans=(("requested_on", "decided_on"),),
        ),
        Table(
            "contributions",
            (
                _reference("person_key", "people", required=True),
                _date("contributed_on", required=True),
                Column("area", Kind.LABEL, required=True, references="areas"),
                _reference("team_key", "teams"),
                _count("quantity", 1, minimum=1),
                _reference("event_key", "events"),
                _label("project"),
            ),
            key=("person_key", "contributed_on", "area", "team_key", "event_key", "project"),
        ),
        Table(
            "mentorships",
            (
                _reference("mentor_key", "people", required=True),
                _reference("mentee_key", "people", required=True),
                _date("started_on", required=True),
                _date("ended_on"),
                _label("circle"),
            ),
            key=("mentor_key", "mentee_key", "started_on"),
            spans=(("started_on", "ended_on"),),
        ),
        Table(
            "challenges",
            (
                _key("challenge_key"),
                _reference("event_key", "events", required=True),
                _choice("phase", ("before", "during", "after")),
                _choice("kind", ("learning_task", "contribution_challenge")),
                _label("project"),
                _count("completed_count"),
            ),
            key=("challenge_key",),
        ),
        Table(
            "disputes",
            (
                _key("dispute_key"),
                _label("kind", required=True),
                _date("opened_on", required=True),
                _date("closed_on"),
                _text("outcome"),
            ),
            key=("dispute_key",),
            spans=(("opened_on", "closed_on"),),
        ),
        Table(
            "targets",
            (
                _label("metric", required=True),
                _date("period_start", required=True),
                _date("period_end", required=True),
                Column("value", Kind.NUMBER, required=True),
                _label("scope"),
            ),
            key=("metric", "period_start", "period_end", "scope"),
            spans=(("period_start", "period_end"),),
        ),
        Table(
            "exchange_rates",
            (
                Column("currency", Kind.CURRENCY, required=True),
                _date("on", required=True),
                Column("rate_to_program_currency", Kind.RATE, required=True),
            ),
            key=("currency", "on"),
        ),
    )
}

# A reference to one of these creates a bare person when the bundle has no people table at all.
PERSON_REFERENCES = frozenset({"person_key", "author_key", "mentor_key", "mentee_key"})
