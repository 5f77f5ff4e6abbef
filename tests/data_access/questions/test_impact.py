"""Impact figures against answers worked out by hand."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert, update

from data_access.database.engine import Database
from data_access.database.schema import areas, contributions
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.questions import QUESTIONS
from data_access.questions.data.quality import data_quality
from data_access.questions.registry import question_of
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.builders import ProgramBuilder
from tests.bundles import EVENT, PROGRAM, write_table
from tests.data_access.questions.asking import copy_of
from tests.releasing import ask_outside, release
from tests.tables import records, value

Q2 = Selection(Period.parse("2024-Q2"), as_of=date(2024, 12, 31))


def ask(
    database: Database, question: str, selection: Selection, scope: Scope | None = None, **options: Any
) -> pd.DataFrame:
    with database.reading() as connection:
        return QUESTIONS[question].ask(connection, selection, scope or Scope.everything(), **options)


def summary(database: Database, selection: Selection, scope: Scope | None = None) -> dict[str, dict[str, Any]]:
    return {row["measure"]: row for row in records(ask(database, "impact_summary", selection, scope))}


def contribution(person: str, day: str, quantity: int = 1) -> dict[str, str]:
    return {"person_key": person, "contributed_on": day, "area": "docs", "quantity": str(quantity)}


@pytest.fixture(scope="module")
def small(read_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Three held events in the second quarter of 2024 (one twice as large as in the first), five contributors."""
    folder = tmp_path_factory.mktemp("files")
    write_table(folder, "program", PROGRAM)
    write_table(
        folder,
        "events",
        EVENT | {"event_key": "q1", "starts_on": "2024-03-31", "country": "DE", "attendance": "10", "languages": "de"},
        EVENT
        | {"event_key": "a", "starts_on": "2024-04-01", "country": "DE", "attendance": "20", "languages": "de;en"},
        EVENT | {"event_key": "b", "starts_on": "2024-06-30", "country": "FR", "languages": "fr", "topics": "x;y"},
        EVENT | {"event_key": "c", "starts_on": "2024-05-05", "mode": "online", "attendance": "5"},
        EVENT | {"event_key": "no", "starts_on": "2024-05-05", "status": "cancelled", "attendance": "500"},
        EVENT | {"event_key": "later", "starts_on": "2024-07-01", "status": "planned", "attendance": "500"},
    )
    write_table(
        folder,
        "contributions",
        contribution("ada", "2024-01-05"),
        contribution("ada", "2024-05-01", 2),
        contribution("ada", "2024-06-30"),
        contribution("bob", "2024-04-01", 3),  # 90 days before the last day: just outside its window
        contribution("cyd", "2024-04-02", 3),  # the first day of the window
        contribution("dee", "2024-06-01", 2),
        contribution("eve", "2024-07-01", 9),
    )
    write_table(
        folder,
        "funding_requests",
        {
            "request_key": "r",
            "person_key": "ada",
            "requested_amount": "80",
            "requested_on": "2024-04-01",
            "currency": "USD",
            "decision": "approved",
            "paid_amount": "80.25",
            "paid_on": "2024-06-30",
        },
    )
    assert run_import(read_database, [folder]).committed
    return read_database


def test_a_quarter_is_summed_up_against_the_quarter_before(small: Database) -> None:
    """Held events by local start date; an event under two topics counts once; cancelled and planned ones never."""
    found = summary(small, Q2)
    assert {name: (row["value"], row["previous"]) for name, row in found.items()} == {
        "events": (3, 1),
        "attendance": (25, 10),
        "countries": (2, 1),
        "languages": (3, 1),
        "active_contributors": (2, 0),
        "new_contributors": (3, 1),
        "spend": (Decimal("80.25"), None),  # the first payment there is
    }
    assert found["events"]["change"] == pytest.approx(2.0)
    assert pd.isna(found["active_contributors"]["change"]), "growth from zero is new, not a percentage"
    assert found["attendance"]["note"] == "1 of 3 events report none"


def test_active_means_three_contributions_in_the_ninety_days_that_end_with_the_period(small: Database) -> None:
    """Ada has three, Cyd three on the window's first day, Bob three on the day before it, Dee two."""
    assert summary(small, Q2)["active_contributors"]["value"] == 2


def test_an_open_period_is_compared_with_as_many_days_of_the_one_before(small: Database) -> None:
    """On 5 May, 35 days of the quarter are over: it is compared with the first 35 days of January to March."""
    open_quarter = Selection(Q2.period, as_of=date(2024, 5, 5))
    found = ask(small, "impact_summary", open_quarter)
    assert set(found["compared_with"]) == {"2024-01-01..2024-02-05"}
    previous = found.set_index("measure")["previous"]
    assert previous.isna()["events"], "the first event is of 31 March"
    assert previous["active_contributors"] == 0


