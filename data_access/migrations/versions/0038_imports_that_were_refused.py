"""Imports that were refused: when, by whom, of which files, with how many errors."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_imports",
        sa.Column("refused_id", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("refused_id", name=op.f("pk_refused_imports")),
    )


def downgrade() -> None:
    op.drop_table("refused_imports")
