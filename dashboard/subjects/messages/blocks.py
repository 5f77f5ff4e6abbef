"""The HTML of the list of subscriptions."""

from __future__ import annotations

import htpy as h


def line(words: str, last: str, *, trouble: bool) -> h.Element:
    """A subscription and what became of its last message."""
    return h.div[h.p(".up-change-line")[words], h.p(".up-none")[trouble and h.span(aria_hidden="true")["✕ "], last]]
