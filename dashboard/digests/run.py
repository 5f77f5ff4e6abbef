"""What is due, sent: each subscription in turn, what is new for it claimed before it goes out."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import urlsplit

from dashboard.digests.found import ToTell, found
from dashboard.digests.letter import Letter, letter
from dashboard.digests.mail import as_mail, send_mail
from dashboard.digests.sending import NotOurs, NotSent
from dashboard.digests.webhook import send_webhook
from dashboard.settings import Settings
from dashboard.settings.messages import MessagesError, webhook_address
from dashboard.words.numbers import reader
from dashboard.words.sentences import say
from data_access.access_tokens import hash_of, new_secret
from data_access.actions import deliveries
from data_access.actions.deliveries import Claimed
from data_access.actions.record import ActionRefused
from data_access.database.connecting import DatabaseError
from data_access.database.engine import Database
from data_access.persons.reads import Read, record_read
from data_access.program import load_program
from data_access.selection import INSIDE, Scope
from data_access.subscriptions import EMAIL, FEED, WEBHOOK, Subscription, all_subscriptions, scope_of

log = logging.getLogger("uplift")


@dataclass(frozen=True, slots=True)
class SentOut:
    """What became of one subscription: `went` with how many things, or the `problem`."""

    subscription: Subscription
    things: int = 0
    problem: str = ""


@dataclass
class _Run:
    """One round. What there is to tell is worked out once for all who may know the same."""

    database: Database
    settings: Settings
    today: date
    now: Callable[[], datetime]
    looks: Mapping[str, int]
    known: dict[tuple[Scope, tuple[str, ...]], ToTell] = field(default_factory=dict)

    def found(self, scope: Scope, topics: tuple[str, ...]) -> ToTell:
        key = (scope, topics)
        if key not in self.known:
            self.known[key] = found(self.database, scope, topics, self.today)
        return self.known[key]


def by_the_clock() -> datetime:
    """Now, in UTC, as the ledger keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def send_due(
    database: Database, settings: Settings, today: date, now: Callable[[], datetime] = by_the_clock
) -> list[SentOut]:
    """Send whatever is due, and try again what failed and whose time has come; what became of each."""
    run = _begun(database, settings, today, now)
    outcomes: list[SentOut] = []
    with reader(settings.locale):
        for subscription, scope in _subscriptions(database):
            try:
                outcomes += _look_after(run, subscription, scope)
            except DatabaseError as problem:
                outcomes.append(SentOut(subscription, problem=str(problem)))
            except ActionRefused:
                log.info("A subscription was left for the next time: an import is writing")
        deliveries.forget_old_deliveries(database, now())
    return outcomes


def would_send(database: Database, settings: Settings, today: date) -> Iterator[tuple[Subscription, Letter | None]]:
    """What would go to whom, and nothing is written; None where nothing is due or new."""
    run = _begun(database, settings, today, by_the_clock)
    with reader(settings.locale):
        for subscription, scope in _subscriptions(database):
            with database.program.connect() as connection:
                due = subscription.is_due(deliveries.seen_on(connection, subscription.key), today)
                told = deliveries.told(connection, subscription.key)
            now = run.found(scope, subscription.topics) if due else None
            new = now.kinds().keys() - told.keys() if now else set()
            before = len(now.news) - len(new) if now else 0
            if now and new:
                yield subscription, letter(subscription, scope.role, now, new, before, settings.site)
            else:
                yield subscription, None


def hindrance(subscription: Subscription, settings: Settings) -> str:
    """Why nothing can be sent by the subscription's way as things are set up; "" where it can."""
    if subscription.channel == EMAIL and settings.mail is None:
        return "E-mail is not set up: name the mail server in UPLIFT_SMTP_HOST and the sender in UPLIFT_MAIL_FROM."
    if subscription.channel == WEBHOOK:
        try:
            webhook_address(subscription.address)
        except MessagesError as problem:
            return str(problem)
    return ""


def publish(
    found_now: ToTell, database: Database, subscription: Subscription, known: int, today: date, now: datetime
) -> None:
    """Make what is new a part of a feed: it is read from there, and so counts as sent. `known`: see `take`."""
    with database.program.connect() as connection:
        told = deliveries.told(connection, subscription.key)
        if told.keys() == found_now.kinds().keys():
            return
    look = deliveries.take(database, subscription.key, known, now)
    if look is not None:
        given: dict[str, object] = {"today": today, "now": now, "state": deliveries.SENT}
        deliveries.claim(database, subscription.key, look, found_now.kinds(), found_now.cut_off, **given)  # type: ignore[arg-type]
        deliveries.give_back(database, subscription.key, look)


