"""Exports of well-known tools: which of their columns is which, said once, and shown like any guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from data_access.imports.csv_rows import column_id


class Preset(NamedTuple):
    """A tool's export: told by headings that it alone has, one of several sets; of the `columns` a table may lack some.

    Of two columns for one target the first is taken. `only` names the cells of the rows that are read.
    """

    name: str
    told_by: tuple[tuple[str, ...], ...]
    rows_are: str
    columns: Mapping[str, str]
    always: Mapping[str, str] = {}
    only: Mapping[str, str] = {}
    exactly: bool = False


_WHO = {
    **{"First name": "people.first_name", "Last name": "people.last_name", "Name": "people.name"},
    **{"Email": "people.email", "Email address": "people.email"},
}
_BUYER = {f"Buyer {name.lower()}": target for name, target in _WHO.items()}
_EVENT = {"Event name": "events.title", "Event ID": "events.event_key", "Event start date": "events.starts_on"}
_AUTHOR = {
    **{"author": "people.name", "author name": "people.name", "commit author": "people.name"},
    **{"author email": "people.email", "email": "people.email"},
    **{"author date": "contributions.contributed_on", "date": "contributions.contributed_on"},
    **{"committed at": "contributions.contributed_on", "date merged": "contributions.contributed_on"},
    **{"project": "contributions.project", "repository": "contributions.project"},
}
_CODE = {"contributions.area": "code"}

PRESETS = (
    Preset(
        "Eventbrite attendees",
        (("Order #", "Attendee Status"), ("Order ID", "Attendee Status")),
        "participations",
        {**_WHO, **_EVENT, "Attendee Status": "participations.attended"},
    ),
    Preset(
        "Eventbrite orders",
        (("Order #", "Order Type"), ("Order ID", "Buyer email")),
        "participations",
        {
            **{**_BUYER, **_WHO, **_EVENT},
            **{"Order status": "participations.attended", "Status": "participations.attended"},
        },
    ),
    Preset(
        "Luma guests",
        (("api_id", "approval_status", "checked_in_at"),),
        "participations",
        {
            **{"name": "people.name", "email": "people.email", "approval_status": "participations.attended"},
            "survey_response_rating": "participations.rating",
        },
    ),
    Preset(
        "Meetup answers to an invitation",
        (("RSVP", "RSVPed on"), ("RSVP", "Joined Group on")),
        "participations",
        {
            **{"Name": "people.name", "Member ID": "people.person_key", "User ID": "people.person_key"},
            **{"RSVP": "participations.attended", "Joined Group on": "people.joined_on"},
        },
    ),
    Preset(
        "Meetup members",
        (("Member ID", "Joined Group on"), ("User ID", "Joined Group on")),
        "people",
        {
            **{"Name": "people.name", "Member ID": "people.person_key", "User ID": "people.person_key"},
            **{"Location": "people.place", "Joined Group on": "people.joined_on"},
        },
    ),
    Preset(
        "Sessionize sessions",
        (("Session Id", "Speaker Id"),),
        "participations",
        {
            **{"FirstName": "people.first_name", "LastName": "people.last_name", "Email": "people.email"},
            **{"Language": "participations.language", "Status": "participations.attended"},
        },
        {"participations.role": "speaker"},
    ),
    Preset(
        "pretalx sessions",
        (("Speaker names", "Speaker IDs"),),
        "participations",
        {
            **{"Speaker names": "participations.speaker", "Language": "participations.language"},
            **{"State": "participations.attended", "Proposal state": "participations.attended"},
        },
    ),
    Preset(
        "pretalx speakers",
        (("name", "email", "confirmed"),),
        "participations",
        {"name": "people.name", "email": "people.email", "confirmed": "participations.attended"},
        {"participations.role": "speaker"},
        exactly=True,
    ),
    Preset(
        "pretix orders",
        (("Order code", "Order total"),),
        "participations",
        {
            **{"Event slug": "events.event_key", "Status": "participations.attended", "Email": "people.email"},
            "Name": "people.name",
        },
    ),
    Preset(
        "Discourse users",
        (("username", "trust_level", "last_posted_at"),),
        "people",
        {
            **{"username": "people.handle", "name": "people.name", "email": "people.email"},
            "created_at": "people.joined_on",
        },
    ),
    # Edits are counted over a whole course, not on days: they are no contributions.
    Preset(
        "Wikimedia outreach dashboard editors",
        (("username", "enrollment_timestamp"),),
        "people",
        {"username": "people.handle", "enrollment_timestamp": "people.joined_on"},
    ),
    Preset(
        "Open Collective transactions",
        (("oppositeAccountSlug", "kind", "type"),),
        "funding_requests",
        {
            **{"oppositeAccountSlug": "people.handle", "oppositeAccountName": "people.name"},
            **{"effectiveDate": "funding_requests.paid_on", "datetime": "funding_requests.paid_on"},
            **{"date": "funding_requests.paid_on", "legacyId": "funding_requests.request_key"},
            **{"shortId": "funding_requests.request_key", "id": "funding_requests.request_key"},
            **{"amount": "funding_requests.requested_amount", "netAmount": "funding_requests.requested_amount"},
            "currency": "funding_requests.currency",
        },
        {"funding_requests.decision": "paid"},
        {"kind": "EXPENSE", "type": "DEBIT", "isRefund": "", "isRefunded": ""},
    ),
    Preset(
        "git shortlog",
        (("commits", "author"),),
        "contributions",
        {"commits": "contributions.quantity", **_AUTHOR},
        _CODE,
    ),
    Preset(
        "GitLab chain of custody, git log",
        (
            *(("Commit SHA", "Commit Author"), ("Merge Commit", "Author", "Date Merged")),
            *((called, "author", "date") for called in ("commit", "sha", "hash")),
            *((called, "author name", "author date") for called in ("commit", "sha", "hash")),
        ),
        "contributions",
        _AUTHOR,
        _CODE,
    ),
)


def preset_for(headings: Sequence[str]) -> Preset | None:
    """The tool whose export has these headings."""
    given = {column_id(heading) for heading in headings}
    for preset in PRESETS:
        for told in preset.told_by:
            named = {column_id(name) for name in told}
            if named <= given and not (preset.exactly and given - named):
                return preset
    return None


def columns_of(preset: Preset, headings: Sequence[str]) -> dict[str, str]:
    """A target for each heading; "" for what the preset does not read."""
    chosen = {heading: "" for heading in headings if heading}
    for name, target in preset.columns.items():
        for heading in chosen:
            if same_heading(name, heading) and target not in chosen.values():
                chosen[heading] = target
    return chosen


def same_heading(one: str, other: str) -> bool:
    """Whether two headings differ in their spelling alone."""
    return column_id(one) == column_id(other)
