"""How tables of a shape are read, remembered for the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_readings",
        sa.Column("shape", sa.String(length=24), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shape", name=op.f("pk_table_readings")),
    )


def downgrade() -> None:
    op.drop_table("table_readings")
