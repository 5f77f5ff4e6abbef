"""HTML is made of elements, which escape what they hold: no module of the dashboard goes around them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for room in ("dashboard", "pages") for path in (ROOT / room).rglob("*.py"))
# The beginning of a tag, a comment or a declaration; not a group or a look-behind of a regular expression.
TAG = re.compile(r"(?<!\(\?P)(?<!\(\?)<(?:/|!--|!doctype|[a-z][\w-]*[\s/>])", re.IGNORECASE)
# What Plotly reads in its labels: modules that name it may write these. Handed to a page, they would be text.
PLOTLYS = re.compile(r"</?(?:b|br|extra)>")
# Files that hold tags in strings, and why they may.
WITH_TAGS = {
    "dashboard/door/security.py": "edits Streamlit's own start page, of which it finds tags to put constants of ours in"
}
# The one file that may declare a string to be HTML, and the one that hands HTML to Streamlit.
DECLARES, SHOWS = "dashboard/parts/html.py", "dashboard/parts/page_parts.py"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def docstrings(tree: ast.AST) -> set[ast.AST]:
    """Every string that stands as a statement of its own."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def strings(tree: ast.AST) -> list[str]:
    """Every string in the code; in an f-string, a name stands where a value will."""
    found, left_out = [], docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            found.append(node.value)
    return found


def tags(source: str) -> list[str]:
    """The strings of a module that hold a tag."""
    tree = ast.parse(source)
    writes_labels = "plotly" in source.lower()
    return [text for text in strings(tree) if TAG.search(PLOTLYS.sub("", text) if writes_labels else text)]


def goes_around(tree: ast.AST) -> list[str]:
    """Where a module declares a string to be HTML, or hands one to Streamlit."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            found += [name for name in modules if name.partition(".")[0] == "markupsafe"]
        elif isinstance(node, ast.Attribute) and node.attr == "html" and ast.unparse(node.value) != "h":
            found.append(ast.unparse(node))
        elif isinstance(node, ast.keyword | ast.FunctionDef):
            name = str(getattr(node, "arg", None) or getattr(node, "name", ""))
            found += [name] * (name.startswith("unsafe_allow") or name == "__html__")
    return found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_string_holds_a_tag(path: Path) -> None:
    found = tags(path.read_text(encoding="utf-8"))
    if name_of(path) in WITH_TAGS:
        assert found, "no tag is left: take the file from the list"
    else:
        assert not found, "make elements: import htpy as h"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_html_is_declared_and_shown_in_one_place_each(path: Path) -> None:
    allowed = {DECLARES: ["markupsafe"], SHOWS: ["st.html"]}
    assert goes_around(ast.parse(path.read_text(encoding="utf-8"))) == allowed.get(name_of(path), [])


@pytest.mark.parametrize(
    "source",
    [
        "x = '<div class=\"a\">'",
        "x = f'<p>{y}</p>'",
        "x = f'<{tag} {y}>'",
        "x = '</' + tag",
        "x = '<BR/>'",
        "x = '<!-- y -->'",
        "import plotly\nx = '<b>y</b><i>z</i>'",
        "def f():\n    '''Doc <p>.'''\n    return '<p>'",
    ],
)
def test_a_tag_is_found_in_whatever_form(source: str) -> None:
    assert len(set(tags(source))) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "'''A module with a <div> in its docstring.'''",
        "x = '1 < 2'",
        "x = '<'",
        "x = r'(?P<name>a)(?<!b)'",
        "import plotly\nx = '<b>y</b><br>%{x}<extra></extra>'",
    ],
)
def test_what_is_no_tag_is_not_taken_for_one(source: str) -> None:
    assert tags(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "from markupsafe import Markup",
        "import markupsafe as m",
        "st.html('x')",
        "column.html(x)",
        "show = st.html",
        "st.markdown(x, unsafe_allow_html=True)",
        "class A:\n    def __html__(self): ...",
    ],
)
def test_a_way_around_is_found(source: str) -> None:
    assert goes_around(ast.parse(source))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_a_box_offers_is_not_escaped(path: Path) -> None:
    """Its options are no Markdown: a backslash would be seen."""
    boxes = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("selectbox", "multiselect")
    ]
    offered = [
        each
        for box in boxes
        for each in (*box.args[1:], *(word.value for word in box.keywords if word.arg in ("options", "format_func")))
    ]
    names = {part.id for each in offered for part in ast.walk(each) if isinstance(part, ast.Name)}
    assert "plain" not in names, "use visible"
