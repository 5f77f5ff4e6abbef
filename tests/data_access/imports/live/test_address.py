"""Which addresses are asked: only those that were named, and none inside one's own network without the allowance."""

from __future__ import annotations

import socket
import threading

import pytest

from data_access.imports.live.address import Guard, look_up, origin_of, parse_address, shown
from data_access.imports.live.client import Client, Pace
from data_access.imports.live.refusals import LiveRefused
from tests.web_server import Reply, web_server

HEX = "0123456789abcdef0123"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("file:///etc/passwd", "no address that can be asked"),
        ("gopher://example.org/", "no address that can be asked"),
        ("ftp://example.org/a.ics", "no address that can be asked"),
        ("example.org/a.ics", "no address that can be asked"),
        ("https://", "no address that can be asked"),
        ("https://exa mple.org/", "no address that can be asked"),
        ("https://example.org/a\r\nHost: evil", "no address that can be asked"),
        ("https://example.org:99999/", "no address that can be asked"),
        ("https://example.org:0/", "no address that can be asked"),
        ("https://[::1/", "no address that can be asked"),
        ("https://" + "a" * 3000, "no address that can be asked"),
        ("https://me:hunter2@example.org/", "a user name or a password"),
        ("https://example.org/a.ics?token=hunter2", "holds a secret"),
        ("https://example.org/a.ics?access_token=hunter2", "holds a secret"),
        (f"https://calendar.example.org/ical/me/private-{HEX}/basic.ics", "holds a secret"),
        ("https://example.org/{secret}/a.ics", "no variable is named"),
        ("https://{secret}.example.org/a.ics", "no address that can be asked"),
    ],
)
def test_what_is_no_address_or_would_store_a_secret_is_refused(address: str, says: str) -> None:
    with pytest.raises(LiveRefused, match=says) as refused:
        parse_address(address, has_secret=False, allow_private=False)
    assert "hunter2" not in str(refused.value)
    assert HEX not in str(refused.value)


def test_addresses_are_kept_as_they_can_be_asked() -> None:
    def parsed(text: str) -> str:
        return parse_address(text, has_secret=True, allow_private=False)

    assert parsed("webcal://example.org/a.ics") == "https://example.org/a.ics"
    assert parsed(" https://example.org#top ") == "https://example.org/"
    assert parsed("https://example.org/private-{secret}/b.ics?key={secret}") == (
        "https://example.org/private-{secret}/b.ics?key={secret}"
    )
    assert shown("https://example.org/b.ics?key=1") == "https://example.org/b.ics"
    assert str(origin_of("https://bücher.example:443/x")) == "https://xn--bcher-kva.example"
    with pytest.raises(LiveRefused, match="travel unprotected"):
        parsed("http://example.org/a.ics")


REFUSED = {
    "private": "127.0.0.1 127.8.8.8 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 ::1 fd12:3456::1 ::ffff:10.0.0.1 "
    "2002:7f00:1:: 64:ff9b::a00:1 ::ffff:127.0.0.1",
    "never": "169.254.169.254 169.254.1.1 fe80::1 fe80::1%eth0 0.0.0.0 :: 224.0.0.1 ff02::1 255.255.255.255 240.0.0.1 "
    "100.100.100.200 168.63.129.16 fd00:ec2::254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe ::127.0.0.1",
}


@pytest.mark.parametrize(("ip", "kind"), [(ip, kind) for kind, listed in REFUSED.items() for ip in listed.split()])
def test_no_name_leads_into_a_private_network(ip: str, kind: str) -> None:
    """Whatever the resolver says, in any spelling of IPv4 inside IPv6; one bad address among good ones is enough."""
    origin = origin_of("https://calendar.example.org/")
    guard = Guard(None, lambda host, port: ["93.184.215.14", ip])
    with pytest.raises(LiveRefused, match="private network" if kind == "private" else "which no source has"):
        guard.connect(origin, 1)
    if kind == "never":
        with pytest.raises(LiveRefused, match="which no source has"):
            Guard(origin, lambda host, port: [ip]).connect(origin, 1)


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_this_machine_are_found_out(host: str) -> None:
    with pytest.raises(LiveRefused, match=r"private network|no machine called"):
        Guard(None).connect(origin_of(f"http://{host}:1/"), 1)


def test_a_name_that_changes_its_address_leads_nowhere_else() -> None:
    """The name is looked up once, and the connection goes to what was checked: there is no second look to deceive."""
    looked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["192.0.2.1"] if len(looked) > 1 else [str(listening.getsockname()[0])]

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        origin = origin_of(f"http://turning.example:{listening.getsockname()[1]}/")
        accepted: list[socket.socket] = []
        thread = threading.Thread(target=lambda: accepted.append(listening.accept()[0]))
        thread.start()
        opened = Guard(origin, turning).connect(origin, 5)
        thread.join(5)
        assert (looked, len(accepted)) == (["turning.example"], 1)
        for each in (opened, *accepted):
            each.close()


def test_the_allowance_is_for_the_sources_own_address_alone() -> None:
    """A redirect to another port, or another private machine, is refused though the source may be private."""
    with web_server(lambda asked: Reply(b"inner")) as inner:
        for target in (f"{inner.address}/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.7/"):
            with web_server(lambda asked, to=target: Reply(status=302, headers={"Location": to})) as outer:  # type: ignore[misc]
                client = Client("diary", f"{outer.address}/a.ics", allow_private=True, pace=Pace(tries=1))
                with pytest.raises(LiveRefused, match=r"private network|no source has"):
                    client.get(client.address)
                assert inner.asked == []


def test_nothing_is_asked_on_this_machine_without_the_allowance() -> None:
    with web_server(lambda asked: Reply(b"x")) as server:
        client = Client("diary", f"{server.address}/", pace=Pace(tries=1))
        with pytest.raises(LiveRefused, match="--allow-private"):
            client.get(client.address)
        assert server.asked == []


def test_a_host_is_looked_up_by_the_system() -> None:
    assert look_up("127.0.0.1", 80) == ["127.0.0.1"]
    with pytest.raises(LiveRefused, match="no machine called"):
        Guard(None).connect(origin_of("https://nowhere.invalid/"), 1)
