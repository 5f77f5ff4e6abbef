"""Addresses: what is this machine's own, what may stand between it and a browser, and whose request a request is."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def is_loopback(address: str) -> bool:
    """Whether an address or host name is this machine's own loopback."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(netloc: str) -> str:
    """`localhost` of `localhost:8501`, `::1` of `[::1]:8501`."""
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0]
    return netloc.partition(":")[0]


def network(text: str) -> str:
    """An address or a network in its canonical form. Raises ValueError."""
    found = ipaddress.ip_network(text.strip(), strict=False)
    if not found.prefixlen:
        raise ValueError(f"{text} is every address there is")
    return str(found if found.num_addresses > 1 else found.network_address)


def client_of(scope: Mapping[str, Any]) -> str:
    """Which client a request counts for: the address, or for IPv6 the network of a household."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    return str(ipaddress.ip_network(f"{host}/64", strict=False)) if address.version == 6 else host


def headers_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """A request's headers by lower-case name; of those given more than once the last, of cookies all."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}; {value}" if name == "cookie" and name in found else value
    return found


def is_own_request(scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Made on this machine, for this machine, and with no proxy in between."""
    made_here = is_loopback((scope.get("client") or ("",))[0]) and is_loopback(host_of(headers.get("host", "")))
    return made_here and not _was_forwarded(headers)


def is_protected(scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Whether nobody can read the request on its way: https, or it never leaves this machine.

    The scheme is the one of the connection, or what a proxy says that the settings name; nobody else's word counts.
    """
    return scope.get("scheme") in ("https", "wss") or is_own_request(scope, headers)


def _was_forwarded(headers: Iterable[str]) -> bool:
    return any(name in headers for name in FORWARDED)
