"""Syncs can be undone: which source an import came from, and what of a source it was that counted."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("source_id", sa.Integer(), nullable=True))
    op.add_column("source_items", sa.Column("import_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_source_items_import_id"), "source_items", ["import_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_source_items_import_id"), table_name="source_items")
    op.execute("ALTER TABLE source_items DROP COLUMN import_id")
    op.execute("ALTER TABLE imports DROP COLUMN source_id")
