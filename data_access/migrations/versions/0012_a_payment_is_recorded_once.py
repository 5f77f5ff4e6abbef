"""A payment that somebody recorded is recorded once, whatever happens to its request; what waits is found by its state."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recorded_payments",
        sa.Column("request_key", sa.String(length=200), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_key"],
            ["funding_requests.request_key"],
            name=op.f("fk_recorded_payments_request_key"),
        ),
        sa.PrimaryKeyConstraint("request_key", name=op.f("pk_recorded_payments")),
    )
    for state in ("pending", "committed"):
        only = sa.text(f"state = '{state}'")
        columns = ["ends_on", "starts_on"]
        op.create_index(f"ix_ledger_{state}", "ledger", columns, sqlite_where=only, postgresql_where=only)
    op.execute(
        "INSERT INTO recorded_payments (request_key, paid_amount, paid_on) "
        "SELECT request_key, paid_amount, paid_on FROM funding_requests "
        "WHERE paid_amount IS NOT NULL AND paid_on IS NOT NULL AND request_key IN "
        "(SELECT subject_key FROM audit WHERE subject = 'request' AND action = 'payment')"
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_committed", "ledger")
    op.drop_index("ix_ledger_pending", "ledger")
    op.drop_table("recorded_payments")
