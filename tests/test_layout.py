"""The layout holds where imports do not show it: the entry script, guards, and how long a file may be.

Who may import whom is a table in pyproject.toml, which `lint-imports` reads.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("dashboard", "pages", "data_access", "sample_data")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
MOST_LINES = 350
LONGER = {
    "dashboard/words/definitions.py": "a table: the definition of every number",
    "data_access/database/schema.py": "a table of tables",
    "data_access/migrations/versions/0001_the_first_schema.py": "written once, by Alembic",
    "data_access/questions/phrasings.py": "a table: how people ask for each question",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_entry_script_is_not_next_to_the_pages() -> None:
    """Next to them, Streamlit would serve each page on its own and skip every access check."""
    assert (ROOT / "dashboard" / "main.py").is_file()
    assert not (ROOT / "dashboard" / "pages").exists()
    assert not list(ROOT.glob("*.py"))


def test_the_entry_script_and_the_pages_stay_short() -> None:
    assert lines_of(ROOT / "dashboard" / "main.py") <= 40
    assert {page.name: lines_of(page) for page in (ROOT / "pages").glob("*.py") if lines_of(page) > 80} == {}


def test_no_module_is_longer_than_350_lines_but_those_that_have_a_reason() -> None:
    """When one grows, it is usually two ideas. A module that is short again leaves the list."""
    assert {name_of(path) for path in FILES if lines_of(path) > MOST_LINES} == set(LONGER)


def test_a_class_name_stands_once() -> None:
    """Whoever searches for a class finds the one that is meant; what begins with _ belongs to its module alone."""
    found: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(name_of(path))
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_every_page_guards_itself() -> None:
    for page in (ROOT / "pages").glob("[a-z]*.py"):
        assert "\nrequire(" in page.read_text(), f"{page.name} must call require(...): navigation only hides it"


def test_a_module_says_what_it_is_for() -> None:
    """Its first line does."""
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in FILES}
    assert [name for name, text in texts.items() if text and not ast.get_docstring(ast.parse(text))] == []
