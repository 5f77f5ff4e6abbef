"""Who was erased stays erased: keyed hashes of the keys and names they had, by which imports leave them out.

The key of the hashes is drawn for each database and kept in it. A hash leads neither to the person nor to their new
key, which is random; whoever has the database and a guess at a key or name can find out that it was erased, no more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

from sqlalchemy import Connection, insert, select

from data_access.database.schema import stop_list, stop_list_salt
from data_access.persons.naming import STRUCK_OUT, searchable, stands_alone, words_in

# Of a longer key or name only so many words are looked for in running text.
MOST_WORDS = 8


class StopList:
    """The list as it is now; asking it is a hash and a look into a set."""

    def __init__(self, salt: str, hashes: Iterable[str]) -> None:
        self._salt, self._hashes = bytes.fromhex(salt), frozenset(hashes)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._hashes)

    def __contains__(self, key: str) -> bool:
        return self.hash_of("key", key) in self._hashes

    def hash_of(self, what: str, text: str) -> str:
        return blake2b(f"{what}:{text}".encode(), key=self._salt, digest_size=32).hexdigest()

    def hashes_of(self, key: str, name: str | None) -> Iterator[str]:
        """What keeps one person out: the key where keys stand, both where words do."""
        yield self.hash_of("key", key)
        for text in (key, name or ""):
            if text == key or searchable(text):
                yield self._hash_of_words([word.group() for word in words_in(text)][:MOST_WORDS])

    def _hash_of_words(self, words: Iterable[str]) -> str:
        return self.hash_of("words", " ".join(words).casefold())

    def struck_out(self, text: str) -> str:
        """The text without the people on the list."""
        words = list(words_in(text)) if self._hashes else []
        parts, end, at = [], 0, 0
        while at < len(words):
            until = next(
                (
                    stop
                    for stop in range(min(at + MOST_WORDS, len(words)), at, -1)
                    if self._hash_of_words(word.group() for word in words[at:stop]) in self._hashes
                    and stands_alone(text, words[at].start(), words[stop - 1].end())
                ),
                None,
            )
            if until is None:
                at += 1
                continue
            parts += [text[end : words[at].start()], STRUCK_OUT]
            end, at = words[until - 1].end(), until
        return "".join([*parts, text[end:]])


def load_stop_list(connection: Connection) -> StopList:
    """The database's list; empty while nobody was erased."""
    salt = connection.execute(select(stop_list_salt.c.salt)).scalar()
    return StopList(salt or secrets.token_hex(32), connection.execute(select(stop_list.c.key_hash)).scalars())


def put_on_stop_list(connection: Connection, names: Mapping[str, str | None]) -> None:
    """From now on, imports leave out what is about these people: their names by key."""
    if connection.execute(select(stop_list_salt.c.salt)).first() is None:
        connection.execute(insert(stop_list_salt).values(salt=secrets.token_hex(32)))
    known = load_stop_list(connection)
    found = {each for key, name in names.items() for each in known.hashes_of(key, name)}
    # In the order of the hashes, not of the people: rows tell nothing by where they stand.
    rows = [{"key_hash": each} for each in sorted(found - set(known))]
    if rows:
        connection.execute(insert(stop_list), rows)
