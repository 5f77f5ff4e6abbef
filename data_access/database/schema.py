"""The program database: every table, key, constraint and index, as SQLAlchemy Core.

Tables of the data contract are made from `data_access.contract.tables`, so that a column is described once; below
them stand the product's own tables and the derived ones, which an import computes and nothing else writes.

Money is stored as whole ten-thousandths of its currency's unit in 64-bit integers: sums are exact on every engine.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    literal_column,
)
from sqlalchemy.event import listen
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from data_access.contract import tables
from data_access.contract.tables import Kind
from data_access.database.column_types import ExactNumber, Money

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.KEY: String(200),
    Kind.TEXT: Text(),
    Kind.LABEL: String(200),
    Kind.DATE: Date(),
    Kind.DATETIME: String(32),
    Kind.MONTH_DAY: String(5),
    Kind.FISCAL_YEAR: Integer(),
    Kind.COUNTRY: String(2),
    Kind.LANGUAGE: String(35),
    Kind.LANGUAGES: Text(),
    Kind.TOPICS: Text(),
    Kind.CURRENCY: String(3),
    Kind.MONEY: Money(),
    Kind.RATE: ExactNumber(),
    Kind.INTEGER: Integer(),
    Kind.NUMBER: Float(),
    Kind.LATITUDE: Float(),
    Kind.LONGITUDE: Float(),
    Kind.FLAG: Boolean(),
    Kind.CHOICE: String(40),
    Kind.URL: Text(),
}

# Neither a mistake in our own code nor a hand in the database's shell may rewrite what was recorded.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb.upper()} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are only ever added'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ),
}

# Key columns that may be empty: the key is then a unique index over coalesce(column, '').
_PART_OPTIONAL_KEYS = frozenset(
    table.name for table in tables.TABLES.values() if any(not table.column(name).required for name in table.key)
)


def _contract_column(table: tables.Table, column: tables.Column) -> Column[Any]:
    arguments: list[Any] = [_TYPES[column.kind]]
    if column.references:
        target = tables.TABLES[column.references]
        arguments.append(ForeignKey(f"{target.name}.{target.key[0]}"))
    return Column(
        column.name,
        *arguments,
        primary_key=column.name in table.key and table.name not in _PART_OPTIONAL_KEYS,
        autoincrement=False,
        nullable=not column.required and column.default is None,
        server_default=None if column.default is None else _server_default(column),
    )


def _server_default(column: tables.Column) -> str | ColumnElement[Any]:
    if column.kind is Kind.FLAG:
        return literal_column("true" if column.default else "false")
    return str(column.default)


def _checks(table: tables.Table) -> list[CheckConstraint]:
    checks = []
    for column in table.columns:
        if column.choices:
            allowed = ", ".join(f"'{choice}'" for choice in column.choices)
            checks.append((column.name, f'"{column.name}" IN ({allowed})'))
        if column.kind is Kind.MONEY:
            checks.append((column.name, f'"{column.name}" >= 0'))
        if column.minimum is not None:
            checks.append((f"{column.name}_minimum", f'"{column.name}" >= {column.minimum}'))
        if column.maximum is not None:
            checks.append((f"{column.name}_maximum", f'"{column.name}" <= {column.maximum}'))
        if column.kind is Kind.LATITUDE:
            checks.append((column.name, f'"{column.name}" BETWEEN -90 AND 90'))
        if column.kind is Kind.LONGITUDE:
            checks.append((column.name, f'"{column.name}" BETWEEN -180 AND 180'))
    if table.name == "program":
        checks.append(("one_row", "program_id = 1"))
    checks += [(f"{end}_after_{start}", f'"{end}" >= "{start}"') for start, end in table.spans]
    return [CheckConstraint(sql, name=name) for name, sql in checks]


def _extra_columns(table: str) -> list[Column[Any]]:
    """What an import adds to a contract table for the questions' sake."""
    if table == "program":
        return [Column("program_id", Integer, primary_key=True, autoincrement=False)]
    if table == "events":
        return [
            Column("place_id", Integer, ForeignKey("places.place_id")),
            Column("located_country", String(2)),
            Column("fingerprint", String(16)),
        ]
    return []


