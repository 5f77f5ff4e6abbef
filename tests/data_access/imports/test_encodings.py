"""Encodings are guessed from words, and text that was read in the wrong one is told from text that is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.imports.encodings import letters_lost, mended, of_bytes
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from tests.bundles import EVENT, write_table

WESTERN = [
    *("Café Mingle, Montréal", "Größe zählt, Köln", "São Paulo – Noite de código"),
    *("naïve “quote” isn’t", "Señor", "5 €"),
]
OTHERS = {
    "cp932": ["開源人年会、東京", "オンライン勉強会", "名古屋"],
    "cp1251": ["Привет, мир", "Санкт-Петербург"],
    "cp1250": ["Łódź, Kraków", "Příliš žluťoučký kůň"],
    "euc_kr": ["서울 모임"],
    "gb18030": ["北京开源社区"],
    "utf-8": ["Café", "東京"],
    "utf-16": ["Café", "東京"],
}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(encoding, text) for encoding in ("cp1252", "mac_roman") for text in WESTERN]
    + [(encoding, text) for encoding, texts in OTHERS.items() for text in texts],
)
def test_a_line_of_words_is_enough_to_tell_the_encoding(encoding: str, text: str) -> None:
    """One word with one accent, too, where no other encoding makes a word of it."""
    data = f"event_key,title\ne1,{text}\n".encode(encoding)
    found = of_bytes(data)
    assert text in data.decode(found.encoding, found.errors)


def test_a_file_of_utf8_with_a_stray_byte_stays_utf8() -> None:
    """One pasted line does not spoil the others."""
    data = "é,Zürich\nö,東京\nü,Köln\n".encode() + "Montréal\n".encode("cp1252") + "ä,Łódź\n".encode()
    found = of_bytes(data)
    assert data.decode(found.encoding, found.errors) == "é,Zürich\nö,東京\nü,Köln\nMontréal\nä,Łódź\n"


letters = st.text(st.characters(min_codepoint=0xA1, max_codepoint=0x17F), min_size=1, max_size=5)


@given(letters)
def test_what_was_read_as_windows_1252_is_mended_to_what_it_was(text: str) -> None:
    """Every letter of Latin-1 and Latin Extended-A comes back; bytes that Windows-1252 lacks pass as C1 controls."""
    read_wrong = "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    assert mended(read_wrong) == text


@pytest.mark.parametrize(
    "text", ["São Tomé", "CITÉ’S", "«CAFÉ»", "naïve", "Ångström", "À propos", "Ñandú", "東京", "Łódź", "RENÉ™", "50 £"]
)
def test_right_text_is_left_alone(text: str) -> None:
    """Accents are no sign of broken text."""
    assert mended(text) == text
    assert not letters_lost(text)


def test_lost_letters_are_told_from_questions() -> None:
    """A question mark inside a word, or the replacement character."""
    assert all(map(letters_lost, ["Montr?al", "K\ufffdln", "????"]))
    assert not any(map(letters_lost, ["Ready? Go", "Why?", "https://x.example/a?b=c"]))


def test_broken_text_is_hinted_once_a_column_and_mended_when_asked(database: Database, tmp_path: Path) -> None:
    """The hint says what it should read; nothing is changed unasked."""
    rows = [EVENT | {"event_key": key, "title": "CafÃ©", "city": "MÃ¼nchen", "country": "DE"} for key in ("e1", "e2")]
    write_table(tmp_path, "events", *rows)
    report = run_import(database, [tmp_path])
    broken = [hint for hint in report.hints if "encoding" in hint.problem]
    assert [(hint.line, hint.column, "'Café'" in hint.remedy) for hint in broken] == [
        (2, "title", True),
        (2, "city", False),
    ]
    assert report.mendable
    mending = run_import(database, [tmp_path], ImportOptions(mend_text=True))
    assert (mending.counts["events"].changed, mending.mendable) == (2, False)
    with database.reading() as connection:
        assert set(connection.execute(select(events.c.title, events.c.city))) == {("Café", "München")}


def test_lost_letters_are_hinted(database: Database, tmp_path: Path) -> None:
    """They cannot be mended, so the way out is to save the file anew."""
    write_table(tmp_path, "events", EVENT | {"title": "Montr?al sprint"})
    [hint] = run_import(database, [tmp_path]).hints
    assert (hint.column, hint.value) == ("title", "Montr?al sprint")
    assert "CSV UTF-8" in hint.remedy
