"""Which addresses may be asked: http and https alone, and no machine of one's own network unless it was allowed.

The name is looked up once for each connection, every address it has is checked, and the connection goes to one of
those that were checked: a name that changes its address in between (DNS rebinding) leads nowhere else.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from data_access.imports.live.refusals import LiveRefused

SECRET = "{secret}"  # noqa: S105  # the place in an address where the secret goes
PORTS = {"http": 80, "https": 443}
MOST_CHARACTERS = 2_000
_SECRET_NAMES = re.compile(r"token|secret|passw|api_?key|access_?key|signature|^(?:key|auth|sig|pwd)$", re.IGNORECASE)
_PRIVATE_PATH = re.compile(r"/private-[0-9a-f]{16,}", re.IGNORECASE)
_NAT64 = ip_network("64:ff9b::/96")
# Where clouds tell their machines' secrets, apart from the link-local ones.
_METADATA = frozenset(map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))

Resolve = Callable[[str, int], list[str]]
_IP = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class WebOrigin:
    """Scheme, host and port: what a secret is sent to, and nowhere else."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin_of(address: str) -> WebOrigin:
    """The origin of an address. Raises LiveRefused for what is no address to ask; the message holds none of it."""
    try:
        parts = urlsplit(address)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        raise _no_address("it cannot be read as a web address") from None
    if parts.scheme not in PORTS:
        raise _no_address(f"it begins with {parts.scheme[:20] + ':' if parts.scheme else 'no scheme'}")
    if not host:
        raise _no_address("it names no host")
    try:
        plain = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise _no_address("its host is no name of a machine") from None
    if re.search(r"[\s\x00-\x20\x7f{}]", plain):
        raise _no_address("its host is no name of a machine")
    if port == 0:
        raise _no_address("it names the port 0")
    return WebOrigin(parts.scheme, plain, port or PORTS[parts.scheme])


def parse_address(text: str, *, has_secret: bool, allow_private: bool) -> str:
    """An address as it is stored: without anything secret in it. Raises LiveRefused.

    `webcal:` is how calendars write https. `{secret}` may stand in the path or the query.
    """
    address = re.sub(r"^webcals?:", "https:", text.strip(), flags=re.IGNORECASE)
    if len(address) > MOST_CHARACTERS or re.search(r"[\s\x00-\x1f\x7f]", address):
        raise _no_address("it is too long, or holds spaces")
    origin = origin_of(address)
    parts = urlsplit(address)
    where = "Put the secret into an environment variable, name it with --secret-from"
    if parts.username is not None or parts.password is not None:
        raise LiveRefused("The address holds a user name or a password", f"{where}, and leave it out of the address")
    open_secret = any(
        _SECRET_NAMES.search(name) and value and SECRET not in value
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    if open_secret or _PRIVATE_PATH.search(parts.path):
        raise LiveRefused("The address holds a secret", f"{where}, and write {SECRET} in its place")
    if SECRET in address and not has_secret:
        raise LiveRefused(f"The address says {SECRET}, and no variable is named that holds it", where)
    if has_secret and origin.scheme == "http" and not allow_private:
        raise LiveRefused("The secret would travel unprotected", "Use the https address")
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))


def shown(address: str) -> str:
    """An address as it may be printed: as the operator named it, without its query."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def look_up(host: str, port: int) -> list[str]:
    """Every address of the host, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """Opens connections to hosts whose every address may be asked.

    `allowed` is the one origin at which private and loopback addresses may be: the source's own, with the allowance.
    """

    allowed: WebOrigin | None = None
    resolve: Resolve = look_up

    def connect(self, origin: WebOrigin, timeout: float) -> socket.socket:
        """A connection to one of the checked addresses. Raises LiveRefused, or OSError where nobody answers."""
        try:
            found = self.resolve(origin.host, origin.port)
        except (OSError, UnicodeError) as cause:
            raise LiveRefused(
                f"There is no machine called {origin.host}", "Correct the address, or look whether the network is up"
            ) from cause
        allow_private = origin == self.allowed
        for address in found:
            self._check(origin, address, allow_private=allow_private)
        problem: OSError | None = None
        for address in found:
            try:
                # A number, so that nothing is looked up again.
                return socket.create_connection((address, origin.port), timeout)
            except OSError as cause:
                problem = cause
        raise problem or OSError(f"{origin.host} has no address")

    def _check(self, origin: WebOrigin, address: str, *, allow_private: bool) -> None:
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            raise LiveRefused(f"{origin.host} has no address that can be asked", "Correct the address") from None
        kinds = [kind_of(each) for each in _meant(ip)]
        if "reserved" in kinds:
            raise LiveRefused(
                f"{origin} leads to {ip}, a link-local, metadata or reserved address, which no source has",
                "Correct the address",
            )
        if "private" in kinds and not allow_private:
            raise LiveRefused(
                f"{origin} leads to {ip}, inside a private network or this machine, which is not asked",
                "If this is meant, remove the source and add it again with --allow-private; "
                "it then holds for its own address, and not for where that redirects to",
            )


def kind_of(ip: Any) -> str:
    """ "public", "private" (loopback too), or "reserved": what no source can have."""
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip in _METADATA:
        return "reserved"
    if ip.is_loopback:
        return "private"
    if ip.is_reserved:
        return "reserved"
    return "public" if ip.is_global else "private"


def _meant(ip: _IP) -> list[_IP]:
    """The address, and the IPv4 address that is written inside an IPv6 one."""
    if isinstance(ip, IPv4Address):
        return [ip]
    within = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        within.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    inner = [each for each in within if each is not None]
    return list(inner) if ip.ipv4_mapped or ip in _NAT64 else [ip, *inner]


def _no_address(why: str) -> LiveRefused:
    return LiveRefused(f"This is no address that can be asked: {why}", "Write it like https://example.org/calendar.ics")