def key_expressions(name: str) -> list[ColumnElement[Any]]:
    """The columns, or coalesced columns, that identify a row of a contract table."""
    table, columns = tables.TABLES[name], metadata.tables[name].c
    return [
        columns[key] if table.column(key).required else func.coalesce(columns[key], literal_column("''"))
        for key in table.key
    ]


for _table in tables.TABLES.values():
    Table(
        _table.name,
        metadata,
        *_extra_columns(_table.name),
        *(_contract_column(_table, column) for column in _table.columns),
        *_checks(_table),
    )
for _name in sorted(_PART_OPTIONAL_KEYS):
    Index(f"uq_{_name}_key", *key_expressions(_name), unique=True)

program = metadata.tables["program"]
regions = metadata.tables["regions"]
spaces = metadata.tables["spaces"]
space_notes = metadata.tables["space_notes"]
areas = metadata.tables["areas"]
teams = metadata.tables["teams"]
team_stages = metadata.tables["team_stages"]
team_milestones = metadata.tables["team_milestones"]
team_risks = metadata.tables["team_risks"]
people = metadata.tables["people"]
person_attributes = metadata.tables["person_attributes"]
cohorts = metadata.tables["cohorts"]
applications = metadata.tables["applications"]
application_reviews = metadata.tables["application_reviews"]
memberships = metadata.tables["memberships"]
trainings = metadata.tables["trainings"]
training_attendance = metadata.tables["training_attendance"]
thanks = metadata.tables["thanks"]
events = metadata.tables["events"]
participations = metadata.tables["participations"]
materials = metadata.tables["materials"]
budgets = metadata.tables["budgets"]
funding_requests = metadata.tables["funding_requests"]
contributions = metadata.tables["contributions"]
mentorships = metadata.tables["mentorships"]
challenges = metadata.tables["challenges"]
organizer_needs = metadata.tables["organizer_needs"]
disputes = metadata.tables["disputes"]
dispute_steps = metadata.tables["dispute_steps"]
decisions = metadata.tables["decisions"]
targets = metadata.tables["targets"]
exchange_rates = metadata.tables["exchange_rates"]

Index("ix_events_starts_on", events.c.starts_on)
Index("ix_events_place_id", events.c.place_id, events.c.starts_on)
Index("ix_events_team_key", events.c.team_key)
Index("ix_events_space_key", events.c.space_key)
Index("ix_events_fingerprint", events.c.fingerprint)
Index("ix_participations_role", participations.c.role, participations.c.language, participations.c.event_key)
Index("ix_participations_person_key", participations.c.person_key)
Index("ix_space_notes_space_key", space_notes.c.space_key)
Index("ix_materials_event_key", materials.c.event_key)
Index("ix_contributions_contributed_on", contributions.c.contributed_on)
# Covers what questions read of a team: who contributed how much in a span of days.
Index(
    "ix_contributions_team_key",
    *(contributions.c[name] for name in ("team_key", "contributed_on", "person_key", "quantity")),
)
Index("ix_funding_requests_person_key", funding_requests.c.person_key)
Index("ix_funding_requests_paid_on", funding_requests.c.paid_on)
Index("ix_funding_requests_event_key", funding_requests.c.event_key)
Index(
    "ix_funding_requests_decision", *(funding_requests.c[name] for name in ("decision", "requested_on", "request_key"))
)
Index("ix_applications_person_key", applications.c.person_key)
Index("ix_memberships_person_key", memberships.c.person_key)
Index("ix_training_attendance_person_key", training_attendance.c.person_key)
Index("ix_thanks_given_on", thanks.c.given_on)

