"""A note beside an audit entry, such as the reason of a decision; indexes for the request desk."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would make the table anew, without the triggers that keep it append-only.
    op.add_column("audit", sa.Column("note", sa.Text(), nullable=True))
    op.create_index("ix_audit_subject", "audit", ["subject", "subject_key"])
    op.create_index("ix_funding_requests_event_key", "funding_requests", ["event_key"])
    op.create_index("ix_funding_requests_decision", "funding_requests", ["decision", "requested_on", "request_key"])


def downgrade() -> None:
    op.drop_index("ix_funding_requests_decision", "funding_requests")
    op.drop_index("ix_funding_requests_event_key", "funding_requests")
    op.drop_index("ix_audit_subject", "audit")
    op.drop_column("audit", "note")
