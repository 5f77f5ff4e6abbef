"""Classes of countries: the right one, with a sentence that says the numbers."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from dashboard.maps.shades import (
    SHADES,
    change_shades,
    gap_shades,
    language_shades,
    rate_shades,
    reach_shades,
)
from dashboard.parts.theme import PALETTES, contrast


def gaps(**columns: list[object]) -> pd.DataFrame:
    base = {"country": ["NG"], "name": ["Nigeria"], "events": [2], "expected": [10.0], "ratio": [0.2], "low": [0.03]}
    base |= {"high": [0.7], "shrunken": [0.3], "verdict": ["fewer"], "rate_per_million": [0.01]}
    return pd.DataFrame(base | columns)


def labels(table: pd.DataFrame, layer: str) -> list[str]:
    made = SHADES[layer][1](table)
    return [made.classes[index].label for index in made.shade]


def test_a_gap_is_written_with_its_interval() -> None:
    made = gap_shades(gaps())
    assert labels(gaps(), "gap") == ["less than half of expected"]
    assert made.text == ["Nigeria: 2 events, 10 expected; ratio 0.2 (95% between 0.03 and 0.7), evened out 0.3: fewer"]


def test_too_few_to_tell_is_a_class_of_its_own_and_hatched() -> None:
    made = gap_shades(gaps(verdict=["too few to tell"]))
    assert made.classes[made.shade[0]].hatched
    assert made.classes[made.shade[0]].label == "too few to tell"


def test_a_country_without_exposure_has_no_class() -> None:
    assert gap_shades(gaps(shrunken=[None], low=[None], high=[None])).code == []


def test_no_event_is_a_class_of_its_own_among_rates() -> None:
    assert labels(gaps(events=[0], rate_per_million=[0.0]), "rate") == ["none"]
    assert labels(gaps(), "rate")[0] != "none"
    assert "inhabitants not known" in rate_shades(gaps(rate_per_million=[None])).text[0]


@pytest.mark.parametrize(
    ("now", "before", "label"),
    [(9, 2, "at least 5 more"), (3, 2, "more"), (2, 2, "no change"), (1, 2, "fewer"), (0, 9, "at least 5 fewer")],
)
def test_a_change_has_its_class(now: int, before: int, label: str) -> None:
    row = {"country": ["DE"], "name": ["Germany"], "events": [now], "previous": [before], "state": ["more"]}
    assert labels(pd.DataFrame(row), "change") == [label]


def test_without_a_period_before_there_is_no_change_to_show() -> None:
    row = {"country": ["DE"], "name": ["Germany"], "events": [1], "previous": [pd.NA], "state": [""]}
    assert change_shades(pd.DataFrame(row)).code == []


def test_reach_is_in_fifths_and_nobody_is_a_class_of_its_own() -> None:
    rows = [("DE", 1.0), ("FR", 0.0), ("IN", 0.39)]
    table = pd.DataFrame(
        [
            {"level": "country", "country": code, "name": code, "share": share, "urban_population": 10}
            for code, share in rows
        ]
    )
    assert labels(table, "reach") == ["80% and more", "nobody", "20% to 40%"]
    assert reach_shades(table).text[2] == "IN: 39% of 10 townspeople live within reach"


def test_neighbouring_classes_look_different_in_both_themes() -> None:
    row = {"country": ["DE"], "name": ["Germany"], "events": [1], "previous": [1], "state": ["same"]}
    for made in (rate_shades(gaps()), gap_shades(gaps()), change_shades(pd.DataFrame(row))):
        for theme in PALETTES:
            colours = [getattr(item, theme) for item in made.classes]
            assert len(set(colours)) == len(colours)
            assert all(contrast(one, other) > 1.1 for one, other in pairwise(colours))


def test_languages_offered_are_shaded_by_the_lower_bound_and_the_unknown_is_hatched() -> None:
    """Both bounds stand in the sentence; nothing offered is not the same as not known."""
    states = ["known", "unknown", "nothing offered"]
    table = pd.DataFrame(
        {
            "country": ["KE", "JP", "GH"],
            "name": ["Kenya", "Japan", "Ghana"],
            **{"low": [0.18, None, 0.0], "high": [0.9, None, 0.0], "state": states},
            **{"online_low": [0.6, 0.95, None], "online_high": [1.0, 0.95, None]},
            "online_state": ["known", "known", "unknown"],
        }
    )
    made = language_shades(table)
    assert [made.classes[index].label for index in made.shade] == [
        "under 20% know one",
        "not known",
        "no event names a language",
    ]
    assert [made.classes[index].hatched for index in made.shade] == [False, True, False]
    assert made.text[0] == "Kenya: 18% to 90% of the inhabitants know a language offered"
    online = SHADES["languages_online"][1](table)
    assert [online.classes[index].label for index in online.shade] == ["60% to 80%", "80% and more", "not known"]
