"""Where the number of events changed most between two periods, as a table and in a sentence."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd

from dashboard.parts.shapes import Thing
from dashboard.words.sentences import say
from data_access.answers import Change, Count, Key, Text, empty, rows, typed
from data_access.questions.events.counts import ATTENDANCE
from data_access.questions.named.entries import COUNTRY


class CountryMove(NamedTuple):
    """A country's events against the period before, as the table of changes shows it."""

    country: Annotated[str, Key("Country code")]
    name: Annotated[str, Text("Country")]
    events: Annotated[int, Count("Events", "events")]
    before: Annotated[int, Count("Before", "events")]
    change: Annotated[int, Change("Change", "events")]
    attendance: Annotated[int | None, ATTENDANCE]


def country_changes(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Countries by how much their number of events changed, from the answers of `events_by_country`."""
    if before is None:
        return empty(CountryMove)
    merged = now.merge(before, on="country", how="outer", suffixes=("", "_before"))
    merged["name"] = merged["name"].fillna(merged["name_before"])
    merged["events"], merged["before"] = merged["events"].fillna(0), merged["events_before"].fillna(0)
    merged["change"] = merged["events"] - merged["before"]
    order = merged["change"].abs().rename("size")
    ordered = merged.assign(size=order).sort_values(["size", "events", "name"], ascending=[False, False, True])
    return typed(CountryMove, ordered.reset_index(drop=True))


def countries(changes: pd.DataFrame) -> list[Thing]:
    """The countries whose names a sentence can hold."""
    return [(COUNTRY, move.country, move.name) for move in rows(CountryMove, changes) if len(move.country) == 2]


BOTH_MOVED = (
    "{most} grew most (from {most_before} to {most_now}); {least} fell most (from {least_before} to {least_now})."
)
ONE_GREW = "{most} grew most (from {most_before} to {most_now})."
ONE_FELL = "{least} fell most (from {least_before} to {least_now})."


def movers(changes: pd.DataFrame) -> str:
    """Where events grew and fell most, in a sentence; nothing when nothing moved."""
    placed = [move for move in rows(CountryMove, changes) if len(move.country) == 2]
    if len(placed) < 2:
        return ""  # one country alone did not grow more than others
    ordered = sorted(placed, key=lambda move: move.change)
    least, most = ordered[0], ordered[-1]
    template = {
        (True, True): BOTH_MOVED,
        (True, False): ONE_GREW,
        (False, True): ONE_FELL,
        (False, False): "",
    }[most.change > 0, least.change < 0]
    return say(
        template,
        most=most.name,
        most_before=most.before,
        most_now=most.events,
        least=least.name,
        least_before=least.before,
        least_now=least.events,
    )
