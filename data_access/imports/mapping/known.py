"""Who and what the program and the files before have already, for tables that have names and titles but no keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from data_access.database.schema import events, people
from data_access.imports.readers.opening import digest, folded, slug
from data_access.program import load_program


@dataclass
class Known:
    """Keys of people by folded name, and of events by folded title and day ("": any); None where several share it."""

    people: dict[str, str | None] = field(default_factory=dict)
    events: dict[tuple[str, str], str | None] = field(default_factory=dict)
    currency: str = ""

    def copy(self) -> Known:
        return Known(dict(self.people), dict(self.events), self.currency)

    def add_person(self, name: str, key: str) -> None:
        if name := folded(name):
            self.people[name] = key if self.people.get(name, key) == key else None

    def add_event(self, title: str, starts_on: str, key: str) -> None:
        for day in ("", starts_on):
            at = (folded(title), day)
            self.events[at] = key if self.events.get(at, key) == key else None

    def person(self, name: str) -> str:
        """The key of the one person of that name; "" where nobody, or more than one, is called so."""
        return self.people.get(folded(name)) or ""

    def event(self, title: str, starts_on: str) -> str:
        """The key of the one event of that title, and of that day if one is given."""
        return self.events.get((folded(title), starts_on)) or ""


def load_known(connection: Connection) -> Known:
    """What a program has so far."""
    known = Known(currency=load_program(connection).currency or "")
    for key, name in connection.execute(select(people.c.person_key, people.c.name).where(people.c.name.is_not(None))):
        known.add_person(name, key)
    for key, title, day in connection.execute(select(events.c.event_key, events.c.title, events.c.starts_on)):
        known.add_event(title, str(day), key)
    return known


def made_person_key(email: str, name: str) -> str:
    """A key for a person without one, the same in every file: of the e-mail address, else of the name."""
    said = folded(email)
    return digest_key("person", "mail", said) if said else digest_key("person", "name", folded(name))


def made_event_key(title: str, starts_on: str, place: str) -> str:
    return "-".join(filter(None, (slug(title), starts_on, digest(folded(title), starts_on, folded(place)))))


def digest_key(what: str, *parts: str) -> str:
    """ "person-3f2a…": nothing of the parts can be read from it."""
    return "-".join((what, digest(*parts)))
