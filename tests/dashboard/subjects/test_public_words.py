"""What the public page's numbers say of a region."""

from __future__ import annotations

import pytest

from dashboard.subjects.public.panel import of_all_events


@pytest.mark.parametrize(
    ("here", "everywhere", "value", "note"),
    [
        (12, 100, "12%", "12 of 100 events in the same period"),
        (0, 10, "0%", "0 of 10 events in the same period"),
        (1, 3, "1 of 3", "in the same period"),
        (0, 0, "–", "in the same period"),
    ],
)
def test_the_share_of_a_region_names_its_count_and_base(here: int, everywhere: int, value: str, note: str) -> None:
    shown = of_all_events(here, everywhere)
    assert (shown.value, shown.note) == (value, note)
