"""What a kind of source hands over: parts, each imported with the state that says how far it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

from data_access.imports.live.client import Client

Row = Mapping[str, str]
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CountedItem:
    """One thing that counts as a contribution: what the source calls it, whose it is, its day, its kind.

    `day` is text as it came: what is no date is for the import to say.
    """

    called: str
    person_key: str
    day: str
    part: int

    @property
    def item(self) -> int:
        """63 bits that stand for it, the same in every run."""
        return int.from_bytes(blake2b(self.called.encode(), digest_size=8).digest(), "big") >> 1

    @property
    def on(self) -> date | None:
        try:
            return date.fromisoformat(self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class CountedAs:
    """What is the same for all that a source counts: the area of each part and whether it is code, project, team."""

    areas: Mapping[int, tuple[str, bool]]
    project: str
    team_key: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what was read: `files` as they came, `tables` of the data contract, and what is to be counted.

    `names` are those of people who may be new; `state` is how far the source is read once this part is imported.
    """

    state: State
    files: Mapping[str, bytes] = field(default_factory=dict)
    tables: Mapping[str, list[Row]] = field(default_factory=dict)
    counted: list[CountedItem] = field(default_factory=list)
    counted_as: CountedAs | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.files or self.counted or any(self.tables.values()))


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the operator added it, and how far it was read."""

    source_id: int
    name: str
    kind: str
    address: str
    secret_from: str | None
    allow_private: bool
    settings: Mapping[str, str]
    state: State


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source.

    `address` makes the address that is asked of the one a person copies from the browser; `headers` says how the secret
    is sent; `read` hands over what is new since `source.state`, which may be nothing. All may raise LiveRefused.
    """

    name: str
    format: str
    line: str
    settings: Mapping[str, str]
    address: Callable[[str], str]
    headers: Callable[[str], dict[str, str]]
    read: Callable[[Client, Source], Iterator[Part]]
