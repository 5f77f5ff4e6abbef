"""Running the program: grace, a code of conduct accepted, steps of disputes, budgets that the board approved."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None

STEPS = "'received', 'heard', 'separated', 'judged', 'told', 'followed_up'"


def upgrade() -> None:
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("grace_starts_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("grace_ends_on", sa.Date(), nullable=True))
        table.create_check_constraint("grace_ends_on_after_grace_starts_on", '"grace_ends_on" >= "grace_starts_on"')
    op.add_column("people", sa.Column("code_version", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("code_accepted_on", sa.Date(), nullable=True))
    op.add_column("budgets", sa.Column("approved_on", sa.Date(), nullable=True))
    op.create_table(
        "dispute_steps",
        sa.Column("dispute_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("done_on", sa.Date(), autoincrement=False, nullable=False),
        sa.CheckConstraint(f'"step" IN ({STEPS})', name=op.f("ck_dispute_steps_step")),
        sa.ForeignKeyConstraint(["dispute_key"], ["disputes.dispute_key"], name=op.f("fk_dispute_steps_dispute_key")),
        sa.PrimaryKeyConstraint("dispute_key", "step", name=op.f("pk_dispute_steps")),
    )


def downgrade() -> None:
    op.drop_table("dispute_steps")
    # Not in a batch: SQLite would make the tables anew, and others refer to them.
    op.execute("ALTER TABLE budgets DROP COLUMN approved_on")
    op.execute("ALTER TABLE people DROP COLUMN code_accepted_on")
    op.execute("ALTER TABLE people DROP COLUMN code_version")
    with op.batch_alter_table("memberships") as table:
        table.drop_constraint("grace_ends_on_after_grace_starts_on", type_="check")
        table.drop_column("grace_ends_on")
        table.drop_column("grace_starts_on")
