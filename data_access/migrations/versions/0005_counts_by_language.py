"""Indexes for counts by language."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EVENTS = {
    "ix_events_by_language": ["languages", "located_country", "mode", "starts_on", "status", "attendance"],
    "ix_events_language_days": ["languages", "starts_on", "status"],
    "ix_events_key_days": ["event_key", "starts_on", "status"],
}


def upgrade() -> None:
    op.create_index("ix_participations_role", "participations", ["role", "language", "event_key"])
    if op.get_bind().dialect.name == "sqlite":
        for name, columns in EVENTS.items():
            op.create_index(name, "events", columns)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in EVENTS:
            op.drop_index(name, "events")
    op.drop_index("ix_participations_role", "participations")
