"""The sample program is marked as such; what stood before an import is kept for as long as it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_images",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.import_id"], name=op.f("fk_import_images_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_images")),
    )
    op.create_table(
        "sample_program",
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("made_at", name=op.f("pk_sample_program")),
    )


def downgrade() -> None:
    op.drop_table("sample_program")
    op.drop_table("import_images")
