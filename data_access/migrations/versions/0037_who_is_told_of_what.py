"""Who is told of what by e-mail, webhook or feed, and what they were told of already."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_key", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("teams", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.Column("person_key", sa.String(length=200), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("subscription_key", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("hash", name=op.f("uq_subscriptions_hash")),
    )
    op.create_table(
        "subscription_looks",
        sa.Column("subscription_key", sa.String(length=16), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("taken_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("subscription_key", name=op.f("pk_subscription_looks")),
    )
    op.create_table(
        "told_items",
        sa.Column("subscription_key", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subscription_key", "item", name=op.f("pk_told_items")),
    )
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("subscription_key", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("stop_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_deliveries")),
    )
    for column in ("subscription_key", "stop_hash"):
        op.create_index(op.f(f"ix_deliveries_{column}"), "deliveries", [column])


def downgrade() -> None:
    for table in ("deliveries", "told_items", "subscription_looks", "subscriptions"):
        op.drop_table(table)
