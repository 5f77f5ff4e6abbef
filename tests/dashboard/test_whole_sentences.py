"""Sentences are whole: no text that people read is put together from pieces, so that each can be translated.

A sentence with values is one template for `say`, plurals go through `Counted`. Looked for are f-strings with words in
them, words that are chosen inside a string, and strings of words that are added up. Messages that are raised are for
developers and operators and stay out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "pages",
    "dashboard/asking",
    "dashboard/parts",
    "dashboard/report",
    "dashboard/subjects",
    "dashboard/site",
    "dashboard/maps",
    "dashboard/words",
    "data_access/actions",
    "data_access/questions",
)
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
FILES += [ROOT / "data_access" / name for name in ("recorded.py", "selection.py", "viewers.py")]
# Commands speak to operators.
FILES += [path for path in sorted((ROOT / "dashboard/digests").glob("*.py")) if path.name != "command.py"]
_PROSE = re.compile(r"[^\W\d_]{2,} | [^\W\d_]{2,}")


def prose(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_PROSE.search(node.value))


def glued(tree: ast.Module) -> Iterator[int]:
    """The lines on which words are put together."""
    raised = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in raised:
            continue
        if isinstance(node, ast.JoinedStr) and any(prose(part) for part in node.values):
            yield node.lineno
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and (prose(node.left) or prose(node.right)):
            yield node.lineno
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and prose(node.value):
            yield node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_sentence_is_put_together_from_pieces(path: Path) -> None:
    lines = sorted(set(glued(ast.parse(path.read_text(encoding="utf-8")))))
    assert not lines, f"words are put together in lines {lines}: use say(…) with one template"


def test_the_search_finds_what_it_looks_for() -> None:
    examples = 'f"{n} events so far"', '"in words " + name', 'x = ""\nx += " and more"'
    assert [list(glued(ast.parse(text))) for text in examples] == [[1], [1], [2]]
    assert not list(glued(ast.parse('say("{n} events", n=1); f"chip_{name}"; key = "a" + b')))
