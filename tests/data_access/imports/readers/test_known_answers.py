"""The real files against the answers that were computed from them independently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from data_access.contract.tables import TABLES
from data_access.imports.readers import READERS, confstech, contributions, detect, ical, meetup, pyvideo, travel_fund
from tests.data_access.imports.readers.conftest import MakeSource, ReadReal, RealFiles

pytestmark = pytest.mark.slow

TALKS = ("pyvideo_events.csv", "pyvideo_talks.csv.gz")
RLADIES = ("rladies_chapters.csv", "rladies_events.csv")
FILES = {
    "confs.tech": ("conferences_all.csv",),
    "iCalendar": ("mozilla_reps_2014.ics",),
    "pyvideo": TALKS,
    "Meetup": RLADIES,
    "travel fund": ("travel_fund_requests.csv",),
    "dated contributions": ("contributions.csv.gz",),
}


def quarter(day: str) -> tuple[str, int]:
    return day[:4], (int(day[5:7]) + 2) // 3


@pytest.mark.parametrize("name", READERS)
def test_every_record_has_only_contract_columns_and_all_required_ones_and_a_key_of_its_own(
    name: str, read_real: ReadReal
) -> None:
    outcome = read_real(READERS[name], *FILES[name])
    assert outcome.records
    for table, records in outcome.records.items():
        columns = set(TABLES[table].column_names)
        required = {column.name for column in TABLES[table].columns if column.required}
        for record in records:
            assert set(record.values) <= columns
            assert all(record.values.get(column) for column in required), record
        key = TABLES[table].key
        keys = [tuple(record.values.get(column, "") for column in key) for record in records]
        assert len(set(keys)) == len(keys), table


def test_every_real_file_finds_its_reader_and_notes_and_vocabularies_find_none(
    real_files: RealFiles, source: MakeSource
) -> None:
    every = sorted({name for names in FILES.values() for name in names})
    vocabulary = source("vocabulary.json", '{"functional_areas": ["Coding", "Localization"]}')
    found = detect([*real_files(*every, "README.md"), vocabulary])
    assert {reader.NAME: tuple(file.name for file in files) for reader, files in found.groups} == FILES
    assert [file.name for file in found.unrecognised] == ["README.md", "vocabulary.json"]


def test_6831_conference_listings_are_6006_events_of_which_574_have_several_topics(read_real: ReadReal) -> None:
    outcome = read_real(confstech, "conferences_all.csv")
    events = outcome.values("events")
    assert len(events) == 6006
    assert sum(";" in event["topics"] for event in events) == 574
    assert not outcome.errors


def listings(events: list[dict[str, str]], value_of: Callable[[dict[str, str]], str | None]) -> Counter[str | None]:
    """How many listings the events stand for: one for each of their topics."""
    count = Counter[str | None]()
    for event in events:
        count[value_of(event)] += event["topics"].count(";") + 1
    return count


def test_conference_listings_by_year_country_and_city_come_out_of_the_events_and_their_topics(
    read_real: ReadReal,
) -> None:
    events = read_real(confstech, "conferences_all.csv").values("events")
    years = listings(events, lambda event: event["starts_on"][:4])
    countries = listings(events, lambda event: event.get("country"))
    cities = listings(events, lambda event: event.get("city"))
    # Two listings repeat a topic of their event, one in the U.S.A. (2025) and one in Norway (2026): 6,831 - 2.
    assert (years.total(), years["2019"], years["2024"]) == (6829, 958, 889)
    assert (countries["U.S.A."], countries["Germany"], countries["U.K."]) == (1605 - 1, 843, 421)
    assert (cities["Berlin"], cities["London"], cities["Munich"]) == (354, 278, 179)


def test_online_conferences_with_a_city_are_hybrid_and_all_states_are_kept(read_real: ReadReal) -> None:
    events = read_real(confstech, "conferences_all.csv").values("events")
    modes = listings(events, lambda event: event.get("mode"))
    assert (modes["online"], modes["hybrid"]) == (1212, 941)
    assert round(100 * (modes["online"] + modes["hybrid"]) / 6831, 1) == 31.5
    assert not any(event.get("city") for event in events if event.get("mode") == "online")
    american = [event for event in events if event.get("country") == "U.S.A."]
    assert all(event["state"] and "," not in event["city"] for event in american)


def test_the_sources_language_codes_become_real_ones(read_real: ReadReal) -> None:
    languages = Counter(
        language
        for event in read_real(confstech, "conferences_all.csv").values("events")
        for language in event.get("languages", "").split(";")
    )
    assert "jp" not in languages
    assert languages["ja"] > 0
    assert all(len(language) in (0, 2) and language.islower() for language in languages if language)


def test_pyvideo_has_12994_speakers_and_its_talks_keep_their_languages(read_real: ReadReal) -> None:
    outcome = read_real(pyvideo, *TALKS)
    languages = Counter(material["language"] for material in outcome.values("materials"))
    assert len(outcome.values("people")) == 12994
    assert (languages["eng"], languages["spa"], languages["und"]) == (17392, 1027, 522)
    assert sum(languages.values()) == 21715
    assert not outcome.errors


def test_60_speakers_had_three_or_more_events_in_a_quarter_91_times(read_real: ReadReal) -> None:
    outcome = read_real(pyvideo, *TALKS)
    starts = {event["event_key"]: event["starts_on"] for event in outcome.values("events")}
    appearances: dict[tuple[str, tuple[str, int]], set[str]] = defaultdict(set)
    for participation in outcome.values("participations"):
        key = participation["event_key"]
        appearances[participation["person_key"], quarter(starts[key])].add(key)
    often = [person for (person, _), events in appearances.items() if len(events) >= 3]
    assert (len(set(often)), len(often)) == (60, 91)


def test_various_speakers_are_nobody(read_real: ReadReal) -> None:
    outcome = read_real(pyvideo, *TALKS)
    assert not any("various speakers" in person["name"].casefold() for person in outcome.values("people"))
    authors = Counter(bool(material.get("author_key")) for material in outcome.values("materials"))
    # 1,872 talks name nobody; 335 name "Various speakers" and 26 "Various Speakers", 6 of these next to real people.
    assert authors[False] == 1872 + 335 + 26 - 6


def test_rladies_held_5002_events_with_136748_yes_rsvps_and_cancelled_223(read_real: ReadReal) -> None:
    outcome = read_real(meetup, *RLADIES)
    events = outcome.values("events")
    assert Counter(event["status"] for event in events) == {"held": 5002, "cancelled": 223, "planned": 2}
    assert sum(int(event.get("attendance", 0)) for event in events) == 136748
    assert not outcome.errors
    assert not outcome.hints


def test_no_rladies_event_is_in_the_pacific_or_online_with_a_place(read_real: ReadReal) -> None:
    events = read_real(meetup, *RLADIES).values("events")
    online = [event for event in events if event.get("mode") == "online"]
    assert len(online) == 2266
    assert not any({"latitude", "city", "country", "venue"} & set(event) for event in online)
    assert not any(event.get("latitude", "").startswith("-8.52") for event in events)
    assert sum("latitude" in event for event in events) == 2654 + 70


def test_29_rladies_events_would_fall_in_another_month_in_utc(read_real: ReadReal) -> None:
    moved = 0
    for event in read_real(meetup, *RLADIES).values("events"):
        assert event["starts_at"][:10] == event["starts_on"]
        moved += datetime.fromisoformat(event["starts_at"]).astimezone(UTC).month != int(event["starts_on"][5:7])
    assert moved == 29


@pytest.mark.parametrize("names", [RLADIES, ("rladies_events.csv",)])
def test_every_rladies_event_belongs_to_a_team_even_without_the_chapters_file(
    names: tuple[str, ...], read_real: ReadReal
) -> None:
    outcome = read_real(meetup, *names)
    teams = {team["team_key"] for team in outcome.values("teams")}
    assert {event["team_key"] for event in outcome.values("events")} <= teams
    assert len(teams) == (262 if len(names) == 2 else 235)


def test_the_reps_calendar_has_117_events_in_41_countries_of_which_12_remain_in_december(read_real: ReadReal) -> None:
    events = read_real(ical, "mozilla_reps_2014.ics").values("events")
    assert len(events) == 117
    assert len({event["country"] for event in events}) == 41
    assert sum(event["starts_on"] >= "2014-12-01" for event in events) == 12
    assert all(event["latitude"] and event["longitude"] for event in events)


def test_reps_times_are_local_so_that_a_morning_in_india_is_a_morning(read_real: ReadReal) -> None:
    events = read_real(ical, "mozilla_reps_2014.ics").values("events")
    by_uid = {event["event_key"].partition("@")[2]: event for event in events}
    # The source labels UTC with the zone: this one reads 04:30 in Asia/Kolkata.
    assert by_uid["845"]["starts_at"] == "2014-11-29T10:00:00+05:30"
    pune = sorted(event["starts_at"][11:16] for event in events if event.get("city") == "Pune")
    assert pune == ["09:00", "18:00"]
    hours = [datetime.fromisoformat(event["starts_at"]).hour for event in events if "starts_at" in event]
    assert len(hours) == 116
    assert min(hours) >= 7


def test_the_one_all_day_reps_event_ends_on_the_day_on_which_it_begins(read_real: ReadReal) -> None:
    (event,) = [
        event for event in read_real(ical, "mozilla_reps_2014.ics").values("events") if "starts_at" not in event
    ]
    assert (event["starts_on"], event["ends_on"]) == ("2015-07-19", "2015-07-19")


def test_reps_places_that_are_not_decided_keep_their_city_and_lose_the_placeholder(read_real: ReadReal) -> None:
    events = read_real(ical, "mozilla_reps_2014.ics").values("events")
    text = " ".join(f"{event.get('venue', '')} {event.get('city', '')}" for event in events).casefold()
    assert "tbd" not in text
    assert "to be defined" not in text
    assert "&amp;" not in text
    assert {"city": "Kalyani", "country": "IN"}.items() <= next(
        event for event in events if event["event_key"].endswith("@845")
    ).items()


def test_versions_of_the_reps_calendar_keep_their_uids(read_real: ReadReal) -> None:
    plain, first, fewer = (
        {event["event_key"] for event in read_real(ical, name).values("events")}
        for name in ("mozilla_reps_2014.ics", "mozilla_reps_2014_v1.ics", "mozilla_reps_2014_fewer.ics")
    )
    assert plain == first
    assert fewer < plain
    assert len(plain - fewer) == 103


def test_versions_of_one_calendar_read_together_are_one_calendar(read_real: ReadReal) -> None:
    outcome = read_real(ical, "mozilla_reps_2014.ics", "mozilla_reps_2014_fewer.ics", "mozilla_reps_2014_v1.ics")
    assert len(outcome.values("events")) == 117
    assert not outcome.errors


def test_104_travel_requests_in_dollars_total_148369_31(read_real: ReadReal) -> None:
    requests = read_real(travel_fund, "travel_fund_requests.csv").values("funding_requests")
    dollars = [Decimal(request["requested_amount"]) for request in requests if request["currency"] == "USD"]
    assert len(dollars) == 104
    assert round(sum(dollars), 2) == Decimal("148369.31")
    assert Counter(request["currency"] for request in requests) == {"USD": 104, "EUR": 19, "CAD": 6}


def test_36_dollar_requests_with_both_amounts_were_approved_at_0_8975(read_real: ReadReal) -> None:
    both = [
        request
        for request in read_real(travel_fund, "travel_fund_requests.csv").values("funding_requests")
        if request["currency"] == "USD" and "approved_amount" in request
    ]
    approved, requested = (
        sum(Decimal(request[column]) for request in both) for column in ("approved_amount", "requested_amount")
    )
    assert len(both) == 36
    assert round(approved / requested, 4) == Decimal("0.8975")


def test_the_travel_tables_seven_sums_three_shifted_rows_and_eight_overruns_are_reported(read_real: ReadReal) -> None:
    outcome = read_real(travel_fund, "travel_fund_requests.csv")
    assert len(outcome.errors) == 7
    assert all("sum of several amounts" in problem.problem for problem in outcome.errors)
    shifted = [problem for problem in outcome.hints if "shifted" in problem.problem]
    assert [(problem.column, problem.value) for problem in shifted] == [
        ("approved_raw", "5/7/2018"),
        ("approved_raw", "11/6/2018"),
        ("expense_raw", "27 Jun 2019"),
    ]
    assert sum("more was approved" in problem.problem for problem in outcome.hints) == 8
    assert len(outcome.values("funding_requests")) == 136 - 7


def test_every_travel_request_points_at_an_event_and_a_person_of_the_same_import(read_real: ReadReal) -> None:
    outcome = read_real(travel_fund, "travel_fund_requests.csv")
    events = {event["event_key"] for event in outcome.values("events")}
    people = {person["person_key"] for person in outcome.values("people")}
    for request in outcome.values("funding_requests"):
        assert request["event_key"] in events
        assert request["person_key"] in people


def test_contributions_count_1380_persons_with_one_363_with_ten_and_58_with_a_hundred(read_real: ReadReal) -> None:
    outcome = read_real(contributions, "contributions.csv.gz")
    totals = Counter[str]()
    for contribution in outcome.values("contributions"):
        totals[contribution["person_key"]] += int(contribution["quantity"])
    at_least = [sum(total >= level for total in totals.values()) for level in (1, 10, 100)]
    assert at_least == [1380, 363, 58]
    assert len(outcome.values("contributions")) == 23342


def test_contributors_come_back_as_often_as_the_independent_counts_say(read_real: ReadReal) -> None:
    months: dict[str, set[int]] = defaultdict(set)
    last: dict[str, int] = {}
    for contribution in read_real(contributions, "contributions.csv.gz").values("contributions"):
        day, project = contribution["contributed_on"], contribution["project"]
        month = int(day[:4]) * 12 + int(day[5:7])
        months[contribution["person_key"]].add(month)
        last[project] = max(last.get(project, 0), month)
    assert set(last) == {"nautilus", "securedrop"}
    end = max(last.values())

    def share(after: int, *, later: bool) -> float:
        known = [active for active in months.values() if min(active) + after <= end]
        back = [a for a in known if (max(a) >= min(a) + after if later else min(a) + after in a)]
        return 100 * len(back) / len(known)

    exact = [share(after, later=False) for after in (1, 3, 6, 12)]
    assert exact == pytest.approx([22.6, 14.0, 13.0, 11.1], abs=0.35)
    assert [share(1, later=True), share(12, later=True)] == pytest.approx([52.8, 36.7], abs=0.6)
