"""The OpenID Connect provider that signs people in: from the environment or `.streamlit/secrets.toml`, checked once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.settings.addresses import is_loopback

SECRETS_FILE = Path(".streamlit") / "secrets.toml"
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
# Of the environment, by the name that Streamlit's secrets and every provider's own pages use.
VARIABLES = {
    "client_id": "UPLIFT_OIDC_CLIENT_ID",
    "client_secret": "UPLIFT_OIDC_CLIENT_SECRET",
    "server_metadata_url": "UPLIFT_OIDC_METADATA_URL",
    "redirect_uri": "UPLIFT_OIDC_REDIRECT_URI",
}
_DRAWN = secrets.token_hex(32)


class OidcError(ValueError):
    """Sign-in cannot work like this; the message names the setting and the remedy."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """A provider with our account there. `trusts_email`: an address counts that the provider says nothing of."""

    client_id: str
    client_secret: str = field(repr=False)
    server_metadata_url: str
    redirect_uri: str
    cookie_secret: str = field(repr=False)
    trusts_email: bool = False

    @property
    def origin(self) -> str:
        """Where people reach us: `https://uplift.example.org`."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        return urlsplit(self.redirect_uri).hostname or ""

    def as_secrets(self) -> dict[str, Any]:
        """The `[auth]` section that `st.login` reads."""
        names = ("client_id", "client_secret", "server_metadata_url", "redirect_uri", "cookie_secret")
        return {name: getattr(self, name) for name in names}


def from_environment(given: Mapping[str, str], trusts_email: bool) -> Oidc | None:
    """The provider that the variables name; None when they name none. Raises OidcError."""
    values = {name: given[variable] for name, variable in VARIABLES.items()}
    if not any(values.values()):
        return None
    missing = [variable for name, variable in VARIABLES.items() if not values[name]]
    if missing:
        raise OidcError(f"Sign-in is configured in part: {', '.join(missing)} {_is(missing)} missing. Set all four.")
    return _checked(values, given["UPLIFT_SECRET"], trusts_email, VARIABLES)


def from_secrets_file(folder: Path, secret: str, trusts_email: bool) -> Oidc | None:
    """The provider in the `[auth]` section of the folder's `.streamlit/secrets.toml`, if there is one."""
    path = folder / SECRETS_FILE
    try:
        with path.open("rb") as file:
            section = tomllib.load(file).get("auth")
    except FileNotFoundError:
        return None
    except (OSError, tomllib.TOMLDecodeError) as cause:
        raise OidcError(f"{path} cannot be read: {cause}. Mend it, or remove it.") from cause
    if not section:
        return None
    names = {name: f"{name} in [auth] of {path}" for name in VARIABLES}
    missing = [words for name, words in names.items() if not section.get(name)]
    if missing:
        raise OidcError(f"Sign-in is configured in part: {', '.join(missing)} {_is(missing)} missing.")
    return _checked(section, str(section.get("cookie_secret") or secret), trusts_email, names)


def _checked(values: Mapping[str, Any], secret: str, trusts_email: bool, names: Mapping[str, str]) -> Oidc:
    given = {name: str(values[name]) for name in VARIABLES}
    for name in ("server_metadata_url", "redirect_uri"):
        parts = urlsplit(given[name])
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise OidcError(f"{names[name]} is {given[name]!r}, which is not an address. Write it with https://.")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise OidcError(
                f"{names[name]} is {given[name]!r}: over plain http anybody on the way could sign in as somebody else. "
                "Use https; only this machine itself (localhost) may do without."
            )
    if urlsplit(given["redirect_uri"]).path != CALLBACK:
        example = "https://uplift.example.org" + CALLBACK
        raise OidcError(f"{names['redirect_uri']} is {given['redirect_uri']!r}; it must end in {CALLBACK}: {example}.")
    if secret and len(secret) < SHORTEST_SECRET:
        raise OidcError(
            f"UPLIFT_SECRET (or cookie_secret) has {len(secret)} characters. It signs people in: give it at least "
            f"{SHORTEST_SECRET}, "
            'drawn at random: python3 -c "import secrets; print(secrets.token_urlsafe(48))".'
        )
    # Another key than the one of the map's addresses: what signs the one can never be taken for the other.
    key = (secret or _DRAWN).encode()
    cookie_secret = hmac.new(key, b"uplift sign-in cookies", hashlib.sha256).hexdigest()
    return Oidc(**given, cookie_secret=cookie_secret, trusts_email=trusts_email)


def _is(missing: list[str]) -> str:
    return "is" if len(missing) == 1 else "are"
