"""Subscribing to messages and ending that: each reader their own, the program manager everybody's; in the audit."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, insert, select

from data_access.access_tokens import hash_of, new_secret
from data_access.actions.changes import KeptChange, newest_changes
from data_access.actions.record import RULES, ActionRefused, Author, Rules, keep_entry, writing
from data_access.actions.subjects import read_state, write_state
from data_access.actions.viewers import given_role
from data_access.database.engine import Database
from data_access.database.schema import audit, deliveries, people, subscriptions
from data_access.program import load_program
from data_access.recorded import SUBSCRIPTION, State, in_words
from data_access.selection import STAFF, NotAllowed, Role, escape_item
from data_access.subscriptions import (
    CHANNELS,
    FEED,
    PACES,
    TOPICS,
    WEBHOOK,
    Subscription,
    all_subscriptions,
    scope_of,
    subscription_of,
    topics_open_to,
)
from data_access.viewers import NotAnEmail, known_viewer, parse_email, teams_as_text
from data_access.wording import either, say

# A webhook's address is a secret: only the name of the environment variable that holds it is kept.
WEBHOOK_VARIABLE = re.compile(r"UPLIFT_WEBHOOK_[A-Z0-9_]{1,60}")
MOST, LONGEST_LABEL = 500, 60


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What was done, in words, the subscription's key, and for a feed its token, which is told this once."""

    words: str
    key: str
    secret: str = ""


def subscribe(
    database: Database,
    author: Author,
    channel: str,
    address: str,
    topics: Iterable[str],
    pace: str,
    *,
    today: date,
    role: str = "",
    team_keys: Iterable[str] = (),
    person: str = "",
) -> Subscribed:
    """Have an address told of topics. Without a role, it is told what the table of viewers says that it may see.

    Raises ActionRefused, NotAllowed.
    """
    if channel not in CHANNELS:
        raise ActionRefused(f"{channel[:40]!r} is no way to be told. Choose {either(CHANNELS)}.")
    if pace not in PACES:
        raise ActionRefused(f"{pace[:40]!r} is not how often. Choose {either(PACES)}.")
    wanted = sorted(set(topics))
    if unknown := [topic for topic in wanted if topic not in TOPICS]:
        raise ActionRefused(f"{unknown[0][:40]!r} cannot be told of. Choose among {', '.join(TOPICS)}.")
    if not wanted:
        raise ActionRefused(f"Say what of: {', '.join(TOPICS)}.")
    called = _address(channel, address)
    secret = new_secret() if channel == FEED else ""
    with writing(database) as connection:
        given = given_role(connection, role, team_keys) if role else ()
        after = {
            "subscription_key": secrets.token_hex(8),
            "channel": channel,
            "address": called,
            "role": role,
            "teams": teams_as_text(given),
            "topics": ",".join(map(escape_item, wanted)),
            "pace": pace,
            "person_key": person.strip() or None,
            "hash": hash_of(secret) if secret else None,
            "made_on": today.isoformat(),
        }
        row = {**after, "made_on": today}
        if connection.execute(select(func.count()).select_from(subscriptions)).scalar_one() >= MOST:
            raise ActionRefused(f"There are {MOST} subscriptions already. End one first.")
        connection.execute(insert(subscriptions), row)
        statement = select(subscriptions).where(subscriptions.c.subscription_key == after["subscription_key"])
        _require(connection, author, subscription_of(connection.execute(statement).one()), person.strip())
        keep_entry(
            connection, author, "", "subscribed", SUBSCRIPTION, str(after["subscription_key"]), None, after,
            new_version=False,
        )  # fmt: skip
    words = in_words(SUBSCRIPTION, None, after, names_people=True)
    return Subscribed(words, str(after["subscription_key"]), secret)


def unsubscribe(database: Database, author: Author, key: str) -> str:
    """End a subscription; returns what was done, in words. Raises ActionRefused, NotAllowed."""
    with writing(database) as connection:
        before = read_state(connection, "", SUBSCRIPTION, key)
        may_end = author.scope.role is Role.PM or (isinstance(before, dict) and before["address"] == author.name)
        if not may_end:
            raise NotAllowed("A subscription is ended by whom it is for, or by the program manager.")
        return _end(connection, author, key, before)


def stopped_by(connection: Connection, secret: str) -> Subscription | None:
    """The subscription that the link in a message ends; None for an unknown link, or once it was ended."""
    own = deliveries.c
    key = connection.execute(select(own.subscription_key).where(own.stop_hash == hash_of(secret))).scalar()
    row = connection.execute(select(subscriptions).where(subscriptions.c.subscription_key == key)).first()
    return None if row is None else subscription_of(row)