def test_a_time_before_the_first_record_is_no_data_and_not_nothing(small: Database) -> None:
    """Events begin on 31 March, contributions on 5 January, payments on 30 June: each measure has a beginning."""
    first_quarter = summary(small, Selection(Period.parse("2024-Q1"), as_of=date(2024, 12, 31)))
    assert all(pd.isna(row["previous"]) for row in first_quarter.values())
    second = summary(small, Q2)
    since = {name: second[name]["records_since"] for name in ("events", "new_contributors", "spend")}
    assert since == {
        "events": date(2024, 3, 31),
        "new_contributors": date(2024, 1, 5),
        "spend": date(2024, 6, 30),
    }
    third = summary(small, Selection(Period.parse("2024-Q3"), as_of=date(2024, 12, 31)))
    assert (third["events"]["previous"], pd.isna(third["events"]["records_since"])) == (3, True)


def test_a_time_before_the_first_record_that_the_filters_leave_is_no_data(small: Database) -> None:
    """The first event in France is of 30 June, that in Germany of 31 March; one home is known: nobody's."""
    france = summary(small, replace(Q2, country=("FR",)))
    for name in ("events", "attendance", "countries", "languages"):
        assert (pd.isna(france[name]["previous"]), france[name]["records_since"]) == (True, date(2024, 6, 30)), name
    germany = summary(small, replace(Q2, country=("DE",)))
    assert (germany["events"]["value"], germany["events"]["previous"]) == (1, 1)
    third = summary(small, Selection(Period.parse("2024-Q3"), as_of=date(2024, 12, 31), country=("FR",)))
    assert (third["events"]["value"], third["events"]["previous"]) == (0, 1)
    assert pd.isna(third["events"]["records_since"])


def test_when_somebody_first_contributed_to_an_area_is_inside_only(small: Database, tmp_path: Path) -> None:
    """In July, where contributions began in July: only the program manager learns of that day."""
    own = copy_of(small, tmp_path)
    with own.writing() as connection:
        connection.execute(insert(areas).values(area="qa"))
        connection.execute(
            update(contributions).where(contributions.c.contributed_on == date(2024, 7, 1)).values(area="qa")
        )
    third = Selection(Period.parse("2024-Q3"), as_of=date(2024, 12, 31), area=("qa",))
    assert summary(own, third)["active_contributors"]["records_since"] == date(2024, 7, 1)
    before_it = replace(Q2, as_of=date(2024, 6, 30), area=("qa",))
    assert summary(own, before_it)["active_contributors"]["records_since"] == date(2024, 1, 5), "the program’s first"
    own.close()


def test_attendance_is_over_the_events_that_report_it(small: Database) -> None:
    """Three events, of which two say how many came."""
    found = summary(small, Q2)["attendance"]
    assert (found["value"], found["reporting"], found["reporting_before"]) == (25, 2, 1)


def test_languages_are_counted_without_their_country(database: Database, tmp_path: Path) -> None:
    """Portuguese of Brazil and of Portugal are one language, here as in languages_of_events."""
    write_table(tmp_path, "program", PROGRAM)
    tags = ("pt-BR", "pt-PT;en-GB", "en")
    events = [EVENT | {"event_key": tag, "starts_on": "2024-05-01", "languages": tag} for tag in tags]
    write_table(tmp_path, "events", *events)
    assert run_import(database, [tmp_path]).committed
    assert summary(database, Q2)["languages"]["value"] == 2
    assert len(ask(database, "languages_of_events", Q2)) == 2


def test_new_in_a_team_is_new_to_the_program_and_the_other_number_is_told(tmp_path: Path) -> None:
    """Ada began in a, Bo in b and came to a later, Cy began in a long ago: new in a is Ada; new to a are Ada and Bo."""
    program = ProgramBuilder(f"sqlite:///{tmp_path / 'teams.db'}")
    program.add_program()
    program.add_contributions("ada", date(2024, 4, 5), team_key="a")
    program.add_contributions("bo", date(2024, 1, 5), team_key="b")
    program.add_contributions("bo", date(2024, 5, 5), team_key="a")
    program.add_contributions("cy", date(2024, 1, 5), date(2024, 5, 5), team_key="a")
    found = summary(program.database, replace(Q2, team=("a",)))["new_contributors"]
    assert (found["value"], found["note"]) == (1, "new to the program; new to this team: 2")
    assert summary(program.database, Q2)["new_contributors"]["value"] == 1


