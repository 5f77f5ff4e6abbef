"""The reference pages of docs/, made by `make docs` from the code that they describe."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from dashboard.words.definitions import DEFINITIONS, definition
from data_access.answers import AnswerColumn, Count
from data_access.program import Program
from data_access.questions import QUESTIONS, Question
from data_access.selection import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"
NUMBERS = "## Numbers\n"


def questions_page() -> str:
    """docs/questions.md: every question by subject, with its columns."""
    by_subject: dict[str, list[Question]] = {}
    for question in sorted(QUESTIONS.values(), key=lambda item: item.name):
        by_subject.setdefault(question.function.__module__.split(".")[2], []).append(question)
    parts = [
        "# Questions\n\nMade by `make docs` from what each question declares. `uplift ask NAME` asks one, "
        "`uplift ask --list NAME` explains one.\n"
    ]
    for subject in sorted(by_subject):
        parts.append(f"## {subject.replace('_', ' ').capitalize()}\n")
        parts += [_question(question) for question in by_subject[subject]]
    return "\n".join(parts)


def _question(question: Question) -> str:
    doc = _escaped(" ".join((inspect.getdoc(question.function) or "").split()))
    roles = ", ".join(role for role in Role if role in question.roles)
    options = ", ".join(f"`--{name.replace('_', '-')}`" for name in question.options) or "none"
    rows = "\n".join(_row(column) for column in question.columns)
    return (
        f"### {question.name}\n\n{doc}\n\nOpen to {roles}. Counts {question.counts}. Options: {options}.\n\n"
        f"| column | kind | heading | meaning |\n|---|---|---|---|\n{rows}\n"
    )


def _row(column: AnswerColumn) -> str:
    kind = f"{column.kind} of {column.unit}" if isinstance(column, Count) and column.unit else column.kind
    only = f"Only with `--{column.only_with}`." if column.only_with else ""
    meaning = " ".join(filter(None, (column.help, only)))
    return f"| {column.name} | {kind} | {_escaped(column.title)} | {_escaped(meaning)} |"


def _escaped(text: str) -> str:
    return re.sub(r"([|<>*_])", r"\\\1", text)


def glossary_numbers() -> str:
    """The numbers of the glossary, as pages say them, with the thresholds that a program has unless it sets others."""
    said = (definition(name, Program()) for name in DEFINITIONS)
    return "\n".join(f"**{title}**: {text}\n" for title, text in sorted(said))


def glossary(page: str) -> str:
    """The glossary with its last section brought up to date. Raises ValueError where the page has none."""
    written, heading, _ = page.partition(NUMBERS)
    if not heading:
        raise ValueError(f"docs/glossary.md has lost the line {NUMBERS!r} after which the numbers stand")
    said = (
        "As pages say them under “How is this counted?”, with the thresholds that hold unless a program sets its own."
    )
    return f"{written}{NUMBERS}\n{said}\n\n{glossary_numbers()}"


def main() -> None:
    """Write both pages."""
    (DOCS / "questions.md").write_text(questions_page(), encoding="utf-8")
    page = DOCS / "glossary.md"
    page.write_text(glossary(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
