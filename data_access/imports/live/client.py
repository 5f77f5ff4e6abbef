"""Asking a web server politely: conditional, with limits on time and size, at the pace that it wants."""

from __future__ import annotations

import http.client
import random
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from urllib.parse import quote, urljoin, urlsplit

from data_access.imports.live.address import SECRET, Guard, Resolve, WebOrigin, look_up, origin_of, shown
from data_access.imports.live.refusals import AskLater, LiveRefused

USER_AGENT = f"Uplift/{version('uplift')} (reads what its operator named)"
PAGE_BYTES = 20_000_000
MOST_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN = frozenset({500, 502, 503, 504})
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait, in seconds: between tries (doubled each time, up to a cap) and for an answer."""

    tries: int = 5
    first_wait: float = 1.0
    most_wait: float = 60.0
    silence: float = 30.0  # no byte came
    whole_answer: float = 300.0

    def before(self, attempt: int) -> float:
        """The wait before the next try; spread, so that many who were turned away do not return at once."""
        return min(self.first_wait * 2.0**attempt, self.most_wait) * random.uniform(0.75, 1.0)  # noqa: S311  # no secret


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: headers by lower-case name, the body unpacked. `status` is 200, or 304 where nothing changed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def has_next(self) -> bool:
        """Whether the Link header names a next page."""
        return any('rel="next"' in part.replace("'", '"') for part in self.headers.get("link", "").split(","))


@dataclass
class Client:
    """Asks one source. `headers` (with the secret) go to the source's own origin alone; `called` is its name.

    Raises LiveRefused for what cannot be read, AskLater where the server wants a longer wait than `pace` allows.
    """

    called: str
    address: str
    secret: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_private: bool = False
    pace: Pace = field(default_factory=Pace)
    sleep: Callable[[float], None] = time.sleep
    resolve: Resolve = look_up
    asked: int = 0
    _open: dict[WebOrigin, _Guarded] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.origin = origin_of(self.address)
        self.guard = Guard(self.origin if self.allow_private else None, self.resolve)

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def get(
        self,
        address: str,
        *,
        accept: str = "application/json",
        etag: str = "",
        last_modified: str = "",
        most_bytes: int = PAGE_BYTES,
    ) -> Answer:
        """The answer to one address, tried again where that may help."""
        headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "gzip, identity"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        problem: LiveRefused | None = None
        for attempt in range(self.pace.tries):
            wait = self.pace.before(attempt)
            try:
                answer = self._follow(address, headers, most_bytes)
            except LiveRefused:
                raise
            except ssl.SSLCertVerificationError as cause:
                raise self._refused(
                    address,
                    f"the certificate is not valid ({cause.verify_message})",
                    "Correct the address, or ask its operator",
                ) from cause
            except (OSError, http.client.HTTPException, zlib.error) as cause:
                problem = self._refused(address, _what_failed(cause), "Try again later, or look whether it is up")
            else:
                if answer.status in (200, 304):
                    return answer
                asked = _asked_to_wait(answer)
                if answer.status == 429 or (answer.status == 403 and asked is not None):
                    wait = self._allowed(address, wait if asked is None else asked, answer.status)
                elif answer.status in _TRY_AGAIN:
                    wait = wait if asked is None else self._allowed(address, asked, answer.status)
                    says = f"it answers with the error {answer.status}"
                    problem = self._refused(address, says, "Try again later, or ask its operator", answer.status)
                else:
                    raise self._refused(address, *_meaning(answer.status), answer.status)
            if attempt + 1 < self.pace.tries:
                self.sleep(wait)
        raise problem or self._later(address, self.pace.most_wait, 429)

    def _allowed(self, address: str, seconds: float, status: int) -> float:
        if seconds > self.pace.most_wait:
            raise self._later(address, seconds, status)
        return seconds

    def _later(self, address: str, seconds: float, status: int) -> AskLater:
        until = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(seconds=min(seconds, 86_400) + 1)
        return AskLater(
            f"{self._where(address)}: it asks to wait until {until:%Y-%m-%d %H:%M:%S} UTC",
            f"Run `uplift sync {self.called}` after that: what was read is kept, and it goes on from there",
            until=until,
            status=status,
        )

    def _where(self, address: str) -> str:
        """The source and the address, without what is secret."""
        place = shown(address) if SECRET in address or origin_of(address) == self.origin else str(origin_of(address))
        if self.secret:
            place = place.replace(quote(self.secret, safe=""), SECRET).replace(self.secret, SECRET)
        return f"{self.called} ({place})"

    def _refused(self, address: str, says: str, do: str, status: int = 0) -> LiveRefused:
        return LiveRefused(f"{self._where(address)}: {says}", do, status=status)

    # ---- one request, with its redirects --------------------------------------------------------------------------

    def _follow(self, address: str, headers: Mapping[str, str], most_bytes: int) -> Answer:
        target = address.replace(SECRET, quote(self.secret, safe=""))
        for _ in range(MOST_REDIRECTS + 1):
            answer, location = self._ask(target, address, headers, most_bytes)
            if not location:
                return answer
            before = origin_of(target)
            try:
                target = urljoin(target, location)
                after = origin_of(target)
            except (LiveRefused, ValueError):
                raise self._refused(
                    address, "it redirects to what is no web address", "Correct the address, or ask its operator"
                ) from None
            if before.scheme == "https" and after.scheme == "http":
                raise self._refused(address, "it redirects from https to http", "Ask its operator")
        raise self._refused(address, f"it redirects more than {MOST_REDIRECTS} times", "Correct the address")

    def _ask(self, target: str, address: str, headers: Mapping[str, str], most_bytes: int) -> tuple[Answer, str]:
        """One answer, and where it redirects to, if it does."""
        origin = origin_of(target)
        parts = urlsplit(target)
        safe = "/%:@!$&'()*+,;=~-._?[]"
        path = quote(parts.path or "/", safe=safe) + (f"?{quote(parts.query, safe=safe)}" if parts.query else "")
        connection = self._connection(origin)
        own = self.headers if origin == self.origin else {}
        self.asked += 1
        # A server that sends a byte now and then would keep a time-out for silence from ever passing.
        end = time.monotonic() + self.pace.whole_answer
        watch = threading.Timer(self.pace.whole_answer, connection.hang_up)
        watch.daemon = True
        watch.start()
        try:
            connection.request("GET", path, headers={**headers, **own})
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            if response.status in _MOVED and named.get("location"):
                connection.close()
                return Answer(response.status, named, b""), named["location"]
            wanted = response.status == 200
            body = self._body(response, named, address, most_bytes) if wanted else response.read(_CHUNK)
            if not response.isclosed():
                connection.close()
            return Answer(response.status, named, body), ""
        except BaseException as cause:
            connection.close()
            if time.monotonic() >= end and isinstance(cause, (OSError, http.client.HTTPException, ValueError)):
                raise TimeoutError(f"no whole answer within {self.pace.whole_answer:.0f} seconds") from cause
            raise
        finally:
            watch.cancel()

    def _connection(self, origin: WebOrigin) -> _Guarded:
        if origin not in self._open:
            self._open[origin] = _Guarded(origin, self.guard, self.pace.silence)
        return self._open[origin]

    def _body(
        self, response: http.client.HTTPResponse, headers: Mapping[str, str], address: str, most_bytes: int
    ) -> bytes:
        packing = headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip", ""):
            raise self._refused(address, "it answers in a packing that was not asked for", "Ask its operator")
        unpack = zlib.decompressobj(31) if "gzip" in packing else None
        expected = response.length
        pieces, size, received = [], 0, 0
        too_large = self._refused(
            address,
            f"its answer is larger than {most_bytes / 1e6:.0f} MB",
            "Name an address that holds less, or download the file and import it in parts",
        )
        while data := response.read(_CHUNK):
            received += len(data)
            piece = unpack.decompress(data, most_bytes + 1 - size) if unpack else data
            size += len(piece)
            if size > most_bytes:
                raise too_large
            pieces.append(piece)
        if (expected is not None and received < expected) or (unpack and received and not unpack.eof):
            raise http.client.IncompleteRead(b"", None)
        return b"".join(pieces)


class _Guarded(http.client.HTTPConnection):
    """A connection that the guard opens; over https the certificate is that of the host's name."""

    def __init__(self, origin: WebOrigin, guard: Guard, timeout: float) -> None:
        super().__init__(origin.host, origin.port, timeout=timeout)
        self._opened: socket.socket | None = None
        self._origin, self._guard, self._silence = origin, guard, timeout
        self.default_port = 443 if origin.scheme == "https" else 80

    def connect(self) -> None:
        self.sock = self._guard.connect(self._origin, self._silence)
        if self._origin.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._origin.host)
        self._opened = self.sock

    def hang_up(self) -> None:
        """End the connection from another thread, while this one waits for it."""
        # `sock` is let go of as soon as the server says that it is its last answer; the answer is still to come.
        if self._opened is not None:
            with suppress(OSError):
                self._opened.shutdown(socket.SHUT_RDWR)


