"""Which viewer's run made a Streamlit session or a file: Streamlit's own routes know no roles, these records do."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from dashboard.door.accounts import MOST_KEPT, Account
from data_access.selection import Scope


@dataclass(frozen=True, slots=True)
class Owner:
    """A sign-in ("" for none) and what it was allowed to see."""

    key: str
    scope: Scope

    @classmethod
    def of(cls, account: Account | None, scope: Scope) -> Owner:
        """Compared by role and teams: the size of small groups is the program's, not the viewer's."""
        return cls(account.key if account else "", Scope(scope.role, scope.teams))


class Owners:
    """By session, or by file: the owners of each, the newest kept."""

    def __init__(self, most_each: int) -> None:
        self.most_each = most_each
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Owner, ...]] = OrderedDict()

    def note(self, name: str, owner: Owner) -> None:
        with self._lock:
            before = [other for other in self._kept.pop(name, ()) if other != owner]
            self._kept[name] = (*before, owner)[-self.most_each :]
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def has(self, name: str, owner: Owner) -> bool:
        with self._lock:
            return owner in self._kept.get(name, ())


# A session is its last run's. Two viewers who see the same have the same file.
SESSIONS, FILES = Owners(1), Owners(50)
