"""A document that leaves the house: the same passages as a page of HTML that needs nothing else, and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import htpy as h

from dashboard.parts.html import render, style_sheet
from dashboard.words.text import visible

_CSS = """
:root { color-scheme: light dark; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 .4rem; break-after: avoid; }
p, li { margin: .3rem 0; overflow-wrap: anywhere; }
.lead { font-size: 1.1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; break-inside: avoid; }
th, td { border-bottom: 1px solid #8886; padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; }
footer { margin-top: 2rem; font-size: .85rem; opacity: .8; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; } }
"""
# What would be markup to a reader of Markdown.
_MARKS = re.compile(r"([\\`*_\[\]<>#|&~])")
_LIST = re.compile(r"^(\d*)([.)+-])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document under a title: sentences, points of a list, and a table (its first row are the heads)."""

    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title, the sentence that sums it up, passages in order, and how it counts."""

    title: str
    lead: str
    passages: tuple[Passage, ...]
    notes: tuple[str, ...]

    def as_html(self) -> bytes:
        """One page that loads nothing, and prints."""
        page = h.html(lang="en")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.title[self.title],
                style_sheet(_CSS),
            ],
            h.body[
                h.main[h.h1[self.title], h.p(".lead")[self.lead], [_section(part) for part in self.passages]],
                h.footer[[h.p[note] for note in self.notes]],
            ],
        ]
        return render(page).encode()

    def as_markdown(self) -> bytes:
        """The same as text; what comes from data is never markup."""
        parts = [_line("# {}", self.title), _line("{}", self.lead)]
        for part in self.passages:
            parts.append(_line("## {}", part.title))
            parts += [_line("{}", sentence) for sentence in part.sentences]
            if part.points:
                parts.append("\n".join(_line("- {}", point) for point in part.points))
            if part.rows:
                heads, *rest = (_cells(row) for row in part.rows)
                parts.append("\n".join([heads, _cells(["---"] * len(part.rows[0])), *rest]))
        parts += ["---", *(_line("{}", note) for note in self.notes)]
        return ("\n\n".join(parts) + "\n").encode()


def _section(part: Passage) -> h.Element:
    heads, *rest = part.rows or ((),)
    grid = h.div(".wide")[
        h.table[
            h.thead[h.tr[[h.th(scope="col")[head] for head in heads]]],
            h.tbody[[h.tr[[h.td[cell] for cell in row]] for row in rest]],
        ]
    ]
    return h.section[
        h.h2[part.title],
        [h.p[sentence] for sentence in part.sentences],
        h.ul[[h.li[point] for point in part.points]] if part.points else None,
        grid if part.rows else None,
    ]


def _line(template: str, text: str) -> str:
    escaped = _escaped(text)
    return template.format(_LIST.sub(r"\1\\\2", escaped) if template == "{}" else escaped)


def _cells(row: Iterable[str]) -> str:
    return " ".join(("|", " | ".join(cell if cell == "---" else _escaped(cell) for cell in row), "|"))


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", visible(text))
