"""pretalx: a conference, and who speaks there. One event a source; only accepted and confirmed sessions count."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from data_access.imports.live.client import Client
from data_access.imports.live.json_answers import Item, in_one_language, items, one_item, parsed, result_pages, text
from data_access.imports.live.parts import Part, Row, Source, SourceKind
from data_access.imports.live.refusals import LiveRefused

EVENT_SETTINGS = {
    "event": "the key of the event, if it is known under another than the address says",
    "city": "the town in which it is held",
    "country": "its country",
    "mode": "in_person, online or hybrid",
    "team": "the key of the team that holds it",
    "area": "its area",
}
_COLUMNS = {"city": "city", "country": "country", "mode": "mode", "team": "team_key", "area": "area"}
_ADDRESS = re.compile(
    r"^(https?://[^/?#]+)((?:/[^/?#]+)*?)/(?:api/events/|orga/event/)?([\w.-]+)/?(?:schedule/?|cfp/?)?$"
)
_SPEAKS = frozenset({"accepted", "confirmed"})
_PAGE = 50


def told_by_the_operator(source: Source) -> dict[str, str]:
    """What the source's settings say of its event, by the contract's columns."""
    return {column: source.settings[name] for name, column in _COLUMNS.items() if source.settings.get(name)}


def token_headers(secret: str) -> dict[str, str]:
    return {"Authorization": f"Token {secret}"} if secret else {}


def _headers(secret: str) -> dict[str, str]:
    return {"Pretalx-Version": "v1", **token_headers(secret)}


def _address(given: str) -> str:
    found = _ADDRESS.match(given)
    if not found:
        raise LiveRefused(
            "This is no address of a conference in pretalx", "Write it like https://pretalx.example.org/conference/"
        )
    return f"{found[1]}{found[2]}/api/events/{found[3]}/"


def _read(client: Client, source: Source) -> Iterator[Part]:
    held = one_item(client, parsed(client, client.get(source.address)))
    slug = text(held, "slug") or source.address.rstrip("/").rpartition("/")[2]
    key = source.settings.get("event") or slug
    people: dict[str, Row] = {}
    speaks: dict[str, str] = {}
    languages: set[str] = set()
    for page in result_pages(client, f"{source.address}submissions/?expand=speakers&page_size={_PAGE}"):
        for session in page.found:
            if text(session, "state") not in _SPEAKS:
                continue
            language = text(session, "content_locale")
            if language:
                languages.add(language)
            for speaker in _speakers(client, session):
                code = text(speaker, "code")
                people[code] = {"person_key": code, "name": text(speaker, "name")}
                # pretalx sends sessions in an order of its own: which one comes first must change nothing.
                speaks[code] = min(filter(None, (speaks.get(code), language)), default="")
    event = {
        "event_key": key,
        "title": in_one_language(held, "name"),
        "starts_on": text(held, "date_from"),
        "ends_on": text(held, "date_to"),
        **({"languages": ";".join(sorted(languages))} if languages else {}),
        **told_by_the_operator(source),
    }
    tables: dict[str, list[Row]] = {
        "events": [event],
        "people": [people[code] for code in sorted(people)],
        "participations": [
            {"event_key": key, "person_key": code, "role": "speaker", "language": language}
            for code, language in sorted(speaks.items())
        ],
    }
    digest = hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()
    if digest != source.state.get("digest"):
        yield Part({"digest": digest}, tables={name: rows for name, rows in tables.items() if rows})


def _speakers(client: Client, session: Item) -> list[Item]:
    found = session.get("speakers")
    if isinstance(found, list) and any(isinstance(each, str) for each in found):
        # A version that does not expand them gives codes alone.
        return [each if isinstance(each, dict) else {"code": each} for each in found]
    return items(client, found or [])


PRETALX = SourceKind("pretalx", "pretalx", "a conference and its speakers", EVENT_SETTINGS, _address, _headers, _read)
