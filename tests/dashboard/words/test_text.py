"""Text from data stays text: in Markdown, in HTML, in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.parts.spreadsheet import to_csv
from dashboard.parts.tables import as_read
from dashboard.words.text import markup, plain, visible
from data_access.answers import Code, Text
from data_access.formulas import FORMULA_STARTS, cell, freed

MARKDOWN = set("\\`*_{}[]()<>#+-.!|~$:&")


@pytest.mark.slow
@given(st.text())
def test_no_markdown_character_stands_without_its_backslash(text: str) -> None:
    escaped = plain(text)
    for index, character in enumerate(escaped):
        if character in MARKDOWN - {"\\"}:
            before = escaped[:index]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


@given(st.text())
def test_no_tag_and_no_attribute_end_survives_in_html(text: str) -> None:
    assert not set('<>"') & set(markup(text))


@pytest.mark.parametrize("acting", ["\u202e", "\u2066", "\x00", "\x1b", "\u202a"])
def test_characters_that_act_instead_of_being_seen_are_left_out(acting: str) -> None:
    assert visible(f"a{acting}b") == "ab"


@given(st.text(st.characters()))
def test_line_ends_become_spaces_and_every_other_control_is_left_out(text: str) -> None:
    """As Unicode names them: controls, halves of characters, and overrides of the reading direction."""
    overrides = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
    kept = [
        character
        for character in text.translate(str.maketrans("\n\r\t", "   "))
        if unicodedata.category(character) not in ("Cc", "Cs") and unicodedata.bidirectional(character) not in overrides
    ]
    assert visible(text) == "".join(kept)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(f"  {start}1+1") == f"'  {start}1+1"
    assert freed(f"'{start}1+1") == f"{start}1+1"


@pytest.mark.parametrize(
    "value", [-5, -2.5, Decimal("-3.10"), "-5", "+49.5", "-1,200.50", "-1e-06", "plain", "'s", "", None]
)
def test_numbers_and_harmless_text_stay_as_they_are(value: object) -> None:
    assert cell(value) == value
    assert value != "'s" or freed("'s") == "'s"


def test_a_csv_file_opens_in_a_spreadsheet_without_running_anything() -> None:
    table = pd.DataFrame(
        {"=name": ["=HYPERLINK(1)", "Zoë, “quoted”", None], "n": pd.array([-1, None, 3], dtype="Int64")}
    )
    assert to_csv(table).decode("utf-8-sig") == "'=name,n\r\n'=HYPERLINK(1),-1\r\n\"Zoë, “quoted”\",\r\n,3\r\n"
    assert to_csv(table).startswith(b"\xef\xbb\xbf")


def test_codes_are_shown_as_words_and_missing_ones_stay_missing() -> None:
    """A reader sees “in person”; what has no mode shows none."""
    table = pd.DataFrame({"mode": ["in_person", None, "online"], "title": ["a_b", "c", "d"]})
    shown = as_read(table, [Code("Mode", name="mode"), Text("Title", name="title")])
    assert shown["mode"].tolist()[:1] + shown["mode"].tolist()[2:] == ["in person", "online"]
    assert pd.isna(shown["mode"].iloc[1])
    assert shown["title"].tolist() == ["a_b", "c", "d"]


@pytest.mark.parametrize("text", ["ada@example.org", "www.example.org", "https://example.org/x", "WWW.EXAMPLE.ORG"])
def test_an_address_in_the_data_does_not_become_a_link(text: str) -> None:
    """Markdown would link it without being asked; a joiner, which nobody sees, parts what it looks for."""
    assert re.search(r"@\w|www\\?\.|://", plain(text), re.IGNORECASE) is None
