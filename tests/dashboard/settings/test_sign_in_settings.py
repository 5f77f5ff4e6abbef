"""Sign-in's settings: whole or not at all, https, a secret that cannot be guessed; the environment or secrets.toml."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.door.logs import redacted, without_personal_data
from dashboard.door.security import content_security_policy
from dashboard.server import ServerError, serve
from dashboard.settings import Settings, SettingsError
from tests.signing_in import environment_of

WHOLE = environment_of("https://id.example.org", 8501)
FILE = """[auth]
redirect_uri = "https://uplift.example.org/oauth2callback"
cookie_secret = "a cookie secret that is drawn at random, and long"
client_id = "uplift"
client_secret = "known to the provider"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
"""


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("UPLIFT_OIDC_CLIENT_ID", "", "UPLIFT_OIDC_CLIENT_ID is missing. Set all four"),
        ("UPLIFT_OIDC_METADATA_URL", "id.example.org", "which is not an address"),
        ("UPLIFT_OIDC_METADATA_URL", "http://id.example.org/x", "over plain http anybody"),
        ("UPLIFT_OIDC_REDIRECT_URI", "http://uplift.example.org/oauth2callback", "over plain http anybody"),
        ("UPLIFT_OIDC_REDIRECT_URI", "https://uplift.example.org/", "must end in /oauth2callback"),
        ("UPLIFT_SECRET", "short", "has 5 characters"),
        ("UPLIFT_OIDC_TRUST_EMAIL", "perhaps", "yes or no"),
        ("UPLIFT_IDLE_MINUTES", "0", "whole number from 1"),
        ("UPLIFT_TRUSTED_PROXY", "proxy.example.org", "Write it like 10.0.0.5"),
        ("UPLIFT_TRUSTED_PROXY", "0.0.0.0/0", "Write it like 10.0.0.5"),
        ("UPLIFT_FRAME_ANCESTORS", "*", "write sites like https://www.example.org"),
        ("UPLIFT_FRAME_ANCESTORS", "https://x.org; script-src *", "write sites like https://www.example.org"),
        ("UPLIFT_SESSIONS_PER_ADDRESS", "many", "whole number from 1"),
    ],
)
def test_what_cannot_work_is_named_with_its_remedy(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(says)) as raised:
        Settings.from_environment({**WHOLE, name: value})
    assert name in str(raised.value)


def test_the_file_is_read_where_the_environment_says_nothing(tmp_path: Path) -> None:
    assert Settings().with_secrets_file(tmp_path).oidc is None
    path = tmp_path / ".streamlit" / "secrets.toml"
    path.parent.mkdir()
    path.write_text(FILE)
    found = Settings().with_secrets_file(tmp_path).oidc
    assert found is not None
    assert (found.host, found.origin) == ("uplift.example.org", "https://uplift.example.org")
    with pytest.raises(SettingsError, match="Unset UPLIFT_DEV"):
        Settings(dev=True).with_secrets_file(tmp_path)
    ours = Settings.from_environment(WHOLE)
    assert ours.with_secrets_file(tmp_path) == ours
    for broken, says in (
        (FILE.replace("client_id", "client"), "client_id in [auth]"),
        (FILE.replace("https://uplift", "http://uplift"), "over plain http anybody"),
        (FILE.replace(" that is drawn at random, and long", ""), "has 15 characters"),
        ("[auth", "cannot be read"),
    ):
        path.write_text(broken)
        with pytest.raises(SettingsError, match=re.escape(says)):
            Settings().with_secrets_file(tmp_path)


def test_no_secret_is_in_what_settings_print_and_the_cookies_have_a_key_of_their_own() -> None:
    found = Settings.from_environment(WHOLE)
    assert found.oidc is not None
    assert found.oidc.cookie_secret != WHOLE["UPLIFT_SECRET"]
    for secret in (found.oidc.cookie_secret, found.oidc.client_secret):
        assert secret not in repr(found)


def test_without_a_secret_each_start_draws_one() -> None:
    """Nobody can know it; who is signed in has to sign in again."""
    found = Settings.from_environment({**WHOLE, "UPLIFT_SECRET": ""}).oidc
    assert found is not None
    assert len(found.cookie_secret) == 64


def test_elsewhere_than_loopback_needs_sign_in_and_says_what_to_set() -> None:
    with pytest.raises(ServerError, match=r"sign-in is not configured.*UPLIFT_OIDC_CLIENT_ID"):
        serve(replace(Settings.from_environment({}), address="0.0.0.0"))


def test_only_named_sites_may_frame_our_pages() -> None:
    assert content_security_policy("").endswith("frame-ancestors 'self'")
    sites = Settings.from_environment({"UPLIFT_FRAME_ANCESTORS": "https://www.example.org https://*.example.net"})
    policy = content_security_policy("", ancestors=sites.frame_ancestors)
    assert policy.endswith("frame-ancestors 'self' https://www.example.org https://*.example.net")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("sent to Ada.Lovelace+x@example.org today", "sent to (e-mail) today"),
        ("GET /oauth2callback?code=abc&state=xyz HTTP/1.1", "GET /oauth2callback?… HTTP/1.1"),
        ("Why? Because a=b", "Why? Because a=b"),
    ],
)
def test_a_log_line_holds_no_address_and_no_query(line: str, kept: str) -> None:
    assert redacted(line) == kept


def test_tracebacks_are_redacted_too(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    try:
        without_personal_data()
        try:
            raise ValueError("no role for ada@example.org")
        except ValueError:
            logging.getLogger("any").exception("Failed for %s", "bo@example.org")
    finally:
        logging.setLogRecordFactory(before)
    text = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert "Traceback" in text
    assert "example.org" not in text
