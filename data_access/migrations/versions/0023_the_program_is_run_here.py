"""Running the program: grace of one member."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("grace_starts_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("grace_ends_on", sa.Date(), nullable=True))
        table.create_check_constraint("grace_ends_on_after_grace_starts_on", '"grace_ends_on" >= "grace_starts_on"')


def downgrade() -> None:
    with op.batch_alter_table("memberships") as table:
        table.drop_constraint("grace_ends_on_after_grace_starts_on", type_="check")
        table.drop_column("grace_ends_on")
        table.drop_column("grace_starts_on")
