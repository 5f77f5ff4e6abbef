"""`uplift sync` and `uplift source`: addresses that are asked for what is new, and what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from dashboard.commands.opening import open_database, open_program, today
from dashboard.commands.progress import ProgressBar
from data_access.database.engine import Database
from data_access.imports.rows import ImportRefused
from data_access.migrations.migrate import for_trial, initialise


def add_sync_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    synced = commands.add_parser("sync", parents=[database])
    synced.set_defaults(run=_sync)
    synced.add_argument("names", nargs="*", metavar="NAME", help="the sources to ask (default: all)")
    synced.add_argument("--list", action="store_true", help="list the sources and what came of asking them last")
    synced.add_argument("--dry-run", action="store_true", help="ask and check everything, and write nothing")
    synced.add_argument("--again", action="store_true", help="read from the beginning; nothing is counted twice")
    synced.add_argument("--skip-bad-rows", action="store_true", help="import the good rows, keep the others aside")


def add_source_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command with its three verbs."""
    parser = commands.add_parser("source")
    verbs = parser.add_subparsers(title="verbs", metavar="")
    added = verbs.add_parser(
        "add",
        help="name an address to be asked",
        parents=[database],
        epilog=_kinds_in_words(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.add_argument("name", metavar="NAME")
    added.add_argument("kind", metavar="KIND", help="ical, csv, pretalx, pretix, github or gitea")
    added.add_argument("address", metavar="ADDRESS", help="{secret} in it stands for the secret")
    added.add_argument("--secret-from", metavar="VARIABLE", help="the environment variable that holds the secret")
    added.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the kind")
    added.add_argument(
        "--allow-private", action="store_true", help="the address may be in a private network, or on this machine"
    )
    added.set_defaults(run=_add)
    removed = verbs.add_parser("remove", help="forget a source; what was imported stays", parents=[database])
    removed.add_argument("name", metavar="NAME")
    removed.set_defaults(run=_remove)
    listed = verbs.add_parser("list", help="the sources and what came of asking them last", parents=[database])
    listed.set_defaults(run=_list)


def _kinds_in_words() -> str:
    from data_access.imports.live.named import KINDS

    lines = ["kinds, and what can be set:"]
    for kind in KINDS.values():
        lines.append(f"  {kind.name:<8} {kind.line}")
        lines += [f"           {name}: {help}" for name, help in kind.settings.items()]
    return "\n".join(lines)


def _sync(options: argparse.Namespace) -> int:
    from data_access.imports.live.sync import SyncOptions, sync
    from data_access.imports.options import ImportOptions

    if options.list:
        return _list(options)
    with closing(open_database(options)) as database, ProgressBar() as bar:
        if not options.dry_run:
            initialise(database.program)
        importing = ImportOptions(
            dry_run=options.dry_run, skip_bad_rows=options.skip_bad_rows, as_of=today(), progress=bar
        )
        chosen = SyncOptions(importing, again=options.again)
        with for_trial(database) if options.dry_run else _as_it_is(database) as used:
            done = sync(used, options.names, chosen, lambda one: print(one.in_words(), flush=True))
    if not done:
        print("There is no source yet. Name one: uplift source add NAME KIND ADDRESS")
    return 0 if all(one.went_well for one in done) else 1


@contextmanager
def _as_it_is(database: Database) -> Iterator[Database]:
    yield database


def _add(options: argparse.Namespace) -> int:
    from data_access.imports.live.address import shown
    from data_access.imports.live.named import add_source

    settings = dict(_setting(each) for each in options.set)
    with closing(open_program(options)) as database, database.writing() as connection:
        added = add_source(
            connection,
            options.name,
            options.kind,
            options.address,
            secret_from=options.secret_from,
            allow_private=options.allow_private,
            settings=settings,
        )
    print(f"{added.name} is added: {shown(added.address)}. Look what it holds: uplift sync {added.name} --dry-run")
    return 0


def _setting(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign or not name.strip():
        raise ImportRefused(f"{given[:80]!r} is no setting. Write --set name=value.")
    return name.strip(), value.strip()


def _remove(options: argparse.Namespace) -> int:
    from data_access.imports.live.named import remove_source

    with closing(open_program(options)) as database, database.writing() as connection:
        remove_source(connection, options.name)
    print(f"{options.name} is removed. What was imported from it stays.")
    return 0


def _list(options: argparse.Namespace) -> int:
    from data_access.imports.live.named import sources_in_words

    with closing(open_program(options)) as database, database.program.connect() as connection:
        lines = sources_in_words(connection)
    print("\n".join(lines) or "There is no source yet. Name one: uplift source add NAME KIND ADDRESS")
    return 0
