"""Which files an import reads, in which format, as one stream of batches that can be read more than once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from data_access.contract.tables import TABLES
from data_access.imports.batches import (
    Batch,
    Heading,
    Meter,
    TakenOver,
    csv_batches,
    not_a_table,
    record_batches,
)
from data_access.imports.csv_rows import ENDINGS, Layout, encoding_hint, layout, rows_below
from data_access.imports.files import SourceFile, file_on_disk, files_in_folder, files_in_zip
from data_access.imports.mapping.apply import mapped_batches
from data_access.imports.mapping.known import Known
from data_access.imports.mapping.mapping import SUBJECTS, SheetMapping
from data_access.imports.mapping.sheets import SheetMappings
from data_access.imports.readers import READERS, Reader, detect
from data_access.imports.rows import ImportRefused, Problem
from data_access.imports.table_names import fits, table_of
from data_access.imports.workbooks import FirstRows, workbook_batches

CONTRACT = "data contract"
MAPPED = "mapped columns"


@dataclass(frozen=True)
class Sources:
    """The files of one import, sorted by who reads them."""

    name: str
    tables: tuple[tuple[str, SourceFile], ...]
    workbooks: tuple[SourceFile, ...]
    foreign: tuple[tuple[Reader, tuple[SourceFile, ...]], ...]
    unread: tuple[SourceFile, ...]
    mapped: tuple[tuple[SheetMapping, Layout, SourceFile], ...] = ()
    readings: SheetMappings = field(default_factory=SheetMappings)
    known: Known = field(default_factory=Known)
    used: dict[str, SheetMapping] = field(default_factory=dict)

    @property
    def format(self) -> str:
        """Who reads the files; of sheets of workbooks that is known once they were read."""
        own = [CONTRACT] if self.tables or (self.workbooks and not self.used) else []
        mapped = [MAPPED] if self.mapped or self.used else []
        return ", ".join(own + mapped + [reader.NAME for reader, _ in self.foreign])

    @property
    def may_lack_keys(self) -> bool:
        """Whether some table may name people and events without their keys."""
        return bool(self.mapped or (self.workbooks and self.readings))

    @property
    def files(self) -> list[SourceFile]:
        return [
            *(file for _, file in self.tables),
            *(file for _, _, file in self.mapped),
            *self.workbooks,
            *(file for _, files in self.foreign for file in files),
        ]

    def batches(self, meter: Meter, as_of: date | None = None, *, blocks: bool = False) -> Iterator[Batch | Problem]:
        """Every row of every source, and what is wrong with how it came; large files mostly by `blocks`, if wanted."""
        for file in self.unread:
            yield not_a_table(file.name, file.stem)
        for table, file in self.tables:
            yield from csv_batches(file, table, meter, blocks=blocks)
        known = self.known.copy()
        for reading, found, file in self.mapped:
            meter.file = file.name
            self.used[reading.shape] = reading
            yield from encoding_hint(file, reading.rows_are)
            heading = Heading(found.line, found.names)
            yield from mapped_batches(file.name, heading, reading, rows_below(file, found), known, meter)
        for file in self.workbooks:
            yield from workbook_batches(file, meter, self._taken_over(known, meter))
        for reader, files in self.foreign:
            meter.file = files[0].name
            yield from record_batches(reader.read(files, as_of), meter, reader.COLUMNS)

    def _taken_over(self, known: Known, meter: Meter) -> Callable[[str, FirstRows], TakenOver | None]:
        """Who reads the sheets of a workbook that are no tables of the contract: the reading for their headings."""

        def otherwise(name: str, first: FirstRows) -> TakenOver | None:
            found = self.readings.header(first)
            if found is None:
                return None
            heading, reading = found
            self.used[reading.shape] = reading
            return TakenOver(
                reading.rows_are,
                heading,
                lambda heading, rows: mapped_batches(name, heading, reading, rows, known, meter),
            )

        return otherwise

    def checksum(self) -> str:
        """SHA-256 over names and contents of what is read."""
        digest = hashlib.sha256()
        for file in sorted(self.files, key=lambda file: file.name):
            digest.update(file.name.encode("utf-8", "replace") + b"\0")
            _hash(file, digest)
        return digest.hexdigest()


def open_sources(
    paths: Sequence[Path], format_name: str | None = None, readings: SheetMappings | None = None
) -> Sources:
    """Sort out what was handed in: files, folders and zips. Raises ImportRefused when nothing in it can be read.

    Tables that are neither the contract's nor any reader's are read where `readings` has their headings.
    """
    readings = readings or SheetMappings()
    files = files_of(paths)
    name = ", ".join(path.name or str(path) for path in paths)
    if not files:
        raise ImportRefused(f"{name} holds no files.")
    if format_name and format_name != CONTRACT:
        if format_name not in READERS:
            raise ImportRefused(
                f"{format_name!r} is not a known format. Choose {', '.join([CONTRACT, *READERS])}, or leave it out."
            )
        return Sources(name, (), (), ((READERS[format_name], tuple(files)),), ())
    workbooks = [file for file in files if file.ending == "xlsx"]
    tables: list[tuple[str, SourceFile]] = []
    others: list[SourceFile] = []
    mapped: list[tuple[SheetMapping, Layout, SourceFile]] = []
    for file in files:
        if file not in workbooks:
            foreign = _foreign(file, format_name)
            table = None if foreign else table_named(file)
            found = None if foreign or has_its_table(file, table) else readings.layout(file)
            if found is not None:
                mapped.append((found[1], found[0], file))
            elif table is None:
                others.append(file)
            else:
                tables.append((table, file))
    detected = detect(others)
    unread = detected.unrecognised
    if not (workbooks or tables or mapped or detected.groups):
        named = f"{len(unread)} files" if len(unread) > 3 else ", ".join(file.name for file in unread)
        raise ImportRefused(
            f"{name}: {named} cannot be recognised. CSV files of the data contract are named after their tables "
            f"({', '.join(list(TABLES)[:6])}, …) or have their column names (such as "
            f"{', '.join(column.name for column in TABLES['events'].columns if column.required)} for events); other "
            f"formats read are {', '.join(READERS)}. For any other table, say which of its columns is which: on the "
            "Data page, or with `uplift import FILE --guess`."
        )
    # Who and what is named by a name is known after the tables that tell of them: people, then events.
    mapped.sort(key=lambda each: list(SUBJECTS).index(each[0].rows_are))
    foreign_groups = tuple((reader, tuple(taken)) for reader, taken in detected.groups)
    return Sources(
        name,
        tuple(tables),
        tuple(workbooks),
        foreign_groups,
        tuple(unread),
        tuple(mapped),
        readings,
    )


def files_of(paths: Sequence[Path]) -> list[SourceFile]:
    """The files in what was handed in, each content once, each under a name of its own."""
    files: list[SourceFile] = []
    for path in paths:
        if path.is_dir():
            files += files_in_folder(path)
        elif not path.exists():
            raise ImportRefused(f"There is no file or folder {path}.")
        elif path.suffix.casefold() == ".zip":
            files += files_in_zip(path)
        else:
            files.append(file_on_disk(path))
    return _each_once(files)


def _hash(file: SourceFile, digest: hashlib._Hash) -> None:
    """Take the whole content into the digest."""
    with file.open_raw() as raw:
        while chunk := raw.read(1 << 20):
            digest.update(chunk)


def _each_once(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files without copies of one another, each under a name of its own."""
    sizes = Counter(file.size for file in files)
    contents, names, kept = set[bytes](), Counter[str](), list[SourceFile]()
    for file in files:
        if sizes[file.size] > 1:
            digest = hashlib.sha256()
            _hash(file, digest)
            content = digest.digest()
            if content in contents:
                continue
            contents.add(content)
        names[file.name] += 1
        kept.append(file if names[file.name] == 1 else replace(file, name=_numbered(file.name, names[file.name])))
    return kept


def _numbered(name: str, number: int) -> str:
    """ "events.csv" → "events (2).csv", as browsers name a second download."""
    stem, dot, endings = name.partition(".")
    return f"{stem} ({number}){dot}{endings}"


def _foreign(file: SourceFile, format_name: str | None) -> bool:
    """Whether a file named like a table is in truth another format's (a `contributions.csv` of persons and counts)."""
    return format_name is None and any(reader.recognises(file) for reader in READERS.values())


def table_named(file: SourceFile) -> str | None:
    """The table that a CSV holds, by its name or by its columns."""
    if file.ending not in ENDINGS:
        return None
    return table_of(file.stem, lambda table: layout(file, TABLES[table].column_names).names)


def has_its_table(file: SourceFile, table: str | None) -> bool:
    """Whether a file's header has every column that its table needs."""
    return table is not None and fits(table, layout(file, TABLES[table].column_names).names)
