"""The tables of the Strategy page: the figures behind the bars, and the register of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.subjects.strategy.cards import TopicCard
from data_access.answers import Number, Text, table

DECISIONS = ("topic_name", "what", "state", "decided_on", "superseded_by")
INSIDE = ("who_decides", "who_agrees", "consulted", "informed", "evidence_url")
WIDTHS: dict[str, int | str] = {"topic_name": 150, "what": 360, "state": "small", "superseded_by": 200}


class TopicFigure(NamedTuple):
    topic: Annotated[str, Text("Topic")]
    about: Annotated[str, Text("What")]
    label: Annotated[str, Text("Of")]
    shown: Annotated[str, Text("Figure")]
    value: Annotated[float, Number("Length of the bar", decimals=2, help="A share from 0 to 1, or a count")]


def figures(cards: Iterable[TopicCard]) -> pd.DataFrame:
    """Every bar of every topic, a row each."""
    made = [
        TopicFigure(card.title, card.told.about, bar.label, bar.shown, bar.value)
        for card in cards
        for bar in card.told.bars
    ]
    return table(TopicFigure, made)
