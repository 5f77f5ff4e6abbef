"""What the Languages page says, from small answers made by hand."""

from __future__ import annotations

import pytest

from dashboard.parts.originals import originals_in_words
from dashboard.subjects.languages import charts, words
from data_access.questions.languages.materials import MaterialsInLanguage
from data_access.questions.languages.reach import NextLanguage

HINDI = NextLanguage("hi", "Hindi", 0.1, 0.2, 84_200_000, 90_000_000, certain=False)
SOME = words.LanguageSummary(
    events=5,
    not_recorded=1,
    languages=("German", "English"),
    not_in_top=0.25,
    materials=2,
    originals=1,
    places="",
    low=0.54,
    high=0.61,
    unknown=0.05,
    following=HINDI,
)


def changed(**given: object) -> words.LanguageSummary:
    """The same with other facts."""
    return words.LanguageSummary(**({name: getattr(SOME, name) for name in SOME.__slots__} | given))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (
            SOME,
            "4 events in 2 languages, 3 of them in German; 54% to 61% of the world’s inhabitants know a language "
            "that is offered.",
        ),
        (
            changed(places="India and Kenya"),
            "4 events in 2 languages, 3 of them in German; 54% to 61% of the inhabitants of India and Kenya know "
            "a language that is offered.",
        ),
        (changed(low=None, high=None), "4 events in 2 languages, 3 of them in German."),
        (changed(languages=("German",), low=None, high=None), "4 events in 1 language."),
        (
            changed(languages=("German",), high=0.54),
            "4 events in 1 language; 54% of the world’s inhabitants know a language that is offered.",
        ),
        (
            changed(events=101, low=None, high=None),
            "100 events in 2 languages, 75% of them in German.",
        ),
        (changed(languages=(), not_in_top=None), "No language is recorded for 5 events."),
    ],
)
def test_the_finding_says_what_is_known(found: words.LanguageSummary, says: str) -> None:
    assert words.finding(found) == says


def test_the_second_sentences_say_what_would_add_most_and_what_is_unknown() -> None:
    assert words.more(SOME) == (
        "Hindi would add most: at least 84 million people. CLDR lists none of the languages offered for countries with "
        "5% of the inhabitants."
    )
    assert words.more(changed(following=None, unknown=0)) == ""


def test_headlines_say_what_is_not_recorded_and_not_certain() -> None:
    notes = {item.label: item.note for item in words.headlines(SOME)}
    assert notes["Languages"] == "not recorded for 1 of 5 events"
    assert notes["Best to add"] == "at least 84 million people; another could add more"
    bare = {item.label: item.value for item in words.headlines(changed(languages=(), not_in_top=None, following=None))}
    assert bare["Not in the most used language"] == bare["Best to add"] == "–"


@pytest.mark.parametrize(
    ("people", "said"),
    [(84_200_000, "84 million"), (1_240_000, "1.2 million"), (340_499, "340,000"), (999, "999")],
)
def test_large_figures_are_as_exact_as_they_are_known(people: int, said: str) -> None:
    assert words.millions(people) == said


def test_a_cell_of_the_matrix_is_read_as_a_sentence() -> None:
    state = words.MatrixState
    matrix = words.Matrix(
        ("Kenya", "Oz"), ("English", "Swahili"), ((state.HELD, state.ABSENT),) * 2, ((0.2, None),) * 2
    )
    assert words.cell_words(matrix, 0, 0, exact=True) == "Kenya, English: known by 20%; an event was held there in it"
    assert words.cell_words(matrix, 1, 1, exact=True) == "Oz, Swahili: known by fewer than 1% or not listed"
    assert words.matrix_in_words(matrix, exact=True).startswith("Kenya: English 20% (an event was held there in it).")
    assert "too few to show" in words.legend(exact=False)


def test_originals_and_translations_are_read_language_by_language() -> None:
    german = MaterialsInLanguage("de", "German", 3, 1, 2, 1 / 3)
    assert originals_in_words(charts.originals_bars([german, german._replace(name="French")])) == (
        "German: 1 original, 2 translated; French: 1 original, 2 translated"
    )
