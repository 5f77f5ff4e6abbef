"""The README is short, and what it says is so."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from dashboard.cli import command_parser
from dashboard.navigation import PAGES
from dashboard.settings import TABLE
from data_access.contract.tables import TABLES
from data_access.questions import QUESTIONS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = (action for action in command_parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(next(actions).choices)


def shown_commands() -> list[list[str]]:
    """Each `uplift …` line of the code blocks, without its comment."""
    lines = (line.partition("#")[0].strip() for line in README.splitlines())
    return [re.findall(r'"[^"]*"|\S+', line)[1:] for line in lines if line.startswith("uplift ")]


def test_it_is_under_250_lines() -> None:
    """Short enough to be read."""
    assert len(README.splitlines()) < 250


@pytest.mark.parametrize("words", shown_commands(), ids=" ".join)
def test_each_command_shown_is_understood_by_the_command_line(words: list[str]) -> None:
    """The parser takes it, and a question that it asks exists."""
    options = command_parser().parse_args([word.strip('"') for word in words])
    assert callable(options.run)
    if words[0] == "ask" and words[1] != "--list":
        assert words[1] in QUESTIONS


def test_every_command_is_mentioned() -> None:
    """Nothing that the product can do is hidden from its reader, except the options of `import` and `ask`."""
    for name in commands():
        assert re.search(rf"`?uplift {name}\b", README) or name == "serve"


def test_every_setting_table_and_page_is_mentioned() -> None:
    """Settings with their names, tables of the contract, pages of the navigation."""
    for setting in TABLE:
        assert f"`{setting.name}`" in README
    for table in TABLES:
        assert f"`{table}`" in README
    for page in PAGES:
        assert f"| {page.title} |" in README


def test_every_path_it_names_is_there() -> None:
    """Links into the project and the folders of the map."""
    paths = re.findall(r"\]\(((?!https?:)[^)#]+)\)", README) + re.findall(r"^([a-z_]+/)  ", README, re.MULTILINE)
    assert len(paths) >= 8
    for path in paths:
        assert (ROOT / path).exists(), path


def test_every_make_target_it_names_can_be_made() -> None:
    """`make help` and the README agree with the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "dev", "test", "quick", "t", "help", "bench", "check", "fix", "docs", "lock", "clean"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