def test_events_without_a_status_are_held_once_their_day_has_come(small: Database) -> None:
    """As of an earlier day the later ones are planned; with any status all count."""
    as_of = date(2024, 5, 4)
    planned = ask(small, "events_total", Selection(Q2.period, as_of=as_of, status=("planned",)))
    held = ask(small, "events_total", Selection(Q2.period, as_of=as_of))
    everything = ask(small, "events_total", Selection(Q2.period, as_of=as_of, status=("held", "planned", "cancelled")))
    assert [int(table["events"].iloc[0]) for table in (planned, held, everything)] == [2, 1, 4]


def test_online_events_have_no_country_and_stand_in_a_row_of_their_own(small: Database) -> None:
    """The rows add up to the total; attendance is missing where none is reported."""
    found = ask(small, "events_by_country", Q2).set_index("country")
    assert found["events"].to_dict() == {"DE": 1, "FR": 1, "online": 1}
    assert pd.isna(value(found, "FR", "attendance"))


def test_silent_months_are_zero_and_unreported_attendance_is_missing(small: Database) -> None:
    """Zero is a fact; missing is said."""
    whole_year = Selection(Period.parse("2024"), as_of=date(2024, 12, 31))
    found = ask(small, "events_by_month", whole_year).set_index("month")
    assert found["events"].to_dict()["2024-04"] == 1
    assert found.loc["2024-06", "events"] == 1
    assert pd.isna(value(found, "2024-06", "attendance"))


def test_only_the_program_manager_chooses_thresholds(small: Database, tmp_path: Path) -> None:
    """At least ten against at least eleven would reveal who has exactly ten."""
    own = copy_of(small, tmp_path)
    assert len(ask(own, "contributors_by_volume", Q2, Scope(Role.PM), at_least="2,3")) == 2
    release(own, Q2.period.end)
    assert ask_outside(own, "contributors_by_volume", Q2, at_least="10,11").empty
    own.close()


def test_a_filter_without_meaning_for_contributors_gives_no_number(small: Database) -> None:
    """A count that ignores the filter would look right and be wrong."""
    found = summary(small, Selection(Q2.period, Q2.as_of, mode=("online",)))
    assert found["active_contributors"]["value"] is None
    assert "how it is held" in found["active_contributors"]["note"]


def test_a_role_without_the_right_gets_no_answer(small: Database) -> None:
    """The guard stands at the question, not only at the page."""
    with pytest.raises(NotAllowed):
        ask(small, "data_quality", Q2, Scope(Role.PUBLIC))
    with small.reading() as connection, pytest.raises(NotAllowed):
        question_of(data_quality).ask(connection, Q2, Scope(Role.PUBLIC))


def test_probable_duplicates_share_title_date_and_place(database: Database, tmp_path: Path) -> None:
    """Case and spacing do not matter; another day does."""
    write_table(
        tmp_path,
        "events",
        EVENT | {"event_key": "a"},
        EVENT | {"event_key": "b", "title": " docs  SPRINT "},
        EVENT | {"event_key": "c", "starts_on": "2024-03-02"},
    )
    run_import(database, [tmp_path])
    found = ask(database, "data_quality", Selection(as_of=date(2024, 12, 31))).set_index("check")["events"]
    assert found["probable_duplicate"] == 2
    rows = ask(database, "data_problems", Selection(as_of=date(2024, 12, 31)), check="probable_duplicate")
    assert sorted(rows["event_key"]) == ["a", "b"]


def test_outside_people_and_money_are_those_of_the_released_window(database: Database, tmp_path: Path) -> None:
    """Thirteen began in the first quarter, 28 in the second; events are counted for the very days and filters."""
    days = [f"2024-02-{day:02d}" for day in range(1, 14)] + [f"2024-05-{day:02d}" for day in range(1, 29)]
    write_table(tmp_path, "contributions", *(contribution(f"p{n}", day, 3) for n, day in enumerate(days)))
    run_import(database, [tmp_path], ImportOptions(as_of=date(2024, 7, 5)))

    def new(period: str, day: date, area: tuple[str, ...] = ()) -> dict[Hashable, Any]:
        found = ask_outside(database, "impact_summary", Selection(Period.parse(period), day, area=area))
        [row] = found[found["measure"] == "new_contributors"].to_dict("records")
        return row

    quarter = new("2024-Q2", date(2024, 8, 1))
    assert (quarter["value"], quarter["previous"], quarter["note"]) == (27, 12, "about")
    part = new("2024-Q3", date(2024, 8, 1))
    assert (part["value"], part["note"]) == (27, "about; as released: second quarter of 2024")
    assert (part["window"], part["compared_with"]) == ("2024-04-01..2024-07-01", "2024-01-01..2024-04-01")
    narrowed = new("2024-Q2", date(2024, 8, 1), area=("docs",))
    assert (narrowed["value"], narrowed["note"]) == (None, "released figures are not broken down")
    assert new("2024-Q2", date(2024, 5, 1))["note"] == "nothing was released yet"
