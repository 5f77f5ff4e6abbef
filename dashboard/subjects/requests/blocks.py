"""The HTML of the request desk: what one request would do."""

from __future__ import annotations

from collections.abc import Iterable

import htpy as h

from dashboard.subjects.requests import words
from data_access.questions.requests.figures import BOARD, STOP, WhatIfFigure


def verdict(sentence: str) -> h.Element:
    """All figures of a request in a sentence."""
    return h.p(".up-more")[sentence]


def event(sentence: str, *, over: bool) -> h.Element:
    """When and where the event is; one that is over stands out by a sign, too."""
    sign = h.span(aria_hidden="true")["✕ "] if over else None
    return h.p(class_=["up-state", over and "alarm"])[sign, sentence]


def what_if(figures: Iterable[WhatIfFigure], currency: str) -> h.Element:
    """The figures of a request: label, value, verdict and explanation of each."""
    return h.ul(".up-figures", aria_label="What if it is approved")[[_figure(figure, currency) for figure in figures]]


def _figure(figure: WhatIfFigure, currency: str) -> h.Element:
    return h.li[
        h.span(".up-label")[figure.label],
        h.b(".up-figure")[words.value_words(figure, currency)],
        h.span(class_=["up-state", figure.verdict in (STOP, BOARD) and "alarm"])[
            h.span(aria_hidden="true")[words.SIGNS[figure.verdict]], " ", figure.verdict.capitalize()
        ],
        h.small[figure.explanation],
    ]
