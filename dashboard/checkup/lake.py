"""Whether a lake works: its client, its engine, how old its snapshots are, and who else may read its files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from dashboard.checkup.outcomes import CheckContext, CheckOutcome, CheckState
from dashboard.settings.lakes import INSTALL, PATH, URL, LakePlace, open_lake
from dashboard.words.numbers import moment
from dashboard.words.sentences import Counted, say
from data_access.database.engine import DataVersion, NoReleaseError
from data_access.wording import paragraph

# An engine that takes longer to say one word is of no use to a page, which asks it several questions.
ENGINE_SECONDS = 2.0
HOURS_AGO = Counted("{n} hour ago", "{n} hours ago")
DAYS_AGO = Counted("{n} day ago", "{n} days ago")
WRITE = "Write it again: `uplift lake write`."


def look_at_lake(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    """Settings, client, engine, both snapshots and the rights of the folders; one that is not there is not needed."""
    place = looked.settings.lake
    if place is None:
        yield CheckOutcome(name, CheckState.UNUSED, "No lake is set.")
        return
    engine = place.url.partition(";")[0].rstrip("/")
    if engine:
        seconds = int(place.seconds)
        says = say("{engine} reads {path}; we wait {n} s for it.", engine=engine, path=str(place.path), n=seconds)
    else:
        says = say("Snapshots are written to {path}, and no engine reads them.", path=str(place.path))
    yield CheckOutcome(name, CheckState.FINE, says)
    yield from _rights("Lake folders", place.path)
    snapshots = list(_snapshots(looked, place))
    yield from snapshots
    if engine:
        wanted = snapshots[0].state is CheckState.FINE
        yield from _engine("Lake engine", place, engine, looked.database.version() if wanted else None)


def _snapshots(looked: CheckContext, place: LakePlace) -> Iterator[CheckOutcome]:
    from data_access.database.lake.manifest import PROGRAM, RELEASE

    yield _snapshot("Lake program", place.path / PROGRAM, looked.database.version())
    try:
        released = looked.database.released_version()
    except NoReleaseError:
        return  # another check says so
    yield _snapshot("Lake release", place.path / RELEASE, released)


def _snapshot(name: str, folder: Path, wanted: DataVersion) -> CheckOutcome:
    """Of which change it is, and since when it lies there: without one of the wanted change nobody asks the engine."""
    from data_access.database.lake.manifest import CURRENT, NotASnapshot, read_snapshot

    try:
        held = read_snapshot(folder).version
        written = datetime.fromtimestamp((folder / CURRENT).stat().st_mtime, UTC)
    except FileNotFoundError:
        return CheckOutcome(name, CheckState.LOOK, say("There is none in {path}.", path=str(folder)), WRITE)
    except (OSError, NotASnapshot) as cause:
        return CheckOutcome(name, CheckState.WRONG, say("It cannot be used: {cause}.", cause=str(cause)), WRITE)
    hours = int((datetime.now(UTC) - written).total_seconds() // 3600)
    says = say(
        "{path} is of change {n}, written {when} ({age}).",
        path=str(folder),
        n=held.import_id,
        when=moment(written),
        age=DAYS_AGO(hours // 24) if hours >= 48 else HOURS_AGO(hours),
    )
    if held == wanted:
        return CheckOutcome(name, CheckState.FINE, says)
    also = say("Change {n} is wanted: the next best source answers.", n=wanted.import_id)
    return CheckOutcome(name, CheckState.LOOK, paragraph([says, also]), WRITE)


def _rights(name: str, path: Path) -> Iterator[CheckOutcome]:
    """Nobody but Uplift's account and the folder's group, as which the engine runs, may enter."""
    from data_access.database.lake.manifest import PROGRAM, RELEASE

    there = [folder for folder in (path, path / PROGRAM, path / RELEASE) if folder.is_dir()]
    fine = True
    for folder in there:
        # The outer folder may be anybody's: what is personal lies in those within.
        if folder != path and folder.stat().st_mode & 0o007:
            fine = False
            says = say("Others on this machine may read {path}.", path=str(folder))
            yield CheckOutcome(name, CheckState.WRONG, says, say("chmod 750 {path}", path=str(folder)))
        if not os.access(folder, os.W_OK | os.X_OK):
            fine = False
            says = say("{path} cannot be written.", path=str(folder))
            yield CheckOutcome(name, CheckState.WRONG, says, "Give it to the account that runs Uplift: chown.")
    if not there:
        says = say("There is no folder {path} yet.", path=str(path))
        yield CheckOutcome(name, CheckState.LOOK, says, say("Check {setting}, then `uplift lake write`.", setting=PATH))
    elif fine:
        yield CheckOutcome(name, CheckState.FINE, "They are for the account of Uplift and the engine’s group alone.")


def _engine(name: str, place: LakePlace, engine: str, version: DataVersion | None) -> Iterator[CheckOutcome]:
    """Whether the client is installed whole, the engine answers it, and reads a snapshot that is of this version."""
    from data_access.database.lake.dialect import EngineError
    from data_access.database.lake.session import client_version, reach

    try:
        client = client_version()  # loaded before the engine's time begins
    except ImportError as cause:
        says = say("The client of Spark Connect cannot be loaded: {cause}.", cause=str(cause).rstrip("."))
        yield CheckOutcome("Lake client", CheckState.WRONG, says, say("Install it: {command}.", command=INSTALL))
        return
    says = say("The client of Spark Connect is installed, version {version}.", version=client)
    yield CheckOutcome("Lake client", CheckState.FINE, says)
    began = time.monotonic()
    try:
        reach(place.url, ENGINE_SECONDS)
    except EngineError as cause:
        says = say("{engine} does not answer: {cause}.", engine=engine, cause=str(cause).rstrip("."))
        remedy = say("Start it, or check {setting}, its token and that this machine reaches it.", setting=URL)
        yield CheckOutcome(name, CheckState.WRONG, says, remedy)
        return
    taken = say("{engine} answers in {n} s.", engine=engine, n=round(time.monotonic() - began, 2))
    if version is not None and (lake := open_lake(place)):
        with closing(lake):
            why = lake.why_not(version)
        if why:
            remedy = say("It must see {path} under that path, and run in the folder’s group.", path=str(place.path))
            yield CheckOutcome(name, CheckState.WRONG, paragraph([taken, why]), remedy)
            return
    yield CheckOutcome(name, CheckState.FINE, taken)
