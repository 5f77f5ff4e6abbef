"""On the real server: what runs for a reader who has gone is stopped, and what several ask for at once runs once."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from tests.asynchronous import finished
from tests.builders import believable_program
from tests.releasing import release
from tests.running import Running, running_server
from tests.sessions import ask_for, open_page, until_shown

pytestmark = pytest.mark.slow

# The real server, where one question never ends for Germany and takes a second for France.
SLOW = """
import dataclasses, time
from sqlalchemy import text
from dashboard.server import serve
from dashboard.settings import Settings
from data_access.questions import QUESTIONS

usual = QUESTIONS["events_total"]

def slow(connection, selection, scope):
    if selection.country == ("DE",):
        print("endless begins", flush=True)
        try:
            connection.execute(
                text("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
            ).all()
        finally:
            print("endless ends", flush=True)
    if selection.country == ("FR",):
        print("long begins", flush=True)
        time.sleep(1)
    return usual.function(connection, selection, scope)

QUESTIONS["events_total"] = dataclasses.replace(usual, function=slow)
serve(Settings.from_environment())
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("leaving")
    built = believable_program(f"sqlite:///{folder / 'uplift.db'}")
    release(built.database, date(2026, 7, 1))
    with running_server(built.database.url, folder, (sys.executable, "-c", SLOW)) as found:
        yield found


async def said(running: Running, words: str, times: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while running.log.count(words) < times:
        assert time.monotonic() < until, running.log
        await asyncio.sleep(0.05)


def test_a_program_that_hangs_up_is_computed_for_no_longer(running: Running) -> None:
    before = running.log.count("endless begins")

    async def ask_and_go() -> None:
        async with httpx.AsyncClient(base_url=running.address) as client:
            asked = asyncio.create_task(client.get("/api/questions/events_total?country=DE", timeout=60))
            await said(running, "endless begins", before + 1)
            assert not asked.done()
            asked.cancel()
        await said(running, "endless ends", before + 1, seconds=5)

    finished(ask_and_go)
    assert httpx.get(f"{running.address}/api/questions/events_total").status_code == 200
    assert "Traceback" not in running.log


def test_a_page_that_is_closed_is_computed_no_longer(running: Running) -> None:
    before = running.log.count("endless begins")

    async def open_and_close() -> None:
        async with open_page(running.address) as socket:
            await ask_for(socket, "materials", "country=DE")
            await said(running, "endless begins", before + 1)
        await said(running, "endless ends", before + 1, seconds=5)

    finished(open_and_close)
    assert "Traceback" not in running.log


def test_another_choice_ends_what_ran_for_the_one_before(running: Running) -> None:
    before = running.log.count("endless begins")

    async def choose_twice() -> str:
        async with open_page(running.address) as socket:
            await ask_for(socket, "materials", "country=DE")
            await said(running, "endless begins", before + 1)
            await ask_for(socket, "materials", "country=IN")
            return await until_shown(socket, "materials")

    assert finished(choose_twice) == ""
    assert running.log.count("endless ends") == before + 1
    assert "Traceback" not in running.log


def test_what_several_pages_ask_for_at_once_is_computed_once(running: Running) -> None:
    async def one() -> str:
        async with open_page(running.address) as socket:
            await ask_for(socket, "materials", "country=FR")
            return await until_shown(socket, "materials")

    async def five() -> list[str]:
        return await asyncio.gather(*(one() for _ in range(5)))

    assert finished(five) == [""] * 5
    # The page asks for all events that match, and for those that were held.
    assert running.log.count("long begins") <= 2
