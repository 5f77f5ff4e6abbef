"""The HTML of the page of the week: a card a thing, and a line for what is not shown."""

from __future__ import annotations

from collections.abc import Iterable

import htpy as h


def card(head: str, when: str, words: h.Node, *, late: bool, put_off: bool) -> h.Element:
    """What it is, by when, and the sentence."""
    return h.div(class_=["up-due", put_off and "quiet"])[
        h.div(".up-due-head")[
            h.h2[head],
            h.span(class_=["up-due-when", late and "late"])[late and h.span(aria_hidden="true")["✕ "], when],
            put_off and h.span(".up-due-when")["hidden for now"],
        ],
        h.p[words],
    ]


def sent(label: str, where: str) -> h.Element:
    """The way to have all of it sent."""
    return h.p(".up-none")[h.a(href=where, target="_self")[label]]


def also(lines: Iterable[tuple[str, str]]) -> h.Element:
    """What is due besides, each with the list it is in."""
    return h.ul(".up-also")[[h.li[h.a(href=where, target="_self")[words]] for words, where in lines]]
