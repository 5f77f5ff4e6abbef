"""Finding a person, team, event, country or space by the beginning of any word of its name, in whatever script.

The names stand folded (without case and accents) in one long text, which is searched as a whole: no table to keep up to
date, the same on every engine, and a few milliseconds for a hundred thousand of them. Scripts that part no words by
blanks are found in the middle of a name, too. Who asks once and keeps nothing lets the database look first, by patterns
of all spellings (`data_access.geography.spellings`): no more rows come than may be it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain, groupby, islice
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, literal_column, or_, select

from data_access.answers import Code, Day, Key, Text, empty, table
from data_access.database.schema import countries, events, people, spaces, teams
from data_access.database.sql import bytewise, matches
from data_access.geography.folding import fold
from data_access.geography.spellings import text_begins, word_begins
from data_access.questions.named.entries import COUNTRY, EVENT, PERSON, SPACE, TEAM
from data_access.questions.registry import NOTHING, question
from data_access.selection import STAFF, Scope, Selection

MOST_OF_A_KIND, LONGEST = 5, 200
# So many names are looked at for a word that is in very many.
MOST_LOOKED_AT = 5_000
# So many rows a question looks at first, and then, where few of them were it.
FEW, MANY = 50, 5_000
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Where a line begins, and where its name ends: nothing of it is left in a folded text.
_LINE, _ENDS = "\n ", "  "


class NameFound(NamedTuple):
    kind: Annotated[str, Code("Kind", help="person, team, event, country or space")]
    key: Annotated[str, Key("Key")]
    name: Annotated[str, Text("Name")]
    place: Annotated[str | None, Text("Where", help="Its town; a person’s country, a country’s region")]
    day: Annotated[date | None, Day("Day", help="Of an event")]


@dataclass(frozen=True)
class _Names:
    """The things of a kind and their folded names, a line each, in one text; `starts` are where the lines begin."""

    things: tuple[NameFound, ...]
    folded: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, things: Iterable[NameFound]) -> _Names:
        kept = tuple(things)
        lines = [_line(thing) for thing in kept]
        return cls(kept, "".join(lines), tuple(accumulate(map(len, lines), initial=0)))

    def find(self, words: list[str], most: int) -> list[NameFound]:
        """Those whose name is the words, then those whose name begins with them, then with a word that each begins."""
        whole = " ".join(words)
        parts = [word if _WITHOUT_BLANKS.search(word) else f" {word}" for word in words]
        rarest = min(parts, key=self.folded.count) if len(parts) > 1 else parts[0]
        ways: tuple[tuple[str, Sequence[str]], ...] = (
            (f"{_LINE}{whole}{_ENDS}", []),
            (f"{_LINE}{whole}", []),
            (rarest, parts),
        )
        found = chain.from_iterable(self._lines(sought, also) for sought, also in ways)
        return [self.things[at] for at in islice(dict.fromkeys(islice(found, 3 * most)), most)]

    def _lines(self, sought: str, also: Sequence[str]) -> Iterator[int]:
        """The places of the things whose line holds what is sought, and all the rest."""
        place = self.folded.find(sought)
        for _ in range(MOST_LOOKED_AT):
            if place < 0:
                return
            at = bisect_right(self.starts, place) - 1
            end = self.starts[at + 1]
            line = self.folded[self.starts[at] : end]
            if all(part in line for part in also):
                yield at
            place = self.folded.find(sought, end)


def _line(thing: NameFound) -> str:
    """Where a name begins and ends is marked; people, teams, countries and spaces are known by their keys, too."""
    return f"{_LINE}{fold(thing.name)}{_ENDS}{'' if thing.kind == EVENT else fold(thing.key)}"


@dataclass(frozen=True)
class NameIndex:
    """Everything with a name, by kind."""

    kinds: Mapping[str, _Names]

    @classmethod
    def of(cls, things: Iterable[NameFound]) -> NameIndex:
        """Of what is listed by kind, of each the better known first."""
        return cls({kind: _Names.of(listed) for kind, listed in groupby(things, key=attrgetter("kind"))})

    def find(self, text: str, of_a_kind: int = MOST_OF_A_KIND) -> list[NameFound]:
        """What has, for each word of the text, a word that begins with it: at most so many of a kind."""
        words = fold(text[:LONGEST]).split()
        return [thing for names in self.kinds.values() for thing in names.find(words, of_a_kind)] if words else []


def _statements() -> dict[str, Select[Any]]:
    """For each kind: key, name, place or region, and day."""
    who, own, row, land, room = people.c, teams.c, events.c, countries.c, spaces.c
    home = countries.alias("home")
    none = literal(None)
    of_people = select(who.person_key, _NAMES[PERSON], func.coalesce(home.c.name, who.home_country), none).outerjoin(
        home, home.c.country == who.home_country
    )
    place = func.coalesce(row.city, countries.c.name, row.located_country)
    of_events = select(row.event_key, row.title, place, row.starts_on).outerjoin(
        countries, land.country == row.located_country
    )
    return {
        PERSON: of_people,
        TEAM: select(own.team_key, own.name, none, none),
        EVENT: of_events,
        COUNTRY: select(land.country, land.name, land.region, none),
        SPACE: select(room.space_key, room.name, room.city, none),
    }


_KEYS = {
    PERSON: people.c.person_key,
    TEAM: teams.c.team_key,
    EVENT: events.c.event_key,
    COUNTRY: countries.c.country,
    SPACE: spaces.c.space_key,
}
_NAMES: dict[str, ColumnElement[Any]] = {
    PERSON: func.coalesce(people.c.name, people.c.person_key),
    TEAM: teams.c.name,
    EVENT: events.c.title,
    COUNTRY: countries.c.name,
    SPACE: spaces.c.name,
}


def _better_known_first(kind: str) -> list[ColumnElement[Any]]:
    key = bytewise(_KEYS[kind])
    return [events.c.starts_on.desc(), key] if kind == EVENT else [key]


def named_things(connection: Connection, *, with_people: bool) -> Iterator[NameFound]:
    """Everything with a name: people only where they may be known, the newest events first."""
    for kind, statement in _statements().items():
        if kind != PERSON or with_people:
            listed = connection.execute(statement.order_by(*_better_known_first(kind)))
            yield from (NameFound(kind, *row) for row in listed)


@question(roles=STAFF, counts=NOTHING, columns=NameFound, names_people=True)
def names_found(connection: Connection, selection: Selection, scope: Scope, *, text: str = "") -> pd.DataFrame:
    """People (inside only), teams, events, countries and spaces by the first letters of their words, five of each."""
    words = fold(text[:LONGEST]).split()
    kinds = [kind for kind in _KEYS if kind != PERSON or scope.inside] if words else []
    return table(NameFound, [thing for kind in kinds for thing in _best(connection, kind, words)])


def _best(connection: Connection, kind: str, words: list[str]) -> list[NameFound]:
    """What `NameIndex.find` finds of a kind, among what the database says may be it."""
    wanted, found = _may_be(kind, words), list[NameFound]()
    for most in (FEW, MANY, None):
        things = [NameFound(kind, *row) for row in connection.execute(wanted.limit(most))]
        # The better known first, as they stand in the index: what may be a whole name is not always one.
        things.sort(key=lambda thing: thing.key.encode())
        things.sort(key=lambda thing: thing.day or date.min, reverse=True)
        found = _Names.of(things).find(words, MOST_OF_A_KIND)
        if len(found) == MOST_OF_A_KIND or most is None or len(things) < most:
            break
    return found


def _may_be(kind: str, words: list[str]) -> Select[Any]:
    """The things of a kind whose names or keys may have the words: first names that may be them, then begin so."""
    name, key = _NAMES[kind], _KEYS[kind]
    conditions: list[ColumnElement[bool]] = []
    for word in words:
        pattern = word_begins(word, anywhere=bool(_WITHOUT_BLANKS.search(word)))
        found = matches(name, pattern)
        conditions.append(found if kind == EVENT else or_(found, matches(key, pattern)))
    rank = case(
        (matches(name, text_begins(words, whole=True)), literal_column("0")),
        (matches(name, text_begins(words)), literal_column("1")),
        else_=literal_column("2"),
    )
    return _statements()[kind].where(*conditions).order_by(rank, *_better_known_first(kind))


@question(roles=STAFF, counts=NOTHING, columns=NameFound, names_people=True)
def what_is(
    connection: Connection, selection: Selection, scope: Scope, *, kind: str = "", key: str = ""
) -> pd.DataFrame:
    """What has this key: a person (inside only), team, event, country or space, with its name; nothing for none."""
    if kind not in _KEYS or not key or (kind == PERSON and not scope.inside):
        return empty(NameFound)
    wanted = connection.execute(_statements()[kind].where(_KEYS[kind] == (key.upper() if kind == COUNTRY else key)))
    return table(NameFound, [NameFound(kind, *row) for row in wanted])
