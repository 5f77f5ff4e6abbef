"""The HTML of the request desk: what one request would do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import htpy as h

from dashboard.subjects.requests import words


def verdict(sentence: str) -> h.Element:
    """All figures of a request in a sentence."""
    return h.p(".up-more")[sentence]


def what_if(rows: Iterable[dict[str, Any]], currency: str) -> h.Element:
    """The figures of a request: label, value, verdict and explanation of each."""
    return h.ul(".up-figures", aria_label="What if it is approved")[[_figure(row, currency) for row in rows]]


def _figure(row: dict[str, Any], currency: str) -> h.Element:
    state = str(row["verdict"])
    return h.li[
        h.span(".up-label")[row["label"]],
        h.b(".up-figure")[words.value_words(row, currency)],
        h.span(class_=["up-state", state == "over" and "alarm"])[
            h.span(aria_hidden="true")[words.SIGNS[state]], " ", state.capitalize()
        ],
        h.small[row["explanation"]],
    ]
