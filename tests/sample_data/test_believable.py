"""The sample looks like a program a manager would recognize: shares in range, and every case that pages must show."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from statistics import median

from sample_data import names, places, wording
from sample_data.generator import AS_OF
from tests.sample_data.conftest import Bundle, Row

YEAR = str(AS_OF.year)


def share(rows: list[Row], column: str, value: str = "") -> float:
    return sum(row[column] == value for row in rows) / len(rows)


def held(bundle: Bundle) -> list[Row]:
    return [row for row in bundle["events"] if row["status"] == "held"]


def quarter(day: str) -> str:
    return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"


def test_there_are_twelve_spaces_in_twelve_cities_with_pilots_and_a_closed_one(bundle: Bundle) -> None:
    spaces = bundle["spaces"]
    assert len({row["city"] for row in spaces}) == 12
    assert [row["pilot_days"] for row in spaces if row["pilot_days"]] == ["90", "90"]
    assert sum(row["closed_on"] != "" for row in spaces) == 1
    openings = {row["space_key"]: (row["opened_on"], row["closed_on"] or "9999") for row in spaces}
    for row in held(bundle):
        if row["space_key"]:
            opened, closed = openings[row["space_key"]]
            assert opened <= row["starts_on"] < closed


def test_some_spaces_keep_their_yearly_target_and_some_do_not(bundle: Bundle) -> None:
    last_year = str(AS_OF.year - 1)
    counts = Counter(row["space_key"] for row in held(bundle) if row["starts_on"].startswith(last_year))
    met = [counts[row["space_key"]] >= int(row["target_events_per_year"]) for row in bundle["spaces"]]
    assert 2 <= sum(met) <= 9


def test_teams_stand_in_all_five_stages_and_some_moved_with_milestones_open(bundle: Bundle) -> None:
    latest = {row["team_key"]: row["stage"] for row in bundle["team_stages"]}
    assert set(latest.values()) == {"pre_work", "starting", "learning", "scaling", "sustaining"}
    reached = Counter(row["team_key"] for row in bundle["team_milestones"])
    assert latest["campus"] == "scaling"
    assert reached["campus"] < 4 + 4 + 7
    assert any(not row["coordinator_key"] for row in bundle["teams"])
    assert any(not row["closed_on"] and row["severity"] == "high" for row in bundle["team_risks"])


def test_a_team_grew_tenfold_since_it_began_to_scale(bundle: Bundle) -> None:
    entered = {row["team_key"]: row["entered_on"] for row in bundle["team_stages"] if row["stage"] == "scaling"}
    begin: dict[str, Counter[str]] = defaultdict(Counter)
    now: dict[str, Counter[str]] = defaultdict(Counter)
    for row in bundle["contributions"]:
        team, day = row["team_key"], date.fromisoformat(row["contributed_on"])
        if team in entered:
            quantity = int(row["quantity"])
            if 0 <= (date.fromisoformat(entered[team]) - day).days < 90:
                begin[team][row["person_key"]] += quantity
            if (AS_OF - day).days < 90:
                now[team][row["person_key"]] += quantity
    growth = [
        sum(n >= 3 for n in now[team].values()) / max(sum(n >= 3 for n in begin[team].values()), 1) for team in entered
    ]
    assert max(growth) >= 10
    assert min(growth) < 4


def test_events_have_seasons_and_fewer_of_them_are_online_than_at_first(bundle: Bundle) -> None:
    months = Counter(row["starts_on"][5:7] for row in held(bundle))
    assert months["10"] > 2.2 * months["08"]
    assert months["04"] > 1.2 * months["07"]
    first = [row for row in held(bundle) if row["starts_on"] < "2022-07"]
    last = [row for row in held(bundle) if row["starts_on"] >= "2025"]
    assert share(first, "mode", "online") > 0.35
    assert share(last, "mode", "online") < 0.2
    assert 0.02 < share(bundle["events"], "status", "cancelled") < 0.06
    assert 50 < sum(row["status"] == "planned" for row in bundle["events"]) < 250


def test_attendance_grows_with_scale_is_skewed_and_often_missing(bundle: Bundle) -> None:
    by_scale: dict[str, list[int]] = defaultdict(list)
    for row in held(bundle):
        if row["attendance"]:
            by_scale[row["scale"]].append(int(row["attendance"]))
            assert not row["new_contributors"] or int(row["new_contributors"]) <= int(row["attendance"])
    assert 10 <= median(by_scale["micro"]) < 20 < median(by_scale["regional"]) < 80 < median(by_scale["annual"])
    assert max(by_scale["micro"]) > 3 * median(by_scale["micro"])
    assert 0.08 < share(held(bundle), "attendance") < 0.17
    campus = [row for row in held(bundle) if row["team_key"] == "campus"]
    assert share(campus, "attendance") > 0.2


def test_places_are_many_uneven_and_have_the_usual_gaps(bundle: Bundle) -> None:
    somewhere = [row for row in held(bundle) if row["mode"] != "online"]
    countries = Counter(row["country"] for row in somewhere)
    assert 60 <= len(countries) <= 110
    assert {"NG", "ET", "BD", "CD"}.isdisjoint(countries)
    assert 0.015 < share(somewhere, "country") < 0.05
    known = {city.name for city in places.cities()}
    misspelled = [row for row in somewhere if row["city"] and row["city"] not in known]
    assert 5 <= len(misspelled) <= 100
    assert all(not row["latitude"] for row in misspelled)
    without_point = [row for row in somewhere if row["country"] and not row["latitude"]]
    assert 0.08 < len(without_point) / len(somewhere) < 0.3
    twice = Counter((row["title"], row["starts_on"], row["city"]) for row in bundle["events"])
    assert 3 <= sum(n > 1 for n in twice.values()) <= 40
    assert {row["home_country"] for row in bundle["people"]} - set(countries) - {""}


def test_titles_are_in_the_language_of_the_event(bundle: Bundle) -> None:
    assert any("台北" in row["title"] for row in bundle["events"] if row["languages"] == "zh-Hant")
    scripts = {"ja": "ミ", "ar": "ا", "hi": "ा", "de": "Treffen", "fr": "Atelier", "es": "Taller", "pt-BR": "Oficina"}
    for language, letters in scripts.items():
        assert any(letters in row["title"] for row in bundle["events"] if row["languages"].startswith(language))
    assert len({row["title"] for row in bundle["events"]}) > 0.4 * len(bundle["events"])
    assert not any("{" in row["title"] + row["venue"] for row in bundle["events"])
    english = [row for row in bundle["events"] if row["languages"] == "en"]
    assert 0.25 < len(english) / len(bundle["events"]) < 0.5
    assert sum(";" in row["languages"] for row in bundle["events"]) > 100
    assert 0.01 < share(bundle["events"], "languages") < 0.05


def test_people_withhold_some_attributes_and_some_groups_are_small(bundle: Bundle) -> None:
    dimensions = Counter(row["dimension"] for row in bundle["person_attributes"])
    assert len(dimensions) >= 3
    assert all(0.62 < n / len(bundle["people"]) < 0.78 for n in dimensions.values())
    groups = Counter((row["dimension"], row["value"]) for row in bundle["person_attributes"])
    assert sum(n < 5 for n in groups.values()) >= 3
    joined = Counter(row["joined_on"][:4] for row in bundle["people"])
    assert joined["2025"] > 1.5 * joined["2022"]


def test_histories_are_heavy_tailed_and_some_people_lapse_and_return(bundle: Bundle) -> None:
    days: dict[str, list[date]] = defaultdict(list)
    for row in bundle["contributions"]:
        days[row["person_key"]].append(date.fromisoformat(row["contributed_on"]))
    counts = sorted((len(found) for found in days.values()), reverse=True)
    assert 0.15 < 1 - len(counts) / len(bundle["people"]) < 0.3
    assert 0.25 < sum(n == 1 for n in counts) / len(counts) < 0.6
    assert 0.6 < sum(counts[: len(counts) // 10]) / len(bundle["contributions"]) < 0.97
    returned = 0
    for found in days.values():
        found.sort()
        gaps = [(later - earlier).days for earlier, later in pairwise(found)]
        returned += any(gap > 120 for gap in gaps)
    assert returned > 50


def test_regular_contributors_work_in_two_areas_and_mostly_not_in_code(bundle: Bundle) -> None:
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    for row in bundle["contributions"]:
        areas[row["person_key"]][row["area"]] += 1
    regular = [found for found in areas.values() if found.total() >= 60]
    assert len(regular) > 60
    assert sum(len(found) >= 2 for found in regular) > 0.8 * len(regular)
    assert sum(found["coding"] < found.total() / 2 for found in regular) > 0.7 * len(regular)


def test_floors_are_met_and_missed_and_memberships_end_for_every_reason(bundle: Bundle) -> None:
    starts = {row["event_key"]: row["starts_on"] for row in held(bundle)}
    by_quarter: Counter[tuple[str, str]] = Counter()
    for row in bundle["participations"]:
        if row["role"] in ("organizer", "speaker") and row["event_key"] in starts:
            by_quarter[row["person_key"], quarter(starts[row["event_key"]])] += 1
    members = bundle["memberships"]
    assert 60 <= len(members) <= 120
    asked = f"{YEAR}Q2"
    present = [
        row for row in members if row["started_on"] < f"{YEAR}-04-01" and (row["ended_on"] or "9") > f"{YEAR}-07-01"
    ]
    met = [by_quarter[row["person_key"], asked] >= 3 for row in present]
    assert 0.5 < sum(met) / len(met) < 0.97
    assert {row["end_reason"] for row in members} >= {"", "below_floor", "left", "hired", "completed"}
    assert all(bool(row["hired_by"]) == (row["end_reason"] == "hired") for row in members)
    assert all(bool(row["end_reason"]) == bool(row["ended_on"]) for row in members)
    assert {row["decision"] for row in bundle["applications"]} == {"accepted", "declined", "withdrawn", "pending"}
    assert 8 <= len(bundle["cohorts"]) <= 10


def burn(bundle: Bundle) -> dict[str, float]:
    """This year's paid and committed money over the ceiling, by member."""
    rates = {
        (row["currency"], row["on"][:7]): float(row["rate_to_program_currency"]) for row in bundle["exchange_rates"]
    }
    ceiling = {row["person_key"]: float(row["amount"]) for row in bundle["budgets"] if row["fiscal_year"] == YEAR}
    usual = float(bundle["program"][0]["member_ceiling"])
    spent: dict[str, float] = defaultdict(float)
    for row in bundle["funding_requests"]:
        if row["decision"] == "approved":
            paid = row["paid_amount"] != ""
            amount, day = (row["paid_amount"], row["paid_on"]) if paid else (row["approved_amount"], row["decided_on"])
            rate = 1.0 if row["currency"] == "USD" else rates.get((row["currency"], day[:7]), 0.0)
            if day.startswith(YEAR):
                spent[row["person_key"]] += float(amount) * rate
    return {person: amount / ceiling.get(person, usual) for person, amount in spent.items()}


