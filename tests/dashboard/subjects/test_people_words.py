"""What the People page says, from small answers made by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dashboard.subjects.people import fair_words, missing_words, step_words, words
from data_access.answers import rows, table
from data_access.questions.people.diversity import OTHERS, UNDISCLOSED, VALUE, AttributeShare, EffectiveGroups
from data_access.questions.people.fairness import EVENTS, MONEY, FairShare, LorenzPoint
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


def taken(value: str, *counts: tuple[int, int], verdict: str = NO_DIFFERENCE, share: float | None = 0.25) -> list[Any]:
    """A group's steps from applied on, each with the ends of its range; the last is compared with the others."""
    known = {"dimension": "gender", "kind": VALUE, "low": 0.1, "high": 0.4, "window": "2025-01-01..2026-01-01"}
    found = [
        of(AttributeStep, value=value, step=name, at_least=low, at_most=high, verdict=TOO_FEW, **known)
        for name, (low, high) in zip((APPLIED, ACCEPTED, ACTIVE_MEMBER), counts, strict=False)
    ]
    found[-1] = found[-1]._replace(share=share, others=0.5, difference=-0.25, verdict=verdict)
    return found


def test_exact_counts_and_ranges_are_found_in_other_words() -> None:
    exact = table(AttributeShare, [share("man", 60, 60), share("woman", 40, 40)])
    assert words.finding("speakers", exact) == (
        "Gender: 60% “man” (60–60%) and 40% “woman” (40–40%) of the 100 speakers who disclosed it."
    )
    ranges = table(AttributeShare, [share("man", 60, 64), share("woman", 0, 4)])
    assert words.finding("members", ranges) == (
        "Gender: 60 to 64 “man” (60–64%) of about 100 members who disclosed it."
    )
    assert words.finding("members", table(AttributeShare, [share("woman", 0, 4)])).startswith("Too few members")
    assert words.finding("members", table(AttributeShare, [])).startswith("No members have said anything")


def test_of_fewer_than_ten_people_the_counts_are_found_and_no_percentage() -> None:
    few = table(AttributeShare, [share("man", 6, 6, of_people=9), share("woman", 3, 3, of_people=9)])
    assert words.finding("speakers", few) == "Gender: 6 “man” and 3 “woman” of the 9 speakers who disclosed it."
    assert [dot.said for dot in words.dots(few, [], SIZE)] == ["man: 6 of 9", "woman: 3 of 9"]
    nobody = table(AttributeShare, [share("man", 0, 0, of_people=0)])
    assert [dot.said for dot in words.dots(nobody, [], SIZE)] == ["nobody disclosed it"]
    ranges = table(AttributeShare, [share("man", 5, 9, of_people=9)])
    assert words.finding("members", ranges) == "Gender: 5 to 9 “man” of about 9 members who disclosed it."


def test_two_groups_whose_intervals_overlap_cannot_be_told_apart() -> None:
    """45 and 40 of 100: the intervals reach from 36% to 55% and from 31% to 50%."""
    near = [
        share("man", 45, 45)._replace(low=0.36, high=0.55),
        share("woman", 40, 40)._replace(low=0.31, high=0.50),
    ]
    assert words.finding("speakers", table(AttributeShare, near)) == (
        "Gender: 45% “man” (36–55%) and 40% “woman” (31–50%) of the 100 speakers who disclosed it; the two cannot be "
        "told apart."
    )
    apart = [near[0], near[1]._replace(high=0.35)]
    assert words.finding("speakers", table(AttributeShare, apart)).endswith("of the 100 speakers who disclosed it.")


