"""The HTML of the Data page: the checklist of what pages still need, and imports that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import htpy as h


def checklist(lines: Iterable[tuple[str, Sequence[str]]]) -> h.Element:
    """What a page needs, with what each thing is for."""
    return h.ul(".up-checklist", aria_label="What each page still needs")[
        [h.li[h.span[needs], h.small[[(why, " ") for why in whys]]] for needs, whys in lines]
    ]


def complete(words: str) -> h.Element:
    """One line where no page lacks anything."""
    return h.p(".up-none")[words]


def pair_line(one: str, other: str, strength: str, evidence: str, against: str) -> h.Element:
    """Two people who are probably one: which, how surely, and what speaks for and against it."""
    return h.p(".up-change-line")[
        h.strong[one],
        " and ",
        h.strong[other],
        " ",
        h.small[strength, ": ", evidence, against and (". Against: ", against)],
    ]


def import_line(name: str, source: str, moment: str, problem: str) -> h.Element:
    """An import: which, from what, when, and what stands in the way of undoing it."""
    return h.p(".up-change-line")[name, ": ", source, " ", h.small[moment, problem and (". ", problem)]]
