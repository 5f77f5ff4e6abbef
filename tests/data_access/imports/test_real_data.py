"""Real data, imported with the default settings, gives the answers that are known from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, func, or_, select

from data_access.database.engine import Database
from data_access.database.schema import contributions, event_topics, events, materials, people, places
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.questions import QUESTIONS
from data_access.selection import Period, Scope, Selection
from tests.real_data import real_data
from tests.tables import records

pytestmark = pytest.mark.slow

AS_OF = date(2026, 8, 23)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real")


def imported(folder: Path, *names: str, skip_bad_rows: bool = False) -> Database:
    database = Database(f"sqlite:///{folder / names[0]}.db")
    initialise(database.program)
    options = ImportOptions(
        as_of=AS_OF, skip_bad_rows=skip_bad_rows, rejected_dir=folder / f"{names[0]}-rejected", releases=False
    )
    report = run_import(database, [real_data(name) for name in names], options)
    assert report.committed, report.in_words()
    return database


@pytest.fixture(scope="module")
def conferences(folder: Path) -> Iterator[Database]:
    database = imported(folder, "conferences_all.csv")
    yield database
    database.close()


def answer(database: Database, question: str, selection: Selection, **options: object) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return records(QUESTIONS[question].ask(connection, selection, Scope.everything(), **options))


def scalar(database: Database, statement: Select[Any]) -> int:
    with database.reading() as connection:
        return int(connection.execute(statement).scalar_one())


ALL_2019 = Selection(Period.parse("2019-01-01..2020-01-01"), AS_OF, status=("planned", "held", "cancelled"))


def test_conferences_are_6006_events_from_6831_rows(conferences: Database) -> None:
    """Rows that agree in name, start and city are one event; 574 events stand under two or more topics."""
    assert scalar(conferences, select(func.count()).select_from(events)) == 6_006
    several = select(event_topics.c.event_key).group_by(event_topics.c.event_key).having(func.count() > 1).subquery()
    assert scalar(conferences, select(func.count()).select_from(several)) == 574
    log = answer(conferences, "imports_log", Selection())
    assert [(row["rows"], row["created"]) for row in log] == [(6_831, 6_006)]


def test_the_second_import_of_the_conferences_changes_nothing(conferences: Database) -> None:
    """0 created, 0 changed."""
    report = run_import(conferences, [real_data("conferences_all.csv")], ImportOptions(as_of=AS_OF, dry_run=True))
    assert (report.total("created"), report.total("changed")) == (0, 0)


def test_2019_has_937_conferences_257_in_the_us_and_100_in_germany(conferences: Database) -> None:
    """The answers of `events_total` and `events_by_country`."""
    assert answer(conferences, "events_total", ALL_2019) == [{"events": 937}]
    by_country = {row["country"]: row["events"] for row in answer(conferences, "events_by_country", ALL_2019)}
    assert (by_country["US"], by_country["DE"]) == (257, 100)
    assert sum(by_country.values()) == 937


def test_at_least_97_percent_of_the_conferences_with_a_place_are_located(conferences: Database) -> None:
    """And none of the online ones."""
    in_a_place = events.c.mode.in_(["in_person", "hybrid"])
    located = select(func.count()).select_from(events.join(places)).where(places.c.latitude.is_not(None))
    total = scalar(conferences, select(func.count()).select_from(events).where(in_a_place))
    assert scalar(conferences, located.where(in_a_place)) / total >= 0.97
    assert scalar(conferences, located.where(events.c.mode == "online")) == 0


def test_meetups_of_rladies_are_held_or_cancelled_and_none_is_near_tuvalu(folder: Path) -> None:
    """5,002 held, 223 cancelled, 136,748 yes-RSVPs; Meetup's "Online event" venue in the Pacific is no place."""
    database = imported(folder, "rladies_events.csv")
    held = Selection(as_of=AS_OF)
    assert answer(database, "events_total", held) == [{"events": 5_002}]
    assert answer(database, "events_total", Selection(as_of=AS_OF, status=("cancelled",))) == [{"events": 223}]
    assert scalar(database, select(func.sum(events.c.attendance)).where(*held.conditions())) == 136_748
    near = select(func.count()).select_from(places).where(places.c.latitude.between(-9, -8), places.c.longitude > 179)
    assert scalar(database, near) == 0
    point = [row for row in answer(database, "events_by_place", held) if row["longitude"] > 179 and row["latitude"] < 0]
    assert point == []
    database.close()


