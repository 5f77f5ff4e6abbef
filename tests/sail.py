"""A real Sail server in a process of its own, and a front before it that asks for a token over TLS."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

from tests.running import free_port


class Sail:
    """A server that can be killed and started again on the same port."""

    def __init__(self, log: Path) -> None:
        self._log, self.port = log, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"sc://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "pysail", "spark", "server", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(600):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"Sail did not start: {self._log.read_text()}")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextmanager
def running_sail(folder: Path) -> Iterator[Sail]:
    """A server that is there until the end of the block."""
    sail = Sail(folder / "sail.log")
    sail.start()
    try:
        yield sail
    finally:
        sail.kill()


@contextmanager
def front(behind: int, token: str, folder: Path) -> Iterator[tuple[int, Path]]:
    """A server before Sail that speaks TLS and lets only one token through: its port and its certificate's file.

    Sail leaves both to what stands before it; Spark does them itself.
    """
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    named = ("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate))
    subprocess.run([*made, *named], check=True, capture_output=True)
    channel = grpc.insecure_channel(f"127.0.0.1:{behind}")

    def let_in(asked: Any, context: Any) -> Any:
        if dict(context.invocation_metadata()).get("authorization") != f"Bearer {token}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "this token is not known")
        return asked

    server = grpc.server(ThreadPoolExecutor(8), handlers=[_Passing(channel, let_in)])
    credentials = grpc.ssl_server_credentials([(key.read_bytes(), certificate.read_bytes())])
    port = server.add_secure_port("localhost:0", credentials)
    server.start()
    try:
        yield port, certificate
    finally:
        server.stop(0).wait()
        channel.close()


@contextmanager
def dawdling(behind: int, over: bytes, seconds: float) -> Iterator[str]:
    """A server before Sail that holds what has these bytes in it for so long, and passes on everything else."""
    channel, ended = grpc.insecure_channel(f"127.0.0.1:{behind}"), threading.Event()

    def wait(asked: Any, context: Any) -> Any:
        for message in asked:
            if over in message:
                ended.wait(seconds)
            yield message

    server = grpc.server(ThreadPoolExecutor(8), handlers=[_Passing(channel, wait)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"sc://127.0.0.1:{port}"
    finally:
        ended.set()
        server.stop(0).wait()
        channel.close()


class _Passing(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Passes every call on, after a look at it."""

    def __init__(self, channel: grpc.Channel, look: Callable[[Any, Any], Any]) -> None:
        self._channel, self._look = channel, look

    def service(self, call: Any) -> Any:
        def answer(requests: Any, context: Any) -> Any:
            yield from self._channel.stream_stream(call.method)(self._look(requests, context))

        return grpc.stream_stream_rpc_method_handler(answer)
