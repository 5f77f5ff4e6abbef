"""What stands where a person does and is none: bots and placeholders, by a list that the operator edits.

Their rows are kept apart: they are counted among no people, and what they did is nobody's contribution. Whoever asks
for money, applied, is a member or coordinates a team is a person, whatever they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select

from data_access.database.schema import metadata, not_people, people, rows_as_given
from data_access.persons.aliases import load_aliases
from data_access.persons.as_given import REFERRING, load_in_pieces, pieces
from data_access.persons.merging import merge, split
from data_access.persons.spelling import account_of, folded

# `*` stands for anything.
DEFAULT = (
    *("*[bot]", "*-bot", "dependabot", "dependabot-preview", "renovate", "github-actions", "greenkeeper"),
    *("pre-commit-ci", "web-flow", "weblate", "noreply", "ghost"),
    *("unknown", "n/a", "none", "null", "nobody", "anonymous", "test", "test user", "tbd", "-", "?"),
)
MOST_PATTERNS, LONGEST = 500, 200
_EDITED = ""
# Who stands in one of these is a person.
PERSONS_ALONE = {name: column for name, column in REFERRING.items() if name != "materials"} | {"budgets": "person_key"}


class NoPattern(ValueError):
    """A line of the list that cannot be one; the message says why."""


class NotPeople:
    """The list, by which keys and names are told from people's."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        texts = {folded(pattern) for pattern in patterns}
        self._exact = {text for text in texts if "*" not in text}
        some = [".*".join(map(re.escape, text.split("*"))) for text in sorted(texts) if "*" in text]
        self._some = re.compile("|".join(f"(?:{each})" for each in some) or "(?!)", re.DOTALL)

    def _is(self, text: str) -> bool:
        return text in self._exact or self._some.fullmatch(text) is not None

    def __contains__(self, key_and_name: tuple[str, str | None]) -> bool:
        key, name = key_and_name
        return self._is(folded(key)) or self._is(account_of(key)) or (bool(name) and self._is(folded(name or "")))


def load_not_people(connection: Connection) -> NotPeople:
    """The operator's list, or while nobody edited it the product's own."""
    stored = connection.execute(select(not_people.c.pattern).order_by(not_people.c.pattern)).scalars().all()
    return NotPeople([each for each in stored if each != _EDITED] if stored else DEFAULT)


def checked_patterns(lines: Iterable[str]) -> list[str]:
    """The list as it is kept: each once, sorted, without empty lines. Raises NoPattern."""
    wanted: dict[str, str] = {}
    for line in lines:
        text = " ".join(line.split())
        if not text:
            continue
        if len(text) > LONGEST:
            raise NoPattern(f"A line has {len(text)} characters; at most {LONGEST} are kept.")
        if not text.isprintable():
            raise NoPattern(f"The line {text[:40]!r} holds characters that are not shown.")
        if not text.replace("*", "").strip():
            raise NoPattern(f"{text!r} would mean everybody. Write more of the name beside the star.")
        wanted.setdefault(folded(text), text)
    if len(wanted) > MOST_PATTERNS:
        raise NoPattern(f"The list has {len(wanted)} lines; at most {MOST_PATTERNS} are kept.")
    return sorted(wanted.values())


def set_not_people(connection: Connection, patterns: Sequence[str]) -> None:
    """Keep the list, and set apart by it whom it means now; who stands on it no longer is a person again."""
    connection.execute(delete(not_people))
    connection.execute(insert(not_people), [{"pattern": each} for each in (_EDITED, *patterns)])
    listed = NotPeople(patterns)
    names = names_of(connection)
    back = [key for key in load_aliases(connection).nobodys() if (key, names.get(key)) not in listed]
    split(connection, back)
    merge(connection, meant(connection, listed), None)


def meant(connection: Connection, listed: NotPeople) -> list[str]:
    """The keys of those in the program who are on the list, and are not known to be persons by what they do."""
    rows = connection.execute(select(people.c.person_key, people.c.name)).all()
    found = [key for key, name in rows if (key, name) in listed]
    return sorted(set(found) - persons_alone(connection, found))


def persons_alone(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys that ask for money, applied, are members or coordinate."""
    found: set[str] = set()
    for name, column in PERSONS_ALONE.items():
        own = metadata.tables[name].c[column]
        for some in pieces(keys):
            found.update(connection.execute(select(own).where(own.in_(some)).distinct()).scalars())
    return found


def names_of(connection: Connection) -> dict[str, str | None]:
    """The keys of those who are kept apart, with their names."""
    own, keys = rows_as_given.c, load_aliases(connection).nobodys()
    rows = load_in_pieces(connection, own.member_key, keys, own.table_name == people.name)
    return dict.fromkeys(keys) | {row.member_key: row.content["name"] for row in rows}
