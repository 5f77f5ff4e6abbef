"""The look, computed: contrasts in both themes, one source for colours, and how numbers are written."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from dashboard.parts import theme
from dashboard.parts.theme import OKABE_ITO, PALETTES, ThemeType, contrast, with_contrast
from dashboard.words import numbers

CONFIG = tomllib.loads((Path(__file__).resolve().parents[3] / "dashboard" / "streamlit.toml").read_text())
THEMES: tuple[ThemeType, ...] = ("light", "dark")


@pytest.mark.parametrize("name", THEMES)
def test_charts_and_pages_use_the_same_colours(name: ThemeType) -> None:
    palette, configured = PALETTES[name], CONFIG["theme"][name]
    assert configured["backgroundColor"] == palette.background
    assert configured["secondaryBackgroundColor"] == palette.surface
    assert configured["textColor"] == palette.text
    assert configured["primaryColor"] == palette.accent
    assert configured["grayTextColor"] == palette.muted


@pytest.mark.parametrize("name", THEMES)
def test_text_stands_out_by_four_and_a_half_to_one(name: ThemeType) -> None:
    palette, configured = PALETTES[name], CONFIG["theme"][name]
    backgrounds = (palette.background, palette.surface, configured["sidebar"]["backgroundColor"])
    for text, background in product((palette.text, palette.muted, configured["linkColor"]), backgrounds):
        assert contrast(text, background) >= 4.5, (text, background)
    assert contrast(palette.alarm, palette.background) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_marks_stand_out_by_three_to_one(name: ThemeType) -> None:
    palette = PALETTES[name]
    marks = [palette.accent, palette.context, *(with_contrast(colour, palette.background, 3) for colour in OKABE_ITO)]
    for mark in marks:
        assert contrast(mark, palette.background) >= 3, mark


def test_a_value_has_one_colour_whatever_is_next_to_it() -> None:
    alone = theme.category_colour("online", ("online",), "light")
    among = theme.category_colour("online", ("hybrid", "in_person", "online"), "light")
    assert alone == among


def test_numbers_money_and_shares_are_written_for_people() -> None:
    assert numbers.number(12345) == "12,345"
    assert numbers.number(2.25) == "2.2"
    assert numbers.money(Decimal("12345.67"), "USD") == "$12,346"
    assert numbers.money(Decimal("7.50"), "EUR") == "€7.50"
    assert numbers.money(Decimal(0), "JPY") == "¥0"
    assert numbers.percent(0.123) == "12%"
    assert numbers.percent(0.004) == "0.4%"
    assert numbers.symbol("CHF") == "CHF "
