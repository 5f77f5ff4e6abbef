"""Many readers at once (`-m bench`): fifty open pages, each asking for another view every few seconds.

They speak Streamlit's own protocol over web sockets, without browsers: two cores could not draw fifty of them. The
database is UPLIFT_LOAD_DATABASE where that is set (with UPLIFT_READ_COPY), else a sample that an import prepared.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.builders import believable_program
from tests.running import running_server
from tests.sessions import ask_for, open_page, until_shown

pytestmark = pytest.mark.bench

SESSIONS, SECONDS, THINKING = 50, 60.0, (5.0, 15.0)
P95_SECONDS, MOST_MB = 1.5, 1200
PAGES = ("impact", "event-map", "people", "languages", "funnel", "retention", "teams", "budget", "members", "this-week")
VIEWS = ("period=2026-Q2", "period=2025", "country=DE", "period=2026-Q1&region=Western+Europe", "", "period=2024-Q4")


@dataclass
class Load:
    """Seconds from asking for a view to its last element, and what went wrong."""

    waits: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


async def _reader(address: str, number: int, until: float, load: Load) -> None:
    chosen = random.Random(number)  # noqa: S311
    await asyncio.sleep(chosen.uniform(0, THINKING[1]))
    async with open_page(address) as socket:
        while time.monotonic() < until:
            started = time.monotonic()
            page = chosen.choice(PAGES)
            await ask_for(socket, page, chosen.choice(VIEWS))
            problem = await until_shown(socket, page)
            load.waits.append(time.monotonic() - started)
            if problem:
                load.problems.append(problem)
            await asyncio.sleep(chosen.uniform(*THINKING))


def _resident_mb(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def test_fifty_readers_wait_little_and_memory_is_bounded(tmp_path: Path) -> None:
    url = os.environ.get("UPLIFT_LOAD_DATABASE") or f"sqlite:///{tmp_path / 'uplift.db'}"
    if "UPLIFT_LOAD_DATABASE" not in os.environ:
        believable_program(url)
    with running_server(url, tmp_path) as running:
        load, before = Load(), _resident_mb(running.process)

        async def everybody() -> None:
            until = time.monotonic() + SECONDS
            await asyncio.gather(*(_reader(running.address, n, until, load) for n in range(SESSIONS)))

        asyncio.run(everybody())
        after = _resident_mb(running.process)
    waits = sorted(load.waits)
    median, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    print(f"{SESSIONS} sessions, {len(waits)} views: median {median:.2f} s, p95 {late:.2f} s, {before} → {after} MB")
    assert not load.problems, set(load.problems)
    assert late < P95_SECONDS
    assert after < MOST_MB
