"""Why a source could not be read, said so that whoever runs the sync can mend it; secrets never stand in it."""

from __future__ import annotations

from datetime import datetime

from data_access.imports.rows import ImportRefused


class LiveRefused(ImportRefused):
    """A source cannot be read: `says` names what is wrong, `do` the remedy; `status` is that of the answer, if any."""

    def __init__(self, says: str, do: str, *, status: int = 0) -> None:
        super().__init__(f"{says}. {do}.")
        self.says, self.do, self.status = says, do, status


class AskLater(LiveRefused):
    """The server wants to be left alone until `until` (UTC, without a zone). What was read before is kept."""

    def __init__(self, says: str, do: str, *, until: datetime, status: int = 429) -> None:
        super().__init__(says, do, status=status)
        self.until = until
