"""What a mapped table calls the columns of the contract, for messages about its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NAMES = ("people.name", "people.first_name", "people.last_name")
# What a place in one text becomes.
PLACES = {
    "people.place": ("home_city", "home_state", "home_country"),
    "events.place": ("venue", "city", "state", "country", "mode"),
}


def called(
    letters: Sequence[str], headings: Sequence[str], at: Mapping[str, Sequence[int]], table: str, columns: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The headings and a sheet's letters of a table's columns; `at` has the places of each target."""
    found: dict[str, int] = {}
    for target, places in at.items():
        own, _, name = target.partition(".")
        for column in PLACES.get(target, (name,)) if own == table else ():
            found.setdefault(column, places[0])
        if target in (*NAMES, "people.email", "people.handle"):
            found.setdefault("person_key", places[0])
        if target == "events.title":
            found.setdefault("event_key", places[0])
    found = {column: index for column, index in found.items() if column in columns}
    names = {column: headings[index] for column, index in found.items()}
    return names, {column: letters[index] for column, index in found.items()} if letters else {}
