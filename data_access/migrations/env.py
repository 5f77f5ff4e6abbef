"""Alembic's entry point: runs the migrations on the connection that `data_access.migrations.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from data_access.database.column_types import ExactNumber, Money
from data_access.database.schema import metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations are frozen: they spell our own types as what they are in the database."""
    if kind == "type" and isinstance(item, Money):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, ExactNumber):
        return "sa.String(40)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
