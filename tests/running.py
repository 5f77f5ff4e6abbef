"""Starts the real server as its own process, as `uplift serve` does, and stops it again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVE = (
    "from dashboard.server import serve; from dashboard.settings import Settings; serve(Settings.from_environment())"
)
# A server that cannot start ends, and is noticed at once; on a machine that does much else it may take minutes.
LONGEST_START = 240


@dataclass
class Running:
    """A server that listens."""

    address: str
    log_path: Path
    process: int = 0

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(
    url: str, folder: Path, command: Sequence[str] = (sys.executable, "-c", SERVE), **environment: str
) -> Iterator[Running]:
    """The server, started from another folder than the project's; its output goes to a log file.

    `command` starts it, if it is not this project's own. Today is 15 September 2026 and the port a free one, unless
    the environment says otherwise.
    """
    port, log_path = environment.get("PORT") or str(free_port()), folder / "server.log"
    settings = {"UPLIFT_DATABASE_URL": url, "UPLIFT_AS_OF": "2026-09-15", "PORT": port, "PYTHONUNBUFFERED": "1"}
    started = time.monotonic()
    with log_path.open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **settings, **environment},
            stdout=log,
            stderr=log,
        )
    try:
        words = f"Uplift is at http://127.0.0.1:{port}"
        while words not in log_path.read_text():
            assert process.poll() is None, log_path.read_text()
            assert time.monotonic() - started < LONGEST_START, log_path.read_text()
            time.sleep(0.05)
        yield Running(f"http://127.0.0.1:{port}", log_path, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
