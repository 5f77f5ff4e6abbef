"""Each member's budget in words: what the bar shows, how far it is burnt, and when it is used up."""

from __future__ import annotations

from dashboard.subjects.budget.words import STATE_WORDS, money_words, percent_words
from dashboard.words import numbers
from dashboard.words.sentences import Counted, say
from data_access.questions.budget.burn import MemberBurn

WITHOUT_RATE = Counted("{n} amount without a rate", "{n} amounts without a rate")

_AMOUNTS = {"paid": "paid {amount}", "committed": "committed {amount}", "pending": "pending {amount}"}


def ceiling_words(row: MemberBurn) -> str:
    """What a member's bar shows: `paid €800, committed €200; of €1,000`."""
    sums = {"paid": row.paid, "committed": row.committed, "pending": row.pending}
    templates = _AMOUNTS | ({"committed": "committed {amount} ({carried} carried over)"} if row.carried_over else {})
    carried = money_words(row.carried_over, row.currency)
    amounts = [
        say(templates[name], amount=money_words(amount, row.currency), carried=carried)
        for name, amount in sums.items()
        if amount
    ]
    if missing := row.unknown + row.pending_unknown:
        amounts.append(WITHOUT_RATE(missing))
    if row.ceiling is not None:
        template = "{amounts}; of {ceiling}" if amounts else "nothing yet; of {ceiling}"
    else:
        template = "{amounts}; no ceiling" if amounts else "nothing yet; no ceiling"
    return say(template, amounts=", ".join(amounts), ceiling=money_words(row.ceiling, row.currency))


def burn_words(row: MemberBurn) -> str:
    """How much of the ceiling is burnt: at least so much, where an amount has no rate."""
    if row.burn is None and row.state == "over":
        return "over zero"
    if row.burn is None or not row.unknown:
        return percent_words(row.burn)
    return say("at least {share}", share=percent_words(row.burn))


def pace_words(pace: float | None) -> str:
    """`0.72`; a dash for what is not known."""
    return "–" if pace is None else numbers.ratio(pace)


def when_used_up(row: MemberBurn) -> str:
    """The day on which the ceiling is reached, or the member's state."""
    if row.ceiling == 0 and row.state != "over":
        return "the ceiling is zero"
    return STATE_WORDS[row.state] if row.exhausted_on is None else numbers.short_day(row.exhausted_on)
