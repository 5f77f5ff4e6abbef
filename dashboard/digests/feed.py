"""Messages as an Atom feed: entries that keep their identity as long as a thing is so."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # written, not read
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from dashboard.digests.found import News, ToTell, of_release
from dashboard.digests.letter import MANAGE, stop_command, why_words
from dashboard.words.sentences import say
from dashboard.words.text import visible
from data_access.release.history import MadeRelease
from data_access.selection import Role
from data_access.subscriptions import Subscription

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
MOST_ENTRIES = 200
_NOT_XML = re.compile("[\ufffe\uffff]")  # what no XML may hold, besides what is not visible
_ATOM = "http://www.w3.org/2005/Atom"


def own_feed(subscription: Subscription, role: Role, now: ToTell, told: Mapping[str, datetime], site: str) -> bytes:
    """The feed of one subscription: what is so now, the newest first. `told`: since when it is, by item.

    It does not name its own address, which holds the token.
    """
    shown = [(each, told[each.item]) for each in now.news if each.item in told]
    why = why_words(subscription, role)
    stop = say("Stop it: {address}, or {command}", address=site + MANAGE, command=stop_command(subscription))
    title = say("{program}: what needs you", program=now.program)
    identity = f"uplift:{subscription.key}"
    return _written(title, f"{why} {stop}", identity, shown, site, "")


def public_feed(program: str, releases: Iterable[MadeRelease], site: str, self_address: str) -> bytes:
    """The feed of releases, which everybody may read."""
    shown = [(of_release(each), each.made_at) for each in releases]
    title = say("{program}: releases", program=program)
    return _written(title, "An entry whenever new numbers are released.", "uplift:releases", shown, site, self_address)


def _written(
    title: str, subtitle: str, identity: str, shown: list[tuple[News, datetime]], site: str, self_address: str
) -> bytes:
    host = urlsplit(site).hostname or "localhost"
    shown = sorted(shown, key=lambda each: each[1], reverse=True)[:MOST_ENTRIES]
    newest = shown[0][1] if shown else datetime(2000, 1, 1)  # noqa: DTZ001  # UTC, as the ledger keeps it
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", title)
    _add(feed, "subtitle", subtitle)
    _add(feed, "id", f"tag:{host},2026:{identity}")
    _add(feed, "updated", _moment(newest))
    if self_address:
        ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=self_address)
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="alternate", href=site)
    _add(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", "Uplift")
    for news, moment in shown:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", f"{news.head} · {news.when}" if news.when else news.head)
        _add(entry, "id", f"tag:{host},2026:{identity}:{news.item[:32]}:{moment:%Y%m%d%H%M%S}")
        _add(entry, "updated", _moment(moment))
        ET.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=site + news.path)
        _add(entry, "summary", news.words)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = _NOT_XML.sub("", visible(text))


def _moment(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC, microsecond=0).isoformat().replace("+00:00", "Z")
