"""The Strategy page for a period that stands beside another one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dashboard.parts.beside import Side
from dashboard.parts.shapes import Headline
from dashboard.subjects.strategy import panel, words
from data_access.questions.strategy.decisions import RegisteredDecision
from data_access.selection import Selection


def side(own: Selection, decided: Sequence[RegisteredDecision], open_pages: Collection[str]) -> Side:
    """On how many topics the data speak, and the first bar of each."""
    listed = panel.cards(decided, open_pages, own)
    bars = [(card.title, card.told.bars[0]) for card in listed if card.told.bars]
    return Side(words.finding(listed, decided), [Headline(title, bar.shown, note=bar.label) for title, bar in bars])