def test_how_many_disclosed_a_dimension_is_said_of_how_many() -> None:
    known = {"dimension": "gender", "groups": 2, "effective": 1.9, "low": 1.8, "high": 2.0}
    effective = table(EffectiveGroups, [of(EffectiveGroups, **known)])

    def note(low: int, high: int, all_people: int) -> str:
        silent = share("not disclosed", low, high, kind=UNDISCLOSED, of_people=all_people)
        exact = silent._replace(share=low / all_people)
        [headline] = words.headlines(table(AttributeShare, [exact]), effective)
        return headline.note

    groups = "as diverse as 1.9 equal groups (1.8–2.0)"
    assert note(30, 30, 120) == f"{groups}; 75% (90 of 120) disclosed it"
    assert note(2, 2, 8) == f"{groups}; 6 of 8 disclosed it"
    assert note(30, 34, 120) == f"{groups}; about 75% of about 120 disclosed it"
    assert note(5, 9, 9) == f"{groups}; not disclosed: 5 to 9 of about 9"


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
    ("verdict", "says"),
    [
        (
            LESS,
            "Gender, woman: accepted less often than the others, 25% (10 of 40) against 50% (30 of 60): a difference ",
        ),
        (
            MORE,
            "Gender, woman: accepted more often than the others, 25% (10 of 40) against 50% (30 of 60): a difference ",
        ),
    ],
)
def test_a_clear_difference_is_said_with_the_people_it_is_of(verdict: str, says: str) -> None:
    """10 of 40 against 20 of 40 men and 10 of 20 others: 25 percentage points."""
    funnel = [
        *taken("woman", (40, 40), (10, 10), verdict=verdict),
        *taken("man", (40, 40), (20, 20)),
        *taken("agender", (20, 20), (10, 10)),
    ]
    [sentence] = step_words.step_sentences(table(AttributeStep, funnel))
    assert sentence.startswith(says)
    assert sentence.endswith("a difference of 25 percentage points, larger than chance explains.")


@pytest.mark.parametrize(("verdict", "says"), [(LESS, "fewer became active members"), (MORE, "more became active")])
def test_who_becomes_a_member_is_said_of_those_accepted_and_in_ranges(verdict: str, says: str) -> None:
    funnel = [
        *taken("woman", (60, 64), (20, 24), (5, 9), verdict=verdict),
        *taken("man", (30, 34), (20, 24), (10, 14)),
        *taken("agender", (20, 24), (10, 14), (5, 9)),
    ]
    [sentence] = step_words.step_sentences(table(AttributeStep, funnel))
    assert sentence.startswith(f"Gender, woman: of those accepted, {says}")
    assert "about 25% (5 to 9 of 20 to 24) against about 50% (15 to 23 of 30 to 38)" in sentence


def test_of_two_groups_one_sentence_says_what_sets_them_apart() -> None:
    funnel = [*taken("no", (25, 25), (3, 3), verdict=LESS), *taken("yes", (22, 22), (14, 14), verdict=MORE)]
    [sentence] = step_words.step_sentences(table(AttributeStep, funnel))
    assert sentence.startswith("Gender, no: accepted less often than the others, 12% (3 of 25) against 64% (14 of 22)")


def test_many_comparisons_no_difference_and_too_few_people_are_said() -> None:
    many = [
        step(APPLIED, ""),
        step(ACCEPTED, LESS),
        *[step(ACCEPTED, NO_DIFFERENCE, f"d{number}") for number in range(19)],
    ]
    assert "one in twenty" in step_words.step_sentences(table(AttributeStep, many))[-1]
    assert step_words.step_sentences(table(AttributeStep, many[2:]))[0].startswith(
        "In 19 comparisons no group can be told apart"
    )
    assert step_words.step_sentences(table(AttributeStep, many[2:3]))[0].startswith(
        "In 1 comparison no group can be told apart"
    )
    assert step_words.step_sentences(table(AttributeStep, [step(ACCEPTED, TOO_FEW)])) == [
        "There are too few applicants in each group to compare them."
    ]


def test_who_was_accepted_is_said_of_who_applied() -> None:
    funnel = [
        *taken("woman", (40, 40), (10, 10)),
        *taken("man", (8, 8), (2, 2)),
        *taken("x", (5, 9), (0, 4), share=None),
    ]
    assert [dot.said for dot in step_words.step_dots(table(AttributeStep, funnel), SIZE)] == [
        "10 accepted of 40: 25% (10–40%)",
        "2 accepted of 8",
        "fewer than 5 accepted of 5 to 9: share not shown",
    ]


