"""What organizers need, and since when each person organizes."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = "'mentor', 'venue', 'budget', 'materials', 'speakers', 'volunteers', 'other'"


def upgrade() -> None:
    op.create_table(
        "organizer_needs",
        sa.Column("need_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("raised_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("met_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("event_key", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("city", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("person_key", sa.String(length=200), autoincrement=False, nullable=True),
        sa.CheckConstraint(f'"kind" IN ({KINDS})', name=op.f("ck_organizer_needs_kind")),
        sa.CheckConstraint('"met_on" >= "raised_on"', name=op.f("ck_organizer_needs_met_on_after_raised_on")),
        sa.ForeignKeyConstraint(["event_key"], ["events.event_key"], name=op.f("fk_organizer_needs_event_key")),
        sa.ForeignKeyConstraint(["person_key"], ["people.person_key"], name=op.f("fk_organizer_needs_person_key")),
        sa.PrimaryKeyConstraint("need_key", name=op.f("pk_organizer_needs")),
    )
    op.create_table(
        "organizer_starts",
        sa.Column("person_key", sa.String(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["people.person_key"], name=op.f("fk_organizer_starts_person_key")),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_organizer_starts")),
    )
    op.execute(
        "INSERT INTO organizer_starts (person_key, first_on) "
        "SELECT participations.person_key, min(events.starts_on) FROM participations "
        "JOIN events ON events.event_key = participations.event_key "
        "WHERE participations.role = 'organizer' AND (events.status = 'held' OR events.status IS NULL) "
        "GROUP BY participations.person_key"
    )


def downgrade() -> None:
    op.drop_table("organizer_starts")
    op.drop_table("organizer_needs")
