"""The contract's tables about community spaces: what they are, who looks after them, and what is noted of them."""

from __future__ import annotations

from data_access.contract.kinds import (
    Table,
    choice_column,
    count_column,
    country_column,
    date_column,
    key_column,
    point_columns,
    reference_column,
    text_column,
)

NOTE_KINDS = ("roadmap", "challenge", "lesson", "verdict")

SPACES = Table(
    "spaces",
    (
        key_column("space_key"),
        text_column("name", required=True),
        text_column("city"),
        country_column(),
        *point_columns(),
        date_column("opened_on"),
        date_column("closed_on"),
        date_column("pilot_started_on"),
        count_column("pilot_days", minimum=1),
        count_column("target_events_per_week", 3),
        count_column("target_events_per_year", 96),
        count_column("target_new_contributors_per_event", 1),
        reference_column("coordinator_technical", "people"),
        reference_column("coordinator_community", "people"),
    ),
    key=("space_key",),
    spans=(("opened_on", "closed_on"),),
)
# Called `note` as elsewhere: a person who is erased is struck out of it.
SPACE_NOTES = Table(
    "space_notes",
    (
        key_column("note_key"),
        reference_column("space_key", "spaces", required=True),
        choice_column("kind", NOTE_KINDS, required=True),
        date_column("noted_on", required=True),
        text_column("note", required=True),
        date_column("due_on"),
        date_column("done_on"),
    ),
    key=("note_key",),
    spans=(("noted_on", "done_on"),),
)
