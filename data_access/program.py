"""The program's own settings: its name, currency and thresholds, as imported in the one-row table `program`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, delete, insert, select

from data_access.database.schema import program, sample_program


@dataclass(frozen=True, slots=True)
class Program:
    """Thresholds with the defaults of the data contract; `currency` is ISO 4217, or "" while no program is imported."""

    name: str = "Community program"
    currency: str = ""
    fiscal_year_start: str = "01-01"
    floor_events_per_quarter: int = 3
    grace_quarters: int = 0
    member_ceiling: Decimal | None = None
    min_group_size: int = 5
    active_min: int = 3
    core_min: int = 12
    window_days: int = 90
    conversion_window_days: int = 180
    retention_years: int | None = None

    @property
    def thresholds(self) -> tuple[int, int, int]:
        """What the contributor levels depend on: `active_min`, `core_min` and `window_days`."""
        return self.active_min, self.core_min, self.window_days


def load_program(connection: Connection) -> Program:
    """The imported program, or the defaults."""
    columns = [program.c[name] for name in Program.__dataclass_fields__]
    row = connection.execute(select(*columns)).first()
    return Program(**row._mapping) if row else Program()


def is_sample(connection: Connection) -> bool:
    """Whether the database holds the sample program: whoever made it said so."""
    return connection.execute(select(sample_program.c.made_at)).first() is not None


def mark_as_sample(connection: Connection) -> None:
    """From now on the database says that it holds the sample program."""
    connection.execute(delete(sample_program))
    connection.execute(insert(sample_program).values(made_at=datetime.now(UTC).replace(tzinfo=None)))
