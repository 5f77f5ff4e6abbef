"""The register of decisions: topic, what, when, who decides, agrees, is consulted and informed, and what it replaces."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TOPICS = (
    "'regional_identities', 'diversity', 'metrics', 'accountability', 'leadership', 'resources', 'recognition', "
    "'communication', 'journey', 'staff_support'"
)


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("who_decides", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("who_agrees", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("consulted", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("informed", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("status", sa.String(length=40), autoincrement=False, nullable=False, server_default="decided"),
        sa.Column("evidence_url", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("supersedes", sa.String(length=200), autoincrement=False, nullable=True),
        sa.CheckConstraint(f'"topic" IN ({TOPICS})', name=op.f("ck_decisions_topic")),
        sa.CheckConstraint(
            "\"status\" IN ('proposed', 'decided', 'done', 'withdrawn')", name=op.f("ck_decisions_status")
        ),
        sa.ForeignKeyConstraint(["supersedes"], ["decisions.decision_key"], name=op.f("fk_decisions_supersedes")),
        sa.PrimaryKeyConstraint("decision_key", name=op.f("pk_decisions")),
    )


def downgrade() -> None:
    op.drop_table("decisions")
