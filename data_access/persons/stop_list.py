"""Who was erased stays erased: keyed hashes of the keys they had, by which an import leaves their rows out.

The key of the hashes is drawn for each database and kept in it. A hash leads neither to the key nor to the person's new
one, which is random; whoever has the database and a guess at a key can find out that it was erased, and no more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import Connection, insert, select

from data_access.database.schema import stop_list, stop_list_salt


class StopList:
    """The list as it is now; asking it is a hash and a look into a set."""

    def __init__(self, salt: str, hashes: Iterable[str]) -> None:
        self._salt, self._hashes = bytes.fromhex(salt), frozenset(hashes)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def __contains__(self, key: str) -> bool:
        return self.hash_of(key) in self._hashes

    def hash_of(self, key: str) -> str:
        return blake2b(key.encode(), key=self._salt, digest_size=32).hexdigest()


def load_stop_list(connection: Connection) -> StopList:
    """The database's list; empty while nobody was erased."""
    salt = connection.execute(select(stop_list_salt.c.salt)).scalar()
    return StopList(salt or secrets.token_hex(32), connection.execute(select(stop_list.c.key_hash)).scalars())


def put_on_stop_list(connection: Connection, keys: Iterable[str]) -> None:
    """From now on, imports leave out what is about these keys."""
    if connection.execute(select(stop_list_salt.c.salt)).first() is None:
        connection.execute(insert(stop_list_salt).values(salt=secrets.token_hex(32)))
    known = load_stop_list(connection)
    # In the order of the hashes, not of the people: rows tell nothing by where they stand.
    rows = [{"key_hash": found} for found in sorted(known.hash_of(key) for key in keys if key not in known)]
    if rows:
        connection.execute(insert(stop_list), rows)
