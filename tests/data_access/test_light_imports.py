"""Loading the questions loads what every question needs, and nothing that only some of them use."""

from __future__ import annotations

import subprocess
import sys


def test_questions_load_without_what_only_some_of_them_use() -> None:
    heavy = ("scipy.stats", "scipy.optimize", "langcodes", "geopy", "requests", "duckdb", "openpyxl", "icalendar")
    script = f"import data_access.questions, sys; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
