"""pretix: an event, or each of a series, and who has a paid ticket for it.

People are known by a hash of the address that the ticket was sent to; addresses are not kept, and names only on wish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from data_access.imports.live.client import Client
from data_access.imports.live.json_answers import (
    PAGES_A_PART,
    Item,
    in_one_language,
    items,
    one_item,
    parsed,
    result_pages,
    text,
)
from data_access.imports.live.parts import Part, Row, Source, SourceKind, State
from data_access.imports.live.pretalx import EVENT_SETTINGS, token_headers, told_by_the_operator
from data_access.imports.live.refusals import LiveRefused
from data_access.imports.readers.opening import digest, folded

_SHOP = re.compile(r"^(https?://[^/?#]+)/([\w.-]+)/([\w.-]+)/?$")
_CONTROL = re.compile(r"^(https?://[^/?#]+)/control/event/([\w.-]+)/([\w.-]+)/?$")
_API = re.compile(r"^(https?://[^/?#]+)/api/v1/organizers/([\w.-]+)/events/([\w.-]+)/?$")
_WHO = ("paid", "checked_in")


def _address(given: str) -> str:
    found = _API.match(given) or _CONTROL.match(given) or _SHOP.match(given)
    if not found:
        raise LiveRefused(
            "This is no address of an event in pretix", "Write it like https://pretix.example.org/organizer/event/"
        )
    return f"{found[1]}/api/v1/organizers/{found[2]}/events/{found[3]}/"


def _read(client: Client, source: Source) -> Iterator[Part]:
    if source.settings.get("who", "paid") not in _WHO:
        raise LiveRefused(f"{source.name}: `who` is one of {', '.join(_WHO)}", "Remove the source and add it again")
    held = one_item(client, parsed(client, client.get(source.address)))
    key = source.settings.get("event") or text(held, "slug") or source.address.rstrip("/").rpartition("/")[2]
    events = [_event(held, key, source)]
    if held.get("has_subevents") is True:
        pages = result_pages(client, f"{source.address}subevents/?ordering=date_from")
        events = [_event(each, f"{key}-{text(each, 'id')}", source) for page in pages for each in page.found]
    sold = result_pages(client, f"{source.address}items/?ordering=id")
    no_ticket = {each.get("id") for page in sold for each in page.found if each.get("admission") is False}
    orders = dict(source.state.get("orders", {}))
    since = str(orders.get("since", ""))
    first = int(orders.get("page", 1))
    until = str(orders.get("until", ""))
    rows: list[Row] = []
    people: dict[str, Row] = {}
    changed = f"&modified_since={quote(since)}" if since else ""
    for page in result_pages(client, f"{source.address}orders/?ordering=datetime{changed}", first):
        until = until or page.answer.headers.get("x-page-generated", "")
        for order in page.found:
            _add_order(client, source, order, key, held, no_ticket, rows, people)
        if page.more and page.number % PAGES_A_PART == 0:
            state: State = {"orders": {"since": since, "until": until, "page": page.number + 1}}
            yield _part(state, events, rows, people)
            rows, people = [], {}
    told = digest(repr(events))
    if not rows and told == source.state.get("events"):
        events = []
    yield _part({"orders": {"since": until or since}, "events": told}, events, rows, people)


def _part(state: State, events: list[Row], rows: list[Row], people: dict[str, Row]) -> Part:
    tables = {"events": events, "people": list(people.values()), "participations": rows}
    return Part(state, tables={name: found for name, found in tables.items() if found})


def _event(held: Item, key: str, source: Source) -> Row:
    point = {"latitude": text(held, "geo_lat"), "longitude": text(held, "geo_lon")}
    return {
        "event_key": key,
        "title": in_one_language(held, "name"),
        "starts_on": text(held, "date_from")[:10],
        "ends_on": text(held, "date_to")[:10],
        "venue": in_one_language(held, "location"),
        **(point if all(point.values()) else {}),
        **told_by_the_operator(source),
    }


def _add_order(
    client: Client,
    source: Source,
    order: Item,
    key: str,
    held: Item,
    no_ticket: set[object],
    rows: list[Row],
    people: dict[str, Row],
) -> None:
    if text(order, "status") != "p" or order.get("testmode") is True:
        return
    for ticket in items(client, order.get("positions") or []):
        if ticket.get("canceled") is True or ticket.get("addon_to") or ticket.get("item") in no_ticket:
            continue
        if source.settings.get("who") == "checked_in" and not ticket.get("checkins"):
            continue
        event = f"{key}-{text(ticket, 'subevent')}" if held.get("has_subevents") is True else key
        address = folded(text(ticket, "attendee_email"))
        # A group's tickets may all bear the buyer's address: only the first of them is the buyer.
        if not address and text(ticket, "positionid") in ("", "1"):
            address = folded(text(order, "email"))
        nobody = " ".join((text(order, "code"), text(ticket, "positionid")))
        person = f"attendee-{digest(address or nobody)}"
        name = text(ticket, "attendee_name") if source.settings.get("names") == "yes" else ""
        people[person] = {"person_key": person, **({"name": name} if name else {})}
        rows.append({"event_key": event, "person_key": person, "role": "attendee"})


PRETIX = SourceKind(
    "pretix",
    "pretix",
    "an event and who has a ticket",
    EVENT_SETTINGS
    | {"who": "paid (every paid ticket) or checked_in (who came)", "names": "yes keeps the names of attendees"},
    _address,
    token_headers,
    _read,
)
