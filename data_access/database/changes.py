"""What every change of the data leaves behind, a row in `imports` that is the new data version; and the write lock."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from data_access.database import schema
from data_access.database.private_files import account

# One writer at a time: of two, the later number must not be committed first, or readers would miss the earlier change.
PG_WRITE_LOCK = 7_245_001


def record_change(
    connection: Connection,
    kind: str,
    source: str,
    *,
    imported_by: str = "",
    format: str = "",
    checksum: str = "",
    seconds: float = 0.0,
    hints: int = 0,
) -> int:
    """Add a row to `imports`: the data version changes with it. Returns its number."""
    inserted = connection.execute(
        insert(schema.imports).values(
            kind=kind,
            finished_at=datetime.now(UTC).replace(tzinfo=None),
            imported_by=imported_by or account(),
            source=source,
            format=format,
            checksum=checksum,
            seconds=seconds,
            hints=hints,
        )
    )
    return int(inserted.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
