"""Money of a fiscal year, for a program that is worked out by hand.

The fiscal year 2024 runs from 1 April 2024; the program's budget is 10,000 dollars, ceilings are 1,000, bo's own 600
and cy's 600 euro. The day is 30 September 2024: 183 of 365 days are gone. In dollars:

ada  paid 800 (requested 900, approved 850) · committed 200                         = 1,000 of 1,000: full, not over
bo   committed 600.01                                                           = 600.01 of 600: over
cy   paid 100 euro at the operator's 1.5 · pending 40                           = 150 of 900 (600 euro at 1.5)
di   committed 5,000 South Sudanese pounds: no rate                             = not known
ex   left before the year; paid 70 in it, approved in the year before           = 70 of 1,000

Until they were paid on 3 April, ex's 70 were carried over into the year.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import ledger
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.money.ledger import fiscal_year, fiscal_year_of, in_force
from data_access.program import Program
from data_access.selection import NotAllowed, Period, Role, Scope, Selection, SelectionError
from tests.bundles import PROGRAM, write_table
from tests.data_access.questions.asking import ask
from tests.tables import value, values

AS_OF = date(2024, 9, 30)
NOW = Selection(as_of=AS_OF)


def request(key: str, person: str, asked: str, day: str, **columns: str) -> dict[str, str]:
    row = {"request_key": key, "person_key": person, "requested_amount": asked, "currency": "USD", "requested_on": day}
    return row | {"category": "travel"} | columns


def approved(amount: str, day: str) -> dict[str, str]:
    return {"decision": "approved", "approved_amount": amount, "decided_on": day}


def paid(amount: str, day: str) -> dict[str, str]:
    return {"paid_amount": amount, "paid_on": day}


REQUESTS = (
    request("r1", "ada", "900", "2024-04-02", **approved("850", "2024-04-20"), **paid("800", "2024-06-10")),
    request("r2", "ada", "200", "2024-08-01", **approved("200", "2024-08-15"), category="swag"),
    request("r3", "ada", "77", "2024-05-01", decision="declined", decided_on="2024-05-03"),
    request("r4", "bo", "600.01", "2024-07-01", **approved("600.01", "2024-09-01")),
    request(
        "r5", "cy", "100", "2024-04-10", **approved("100", "2024-04-11"), **paid("100", "2024-05-05"), currency="EUR"
    ),
    request("r6", "cy", "40", "2024-09-29", decision="pending"),
    request("r7", "di", "5000", "2024-07-01", **approved("5000", "2024-07-02"), currency="SSP"),
    request("r8", "ex", "70", "2024-02-01", **approved("70", "2024-03-01"), **paid("70", "2024-04-03")),
)


@pytest.fixture(scope="module")
def program(read_either: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder = tmp_path_factory.mktemp("files")
    write_table(folder, "program", PROGRAM | {"member_ceiling": "1000", "fiscal_year_start": "04-01"})
    people = ("ada", "bo", "cy", "di", "ex")
    write_table(folder, "people", *({"person_key": key, "name": key.title(), "home_country": "KE"} for key in people))
    write_table(
        folder,
        "memberships",
        *(
            {"membership_key": key, "person_key": key, "started_on": "2023-01-01"}
            | ({"ended_on": "2024-03-15"} if key == "ex" else {})
            for key in people
        ),
    )
    write_table(
        folder,
        "budgets",
        {"fiscal_year": "2024", "amount": "10000", "currency": "USD", "person_key": ""},
        {"fiscal_year": "2024", "amount": "600", "currency": "USD", "person_key": "bo"},
        {"fiscal_year": "2024", "amount": "600", "currency": "EUR", "person_key": "cy"},
    )
    rate = {"currency": "EUR", "on": "2024-01-01", "rate_to_program_currency": "1.5"}
    write_table(folder, "exchange_rates", rate)
    write_table(folder, "funding_requests", *REQUESTS)
    write_table(
        folder,
        "events",
        {"event_key": "e1", "title": "One", "starts_on": "2024-05-01", "attendance": "30", "languages": "sw"},
        {"event_key": "e2", "title": "Two", "starts_on": "2024-06-01", "languages": "en"},
        {"event_key": "e3", "title": "Before", "starts_on": "2023-06-01", "attendance": "9", "languages": "en"},
        {"event_key": "e4", "title": "Later", "starts_on": "2024-12-01", "attendance": "9", "languages": "fr"},
    )
    write_table(
        folder,
        "participations",
        *({"event_key": key, "person_key": "ada", "role": "speaker"} for key in ("e1", "e2", "e3", "e4")),
        {"event_key": "e1", "person_key": "ada", "role": "organizer"},
        {"event_key": "e1", "person_key": "bo", "role": "attendee"},
    )
    assert run_import(read_either, [folder]).committed
    return read_either


def burn(database: Database, selection: Selection = NOW, **options: Any) -> pd.DataFrame:
    return ask(database, "budget_burn", selection, **options).set_index("person_key")


def summary(database: Database, selection: Selection = NOW, scope: Scope | None = None) -> pd.Series:
    return ask(database, "budget_summary", selection, scope).iloc[0]


def test_the_budget_stands_against_paid_committed_and_pending(program: Database) -> None:
    """800 + 150 + 70 paid, 200 + 600.01 committed, 40 pending; one amount has no rate and is in no sum."""
    found = summary(program)
    assert found[["paid", "committed", "pending", "burnt", "remaining"]].tolist() == [
        Decimal(1020),
        Decimal("800.01"),
        Decimal(40),
        Decimal("1820.01"),
        Decimal("8179.99"),
    ]
    assert (found["fiscal_year"], found["starts_on"], found["ends_on"]) == (2024, date(2024, 4, 1), date(2025, 3, 31))
    assert found["unknown"] == 1
    assert found["burn"] == pytest.approx(0.182001)
    assert found["share_gone"] == pytest.approx(183 / 365)
    assert found["pace"] == pytest.approx(0.182001 / (183 / 365))


def test_the_projection_goes_on_as_in_the_last_ninety_days(program: Database) -> None:
    """From 2 July on: 200 and 600.01, so 800.01 in 90 days, and 182 days are left: not used up this year."""
    found = summary(program)
    assert found["year_end"] == pytest.approx(1820.01 + 800.01 * 182 / 90, abs=0.01)
    assert found[["year_end_low", "year_end_high"]].isna().all(), "half a year is no record"
    assert found["state"] == "not at this pace"
    assert found["exhausted_on"] is None


def test_each_member_has_one_row_and_those_at_risk_come_first(program: Database) -> None:
    """Over is more than 100 %: Bo by a cent; Ada's exactly 100 % is near, not over."""
    found = burn(program)
    assert found.index.tolist() == ["bo", "ada", "di", "cy", "ex"]
    assert found["state"].tolist() == ["over", "near", "unknown", "not at this pace", "not at this pace"]
    assert values(found, "bo", "ceiling", "remaining") == [Decimal(600), Decimal("-0.01")]
    assert values(found, "ada", "paid", "committed", "remaining", "burn") == [800, 200, 0, 1.0]
    assert values(found, "cy", "ceiling", "paid", "pending", "remaining") == [900, 150, 40, 750]
    assert found.loc["di", "unknown"] == 1
    assert found.loc["di", "remaining"] is None
    assert found["matches"].tolist() == [5] * 5


