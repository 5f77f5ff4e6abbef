"""Sign-in for tests: a real OpenID Connect provider as its own process, and cookies as Streamlit signs them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from itsdangerous import URLSafeTimedSerializer

from dashboard.door.accounts import USER_COOKIE
from dashboard.settings.oidc import VARIABLES, Oidc, from_environment
from tests.running import free_port

SECRET = "a secret of the tests that is long enough to sign people in"


@contextmanager
def running_provider(folder: Path, users: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The address of a provider that knows these subjects with their claims."""
    port = free_port()
    known = [part for sub, claims in users.items() for part in ("--user-claims", json.dumps({"sub": sub, **claims}))]
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known], stdout=log, stderr=log
        )
    address, started = f"http://127.0.0.1:{port}", time.monotonic()
    try:
        while not _answers(address):
            assert process.poll() is None, (folder / "provider.log").read_text()
            assert time.monotonic() - started < 60
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/.well-known/openid-configuration").status_code == 200
    except httpx.TransportError:
        return False


def environment_of(provider: str, port: int) -> dict[str, str]:
    """The settings of a server on this port that signs in with the provider."""
    return {
        "UPLIFT_SECRET": SECRET,
        "UPLIFT_OIDC_CLIENT_ID": "uplift",
        "UPLIFT_OIDC_CLIENT_SECRET": "of the tests",
        "UPLIFT_OIDC_METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "UPLIFT_OIDC_REDIRECT_URI": f"http://127.0.0.1:{port}/oauth2callback",
    }


def oidc_of(environment: Mapping[str, str]) -> Oidc:
    """What the server makes of these settings."""
    given = {name: environment.get(name, "") for name in (*VARIABLES.values(), "UPLIFT_SECRET")}
    found = from_environment(given, trusts_email=False)
    assert found is not None
    return found


def claims_of(email: str, **claims: Any) -> dict[str, Any]:
    """The claims of somebody who signed in just now."""
    known = {"sub": email, "iss": "tests", "email": email, "email_verified": True, "iat": int(time.time())}
    return {**known, "nonce": "n", **claims}


def cookie_of(oidc: Oidc, claims: Mapping[str, Any]) -> str:
    """A Cookie header that says so, signed as Streamlit does."""
    payload = {**claims, "origin": oidc.origin, "is_logged_in": True, "provider": "default"}
    signed = URLSafeTimedSerializer(oidc.cookie_secret, salt=USER_COOKIE).dumps(json.dumps(payload))
    return f"{USER_COOKIE}={signed if isinstance(signed, str) else signed.decode()}"