def test_ceilings_are_nearly_exactly_and_more_than_used_up(bundle: Bundle) -> None:
    shares = burn(bundle).values()
    assert sum(0.9 <= share < 0.9999 for share in shares) >= 3
    assert sum(abs(share - 1) < 1e-9 for share in shares) == 1
    assert 1 <= sum(share > 1.001 for share in shares) <= 6
    assert median(shares) < 0.6


def test_requests_come_in_many_currencies_and_wait_for_different_times(bundle: Bundle) -> None:
    requests = bundle["funding_requests"]
    currencies = {row["currency"] for row in requests}
    assert {"USD", "EUR", "GBP", "INR", "BRL", "JPY", "KES", "MXN", "CAD"} <= currencies
    assert len(currencies - {row["currency"] for row in bundle["exchange_rates"]} - {"USD"}) == 1
    waiting = [AS_OF - date.fromisoformat(row["requested_on"]) for row in requests if row["decision"] == "pending"]
    assert len({days.days // 10 for days in waiting}) >= 4
    assert max(waiting).days > 60
    assert any(row["decision"] == "approved" and not row["paid_on"] for row in requests)
    assert {row["decision"] for row in requests} == {"pending", "approved", "declined", "withdrawn"}
    amounts = Counter(row["requested_amount"] for row in requests)
    assert amounts.most_common(1)[0][1] < 0.06 * len(requests)


def test_organizers_form_circles_and_materials_are_mostly_original(bundle: Bundle) -> None:
    organizers = Counter(row["person_key"] for row in bundle["participations"] if row["role"] == "organizer")
    assert organizers.most_common(1)[0][1] > 15
    assert 0.55 < share(bundle["materials"], "original_key") < 0.9
    assert len({row["language"] for row in bundle["materials"]}) > 15
    assert {row["phase"] for row in bundle["challenges"]} == {"before", "during", "after"}
    assert any(row["circle"] for row in bundle["mentorships"])
    assert any(not row["closed_on"] for row in bundle["disputes"])


def test_names_are_spelled_as_at_home(bundle: Bundle) -> None:
    def written(country: str, first: str, last: str) -> float:
        found = [row["name"] for row in bundle["people"] if row["home_country"] == country]
        return sum(first <= name[0] <= last for name in found) / len(found)

    assert written("JP", "一", "龥") + written("JP", "ぁ", "ヿ") > 0.9
    assert written("TW", "一", "龥") > 0.9
    assert written("UA", "Ѐ", "ӿ") > 0.9
    assert written("EG", "؀", "ۿ") > 0.9
    assert len({row["name"] for row in bundle["people"]}) > 0.7 * len(bundle["people"])


def test_every_city_has_a_culture_and_every_online_title_does_without_a_city() -> None:
    assert len(names.city_cultures()) == len(places.cities())
    assert all(wording.templates_without_city().values())
    assert set(wording.venues()) == set(wording.WRITTEN)
    assert all(len(topic.names) == len(wording.WRITTEN) and all(topic.names.values()) for topic in wording.topics())


def test_no_word_list_has_a_stray_comma() -> None:
    for path in sorted(places.HERE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert None not in row
                assert None not in row.values()


def test_a_few_online_events_carry_a_point_that_an_import_should_notice(bundle: Bundle) -> None:
    online = [row for row in bundle["events"] if row["mode"] == "online"]
    assert 1 <= sum(row["latitude"] != "" for row in online) < 0.03 * len(online)
    assert all(not row["city"] for row in online)
