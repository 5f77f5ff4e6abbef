"""Pieces of the page as HTML. Every text goes through `markup`: data may hold anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard.words.text import markup
from data_access.publishing.reader import Publication
from data_access.questions.frames import records


@dataclass
class Site:
    """One publication with its tables; `address` is where the site will be, or empty; `files` where its files are."""

    publication: Publication
    tables: Mapping[str, pd.DataFrame]
    address: str = ""
    files: str = ""
    texts: dict[str, str] = field(init=False)
    figures: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = {row["name"]: row["text"] for row in records(self.tables["texts"])}
        self.figures = {row["figure"]: row for row in records(self.tables["figures"])}

    @property
    def currency(self) -> str:
        return self.publication.about["currency"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, or a picture of ours with it."""

    text: str
    picture: str = ""


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str | Cell]], numbers: Iterable[int] = ()) -> str:
    """A table whose first column names its row; `numbers` are the columns that hold numbers."""
    right = frozenset(numbers)
    head = "".join(f'<th scope="col"{_class(index in right)}>{markup(name)}</th>' for index, name in enumerate(heads))
    body = "".join(f"<tr>{_row(row, right)}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{markup(caption)}"><table>'
        f"<caption>{markup(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Sequence[str | Cell], right: frozenset[int]) -> str:
    cells = []
    for index, value in enumerate(row):
        cell = value if isinstance(value, Cell) else Cell(value)
        tag, scope = ("th", ' scope="row"') if index == 0 else ("td", "")
        # Numbers read from left to right whatever stands beside them.
        text = markup(cell.text) if index in right else f"<bdi>{markup(cell.text)}</bdi>"
        cells.append(f"<{tag}{scope}{_class(index in right)}>{text}{cell.picture}</{tag}>")
    return "".join(cells)


def _class(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def details(summary: str, inside: str) -> str:
    """Something that is opened by who wants it."""
    return f"<details><summary>{markup(summary)}</summary>{inside}</details>"


def section(identifier: str, title: str, *inside: str, lead: str = "") -> str:
    """A part of the page with its heading and a sentence that says what it found."""
    first = f'<p class="lead">{markup(lead)}</p>' if lead else ""
    return (
        f'<section id="{identifier}" aria-labelledby="{identifier}-title">'
        f'<h2 id="{identifier}-title">{markup(title)}</h2>{first}{"".join(inside)}</section>'
    )


def meter_rows(rows: Iterable[tuple[str, str, str]]) -> str:
    """A list of name, number and bar: the picture of the numbers, legible as text."""
    items = "".join(
        f'<li><span class="name"><bdi>{markup(name)}</bdi></span>'
        f'<span class="value">{markup(value)}</span>{picture}</li>'
        for name, value, picture in rows
    )
    return f'<ul class="meters">{items}</ul>'


def paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{markup(text)}</p>' if kind else f"<p>{markup(text)}</p>"
