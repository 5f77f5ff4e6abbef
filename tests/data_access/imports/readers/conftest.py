"""What the readers' tests share: source files made from text, and the real ones."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from data_access.imports.files import SourceFile
from data_access.imports.readers import Reader
from data_access.imports.rows import Problem, Record
from tests.real_data import real_data


@dataclass
class Outcome:
    """What a reader yielded, sorted."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    hints: list[Problem] = field(default_factory=list)

    def values(self, table: str) -> list[dict[str, str]]:
        return [record.values for record in self.records.get(table, [])]

    def only(self, table: str) -> dict[str, str]:
        (values,) = self.values(table)
        return values


class MakeSource(Protocol):
    def __call__(self, name: str, content: str | bytes) -> SourceFile: ...


class Read(Protocol):
    def __call__(self, reader: Reader, *files: tuple[str, str | bytes]) -> Outcome: ...


class RealFiles(Protocol):
    def __call__(self, *names: str) -> Sequence[SourceFile]: ...


class ReadReal(Protocol):
    def __call__(self, reader: Reader, *names: str) -> Outcome: ...


def outcome_of(items: Iterable[Record | Problem]) -> Outcome:
    outcome = Outcome()
    for item in items:
        if isinstance(item, Record):
            outcome.records.setdefault(item.table, []).append(item)
        else:
            (outcome.errors if item.severity == "error" else outcome.hints).append(item)
    return outcome


def source_file(name: str, content: str | bytes) -> SourceFile:
    data = content.encode() if isinstance(content, str) else content
    return SourceFile(name, len(data), lambda: io.BufferedReader(io.BytesIO(data)))


@pytest.fixture(scope="session")  # Hypothesis asks it for many files within one test
def source() -> MakeSource:
    """A file of the given name and content."""
    return source_file


@pytest.fixture
def read() -> Read:
    """Reads files given as (name, content) with a reader."""

    def read_all(reader: Reader, *files: tuple[str, str | bytes]) -> Outcome:
        return outcome_of(reader.read([source_file(name, content) for name, content in files]))

    return read_all


@pytest.fixture
def real_files() -> RealFiles:
    """The named real files."""

    def find(*names: str) -> Sequence[SourceFile]:
        return [source_file(name, real_data(name).read_bytes()) for name in names]

    return find


@pytest.fixture
def read_real(real_files: RealFiles) -> ReadReal:
    """Reads the named real files with a reader."""
    return lambda reader, *names: outcome_of(reader.read(real_files(*names)))
