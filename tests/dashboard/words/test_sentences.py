"""Sentences are templates, plurals follow CLDR, and one locale writes every number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from dashboard.words import numbers
from dashboard.words.sentences import COUNTRIES, EVENTS, Counted, listed, say, sentence_case


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    """Back to the locale of whoever names none."""
    yield
    numbers.take_locale_from(lambda: None)


def test_places_are_filled_and_written() -> None:
    said = say("{events} in {places} until {day}.", events=EVENTS(2000), places=COUNTRIES(1), day=date(2026, 3, 3))
    assert said == "2,000 events in 1 country until 3 March 2026."


def test_a_missing_value_and_a_truth_have_no_place_in_a_sentence() -> None:
    with pytest.raises(TypeError, match="choose between two templates"):
        say("{x}", x=None)
    with pytest.raises(KeyError):
        say("{x}")


def test_text_with_braces_stays_as_it_is() -> None:
    assert say("{name} spoke.", name="{0} {name}") == "{0} {name} spoke."


def test_a_language_may_have_more_plurals_than_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polish: 1 wydarzenie, 2 wydarzenia, 5 wydarzeń, as CLDR has it."""
    monkeypatch.setattr(numbers, "INTERFACE", "pl")
    numbers.take_locale_from(lambda: None)
    polish = Counted(one="{n} wydarzenie", few="{n} wydarzenia", many="{n} wydarzeń", other="{n} wydarzenia")
    assert [polish(n) for n in (1, 2, 5, 22)] == ["1 wydarzenie", "2 wydarzenia", "5 wydarzeń", "22 wydarzenia"]


def test_a_list_ends_with_and_or_says_how_many_more() -> None:
    assert [listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"


@pytest.mark.parametrize(
    ("browser", "shown"),
    [
        (None, "21,944"),
        ("en-US", "21,944"),
        ("en-IN", "21,944"),
        ("en-ZA", "21 944"),
        ("de-DE", "21,944"),
        ("x!", "21,944"),
    ],
)
def test_a_browser_decides_between_variants_of_the_words_language_alone(browser: str | None, shown: str) -> None:
    """German notation inside an English sentence would be misread."""
    numbers.take_locale_from(lambda: browser)
    assert numbers.number(21944).replace("\xa0", " ") == shown


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest() -> None:
    assert [sentence_case(words) for words in ("all time", "in São Paulo", "")] == ["All time", "In São Paulo", ""]


def test_a_change_is_written_with_its_sign_and_a_rate_with_two_figures() -> None:
    assert [numbers.signed(n) for n in (1200, -3, 0)] == ["+1,200", "-3", "+0"]
    rates = {0.0: "0", 0.0333: "0.033", 1.26: "1.3", 1.0: "1", 9.96: "10", 12.6: "13", 1200.0: "1,200"}
    assert [numbers.two_figures(rate) for rate in rates] == list(rates.values())