# Each holds all that a count by language reads, in the order of its groups or under its key. Made on SQLite alone: only
# it sorts a million rows too slowly, and in PostgreSQL a long list of languages would not fit into an index.
SQLITE_INDEXES = {
    "ix_events_by_language": ("languages", "located_country", "mode", "starts_on", "status", "attendance"),
    "ix_events_language_days": ("languages", "starts_on", "status"),
    "ix_events_key_days": ("event_key", "starts_on", "status"),
}
for _name, _columns in SQLITE_INDEXES.items():
    _create = DDL(f"CREATE INDEX {_name} ON events ({', '.join(_columns)})")  # type: ignore[no-untyped-call]
    listen(events, "after_create", _create.execute_if(dialect="sqlite"))

# ---- geography ------------------------------------------------------------------------------------------------

places = Table(
    "places",
    metadata,
    Column("place_id", Integer, primary_key=True),
    Column("place_key", String(700), nullable=False, unique=True),
    Column("city", Text),
    Column("state", Text),
    Column("country", String(2)),
    Column("given_latitude", Float),
    Column("given_longitude", Float),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("located_country", String(2)),
    Column("source", String(12), nullable=False),
    Column("confidence", Float),
    Column("ambiguous", Boolean, nullable=False, server_default=literal_column("false")),
    Column("matched_name", Text),
    Column("geonameid", Integer),
    Column("population", Integer),
    Column("problem", Text),
    Column("checked_on", Date),
    CheckConstraint("source IN ('gazetteer', 'nominatim', 'override', 'given', 'none')", name="source"),
)
countries = Table(
    "countries",
    metadata,
    Column("country", String(2), primary_key=True),
    Column("alpha3", String(3), nullable=False),
    Column("name", Text, nullable=False),
    Column("region", String(200), nullable=False),
    Column("continent", String(40), nullable=False),
    Column("population", BigInteger),
)

# ---- what was imported ----------------------------------------------------------------------------------------

