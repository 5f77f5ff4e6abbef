"""Language reach: known answers after CLDR 47, bounds that hold for any languages, and what is not known.

The answers for the world were computed by another program from the same two sources: babel's shares and
language-data's inhabitants.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.geography.countries import all_countries
from data_access.geography.language_reach import base_language, gains, known_shares, languages_of, reach

WORLD = {country.code: country.population for country in all_countries()}
SPOKEN = sorted({language for code in WORLD for language in languages_of(code)})


def test_english_reaches_21_percent_of_the_world_and_leaves_russia_unknown() -> None:
    """One language has one bound; the inhabitants of countries without a row for it are shown separately."""
    found = reach(WORLD, ["en"])
    assert found.shares == pytest.approx((0.214, 0.214), abs=0.0005)
    assert found.unknown > WORLD["RU"] + WORLD["JP"] + WORLD["ID"]
    assert known_shares("JP", ["en"]) is None


def test_seven_languages_reach_54_to_61_percent_of_the_world() -> None:
    shares = reach(WORLD, ["en", "es", "fr", "pt", "zh", "hi", "ar"]).shares
    assert shares == pytest.approx((0.544, 0.609), abs=0.0005)


def test_a_language_is_one_whatever_its_country_or_script() -> None:
    """British English adds nothing to English; Hong Kong's Chinese is the better known of its two scripts."""
    assert reach(WORLD, ["en", "en-GB", "eng"]) == reach(WORLD, ["en"])
    assert base_language("zh-Hant-TW") == "zh"
    assert languages_of("HK")["zh"][0] == 0.95


def test_belgium_by_hand() -> None:
    """Dutch 55 %, French 38 %, English 59 %: together between 59 % and everybody."""
    spoken = {language: share for language, (share, _) in languages_of("BE").items()}
    low, high = known_shares("BE", ["nl", "fr", "en"]) or (0, 0)
    assert low == max(spoken[language] for language in ("nl", "fr", "en"))
    assert high == min(1.0, spoken["nl"] + spoken["fr"] + spoken["en"])


def test_no_data_is_unknown_and_not_zero() -> None:
    """Antarctica's only language is "und"; nothing offered is nothing known."""
    assert languages_of("AQ") == {}
    assert known_shares("AQ", ["en"]) is None
    assert reach({"AQ": 301}, ["en"]).shares is None
    assert reach({}, ["en"]).shares is None
    assert reach(WORLD, []).unknown == sum(WORLD.values())


@given(offered=st.lists(st.sampled_from(SPOKEN), max_size=8), more=st.sampled_from(SPOKEN))
def test_the_bounds_hold_and_a_language_more_never_reaches_fewer(offered: list[str], more: str) -> None:
    """0 ≤ low ≤ high ≤ 1; both grow with each language; the gain shown lies around both differences."""
    before, after = reach(WORLD, offered), reach(WORLD, [*offered, more])
    assert 0 <= before.at_least <= before.at_most <= before.inhabitants
    assert after.at_least >= before.at_least
    assert after.at_most >= before.at_most
    assert after.unknown <= before.unknown
    if more not in offered:
        gain = next((item for item in gains(WORLD, offered) if item.language == more), None)
        bounds = (gain.at_least, gain.at_most) if gain else (0.0, 0.0)
        assert bounds[0] <= after.at_most - before.at_least + 1
        assert bounds[0] <= bounds[1] + 1
        assert after.at_most - before.at_most <= bounds[1] + 1


def test_chinese_adds_most_to_english() -> None:
    """It is known by 90 % of China, where English has 0.0045 %; Spanish comes far behind."""
    first, second = gains(WORLD, ["en"])[:2]
    assert (first.language, second.language) == ("zh", "es")
    assert first.at_least > second.at_most
    assert first.at_least > 0.9 * (WORLD["CN"] * (0.9 - 0.01))
