"""Indexes of the ledger by member, by year, and of what waits from whatever year."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MEMBER = ["person_key", "state", "fiscal_year", "starts_on", "ends_on", "amount"]
YEAR = ["state", "fiscal_year", "starts_on", "person_key", "amount"]
WAITING = ["state", "ends_on", "starts_on", "person_key", "amount", "fiscal_year"]


def upgrade() -> None:
    op.drop_index("ix_ledger_open", "ledger")
    op.drop_index("ix_ledger_member", "ledger")
    op.create_index("ix_ledger_member", "ledger", MEMBER)
    op.create_index("ix_ledger_year", "ledger", YEAR)
    op.create_index("ix_ledger_waiting", "ledger", WAITING)


def downgrade() -> None:
    for name in ("waiting", "year", "member"):
        op.drop_index(f"ix_ledger_{name}", "ledger")
    op.create_index(
        "ix_ledger_member", "ledger", ["fiscal_year", "person_key", "starts_on", "ends_on", "state", "amount"]
    )
    op.create_index("ix_ledger_open", "ledger", ["fiscal_year", "state", "amount", "ends_on"])
