"""Notes on the time line, for everybody and for those inside; views that are kept under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("time_notes", "inside_time_notes"):
        op.create_table(
            name,
            sa.Column("mark_key", sa.String(length=40), nullable=False),
            sa.Column("marked_on", sa.Date(), nullable=False),
            sa.Column("words", sa.String(length=120), nullable=False),
            sa.PrimaryKeyConstraint("mark_key", name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "saved_views",
        sa.Column("view_key", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("view_key", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_saved_views_owner_name")),
    )


def downgrade() -> None:
    for name in ("saved_views", "inside_time_notes", "time_notes"):
        op.drop_table(name)
