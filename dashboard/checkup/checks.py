"""`uplift doctor`: everything that Uplift stands on, looked at one by one; what is wrong comes with its remedy."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select, text

from dashboard.checkup.lake import look_at_lake
from dashboard.checkup.outcomes import CheckContext, CheckOutcome, CheckState
from dashboard.settings import Settings
from dashboard.words.letters import scripts_of, without_a_font
from dashboard.words.sentences import listed, say
from data_access.database.connecting import without_password
from data_access.database.engine import Database, NoReleaseError
from data_access.database.faults import explain, newest_schema, schema_fault
from data_access.database.private_files import sqlite_file
from data_access.database.schema import events, program, spaces, teams
from data_access.geography.gazetteer_build import index_path, is_complete
from data_access.questions.released import newest_released
from data_access.selection import Period

LEAST_FREE = 200_000_000
MOST_PLACES = 20_000
NETWORK_SECONDS = 3.0
CLOCK_MAY_DIFFER = timedelta(minutes=2)


def check_everything(settings: Settings, database: Database, *, thorough: bool) -> list[CheckOutcome]:
    """Every check, in the order in which one stands on the other; a check that fails is one that is wrong."""
    looked = CheckContext(settings, database, thorough)
    return [each for name, look in _CHECKS for each in _safely(name, look, looked)]


def _safely(
    name: str, look: Callable[[str, CheckContext], Iterator[CheckOutcome]], looked: CheckContext
) -> Iterator[CheckOutcome]:
    try:
        yield from look(name, looked)
    except Exception as cause:
        fault = explain(cause, looked.database.program)
        says = str(fault) if fault else say("It could not be looked at: {kind}.", kind=type(cause).__name__)
        yield CheckOutcome(name, CheckState.WRONG, says)


def _settings(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    as_of = looked.settings.as_of
    if as_of is not None:
        yield CheckOutcome(
            name,
            CheckState.LOOK,
            say("UPLIFT_AS_OF is set: the dashboard takes {day} as today.", day=as_of),
            "Unset it, but for a sample program.",
        )
    else:
        yield CheckOutcome(name, CheckState.FINE, "Every setting can be used.")


def _database(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    engine = looked.database.program
    with engine.connect() as connection:
        asked = "SELECT sqlite_version()" if engine.dialect.name == "sqlite" else "SHOW server_version"
        version = connection.exec_driver_sql(asked).scalar_one()
    where = without_password(looked.settings.database_url)
    yield CheckOutcome(
        name,
        CheckState.FINE,
        say("{where} answers ({engine} {version}).", where=where, engine=engine.dialect.name, version=str(version)),
    )


def _schema(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    fault = schema_fault(looked.database.program)
    if fault:
        yield CheckOutcome(name, CheckState.WRONG, str(fault))
    else:
        yield CheckOutcome(
            name, CheckState.FINE, say("It has the schema of this version, {schema}.", schema=newest_schema())
        )


def _integrity(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    engine = looked.database.program
    if engine.dialect.name != "sqlite":
        yield CheckOutcome(name, CheckState.UNUSED, "PostgreSQL checks its pages itself, where its checksums are on.")
        return
    with engine.connect() as connection:
        if not looked.thorough:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            loose = None
        else:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found == "ok" and loose is None:
        yield CheckOutcome(name, CheckState.FINE, "Every page of the file can be read, and agrees with the others.")
    else:
        says = say("The file is damaged: {found}.", found=found if found != "ok" else str(loose))
        yield CheckOutcome(name, CheckState.WRONG, says, "Bring the newest backup back: `uplift restore FILE`.")


def _disk(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    file = sqlite_file(looked.settings.database_url)
    folder = file.resolve().parent if file else Path.cwd()
    free, size = shutil.disk_usage(folder).free, file.stat().st_size if file and file.exists() else 0
    says = say(
        "{free} MB are free in {folder}; the database has {size} MB.",
        free=free // 10**6,
        folder=str(folder),
        size=size // 10**6,
    )
    if free < max(2 * size, LEAST_FREE):
        yield CheckOutcome(
            name, CheckState.LOOK, says, "Make room: an import and a backup each may need as much as the database."
        )
    else:
        yield CheckOutcome(name, CheckState.FINE, says)


def _gazetteer(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    path = index_path()
    if is_complete(path):
        yield CheckOutcome(name, CheckState.FINE, say("The index of places is in {path}.", path=str(path)))
    else:
        yield CheckOutcome(
            name, CheckState.LOOK, "The index of places is not built yet.", "The next import builds it, in seconds."
        )


def _letters(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    """Whether a report's PDF can write the names of the program; of places the first many."""
    statements = [select(column) for column in (program.c.name, teams.c.name, spaces.c.name)]
    with looked.database.program.connect() as connection:
        names = [
            name
            for statement in (*statements, select(events.c.city).distinct().limit(MOST_PLACES))
            for name in connection.execute(statement).scalars()
        ]
    if missing := without_a_font("".join(filter(None, names))):
        says = say(
            "A report’s PDF writes letters of names as □, for this computer has no font for them: {scripts}.",
            scripts=listed(scripts_of(missing)),
        )
        remedy = "Install fonts that have them: apt-get install fonts-noto-core fonts-noto-cjk."
        yield CheckOutcome(name, CheckState.LOOK, says, remedy)
    else:
        yield CheckOutcome(name, CheckState.FINE, "A report’s PDF can write every name of the program.")