imports = Table(
    "imports",
    metadata,
    Column("import_id", Integer, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("finished_at", DateTime, nullable=False),
    Column("imported_by", String(200), nullable=False),
    Column("source", Text, nullable=False),
    Column("format", String(40), nullable=False),
    Column("checksum", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("hints", Integer, nullable=False),
    Column("source_id", Integer),  # the live source that was asked for it
)
# Of files alone: a live source keeps itself what came of it. Nothing out of the files stands here. No data version.
refused_imports = Table(
    "refused_imports",
    metadata,
    Column("refused_id", Integer, primary_key=True),
    Column("refused_at", DateTime, nullable=False),
    Column("imported_by", String(200), nullable=False),
    Column("source", Text, nullable=False),  # names of files, as `imports` has them
    Column("errors", Integer, nullable=False),  # 0: the files could not be read at all, or hold no row
)
import_counts = Table(
    "import_counts",
    metadata,
    Column("import_id", ForeignKey("imports.import_id"), primary_key=True),
    Column("table_name", String(40), primary_key=True),
    Column("rows_read", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
)
import_problems = Table(
    "import_problems",
    metadata,
    Column("import_id", ForeignKey("imports.import_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("file", Text, nullable=False),
    Column("line", Integer),
    Column("table", String(40), nullable=False),
    Column("column", String(60)),
    Column("value", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("severity", String(8), nullable=False),
)

# What stood in each table before an import, for as long as the import can be undone: data_access.database.images.
import_images = Table(
    "import_images",
    metadata,
    Column("import_id", ForeignKey("imports.import_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("table_name", String(40), nullable=False),
    Column("what", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
# One row while the database holds the sample program: said by whoever made it, never guessed from what it holds.
sample_program = Table("sample_program", metadata, Column("made_at", DateTime, primary_key=True))

# How tables of a shape (their sorted headings, as a digest) are read, as TOML: what somebody chose once.
table_readings = Table(
    "table_readings",
    metadata,
    Column("shape", String(24), primary_key=True),
    Column("reading", Text, nullable=False),
)

# ---- who changed what through the dashboard: only ever added to ---------------------------------------------------

audit = Table(
    "audit",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("happened_at", DateTime, nullable=False),
    Column("author", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("team_key", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("subject_key", String(200), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    # Why, in the author's words, where a reason was required.
    Column("note", Text),
    # Unique: of two who undo the same entry at once, one wins.
    Column("undoes", Integer, ForeignKey("audit.entry_id"), unique=True),
)
Index("ix_audit_team_key", audit.c.team_key)
Index("ix_audit_subject", audit.c.subject, audit.c.subject_key)
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(audit, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]

# Payments that somebody recorded here, until they are undone. The key makes a second one impossible, whatever a file or
# a hand in the database's shell does to the request meanwhile.
recorded_payments = Table(
    "recorded_payments",
    metadata,
    Column("request_key", ForeignKey("funding_requests.request_key"), primary_key=True),
    Column("paid_amount", Money, nullable=False),
    Column("paid_on", Date, nullable=False),
)

# ---- who may look, as what: not the program's data, and so in no read copy and behind no question -------------------

viewers = Table(
    "viewers",
    metadata,
    Column("email", String(254), primary_key=True),
    Column("role", String(20), nullable=False),
    # Of a partner: keys, comma-separated as `selection.escape_item` writes them.
    Column("teams", Text, nullable=False),
)

# With what other programs ask questions: never the token itself.
access_tokens = Table(
    "access_tokens",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("teams", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
)

# What a viewer has put off on the page of the week: `item` is a hash, so that no key of a person stays here.
snoozes = Table(
    "snoozes",
    metadata,
    Column("viewer", String(200), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("made_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
)

# Who is told of what, how, and how often. `address` is an e-mail address, or the name of the environment variable that
# holds a webhook's; `role` is empty where the table of viewers says it; `hash` is of a feed's token, which is not kept.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscription_key", String(16), primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("address", String(254), nullable=False),
    Column("role", String(20), nullable=False),
    Column("teams", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("pace", String(10), nullable=False),
    Column("person_key", String(200)),
    Column("hash", String(64), unique=True),
    Column("made_on", Date, nullable=False),
)
# When each was last looked after; `looks` counts, so that of two who look at once one writes.
subscription_looks = Table(
    "subscription_looks",
    metadata,
    Column("subscription_key", String(16), primary_key=True),
    Column("seen_on", Date),
    Column("looks", Integer, nullable=False),
    Column("taken_until", DateTime),
)
# What each was told of and is still so: `item` is a hash, so that no key of a person stays here.
told_items = Table(
    "told_items",
    metadata,
    Column("subscription_key", String(16), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("told_at", DateTime, nullable=False),
    Column("delivery_id", Integer, nullable=False),
)
# What went out: `state` is claimed, handing_over, sent, failed or given_up; `stop_hash` of the link that ends it.
deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", Integer, primary_key=True),
    Column("subscription_key", String(16), nullable=False, index=True),
    Column("made_at", DateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("items", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", DateTime, nullable=False),
    Column("next_try_at", DateTime),
    Column("problem", Text),
    Column("stop_hash", String(64), index=True),
)

# Days that explain a trend, in the program manager's words: those for everybody, which the release holds too, and, in a
# table of their own, those that never leave.
time_notes, inside_time_notes = (
    Table(
        name,
        metadata,
        Column("mark_key", String(40), primary_key=True),
        Column("marked_on", Date, nullable=False),
        Column("words", String(120), nullable=False),
    )
    for name in ("time_notes", "inside_time_notes")
)

# Views that viewers keep under a name: a page and its parameters (JSON by name); shared with who may open the page.
saved_views = Table(
    "saved_views",
    metadata,
    Column("view_key", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(80), nullable=False),
    Column("page", String(60), nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("made_on", Date, nullable=False),
    UniqueConstraint("owner", "name"),
)

# Who was erased: keyed hashes of the keys they had, so that no file brings them back. Not even the day is kept, by
# which one could tell who it was.
stop_list = Table("stop_list", metadata, Column("key_hash", String(64), primary_key=True))
stop_list_salt = Table("stop_list_salt", metadata, Column("salt", String(64), primary_key=True))

# Who read what about persons: once a viewer, question and day. `about` is a key where it was one person's, else empty.
reads = Table(
    "reads",
    metadata,
    Column("read_id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("happened_at", DateTime, nullable=False),
    Column("author", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("question", String(80), nullable=False),
    Column("about", String(200), nullable=False),
    Column("people", Integer, nullable=False),
    UniqueConstraint("day", "author", "question", "about"),
)

# ---- one person, several keys ---------------------------------------------------------------------------------------

# A key that was merged into another: what an import brings under it is that person's. Without one it is nobody's: a bot
# or a placeholder, whose rows are kept apart. A kept key may itself be merged into a third.
person_aliases = Table(
    "person_aliases",
    metadata,
    Column("alias_key", String(200), primary_key=True),
    Column("kept_key", String(200)),
)
Index("ix_person_aliases_kept_key", person_aliases.c.kept_key)
# The rows of everybody with more than one key as they came, by the key under which they came: the program's own rows
# are made of them, so that a merge can be taken back. `row_hash` is of the row's own key and `stands_as` of the row of
# the program that it is part of (none: it is kept apart); `content` is JSON by column.
rows_as_given = Table(
    "rows_as_given",
    metadata,
    Column("table_name", String(40), primary_key=True),
    Column("row_hash", String(32), primary_key=True),
    Column("member_key", String(200), primary_key=True),
    Column("stands_as", String(32)),
    Column("content", Text, nullable=False),
)
Index("ix_rows_as_given_member_key", rows_as_given.c.member_key)
Index("ix_rows_as_given_stands_as", rows_as_given.c.table_name, rows_as_given.c.stands_as)
# Two keys of which somebody said that they are not the same person; the lesser first.
different_people = Table(
    "different_people",
    metadata,
    Column("one_key", String(200), primary_key=True),
    Column("other_key", String(200), primary_key=True),
)
# What is no person though it stands where one does. No row: the product's own list; "" marks one that was edited.
not_people = Table("not_people", metadata, Column("pattern", String(200), primary_key=True))

# ---- live sources: what is asked for news, and how far each was read -------------------------------------------------

live_sources = Table(
    "live_sources",
    metadata,
    Column("source_id", Integer, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("address", Text, nullable=False),
    # The name of the environment variable that holds the secret; the secret itself is never stored.
    Column("secret_from", String(100)),
    Column("allow_private", Boolean, nullable=False),
    Column("settings", Text, nullable=False),
    # How far it was read, as JSON: ETag, Last-Modified, cursors. Written in the transaction of the import that used it.
    Column("state", Text, nullable=False),
    Column("asked_at", DateTime),
    Column("import_id", Integer),
    Column("outcome", Text),
    Column("next_step", Text),
    Column("wait_until", DateTime),
)
# What was counted from a source, each once: contributions have no key, and a day's number is counted from these. `item`
# is a hash of what the source calls it, `part` which kind of contribution it is.
source_items = Table(
    "source_items",
    metadata,
    Column("source_id", ForeignKey("live_sources.source_id"), primary_key=True),
    Column("item", BigInteger, primary_key=True, autoincrement=False),
    Column("person_key", String(200), nullable=False),
    Column("day", Date, nullable=False),
    Column("part", Integer, nullable=False),
    Column("import_id", Integer, index=True),  # the one that counted it
)
Index("ix_source_items_person_key", source_items.c.person_key, source_items.c.day)

# ---- derived: computed by an import for what it changed ---------------------------------------------------------

event_topics = Table(
    "event_topics",
    metadata,
    Column("event_key", ForeignKey("events.event_key"), primary_key=True),
    Column("topic", String(200), primary_key=True),
)
event_languages = Table(
    "event_languages",
    metadata,
    Column("event_key", ForeignKey("events.event_key"), primary_key=True),
    Column("language", String(35), primary_key=True),
)
person_languages = Table(
    "person_languages",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("language", String(35), primary_key=True),
)
Index("ix_event_topics_topic", event_topics.c.topic)
Index("ix_event_languages_language", event_languages.c.language)
Index("ix_person_languages_language", person_languages.c.language)

contributor_spans = Table(
    "contributor_spans",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("quantity", BigInteger, nullable=False),
)
Index("ix_contributor_spans_first_on", contributor_spans.c.first_on)

# How far each person has come, and when: see `data_access.derived.levels`. Team, area and event are those of the
# first contribution; days count from the step before. Nobody who has neither joined nor contributed is in it.
contributor_levels = Table(
    "contributor_levels",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("joined_on", Date, nullable=False),
    *(Column(f"{level}_on", Date) for level in ("casual", "active", "core")),
    *(Column(f"days_to_{level}", Integer) for level in ("casual", "active", "core")),
    Column("team_key", ForeignKey("teams.team_key")),
    Column("area", ForeignKey("areas.area")),
    Column("event_key", ForeignKey("events.event_key")),
)
Index("ix_contributor_levels_joined_on", contributor_levels.c.joined_on)

# Each new height of a person's window: the first day on which it held so many, for any threshold one may try.
contributor_records = Table(
    "contributor_records",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("total", Integer, primary_key=True, autoincrement=False),
    Column("reached_on", Date, nullable=False),
)
# Months are numbered from the year 0; `since_first` counts them from the person's first one. `first_on` is the first
# day in the month: as of an earlier day the person had not contributed in it yet.
contributor_months = Table(
    "contributor_months",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("since_first", Integer, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("code_quantity", BigInteger, nullable=False),
    Column("first_on", Date, nullable=False),
)
Index(
    "ix_contributor_months_month",
    contributor_months.c.month,
    contributor_months.c.since_first,
    contributor_months.c.first_on,
)
contributor_areas = Table(
    "contributor_areas",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("area", ForeignKey("areas.area"), primary_key=True),
    Column("first_on", Date, nullable=False),
)
# Days on which somebody contributed again who had lapsed: longer away than the window of the levels.
contributor_returns = Table(
    "contributor_returns",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("returned_on", Date, primary_key=True),
    Column("days_away", Integer, nullable=False),
)
# The days on which somebody was active, from the first to the last of each spell: the window of the levels that ends on
# such a day holds what makes active.
contributor_spells = Table(
    "contributor_spells",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("begins_on", Date, primary_key=True),
    Column("ends_on", Date, nullable=False),
)
# Who contributed because of an event, and when first: as the contributions themselves say.
event_contributors = Table(
    "event_contributors",
    metadata,
    Column("event_key", ForeignKey("events.event_key"), primary_key=True),
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("first_on", Date, nullable=False),
)
# Who contributes to a team, and since when.
team_contributors = Table(
    "team_contributors",
    metadata,
    Column("team_key", ForeignKey("teams.team_key"), primary_key=True),
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("first_on", Date, nullable=False),
)
Index("ix_team_contributors_first_on", team_contributors.c.team_key, team_contributors.c.first_on)
Index("ix_team_contributors_person_key", team_contributors.c.person_key)
# Who organizes, and since when: the day of the first event with them as an organizer that was held.
organizer_starts = Table(
    "organizer_starts",
    metadata,
    Column("person_key", ForeignKey("people.person_key"), primary_key=True),
    Column("first_on", Date, nullable=False),
)

# Amounts in the program's currency, each at the rate of its own date; NULL where no rate is known. Next to each are
# the rate, the day from which it is, and whose it is (data_access.money.rates).
funding_conversions = Table(
    "funding_conversions",
    metadata,
    Column("request_key", ForeignKey("funding_requests.request_key"), primary_key=True),
    *(
        column
        for amount in ("requested", "approved", "paid")
        for column in (
            Column(amount, Money),
            Column(f"{amount}_rate", ExactNumber),
            Column(f"{amount}_rate_on", Date),
            Column(f"{amount}_rate_source", String(12)),
        )
    ),
)
# Budgets and ceilings in the program's currency, at the rate of the fiscal year's first day; "" is the program's own.
budget_conversions = Table(
    "budget_conversions",
    metadata,
    Column("fiscal_year", Integer, primary_key=True, autoincrement=False),
    Column("person_key", String(200), primary_key=True),
    Column("amount", Money),
    Column("rate", ExactNumber),
    Column("rate_on", Date),
    Column("rate_source", String(12)),
)
# The states that each request went through, and in which fiscal year each began: data_access.money.ledger.
ledger = Table(
    "ledger",
    metadata,
    Column("request_key", ForeignKey("funding_requests.request_key"), primary_key=True),
    Column("state", String(12), primary_key=True),
    Column("person_key", String(200), nullable=False),
    Column("fiscal_year", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("amount", Money),
)
# What one member has; what was paid in a year; and what waits, from whatever year: each holds all that its sums read.
Index(
    "ix_ledger_member",
    *(ledger.c[name] for name in ("person_key", "state", "fiscal_year", "starts_on", "ends_on", "amount")),
)
Index("ix_ledger_year", *(ledger.c[name] for name in ("state", "fiscal_year", "starts_on", "person_key", "amount")))
Index(
    "ix_ledger_waiting",
    *(ledger.c[name] for name in ("state", "ends_on", "starts_on", "person_key", "amount", "fiscal_year")),
)

# What waits on a day, for a decision or a payment, among all that ever did. An index of each state: SQLite would take
# one of both for sums by fiscal year too, two hundred times slower.
for _state in ("pending", "committed"):
    _only = ledger.c.state == literal_column(f"'{_state}'")
    Index(f"ix_ledger_{_state}", ledger.c.ends_on, ledger.c.starts_on, sqlite_where=_only, postgresql_where=_only)

# ---- what was released: only ever added to, so that nobody outside is told one thing and then another ---------------

releases = Table(
    "releases",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("released_on", Date, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("of_import", Integer, nullable=False),
    # How many answers were left out because no range would have protected them.
    Column("withheld", Integer, nullable=False),
)
# Each count under its name (JSON), as it was when it was first told, with its range (none: it may not be told).
released_counts = Table(
    "released_counts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("release_id", Integer, nullable=False),
    Column("exact", Integer, nullable=False),
    Column("at_least", Integer),
    Column("at_most", Integer),
)
# Which counts add up to which: names in JSON.
released_sums = Table(
    "released_sums",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("total", Text, nullable=False),
    Column("parts", Text, nullable=False),
)
released_amounts = Table(
    "released_amounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("release_id", Integer, nullable=False),
    Column("amount", ExactNumber),
)
# The payments that told sums are made of, as they were then; `sums`: the places of the release's sums by name, in JSON.
released_payments = Table(
    "released_payments",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("payment_key", Text, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("amount", ExactNumber, nullable=False),
    Column("sums", Text, nullable=False),
)
# The answers: each row as JSON by column; place −1 is the answer itself, which may have no rows.
released_rows = Table(
    "released_rows",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False),
    Column("question", String(60), primary_key=True),
    Column("window_start", Date, primary_key=True),
    Column("window_end", Date, primary_key=True),
    Column("options", String(200), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("row", Text, nullable=False),
)

# What no read copy holds: no question reads it, and a file more that has it is a file more to guard.
NOT_COPIED = frozenset(
    {
        import_images,
        refused_imports,
        viewers,
        snoozes,
        subscriptions,
        subscription_looks,
        told_items,
        deliveries,
        saved_views,
        live_sources,
        source_items,
        person_aliases,
        rows_as_given,
        different_people,
        not_people,
        stop_list,
        stop_list_salt,
        table_readings,
        releases,
        released_counts,
        released_sums,
        released_amounts,
        released_payments,
        released_rows,
    }
)

# List columns of contract tables, and the derived table that holds one row for each of their entries.
LIST_TABLES: dict[tuple[str, str], Table] = {
    ("events", "topics"): event_topics,
    ("events", "languages"): event_languages,
    ("people", "languages"): person_languages,
}
