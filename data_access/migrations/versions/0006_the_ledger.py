"""The ledger of requests, converted budgets, and the rate of each converted amount."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LEDGER_INDEX = ["fiscal_year", "person_key", "starts_on", "ends_on", "state", "amount"]


def upgrade() -> None:
    with op.batch_alter_table("funding_conversions") as conversions:
        for amount in ("requested", "approved"):
            conversions.add_column(sa.Column(f"{amount}_rate", sa.String(length=40)))
            conversions.add_column(sa.Column(f"{amount}_rate_on", sa.Date()))
        for amount in ("requested", "approved", "paid"):
            conversions.add_column(sa.Column(f"{amount}_rate_source", sa.String(length=12)))
    op.create_table(
        "budget_conversions",
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("rate", sa.String(length=40)),
        sa.Column("rate_on", sa.Date()),
        sa.Column("rate_source", sa.String(length=12)),
        sa.PrimaryKeyConstraint("fiscal_year", "person_key", name=op.f("pk_budget_conversions")),
    )
    op.create_table(
        "ledger",
        sa.Column("request_key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("person_key", sa.String(length=200), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("amount", sa.BigInteger()),
        sa.ForeignKeyConstraint(["request_key"], ["funding_requests.request_key"], name=op.f("fk_ledger_request_key")),
        sa.PrimaryKeyConstraint("request_key", "state", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_member", "ledger", LEDGER_INDEX)
    is_open = sa.text("ends_on IS NULL")
    columns = ["fiscal_year", "state", "amount", "ends_on"]
    op.create_index("ix_ledger_open", "ledger", columns, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    op.drop_table("ledger")
    op.drop_table("budget_conversions")
    with op.batch_alter_table("funding_conversions") as conversions:
        for amount in ("requested", "approved", "paid"):
            conversions.drop_column(f"{amount}_rate_source")
        for amount in ("requested", "approved"):
            conversions.drop_column(f"{amount}_rate")
            conversions.drop_column(f"{amount}_rate_on")
