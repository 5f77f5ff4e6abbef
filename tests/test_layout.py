"""The layout holds: which package may import which, where the entry script lives, how long a file may be."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("dashboard", "pages", "data_access", "sample_data")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
WITHOUT_STREAMLIT = (
    "dashboard/commands/",
    "dashboard/door/",
    "dashboard/maps/",
    "dashboard/parts/blocks.py",
    "dashboard/parts/charts.py",
    "dashboard/parts/html.py",
    "dashboard/parts/labels.py",
    "dashboard/parts/shapes.py",
    "dashboard/parts/shares.py",
    "dashboard/parts/spreadsheet.py",
    "dashboard/parts/theme.py",
    "dashboard/parts/trends.py",
    "dashboard/settings/",
    "dashboard/site/",
    "dashboard/words/",
    "data_access/",
)
PURE = ("words.py", "blocks.py", "charts.py", "cards.py", "circles.py", "measures.py")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def knows_no_streamlit(path: Path) -> bool:
    """Whole rooms, and the words, HTML and charts of every subject; `maps/show.py` hands the map to Streamlit."""
    name = name_of(path)
    pure = name.startswith("dashboard/subjects/") and path.name in PURE
    return pure or (name.startswith(WITHOUT_STREAMLIT) and name != "dashboard/maps/show.py")


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def rooms(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_inward(path: Path) -> None:
    room, used = name_of(path).partition("/")[0], rooms(path)
    if room == "data_access":
        assert not used & {"dashboard", "pages", "sample_data", "streamlit", "plotly", "folium", "streamlit_folium"}
    if room == "sample_data":
        assert not used & {"dashboard", "pages", "streamlit", "plotly", "folium"}
    if room == "dashboard":
        assert "pages" not in used
    if room == "pages":
        assert not used & {"sqlalchemy", "plotly", "folium", "streamlit_folium"}


@pytest.mark.parametrize("path", [path for path in FILES if knows_no_streamlit(path)], ids=name_of)
def test_what_must_not_know_streamlit_does_not_reach_it_through_another_file(path: Path) -> None:
    seen, waiting = set(), [path]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        assert "streamlit" not in rooms(file), f"{name_of(path)} reaches streamlit through {name_of(file)}"
        waiting += [found for name in imported(file) if (found := ROOT / f"{name.replace('.', '/')}.py").is_file()]


def test_only_the_chart_kit_draws() -> None:
    """It escapes every text; a figure made elsewhere could forget to."""
    drawing = {name_of(path) for path in FILES if "plotly" in rooms(path)}
    assert drawing == {"dashboard/parts/charts.py", "dashboard/parts/theme.py"}


def test_the_entry_script_is_not_next_to_the_pages() -> None:
    """Next to them, Streamlit would serve each page on its own and skip every access check."""
    assert (ROOT / "dashboard" / "main.py").is_file()
    assert not (ROOT / "dashboard" / "pages").exists()
    assert not list(ROOT.glob("*.py"))


def test_the_entry_script_and_the_pages_stay_short() -> None:
    assert len((ROOT / "dashboard" / "main.py").read_text().splitlines()) <= 40
    for page in (ROOT / "pages").glob("*.py"):
        assert len(page.read_text().splitlines()) <= 80, page.name


def test_every_page_guards_itself() -> None:
    for page in (ROOT / "pages").glob("[a-z]*.py"):
        assert "\nrequire(" in page.read_text(), f"{page.name} must call require(...): navigation only hides it"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text)), "the first line of a module says what it is for"