def test_the_reps_calendar_has_117_events_in_41_countries_at_their_local_times(folder: Path) -> None:
    """Its times are UTC under a local label; those of Pune are morning and evening, not night."""
    database = imported(folder, "mozilla_reps_2014.ics")
    assert scalar(database, select(func.count()).select_from(events)) == 117
    assert scalar(database, select(func.count(events.c.country.distinct()))) == 41
    with database.reading() as connection:
        kalyani = connection.execute(
            select(events.c.starts_at).where(events.c.country == "IN", events.c.starts_at.like("%T10:00:00+05:30"))
        ).scalars()
        assert list(kalyani)
        pune = connection.execute(select(events.c.starts_at).where(events.c.city == "Pune")).scalars().all()
    assert {moment[11:16] for moment in pune} == {"09:00", "18:00"}
    database.close()


def test_pyvideo_has_12994_speakers_and_its_talks_by_language(folder: Path) -> None:
    """Names agree after NFC, white space and case; "Various speakers" is nobody; 522 talks have no language."""
    database = imported(folder, "pyvideo_talks.csv.gz", "pyvideo_events.csv")
    assert scalar(database, select(func.count()).select_from(people)) == 12_994
    by_language = select(materials.c.language, func.count().label("talks")).group_by(materials.c.language)
    with database.reading() as connection:
        talks = {row.language: row.talks for row in connection.execute(by_language)}
    assert (talks["en"], talks["es"], talks["und"], sum(talks.values())) == (17_392, 1_027, 522, 21_715)
    database.close()


def test_contributions_by_volume_are_1380_363_and_58(folder: Path) -> None:
    """People with at least 1, 10 and 100 contributions."""
    database = imported(folder, "contributions.csv.gz")
    found = answer(database, "contributors_by_volume", Selection(as_of=AS_OF), at_least="1,10,100")
    assert [row["people"] for row in found] == [1_380, 363, 58]
    assert scalar(database, select(func.count()).select_from(contributions)) == 23_342
    database.close()


def test_the_travel_fund_imports_what_can_be_read_and_names_the_rest(folder: Path) -> None:
    """104 requests in USD total 148,369.31; seven sums are reported, eight approved above the request; 0.8975."""
    database = imported(folder, "travel_fund_requests.csv", skip_bad_rows=True)
    from data_access.database.schema import funding_requests as requests

    usd = requests.c.currency == "USD"
    with database.reading() as connection:
        number, total = connection.execute(select(func.count(), func.sum(requests.c.requested_amount)).where(usd)).one()
    assert number == 104
    assert round(total, 2) == Decimal("148369.31")
    sums = [row for row in answer(database, "import_hints", Selection()) if "several amounts" in str(row["problem"])]
    assert len(sums) == 7
    above = [row for row in answer(database, "import_hints", Selection()) if "approved above" in str(row["problem"])]
    assert len(above) == 8
    both = {row["currency"]: row for row in answer(database, "requested_and_approved", Selection())}["USD"]
    assert (both["decided"], round(both["approved_share"], 4)) == (36, 0.8975)
    database.close()


def test_only_what_is_not_online_counts_as_unknown_place(conferences: Database) -> None:
    """The quality check agrees with a count made directly."""
    quality = {row["check"]: row["events"] for row in answer(conferences, "data_quality", ALL_2019)}
    unlocated = (
        select(func.count())
        .select_from(events.outerjoin(places))
        .where(or_(events.c.mode.is_(None), events.c.mode != "online"), places.c.latitude.is_(None))
        .where(*ALL_2019.conditions())
    )
    assert quality["unknown_place"] == scalar(conferences, unlocated)
    assert quality["all"] == 937
