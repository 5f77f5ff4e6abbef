"""Pieces of the page as elements, which escape the text they hold: data may hold anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import htpy as h
import pandas as pd

from data_access.answers import rows
from data_access.publishing.reader import Publication
from data_access.publishing.rows import PublishedFigure, PublishedText


class SiteTexts(NamedTuple):
    """The texts of a publication: the finding, the three promises, what protects people, and the sources."""

    finding: str
    where: str
    who: str
    money: str
    privacy: str
    sources: str


@dataclass
class Site:
    """One publication with its tables; `address` is where the site will be, or empty; `files` where its files are."""

    publication: Publication
    tables: Mapping[str, pd.DataFrame]
    address: str = ""
    files: str = ""
    texts: SiteTexts = field(init=False)
    figures: dict[str, PublishedFigure] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = texts_of(self.tables)
        self.figures = {row.figure: row for row in rows(PublishedFigure, self.tables["figures"])}

    @property
    def currency(self) -> str:
        return self.publication.currency


def texts_of(tables: Mapping[str, pd.DataFrame]) -> SiteTexts:
    """The texts of published tables, each by its name."""
    found = {row.name: row.text for row in rows(PublishedText, tables["texts"])}
    return SiteTexts._make(found[name] for name in SiteTexts._fields)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, or a picture of ours with it."""

    text: str
    picture: h.Node = None


def table(
    caption: str, heads: Sequence[str], lines: Iterable[Sequence[str | Cell]], numbers: Iterable[int] = ()
) -> h.Element:
    """A table whose first column names its row; `numbers` are the columns that hold numbers."""
    right = frozenset(numbers)
    return h.div(".scroll", tabindex="0", role="region", aria_label=caption)[
        h.table[
            h.caption[caption],
            h.thead[h.tr[[h.th(scope="col", class_=_class(index in right))[name] for index, name in enumerate(heads)]]],
            h.tbody[
                [h.tr[[_cell(index, value, index in right) for index, value in enumerate(line)]] for line in lines]
            ],
        ]
    ]


def _cell(index: int, value: str | Cell, is_number: bool) -> h.Element:
    cell = value if isinstance(value, Cell) else Cell(value)
    element = h.td(class_=_class(is_number)) if index else h.th(scope="row", class_=_class(is_number))
    # Numbers read from left to right whatever stands next to them.
    return element[cell.text if is_number else h.bdi[cell.text], cell.picture]


def _class(is_number: bool) -> str | None:
    return "n" if is_number else None


def details(summary: str, inside: h.Node) -> h.Element:
    """Something that is opened by who wants it."""
    return h.details[h.summary[summary], inside]


def section(identifier: str, title: str, *inside: h.Node, lead: str = "") -> h.Element:
    """A part of the page with its heading and a sentence that says what it found."""
    return h.section(id=identifier, aria_labelledby=f"{identifier}-title")[
        h.h2(id=f"{identifier}-title")[title],
        h.p(".lead")[lead] if lead else None,
        inside,
    ]


def meter_rows(lines: Iterable[tuple[str, str, h.Node]]) -> h.Element:
    """A list of name, number and bar: the picture of the numbers, legible as text."""
    return h.ul(".meters")[
        [h.li[h.span(".name")[h.bdi[name]], h.span(".value")[value], picture] for name, value, picture in lines]
    ]
