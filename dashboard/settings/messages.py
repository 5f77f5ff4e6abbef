"""How messages go out: the mail server, the address that links lead to, and webhooks by the name of their variable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dashboard.settings.addresses import is_loopback
from data_access.viewers import NotAnEmail, parse_email

STARTTLS, TLS, NONE = SECURITIES = ("starttls", "tls", "none")
PORTS = {STARTTLS: "587", TLS: "465", NONE: "25"}
PREFIX = "UPLIFT_WEBHOOK_"


class MessagesError(ValueError):
    """A setting of messages that cannot be used; the message names it and says what is accepted, and no secret."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server and our account there; `sender` is whom messages come from."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def mail_from(given: Mapping[str, str]) -> Mail | None:
    """The mail server that the variables name; None when they name none. Raises MessagesError."""
    host, sender = given["UPLIFT_SMTP_HOST"], given["UPLIFT_MAIL_FROM"]
    if not host:
        return None
    if any(character.isspace() or not character.isprintable() for character in host) or "/" in host:
        raise MessagesError(f"UPLIFT_SMTP_HOST is {host!r}; write a host's name, like smtp.example.org.")
    security = given["UPLIFT_SMTP_SECURITY"].lower()
    if security not in SECURITIES:
        raise MessagesError(f"UPLIFT_SMTP_SECURITY is {security!r}; choose from {', '.join(SECURITIES)}.")
    if security == NONE and not is_loopback(host):
        raise MessagesError(
            "UPLIFT_SMTP_SECURITY is none: over a plain connection anybody on the way could read the messages. Only a "
            "server on this machine (localhost) may do without; choose starttls or tls."
        )
    port = given["UPLIFT_SMTP_PORT"] or PORTS[security]
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise MessagesError(f"UPLIFT_SMTP_PORT is {port!r}; it must be a whole number from 1 to 65535.")
    if not sender:
        raise MessagesError("UPLIFT_MAIL_FROM is missing: name the address that messages come from.")
    try:
        sender = parse_email(sender)
    except NotAnEmail as cause:
        raise MessagesError(f"UPLIFT_MAIL_FROM cannot be used. {cause}") from cause
    user, password = given["UPLIFT_SMTP_USER"], given["UPLIFT_SMTP_PASSWORD"]
    if bool(user) != bool(password):
        raise MessagesError("UPLIFT_SMTP_USER and UPLIFT_SMTP_PASSWORD go together: set both, or neither.")
    return Mail(host, int(port), security, sender, user, password)


def site_from(text: str) -> str:
    """Where readers open Uplift, without the last slash; "" where it is not said. Raises MessagesError."""
    parts = urlsplit(text)
    fits = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if text and (not fits or not parts.hostname or parts.path.strip("/") or parts.query or parts.username):
        raise MessagesError(f"UPLIFT_SITE is {text!r}; write it like https://uplift.example.org.")
    return text.rstrip("/")


def webhook_address(name: str) -> str:
    """The address that a variable holds: https, or this machine's own. Raises MessagesError, without the address."""
    address = os.environ.get(name, "").strip() if name.startswith(PREFIX) else ""
    if not address:
        raise MessagesError(f"{name} is not set: put the webhook's address there.")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise MessagesError(f"{name} holds no web address.") from None
    fits = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not fits or not host or parts.username or not address.isascii() or not address.isprintable() or " " in address:
        raise MessagesError(f"{name} holds no address that begins with https:// (or http://localhost).")
    return address


def known_webhooks() -> list[str]:
    """The variables of this process that hold one."""
    return sorted(name for name in os.environ if name.startswith(PREFIX) and os.environ[name].strip())
