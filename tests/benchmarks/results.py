"""Keeps what was measured in RESULTS.md: a plugin of pytest for `make bench`, and the table of `make faults`.

A row stays until the same thing is measured again, so that parts can be run; each says its day, and the machine's load.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

PAGE = Path(__file__).with_name("RESULTS.md")
ABOUT = """# What was measured

Written by `make bench` and `make faults`, never by hand. Machine of the newest run: {machine}.
"""
COMPARED, MEASURED, FAULTS = "Against others", "Everything that make bench measures", "Bad days"
HEADS = {
    COMPARED: (
        *("events", "question", "ours", "limit", "ours on SQLite", "pandas", "polars", "ours ÷ limit", "growth", "day"),
    ),
    MEASURED: ("what", "measured", "held", "day"),
    FAULTS: ("fault", "said after", "lost", "recovered in", "words", "day"),
}
SAYS = {
    COMPARED: "Milliseconds of the processor, the best of three, on the read copy unless it says SQLite. The limit is "
    "DuckDB’s own SQL for the same answer, written by hand. All five answers of a row were equal in the run. Growth is "
    "against the program of the size before.",
    MEASURED: "What each benchmark printed, and whether it held what it asserts.",
    FAULTS: "Made for real on a running server and on commands. “Said after” is how long /readyz or the command took "
    "to say it; “recovered in” is how long until the server was ready by itself, once the fault was undone.",
}
# How many cells of a row say what it is about.
KEYS = {COMPARED: 2, MEASURED: 1, FAULTS: 1}


def machine() -> str:
    """Processor, memory, and the versions that speed depends on."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    kilobytes = next(int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines())
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, DuckDB {duckdb.__version__}"
    cores = len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")])
    return f"{cores} × {processor}, {kilobytes / 2**20:.0f} GiB, {versions}"


def keep(title: str, rows: Iterable[Sequence[str]]) -> None:
    """Put rows into a section of the page, in the place of those about the same things; today is their day."""
    kept = _sections(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
    section = kept.setdefault(title, {})
    # On a machine that does much else, seconds of the clock say little: its load stands beside them.
    day = f"{date.today()}, load {os.getloadavg()[0]:.0f}"
    for row in rows:
        cells = tuple(_cell(each) for each in (*row, day))
        section[cells[: KEYS[title]]] = cells
    parts = [ABOUT.format(machine=machine())]
    for name, head in HEADS.items():
        if name in kept:
            lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *kept[name].values())]
            parts.append(f"## {name}\n\n{SAYS[name]}\n\n" + "\n".join(lines) + "\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _cell(text: str) -> str:
    return "<br>".join(text.strip().replace("|", "¦").splitlines())


def _sections(text: str) -> dict[str, dict[tuple[str, ...], tuple[str, ...]]]:
    found: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, table = part.partition("\n")
        if title in HEADS:
            rows = [tuple(line[2:-2].split(" | ")) for line in table.splitlines() if line.startswith("| ")][2:]
            found[title] = {row[: KEYS[title]]: row for row in rows}
    return found


class Results:
    """Prints what each benchmark printed when it has ended, and keeps it."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.printed: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        lines = self.printed.setdefault(report.nodeid, [])
        if report.when in ("setup", "call"):
            lines.extend(line for line in report.capstdout.splitlines() if line.strip())
        if report.when != "call":
            return
        reporter: Any = self.config.pluginmanager.get_plugin("terminalreporter")
        for line in lines:
            reporter.write_line(line)
        rows: list[Any] = [value for name, value in report.user_properties if name == "compared"]
        keep(COMPARED, rows)
        words = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
        keep(MEASURED, [(words, "\n".join(lines) or f"{report.duration:.0f} s", "yes" if report.passed else "no")])


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Results(config))
