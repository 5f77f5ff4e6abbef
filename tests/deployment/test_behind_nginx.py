"""The set-up of `deploy/`: nginx, two server processes and PostgreSQL, as they are, with sign-in; `make deployment`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.settings import TABLE
from tests.browser.conftest import ARGUMENTS, CHROMIUM, settle
from tests.bundles import PROJECT
from tests.data_access.conftest import running_postgresql
from tests.running import Running, free_port, running_server
from tests.signing_in import environment_of, running_provider

pytestmark = pytest.mark.deployment

DEPLOY = PROJECT / "deploy"
PM = "pm@example.org"


@dataclass
class SetUp:
    """What runs: the address that nginx answers, the two processes behind it, and a token of the API."""

    address: str
    processes: dict[str, Running]
    token: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SetUp]:
    folder = tmp_path_factory.mktemp("deployment")
    https = free_port()
    with ExitStack() as stack:
        url = stack.enter_context(running_postgresql()).replace("/postgres?", "/initialised?")
        small = ("--events", "150", "--contributions", "1500", "--people", "100", "--as-of", "2026-09-15")
        _uplift("sample", "--out", str(folder / "sample"), *small)
        _uplift("import", str(folder / "sample"), "--database", url)
        _uplift("viewer", "add", PM, "pm", "--database", url)
        token = _uplift("token", "make", "watcher", "pm", "--database", url).split()[-1]
        provider = stack.enter_context(running_provider(folder, {"pm": {"email": PM, "email_verified": True}}))
        environment = environment_of(provider, https) | {
            "UPLIFT_TRUSTED_PROXY": "127.0.0.1",
            "UPLIFT_OIDC_REDIRECT_URI": f"https://127.0.0.1:{https}/oauth2callback",
        }
        processes = {}
        for name in ("uplift_a", "uplift_b"):
            (folder / name).mkdir()
            processes[name] = stack.enter_context(running_server(url, folder / name, **environment))
        ports = [running.address.rsplit(":", 1)[1] for running in processes.values()]
        stack.enter_context(_nginx(folder, https, ports))
        yield SetUp(f"https://127.0.0.1:{https}", processes, token)


def _uplift(*arguments: str) -> str:
    command = (sys.executable, "-m", "dashboard.cli", *arguments)
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _nginx(folder: Path, https: int, ports: list[str]) -> Iterator[None]:
    """Debian's nginx with our sample, in which only ports and files are others; it is checked before it starts."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is missing; make deployment installs it")
    key, certificate = folder / "uplift.key", folder / "uplift.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1")
    subprocess.run((*made, "-keyout", key, "-out", certificate), check=True, capture_output=True)
    sample = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for before, after in (
        ("listen 443 ssl", f"listen 127.0.0.1:{https} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("/etc/ssl/certs/uplift.pem", str(certificate)),
        ("/etc/ssl/private/uplift.key", str(key)),
        ("127.0.0.1:8501", f"127.0.0.1:{ports[0]}"),
        ("127.0.0.1:8502", f"127.0.0.1:{ports[1]}"),
    ):
        assert before in sample
        sample = sample.replace(before, after)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/nginx.pid; events {{}} http {{ access_log {folder}/access.log; {kept}\n{sample}\n}}"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = (program, "-c", folder / "nginx.conf", "-e", folder / "nginx.log", "-p", folder)
    checked = subprocess.run((*command, "-t"), capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    process = subprocess.Popen((*command, "-g", "daemon off;"))
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def _opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(".up-footer, .stMain h1")
    settle(page)


def test_sign_ins_and_tokens_outlive_the_process_that_served_them(made: SetUp, browser: Browser) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    _opened(page, f"{made.address}/viewers")
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("button", name="pm", exact=True).click()
    page.wait_for_selector(".up-footer")
    settle(page)
    expect(page.locator(".up-account")).to_contain_text(PM)
    assert all(socket.startswith("wss://127.0.0.1") for socket in sockets)
    [kept] = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "uplift_process"]
    with httpx.Client(base_url=made.address, verify=False) as outside:  # noqa: S501  # a certificate of our own
        _answers(outside, made.token)
        os.kill(made.processes[kept].process, signal.SIGKILL)
        _answers(outside, made.token)
        _opened(page, f"{made.address}/members")
        expect(page.locator(".up-account")).to_contain_text(PM)
        other = next(name for name in made.processes if name != kept)
        assert httpx.get(f"{made.processes[other].address}/readyz", timeout=10).status_code == 200
    context.close()


def _answers(outside: httpx.Client, token: str) -> None:
    """The door's headers, the web's compression, a question with a token, and nothing for whoever has none."""
    page = outside.get("/", headers={"accept-encoding": "gzip"})
    assert page.status_code == 200
    assert page.headers["strict-transport-security"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert re.fullmatch(r"nginx", page.headers.get("server", "nginx"))  # and no version
    asked = outside.get("/api/questions/request_queue", headers={"authorization": f"Bearer {token}"})
    assert asked.status_code == 200, asked.text
    assert outside.get("/api/questions/request_queue").status_code == 404


def test_the_files_name_settings_that_exist() -> None:
    known = {setting.name for setting in TABLE} | {"UPLIFT_CACHE_DIR"}
    for name in ("Containerfile", "compose.yaml", "uplift@.service", "nginx.conf"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        assert set(re.findall(r"UPLIFT_[A-Z_]*[A-Z]", text)) <= known | {"UPLIFT_OIDC"}, name
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for service in services.values():
        for other in service.get("depends_on", ()):
            assert other in services
            assert "healthcheck" in services[other] or services[other].get("build")


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = (DEPLOY / "uplift@.service").read_text(encoding="utf-8")
    here = tmp_path / "uplift@8501.service"
    here.write_text(unit.replace("/srv/uplift/.venv/bin/uplift", "/bin/true"), encoding="utf-8")
    checked = subprocess.run((program, "verify", here), capture_output=True, text=True, check=False, timeout=60)
    ours = [line for line in checked.stderr.splitlines() if "uplift@" in line]
    assert ours == []
