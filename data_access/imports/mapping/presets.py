"""Exports of well-known tools: which of their columns is which, said once, and shown like any guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from data_access.imports.csv_rows import column_id


class Preset(NamedTuple):
    """A tool's export: told by headings that it alone has; of the `columns` a table may lack some."""

    name: str
    told_by: tuple[str, ...]
    rows_are: str
    columns: Mapping[str, str]
    always: Mapping[str, str] = {}


_ATTENDEE = {"First Name": "people.first_name", "Last Name": "people.last_name", "Email": "people.email"}
_EVENT = {"Event Name": "events.title", "Event ID": "events.event_key", "Event Start Date": "events.starts_on"}

PRESETS = (
    Preset(
        "Eventbrite attendees",
        ("Order #", "Attendee Status"),
        "participations",
        {**_ATTENDEE, **_EVENT, "Attendee Status": "participations.attended"},
    ),
    Preset(
        "Luma guests",
        ("api_id", "approval_status", "checked_in_at"),
        "participations",
        {
            **{"name": "people.name", "email": "people.email", "approval_status": "participations.attended"},
            "survey_response_rating": "participations.rating",
        },
    ),
    Preset(
        "Sessionize sessions",
        ("Session Id", "Speaker Id"),
        "participations",
        {
            **{"FirstName": "people.first_name", "LastName": "people.last_name", "Email": "people.email"},
            **{"Language": "participations.language", "Status": "participations.attended"},
        },
        {"participations.role": "speaker"},
    ),
    Preset(
        "pretix orders",
        ("Order code", "Order total"),
        "participations",
        {
            **{"Event slug": "events.event_key", "Status": "participations.attended", "Email": "people.email"},
            "Name": "people.name",
        },
    ),
    Preset(
        "Discourse users",
        ("username", "trust_level", "last_posted_at"),
        "people",
        {
            **{"username": "people.handle", "name": "people.name", "email": "people.email"},
            "created_at": "people.joined_on",
        },
    ),
)


def preset_for(headings: Sequence[str]) -> Preset | None:
    """The tool whose export has these headings."""
    given = {column_id(heading) for heading in headings}
    return next((each for each in PRESETS if {column_id(name) for name in each.told_by} <= given), None)


def columns_of(preset: Preset, headings: Sequence[str]) -> dict[str, str]:
    """A target for each heading; "" for what the preset does not read."""
    targets = {column_id(name): target for name, target in preset.columns.items()}
    return {heading: targets.get(column_id(heading), "") for heading in headings if heading}
