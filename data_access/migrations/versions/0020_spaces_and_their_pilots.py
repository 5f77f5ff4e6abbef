"""Spaces: who coordinates them, when a pilot began, and what is noted: roadmap, challenges, lessons, verdicts."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COORDINATORS = ("coordinator_technical", "coordinator_community")


def upgrade() -> None:
    op.add_column("spaces", sa.Column("pilot_started_on", sa.Date(), nullable=True))
    for name in COORDINATORS:
        # Not in a batch: SQLite would make the table anew, and events refer to it.
        reference = f"CONSTRAINT fk_spaces_{name} REFERENCES people (person_key)"
        op.execute(f"ALTER TABLE spaces ADD COLUMN {name} VARCHAR(200) {reference}")
    op.create_table(
        "space_notes",
        sa.Column("note_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("space_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("noted_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("done_on", sa.Date(), autoincrement=False, nullable=True),
        sa.CheckConstraint(
            "\"kind\" IN ('roadmap', 'challenge', 'lesson', 'verdict')", name=op.f("ck_space_notes_kind")
        ),
        sa.CheckConstraint('"done_on" >= "noted_on"', name=op.f("ck_space_notes_done_on_after_noted_on")),
        sa.ForeignKeyConstraint(["space_key"], ["spaces.space_key"], name=op.f("fk_space_notes_space_key")),
        sa.PrimaryKeyConstraint("note_key", name=op.f("pk_space_notes")),
    )
    op.create_index(op.f("ix_space_notes_space_key"), "space_notes", ["space_key"])


def downgrade() -> None:
    op.drop_table("space_notes")
    for name in ("pilot_started_on", *COORDINATORS):
        op.execute(f"ALTER TABLE spaces DROP COLUMN {name}")
