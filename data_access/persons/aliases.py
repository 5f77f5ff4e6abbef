"""Which keys are one person: each key that was merged leads to the one that was kept, or to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from data_access.database.schema import people, person_aliases
from data_access.persons.belonging import ERASED_NAME


class Aliases:
    """The merged keys as they are now, each with the key it was merged into; None: it is nobody's."""

    def __init__(self, merged_into: Mapping[str, str | None]) -> None:
        self.merged_into = dict(merged_into)
        self._merged: dict[str, list[str]] = {}
        for alias, kept in sorted(self.merged_into.items()):
            if kept is not None:
                self._merged.setdefault(kept, []).append(alias)

    def __bool__(self) -> bool:
        return bool(self.merged_into)

    def __contains__(self, key: str) -> bool:
        """Whether it was merged."""
        return key in self.merged_into

    def stands_as(self, key: str) -> str | None:
        """The key of the person whom the key means; None for nobody."""
        found: str | None = key
        while found is not None and found in self.merged_into:
            found = self.merged_into[found]
        return found

    def with_merged(self, key: str) -> list[str]:
        """The key, and after it all that were merged into it, directly or not."""
        found = [key]
        for each in found:
            found += self._merged.get(each, ())
        return found

    def concern(self, key: str) -> bool:
        """Whether the key was merged or kept."""
        return key in self.merged_into or key in self._merged

    def nobodys(self) -> list[str]:
        """The keys that are nobody's."""
        return sorted(alias for alias, kept in self.merged_into.items() if kept is None)


def load_aliases(connection: Connection) -> Aliases:
    """The merged keys of the database."""
    return Aliases(dict(connection.execute(select(person_aliases.c.alias_key, person_aliases.c.kept_key)).all()))


def is_erased(connection: Connection, key: str) -> bool:
    """Whether the key is of somebody who was erased."""
    name = connection.execute(select(people.c.name).where(people.c.person_key == key)).scalar()
    return name == ERASED_NAME and key.startswith("erased-")