def stop(database: Database, secret: str) -> Subscription | None:
    """End the subscription that a message came by, for who has its link; returns it, None where there is none."""
    with writing(database) as connection:
        found = stopped_by(connection, secret)
        if found is not None:
            size = load_program(connection).min_group_size
            author = Author(
                say("{address} (link in a message)", address=found.address), scope_of(connection, found, size)
            )
            _end(connection, author, found.key, read_state(connection, "", SUBSCRIPTION, found.key))
        return found


def subscription_changes(connection: Connection) -> list[KeptChange]:
    """The newest changes, newest first."""
    return newest_changes(connection, SUBSCRIPTION)


def _end(connection: Connection, author: Author, key: str, before: State) -> str:
    if before is None:
        raise ActionRefused(f"There is no subscription {key[:40]!r}. `uplift subscriptions` lists them.")
    write_state(connection, "", SUBSCRIPTION, key, None)
    keep_entry(connection, author, "", "unsubscribed", SUBSCRIPTION, key, before, None, new_version=False)
    return in_words(SUBSCRIPTION, before, None, names_people=True)


def _address(channel: str, text: str) -> str:
    if channel == WEBHOOK:
        if not WEBHOOK_VARIABLE.fullmatch(text):
            raise ActionRefused(
                "A webhook’s address is a secret: put it into an environment variable whose name begins with "
                "UPLIFT_WEBHOOK_, and give that name, such as UPLIFT_WEBHOOK_CHAT."
            )
        return text
    if channel == FEED and "@" not in text:
        called = " ".join(text.split())
        if not called or len(called) > LONGEST_LABEL or not called.isprintable() or called != text.strip():
            raise ActionRefused(f"A feed needs a name of at most {LONGEST_LABEL} letters, or an e-mail address.")
        return called
    try:
        return parse_email(text)
    except NotAnEmail as problem:
        raise ActionRefused(str(problem)) from problem


def _require(connection: Connection, author: Author, wanted: Subscription, person: str | None) -> None:
    """Whether the author may have it, and whether it makes sense."""
    is_manager = author.scope.role is Role.PM
    if author.scope.role not in STAFF:
        raise NotAllowed("Whoever has no role here reads the feed of releases, which is open to everybody.")
    if not is_manager and wanted.address != author.name:
        raise NotAllowed("You can have messages sent to your own address; to others, only the program manager can.")
    if not is_manager and (wanted.channel == WEBHOOK or wanted.role is not None):
        raise NotAllowed("Webhooks and roles of their own are the program manager’s to give.")
    if wanted.role is not None and wanted.channel != WEBHOOK and known_viewer(connection, wanted.address):
        raise ActionRefused(f"{wanted.address} has a role here, which counts for messages too. Leave the role out.")
    scope = scope_of(connection, wanted, load_program(connection).min_group_size)
    closed = [TOPICS[topic].label for topic in wanted.topics if scope.role not in TOPICS[topic].roles]
    if closed:
        allowed = ", ".join(topics_open_to(scope.role))
        raise ActionRefused(
            f"{wanted.address} is told things as “{scope.role}”, to whom this is not open: {', '.join(closed)}. "
            f"Open are: {allowed}."
        )
    for other in all_subscriptions(connection, wanted.address):
        twice = [TOPICS[topic].label for topic in other.topics if topic in wanted.topics]
        if twice and other.channel == wanted.channel and other.key != wanted.key:
            raise ActionRefused(
                f"{wanted.address} is told already of: {', '.join(twice)} (subscription {other.key}). "
                "Nobody is told twice: leave it out, or end that one first."
            )
    if person and not connection.execute(select(people.c.person_key).where(people.c.person_key == person)).first():
        raise ActionRefused(f"There is no person {person[:60]!r}.")


def _may_undo(connection: Connection, author: Author, key: str) -> None:
    if author.scope.role is Role.PM:
        return
    own = (audit.c.subject == SUBSCRIPTION, audit.c.subject_key == key)
    states = connection.execute(select(audit.c.before, audit.c.after).where(*own)).all()
    addresses = {state["address"] for row in states for text in row if (state := json.loads(text))}
    if author.scope.role not in STAFF or addresses != {author.name}:
        raise NotAllowed("This is undone by whom it is for, or by the program manager.")


def _still_fits(
    connection: Connection, author: Author, key: str, before: State, after: State, confirmed: Collection[str]
) -> None:
    if isinstance(after, dict):
        row = connection.execute(select(subscriptions).where(subscriptions.c.subscription_key == key)).one()
        _require(connection, author, subscription_of(row), after["person_key"])


RULES[SUBSCRIPTION] = Rules(_may_undo, _still_fits, new_version=False)
