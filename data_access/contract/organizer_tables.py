"""The contract's table about what organizers need: for an event, in a town, or one of them."""

from __future__ import annotations

from data_access.contract.kinds import Table, choice_column, date_column, key_column, reference_column, text_column

NEED_KINDS = {
    "mentor": "A mentor",
    "venue": "A venue",
    "budget": "A budget",
    "materials": "Materials",
    "speakers": "Speakers",
    "volunteers": "Volunteers",
    "other": "Something else",
}
# Called `note` as elsewhere: a person who is erased is struck out of it.
ORGANIZER_NEEDS = Table(
    "organizer_needs",
    (
        key_column("need_key"),
        choice_column("kind", tuple(NEED_KINDS), required=True),
        text_column("note", required=True),
        date_column("raised_on", required=True),
        date_column("met_on"),
        reference_column("event_key", "events"),
        text_column("city"),
        reference_column("person_key", "people"),
    ),
    key=("need_key",),
    spans=(("raised_on", "met_on"),),
)