def test_costs_count_each_event_of_the_year_once(program: Database) -> None:
    """Ada spoke at two held events of the year, and organized one of them; attendance is known of one."""
    found = burn(program).loc["ada"]
    assert (found["events"], found["attendees"]) == (2, 30)
    assert (found["cost_per_event"], found["cost_per_attendee"]) == (Decimal(400), Decimal("26.67"))
    assert burn(program).loc["bo", "events"] == 0
    assert burn(program).loc["bo", "cost_per_event"] is None


def test_a_member_who_burns_fast_has_the_day_on_which_the_ceiling_is_reached(program: Database) -> None:
    """On 20 May Ada's 850 of 1,000 were approved within 50 days: the other 150 last nine days."""
    found = burn(program, Selection(as_of=date(2024, 5, 20))).loc["ada"]
    assert (found["state"], found["exhausted_on"]) == ("at this pace", date(2024, 5, 29))


@pytest.mark.parametrize(
    ("day", "paid", "committed", "pending"),
    [
        (date(2024, 4, 1), 0, 70, 0),
        (date(2024, 4, 2), 0, 70, 900),
        (date(2024, 4, 20), 70, 1000, 0),
        (date(2024, 6, 9), 220, 850, 0),
        (date(2024, 6, 10), 1020, 0, 0),
    ],
)
def test_a_day_shows_what_was_known_then(program: Database, day: date, paid: int, committed: int, pending: int) -> None:
    """A request is pending from its day, committed from the decision, paid from the payment; never two at once."""
    found = summary(program, Selection(as_of=day))
    assert found[["paid", "committed", "pending"]].tolist() == [paid, committed, pending]


def test_a_payment_counts_in_the_year_in_which_it_was_made(program: Database) -> None:
    """Ex's 70 were approved in the year before, and never counted in it once it was over."""
    before = Period.parse("2023-04-01..2024-04-01")
    for day, committed in ((date(2024, 3, 31), 70), (date(2024, 4, 1), 0)):
        found = summary(program, Selection(before, day))
        assert found[["paid", "committed", "carried_over"]].tolist() == [0, committed, 0]
    found = summary(program, Selection(as_of=date(2024, 4, 2)))
    assert found[["paid", "committed", "carried_over"]].tolist() == [0, 70, 70]
    assert burn(program).loc["ex", "paid"] == 70