def _asked_to_wait(answer: Answer) -> float | None:
    """The seconds that the server asks to wait; None where it says nothing."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said[:9])
    if said:
        try:
            return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
        except (TypeError, ValueError):
            return None
    reset = answer.headers.get("x-ratelimit-reset", "").strip()
    if answer.headers.get("x-ratelimit-remaining", "").strip() == "0" and reset.isdecimal():
        return max(0.0, float(reset[:12]) - time.time())
    return None


def _what_failed(cause: BaseException) -> str:
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, http.client.IncompleteRead):
        return "its answer ended in the middle"
    if isinstance(cause, http.client.RemoteDisconnected):
        return "it hung up without an answer"
    if isinstance(cause, ConnectionRefusedError):
        return "nobody answers there"
    if isinstance(cause, (http.client.HTTPException, zlib.error)):
        return "its answer cannot be read as one of a web server"
    return f"the connection failed ({type(cause).__name__})"


def _meaning(status: int) -> tuple[str, str]:
    if status in (401, 403):
        return (
            f"it refuses to answer ({status})",
            "Check the secret in the environment variable that `uplift source list` names, and what it may read",
        )
    if status in (404, 410):
        return f"there is nothing at this address ({status})", "Correct the address, or check what the secret may read"
    return f"it answers with the status {status}", "Correct the address, or ask its operator"
