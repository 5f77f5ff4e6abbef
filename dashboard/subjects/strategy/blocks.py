"""The HTML of the Strategy page: a card a topic, its picture made of bars whose values stand beside them as text.

Ten figures would take a second to draw and ten scripts to run; bars of HTML need no alternative, for they are words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import htpy as h

from dashboard.subjects.strategy.cards import Told, TopicCard


def topics(cards: Iterable[TopicCard], query: str) -> h.Element:
    """The cards in two columns, one on a phone; `query` is what a link to another page takes along."""
    return h.ul(".up-topics", aria_label="Topics of the strategy")[[_card(card, query) for card in cards]]


def _card(card: TopicCard, query: str) -> h.Element:
    return h.li[
        h.h2[card.title],
        h.p(".up-told")[card.told.finding],
        _picture(card.told) if card.told.bars else None,
        h.dl[
            _list("Targets", card.targets, "None is set."),
            _list("Decisions", card.decisions, "None is recorded."),
        ],
        card.page
        and h.p(".up-answer")[
            card.page.question, " ", h.a(href=f"./{card.page.address}?{query}", target="_self")[card.page.title]
        ],
    ]


def _picture(told: Told) -> h.Element:
    return h.figure[
        h.figcaption[told.about],
        h.ul[
            [
                h.li[
                    h.span[bar.label],
                    h.b[bar.shown],
                    h.i(aria_hidden="true")[h.i(style=f"width:{max(1, round(bar.value / told.most * 100))}%")],
                ]
                for bar in told.bars
            ]
        ],
    ]


def _list(title: str, said: Sequence[str], none: str) -> h.Fragment:
    return h.fragment[h.dt[title], [h.dd[each] for each in said] if said else h.dd(".none")[none]]
