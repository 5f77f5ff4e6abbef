"""Patterns of all spellings find every name that folds to the words, whatever it is written with."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.geography.folding import fold
from data_access.geography.spellings import text_begins, word_begins

SCRIPTS = (
    "abcdefgzABZ",
    "áàäåæœøłđðþıßéêçñüÉÖŠĞİŁ",
    "e\u0301o\u0308s\u030c",  # with their accents apart
    "ﬁﬃǆĳ™№㎏½⑴℀²",
    "ａｂｃＡ１",
    "абвгдйёЖЩ",
    "αβγάϊΰςΣΏᾳ",
    "אבגשׁ",
    "عرباءآ",
    "कखगक़ि्ा",
    "தமிொழ்",
    "กขคที่ใ",
    "가나김ㄱㅏᄀ\u1161\u11a8",
    "かがプｶﾞﾊﾟー",
    "山田太郎豈",
    " -_.,/'’`´·",
    "0123456789",
)
NAMES = st.lists(st.sampled_from(SCRIPTS).flatmap(lambda script: st.text(script, min_size=1, max_size=6)), max_size=5)


@given(NAMES, st.data())
def test_whatever_folds_to_the_words_is_found(parts: list[str], data: st.DataObject) -> None:
    """Each word by its first letters; and the whole name, and its beginning."""
    name = "".join(parts)
    words = fold(name).split()
    for word in words:
        assert re.search(word_begins(word[: data.draw(st.integers(1, len(word)))]), name), (name, word)
        assert re.search(word_begins(word[len(word) // 2 :], anywhere=True), name), (name, word)
    if words:
        assert re.search(text_begins(words, whole=True), name), name
        some = words[: data.draw(st.integers(1, len(words)))]
        assert re.search(text_begins([*some[:-1], some[-1][:2]]), name), (name, some)


@pytest.mark.parametrize(
    ("word", "name", "found"),
    [
        ("jose", "María José", True),
        ("jose", "Jo\u0301se\u0301", True),
        ("obrien", "Seán O’Brien", True),
        ("strass", "Straße 1", True),
        ("strasse", "STRASSE", True),
        ("jose", "Josh", False),
        ("ose", "José", False),
        ("muller", "Mueller", False),
        ("김민", "김민수", True),
        ("김민", "김수민", False),
    ],
)
def test_and_not_much_else(word: str, name: str, found: bool) -> None:
    assert bool(re.search(word_begins(word), name)) is found


def test_a_word_of_many_letters_and_its_pattern_stay_small() -> None:
    """As long as a question takes: two hundred letters."""
    word = "straßenaffix" * 16
    pattern = text_begins([fold(word)], whole=True)
    assert len(pattern) < 12_000
    assert re.search(pattern, word)
    assert re.search(pattern, word + "!")