def test_others_learn_why_they_see_ranges() -> None:
    shares = table(AttributeShare, [share("man", 60, 64)])
    leadership = Scope(Role.LEADERSHIP)
    assert words.privacy_words(leadership, shares).endswith(
        "“2025” and without filters; shares are approximate and need not add up to 100%."
    )
    assert "“" not in words.privacy_words(leadership, shares.head(0))


def test_evenness_names_what_is_shared_by_how_many_and_what_is_left_out() -> None:
    known = {"gini": 0.5, "low": 0.4, "high": 0.6, "top_tenth": 0.3, "without_rate": 0, "members": 40}
    shared = {"amount": Decimal(12_345), "currency": "EUR", "receiving": 30}
    everyone = rows(FairShare, table(FairShare, [of(FairShare, **known, **shared)]))[0]
    assert fair_words.fair_sentence(everyone, MONEY).endswith(
        "of 40 members, the tenth with most money has 30% of €12,345."
    )
    assert fair_words.fair_sentence(everyone._replace(amount=Decimal(123)), EVENTS).endswith(
        "of 40 members, the tenth with most events has 30% of 123 appearances at events."
    )
    assert "of about 40 members, the tenth" in fair_words.fair_sentence(everyone._replace(receiving=None), MONEY)
    few = everyone._replace(members=9, without_rate=2)
    for alone in (few, few._replace(members=40, top_tenth=None)):
        assert fair_words.fair_sentence(alone, MONEY) == (
            f"Gini 0.50 (0.40–0.60) over {alone.members} members, where 0 is the same for all and 1 everything for "
            "one. 2 payments are left out: no exchange rate."
        )
    assert "Some payments are left out" in fair_words.fair_sentence(few._replace(without_rate=None), MONEY)
    assert fair_words.fair_sentence(everyone._replace(gini=None), MONEY).startswith("Too few members")
    half = LorenzPoint(0.5, 0.12, "")
    assert fair_words.lorenz_point(half, everyone) == "Of 40 members, the 50% with least have 12%"
    assert fair_words.lorenz_in_words([half], everyone, MONEY).endswith(
        "of 40 members, the 50% with least have 12% of it."
    )


def test_who_is_missing_is_told_against_the_population_at_large() -> None:
    """Women at 20 of 100 are fewer than half; men at 48 may be half; the old are fewest but nobody set their share."""
    women = share("woman", 20, 20, reference=0.5)._replace(low=0.13, high=0.29)
    men = share("man", 48, 48, reference=0.5)._replace(low=0.38, high=0.58)
    old = share("60+", 3, 3, dimension="age band")._replace(low=0.01, high=0.08)
    assert missing_words.missing("speakers", table(AttributeShare, [women, men, old])) == (
        "Missing among the speakers: “woman” at 20% (13–29%), where 50% are at large."
    )
    assert missing_words.missing("speakers", table(AttributeShare, [men, old])) == (
        "None of these groups is clearly missing among the speakers."
    )


def test_without_shares_at_large_the_fewest_are_told_and_nobody_where_all_are_alike() -> None:
    known = [share("man", 60, 60), share("woman", 40, 40)]
    other = share("other", 3, 3, kind=OTHERS)
    assert missing_words.missing("members", table(AttributeShare, [*known, other])) == (
        "Fewest among the members: gender “woman” at 40% (40–40%)."
    )
    assert missing_words.compared(table(AttributeShare, known)) == "No shares at large are set to compare with."
    assert missing_words.compared(table(AttributeShare, [share("woman", 20, 20, reference=0.5)])) == ""
    alike = [row._replace(low=0.4, high=0.6) for row in known]
    assert missing_words.missing("members", table(AttributeShare, alike)).startswith("No group stands out as missing")
    assert missing_words.missing("members", table(AttributeShare, [])) == ""
