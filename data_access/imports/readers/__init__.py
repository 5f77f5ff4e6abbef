"""The readers of foreign formats: one module a format, each mapping a source's rows onto rows of the data contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from data_access.imports.files import SourceFile
from data_access.imports.readers import confstech, contributions, ical, meetup, pyvideo, travel_fund
from data_access.imports.rows import Problem, Record


class Reader(Protocol):
    """What a reader module offers."""

    NAME: str
    COLUMNS: dict[str, str]  # what the format calls the contract's columns, for messages

    def recognises(self, file: SourceFile) -> bool:
        """Whether the file is this format, judged by its ending and its beginning."""

    def read(self, files: Sequence[SourceFile], as_of: date | None = None) -> Iterator[Record | Problem]:
        """The files' rows as contract rows, in any order of tables, and what is wrong with them; `as_of` is today."""


class Detected(NamedTuple):
    """Which reader takes which files; `unrecognised` are read by none of them, contract tables included."""

    groups: list[tuple[Reader, list[SourceFile]]]
    unrecognised: list[SourceFile]


_MODULES: tuple[Reader, ...] = (ical, confstech, pyvideo, meetup, travel_fund, contributions)

READERS: dict[str, Reader] = {module.NAME: module for module in _MODULES}


def detect(files: Sequence[SourceFile]) -> Detected:
    """The files grouped by the first reader that recognises each: those that belong together are read together."""
    claimed: dict[str, list[SourceFile]] = {}
    unrecognised: list[SourceFile] = []
    for file in files:
        name = next((name for name, reader in READERS.items() if reader.recognises(file)), None)
        if name is None:
            unrecognised.append(file)
        else:
            claimed.setdefault(name, []).append(file)
    return Detected([(READERS[name], claimed[name]) for name in READERS if name in claimed], unrecognised)
