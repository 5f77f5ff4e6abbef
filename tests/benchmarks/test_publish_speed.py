"""How long publishing a million events takes, and how much the site's first load is; `make bench` prints it."""

from __future__ import annotations

import functools
import gzip
import http.server
import re
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import insert

from dashboard.commands.publish import publish
from dashboard.commands.release import release
from data_access.database.engine import Database
from data_access.database.schema import event_languages, events
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from sample_data.generator import write_program
from tests.browser.conftest import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.bench

EVENTS, CHUNK = 1_000_000, 50_000
AS_OF = date(2026, 9, 15)
SECONDS, FIRST_LOAD, USABLE = 30.0, 300_000, 1.0
# Brazil, Germany, India, Japan, Kenya, Mexico, Nigeria, Poland, the United States …
COUNTRIES = ("BR", "DE", "FR", "GB", "ID", "IN", "JP", "KE", "MX", "NG", "PL", "TR", "US", "ZA")
LANGUAGES = ("en", "pt", "de", "fr", "es", "hi", "ja", "sw")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, float]]:
    """The sample program with a million further events since 2010, published from its release; and the seconds.

    The better of two, because others use the machine too.
    """
    folder = tmp_path_factory.mktemp("publish")
    write_program(folder / "bundle", events=3_000, contributions=60_000, people=2_000, seed=1)
    made = Database(f"sqlite:///{folder / 'uplift.db'}", folder / "copy.duckdb")
    initialise(made.program)
    assert run_import(made, [folder / "bundle"], ImportOptions(as_of=AS_OF)).committed
    _add_events(made)
    started = time.perf_counter()
    release(made, AS_OF)
    print(f"facts of {EVENTS:,} events written into the release: {time.perf_counter() - started:.1f} s")
    measured = []
    for _ in range(2):
        started = time.perf_counter()
        publish(made, folder / "public")
        measured.append(time.perf_counter() - started)
        if measured[-1] < SECONDS:
            break
    yield folder / "public", min(measured)
    made.close()


def _add_events(made: Database) -> None:
    random = np.random.default_rng(5)
    days = random.integers(0, (AS_OF - date(2010, 1, 1)).days, EVENTS)
    where, spoken = random.integers(0, len(COUNTRIES), EVENTS), random.integers(0, len(LANGUAGES), EVENTS)
    with made.writing() as connection:
        for first in range(0, EVENTS, CHUNK):
            rows = [
                {
                    "event_key": f"x{number:07d}",
                    "title": f"Event {number}",
                    "starts_on": date(2010, 1, 1) + timedelta(days=int(days[number])),
                    "status": "held",
                    "mode": "in_person",
                    "attendance": 20,
                    "languages": LANGUAGES[spoken[number]],
                    "located_country": COUNTRIES[where[number]],
                }
                for number in range(first, first + CHUNK)
            ]
            connection.execute(insert(events), rows)
            tongues = [{"event_key": row["event_key"], "language": row["languages"]} for row in rows]
            connection.execute(insert(event_languages), tongues)


def test_a_million_events_are_published_within_thirty_seconds(published: tuple[Path, float]) -> None:
    """From the first question to the swapped folder, with the columnar copy of the release."""
    folder, seconds = published
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"publish of {EVENTS:,} events: {seconds:.1f} s; {size / 1e6:.2f} MB in all")
    assert seconds < SECONDS


def test_the_first_load_is_at_most_300_kilobytes(published: tuple[Path, float]) -> None:
    """The page and all that it loads, the map with it, as a server that compresses sends them."""
    folder, _ = published
    html = (folder / "index.html").read_text(encoding="utf-8")
    loaded = re.findall(r'(?:src|href)="(assets/[^"]+)"', html)
    sizes = {name: len(gzip.compress((folder / name).read_bytes(), 6)) for name in ("index.html", *loaded)}
    print(f"first load: {sum(sizes.values()):,} bytes compressed: {sizes}")
    assert sum(sizes.values()) < FIRST_LOAD


def test_it_is_usable_within_a_second_on_a_slow_phone(published: tuple[Path, float]) -> None:
    """Chromium's own throttling: processor four times slower, 1.6 Mbit/s, 150 ms of latency (Lighthouse's phone).

    Usable is: the finding and the figures are painted; the map, which is loaded after them, is timed separately. The
    best of three, because others use the machine too.
    """
    folder, _ = published

    class Compressing(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            body = gzip.compress((path / "index.html" if path.is_dir() else path).read_bytes(), 6)
            self.send_response(200)
            self.send_header("content-encoding", "gzip")
            self.send_header("content-type", self.guess_type("x.html" if path.is_dir() else str(path)))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressing, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        timed = [_load(browser, f"http://127.0.0.1:{server.server_address[1]}/") for _ in range(3)]
        browser.close()
    server.shutdown()
    server.server_close()
    painted, mapped = (min(times) for times in zip(*timed, strict=True))
    print(f"slow phone: text and figures after {painted:.2f} s, the map after {mapped:.2f} s")
    assert painted < USABLE


def _load(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds until the first paint of text and until the map, each time without a cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    rate = 1_638_400 / 8
    network = {"offline": False, "latency": 150, "downloadThroughput": rate, "uploadThroughput": rate / 2}
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", network)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address)
    page.wait_for_selector("html[data-map=ready]")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    mapped = page.evaluate("performance.now()") / 1000
    context.close()
    return painted, mapped
