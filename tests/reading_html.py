"""Reads HTML as a browser does: what is an element, what is an attribute's value, and what is text.

`same_but_for_text` compares two pieces that should differ in a text alone: the one place where a test can see that no
text became anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import htpy as h
from hypothesis import strategies as st

from dashboard.parts.html import render
from dashboard.words.text import visible_lines

HOSTILE = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</li></td></p></div>", "<!--", "-->", "]]>"),
    *('" onmouseover="alert(1)', "' autofocus onfocus='alert(1)", "&lt;b&gt;", "&#60;i&#62;", "&", "&amp;lt;"),
    *("</style><style>", "</title>", "<![CDATA[", "\u202e", "\u2066", "\x00", "\x1b", "\n", "\t", "שלום"),
)
# Stands in no other text of a page.
WORD = "Wplaceholder"
texts = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), min_size=1, max_size=6).map(
    lambda parts: ("W" + "".join(parts))[:60]
)


class Read(HTMLParser):
    """Elements with the names of their attributes, the values of those, and the text between any two tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.values: list[str] = []
        self.texts = [""]
        self.feed("".join(html))  # a plain string: what is declared to be HTML would escape what it is compared with
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data

    def handle_comment(self, data: str) -> None:
        self.elements.append(("a comment", data))

    def handle_decl(self, decl: str) -> None:
        self.elements.append((f"!{decl}",))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("a declaration", data))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("an instruction", data))


def same_but_for_text(make: Callable[[str], h.Node], text: str) -> None:
    """Assert that what is made of the text differs from what is made of a harmless word in that text alone."""
    compare(Read(render(make(WORD))), Read(render(make(text))), text)


def compare(harmless: Read, read: Read, text: str) -> None:
    shown = visible_lines(text)
    assert read.elements == harmless.elements
    assert read.texts == [words.replace(WORD, shown) for words in harmless.texts]
    assert read.values == [value.replace(WORD, shown) for value in harmless.values]
    assert any(WORD in words for words in (*harmless.texts, *harmless.values)), "the text is not shown"
