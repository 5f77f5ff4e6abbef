"""What the People page says, from small answers made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.subjects.people import fair_words, words
from data_access.answers import rows, table
from data_access.questions.people.diversity import OTHERS, UNDISCLOSED, VALUE, AttributeShare
from data_access.questions.people.fairness import EVENTS, MONEY, FairShare
from data_access.questions.people.steps import (
    ACCEPTED,
    ACTIVE_MEMBER,
    APPLIED,
    LESS,
    MORE,
    NO_DIFFERENCE,
    TOO_FEW,
    AttributeStep,
)
from data_access.selection import Role, Scope

SIZE = 5


def of(row: type[Any], **given: Any) -> Any:
    """A row of which only this is known."""
    return row(**(dict.fromkeys(row._fields) | given))


def share(value: str, low: int, high: int, **given: Any) -> Any:
    """Some of 100 speakers by gender."""
    shares = {"share": (low + high) / 200, "low": low / 100, "high": high / 100} if low else {}
    known = {
        "dimension": "gender",
        "kind": VALUE,
        "of_people": 100,
        "member_of": "",
        "window": "2025-01-01..2026-01-01",
    }
    return of(AttributeShare, value=value, at_least=low, at_most=high, **shares, **(known | given))


def step(name: str, verdict: str, dimension: str = "gender") -> Any:
    shares = {"share": 0.2, "others": 0.5, "difference": -0.3, "low": 0.1, "high": 0.3}
    ends = {"at_least": 20, "at_most": 20, "window": "2025-01-01..2026-01-01"}
    return of(
        AttributeStep, dimension=dimension, value="woman", kind=VALUE, step=name, verdict=verdict, **shares, **ends
    )


def test_exact_counts_and_ranges_are_found_in_other_words() -> None:
    exact = table(AttributeShare, [share("man", 60, 60), share("woman", 40, 40)])
    assert words.finding("speakers", exact) == (
        "Gender: 60% man (60–60%) and 40% woman (40–40%) of the 100 speakers who disclosed it."
    )
    ranges = table(AttributeShare, [share("man", 60, 64), share("woman", 0, 4)])
    assert words.finding("members", ranges) == "Gender: about 62% man (60–64%) of about 100 members who disclosed it."
    assert words.finding("members", table(AttributeShare, [share("woman", 0, 4)])).startswith("Too few members")
    assert words.finding("members", table(AttributeShare, [])).startswith("No members have said anything")


def test_a_dot_says_its_range_and_never_a_share_of_a_small_group() -> None:
    shares = [
        share("man", 60, 64),
        share("agender", 0, 4),
        share("other", 5, 9, kind=OTHERS),
        share("not disclosed", 10, 14, kind=UNDISCLOSED),
    ]
    said = {dot.name: dot.said for dot in words.dots(table(AttributeShare, shares), [], SIZE)}
    assert said == {
        "man": "man: 60 to 64 of about 100, about 62% (60–64%)",
        "agender": "fewer than 5",
        "other (each fewer than 5)": "other (each fewer than 5): 5 to 9 of about 100, about 7% (5–9%)",
        "not disclosed": "not disclosed: 10 to 14 of about 100, about 12% (10–14%)",
    }


@pytest.mark.parametrize(
    ("name", "verdict", "says"),
    [
        (ACCEPTED, LESS, "Gender, woman: accepted less often than the others (20% against 50%; the difference of 30% "),
        (ACCEPTED, MORE, "Gender, woman: accepted more often than the others (20% against 50%; the difference of 30% "),
        (ACTIVE_MEMBER, LESS, "Gender, woman: become active members less often than the others (20% against 50%; the "),
        (ACTIVE_MEMBER, MORE, "Gender, woman: become active members more often than the others (20% against 50%; the "),
    ],
)
def test_a_clear_difference_is_said_in_a_sentence(name: str, verdict: str, says: str) -> None:
    [sentence] = words.step_sentences(table(AttributeStep, [step(name, verdict)]))
    assert sentence.startswith(says)
    assert sentence.endswith("is larger than chance explains).")


def test_many_comparisons_no_difference_and_too_few_people_are_said() -> None:
    many = [step(ACCEPTED, LESS), *[step(ACCEPTED, NO_DIFFERENCE, f"d{number}") for number in range(19)]]
    assert "one in twenty" in words.step_sentences(table(AttributeStep, many))[-1]
    assert words.step_sentences(table(AttributeStep, many[1:]))[0].startswith("In 19 comparisons no group")
    assert words.step_sentences(table(AttributeStep, many[1:2]))[0].startswith("In 1 comparison no group")
    assert words.step_sentences(table(AttributeStep, [step(ACCEPTED, TOO_FEW)])) == [
        "There are too few applicants in each group to compare them."
    ]


def test_who_was_accepted_is_said_of_who_applied() -> None:
    funnel = table(AttributeStep, [step(APPLIED, ""), step(ACCEPTED, NO_DIFFERENCE)])
    assert [dot.said for dot in words.step_dots(funnel, SIZE)] == ["20 accepted of 20: 20% (10–30%)"]


def test_others_learn_why_they_see_ranges_and_of_which_import() -> None:
    shares = table(AttributeShare, [share("man", 60, 64, import_id=3)])
    leadership = Scope(Role.LEADERSHIP)
    assert words.privacy_words(leadership, shares, 3).endswith("“2025” and without filters; shares are approximate.")
    assert "They are those of import 3:" in words.privacy_words(leadership, shares, 4)
    assert "“" not in words.privacy_words(leadership, shares.head(0), 4)


def test_evenness_names_what_is_shared_and_what_is_left_out() -> None:
    known = {"gini": 0.5, "low": 0.4, "high": 0.6, "top_tenth": 0.3, "without_rate": 0}
    everyone = rows(FairShare, table(FairShare, [of(FairShare, **known)]))[0]
    assert fair_words.fair_sentence(everyone, MONEY).endswith("with most money has 30% of it.")
    assert fair_words.fair_sentence(everyone, EVENTS).endswith("with most events has 30% of them.")
    alone = everyone._replace(top_tenth=None, without_rate=2)
    assert fair_words.fair_sentence(alone, MONEY) == (
        "Gini 0.50 (0.40–0.60), where 0 is the same for all and 1 everything for one. "
        "2 payments are left out: no exchange rate."
    )
    assert fair_words.fair_sentence(everyone._replace(gini=None), MONEY).startswith("Too few members")
