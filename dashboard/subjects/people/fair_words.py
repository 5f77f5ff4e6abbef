"""How evenly money and events are spread over members, in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dashboard.words.counts import LEAST_BASE
from dashboard.words.numbers import money, number, percent, ratio
from dashboard.words.ranges import about_money
from dashboard.words.sentences import MEMBERS, Counted, say
from data_access.questions.people.fairness import EVENTS, MONEY, FairShare, LorenzPoint

WITHOUT_RATE = Counted("{n} payment is left out: no exchange rate.", "{n} payments are left out: no exchange rate.")

APPEARANCES = Counted("{n} appearance at an event", "{n} appearances at events")

_EVENNESS = {
    MONEY: (
        "Gini {gini} ({low}–{high}), where 0 is the same for all and 1 everything for one; of {members}, the tenth "
        "with most money has {share} of {amount}."
    ),
    EVENTS: (
        "Gini {gini} ({low}–{high}), where 0 is the same for all and 1 everything for one; of {members}, the tenth "
        "with most events has {share} of {amount}."
    ),
}
_EVENNESS_ALONE = "Gini {gini} ({low}–{high}) over {members}, where 0 is the same for all and 1 everything for one."


def fair_sentence(everyone: FairShare, of: str) -> str:
    """How unevenly it is spread, over how many members; of fewer than ten no tenth is spoken of."""
    if everyone.gini is None or everyone.low is None or everyone.high is None:
        return "Too few members received something to say how evenly it is spread."
    few = everyone.top_tenth is None or (everyone.members or 0) < LEAST_BASE
    sentences = [
        say(
            _EVENNESS_ALONE if few else _EVENNESS[of],
            gini=ratio(everyone.gini),
            low=ratio(everyone.low),
            high=ratio(everyone.high),
            members=members_words(everyone),
            share=percent(everyone.top_tenth or 0),
            amount=_everything(everyone, of),
        )
    ]
    if everyone.without_rate is None:
        sentences.append("Some payments are left out: no exchange rate.")
    elif everyone.without_rate:
        sentences.append(WITHOUT_RATE(everyone.without_rate))
    return " ".join(sentences)


def members_words(everyone: FairShare) -> str:
    """`40 members`; for viewers who see ranges, `about 40 members`."""
    members = MEMBERS(everyone.members or 0)
    return members if everyone.receiving is not None else say("about {members}", members=members)


def _everything(everyone: FairShare, of: str) -> str:
    if everyone.amount is None:
        return "it" if of == MONEY else "them"
    if of == EVENTS:
        return APPEARANCES(int(everyone.amount))
    return _money(everyone)


def _money(row: FairShare) -> str:
    """The amount: outside, where nobody is told how many received something, it is told to two figures."""
    amount = row.amount or Decimal(0)
    return about_money(amount, row.currency) if row.receiving is None else money(amount, row.currency)


LORENZ_AXIS = {MONEY: "share of money", EVENTS: "share of events"}
_LORENZ = {
    MONEY: "Lorenz curve of money: of {members}, the {share} with least have {amount} of it.",
    EVENTS: "Lorenz curve of events: of {members}, the {share} with least have {amount} of them.",
}


def lorenz_point(point: LorenzPoint, everyone: FairShare) -> str:
    """What one point of the curve means."""
    return say(
        "Of {members}, the {share} with least have {amount}",
        members=members_words(everyone),
        share=percent(point.share_of_members),
        amount=percent(point.share_of_amount),
    )


def lorenz_in_words(curve: Sequence[LorenzPoint], everyone: FairShare, of: str) -> str:
    """The Lorenz curve for readers who do not see it: its point in the middle."""
    half = min(curve, key=lambda point: abs(point.share_of_members - 0.5))
    return say(
        _LORENZ[of],
        members=members_words(everyone),
        share=percent(half.share_of_members),
        amount=percent(half.share_of_amount),
    )


def amount_words(row: FairShare, of: str) -> str:
    """A group's amount; what belongs to too few members is not shown."""
    if row.amount is None:
        return "too few members to show"
    return _money(row) if of == MONEY else number(row.amount)
