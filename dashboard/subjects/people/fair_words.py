"""How evenly money and events are spread over members, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.words.numbers import money, number, percent, ratio
from dashboard.words.sentences import Counted, say
from data_access.questions.people.fairness import EVENTS, MONEY, FairShare, LorenzPoint

WITHOUT_RATE = Counted("{n} payment is left out: no exchange rate.", "{n} payments are left out: no exchange rate.")

_EVENNESS = {
    MONEY: (
        "Gini {gini} ({low}–{high}), where 0 is the same for all and 1 everything for one; the tenth of the members "
        "with most money has {share} of it."
    ),
    EVENTS: (
        "Gini {gini} ({low}–{high}), where 0 is the same for all and 1 everything for one; the tenth of the members "
        "with most events has {share} of them."
    ),
}
_EVENNESS_ALONE = "Gini {gini} ({low}–{high}), where 0 is the same for all and 1 everything for one."


def fair_sentence(everyone: FairShare, of: str) -> str:
    """How unevenly it is spread."""
    if everyone.gini is None or everyone.low is None or everyone.high is None:
        return "Too few members received something to say how evenly it is spread."
    sentences = [
        say(
            _EVENNESS_ALONE if everyone.top_tenth is None else _EVENNESS[of],
            gini=ratio(everyone.gini),
            low=ratio(everyone.low),
            high=ratio(everyone.high),
            share=percent(everyone.top_tenth or 0),
        )
    ]
    if everyone.without_rate:
        sentences.append(WITHOUT_RATE(everyone.without_rate))
    return " ".join(sentences)


LORENZ_AXIS = {MONEY: "share of money", EVENTS: "share of events"}
_LORENZ = {
    MONEY: "Lorenz curve of money: the {members} of members with least have {amount} of it.",
    EVENTS: "Lorenz curve of events: the {members} of members with least have {amount} of them.",
}


def lorenz_point(point: LorenzPoint) -> str:
    """What one point of the curve means."""
    return say(
        "The {members} of members with least have {amount}",
        members=percent(point.share_of_members),
        amount=percent(point.share_of_amount),
    )


def lorenz_in_words(curve: Sequence[LorenzPoint], of: str) -> str:
    """The Lorenz curve for readers who do not see it: its point in the middle."""
    half = min(curve, key=lambda point: abs(point.share_of_members - 0.5))
    return say(_LORENZ[of], members=percent(half.share_of_members), amount=percent(half.share_of_amount))


def amount_words(row: FairShare, of: str) -> str:
    """A group's amount; what belongs to too few members is not shown."""
    if row.amount is None:
        return "too few members to show"
    return money(row.amount, row.currency) if of == MONEY else number(row.amount)
