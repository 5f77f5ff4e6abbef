"""The import: read and check everything, then write it in one transaction, or write nothing at all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, insert

from data_access.contract import tables
from data_access.contract.labels import Spellings
from data_access.database import schema
from data_access.database.changes import record_change
from data_access.database.engine import Database, gather_statistics, let_readers_go_on
from data_access.database.private_files import account, rejected_folder, work_folder
from data_access.database.unfinished_copy import UnfinishedCopy
from data_access.derived.derived_tables import Changes, refresh_derived
from data_access.happenings import happened
from data_access.imports.batches import NOT_A_TABLE, Batch, Meter
from data_access.imports.before import Before
from data_access.imports.blanks import keep_where_blank
from data_access.imports.blocks import checked
from data_access.imports.consent import leave_out_unconsented
from data_access.imports.erased_people import WithoutErased, erase_who_is_gone, keep_who_is_known
from data_access.imports.hints import amount_hints, decision_hints, event_hints, stage_hints
from data_access.imports.kept_keys import KeptKeys
from data_access.imports.mapping.known import load_known
from data_access.imports.mapping.remembered import load_readings, remember
from data_access.imports.mapping.sheets import SheetMappings
from data_access.imports.one_writer import lock_out_others
from data_access.imports.options import ImportOptions
from data_access.imports.places import locate_staged, relocate
from data_access.imports.recorded_facts import clashes
from data_access.imports.references import in_order_of_references
from data_access.imports.refreshing import begin, refresh_read_copy, release_of
from data_access.imports.rejected import keep_rejected, write_rejected
from data_access.imports.report import ImportReport, Problems, RowCounts
from data_access.imports.rows import ImportRefused, Problem, is_clash
from data_access.imports.sources import Sources, open_sources
from data_access.imports.staging import MANY, Stage, known_labels
from data_access.imports.validate import PLACE_COLUMNS, TableValidator
from data_access.persons.leftovers import clear_leftovers
from data_access.persons.naming import Persons
from data_access.persons.reads import forget_old_reads
from data_access.persons.stop_list import load_stop_list
from data_access.program import is_sample, load_program, mark_as_sample
from data_access.release.make import due_on

KEPT_PROBLEMS = 10_000
OVER_SAMPLE = (
    "This database holds the sample program: its people and events would be counted together with yours. Start your "
    "own program first, on the Data page or with `uplift start`; or add the files to the sample with `--over-sample`."
)


def run_import(database: Database, paths: Sequence[Path], options: ImportOptions | None = None) -> ImportReport:
    """Import files, folders and zips; raises ImportRefused for what cannot be read at all.

    Errors in rows are in the report: without `skip_bad_rows` any of them leaves the database as it was.
    """
    options = options or ImportOptions()
    with database.program.connect() as connection:
        readings = SheetMappings([*load_readings(connection), *options.readings])
        sources = open_sources(paths, options.format, readings)
        if sources.may_lack_keys:
            sources = replace(sources, known=load_known(connection))
    report = ImportReport(
        source=options.source or sources.name,
        format=options.source_format or sources.format,
        dry_run=options.dry_run,
    )
    started = time.monotonic()
    if not options.dry_run:
        let_readers_go_on(database.program)
    with work_folder("rejected") as folder, begin(database) as copy:
        with database.program.connect() as connection:
            lock_out_others(connection)
            if is_sample(connection) and not (options.dry_run or options.over_sample or options.sample):
                raise ImportRefused(OVER_SAMPLE)
            this = _Import(connection, sources, report, options, started, folder, copy)
            this.run()
            if report.committed:
                remember(connection, sources.used.values())
                connection.commit()
            else:
                connection.rollback()
        rejected = options.rejected_dir or rejected_folder(database.url, database.read_copy)
        report.rejected_files = keep_rejected(folder, rejected)
        if report.committed:
            if this.erased:
                report.erased_people = len(set(this.erased.keys.values()))
                clear_leftovers(database, this.erased, rejected)
            refresh_read_copy(database, report.problems.append, options.progress, copy, report.import_id)
    report.seconds = time.monotonic() - started
    happened("import", **report.in_numbers())
    return report


class _Import:
    """One import on one connection: stage, check, merge, derive, record."""

    def __init__(
        self,
        connection: Connection,
        sources: Sources,
        report: ImportReport,
        options: ImportOptions,
        started: float,
        folder: Path,
        copy: UnfinishedCopy,
    ) -> None:
        self.connection, self.sources, self.report, self.options = connection, sources, report, options
        self.started, self.folder, self.copy = started, folder, copy
        self.problems = Problems(report)
        self.files: list[str] = []
        self.called: dict[tuple[str, str], Batch] = {}
        self.stages: dict[str, Stage] = {}
        self.thresholds = load_program(connection).thresholds
        self.stopped = load_stop_list(connection)
        self.batches = WithoutErased(self.stopped)
        self.erased: Persons | None = None
        self.before, self.meter = Before(connection), Meter()

    def run(self) -> None:
        self._stage_everything()
        self.report.left_out = self.batches.left_out
        self.kept_keys = KeptKeys(self.connection, self.stages, self.before)
        self.kept_keys.set_apart()
        for name in in_order_of_references(self.stages):
            self._merge_table(name)
        for (_, table), lines in self.problems.rejected.items():
            if table in self.report.counts:
                self.report.counts[table].rejected += len(lines)
        if self.report.nothing_taken and not self.options.dry_run:
            if self.options.skip_bad_rows:
                self._write_rejected()
            return
        if self.report.errors and not self.options.skip_bad_rows and not self.options.dry_run:
            return
        self._derive()
        if not self.options.dry_run:
            by = self.options.imported_by or account()
            self.erased = erase_who_is_gone(self.connection, by, self.options.as_of)
            if self.erased:
                self.copy.discard()
        if self.problems.rejected and not self.options.dry_run:
            self._write_rejected()
        self.report.checksum = self.sources.checksum()
        self.report.format = self.options.source_format or self.sources.format
        self.report.seconds = time.monotonic() - self.started
        if not self.options.dry_run:
            self._record()
            if self.options.in_its_transaction:
                self.options.in_its_transaction(self.connection, self.report)
            # Who was erased must not come back by undoing it; and whoever is a person no longer, or again, was not
            # brought by it.
            if not (self.erased or self.kept_keys.changed_people):
                self.before.keep(self.report.import_id or 0)
            if self.options.sample:
                mark_as_sample(self.connection)
            forget_old_reads(self.connection, date.today())
            written = {name: counts.created + counts.changed for name, counts in self.report.counts.items()}
            if sum(written.values()) >= MANY:
                gather_statistics(self.connection, written)
            due = due_on(self.connection, self.options.as_of) if self.options.releases else None
            self._add(release_of(due, self.connection, self.report.import_id or 0, self._report, self.copy))
            self.report.committed = True
        for stage in self.stages.values():
            stage.drop()

    def _write_rejected(self) -> None:
        again = self.batches(self.sources.batches(Meter(), self.options.as_of))
        write_rejected(again, self.problems, self.folder, self.stopped.struck_out)

    def _report(self, what: str, done: int, total: int | None) -> None:
        if self.options.progress:
            self.options.progress(what, done, total)

    # ---- read and check -----------------------------------------------------------------------------------------

    def _stage_everything(self) -> None:
        validators: dict[str, TableValidator] = {}
        spellings = Spellings(lambda name: known_labels(self.connection, name))
        for item in self.batches(self.sources.batches(self.meter, self.options.as_of, blocks=True)):
            if isinstance(item, Problem):
                if item.problem == "unknown column":
                    self.report.unknown_columns.append(f"{item.file}: {item.column}")
                if item.problem == NOT_A_TABLE:
                    self.report.unread.append(item.file)
                self.problems.add(item)
                continue
            self.called.setdefault((item.file, item.table), item)
            stage, mend = self._stage(item.table), self.options.mend_text
            if item.table not in validators:
                validators[item.table] = TableValidator(item.table, self.options.as_of, spellings, mend_text=mend)
            stage.given.update(item.columns)
            stage.blank_keeps.update(item.columns if item.blank_keeps else ())
            self.report.counts[item.table].read += len(item) + item.merged
            self.report.merged_rows += item.merged
            if item.file not in self.files:
                self.files.append(item.file)
            rejected = self.problems.rejected_lines(item.file, item.table).keys()
            for good, problems in checked(validators[item.table], item, rejected):
                self._add(problems)
                stage.filled.update(good.filled)
                stage.add(good.columns, good.lines, self.files.index(item.file))
            self._report(f"Reading {self.meter.file}", self.meter.rows, None)

    def _stage(self, table: str) -> Stage:
        if table not in self.stages:
            self.stages[table] = Stage(self.connection, table)
            self.report.counts[table] = RowCounts()
        return self.stages[table]

    # ---- write --------------------------------------------------------------------------------------------------

    def _merge_table(self, name: str) -> None:
        stage, counts = self.stages[name], self.report.counts[name]
        self._report(f"Checking {name}", 0, None)
        stage.prepare()
        keep_who_is_known(self.connection, stage)
        self.kept_keys.withdraw(stage)
        unconsented = leave_out_unconsented(self.connection, stage)
        self.report.unconsented, counts.read = self.report.unconsented + unconsented, counts.read - unconsented
        before = stage.rows
        if name == "contributions":
            self._add(stage.add_up(self.files))
            self.report.merged_rows += before - stage.rows
        else:
            errors = self._add(stage.repeated(self.files))
            self.report.merged_rows += before - stage.rows - errors
        merged, apart = self.kept_keys(stage)
        self.report.merged_rows, self.report.set_apart = self.report.merged_rows + merged, self.report.set_apart + apart
        self._add(keep_where_blank(stage, self.files))
        self._check_references(stage)
        if name == "funding_requests" and self.options.overwrite_recorded:
            self.before.note_payments(stage)
        self._add(clashes(self.connection, stage, self.files, overwrite=self.options.overwrite_recorded))
        if name == "events":
            locate_staged(self.connection, stage.table, self.options.locator, self._report)
        counts.unchanged = stage.drop_unchanged()
        counts.changed = stage.count_known() if self.options.dry_run else self.before.note(stage)
        counts.created = stage.rows - counts.changed
        self._report(f"Writing {name}", stage.rows, None)
        stage.merge()

    def _add(self, problems: Iterable[Problem]) -> int:
        """Take note of the problems, in the words of their file; returns how many there were."""
        found = list(problems)
        for problem in found:
            batch = self.called.get((problem.file, problem.table))
            self.problems.add(batch.in_its_words(problem) if batch else problem)
        return len(found)

    def _check_references(self, stage: Stage) -> None:
        for column in stage.contract.columns:
            if not column.references or column.name not in stage.given:
                continue
            absent = column.references not in self.stages
            if column.references == "people" and absent and column.name in tables.PERSON_REFERENCES:
                self.report.created_people += self._create_referenced(stage, column)
            elif column.references == "areas" and absent:
                self.report.created_areas += self._create_referenced(stage, column)
            # Removing a row can leave another one of the same table dangling: look again until none is.
            while self._add(stage.dangling(column, self.files, self._why(column, absent))) and (
                column.references == stage.name
            ):
                pass

    def _create_referenced(self, stage: Stage, column: tables.Column) -> int:
        created = stage.create_referenced(column)
        self.before.note_bare(stage, column.name, created)
        return len(created)

    def _why(self, column: tables.Column, absent: bool) -> str:
        table = column.references
        if absent:
            return f"Add {table}.csv with that row to the bundle, or correct the key."
        if any(name == table for _, name in self.problems.rejected):
            return f"Correct the key, or mend the row of {table} that was rejected."
        return f"Correct the key, or add that row to {table}."

    # ---- derived tables and the record ----------------------------------------------------------------------------

    def _derive(self) -> None:
        changes = self._changes()
        refresh_derived(self.connection, changes, self._report)
        events = self.stages.get("events")
        if events and "events" in changes.updated and not {*PLACE_COLUMNS, "mode"} <= events.given:
            relocate(self.connection, events.table, self.options.locator, self._report)
        self._hint()

    def _changes(self) -> Changes:
        stages = {name: stage for name, stage in self.stages.items() if stage.rows or stage.withdrawn}
        return Changes(
            staged={name: stage.table for name, stage in stages.items()},
            given={name: stage.given for name, stage in stages.items()},
            updated={name for name in stages if self.report.counts[name].changed},
            new_thresholds=load_program(self.connection).thresholds != self.thresholds,
            as_of=self.options.as_of,
            copy=self.copy,
        )

    def _hint(self) -> None:
        """Look for what is allowed and yet doubtful."""
        events, requests = self.stages.get("events"), self.stages.get("funding_requests")
        stages = self.stages.get("team_stages")
        if events:
            self._add(event_hints(self.connection, events.table, self.files))
        if stages and stages.rows:
            self._add(stage_hints(self.connection, stages.table, self.files))
        if requests:
            self._add(decision_hints(self.connection, requests.table, self.files))
        if requests and load_program(self.connection).currency:
            self._add(amount_hints(self.connection, requests.table, self.files))

    def _record(self) -> None:
        report = self.report
        report.import_id = record_change(
            self.connection,
            "import",
            report.source,
            imported_by=self.options.imported_by,
            format=report.format,
            checksum=report.checksum,
            seconds=report.seconds,
            hints=report.hint_count,
        )
        for name, counts in report.counts.items():
            self.connection.execute(
                insert(schema.import_counts).values(import_id=report.import_id, table_name=name, **counts.as_kept())
            )
        if self.erased:
            self.stopped = load_stop_list(self.connection)
        if self.stopped:
            struck = self.stopped.struck_out
            report.problems = [
                replace(each, value=struck(each.value), problem=struck(each.problem)) for each in report.problems
            ]
        # What people recorded and a file has otherwise comes first: all of it is kept and seen.
        listed = sorted(report.problems, key=is_clash, reverse=True)[: max(KEPT_PROBLEMS, len(report.clashes))]
        rows = [
            {"import_id": report.import_id, "number": number, **problem.as_dict()}
            for number, problem in enumerate(listed)
        ]
        if rows:
            self.connection.execute(insert(schema.import_problems), rows)
