"""Who is one person, who is not, and what is no person: each as a state that is recorded, compared and written back."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import Connection, and_, delete, insert, select

from data_access.database.schema import different_people
from data_access.persons.aliases import load_aliases
from data_access.persons.merging import merge, require_mergeable, split
from data_access.persons.not_people import load_not_people, set_not_people
from data_access.recorded import DIFFERENT, NOT_PEOPLE, SAME, State

PERSONS = frozenset({SAME, DIFFERENT, NOT_PEOPLE})


def pair_key(one: str, other: str) -> str:
    """The key under which it is recorded that two persons are not the same."""
    return blake2b("\n".join(sorted((one, other))).encode(), digest_size=16).hexdigest()


def persons_state(connection: Connection, subject: str, key: str) -> State:
    """The state of a merged key, of a pair by `pair_key`, or of the list; None where nothing is recorded."""
    if subject == NOT_PEOPLE:
        return {"patterns": sorted(load_not_people(connection).patterns)}
    if subject == SAME:
        aliases = load_aliases(connection)
        kept = aliases.merged_into.get(key)
        return None if kept is None else {"person_key": key, "kept_key": kept}
    for one, other in connection.execute(select(different_people.c.one_key, different_people.c.other_key)):
        if pair_key(one, other) == key:
            return {"person_key": one, "kept_key": other}
    return None


def write_persons_state(connection: Connection, subject: str, key: str, state: State) -> None:
    """Write the state, and what follows from it. Raises NotMergeable."""
    wanted = state if isinstance(state, dict) else {}
    if subject == NOT_PEOPLE:
        set_not_people(connection, wanted["patterns"])
    elif subject == SAME and not wanted:
        split(connection, [key])
    elif subject == SAME:
        require_mergeable(connection, key, wanted["kept_key"])
        merge(connection, [key], wanted["kept_key"])
    elif wanted:
        one, other = sorted((wanted["person_key"], wanted["kept_key"]))
        connection.execute(insert(different_people).values(one_key=one, other_key=other))
    else:
        before = persons_state(connection, DIFFERENT, key)
        if isinstance(before, dict):
            own = different_people.c
            pair = and_(own.one_key == before["person_key"], own.other_key == before["kept_key"])
            connection.execute(delete(different_people).where(pair))
