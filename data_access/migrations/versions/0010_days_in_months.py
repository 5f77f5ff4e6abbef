"""The first day of each month in which somebody contributed, so that a past day can be asked within its month.

When projects ended depends on the day asked about: the table of their last days goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MONTH_OF = {
    "sqlite": "12 * strftime('%Y', c.contributed_on) + strftime('%m', c.contributed_on) - 1",
    "postgresql": "12 * EXTRACT(YEAR FROM c.contributed_on) + EXTRACT(MONTH FROM c.contributed_on) - 1",
}


def upgrade() -> None:
    month = MONTH_OF[op.get_bind().dialect.name]
    op.add_column("contributor_months", sa.Column("first_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE contributor_months SET first_on = (SELECT min(c.contributed_on) FROM contributions c "  # noqa: S608
        f"WHERE c.person_key = contributor_months.person_key AND {month} = contributor_months.month)"
    )
    with op.batch_alter_table("contributor_months") as table:
        table.alter_column("first_on", existing_type=sa.Date(), nullable=False)
    op.drop_index("ix_contributor_months_month", "contributor_months")
    op.create_index("ix_contributor_months_month", "contributor_months", ["month", "since_first", "first_on"])
    op.drop_table("contributor_projects")


def downgrade() -> None:
    op.create_table(
        "contributor_projects",
        sa.Column("person_key", sa.String(length=200), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["people.person_key"], name=op.f("fk_contributor_projects_person_key")),
        sa.PrimaryKeyConstraint("person_key", "project", name=op.f("pk_contributor_projects")),
    )
    op.execute(
        "INSERT INTO contributor_projects SELECT person_key, coalesce(project, ''), max(contributed_on) "
        "FROM contributions GROUP BY person_key, coalesce(project, '')"
    )
    op.drop_index("ix_contributor_months_month", "contributor_months")
    op.create_index("ix_contributor_months_month", "contributor_months", ["month", "since_first"])
    with op.batch_alter_table("contributor_months") as table:
        table.drop_column("first_on")
