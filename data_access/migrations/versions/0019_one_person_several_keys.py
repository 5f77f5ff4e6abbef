"""One person under several keys: merged keys, their rows as they came, who is not the same, and what is no person."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_aliases",
        sa.Column("alias_key", sa.String(length=200), nullable=False),
        sa.Column("kept_key", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("alias_key", name=op.f("pk_person_aliases")),
    )
    op.create_index(op.f("ix_person_aliases_kept_key"), "person_aliases", ["kept_key"])
    op.create_table(
        "rows_as_given",
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_hash", sa.String(length=32), nullable=False),
        sa.Column("member_key", sa.String(length=200), nullable=False),
        sa.Column("stands_as", sa.String(length=32), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_hash", "member_key", name=op.f("pk_rows_as_given")),
    )
    op.create_index(op.f("ix_rows_as_given_member_key"), "rows_as_given", ["member_key"])
    op.create_index(op.f("ix_rows_as_given_stands_as"), "rows_as_given", ["table_name", "stands_as"])
    op.create_table(
        "different_people",
        sa.Column("one_key", sa.String(length=200), nullable=False),
        sa.Column("other_key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("one_key", "other_key", name=op.f("pk_different_people")),
    )
    op.create_table(
        "not_people",
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("pattern", name=op.f("pk_not_people")),
    )


def downgrade() -> None:
    for table in ("not_people", "different_people", "rows_as_given", "person_aliases"):
        op.drop_table(table)
