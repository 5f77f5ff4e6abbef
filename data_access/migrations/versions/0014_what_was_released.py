"""What is told outside is released once a quarter and kept; counts by attribute are no table of their own any more."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("people_counts")
    op.create_table(
        "releases",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("of_import", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_releases")),
    )
    op.create_table(
        "released_counts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Integer(), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("at_most", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_released_counts")),
    )
    op.create_table(
        "released_sums",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("total", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "number", name=op.f("pk_released_sums")),
    )
    op.create_table(
        "released_amounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_released_amounts")),
    )
    op.create_table(
        "released_payments",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("payment_key", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "place", name=op.f("pk_released_payments")),
    )
    op.create_table(
        "released_rows",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("options", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "release_id",
            "question",
            "window_start",
            "window_end",
            "options",
            "place",
            name=op.f("pk_released_rows"),
        ),
    )


def downgrade() -> None:
    for table in (
        "released_rows",
        "released_payments",
        "released_amounts",
        "released_sums",
        "released_counts",
        "releases",
    ):
        op.drop_table(table)
    op.create_table(
        "people_counts",
        sa.Column("population", sa.String(length=20), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("breakdown", sa.String(length=20), nullable=False),
        sa.Column("member_of", sa.String(length=200), nullable=False),
        sa.Column("dimension", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("released", sa.Integer(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["released_by"], ["imports.import_id"], name=op.f("fk_people_counts_released_by")),
        sa.PrimaryKeyConstraint(
            "population", "window_end", "breakdown", "member_of", "dimension", "value", name=op.f("pk_people_counts")
        ),
    )
