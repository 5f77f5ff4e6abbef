"""The report's files: three that people read, and beside them each number with all it takes to ask it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard.report.compose import command_of
from dashboard.report.shapes import Report, ReportFigure, ReportRefused
from dashboard.words.sentences import listed, say
from data_access.publishing.folder import why, write_whole

DATA_FILE, FORMAT = "report.json", 1
KINDS = ("pdf", "html", "pptx")
NAMES = {kind: f"report.{kind}" for kind in KINDS}
Progress = Callable[[str, int, int | None], None]


def written(report: Report, kind: str) -> bytes:
    """One of the three files."""
    # Each loads a library that nobody needs who makes another.
    if kind == "pdf":
        from dashboard.report.paper import pdf

        return pdf(report)
    if kind == "html":
        from dashboard.report.page import html

        return html(report)
    from dashboard.report.slides import pptx

    return pptx(report)


def all_files(report: Report, progress: Progress | None = None) -> dict[str, bytes]:
    """Every file by its name; the data file says what the others are made of, and holds their SHA-256."""
    files: dict[str, bytes] = {}
    for number, kind in enumerate(KINDS):
        if progress:
            progress(say("Writing {file}", file=NAMES[kind]), number, len(KINDS))
        files[NAMES[kind]] = written(report, kind)
    data = report_data(report) | {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    }
    return files | {DATA_FILE: (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")}


def refuse_other_files(out: Path) -> None:
    """Refuse a folder in which something else would be lost, or in which nothing can be written."""
    if out.exists() and not out.is_dir():
        raise ReportRefused(f"{out} is a file. Name a folder: uplift report --period 2026-Q3 --out report/")
    try:
        others = sorted({path.name for path in out.iterdir()} - {DATA_FILE, *NAMES.values()}) if out.exists() else []
    except OSError as cause:
        raise ReportRefused(f"{out} cannot be read: {why(cause)}.") from cause
    if others:
        some = listed(others, most=3)
        raise ReportRefused(
            f"{out} holds files that are no report: {some}. Name a new or an empty folder: nothing may be lost."
        )


def write_report(out: Path, files: dict[str, bytes]) -> None:
    """All the files in the folder, in the place of an earlier report; or none. Raises ReportRefused."""
    refuse_other_files(out)
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, files)
    except OSError as cause:
        raise ReportRefused(f"No report was written: {out}: {why(cause)}. What was there is as it was.") from cause


def report_data(report: Report) -> dict[str, Any]:
    """The report as JSON has it."""
    version = {"number": report.version.import_id, "finished_at": report.version.finished_at}
    return {
        "format": FORMAT,
        "program": report.program,
        "sample": report.sample,
        "role": report.role,
        "period": str(report.period),
        "as_of": report.as_of.isoformat(),
        "data_version": version,
        "made_on": report.made_on.isoformat(),
        "sections": [
            {
                "section": section.key,
                "title": section.title,
                "finding": section.finding,
                "more": list(section.more),
                "asked": list(section.points),
                "sources": [at + 1 for at in sorted(section.sources)],
                "numbers": [_number(report, number, version) for number in section.numbers()],
            }
            for section in report.sections
        ],
        "sources": [
            {
                "question": source.question,
                "options": dict(source.options),
                "period": str(source.period),
                "as_of": source.as_of.isoformat(),
                "rows": source.rows,
                "fingerprint": source.fingerprint,
                "command": command_of(report, source),
            }
            for source in report.sources
        ],
    }


def _number(report: Report, number: ReportFigure, version: dict[str, Any]) -> dict[str, Any]:
    source = report.sources[number.source]
    return {
        "label": number.label,
        "shown": number.shown,
        "value": number.value,
        "unit": number.unit,
        "question": source.question,
        "options": dict(source.options),
        "period": str(source.period),
        "as_of": source.as_of.isoformat(),
        "role": report.role,
        "data_version": version,
        "where": dict(number.where),
        "column": number.column,
        "source": number.source + 1,
    }
