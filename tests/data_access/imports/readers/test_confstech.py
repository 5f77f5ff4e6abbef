"""confs.tech: listings become events, as CSV and as JSON."""

from __future__ import annotations

import json

import pytest

from data_access.imports.readers import confstech
from data_access.imports.rows import ImportRefused
from tests.data_access.imports.readers.conftest import MakeSource, Read

HEADER = "topic,name,url,startDate,endDate,city,country,online,locales"


def conference(**changes: object) -> dict[str, object]:
    return {
        "name": "PyDays",
        "startDate": "2019-05-03",
        "endDate": "2019-05-04",
        "city": "Vienna",
        "country": "Austria",
    } | changes


def table(*rows: str) -> tuple[str, str]:
    return "conferences.csv", "\n".join([HEADER, *rows])


def test_listings_of_one_event_join_their_topics_and_languages_and_fill_each_others_gaps(read: Read) -> None:
    outcome = read(
        confstech,
        table(
            "python,PyDays,,2019-05-03,,Vienna,Austria,,EN",
            "data,PYDAYS,https://pydays.at,2019-05-03,2019-05-04,vienna,,,DE",
            "data,PyDays,,2019-05-03,,Vienna,,,EN",
        ),
    )
    event = outcome.only("events")
    assert event["topics"] == "data;python"
    assert event["languages"] == "en;de"
    assert (event["ends_on"], event["url"], event["country"]) == ("2019-05-04", "https://pydays.at", "Austria")


def test_a_listing_that_contradicts_an_earlier_one_is_a_hint_and_the_earlier_one_stands(read: Read) -> None:
    outcome = read(
        confstech,
        table("python,A,,2019-05-03,2019-05-04,Vienna,Austria,,", "data,A,,2019-05-03,2019-05-09,Vienna,Austria,,"),
    )
    assert [(hint.column, hint.line, hint.value) for hint in outcome.hints] == [("ends_on", 3, "2019-05-09")]
    assert outcome.only("events")["ends_on"] == "2019-05-04"


def test_the_same_name_on_another_day_or_in_another_city_is_another_event(read: Read) -> None:
    outcome = read(
        confstech,
        table("a,A,,2019-05-03,,Vienna,,,", "a,A,,2019-05-04,,Vienna,,,", "a,A,,2019-05-03,,Graz,,,"),
    )
    assert len({event["event_key"] for event in outcome.values("events")}) == 3


@pytest.mark.parametrize(
    ("city", "online", "mode"),
    [
        ("Berlin", "", "in_person"),
        ("Berlin", "False", "in_person"),
        ("Berlin", "True", "hybrid"),
        ("", "True", "online"),
        ("Online", "", "online"),
        ("online", "False", "online"),
        ("", "", None),
        ("", "False", None),
    ],
)
def test_the_mode_follows_from_flag_and_city(city: str, online: str, mode: str | None, read: Read) -> None:
    event = read(confstech, table(f"a,A,,2019-05-03,,{city},,{online},")).only("events")
    assert event.get("mode") == mode
    assert event.get("city", "") == ("Berlin" if city == "Berlin" else "")


@pytest.mark.parametrize(
    ("city", "country", "expected"),
    [
        ("Austin, TX", "U.S.A.", ("Austin", "TX")),
        ("Wall, NJ", "USA", ("Wall", "NJ")),
        ("Ottawa, ON", "Canada", ("Ottawa", "ON")),
        ("Perth, WA", "Australia", ("Perth", "WA")),
        ("Duitama, Boyacá", "Colombia", ("Duitama, Boyacá", None)),
        ("Sitges, BCN", "Spain", ("Sitges, BCN", None)),
        ("Austin, Texas", "U.S.A.", ("Austin, Texas", None)),
    ],
)
def test_a_state_is_split_off_only_where_cities_are_written_with_one(
    city: str, country: str, expected: tuple[str, str | None], read: Read
) -> None:
    event = read(confstech, table(f'a,A,,2019-05-03,,"{city}",{country},,')).only("events")
    assert (event["city"], event.get("state")) == expected


def test_json_files_give_their_topic_by_their_name_and_join_across_files(read: Read) -> None:
    outcome = read(
        confstech,
        ("conferences/2019/python.json", json.dumps([conference(online=True, locales="EN,JP")])),
        ("conferences/2019/data.json", json.dumps([conference(), conference(name="Data Days")])),
    )
    first, second = outcome.values("events")
    assert (first["topics"], first["mode"], first["languages"]) == ("data;python", "hybrid", "en;ja")
    assert (second["title"], second["topics"]) == ("Data Days", "data")


def test_json_and_csv_of_one_event_have_the_same_key(read: Read) -> None:
    as_json = read(confstech, ("python.json", json.dumps([conference()]))).only("events")
    as_csv = read(confstech, table("python,pydays,,2019-05-03,2019-05-04,VIENNA,Austria,,")).only("events")
    assert as_json["event_key"] == as_csv["event_key"]


def test_objects_of_a_json_file_know_the_lines_on_which_they_begin(read: Read) -> None:
    text = json.dumps([conference(), conference(name="Other")], indent=1)
    lines = [record.line for record in read(confstech, ("python.json", text)).records["events"]]
    assert [text.splitlines()[line - 1].strip() for line in lines] == ["{", "{"]
    assert lines[0] < lines[1]


def test_a_cut_off_json_file_gives_what_stands_before_the_cut_and_an_error(read: Read) -> None:
    text = json.dumps([conference(), conference(name="Other")])
    outcome = read(confstech, ("python.json", text[:-20]))
    assert outcome.only("events")["title"] == "PyDays"
    assert "JSON" in outcome.errors[0].problem


@pytest.mark.parametrize("text", ["", "{}", "[", "[1, 2", "nonsense", "[" * 100_000, '{"a":' * 100_000, '["\\ud800"]'])
def test_json_that_is_no_list_of_conferences_is_an_error_and_no_event(text: str, read: Read) -> None:
    outcome = read(confstech, ("python.json", text))
    assert not outcome.records
    assert outcome.errors


def test_odd_json_values_become_text_or_nothing_and_never_broken_unicode(read: Read) -> None:
    odd = conference(
        name="A\ud800\u0000B", endDate=5, country=None, locales=["EN", ["DE"], None], online="yes", url={"x": 1}
    )
    event = read(confstech, ("python.json", json.dumps([odd]))).only("events")
    assert event["title"] == "A\ufffd\ufffdB"
    assert event["title"].encode()
    assert (event["ends_on"], event["languages"], event["mode"]) == ("5", "en", "hybrid")
    assert "url" not in event
    assert "country" not in event


def test_an_oversized_json_file_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.imports.readers.opening.MAX_WHOLE_FILE_BYTES", 10)
    with pytest.raises(ImportRefused, match="larger than"):
        read(confstech, ("python.json", json.dumps([conference()])))


def test_other_json_is_not_claimed(source: MakeSource) -> None:
    assert confstech.recognises(source("2019/python.json", json.dumps([conference()])))
    assert not confstech.recognises(source("vocabulary.json", '{"functional_areas": ["name", "startDate"]}'))
    assert not confstech.recognises(source("list.json", '[{"title": "x"}]'))
