"""Reach, the next language and the gaps, over a program whose events are counted by hand.

Events: in Kenya in English, in Japan in English, in Germany in German, and one online in Swahili; members in Kenya and
Germany. CLDR lists no English for Japan.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from data_access.database.engine import Database
from data_access.geography.countries import country
from data_access.geography.language_reach import languages_of
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.bundles import write_table
from tests.data_access.questions.asking import ask, copy_of, import_events
from tests.releasing import release

AS_OF = date(2024, 12, 31)
YEAR = Selection(Period.parse("2024"), AS_OF)
LEADERSHIP = Scope(Role.LEADERSHIP)


@pytest.fixture(scope="module")
def program(read_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("files")
    homes = [("k", "KE", "sw")] + [(f"d{number}", "DE", "de;en") for number in range(6)]
    write_table(
        folder,
        "people",
        *({"person_key": key, "name": key, "home_country": home, "languages": spoken} for key, home, spoken in homes),
    )
    write_table(
        folder,
        "memberships",
        *({"membership_key": key, "person_key": key, "started_on": "2023-01-01"} for key, _, _ in homes),
    )
    import_events(
        read_database,
        folder,
        {"languages": "en", "city": "Nairobi", "country": "KE"},
        {"languages": "en", "city": "Tokyo", "country": "JP"},
        {"languages": "de", "city": "Berlin", "country": "DE"},
        {"languages": "sw", "mode": "online"},
        {"city": "Accra", "country": "GH"},
    )
    return read_database


def row(table: pd.DataFrame, code: str, language: str = "") -> pd.Series:
    chosen = table[table["country"] == code]
    return (chosen[chosen["language"] == language] if language else chosen).iloc[0]


@pytest.mark.parametrize(
    ("languages", "low", "high"),
    [("en", 0.214, 0.214), ("en,es,fr,pt,zh,hi,ar", 0.544, 0.609), ("en,en-GB", 0.214, 0.214)],
)
def test_the_reach_over_the_world_is_the_known_answer(
    database: Database, languages: str, low: float, high: float
) -> None:
    """21.4 %, and 54.4 to 60.9 %, with CLDR 47."""
    world = ask(database, "language_reach", YEAR, languages=languages).iloc[0]
    assert (world["name"], world["level"], world["state"]) == ("World", "world", "known")
    assert (world["low"], world["high"]) == (pytest.approx(low, abs=0.0005), pytest.approx(high, abs=0.0005))
    assert world["unknown_inhabitants"] > 0


def test_a_country_without_the_language_is_unknown_and_parts_add_up(database: Database) -> None:
    found = ask(database, "language_reach", YEAR, languages="en")
    japan = row(found, "JP")
    assert japan["state"] == "unknown"
    assert pd.isna(japan["low"])
    assert japan["unknown_inhabitants"] == japan["inhabitants"]
    world, countries = found.iloc[0], found[found["level"] == "country"]
    reached = (countries["low"].fillna(0) * countries["inhabitants"]).sum()
    assert world["low"] * world["inhabitants"] == pytest.approx(reached, rel=1e-6)
    assert countries["unknown_inhabitants"].sum() == world["unknown_inhabitants"]


def test_without_languages_those_of_events_and_materials_count(program: Database) -> None:
    """Kenya alone is reached in English only: the event online and the one in Germany lie outside the filter."""
    everywhere = ask(program, "language_reach", YEAR)
    assert everywhere.iloc[0]["low"] == ask(program, "language_reach", YEAR, languages="en,de,sw").iloc[0]["low"]
    kenya = ask(program, "language_reach", Selection(YEAR.period, AS_OF, country=("KE",)))
    assert kenya["name"].tolist() == ["All countries asked for", "Eastern Africa", "Kenya"]
    assert kenya["low"].tolist() == [languages_of("KE")["en"][0]] * 3


def test_nothing_offered_reaches_nobody(database: Database) -> None:
    found = ask(database, "language_reach", YEAR)
    assert (found.iloc[0]["low"], found.iloc[0]["high"], found.iloc[0]["state"]) == (0, 0, "nothing offered")
    assert ask(database, "language_next", YEAR)["language"].iloc[0] == "en"


@pytest.mark.parametrize("name", ["language_reach", "language_next"])
def test_an_unknown_language_is_named_with_the_nearest(database: Database, name: str) -> None:
    with pytest.raises(SelectionError, match=r"'Swahilli' is not a known language\. Did you mean Swahili"):
        ask(database, name, YEAR, languages="en,Swahilli")
    with pytest.raises(SelectionError, match="not a known language"):
        ask(database, name, YEAR, languages="<img src=x onerror=alert(1)>" * 400)


def test_the_next_language_is_the_one_that_adds_most_at_least(database: Database) -> None:
    """To English, Chinese: 90 % of China less the few who know English; nothing else can come near."""
    found = ask(database, "language_next", YEAR, languages="en", limit=3)
    first = found.iloc[0]
    assert first["language"] == "zh"
    assert first["certain"]
    assert not found["certain"].iloc[1:].any()
    assert len(found) == 3
    china = country("CN")
    assert china is not None
    assert first["people_low"] >= (0.9 - languages_of("CN")["en"][0]) * china.population - 1


def test_coverage_counts_the_languages_offered_there_with_and_without_online_ones(program: Database) -> None:
    found = ask(program, "language_coverage", YEAR)
    kenya, japan, ghana, nigeria = (row(found, code) for code in ("KE", "JP", "GH", "NG"))
    spoken = languages_of("KE")
    assert (kenya["languages"], kenya["low"]) == ("en", spoken["en"][0])
    assert kenya["online_high"] == min(1.0, spoken["en"][0] + spoken["sw"][0])
    assert japan["state"] == "unknown"
    assert (ghana["state"], ghana["low"]) == ("nothing offered", 0)
    assert (nigeria["state"], nigeria["online_state"]) == ("nothing offered", "unknown")


def test_gaps_say_what_is_spoken_held_and_could_be_covered(program: Database) -> None:
    found = ask(program, "language_gaps", YEAR)
    swahili, english = row(found, "KE", "sw"), row(found, "KE", "en")
    assert (english["events"], english["gain"]) == (1, 0)
    spoken = languages_of("KE")
    assert swahili["gain"] == pytest.approx(spoken["sw"][0] - spoken["en"][0])
    assert (swahili["people"], swahili["members_there"], english["people"]) == (1, 1, 6)
    assert row(found, "GH", "und")["events"] == 1
    unreached = found.drop_duplicates("country")["not_reached"].fillna(0).tolist()
    assert unreached == sorted(unreached, reverse=True)
    assert set(ask(program, "language_gaps", YEAR, country="Kenia")["country"]) == {"KE"}
    with pytest.raises(SelectionError, match="Did you mean Kenya"):
        ask(program, "language_gaps", YEAR, country="Kenyax")


def test_leadership_sees_ranges_of_members_and_a_filter_changes_none(program: Database, tmp_path: Path) -> None:
    """The same rows as the PM's, so that no row says that somebody speaks a language; homes are for the PM."""
    own = copy_of(program, tmp_path)
    release(own, Period.quarter_of(AS_OF).start)
    ours, theirs = (ask(own, "language_gaps", YEAR, scope) for scope in (Scope.everything(), LEADERSHIP))
    assert theirs[["country", "language"]].equals(ours[["country", "language"]])
    assert theirs["members_there"].isna().all()
    swahili = row(theirs, "KE", "sw")
    assert (swahili["at_least"], swahili["at_most"]) == (0, 4)
    nobody = row(theirs, "IN", "hi")
    assert (nobody["at_least"], nobody["at_most"]) == (0, 4)
    narrowed = ask(own, "language_gaps", Selection(YEAR.period, AS_OF, country=("KE",)), LEADERSHIP)
    released = ["language", "people", "at_least", "at_most"]
    assert_frame_equal(narrowed[released], theirs.loc[theirs["country"] == "KE", released].reset_index(drop=True))
    with pytest.raises(NotAllowed):
        ask(own, "language_gaps", YEAR, Scope(Role.PUBLIC))
    own.close()


def test_who_could_speak_a_language_there_comes_first(program: Database) -> None:
    """k speaks Swahili; the others do not, and German, though known to nobody in Kenya, fits when it is requested."""
    found = ask(program, "who_could_go", YEAR, country="KE", language="Swahili")
    assert found["person_key"].iloc[0] == "k"
    assert found["language_fit"].tolist() == [True] + [False] * 6
    assert found["language_share"].iloc[0] == languages_of("KE")["sw"][0]
    assert not ask(program, "who_could_go", YEAR, country="KE", language="de")["language_fit"].iloc[-1]
    with pytest.raises(SelectionError, match="Did you mean Swahili"):
        ask(program, "who_could_go", YEAR, country="KE", language="Swahilli")


def test_an_empty_program_has_gaps_everywhere(database: Database) -> None:
    found = ask(database, "language_gaps", YEAR)
    assert (found["events"] == 0).all()
    assert row(found, "AQ", "und")["state"] == "nothing offered"
