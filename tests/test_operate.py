"""docs/operate.md: the commands that it shows can be run, its settings exist, and its table knows every fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.cli import command_parser
from dashboard.settings import TABLE
from data_access.database.fault_words import Fault

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
UNITS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "deploy").glob("*.service")))
SHOWN = [
    line.partition("#")[0].split("uplift ", 1)[1]
    for line in (TEXT + UNITS).splitlines()
    if re.match(r"(ExecStart=\S*/)?uplift ", line)
]
INLINE = re.findall(r"`uplift ([^`]+)`", TEXT)


@pytest.mark.parametrize("command", sorted({*SHOWN, *INLINE}))
def test_each_command_is_understood(command: str) -> None:
    words = command.split()
    if words == ["backup"] or words == ["restore"]:
        words = [*words, "FILE"][: 2 if words == ["restore"] else 1]
    assert callable(command_parser().parse_args(words).run)


def test_each_setting_exists() -> None:
    known = {item.name for item in TABLE} | {"UPLIFT_CACHE_DIR"}
    assert set(re.findall(r"UPLIFT_[A-Z_]+", TEXT)) <= known


def test_each_fault_has_its_row() -> None:
    rows = re.findall(r"^\| ([a-z -]+) \|", TEXT, flags=re.MULTILINE)
    assert set(rows) - {"fault"} == set(Fault)
