"""Counts of people by attribute, as released."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people_counts",
        sa.Column("population", sa.String(length=20), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("breakdown", sa.String(length=20), nullable=False),
        sa.Column("member_of", sa.String(length=200), nullable=False),
        sa.Column("dimension", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("released", sa.Integer(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["released_by"], ["imports.import_id"], name=op.f("fk_people_counts_released_by")),
        sa.PrimaryKeyConstraint(
            "population",
            "window_end",
            "breakdown",
            "member_of",
            "dimension",
            "value",
            name=op.f("pk_people_counts"),
        ),
    )


def downgrade() -> None:
    op.drop_table("people_counts")
