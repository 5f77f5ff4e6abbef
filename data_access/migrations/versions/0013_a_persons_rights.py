"""A person's rights: a day of consent for each attribute, the period after which people are erased, who may not come
back, and who read what about persons.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person_attributes", sa.Column("consented_on", sa.Date(), nullable=True))
    with op.batch_alter_table("program") as table:
        table.add_column(sa.Column("retention_years", sa.Integer(), nullable=True))
        table.create_check_constraint("retention_years_minimum", '"retention_years" >= 1')
    op.create_table(
        "stop_list",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_stop_list")),
    )
    op.create_table(
        "stop_list_salt",
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("salt", name=op.f("pk_stop_list_salt")),
    )
    op.create_table(
        "reads",
        sa.Column("read_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_reads")),
        sa.UniqueConstraint("day", "author", "question", "about", name=op.f("uq_reads_day_author_question_about")),
    )


def downgrade() -> None:
    op.drop_table("reads")
    op.drop_table("stop_list_salt")
    op.drop_table("stop_list")
    with op.batch_alter_table("program") as table:
        table.drop_constraint("retention_years_minimum", type_="check")
        table.drop_column("retention_years")
    op.drop_column("person_attributes", "consented_on")
