"""Asking sources for what is new and importing it: part by part, each with how far it was read in one transaction."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from data_access.database.engine import Database
from data_access.database.private_files import work_folder
from data_access.imports.live.address import Resolve, look_up, origin_of
from data_access.imports.live.client import Client, Pace
from data_access.imports.live.counting import keep_counted, tables_of
from data_access.imports.live.named import (
    KINDS,
    forget_state,
    keep_outcome,
    keep_state,
    named_sources,
    secret_of,
    waits_until,
)
from data_access.imports.live.one_sync import one_sync
from data_access.imports.live.parts import Part, Row, Source
from data_access.imports.live.refusals import AskLater, LiveRefused
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.report import ImportReport
from data_access.imports.rows import ImportRefused
from data_access.wording import counted, say


@dataclass(frozen=True)
class SyncOptions:
    """How to sync: as an import (`options`), `again` from the beginning, at which pace."""

    options: ImportOptions = field(default_factory=ImportOptions)
    again: bool = False
    pace: Pace = field(default_factory=Pace)
    resolve: Resolve = look_up


@dataclass
class Synced:
    """What came of one source: the imports of its parts, how often it was asked, and the problem, if there was one."""

    source: Source
    reports: list[ImportReport] = field(default_factory=list)
    problem: ImportRefused | None = None
    asked: int = 0

    @property
    def went_well(self) -> bool:
        return self.problem is None and all(report.committed or report.dry_run for report in self.reports)

    @property
    def outcome(self) -> str:
        """In words, for the list of sources."""
        if self.problem is not None:
            return self.problem.says + "." if isinstance(self.problem, LiveRefused) else str(self.problem)
        if not self.reports:
            return "nothing new."
        if refused := [report for report in self.reports if not (report.committed or report.dry_run)]:
            return counted(
                len(refused[0].errors),
                "nothing was imported, because of {n} error in what it answered.",
                "nothing was imported, because of {n} errors in what it answered.",
            )
        created, changed = (sum(report.total(name) for report in self.reports) for name in ("created", "changed"))
        hints = sum(report.hint_count for report in self.reports)
        return say(
            "{created}, {changed} changed, {hints}.",
            created=counted(created, "{n} row new", "{n} rows new"),
            changed=changed,
            hints=counted(hints, "{n} hint", "{n} hints"),
        )

    @property
    def next_step(self) -> str:
        if isinstance(self.problem, LiveRefused):
            return f"{self.problem.do}."
        if not self.went_well and self.problem is None:
            return f"See them with `uplift sync {self.source.name}`, mend them there, or add --skip-bad-rows."
        return ""

    def in_words(self) -> str:
        lines = [f"{self.source.name}: {self.outcome} {self.next_step}".rstrip()]
        lines += [f"  {line}" for report in self.reports for line in report.in_words().splitlines()]
        return "\n".join(lines)


def sync(
    database: Database,
    names: Sequence[str] = (),
    options: SyncOptions | None = None,
    tell: Callable[[Synced], None] = lambda _: None,
) -> list[Synced]:
    """Ask the sources of these names, or all, one after the other; `tell` hears of each as it is done.

    What is wrong with one is in its `Synced` and keeps no other back. Raises LiveRefused for a name that is not known,
    and where another sync runs.
    """
    options = options or SyncOptions()
    done = []
    with one_sync(database):
        with database.program.connect() as connection:
            sources = named_sources(connection, names)
        for source in sources:
            done.append(_sync_one(database, source, options))
            tell(done[-1])
    return done


def _sync_one(database: Database, source: Source, options: SyncOptions) -> Synced:
    synced = Synced(source)
    until = None
    try:
        _ask(database, source, options, synced)
    except AskLater as problem:
        synced.problem, until = problem, problem.until
    except ImportRefused as problem:
        synced.problem = problem
    if not options.options.dry_run:
        with database.writing() as connection:
            keep_outcome(connection, source, synced.outcome, synced.next_step, until)
    return synced


def _ask(database: Database, source: Source, options: SyncOptions, synced: Synced) -> None:
    dry_run = options.options.dry_run
    with database.program.connect() as connection:
        until = waits_until(connection, source)
    if until is not None and not options.again:
        raise AskLater(
            f"{source.name} is not asked: its server wants to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC",
            "Run the sync after that",
            until=until,
        )
    if options.again:
        source = replace(source, state={})
        if not dry_run:
            with database.writing() as connection:
                forget_state(connection, source)
    secret = secret_of(source)
    client = Client(
        source.name,
        source.address,
        secret=secret,
        headers=KINDS[source.kind].headers("" if "{secret}" in source.address else secret),
        allow_private=source.allow_private,
        pace=options.pace,
        resolve=options.resolve,
    )
    try:
        for part in KINDS[source.kind].read(client, source):
            report = _import_part(database, source, part, options.options)
            if report is None:
                continue
            synced.reports.append(report)
            if not (report.committed or dry_run):
                return  # what follows would be counted as read, and this would not
    finally:
        synced.asked = client.asked
        client.close()


def _import_part(database: Database, source: Source, part: Part, options: ImportOptions) -> ImportReport | None:
    """Import a part together with its state; None where it holds nothing new."""
    with database.program.connect() as connection:
        tables = tables_of(connection, source, part)

    def keep(connection: Connection, report: ImportReport | None) -> None:
        number = report.import_id if report else None
        keep_counted(connection, source, part.counted, number)
        keep_state(connection, source, part.state, number)

    if not (tables or part.files):
        if not options.dry_run:
            with database.writing() as connection:
                keep(connection, None)
        return None
    with work_folder("sync") as folder:
        paths = [*_written(folder, part.files), *_as_csv(folder, tables)]
        own = replace(
            options,
            source=f"{source.name} ({origin_of(source.address)})",
            source_format=KINDS[source.kind].format,
            in_its_transaction=keep,
        )
        report = run_import(database, paths, own)
    if report.left_out and report.nothing_taken and not report.errors and not options.dry_run:
        # Only people who were erased stood in it: it is read, and there is nothing to keep of it.
        with database.writing() as connection:
            keep(connection, None)
        return None
    return report


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


def _as_csv(folder: Path, tables: dict[str, list[Row]]) -> list[Path]:
    """The tables as files of the data contract."""
    paths = []
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return paths
