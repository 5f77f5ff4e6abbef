"""What a subscription is and what became of its last message, in sentences."""

from __future__ import annotations

from datetime import datetime

from dashboard.words import numbers
from dashboard.words.sentences import Counted, listed, say
from data_access.actions.deliveries import FAILED, GIVEN_UP, SENT, Delivery
from data_access.subscriptions import CHANNEL_WORDS, PACE_WORDS, TOPICS, Subscription
from data_access.viewers import ROLE_WORDS

_SENT = Counted("Last sent {moment}, with {n} new thing.", "Last sent {moment}, with {n} new things.")
_TRIED = Counted("Tried {n} time", "Tried {n} times")


def line(each: Subscription) -> str:
    """Who is told of what, how and how often."""
    known: dict[str, object] = {
        "address": each.address,
        "channel": CHANNEL_WORDS[each.channel],
        "pace": PACE_WORDS[each.pace],
        "topics": listed([TOPICS[topic].label.lower() for topic in each.topics]),
    }
    if each.role is None:
        return say("{address}, by {channel}, {pace}: {topics}", **known)
    role = ROLE_WORDS[each.role]
    if each.teams:
        return say(
            "{address}, as {role} of {teams}, by {channel}, {pace}: {topics}",
            role=role,
            teams=", ".join(each.teams),
            **known,
        )
    return say("{address}, as {role}, by {channel}, {pace}: {topics}", role=role, **known)


def last(delivery: Delivery | None, now: datetime) -> str:
    """What became of the last message. `now` is in UTC."""
    if delivery is None:
        return "Nothing was new yet."
    known: dict[str, object] = {"moment": numbers.short_moment(delivery.tried_at)}
    if delivery.unsure(now):
        return say("Whoever sent it {moment} was stopped: nobody knows whether it arrived.", **known)
    if delivery.state == SENT:
        return say(_SENT.form(delivery.items), n=delivery.items, **known)
    known["problem"] = delivery.problem or ""
    if delivery.state == FAILED and delivery.next_try_at:
        again = numbers.short_moment(delivery.next_try_at)
        return say(
            "{problem} {tried}, last {moment}; it is tried again after {again}.",
            tried=_TRIED(delivery.attempts),
            again=again,
            **known,
        )
    if delivery.state == GIVEN_UP and delivery.problem:
        return say("Given up {moment}. {problem}", **known)
    if delivery.state == GIVEN_UP:
        return say("Given up {moment}: nothing of it was so any more.", **known)
    return say("Being sent since {moment}.", **known)


def is_trouble(delivery: Delivery | None, now: datetime) -> bool:
    """Whether somebody has to look: it failed, was given up, or nobody knows."""
    if delivery is None:
        return False
    return delivery.unsure(now) or (delivery.state in (FAILED, GIVEN_UP) and bool(delivery.problem))
