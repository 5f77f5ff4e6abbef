"""Why a message did not go out, in a sentence without secrets."""

from __future__ import annotations


class NotSent(Exception):
    """It did not go out. `final`: trying again cannot help; `unsure`: nobody knows whether it arrived."""

    def __init__(self, says: str, *, final: bool = False, unsure: bool = False) -> None:
        super().__init__(says)
        self.final, self.unsure = final, unsure


class NotOurs(Exception):
    """Somebody else took the message over meanwhile."""
