"""The documents say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.commands.reference import glossary, questions_page

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
WRITTEN = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def test_the_questions_are_described_as_they_are() -> None:
    assert (DOCS / "questions.md").read_text(encoding="utf-8") == questions_page(), "run `make docs`"


def test_the_numbers_of_the_glossary_are_those_of_the_pages() -> None:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert page == glossary(page), "run `make docs`"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_and_every_path_named_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []
    named = re.findall(r"`((?:dashboard|data_access|pages|tests|sample_data|docs)/[\w./]+\.\w+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_module_cites_a_document_that_is_not_here() -> None:
    for room in ("dashboard", "data_access", "pages", "sample_data", "tests"):
        for path in (ROOT / room).rglob("*.py"):
            for name in re.findall(r"\b([a-z_/]+\.md)\b", path.read_text(encoding="utf-8")):
                places = (ROOT / name, DOCS / name, DOCS / "decisions" / name, path.parent / name)
                assert any(place.exists() for place in places), f"{path.name} cites {name}"