def test_search_state_and_pages_are_parts_of_the_same_list(program: Database) -> None:
    """Pages follow each other without gaps; a search reads names and keys, and `%` is a character."""
    whole = burn(program).index.tolist()
    pages = [burn(program, page=page, size=2).index.tolist() for page in (1, 2, 3)]
    assert [key for page in pages for key in page] == whole
    assert burn(program, search="ADA").index.tolist() == ["ada"]
    assert burn(program, search="%").empty
    assert burn(program, state="over").index.tolist() == ["bo"]
    for wrong in ({"page": 0}, {"size": 0}, {"size": 10**9}, {"state": "rich"}):
        with pytest.raises(SelectionError):
            burn(program, **wrong)


def test_the_curve_ends_at_the_summary_and_the_plan_at_the_budget(program: Database) -> None:
    """Cumulative as it was known at each month's end; June still has 850 committed until the 10th."""
    found = ask(program, "burn_curve", NOW).set_index("day")
    assert value(found, date(2024, 3, 31), "burnt") == 70
    assert values(found, date(2024, 4, 30), "paid", "committed") == [70, 1000]
    assert value(found, AS_OF, "burnt") == summary(program)["burnt"]
    assert value(found, date(2025, 3, 31), "plan") == 10_000
    assert float(value(found, date(2025, 3, 31), "burnt")) == summary(program)["year_end"]
    assert found["kind"].tolist() == ["known"] * 7 + ["projected"] * 6


def test_what_has_no_rate_is_listed_and_not_counted(program: Database) -> None:
    found = ask(program, "unconverted_amounts", NOW)
    assert found.to_dict("records") == [
        {
            "request_key": "r7",
            "person_key": "di",
            "state": "committed",
            "amount": Decimal(5000),
            "currency": "SSP",
            "day": date(2024, 7, 2),
        }
    ]


def test_outcomes_cost_what_was_paid_with_travel_separately(program: Database) -> None:
    """1,020 paid, all for travel; two events, 30 known attendees, Swahili is new; English is older."""
    found = ask(program, "cost_per_outcome", NOW).set_index("outcome")
    assert found["count"].to_dict() == {
        "event": 2,
        "attendee": 30,
        "new contributor": 0,
        "new core contributor": 0,
        "new country": 0,
        "new language": 1,
    }
    assert values(found, "event", "cost", "cost_without_travel", "cost_of_travel") == [510, 0, 510]
    assert found.loc["new contributor", "cost"] is None


def test_parts_by_category_add_up_to_the_whole(program: Database) -> None:
    found = ask(program, "budget_by", NOW).set_index("part")
    assert values(found, "travel", "paid", "committed") == [1020, Decimal("600.01")]
    assert found.loc["swag", "committed"] == 200
    for by in ("category", "region", "cohort", "scale"):
        parts = ask(program, "budget_by", NOW, by=by)
        assert parts["burnt"].sum() == Decimal("1820.01")
    with pytest.raises(SelectionError, match="category, region"):
        ask(program, "budget_by", NOW, by="name")


def test_names_are_for_the_pm_and_the_board(program: Database) -> None:
    """Nobody else is answered."""
    for question in ("budget_burn", "unconverted_amounts", "requested_and_approved"):
        ask(program, question, NOW, Scope(Role.BOARD))
        for role in (Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC):
            with pytest.raises(NotAllowed):
                ask(program, question, NOW, Scope(role))


def test_who_may_see_each_member_reads_how_many_are_at_risk_as_of_the_day(program: Database) -> None:
    """The board too: its sentence must not contradict the names below it."""
    manager, board = (ask(program, "burn_distribution", NOW, Scope(role)) for role in (Role.PM, Role.BOARD))
    pd.testing.assert_frame_equal(manager, board)


def test_members_are_counted_by_how_near_their_ceilings_they_are(program: Database) -> None:
    exact = ask(program, "burn_distribution", NOW).set_index("state")["people"]
    assert exact.to_dict() == {
        "over": 1,
        "near": 1,
        "at this pace": 0,
        "not at this pace": 2,
        "unknown": 1,
        "no ceiling": 0,
        "all": 5,
    }


