"""Languages: tags, codes and names on one side, one normal tag on the other."""

from __future__ import annotations

import pytest

from data_access.geography.languages import language_name, language_tag, nearest_languages


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        (" JA ", "ja"),
        ("pt-br", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("zh-hans", "zh-Hans"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("eng", "en"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("deu", "de"),
        ("ger", "de"),
        ("cmn", "zh"),
        ("iw", "he"),
        ("tlh", "tlh"),
        ("French", "fr"),
        ("FRENCH", "fr"),
        ("français", "fr"),
        ("francais", "fr"),
        ("Deutsch", "de"),
        ("Español", "es"),
        ("Castellano", "es"),
        ("Brazilian Portuguese", "pt-BR"),
        ("Portuguese (Brazil)", "pt-BR"),
        ("English (US)", "en-US"),
        ("Chinese", "zh"),
        ("Mandarin", "zh"),
        ("中文", "zh"),
        ("日本語", "ja"),
        ("русский", "ru"),
        ("Українська", "uk"),
        ("हिन्दी", "hi"),
        ("Tiếng Việt", "vi"),
        ("Bahasa Indonesia", "id"),
        ("Englisch", "en"),
        ("Farsi", "fa"),
    ],
)
def test_a_language_is_known_by_tag_by_code_and_by_name(text: str, tag: str) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "JP",
        "jp",
        "xx",
        "qqq",
        "qaa",
        "zzz",
        "und",
        "mul",
        "zxx",
        "en-XX",
        "en-ZZ",
        "a",
        "?",
        "online",
        "none",
        "various",
        "Various languages",
        "en, fr",
        "x-foo",
        "C++",
        "en_US.UTF-8",
    ],
)
def test_what_is_no_language_has_no_tag(text: str) -> None:
    assert language_tag(text) is None


def test_every_tag_has_an_english_name() -> None:
    assert language_name("fr") == "French"
    assert language_name("pt-BR") == "Brazilian Portuguese"
    assert language_name("en-IN") == "English (India)"
    assert language_name("tlh") == "Klingon"
    assert language_name("nonsense") == "nonsense"


def test_the_name_of_a_tag_leads_back_to_the_tag() -> None:
    for tag in ("ar", "bn", "de", "en", "es", "fr", "hi", "id", "ja", "ko", "pt-BR", "ru", "sw", "uk", "zh", "zh-Hant"):
        assert language_tag(language_name(tag)) == tag


def test_a_misspelt_language_brings_the_language_to_mind() -> None:
    assert nearest_languages("Frensh")[0] == "French"
    assert nearest_languages("Ukranian")[0] == "Ukrainian"
    assert len(nearest_languages("x", n=2)) <= 2