def _read_copy(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    path = looked.database.read_copy
    if path is None:
        yield CheckOutcome(name, CheckState.UNUSED, "No read copy is set: the program database answers.")
    elif looked.database.reads_from_copy():
        yield CheckOutcome(name, CheckState.FINE, say("{path} is as new as the program.", path=str(path)))
    else:
        yield CheckOutcome(
            name,
            CheckState.LOOK,
            say("{path} is missing, damaged or older than the program: answers come slower.", path=str(path)),
            "Write it again: `uplift read-copy`.",
        )


def _release(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    today = looked.settings.today()
    try:
        with looked.database.outside() as connection:
            newest = newest_released(connection, today)
    except NoReleaseError:
        newest = None
    if newest is None:
        yield CheckOutcome(
            name, CheckState.LOOK, "Nothing was released yet: outside, nobody sees anything.", "Run `uplift release`."
        )
        return
    quarter = Period.quarter_of(newest - timedelta(days=1))
    if newest < Period.quarter_of(today).start:
        says = say("The newest release tells of {quarter}; a later one is due.", quarter=quarter.in_words())
        yield CheckOutcome(name, CheckState.LOOK, says, "The next import makes it, or `uplift release`.")
    else:
        yield CheckOutcome(
            name, CheckState.FINE, say("The newest release tells of {quarter}.", quarter=quarter.in_words())
        )


def _sign_in(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    provider = looked.settings.oidc
    if provider is None:
        yield CheckOutcome(name, CheckState.UNUSED, "Nobody signs in: only this machine itself is served.")
        return
    if not os.environ.get("UPLIFT_SECRET"):
        yield CheckOutcome(
            name,
            CheckState.LOOK,
            "UPLIFT_SECRET is not set: every restart ends all sign-ins.",
            'Draw one: python3 -c "import secrets; print(secrets.token_urlsafe(48))".',
        )
    try:
        found = httpx.get(provider.server_metadata_url, timeout=NETWORK_SECONDS).raise_for_status().json()
        is_a_provider = "authorization_endpoint" in found
    except (httpx.HTTPError, ValueError) as cause:
        says = say("The provider does not answer: {kind}.", kind=type(cause).__name__)
        yield CheckOutcome(
            name, CheckState.WRONG, says, "Check UPLIFT_OIDC_METADATA_URL, and that this machine reaches it."
        )
        return
    if is_a_provider:
        yield CheckOutcome(
            name, CheckState.FINE, say("{origin} signs in through a provider that answers.", origin=provider.origin)
        )
    else:
        says = "What UPLIFT_OIDC_METADATA_URL leads to does not describe a provider."
        yield CheckOutcome(name, CheckState.WRONG, says, "It ends in /.well-known/openid-configuration.")


def _mail(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    mail = looked.settings.mail
    if mail is None:
        yield CheckOutcome(name, CheckState.UNUSED, "No mail server is set: no e-mail is sent.")
        return
    try:
        socket.create_connection((mail.host, mail.port), timeout=NETWORK_SECONDS).close()
    except OSError as cause:
        says = say(
            "The mail server {host}:{port} does not answer: {kind}.",
            host=mail.host,
            port=str(mail.port),
            kind=type(cause).__name__,
        )
        yield CheckOutcome(name, CheckState.WRONG, says, "Check UPLIFT_SMTP_HOST and UPLIFT_SMTP_PORT.")
    else:
        says = say("The mail server {host}:{port} answers.", host=mail.host, port=str(mail.port))
        yield CheckOutcome(name, CheckState.FINE, says)


def _clock(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    now = datetime.now(UTC)
    newest = looked.database.version().finished_at
    if newest and datetime.fromisoformat(newest).replace(tzinfo=UTC) > now + CLOCK_MAY_DIFFER:
        says = say("The newest change is of {moment} UTC, which is yet to come.", moment=newest[:16].replace("T", " "))
        yield CheckOutcome(name, CheckState.WRONG, says, "Set this machine’s clock: timedatectl set-ntp true.")
        return
    if looked.database.program.dialect.name == "postgresql":
        with looked.database.program.connect() as connection:
            theirs = connection.execute(text("SELECT now()")).scalar_one()
        if abs(theirs - now) > CLOCK_MAY_DIFFER:
            says = "This machine’s clock and the database server’s differ by more than two minutes."
            yield CheckOutcome(name, CheckState.WRONG, says, "Set both: timedatectl set-ntp true.")
            return
    yield CheckOutcome(name, CheckState.FINE, say("It is {day}, and nothing is of a later moment.", day=date.today()))


def _file_rights(name: str, looked: CheckContext) -> Iterator[CheckOutcome]:
    """Who else may read what holds personal data."""
    files = [sqlite_file(looked.settings.database_url), looked.database.read_copy, looked.database.release_file]
    there = [path for path in files if path is not None and path.exists()]
    for path in there:
        if path.stat().st_mode & 0o077:
            says = say("Others on this machine may read {path}.", path=str(path))
            yield CheckOutcome(name, CheckState.WRONG, says, say("chmod 600 {path}", path=str(path)))
        elif not os.access(path, os.W_OK) or not os.access(path.resolve().parent, os.W_OK):
            says = say("{path} or its folder cannot be written.", path=str(path))
            yield CheckOutcome(name, CheckState.WRONG, says, "Give both to the account that runs Uplift: chown.")
    if not there:
        yield CheckOutcome(name, CheckState.UNUSED, "The program lies in no file of this machine.")
    elif all(not path.stat().st_mode & 0o077 for path in there):
        yield CheckOutcome(name, CheckState.FINE, "Files with personal data are for the account of Uplift alone.")


_CHECKS: tuple[tuple[str, Callable[[str, CheckContext], Iterator[CheckOutcome]]], ...] = (
    ("Settings", _settings),
    ("Database", _database),
    ("Schema", _schema),
    ("Integrity", _integrity),
    ("Disk", _disk),
    ("Places", _gazetteer),
    ("Letters", _letters),
    ("Read copy", _read_copy),
    ("Lake", look_at_lake),
    ("Release", _release),
    ("Sign-in", _sign_in),
    ("Mail", _mail),
    ("Clock", _clock),
    ("File rights", _file_rights),
)