def _begun(database: Database, settings: Settings, today: date, now: Callable[[], datetime]) -> _Run:
    with database.program.connect() as connection:
        return _Run(database, settings, today, now, deliveries.looks_so_far(connection))


def _subscriptions(database: Database) -> Sequence[tuple[Subscription, Scope]]:
    with database.program.connect() as connection:
        size = load_program(connection).min_group_size
        return [(each, scope_of(connection, each, size)) for each in all_subscriptions(connection)]


def _look_after(run: _Run, subscription: Subscription, scope: Scope) -> Iterator[SentOut]:
    key, database = subscription.key, run.database
    with database.program.connect() as connection:
        due = subscription.is_due(deliveries.seen_on(connection, key), run.today)
        again = deliveries.to_try_again(connection, key, run.now())
    if not (due or again):
        return
    if subscription.channel == FEED:
        known = run.looks.get(key, 0)
        publish(run.found(scope, subscription.topics), database, subscription, known, run.today, run.now())
        return
    if problem := hindrance(subscription, run.settings):
        yield SentOut(subscription, problem=problem)
        return
    look = deliveries.take(database, key, run.looks.get(key, 0), run.now())
    if look is None:
        return
    try:
        now = run.found(scope, subscription.topics)
        kinds = now.kinds()
        for number in again:
            secret = _new_stop(subscription)
            claim = partial(deliveries.claim_again, database, key, look, number, kinds, now.cut_off)
            yield from _send(run, subscription, scope, now, claim(now=run.now(), stop_hash=_hash(secret)), secret)
        if due:
            secret = _new_stop(subscription)
            given: dict[str, object] = {"today": run.today, "now": run.now(), "stop_hash": _hash(secret)}
            claimed = deliveries.claim(database, key, look, kinds, now.cut_off, **given)  # type: ignore[arg-type]
            yield from _send(run, subscription, scope, now, claimed, secret)
    finally:
        deliveries.give_back(database, key, look)


def _new_stop(subscription: Subscription) -> str:
    return new_secret() if subscription.channel == EMAIL else ""


def _hash(secret: str) -> str | None:
    return hash_of(secret) if secret else None


def _send(
    run: _Run, subscription: Subscription, scope: Scope, now: ToTell, claimed: Claimed | None, secret: str
) -> Iterator[SentOut]:
    if claimed is None:
        return
    it = letter(subscription, scope.role, now, claimed.items, claimed.before, run.settings.site, secret)

    def begin() -> None:
        if not deliveries.begin_handing_over(run.database, claimed.delivery, run.now()):
            raise NotOurs

    try:
        if subscription.channel == EMAIL:
            _by_mail(run.settings, subscription, it, claimed.delivery, begin)
        else:
            send_webhook(subscription.address, it, begin)
    except NotOurs:
        return
    except NotSent as problem:
        if problem.unsure:
            says = say("{problem} Nobody knows whether it arrived, so it is not sent again.", problem=problem)
            deliveries.settle(run.database, claimed.delivery, says, final=True, now=run.now())
        else:
            deliveries.settle(run.database, claimed.delivery, str(problem), final=problem.final, now=run.now())
        yield SentOut(subscription, problem=str(problem))
        return
    deliveries.settle(run.database, claimed.delivery, None, final=True, now=run.now())
    if it.people and scope.role in INSIDE:
        what = Read(date.today(), subscription.address, str(scope.role), "messages", "", it.people)
        record_read(run.database, what)
    yield SentOut(subscription, things=len(claimed.items))


def _by_mail(
    settings: Settings, subscription: Subscription, it: Letter, number: int, begin: Callable[[], None]
) -> None:
    if settings.mail is None:
        raise NotSent("E-mail is not set up.")
    # The same for each try of one delivery, by which a mail server knows a second copy.
    own = hashlib.sha256(f"{subscription.key}\x1f{number}".encode()).hexdigest()[:32]
    host = urlsplit(settings.site).hostname or "localhost"
    message = as_mail(it, settings.mail.sender, subscription.address, f"<{own}@{host.replace(':', '-')}>")
    send_mail(settings.mail, message, begin)
