"""Connections over real sockets: requests that never end, and more of them than one address may hold."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import uvicorn

from dashboard.door.connections import LimitedConnection, limited_connections
from tests.running import free_port

SOON: dict[str, Any] = {"head_seconds": 0.2}
HEAD = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 40\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole request, and says how long its body was."""
    if scope["type"] != "http":
        return
    length = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message["body"])
        more = message["more_body"]
    body = str(length).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(
    most: int = 100, trusted: tuple[str, ...] = (), **times: Any
) -> Iterator[tuple[int, type[LimitedConnection]]]:
    port, kind = free_port(), limited_connections(most, trusted, **times)
    server = uvicorn.Server(uvicorn.Config(echo, port=port, http=kind, lifespan="off", log_config=None))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield port, kind
    finally:
        server.should_exit = True
        thread.join(30)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def rest(connection: socket.socket) -> bytes:
    """All that still comes until the server closes; the socket's own limit of time is far away."""
    found = b""
    while part := connection.recv(4096):
        found += part
    return found


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nhost: x\r\n", HEAD + b"\r\n", HEAD + b"\r\nhalf of it"],
    ids=["nothing", "half a head", "no body", "half a body"],
)  # fmt: skip
def test_a_request_that_never_ends_is_closed(sent: bytes) -> None:
    with serving(**SOON) as (port, kind), closing(connected(port)) as connection:
        connection.sendall(sent)
        assert rest(connection).startswith(b"HTTP/1.1 408")
        assert not kind.held


def test_the_second_request_of_a_connection_must_end_too() -> None:
    """Its first bytes take away the time that uvicorn gives a connection that waits."""
    with serving(**SOON) as (port, _), closing(connected(port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        assert rest(connection).endswith(b"The request did not arrive in time.")


def drip(connection: socket.socket, times: int, pause: float) -> None:
    for _ in range(times):
        connection.sendall(b"x")
        threading.Event().wait(pause)


def test_a_body_that_drips_is_closed_and_one_that_keeps_arriving_is_read() -> None:
    with serving(**SOON, bytes_per_second=1_000_000) as (port, _), closing(connected(port)) as connection:
        connection.sendall(HEAD.replace(b"40", b"4000") + b"\r\n")
        with pytest.raises(OSError, match=r"(?i)reset|pipe"):
            drip(connection, 4_000, 0.02)
    with serving(head_seconds=0.1, bytes_per_second=1) as (port, _), closing(connected(port)) as connection:
        connection.sendall(HEAD + b"connection: close\r\n\r\n")
        drip(connection, 40, 0.01)
        assert rest(connection).endswith(b"\r\n\r\n40")


def test_one_address_holds_so_many_connections_and_gets_them_back() -> None:
    with serving(most=3) as (port, kind):
        open_ones = [connected(port) for _ in range(3)]
        with closing(connected(port)) as another:
            assert b"Too many connections" in rest(another)
        for connection in open_ones:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert rest(connection).startswith(b"HTTP/1.1 200")
            connection.close()
        with closing(connected(port)) as again:
            again.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert rest(again).startswith(b"HTTP/1.1 200")
        assert not kind.held


def test_a_trusted_proxy_holds_as_many_as_it_needs() -> None:
    with serving(most=1, trusted=("127.0.0.0/8",)) as (port, _):
        found = [connected(port) for _ in range(5)]
        for connection in found:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert rest(connection).startswith(b"HTTP/1.1 200")
            connection.close()
