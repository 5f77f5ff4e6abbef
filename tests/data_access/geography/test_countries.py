"""Countries: spellings people use, spellings that mean nothing, and what is known about each country."""

from __future__ import annotations

import subprocess
import sys

import pytest

from data_access.geography.countries import (
    all_countries,
    country,
    country_code,
    english_country_code,
    nearest_countries,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"),
        ("us", "US"),
        (" usa ", "US"),
        ("U.S.A.", "US"),
        ("U.S.", "US"),
        ("U. S. A.", "US"),
        ("The United States", "US"),
        ("United States of America", "US"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("GBR", "GB"),
        ("England", "GB"),
        ("Scotland", "GB"),
        ("WALES", "GB"),
        ("Northern Ireland", "GB"),
        ("Ireland", "IE"),
        ("Korea", "KR"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea (Democratic People's Republic of)", "KP"),
        ("Türkiye", "TR"),
        ("TÜRKİYE", "TR"),
        ("Turkey", "TR"),
        ("Česko", "CZ"),
        ("Cesko", "CZ"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Macedonia, F.Y.R. of", "MK"),
        ("Ivory Coast", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Burma", "MM"),
        ("Swaziland", "SZ"),
        ("Russia", "RU"),
        ("Россия", "RU"),
        ("Viet Nam", "VN"),
        ("Holland", "NL"),
        ("The Netherlands", "NL"),
        ("Bosnia and Herzegovina", "BA"),
        ("Bosnia & Herzegovina", "BA"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Saint Lucia", "LC"),
        ("St. Lucia", "LC"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("Alemania", "DE"),
        ("ドイツ", "DE"),
        ("भारत", "IN"),
        ("日本", "JP"),
        ("مصر", "EG"),
        ("Kosovo", "XK"),
        ("Taiwan, Province of China", "TW"),
        ("Georgia", "GE"),
        ("NA", "NA"),
        ("na", "NA"),
        ("Namibia", "NA"),
    ],
)
def test_a_country_is_known_by_its_codes_and_by_its_names_in_any_language(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "n/a",
        "N.A.",
        "n.a.",
        "Atlantis",
        "Europe",
        "Online",
        "XX",
        "ZZ",
        "EU",
        "UN",
        "EA",
        "IC",
        "AC",
        "TA",
        "DG",
        "CP",
        "QO",
        "XA",
        "XB",
        "EZ",
        "AN",
        "YU",
        "840",
        "1234",
        "Texas",
        "Congo",
        "The",
        "()",
        ",",
        "U",
    ],
)
def test_what_is_no_country_or_two_of_them_has_no_code(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Niger", "NE"),  # Nigeria in some languages
        ("Dominica", "DM"),  # the Dominican Republic in some
        ("Guinea", "GN"),
        ("India", "IN"),
        ("Island", "IS"),  # Iceland in its own language, an English word otherwise
        ("Austria", "AT"),
        ("Slovensko", "SK"),  # Slovakia's own name, close to Slovenia's
        ("ao", "AO"),
        ("Áo", "AT"),  # Vietnamese for Austria; without the accent it is a code
    ],
)
def test_english_and_native_names_win_over_names_in_other_languages(text: str, code: str) -> None:
    assert country_code(text) == code


def test_every_code_and_every_english_name_leads_back_to_its_country() -> None:
    for entry in all_countries():
        assert {country_code(entry.code), country_code(entry.alpha3), country_code(entry.name)} == {entry.code}


def test_there_are_the_249_countries_of_iso_3166_and_kosovo_each_with_a_region() -> None:
    countries = all_countries()
    assert len(countries) == 250
    assert len({entry.alpha3 for entry in countries}) == len({entry.numeric for entry in countries}) == 250
    assert {entry.continent for entry in countries} == {"Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania"}
    assert len({entry.region for entry in countries}) == 23


@pytest.mark.parametrize(
    ("code", "alpha3", "numeric", "region", "continent"),
    [
        ("DE", "DEU", "276", "Western Europe", "Europe"),
        ("US", "USA", "840", "Northern America", "Americas"),
        ("KE", "KEN", "404", "Eastern Africa", "Africa"),
        ("TW", "TWN", "158", "Eastern Asia", "Asia"),
        ("XK", "XKK", "983", "Southern Europe", "Europe"),
        ("AQ", "ATA", "010", "Antarctica", "Antarctica"),
        ("AU", "AUS", "036", "Australia and New Zealand", "Oceania"),
        ("CY", "CYP", "196", "Western Asia", "Asia"),
    ],
)
def test_regions_follow_un_m49_as_cldr_groups_it(
    code: str, alpha3: str, numeric: str, region: str, continent: str
) -> None:
    entry = country(code)
    assert entry is not None
    assert (entry.alpha3, entry.numeric, entry.region, entry.continent) == (alpha3, numeric, region, continent)


def test_populations_are_those_of_the_real_world() -> None:
    india, germany = country("in"), country("DE")
    assert india is not None
    assert germany is not None
    assert india.population > 1_300_000_000
    assert 80_000_000 < germany.population < 90_000_000


def test_a_misspelt_country_brings_the_country_to_mind() -> None:
    assert "Germany" in nearest_countries("Deutchland")
    assert "United States" in nearest_countries("Untied States")
    assert "Slovakia" in nearest_countries("Slovaka")
    assert len(nearest_countries("xyz", n=2)) <= 2


def test_english_names_never_load_the_other_languages() -> None:
    program = (
        "from data_access.geography import cldr_names, countries\n"
        "assert [countries.country_code(t) for t in ('U.S.A.', 'France', 'Korea, Republic of')] == ['US', 'FR', 'KR']\n"
        "assert countries.english_country_code('Allemagne') is None\n"
        "assert cldr_names.names_of_locales.cache_info().currsize == 0\n"
        "assert countries.country_code('Allemagne') == 'DE'\n"
        "assert cldr_names.names_of_locales.cache_info().currsize == 1\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_quick_look_knows_english_names_only() -> None:
    assert english_country_code("Germany") == "DE"
    assert english_country_code("Allemagne") is None
