"""Who is told of what, how and how often: the table `subscriptions`, and as whom each of them asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from data_access.access_tokens import hash_of
from data_access.database.schema import subscriptions
from data_access.selection import EVERYBODY, INSIDE, STAFF, Role, Scope, split_list
from data_access.viewers import NotAnEmail, known_viewer, parse_email

EMAIL, WEBHOOK, FEED = CHANNELS = ("email", "webhook", "feed")
CHANNEL_WORDS = {EMAIL: "e-mail", WEBHOOK: "webhook", FEED: "feed"}
ONCE, WEEKLY, MONTHLY = PACES = ("once", "weekly", "monthly")
PACE_WORDS = {ONCE: "at once", WEEKLY: "weekly, on Monday", MONTHLY: "monthly, on the first"}
FLOOR, CEILING, QUEUE, TEAMS, TARGETS = "floor", "ceiling", "queue", "teams", "targets"
DESK, DATA, IMPORTS, RELEASE = "desk", "data", "imports", "release"


@dataclass(frozen=True, slots=True)
class MessageTopic:
    """What can be told of: its name, and the roles that may be told."""

    label: str
    roles: frozenset[Role]


TOPICS = {
    FLOOR: MessageTopic("Floor risk", INSIDE),
    CEILING: MessageTopic("Ceilings at 80%", INSIDE),
    QUEUE: MessageTopic("Requests that wait", INSIDE),
    TEAMS: MessageTopic("Teams ready or stalled", INSIDE | {Role.PARTNER}),
    TARGETS: MessageTopic("Targets off their pace", INSIDE),
    DESK: MessageTopic("Whatever else is due", INSIDE),
    DATA: MessageTopic("Old data", INSIDE),
    IMPORTS: MessageTopic("Imports that failed", INSIDE),
    RELEASE: MessageTopic("Releases made", EVERYBODY),
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One row. `role` is None where the table of viewers says it; `address`: see the schema."""

    key: str
    channel: str
    address: str
    role: Role | None
    teams: tuple[str, ...]
    topics: tuple[str, ...]
    pace: str
    made_on: date

    def is_due(self, seen_on: date | None, today: date) -> bool:
        """Whether it is its day: always, once a week (from Monday on), or once a month (from the first on)."""
        if seen_on is None or self.pace == ONCE:
            return True
        if self.pace == WEEKLY:
            return seen_on < today - timedelta(days=today.weekday())
        return seen_on < today.replace(day=1)


def is_email(text: str) -> bool:
    """Whether it can be the address of somebody who signs in."""
    try:
        return parse_email(text) == text
    except NotAnEmail:
        return False


def scope_of(connection: Connection, subscription: Subscription, min_group_size: int) -> Scope:
    """As whom it asks now: what the table of viewers says of its address, else its own role, else as everybody."""
    viewer = known_viewer(connection, subscription.address) if subscription.channel != WEBHOOK else None
    if viewer is not None:
        return viewer.scope(min_group_size)
    return Scope(subscription.role or Role.PUBLIC, subscription.teams, min_group_size)


def topics_open_to(role: Role) -> tuple[str, ...]:
    """What somebody of the role may be told of, in order."""
    return tuple(code for code, topic in TOPICS.items() if role in topic.roles)


def all_subscriptions(connection: Connection, address: str | None = None) -> list[Subscription]:
    """All, or those of one address, by address."""
    own = subscriptions.c
    statement = select(subscriptions).order_by(own.address, own.made_on, own.subscription_key)
    if address is not None:
        statement = statement.where(own.address == address)
    return [subscription_of(row) for row in connection.execute(statement)]


def known_feed(connection: Connection, secret: str) -> Subscription | None:
    """The subscription that a feed's token opens."""
    row = connection.execute(select(subscriptions).where(subscriptions.c.hash == hash_of(secret))).first()
    return None if row is None or row.channel != FEED else subscription_of(row)


def subscription_of(row: Row[Any]) -> Subscription:
    role = Role(row.role) if row.role in STAFF else None
    topics = split_list(row.topics)
    in_order = tuple(code for code in TOPICS if code in topics)
    return Subscription(
        row.subscription_key, row.channel, row.address, role, split_list(row.teams), in_order, row.pace, row.made_on
    )
