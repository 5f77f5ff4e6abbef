"""Real servers that messages go to, each its own process: a mail server that keeps a Maildir, and a webhook's.

Run as a program: `mail FOLDER PORT [CERTIFICATE KEY [tls]]` (with a certificate it wants STARTTLS, or begins with TLS,
and wants a sign-in) or `web FOLDER PORT`. Both write what they were given into the folder.
"""

from __future__ import annotations

import asyncio
import mailbox
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

USER, PASSWORD = "uplift", "correct horse battery"


@contextmanager
def receiving(kind: str, folder: Path, *more: str) -> Iterator[int]:
    """The server, until the end of the block; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command: Sequence[str] = (sys.executable, __file__, kind, str(folder), str(port), *more)
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": ""})
    try:
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.02)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def mails(folder: Path) -> list[EmailMessage]:
    """What arrived in the Maildir, oldest first."""
    box = mailbox.Maildir(folder / "box", create=False)
    found = [message_from_bytes(box.get_bytes(key), policy=policy.default) for key in box.keys()]  # noqa: SIM118
    return sorted(found, key=lambda message: str(message["X-Arrived"]))


def raw_mails(folder: Path) -> list[bytes]:
    """The same, byte for byte."""
    box = mailbox.Maildir(folder / "box", create=False)
    return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118


def emptied(folder: Path) -> None:
    """The same Maildir with nothing in it."""
    mailbox.Maildir(folder / "box").clear()
    (folder / "envelopes").unlink(missing_ok=True)


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate for this machine that nobody else vouches for, and its key."""
    paths = str(folder / "own.crt"), str(folder / "own.key")
    name = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *name, "-out", paths[0], "-keyout", paths[1])
    subprocess.run(made, check=True, capture_output=True)
    return paths


async def _serve_mail(folder: Path, port: int, keys: Sequence[str]) -> None:
    from aiosmtpd.handlers import Mailbox
    from aiosmtpd.smtp import SMTP, AuthResult

    class Handler(Mailbox):
        """Takes everything but for two addresses, one for now and one for good; says who came with which envelope."""

        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
            if address.startswith("later@") and not (folder / "now").exists():
                return "451 4.7.1 Try again later"
            if address.startswith("nobody@"):
                return "550 5.1.1 There is nobody"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            with (folder / "envelopes").open("a") as file:
                file.write(
                    f"{envelope.mail_from} {' '.join(envelope.rcpt_tos)} {'starttls' if session.ssl else 'other'}\n"
                )
            envelope.content = f"X-Arrived: {time.time_ns()}\r\n".encode() + envelope.content
            if (folder / "hang_up").exists():
                os.kill(os.getpid(), signal.SIGKILL)
            return str(await super().handle_DATA(server, session, envelope))

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        given = (getattr(data, "login", b""), getattr(data, "password", b""))
        return AuthResult(success=given == (USER.encode(), PASSWORD.encode()), handled=False)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if keys else None
    secured: dict[str, Any] = {}
    begins_with_tls = "tls" in keys
    if context:
        context.load_cert_chain(*keys[:2])
        secured = {"authenticator": known, "auth_required": True, "auth_require_tls": not begins_with_tls}
        secured |= {} if begins_with_tls else {"tls_context": context, "require_starttls": True}
    handler = Handler(folder / "box")
    loop = asyncio.get_running_loop()
    own = context if begins_with_tls else None
    server = await loop.create_server(lambda: SMTP(handler, **secured), "127.0.0.1", port, ssl=own)
    await server.serve_forever()


def _serve_web(folder: Path, port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with (folder / "posts").open("ab") as file:
                file.write(body + b"\n")
            leads_on = self.path.startswith("/moved")
            self.send_response(302 if leads_on else 503 if self.path.startswith("/busy") else 200)
            if leads_on:
                self.send_header("location", f"http://127.0.0.1:{port}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    kind, where, listens = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if kind == "mail":
        asyncio.run(_serve_mail(where, listens, sys.argv[4:]))
    else:
        _serve_web(where, listens)
