"""Reviews of applications, trainings with who attended, thanks that were given, swag and training as categories."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEFORE = "'travel', 'lodging', 'supplies', 'catering', 'other'"
NOW = "'travel', 'lodging', 'supplies', 'catering', 'swag', 'training', 'other'"
OCCASIONS = (
    "'first_talk', 'tenth_event', 'new_language', 'member_anniversary', 'first_contribution', 'tenth_contribution', "
    "'hundredth_contribution', 'new_area', 'core', 'contributor_anniversary', 'other'"
)


def _allow(old: str, new: str) -> None:
    """Change which categories a request may have."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_funding_requests_category"), "funding_requests", type_="check")
        op.create_check_constraint(op.f("ck_funding_requests_category"), "funding_requests", f'"category" IN ({new})')
        return
    # Not in a batch: SQLite would make the table anew, and others refer to it. Its manual names this way for checks.
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'funding_requests'",
        (f'"category" IN ({old})', f'"category" IN ({new})'),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")


def upgrade() -> None:
    _allow(BEFORE, NOW)
    op.create_table(
        "application_reviews",
        sa.Column("application_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("reviewer", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("assigned_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("reviewed_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("score", sa.Float(), autoincrement=False, nullable=True),
        sa.CheckConstraint(
            '"reviewed_on" >= "assigned_on"', name=op.f("ck_application_reviews_reviewed_on_after_assigned_on")
        ),
        sa.ForeignKeyConstraint(
            ["application_key"], ["applications.application_key"], name=op.f("fk_application_reviews_application_key")
        ),
        sa.PrimaryKeyConstraint("application_key", "reviewer", name=op.f("pk_application_reviews")),
    )
    op.create_table(
        "trainings",
        sa.Column("training_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("held_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("cohort_key", sa.String(length=200), autoincrement=False, nullable=True),
        sa.CheckConstraint(
            "\"kind\" IN ('speaking', 'materials', 'event_management', 'other')", name=op.f("ck_trainings_kind")
        ),
        sa.ForeignKeyConstraint(["cohort_key"], ["cohorts.cohort_key"], name=op.f("fk_trainings_cohort_key")),
        sa.PrimaryKeyConstraint("training_key", name=op.f("pk_trainings")),
    )
    op.create_table(
        "training_attendance",
        sa.Column("training_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("attended", sa.Boolean(), autoincrement=False, nullable=False, server_default=sa.text("true")),
        sa.ForeignKeyConstraint(["person_key"], ["people.person_key"], name=op.f("fk_training_attendance_person_key")),
        sa.ForeignKeyConstraint(
            ["training_key"], ["trainings.training_key"], name=op.f("fk_training_attendance_training_key")
        ),
        sa.PrimaryKeyConstraint("training_key", "person_key", name=op.f("pk_training_attendance")),
    )
    op.create_index("ix_training_attendance_person_key", "training_attendance", ["person_key"])
    op.create_table(
        "thanks",
        sa.Column("person_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("occasion", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("occasion_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("given_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("how", sa.Text(), autoincrement=False, nullable=True),
        sa.CheckConstraint(f'"occasion" IN ({OCCASIONS})', name=op.f("ck_thanks_occasion")),
        sa.CheckConstraint('"given_on" >= "occasion_on"', name=op.f("ck_thanks_given_on_after_occasion_on")),
        sa.ForeignKeyConstraint(["person_key"], ["people.person_key"], name=op.f("fk_thanks_person_key")),
        sa.PrimaryKeyConstraint("person_key", "occasion", "occasion_on", name=op.f("pk_thanks")),
    )
    op.create_index("ix_thanks_given_on", "thanks", ["given_on"])


def downgrade() -> None:
    for name in ("thanks", "training_attendance", "trainings", "application_reviews"):
        op.drop_table(name)
    op.execute("UPDATE funding_requests SET category = 'other' WHERE category IN ('swag', 'training')")
    _allow(NOW, BEFORE)
