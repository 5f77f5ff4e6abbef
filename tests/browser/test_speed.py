"""How fast a page is, alone on the machine (`-m bench`): a cold start, and a warm run of each page’s script."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard.navigation import PAGES
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from sample_data.generator import write_program
from tests.browser.conftest import settle
from tests.builders import believable_program
from tests.dashboard.apptest import Dashboard
from tests.running import running_server

pytestmark = [pytest.mark.bench, pytest.mark.browser]

COLD_SECONDS, WARM_SECONDS = 6.0, 0.150
# Pages of one thing show this one.
OF_THE_SAMPLE = {"person": "p000001", "event": "e0000020", "team": "localization", "space": "berlin", "country": "IN"}


def test_a_cold_start_paints_the_whole_first_page_within_six_seconds(browser: Browser, tmp_path: Path) -> None:
    """From the process's first instruction to the last chart; the better of two, because others use the machine too."""
    url = f"sqlite:///{tmp_path / 'uplift.db'}"
    believable_program(url)
    measured = []
    for _ in range(2):
        started = time.monotonic()
        with running_server(url, tmp_path) as server:
            page = browser.new_page()
            page.goto(server.address)
            page.wait_for_selector(".up-footer")
            settle(page)
            measured.append(time.monotonic() - started)
            page.close()
        if measured[-1] < COLD_SECONDS:
            break
    print(f"cold start to full paint: {min(measured):.2f} s")
    assert min(measured) < COLD_SECONDS


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample as `make run` shows it, inside."""
    folder = tmp_path_factory.mktemp("warm")
    write_program(folder / "bundle")
    made = Database(f"sqlite:///{folder / 'uplift.db'}")
    initialise(made.program)
    assert run_import(made, [folder / "bundle"], ImportOptions(releases=False)).committed
    made.close()
    return made.program.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("path", [entry.url_path for entry in PAGES])
def test_a_warm_run_of_a_page_takes_less_than_150_ms(monkeypatch: pytest.MonkeyPatch, sample: str, path: str) -> None:
    """Processor time, so that what else runs on the machine does not count."""
    shown = Dashboard(monkeypatch, sample)
    shown.open(path, **{"key": OF_THE_SAMPLE[path]} if path in OF_THE_SAMPLE else {})
    measured = []
    for _ in range(7):
        started = time.process_time()
        shown.run()
        measured.append(time.process_time() - started)
    print(f"{path}: {min(measured) * 1000:.0f} ms warm")
    assert min(measured) < WARM_SECONDS