def test_requested_and_approved_are_compared_within_each_currency(program: Database) -> None:
    """Dollars: 1,886.01 requested, of which 1,770.01 were decided on with 1,720.01."""
    found = ask(program, "requested_and_approved", NOW).set_index("currency")
    dollars = found.loc["USD"]
    assert dollars["requests"] == 6
    assert (dollars["requested_of_decided"], dollars["approved"]) == (Decimal("1770.01"), Decimal("1720.01"))
    assert dollars["approved_share"] == pytest.approx(1720.01 / 1770.01)
    assert found.loc["SSP", "converted"] == 0


def test_a_program_without_money_has_empty_answers(either: Database) -> None:
    """Nothing is imported: no division by nothing, and a state that says so."""
    found = summary(either)
    assert (found["state"], found["burnt"]) == ("no budget", 0)
    assert ask(either, "budget_burn", NOW).empty
    assert ask(either, "budget_by", NOW).empty


@given(
    day=st.dates(date(1999, 1, 1), date(2040, 12, 31)),
    start=st.sampled_from(["01-01", "02-28", "02-29", "03-01", "12-31"]),
)
def test_each_day_lies_in_exactly_one_fiscal_year(day: date, start: str) -> None:
    """Years follow each other without gaps, that of 29 February too, which starts on 1 March in other years."""
    program = Program(fiscal_year_start=start)
    year = fiscal_year_of(day, program)
    assert year.start <= day < year.end
    assert year.days in (365, 366, 364, 367)
    assert fiscal_year(year.number + 1, program).start == year.end
    assert 0 < year.share_gone(day) <= 1
    assert year.share_gone(year.last_day) == 1


AMOUNTS = st.decimals(Decimal("0"), Decimal(5000), places=2)
DAYS = st.integers(0, 900).map(lambda ahead: date(2023, 1, 1) + timedelta(days=ahead))


@st.composite
def drawn_requests(draw: st.DrawFn) -> list[dict[str, str]]:
    """Requests of all kinds, with dates in any order and amounts in currencies with and without a rate."""
    rows = []
    for number in range(draw(st.integers(0, 8))):
        row = request(
            f"r{number}", draw(st.sampled_from(["ada", "bo"])), str(draw(AMOUNTS)), (asked := draw(DAYS)).isoformat()
        )
        row["currency"] = draw(st.sampled_from(["USD", "EUR", "KES", "SSP"]))
        row["decision"] = draw(st.sampled_from(["pending", "approved", "declined", "withdrawn"]))
        if row["decision"] != "pending" and draw(st.booleans()):
            row["decided_on"] = (asked + timedelta(days=draw(st.integers(0, 90)))).isoformat()
        if row["decision"] == "approved":
            row["approved_amount"] = str(draw(AMOUNTS))
        if draw(st.booleans()):
            row |= paid(str(draw(AMOUNTS)), draw(DAYS).isoformat())
        rows.append(row)
    return rows


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=drawn_requests(), day=DAYS, start=st.sampled_from(["01-01", "04-06", "12-31"]))
def test_parts_add_up_to_totals_in_every_fiscal_year(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], day: date, start: str
) -> None:
    """Members, categories and the program agree in every year; a request is in one state of one year at most."""
    from data_access.migrations.migrate import initialise

    folder = tmp_path_factory.mktemp("drawn")
    database = Database(f"sqlite:///{folder / 'p.db'}")
    initialise(database.program)
    write_table(folder, "program", PROGRAM | {"member_ceiling": "1000", "fiscal_year_start": start})
    write_table(folder, "people", {"person_key": "ada"}, {"person_key": "bo"})
    if rows:
        write_table(folder, "funding_requests", *rows)
    assert run_import(database, [folder], ImportOptions(releases=False)).committed
    program = Program(fiscal_year_start=start)
    counted = 0
    for number in range(2022, 2027):
        year = fiscal_year(number, program)
        selection = Selection(Period(year.start, year.end), day)
        if year.start > day:
            continue
        whole = summary(database, selection)
        members = ask(database, "budget_burn", selection)
        for state in ("paid", "committed", "pending"):
            parts = ask(database, "budget_by", selection, by="category")
            assert members[state].sum() == whole[state] == parts[state].sum()
        for count in ("unknown", "pending_unknown"):
            assert members[count].sum() == whole[count]
        listed = ask(database, "unconverted_amounts", selection)
        assert len(listed) == whole["unknown"] + whole["pending_unknown"]
        known = members[members["remaining"].notna()]
        assert (known["paid"] + known["committed"] + known["remaining"] == known["ceiling"]).all()
        curve = ask(database, "burn_curve", selection)
        assert all(one < other for one, other in pairwise(curve["day"]))
        with database.reading() as connection:
            states = select(ledger.c.request_key).where(ledger.c.fiscal_year == number, in_force(day))
            counted += len(connection.execute(states).all())
    assert counted <= len(rows)
    database.close()
