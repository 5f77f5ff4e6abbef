"""A hundred people on the public page at once; `make bench` prints it.

Each of them is a websocket as Streamlit's own page opens it: it asks for a run of the page, waits until it has all of
it, thinks for some seconds and chooses another period or region.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

from dashboard.commands.publish import publish
from dashboard.commands.release import release
from tests.leaky_program import LeakyProgram
from tests.people_programs import AS_OF
from tests.running import running_server

pytestmark = pytest.mark.bench

SESSIONS, THINKING, ROUNDS = 100, 10.0, 4
CHOICES = ("", "period=all", "period=2025", "region=Eastern%20Africa", "period=2025&region=Western%20Europe")


def memory_mb(process: int) -> float:
    """What a process keeps in memory."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def rerun(socket: websockets.ClientConnection, query: str) -> float:
    """Seconds from asking for a run of the page to its end."""
    request = BackMsg()
    request.rerun_script.query_string = query
    started = time.perf_counter()
    await socket.send(request.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), 60))
        if answer.WhichOneof("type") == "script_finished":
            return time.perf_counter() - started


async def visit(address: str, number: int, opened: asyncio.Event, taken: list[float]) -> None:
    luck = np.random.default_rng(number)
    await asyncio.sleep(luck.uniform(0, 2 * THINKING))
    async with websockets.connect(
        f"ws://{address}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(f"http://{address}"),
        max_size=None,
        open_timeout=60,
    ) as socket:
        await rerun(socket, "")
        await opened.wait()
        for _ in range(ROUNDS):
            await asyncio.sleep(luck.uniform(0.5, 1.5) * THINKING)
            taken.append(await rerun(socket, CHOICES[luck.integers(len(CHOICES))]))


async def crowd(address: str, process: int) -> tuple[list[float], float]:
    """Seconds of each rerun, and how much the server grew by for each session, in MB."""
    taken: list[float] = []
    opened = asyncio.Event()
    async with websockets.connect(
        f"ws://{address}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(f"http://{address}"),
        max_size=None,
        open_timeout=60,
    ) as socket:
        for query in CHOICES:
            await rerun(socket, query)
    before = memory_mb(process)
    visitors = [asyncio.create_task(visit(address, number, opened, taken)) for number in range(SESSIONS)]
    await asyncio.sleep(2.5 * THINKING)
    opened.set()
    await asyncio.sleep(ROUNDS * THINKING / 2)
    grown = (memory_mb(process) - before) / SESSIONS
    await asyncio.gather(*visitors)
    return taken, grown


def test_a_hundred_sessions_rerun_within_a_second(tmp_path: Path) -> None:
    program = LeakyProgram(tmp_path)
    release(program.database, AS_OF)
    publish(program.database, tmp_path / "public")
    environment = {"UPLIFT_AUDIENCE": "public", "UPLIFT_PUBLICATION": str(tmp_path / "public")}
    with running_server("", tmp_path, UPLIFT_SESSIONS_PER_ADDRESS="200", **environment) as running:
        taken, grown = asyncio.run(crowd(running.address.removeprefix("http://"), running.process))
    ordered = sorted(taken)
    middle, slow = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(
        f"\n{SESSIONS} sessions, {len(taken)} reruns: median {middle * 1000:.0f} ms, p95 {slow * 1000:.0f} ms; "
        f"{grown:.1f} MB a session"
    )
    assert slow < 1.0
    assert grown < 5.0
