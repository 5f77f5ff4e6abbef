"""`uplift publish`: the public database and the static site, from one data version, all of it or nothing."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from dashboard.commands.opening import open_database
from dashboard.commands.progress import ProgressBar
from data_access.database.engine import Database, NoReleaseError, snapshot
from data_access.publishing.folder import PublishRefused
from data_access.publishing.manifest import ManifestError
from data_access.publishing.reader import PublicationError
from data_access.selection import Period

NOTHING_RELEASED = (
    "Nothing was released yet, so there is nothing to publish. The first import after the end of a quarter makes a "
    "release; `uplift release` makes the one that is due."
)
REFUSALS = (PublishRefused, ManifestError, PublicationError)


def add_publish_command(commands: Any, database: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("publish", parents=[database])
    parser.set_defaults(run=_run)
    parser.add_argument("--out", type=Path, help="the folder of the site: a new one, an empty one, or the one before")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="is the site as it was published?")
    parser.add_argument("--address", default="", help="where the site will be, like https://example.org/impact/")


def _run(options: argparse.Namespace) -> int:
    if options.check:
        return check(options.check)
    if options.out is None:
        raise PublishRefused("Say where: uplift publish --out public/, or uplift publish --check public/.")
    database = open_database(options)
    database.version()
    with ProgressBar() as bar:
        said = publish(database, options.out, address=options.address, progress=bar)
    database.close()
    print("\n".join(said))
    return 0


def publish(database: Database, out: Path, *, address: str = "", progress: Any = None) -> list[str]:
    """Write the newest release as a site into `out`; returns what to say: where it is, and what changed.

    Raises PublishRefused.

    Until the last step nothing in `out` is touched; that step swaps the whole folder.
    """
    from dashboard.settings import current
    from dashboard.site.changes import changes
    from dashboard.site.files import site_files
    from dashboard.site.texts import definition_rows, text_rows
    from data_access.publishing.collect import collect
    from data_access.publishing.database import database_file
    from data_access.publishing.folder import check_target, one_writer, swap_in
    from data_access.publishing.manifest import MANIFEST_FILE, fingerprint, manifest_file
    from data_access.publishing.reader import DATABASE_FILE, TABLES, open_publication

    address = _address(address)
    with one_writer(out):
        check_target(out)
        before = open_publication(out) if (out / DATABASE_FILE).exists() else None
        try:
            with database.outside() as connection:
                snapshot(connection)
                collected = collect(connection, progress, new_history=bool(before and not before.released_for))
        except NoReleaseError as cause:
            raise PublishRefused(NOTHING_RELEASED) from cause
        collected.tables |= {"definitions": definition_rows(collected), "texts": text_rows(collected)}
        files = {DATABASE_FILE: database_file(collected.tables)}
        # The site is made from the database that is published, and from nothing else.
        now = open_publication(files[DATABASE_FILE])
        files |= site_files(now, address, current().map_borders)
        files[MANIFEST_FILE] = manifest_file(files, now.about)
        quarter = Period.quarter_of(collected.period.end - timedelta(days=1)).in_words()
        said = [f"{out} holds the site of {now.title}, as released for the {quarter}."]
        if before is None:
            said.append("Nothing was published here before, so there is nothing to compare with.")
        else:
            old_tables, new_tables = ({name: one.table(name) for name in TABLES} for one in (before, now))
            new = changes(before, old_tables, now, new_tables)
            said += ["What changed:", *(f"- {line}" for line in new)] if new else ["No number or definition changed."]
        swap_in(out, files, progress)
    said.append(f"SHA-256 of {MANIFEST_FILE}: {fingerprint(files[MANIFEST_FILE])}")
    return said


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise PublishRefused(f"{text!r} is not an address. Write it like https://example.org/impact/.")
    return text if not text or text.endswith("/") else f"{text}/"


def check(folder: Path) -> int:
    """Say whether every file is as it was published; returns the exit status."""
    from data_access.publishing.manifest import MANIFEST_FILE, fingerprint, problems, read_manifest

    listed = len(read_manifest(folder)["files"])
    found = problems(folder)
    if found:
        print(f"{folder} is not as it was published:", *(f"- {line}" for line in found), sep="\n", file=sys.stderr)
        return 1
    print(f"{folder} is as it was published: {listed} files.")
    print(f"SHA-256 of {MANIFEST_FILE}: {fingerprint((folder / MANIFEST_FILE).read_bytes())}")
    return 0
