"""What a message says, whatever way it goes: the new things by topic, what is still so, why it came, how to stop it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dashboard.digests.found import News, ToTell
from dashboard.words.sentences import Counted, listed, say
from dashboard.words.text import visible
from data_access.selection import Role
from data_access.subscriptions import EMAIL, FEED, PACE_WORDS, TOPICS, Subscription
from data_access.viewers import ROLE_WORDS

# Of a topic so many are written out; the pages list the rest.
MOST_WRITTEN = 10
NEW = Counted("{n} new thing", "{n} new things")
_MORE = Counted("and {n} more, which the page lists", "and {n} more, which the page lists")
_BEFORE = Counted(
    "{n} thing that you were told of before is still so.", "{n} things that you were told of before are still so."
)
_LIST = {Role.PM: "/this-week", Role.BOARD: "/this-week", Role.PARTNER: "/this-week"}
MANAGE = "/data#messages"


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One topic: its heading, of which time it is, the things, and a line for those that are not written out."""

    heading: str
    period: str
    news: tuple[News, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole message. Addresses are whole; `stop` is empty where the way that it goes has no link of its own."""

    program: str
    subject: str
    lead: str
    parts: tuple[LetterPart, ...]
    before: str
    everything: str
    why: str
    stop: str
    manage: str
    command: str
    site: str

    def where(self, news: News) -> str:
        """The whole address at which a thing is done."""
        return self.site + news.path

    @property
    def people(self) -> int:
        """How many of the things name somebody."""
        return sum(each.names_person for part in self.parts for each in part.news)


def letter(
    subscription: Subscription,
    role: Role,
    now: ToTell,
    items: Collection[str],
    before: int,
    site: str,
    secret: str = "",
) -> Letter:
    """The message that tells these items. `secret` opens the link that ends the subscription."""
    news = now.only(items)
    parts = []
    for topic in subscription.topics:
        own = tuple(each for each in news if each.topic == topic)
        if own:
            rest = _MORE(len(own) - MOST_WRITTEN) if len(own) > MOST_WRITTEN else ""
            parts.append(LetterPart(TOPICS[topic].label, now.periods[topic], own[:MOST_WRITTEN], rest))
    program = visible(now.program)
    heads = listed([part.heading.lower() for part in parts], most=3)
    return Letter(
        program=program,
        subject=say("{program}: {things} ({heads})", program=program[:80], things=NEW(len(news)), heads=heads),
        lead=say("{things} in {program} on {day}.", things=NEW(len(news)), program=program, day=now.today),
        parts=tuple(parts),
        before=_BEFORE(before) if before else "",
        everything=site + _LIST.get(role, "/impact"),
        why=why_words(subscription, role),
        stop=f"{site}/subscriptions/stop?token={secret}" if secret else "",
        manage=site + MANAGE,
        command=stop_command(subscription),
        site=site,
    )


def stop_command(subscription: Subscription) -> str:
    """What ends it on the command line."""
    return say("uplift unsubscribe {key}", key=subscription.key)


def why_words(subscription: Subscription, role: Role) -> str:
    known: dict[str, object] = {
        "address": subscription.address,
        "topics": listed([TOPICS[topic].label.lower() for topic in subscription.topics if role in TOPICS[topic].roles]),
        "pace": PACE_WORDS[subscription.pace],
        "role": ROLE_WORDS.get(role, "anybody"),
    }
    if subscription.channel == EMAIL:
        return say("This came because {address} is told, as {role}, {pace}, of: {topics}.", **known)
    if subscription.channel == FEED:
        return say("This feed is {address}’s, as {role}: {topics}.", **known)
    return say("This came because this channel ({address}) is told, as {role}, {pace}, of: {topics}.", **known)


def as_text(it: Letter) -> str:
    """The message as plain text."""
    lines = [it.lead, ""]
    for part in it.parts:
        lines += [part.heading.upper(), part.period, ""]
        for each in part.news:
            head = say("{head} ({when})", head=each.head, when=each.when) if each.when else each.head
            lines += [f"* {visible(head)}", f"  {visible(each.words)}", f"  {each.way}: {it.where(each)}", ""]
        lines += [part.rest, ""] if part.rest else []
    lines += [it.before] if it.before else []
    lines += [say("Everything: {address}", address=it.everything), "", "-- ", it.why]
    if it.stop:
        lines.append(say("Stop it: {address}", address=it.stop))
    lines += [
        say("Change it: {address}", address=it.manage),
        say("On the command line: {command}", command=it.command),
    ]
    return "\n".join(lines) + "\n"
