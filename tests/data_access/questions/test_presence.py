"""Weeks with events and silences, counted on a calendar by hand: 1 January 2024 was a Monday."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from data_access.database.engine import Database
from data_access.database.schema import events
from data_access.selection import Period, Selection
from tests.bundles import write_table
from tests.data_access.questions.asking import ask, import_events
from tests.tables import value


def presence(database: Database, period: str, as_of: date = date(2024, 12, 31), **filters: Any) -> pd.DataFrame:
    selection = Selection(Period.parse(period), as_of, **filters)
    return ask(database, "presence", selection).set_index("region")


def test_weeks_with_events_and_the_longest_silence(database: Database, tmp_path: Path) -> None:
    """The first quarter's 13 weeks: events in weeks 1, 2 (twice), 6 and 13 leave nine silent, six of them in a row."""
    days = ["2024-01-01", "2024-01-08", "2024-01-14", "2024-02-05", "2024-03-31"]
    import_events(database, tmp_path, *({"country": "DE", "starts_on": day} for day in days))
    found = presence(database, "2024-Q1").loc["Western Europe"]
    assert found.to_dict() == {
        "weeks_with_events": 4,
        "weeks": 13,
        "share": pytest.approx(4 / 13),
        "longest_silence": 6,
        "events": 5,
        "last_event_on": date(2024, 3, 31),
    }


def test_a_week_belongs_to_the_year_that_holds_its_thursday(database: Database, tmp_path: Path) -> None:
    """Monday 30 December 2024 lies in the first week of 2025, which is looked at whole: 52 weeks in either year."""
    import_events(database, tmp_path, {"country": "DE"}, {"country": "DE", "starts_on": "2024-12-30"})
    as_of = date(2026, 1, 31)
    older, newer = (presence(database, year, as_of).loc["Western Europe"] for year in ("2024", "2025"))
    assert (older["weeks_with_events"], newer["weeks_with_events"], newer["weeks"]) == (1, 1, 52)
    assert older["last_event_on"] == date(2024, 12, 30)


def test_only_weeks_that_are_over_count_and_none_before_the_first_event(database: Database, tmp_path: Path) -> None:
    """First event on Wednesday 10 January; on Saturday 27 January two weeks are over."""
    import_events(database, tmp_path, *({"country": "DE", "starts_on": f"2024-01-{day}"} for day in ("10", "25")))
    found = presence(database, "2024", date(2024, 1, 27)).loc["Western Europe"]
    assert (found["weeks"], found["weeks_with_events"], found["longest_silence"]) == (2, 1, 1)


def test_online_and_unknown_places_have_rows_of_their_own(database: Database, tmp_path: Path) -> None:
    """Not counted for any region; regions without events are listed as silent; the program's own regions are used."""
    write_table(tmp_path, "regions", {"country": "NG", "region": "Our Africa"})
    import_events(
        database,
        tmp_path,
        {"mode": "online", "country": "NG"},
        {"city": "Nowhereville-on-Sea"},
        {"country": "NG", "starts_on": "2024-03-08", "mode": "hybrid"},
        {"country": "NG", "status": "planned", "starts_on": "2024-05-01"},
    )
    found = presence(database, "2024")
    assert found["events"][found["events"] > 0].to_dict() == {"Our Africa": 1, "Online": 1, "Unknown place": 1}
    assert found.index[-2:].tolist() == ["Online", "Unknown place"]
    assert value(found, "South America", "longest_silence") == value(found, "South America", "weeks") == 44
    assert presence(database, "2024", country=("NG",)).index.tolist() == ["Our Africa"]


def test_a_program_without_events_has_no_weeks(database: Database) -> None:
    """Shares and silences are missing rather than zero."""
    found = presence(database, "2024")
    assert (found["weeks"] == 0).all()
    assert found[["share", "longest_silence"]].isna().all(axis=None)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.dates(date(2023, 12, 1), date(2024, 12, 31)), max_size=40),
    as_of=st.dates(date(2024, 1, 1), date(2025, 3, 1)),
)
def test_weeks_agree_with_the_iso_calendar(database: Database, days: list[date], as_of: date) -> None:
    """Counted again with `isocalendar`."""
    rows = [
        {"event_key": f"e{n}", "title": "t", "starts_on": day, "status": "held", "located_country": "DE"}
        for n, day in enumerate(days)
    ]
    with database.writing() as connection:
        connection.execute(delete(events))
        if rows:
            connection.execute(insert(events), rows)
    found = presence(database, "2024", as_of).loc["Western Europe"]
    first = min((day.isocalendar()[:2] for day in days), default=(2024, 1))
    weeks = [
        week for week in range(1, 53) if days and (2024, week) >= first and date.fromisocalendar(2024, week, 7) <= as_of
    ]
    with_events = {day.isocalendar().week for day in days if day.isocalendar().year == 2024} & set(weeks)
    assert (found["weeks"], found["weeks_with_events"]) == (len(weeks), len(with_events))
