"""What a check finds: one thing that was looked at, how it is, and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dashboard.settings import Settings
from data_access.database.engine import Database


class CheckState(StrEnum):
    """How something is: as it should be, not used here, worth a look, or not working."""

    FINE = "fine"
    UNUSED = "not used"
    LOOK = "worth a look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One thing that was looked at: how it is, and what to do where it is not as it should be."""

    name: str
    state: CheckState
    says: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the checks look at. `thorough` reads the whole database, which takes seconds for a large one."""

    settings: Settings
    database: Database
    thorough: bool
