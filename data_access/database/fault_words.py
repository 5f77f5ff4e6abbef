"""The kinds of faults of a database, and what is said of each: to its operator with the remedy, to others less."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL

from data_access.database.private_files import account


class Fault(StrEnum):
    """Kinds of what can be wrong with a database, by what has to be done about it."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NO_RIGHT = "no right"
    READ_ONLY = "read-only"
    DISK_FULL = "disk full"
    CORRUPT = "corrupt"
    NO_DATABASE = "no database"
    NO_PROGRAM = "no program"
    SCHEMA_OLDER = "schema older"
    SCHEMA_NEWER = "schema newer"
    LOCKED = "locked"
    TOO_LONG = "too long"
    TOO_MANY = "too many connections"


# What is gone without anybody's doing, sooner or later: whoever waits need not be told to begin anew.
PASSING = frozenset({Fault.UNREACHABLE, Fault.LOCKED, Fault.TOO_MANY, Fault.TOO_LONG, Fault.DISK_FULL})

# What whoever is not the operator may know: neither where the database is, nor whose account opens it.
OUTSIDE = {
    Fault.UNREACHABLE: "The program’s database does not answer.",
    Fault.REFUSED: "The program’s database does not let Uplift in.",
    Fault.NO_RIGHT: "Uplift lacks a right to the program’s database.",
    Fault.READ_ONLY: "The program’s database can be read, and nothing can be recorded.",
    Fault.DISK_FULL: "The disk of the program’s database is full.",
    Fault.CORRUPT: "The program’s database is damaged; it has to be brought back from a backup.",
    Fault.NO_DATABASE: "There is no database where the program should be.",
    Fault.NO_PROGRAM: "The database has no program in it.",
    Fault.SCHEMA_OLDER: "The program’s database is of an older version of Uplift.",
    Fault.SCHEMA_NEWER: "The program’s database is of a newer version of Uplift.",
    Fault.LOCKED: "Somebody else is writing to the program’s database; try again in a moment.",
    Fault.TOO_LONG: "The answer took too long and was stopped; ask for a shorter period, or for less.",
    Fault.TOO_MANY: "The program’s database is busy; try again in a moment.",
}


def fault_words_of(
    kind: Fault, where: str, cause: str, file: Path | None, url: URL | None, newest: str, writers: str
) -> str:
    match kind:
        case Fault.UNREACHABLE:
            return (
                f"The database {where} does not answer ({cause}). Check that it runs, and the host and port in "
                "UPLIFT_DATABASE_URL. Uplift goes on by itself as soon as it answers."
            )
        case Fault.REFUSED:
            return (
                f"The database {where} does not let Uplift in ({cause}). Check user and password in "
                "UPLIFT_DATABASE_URL, and the server’s pg_hba.conf."
            )
        case Fault.NO_RIGHT if url is None or file is not None or Path(where).exists():
            return (
                f"The account {account()} may not open or write {where} ({cause}). Give it the file and its folder, "
                f"as with: chown {account()} {where}"
            )
        case Fault.NO_RIGHT:
            return (
                f"The account of Uplift lacks a right in the database {where} ({cause}). Make it the owner of the "
                "tables: REASSIGN OWNED BY … TO …"
            )
        case Fault.READ_ONLY:
            return (
                f"The database {where} can be read and not written ({cause}). Check the rights of the file and its "
                "folder, whether their disk is mounted read-only, has a quota or a limit on files (ulimit -f) and, in "
                "PostgreSQL, whether this is a standby."
            )
        case Fault.DISK_FULL:
            free = f"; {free_bytes(Path(where)):,} bytes are free" if Path(where).exists() else ""
            return (
                f"There is no room left for {where} ({cause}{free}). Nothing was half-written. Make room on the disk, "
                "then do it again; nothing needs to be started anew."
            )
        case Fault.CORRUPT:
            return (
                f"The database {where} is damaged ({cause}). Keep it aside, and bring the newest backup back: "
                "`uplift restore FILE`. A running server opens it by itself."
            )
        case Fault.NO_DATABASE:
            return (
                f"There is no database at {where}. Run `uplift init` with the same address to make an empty one, or "
                "`uplift restore FILE` to bring a backup back."
                if file is not None
                else f"There is no database at {where} ({cause}). Create it (createdb {url.database if url else ''}), "
                "then run `uplift init`, or `uplift restore FILE` to bring a backup back."
            )
        case Fault.NO_PROGRAM:
            return (
                f"The database {where} has no program in it yet. "
                "Run `uplift init` with the same address, then import your data."
            )
        case Fault.SCHEMA_OLDER:
            return (
                f"The database {where} has the schema {cause} of an older version; this one needs {newest}. "
                "Run `uplift backup --out FILE`, then `uplift init`; it keeps every row."
            )
        case Fault.SCHEMA_NEWER:
            return (
                f"The database {where} has the schema {cause} of a newer version; this one knows {newest}. "
                "Start the newer version of Uplift, or bring back a backup from before its `uplift init`."
            )
        case Fault.LOCKED:
            return (
                f"{writers or 'Somebody else'} is writing to the database {where}. Nothing was changed; "
                "try again when it is done."
            )
        case Fault.TOO_LONG:
            return (
                f"An answer of {where} took too long and was stopped. Ask for a shorter period or fewer places, or "
                "write a read copy: `uplift read-copy program.duckdb`."
            )
        case Fault.TOO_MANY:
            return (
                f"The database {where} takes no more connections ({cause}). Try again in a moment; raise its "
                "max_connections if it happens often."
            )


def free_bytes(path: Path) -> int:
    """How much room is left where the file is, or would be; 0 where that cannot be known."""
    try:
        return shutil.disk_usage(path if path.exists() else path.parent).free
    except OSError:
        return 0
