"""When each contributor was active, so that no question adds up every window again."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contributor_spells",
        sa.Column("person_key", sa.String(length=200), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["people.person_key"], name=op.f("fk_contributor_spells_person_key")),
        sa.PrimaryKeyConstraint("person_key", "begins_on", name=op.f("pk_contributor_spells")),
    )


def downgrade() -> None:
    op.drop_table("contributor_spells")
