"""SECURITY.md's table of who may have what, as tests read it."""

from __future__ import annotations

from pathlib import Path

from data_access.selection import Role

NO = "–"
_PAGE = Path(__file__).resolve().parent.parent / "SECURITY.md"


def _read() -> dict[str, dict[Role, str]]:
    lines = [line for line in _PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    heads, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert heads[1:] == ["program manager", "board", "leadership", "partner", "anybody else"]
    return {name: dict(zip(Role, cells, strict=True)) for name, *cells in rows}


# By what the first column says: each role's cell.
TABLE = _read()


def cells(begin: str) -> dict[Role, str]:
    """The one row that begins so."""
    [found] = [row for name, row in TABLE.items() if name.startswith(begin)]
    return found


def allowed(begin: str) -> frozenset[Role]:
    """Who has something of the one row that begins so."""
    return frozenset(role for role, cell in cells(begin).items() if cell != NO)


def pages_of(role: Role, titles: list[str]) -> set[str]:
    """Which of the pages are the role's; each page stands in one row."""
    found = set()
    for title in titles:
        [row] = [row for name, row in TABLE.items() if title in name.split(", ")]
        if row[role] != NO:
            found.add(title)
    return found
