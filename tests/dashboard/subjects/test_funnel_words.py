"""The funnel's and retention's sentences: what they say, and what they leave unsaid."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.parts.shapes import Dot
from dashboard.subjects.funnel import words as funnel_words
from dashboard.subjects.funnel.charts import dots_picture
from dashboard.subjects.retention import words as retention_words

HOSTILE = "<img src=x onerror=alert(1)>&lt;b&gt;\u202e" + "x" * 10_000


def a_funnel(*shares: float | None, people: int = 40, exact: bool = True) -> pd.DataFrame:
    rows, start = [], 1.0
    for number, step in enumerate(("joined", "casual", "active", "core")):
        share = shares[number - 1] if number else None
        start = start * share if share is not None else (start if not number else float("nan"))
        rows.append(
            {
                "step": step,
                "people": people,
                "share_of_start": start,
                "share_of_previous": share,
                "low": share,
                "high": share,
                "median_days": 7.0 if number else None,
                "open": 4 if number else None,
                "counted": 30 if number else None,
                "window_days": 180,
                "at_least": people if exact else people - 2,
                "at_most": people if exact else people + 2,
                "group": "",
                "name": "Everybody",
            }
        )
    return pd.DataFrame(rows).convert_dtypes()


def test_the_finding_says_only_what_is_known() -> None:
    """Without a share for core it says so; with ranges it shows them."""
    assert "50% became active and 25% core" in funnel_words.finding(a_funnel(1.0, 0.5, 0.5), "2025")
    assert "too early, or too few" in funnel_words.finding(a_funnel(1.0, 0.5, None), "2025")
    assert "Of 38 to 42 people" in funnel_words.finding(a_funnel(1.0, 0.5, 0.5, exact=False), "2025")
    assert funnel_words.finding(a_funnel(None, None, None, people=0), "2025") == "Nobody joined in 2025."


def test_the_middle_of_a_range_is_said_to_be_about() -> None:
    """An exact number is not."""
    [told] = {
        item.note for item in funnel_words.headlines(a_funnel(1.0, 0.5, 0.5, exact=False)) if "core" in item.label
    }
    assert "about 4 still have time" in told
    assert "about" not in " ".join(item.note for item in funnel_words.headlines(a_funnel(1.0, 0.5, 0.5)))


def test_the_weakest_step_is_the_one_with_the_smallest_share() -> None:
    assert funnel_words.weakest(a_funnel(0.9, 0.2, 0.5)).startswith("The weakest step is casual → active: 20%")
    assert funnel_words.weakest(a_funnel(None, None, None)) == ""


def test_names_from_data_fit_a_picture_and_carry_no_markup_into_it() -> None:
    """One line of at most 48 characters; the picture escapes it, so that tables still show `R&D` as it is."""
    shown = funnel_words.group_name(HOSTILE)
    assert "\u202e" not in shown
    assert len(shown) <= 48
    figure = dots_picture([Dot(shown, 0.5, 0.4, 0.6, shown)], None, "share", "light").figure
    for text in (figure.layout.annotations[0].text, figure.data[0].customdata[0]):
        assert text.startswith("&lt;img src=x onerror=alert(1)&gt;")


@pytest.mark.parametrize(
    ("p_value", "words"),
    [(0.0004, "less than 0.1%"), (0.031, "3.1%"), (0.4, "cannot be told apart")],
)
def test_the_log_rank_sentence_says_what_chance_could_do(p_value: float, words: str) -> None:
    test = pd.DataFrame({"groups": [3], "p_value": [p_value]})
    assert words in funnel_words.log_rank_words(test, "active")
    assert "two groups" in funnel_words.log_rank_words(test.head(0), "active")


def test_retention_leaves_a_year_unsaid_until_it_is_known() -> None:
    rows = {"month": [1], "people": [30], "active_exactly": [0.3], "active_then_or_later": [0.5]}
    assert retention_words.finding(pd.DataFrame(rows)).endswith("after their first.")
    assert retention_words.headlines(pd.DataFrame(rows))[3].value == funnel_words.NOT_SHOWN
    assert "Too few" in retention_words.finding(pd.DataFrame(rows).head(0))
