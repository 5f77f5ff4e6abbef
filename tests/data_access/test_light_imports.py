"""What is loaded when: questions load what every question needs, and a command what it needs itself."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest


def test_questions_load_without_what_only_some_of_them_use() -> None:
    heavy = ("scipy.stats", "scipy.optimize", "langcodes", "geopy", "requests", "duckdb", "openpyxl", "icalendar")
    script = f"import data_access.questions, sys; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_client_of_a_lakes_engine_is_loaded_by_nobody_who_has_none() -> None:
    """Not even by who writes a lake, or opens one that no engine reads."""
    script = """
import sys, dashboard.commands.lake, dashboard.settings.databases, data_access.imports.refreshing
from dashboard.settings.lakes import open_lake, place_of
assert open_lake(None) is None and open_lake(place_of({"UPLIFT_LAKE_PATH": "lake"}))
print([name for name in ("pyspark", "grpc") if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_client_of_a_lakes_engine_is_loaded_in_a_process_that_has_no_file() -> None:
    """Runners of parallel tests start theirs so; the client would take us for its own tests, and end the process."""
    script = "from data_access.database.lake.session import client_version; print(client_version())"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.strip() == version("pyspark-client")


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("--help", ("sqlalchemy", "pandas", "numpy", "data_access.questions")),
        ("serve", ("pandas", "streamlit", "data_access.questions")),
        ("report", ("pandas", "typst", "pptx", "data_access.questions")),
    ],
)
def test_help_waits_for_nothing_that_it_does_not_need(command: str, heavy: tuple[str, ...]) -> None:
    script = (
        "import sys; from dashboard.cli import command_parser; "
        f"command_parser([{command!r}]).format_help(); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_workbooks_are_read_by_what_refuses_entities_whatever_else_is_installed() -> None:
    script = "import data_access, openpyxl; print(openpyxl.LXML, openpyxl.DEFUSEDXML)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]
