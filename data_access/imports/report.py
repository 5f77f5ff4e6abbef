"""What an import did, for people, for `--json` and for the `imports` table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from data_access.imports.broken_text import MENDABLE
from data_access.imports.rows import ImportRefused, Problem, is_clash

MOST_PROBLEMS = 200_000
SHOWN_HINTS = 2_000
EXPECTED = (
    "A table needs a header row with its column names and at least one row below it; files and sheets are named after "
    "their tables, or recognised by their columns."
)


@dataclass(slots=True)
class RowCounts:
    """Rows of one table: read = created + changed + unchanged + rejected + merged into another row of the same key."""

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def as_kept(self) -> dict[str, int]:
        """By the columns of `import_counts`."""
        kept = {name: getattr(self, name) for name in ("created", "changed", "unchanged", "rejected")}
        return {"rows_read": self.read, **kept}


@dataclass
class ImportReport:
    """The outcome; `committed` says whether anything was written."""

    source: str
    format: str = ""
    checksum: str = ""
    dry_run: bool = False
    committed: bool = False
    import_id: int | None = None
    seconds: float = 0.0
    counts: dict[str, RowCounts] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    created_people: int = 0
    created_areas: int = 0
    merged_rows: int = 0
    left_out: int = 0
    unconsented: int = 0
    set_apart: int = 0
    erased_people: int = 0
    rejected_files: list[str] = field(default_factory=list)
    hints_unlisted: int = 0

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def hints(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity != "error"]

    @property
    def clashes(self) -> list[Problem]:
        """The hints about what people recorded in the product and the file has otherwise."""
        return [problem for problem in self.problems if is_clash(problem)]

    @property
    def hint_count(self) -> int:
        return len(self.hints) + self.hints_unlisted

    @property
    def nothing_read(self) -> bool:
        """Whether no row was found in what was handed in, which is no success."""
        return not self.total("read")

    @property
    def nothing_taken(self) -> bool:
        """Whether there is no row to import: none was found, or each has an error."""
        return not (self.set_apart or any(self.total(name) for name in ("created", "changed", "unchanged")))

    @property
    def mendable(self) -> bool:
        """Whether some text was read in the wrong encoding before it came here, and was left so."""
        return any(problem.problem == MENDABLE for problem in self.problems)

    def total(self, name: str) -> int:
        return sum(getattr(counts, name) for counts in self.counts.values())

    def in_numbers(self) -> dict[str, str | int | float | bool | None]:
        """For the log: what became of it, without a word of the files."""
        return {
            "number": self.import_id,
            "committed": self.committed,
            "dry_run": self.dry_run,
            "format": self.format,
            **{name: self.total(name) for name in ("read", "created", "changed", "rejected")},
            "errors": len(self.errors),
            "hints": self.hint_count,
            "seconds": round(self.seconds, 3),
        }

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: every count and every problem."""
        return {
            "source": self.source,
            "format": self.format,
            "checksum": self.checksum,
            "committed": self.committed,
            "dry_run": self.dry_run,
            "import_id": self.import_id,
            "seconds": round(self.seconds, 3),
            "tables": {
                name: {part: getattr(counts, part) for part in RowCounts.__slots__}
                for name, counts in self.counts.items()
            },
            "created_people": self.created_people,
            "created_areas": self.created_areas,
            "merged_rows": self.merged_rows,
            "left_out": self.left_out,
            "unconsented": self.unconsented,
            "set_apart": self.set_apart,
            "erased_people": self.erased_people,
            "unknown_columns": self.unknown_columns,
            "unread": self.unread,
            "rejected_files": self.rejected_files,
            "errors": len(self.errors),
            "hints": self.hint_count,
            "clashes": len(self.clashes),
            "problems": [problem.as_dict() for problem in self.problems],
        }

    def in_words(self) -> str:
        """A few lines that say what happened, what is wrong, and what to do."""
        lines = [self._outcome()]
        for name, counts in self.counts.items():
            parts = [f"{counts.created:,} created", f"{counts.changed:,} changed", f"{counts.unchanged:,} unchanged"]
            if counts.rejected:
                parts.append(f"{counts.rejected:,} rejected")
            lines.append(f"  {name}: {counts.read:,} rows read, {', '.join(parts)}")
        for number, text in (
            (self.merged_rows, "rows said the same as another row, or were added up with it"),
            (self.created_people, "people were created bare, because contributions or participations name them"),
            (self.left_out, "rows about people who were erased were left out"),
            (self.unconsented, "attributes were left out, because their day of consent is empty"),
            (self.set_apart, "rows of bots and placeholders were set apart: they are counted among no people"),
            (self.erased_people, "people were erased: their last trace is older than the retention period"),
            (self.created_areas, "areas were created, counted as not code; import `areas` to say which are"),
        ):
            if number:
                lines.append(f"  {number:,} {text}")
        if self.unread:
            lines.append(f"  not read, because no table was recognised: {', '.join(self.unread)}")
        lines += self._problem_lines("error", self.errors, 20)
        if self.clashes:
            lines.append(f"{len(self.clashes):,} rows differ from what people recorded here:")
            lines += [f"  {each.file}, line {each.line}: {each.value}: {each.problem}." for each in self.clashes]
            lines += dict.fromkeys(each.remedy for each in self.clashes)
        others = [problem for problem in self.hints if not is_clash(problem)]
        lines += self._problem_lines("hint", others, 5)
        lines += [f"Rejected rows: {path}" for path in self.rejected_files]
        return "\n".join(lines)

    def _outcome(self) -> str:
        what = f"{self.source} ({self.format}, {self.seconds:.1f} s)"
        if self.nothing_read:
            return f"Nothing was imported from {what}: no row was found in it. {EXPECTED}"
        if self.nothing_taken:
            return f"Nothing was imported from {what}: each of its {self.total('read'):,} rows has an error to mend."
        if self.committed:
            return f"Imported {what}."
        if self.dry_run:
            return f"Checked {what}. Nothing was written: this was a dry run."
        return f"Nothing was imported from {what}: {len(self.errors):,} errors. Mend them, or use --skip-bad-rows."

    def _problem_lines(self, word: str, problems: list[Problem], most: int) -> list[str]:
        if not problems:
            return []
        total = len(problems) + (self.hints_unlisted if word == "hint" else 0)
        lines = [f"{total:,} {word}{'s' if total != 1 else ''}:"]
        lines += [f"  {problem}" for problem in problems[:most]]
        if total > most:
            kinds = Counter(problem.problem for problem in problems)
            common = "; ".join(f"{count:,} × {problem}" for problem, count in kinds.most_common(4))
            lines.append(f"  … and {total - most:,} more (--json lists them). Most frequent: {common}")
        return lines


class Problems:
    """Collects problems into a report, within bounds: endless hints are counted, endless errors refuse the source."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        self.rejected: dict[tuple[str, str], dict[int, str]] = {}
        self._hints = 0
        self._errors = 0

    def add(self, problem: Problem) -> None:
        if problem.severity != "error":
            self._hints += 1
            if self._hints > SHOWN_HINTS and not is_clash(problem):
                self.report.hints_unlisted += 1
                return
        else:
            self._errors += 1
            if problem.line is not None:
                lines = self.rejected.setdefault((problem.file, problem.table), {})
                said = f"{problem.column}: {problem.problem}" if problem.column else problem.problem
                lines[problem.line] = "; ".join(filter(None, [lines.get(problem.line), said]))
            if self._errors > MOST_PROBLEMS:
                raise ImportRefused(
                    f"{self.report.source} has more than {MOST_PROBLEMS:,} errors, the first of them: "
                    f"{self.report.errors[0]} It is probably of another format, or its columns are shifted."
                )
        self.report.problems.append(problem)

    def rejected_lines(self, file: str, table: str) -> dict[int, str]:
        return self.rejected.get((file, table), {})
