"""The HTML that every page is made of: heading, headline numbers, chain, remarks, definitions, footer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import htpy as h

from dashboard.parts.html import with_code
from dashboard.parts.shapes import Bar, Headline, Step

_ARROWS = {1: "▲", -1: "▼"}


def heading(question: str, finding: h.Node, more: h.Node = "") -> h.Element:
    """The page's question, the finding, and a second sentence."""
    return h.div(".up-heading")[
        h.p(".up-question")[question],
        h.h1(".up-finding")[finding],
        more and h.p(".up-more")[more],
    ]


def selected(words: str) -> h.Element:
    """What is selected, where nothing of it can be removed."""
    return h.p(".up-selection")[words]


def copy_button(query: str) -> h.Element:
    """Copies the page's address with this query; the page's script does it."""
    return h.button(".up-copy", type="button", data_query=query)["Copy link"]


def picture_title(finding: str) -> h.Element | None:
    """What a picture shows, above it."""
    return h.h3(".up-picture")[finding] if finding else None


def save_picture(chart: str, title: str, source: str, csv: str = "") -> h.Element:
    """The buttons that save a chart (its key) as a file; the page's script makes the pictures, with title and source.

    With the text of a `csv` that is saved here too.
    """
    told = {"data_chart": chart, "data_title": title, "data_source": source}
    kinds = [("PNG", {}), ("SVG", {}), *([("CSV", {"data_text": csv})] if csv else [])]
    return h.div(".up-saves")[
        [
            h.button(".up-save", type="button", data_format=kind.lower(), aria_label=_SAVED[kind], **told, **more)[kind]
            for kind, more in kinds
        ]
    ]


_SAVED = {
    "PNG": "PNG: save this chart as a picture",
    "SVG": "SVG: save this chart as a drawing",
    "CSV": "CSV: save the numbers of this chart",
}


def tiles(items: Iterable[Headline], compared: str = "") -> h.Fragment:
    """The headline numbers, and one line that says what they are compared with."""
    return h.fragment[
        h.ul(".up-tiles", aria_label="Headline numbers")[[_tile(item) for item in items]],
        compared and h.p(".up-compared")[compared],
    ]


def _tile(item: Headline) -> h.Element:
    arrow = h.span(aria_hidden="true")[_ARROWS[item.direction], " "] if item.direction else None
    return h.li(".up-tile")[
        h.span(".up-label")[item.label],
        h.span(".up-value")[item.value],
        item.change and h.span(".up-change")[arrow, item.change],
        item.note and h.span(".up-note")[item.note],
        _trend(item.trend) if item.trend else None,
    ]


def _trend(bars: Sequence[Bar]) -> h.Element:
    return h.span(".up-trend", aria_hidden="true")[
        [
            h.i(
                class_={"now": bar.current, "open": bar.open, "none": bar.height is None},
                style=f"height:{max(2, round((bar.height or 0) * 100))}%",
            )
            for bar in bars
        ]
    ]


def chain(steps: Sequence[Step]) -> h.Element:
    """Steps in their order, with the rate between each two."""
    drawn: list[h.Element] = []
    for step in steps:
        if drawn:
            drawn.append(h.li(".up-link")[h.b[step.rate], step.rate_before and h.small[step.rate_before]])
        drawn.append(h.li(".up-step")[h.b[step.value], h.span[step.label]])
    return h.ol(".up-chain")[drawn]


def empty(why: str, advice: str) -> h.Fragment:
    """Why there is nothing, and what to do; `commands` are set as code."""
    return h.fragment[h.p(".up-empty")[why], h.p[with_code(advice)]]


def opened(what: str) -> h.Element:
    """Where that begins which a row of a table opened; `what` names it, so that another one is another mark."""
    return h.span(".up-opened", data_what=what)


def remark(text: str) -> h.Element:
    """Small print, with `commands` set as code."""
    return h.p(".up-compared")[with_code(text)]


def none(words: str) -> h.Element:
    """One line where a list has nothing to show."""
    return h.p(".up-none")[words]


def definitions(listed: Iterable[tuple[str, str]]) -> h.Element:
    """Terms with their definitions."""
    return h.dl(".up-definitions")[[h.fragment[h.dt[title], h.dd[text]] for title, text in listed]]


def footer(words: str) -> h.Element:
    """What the data is as of, and the way to the server's health."""
    return h.footer(".up-footer")[
        h.span[words],
        h.a(href="./readyz", target="_blank", rel="noopener")["Is everything working?"],
    ]


def person_card(name: h.Node, when: str, words: h.Node) -> h.Element:
    """Somebody, by when, and what about; where a list of people is one of things to do."""
    return h.div(".up-due")[
        h.div(".up-due-head")[h.h3[name], when and h.span(".up-due-when")[when]],
        h.p[words],
    ]


def way(label: str, where: str) -> h.Element:
    """The way to where something is done."""
    return h.p(".up-due-way")[h.a(href=where, target="_self")[label]]


def account(name: str, role: str) -> h.Element:
    """Who is signed in, as what."""
    return h.p(".up-account")[h.span[name], h.small[role]]


def change_line(words: str, author: str | None, moment: str, undone: bool) -> h.Element:
    """A recorded change: what, who and when."""
    state = h.fragment[" ", h.small["undone"]] if undone else None
    return h.p(".up-change-line")[words, state, h.small[author and (author, ", "), moment]]
