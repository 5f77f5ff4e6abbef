"""The event map's captions are made from the selection: no filter makes one of them false."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.subjects.event_map import words
from dashboard.words.places import chosen_places
from data_access.selection import Selection

NAMES = {"country": {"IN": "India", "KE": "Kenya"}}
EVERYWHERE = Selection(as_of=date(2026, 9, 15))
FOUND = words.EventsOnMap(total=9, placed=9, online=0, countries=2, reached=0.3, silent=(), fewer=())


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (EVERYWHERE, "of the world’s townspeople, within 100 km of an event of the last 12 months"),
        (
            replace(EVERYWHERE, team=("a",)),
            "of the world’s townspeople, within 100 km of such an event of the last 12 months",
        ),
        (
            replace(EVERYWHERE, country=("KE", "IN")),
            "of the townspeople of India and Kenya, within 100 km of an event of the last 12 months",
        ),
        (
            replace(EVERYWHERE, country=("KE",), region=("Africa",), topic=("x",)),
            "of the townspeople of Kenya, in Africa, within 100 km of such an event of the last 12 months",
        ),
    ],
)
def test_reach_names_what_it_is_a_share_of(selection: Selection, said: str) -> None:
    found = replace(FOUND, places=chosen_places(selection, NAMES), all_events=words.is_about_all_events(selection))
    [reach] = [item.note for item in words.headlines(found) if item.label == "Reach"]
    assert reach == said
    assert ("any such event" in words.towns_heading(selection)) == (not words.is_about_all_events(selection))
