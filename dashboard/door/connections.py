"""Open connections: how many one address may hold, and how long a request may take to arrive.

uvicorn closes a connection that waits for its next request; one whose request never ends it would keep for ever.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Collection
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.settings.addresses import client_of

# A head arrives at once; a body at least at the second's rate of a poor line, after the same grace.
HEAD_SECONDS, BODY_BYTES_PER_SECOND = 20.0, 4_000
TOO_MANY, TOO_SLOW = "503 Service Unavailable", "408 Request Timeout"
WORDS = {
    TOO_MANY: "Too many connections are open from this address. Close some, and try again.",
    TOO_SLOW: "The request did not arrive in time.",
}


class LimitedConnection(H11Protocol):
    """One connection; `limited_connections` makes the class that a server uses."""

    most = 100
    head_seconds = HEAD_SECONDS
    bytes_per_second = BODY_BYTES_PER_SECOND
    trusted: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    held: Counter[str]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._received = 0
        self._holder = "" if self._is_a_proxy() else client_of({"client": self.client})
        if self._holder:
            self.held[self._holder] += 1
            if self.held[self._holder] > self.most:
                self._close(TOO_MANY)
                return
        self._give(self.head_seconds)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._received += len(data)
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            return
        state = self.conn.their_state
        if state is h11.SEND_BODY or (state is h11.IDLE and self.timeout_keep_alive_task is None):
            self._give(self.head_seconds)
        else:
            self._take()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """It is a page now, which the doorkeeper counts."""
        self._let_go()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_go()
        super().connection_lost(exc)

    def _is_a_proxy(self) -> bool:
        try:
            address = ipaddress.ip_address(self.client[0] if self.client else "")
        except ValueError:
            return True  # no address: a socket of this machine's own
        return any(address in network for network in self.trusted)

    def _give(self, seconds: float) -> None:
        """So much time for what is arriving, unless it has some already."""
        if self._timer is None:
            self._received = 0
            self._timer = self.loop.call_later(seconds, self._look, seconds)

    def _take(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, seconds: float) -> None:
        """The time is over: a body that arrives fast enough, or that we let wait ourselves, is given more."""
        self._timer = None
        if self.conn.their_state is h11.SEND_BODY and (
            self.flow.read_paused or self._received >= seconds * self.bytes_per_second
        ):
            self._give(seconds)
        elif not self.transport.is_closing():
            self._close(TOO_SLOW)

    def _close(self, status: str) -> None:
        """With a word, where no answer has begun."""
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            words = WORDS[status]
            head = f"HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {len(words)}\r\nconnection: close"
            self.transport.write(f"{head}\r\n\r\n{words}".encode())
        self.transport.close()

    def _let_go(self) -> None:
        self._take()
        if self._holder:
            self.held[self._holder] -= 1
            if self.held[self._holder] <= 0:
                del self.held[self._holder]
            self._holder = ""


def limited_connections(most: int, trusted: Collection[str] = (), **times: Any) -> type[LimitedConnection]:
    """The class for one server: at most so many at once from an address, but for the proxies that are trusted."""
    networks = tuple(ipaddress.ip_network(text) for text in trusted)
    return type(
        "ServersConnection", (LimitedConnection,), {"most": most, "trusted": networks, "held": Counter(), **times}
    )
