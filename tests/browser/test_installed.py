"""The wheel holds all that the product needs: without the source tree it makes, imports, serves and draws."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser.test_event_map import frame_of
from tests.bundles import PROJECT
from tests.running import running_server

pytestmark = [pytest.mark.browser, pytest.mark.long]

SOURCES = ("dashboard", "data_access", "pages", "sample_data", "pyproject.toml", "README.md", "LICENSE")
NOWHERE = {"PYTHONPATH": ""}  # nothing is found but what is installed


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **NOWHERE}, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def uplift(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment that has the wheel, and of this project's environment only what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / "source" / name)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    offline = ("--no-deps", "--no-index")
    run(*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", folder, folder / "source", folder=folder)
    shutil.rmtree(folder / "source")
    venv.create(folder / "installed", symlinks=True)
    python = folder / "installed" / "bin" / "python"
    run(*pip, "--python", python, "install", *offline, next(folder.glob("*.whl")), folder=folder)
    [packages] = (folder / "installed" / "lib").glob("python*/site-packages")
    # A folder named in a .pth file lends its packages, and not its own .pth files: our editable install stays out.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = run(python, "-c", "import dashboard, pages; print(dashboard.__file__, pages.__file__)", folder=folder)
    assert all(Path(line).is_relative_to(packages) for line in where.split())
    return python.with_name("uplift")


def test_the_installed_product_makes_a_sample_imports_it_and_shows_its_map(
    uplift: Path, browser: Browser, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'uplift.db'}"
    small = ("--events", "150", "--contributions", "1500", "--people", "100", "--as-of", "2026-09-15")
    run(uplift, "sample", "--out", "sample", *small, folder=tmp_path)
    run(uplift, "import", "sample", "--database", url, folder=tmp_path)
    with running_server(url, tmp_path, (str(uplift), "serve"), **NOWHERE) as running:
        for path in ("/", "/assets/uplift.css", "/assets/favicon.svg", "/readyz"):
            assert httpx.get(running.address + path).status_code == 200, path
        page = browser.new_page()
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"{running.address}/event-map")
        frame = frame_of(page)
        assert frame.locator(".up-cell").count() > 0
        # What only our own configuration says.
        assert page.locator("[data-testid=stAppDeployButton]").count() == 0
        page.close()
        assert not wrong
