"""`uplift digest`, `subscribe`, `unsubscribe` and `subscriptions`: messages from the command line."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard.commands.opening import open_program
from dashboard.commands.viewer import command_line_author
from dashboard.settings import Settings
from data_access import actions
from data_access.actions import deliveries
from data_access.database.engine import Database
from data_access.subscriptions import (
    CHANNEL_WORDS,
    CHANNELS,
    EMAIL,
    ONCE,
    PACES,
    TOPICS,
    WEBHOOK,
    Subscription,
    all_subscriptions,
)
from data_access.viewers import ROLE_WORDS


def add_digest_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register `uplift digest`."""
    sent = commands.add_parser("digest", parents=[database])
    what = sent.add_mutually_exclusive_group(required=True)
    what.add_argument("--due", action="store_true", help="send what is due, for a timer: every few minutes, or hourly")
    what.add_argument("--dry-run", action="store_true", help="print what would go to whom, and write nothing")
    sent.set_defaults(run=_digest)


def add_subscribe_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register `uplift subscribe`."""
    added = commands.add_parser("subscribe", parents=[database])
    added.add_argument("address", metavar="ADDRESS", help="an e-mail address, a webhook’s variable, or a feed’s name")
    added.add_argument("--of", default="", metavar="TOPICS", help=f"comma-separated: {', '.join(TOPICS)}")
    added.add_argument("--by", choices=CHANNELS, default=EMAIL, help="(default: email)")
    added.add_argument("--pace", choices=PACES, default=ONCE, help="(default: once, which is: at once)")
    added.add_argument("--role", default="", help=f"of whom has none here: {', '.join(ROLE_WORDS)}")
    added.add_argument("--team", action="append", default=[], metavar="KEY", help="a partner’s team; may be repeated")
    added.add_argument("--person", default="", metavar="KEY", help="who it is, so that erasing them ends it")
    added.set_defaults(run=_subscribe)


def add_unsubscribe_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register `uplift unsubscribe`."""
    ended = commands.add_parser("unsubscribe", parents=[database])
    ended.add_argument("key", metavar="KEY", help="as `uplift subscriptions` and each message name it")
    ended.set_defaults(run=_unsubscribe)


def add_subscriptions_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register `uplift subscriptions`."""
    commands.add_parser("subscriptions", parents=[database]).set_defaults(run=_list)


def _digest(options: argparse.Namespace) -> int:
    from dashboard.digests.run import send_due  # here and below: it loads the questions

    settings = Settings.from_environment().with_secrets_file(Path.cwd())
    if options.dry_run:
        # Not even the schema is brought up to date: this writes nothing.
        with closing(Database(options.database, settings.read_copy)) as database:
            database.version()
            return _show(database, settings)
    with closing(open_program(options)) as database:
        outcomes = send_due(database, settings, settings.today())
    for each in outcomes:
        who = f"{each.subscription.address} ({each.subscription.key})"
        if each.problem:
            print(f"uplift: {who}: {each.problem}", file=sys.stderr)
        else:
            print(f"{who} was told of {each.things} new.")
    if not outcomes:
        print("Nothing new is due.")
    return 1 if any(each.problem for each in outcomes) else 0


def _show(database: Database, settings: Settings) -> int:
    from dashboard.digests.letter import as_text
    from dashboard.digests.run import hindrance, would_send

    nothing = True
    for subscription, letter in would_send(database, settings, settings.today()):
        nothing = False
        print(f"=== {_line(subscription)}")
        if problem := hindrance(subscription, settings):
            print(f"(It could not be sent: {problem})")
        print(f"Subject: {letter.subject}\n\n{as_text(letter)}" if letter else "Nothing new is due.\n")
    print("There is no subscription yet." if nothing else "Nothing was sent or written: this was a dry run.")
    return 0


def _subscribe(options: argparse.Namespace) -> int:
    topics = [part.strip() for part in options.of.split(",") if part.strip()]
    with closing(open_program(options)) as database:
        done = actions.subscribe(
            database,
            command_line_author(),
            options.by,
            options.address,
            topics,
            options.pace,
            today=date.today(),
            role=options.role,
            team_keys=options.team,
            person=options.person,
        )
    print(f"{done.words}. End it: uplift unsubscribe {done.key}")
    if done.secret:
        site = Settings.from_environment().with_secrets_file(Path.cwd()).site
        print(f"The feed's address, told this once: {site}/feeds/own.atom?token={done.secret}")
    if options.by == WEBHOOK:
        print(f"Its address is read from {options.address} by whoever sends: `uplift digest --due` or the server.")
    return 0


def _unsubscribe(options: argparse.Namespace) -> int:
    with closing(open_program(options)) as database:
        print(f"{actions.unsubscribe(database, command_line_author(), options.key)}.")
    return 0


def _list(options: argparse.Namespace) -> int:
    with closing(open_program(options)) as database, database.program.connect() as connection:
        found = all_subscriptions(connection)
        newest = deliveries.newest_deliveries(connection, [each.key for each in found])
    for each in found:
        last = newest.get(each.key)
        print(_line(each))
        print(f"    {_last(last) if last else 'nothing was new yet'}")
    if not found:
        print("There is no subscription yet. Make one: uplift subscribe ada@example.org --of floor,queue")
    return 0


def _line(each: Subscription) -> str:
    role = f", as {ROLE_WORDS[each.role]}" if each.role else ""
    teams = f" of {', '.join(each.teams)}" if each.teams else ""
    how = f"by {CHANNEL_WORDS[each.channel]}, {each.pace}{role}{teams}"
    return f"{each.key}  {each.address} {how}: {', '.join(each.topics)}"


def _last(last: deliveries.Delivery) -> str:
    when = f"{last.tried_at:%Y-%m-%d %H:%M} UTC"
    if last.unsure(datetime.now(UTC).replace(tzinfo=None)):
        return f"{when}: whoever sent it was stopped; nobody knows whether it arrived"
    if last.state == deliveries.SENT:
        return f"{when}: sent, with {last.items} new"
    if last.next_try_at:
        return f"{when}: {last.problem} Tried {last.attempts} times; again after {last.next_try_at:%Y-%m-%d %H:%M} UTC"
    if last.state == deliveries.GIVEN_UP:
        return f"{when}: given up. {last.problem or 'Nothing of it was so any more.'}"
    return f"{when}: being sent"
