"""Tables with a meaning, written in any language, order and notation: what is imported is what was meant."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel.dates import format_date
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data_access.database.engine import Database
from data_access.database.schema import events, funding_requests, people
from data_access.imports.mapping.sheets import SheetMappings
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.imports.unmapped import unmapped
from tests.data_access.imports.mapping.tables import (
    EVENTS,
    HELD,
    LANGUAGES,
    PAID,
    PEOPLE,
    REQUESTS,
    TRAVEL,
    in_language,
)

pytestmark = pytest.mark.slow

TODAY = date(2026, 8, 23)
SETTINGS = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
NAMES = (
    "Ada Lovelace",
    "Kofi Mensah",
    "María Gómez",
    "Jürgen Müller",
    "प्रिया नायर",
    "佐藤花子",
    "Åsa Öberg",
    "Zoë O'Neil",
)
TOWNS = {"Berlin": "DE", "Accra": "GH", "Pune": "IN", "Nairobi": "KE", "Kraków": "PL", "Osaka": "JP", "Recife": "BR"}
TITLES = ("Docs sprint", "Patch day", "Übersetzungsabend", "翻訳ナイト", "Hack & Tell", "Code; review", "Q&A, live")
SPOKEN = {"en": "English", "de": "German", "fr": "French", "hi": "Hindi", "ja": "Japanese", "sw": "Swahili"}
DAYS = st.integers(0, 900).map(lambda days: date(2024, 1, 1) + timedelta(days))
# How the days of a table are written; each notation says by itself what is day and what is month.
NOTATIONS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%Y年%m月%d日", "words", "%Y-%m-%d 18:30:00")
AMOUNTS = ("€ {de}", "{en} EUR", "EUR {en}", "{de} €")


def written(day: date, notation: str, language: str) -> str:
    return format_date(day, "long", locale=language) if notation == "words" else day.strftime(notation)


def amount(cents: int, notation: str) -> str:
    english = f"{cents / 100:,.2f}"
    return notation.format(en=english, de=english.translate(str.maketrans(",.", ".,")))


@st.composite
def tables(draw: st.DrawFn, headings: dict[str, str], most: int = 6) -> tuple[str, str, list[str], str]:
    """Language, notation of dates, order of the columns, and what parts the cells."""
    language = draw(st.sampled_from(LANGUAGES))
    notation = draw(st.sampled_from(NOTATIONS if language not in ("ja", "zh") else NOTATIONS[:4]))
    return language, notation, draw(st.permutations(list(headings))), draw(st.sampled_from(",;\t|"))


def imported(
    initialised: Path,
    headings: dict[str, str],
    shape: tuple[str, str, list[str], str],
    rows: Sequence[dict[str, str]],
) -> Database:
    """A new program into which the table was imported as it was guessed."""
    language, _, order, delimiter = shape
    folder = Path(tempfile.mkdtemp(prefix="uplift-tables-"))
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, delimiter=delimiter)
        writer.writerow([in_language(headings[column], language) for column in order])
        writer.writerows([row[column] for column in order] for row in rows)
    database = Database(f"sqlite:///{shutil.copy(initialised, folder / 'program.db')}")
    found = unmapped([folder / "table.csv"], SheetMappings())
    options = ImportOptions(as_of=TODAY, releases=False, readings=[each.guess for each in found])
    report = run_import(database, [folder / "table.csv"], options)
    assert report.committed, (report.in_words(), [each.guess for each in found])
    return database


@SETTINGS
@given(data=st.data(), shape=tables(PEOPLE))
def test_people(initialised_file: Path, data: st.DataObject, shape: tuple[str, str, list[str], str]) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    meant, rows = set(), []
    for number, name in enumerate(names):
        town, joined = data.draw(st.sampled_from(sorted(TOWNS))), data.draw(DAYS)
        tags = data.draw(st.lists(st.sampled_from(sorted(SPOKEN)), min_size=1, unique=True))
        meant.add((name, TOWNS[town], joined, tuple(tags)))
        cells = {"name": name, "email": f"p{number}@example.org", "town": town}
        spoken = ", ".join(SPOKEN[tag] for tag in tags)
        rows.append({**cells, "languages": spoken, "joined": written(joined, shape[1], shape[0])})
    database = imported(initialised_file, PEOPLE, shape, rows)
    with database.reading() as connection:
        found = connection.execute(
            select(people.c.name, people.c.home_country, people.c.joined_on, people.c.languages)
        ).all()
    database.close()
    assert {(name, country, joined, tuple(tags.split(";"))) for name, country, joined, tags in found} == meant


@SETTINGS
@given(data=st.data(), shape=tables(EVENTS))
def test_events(initialised_file: Path, data: st.DataObject, shape: tuple[str, str, list[str], str]) -> None:
    meant, rows = set(), []
    for title in data.draw(st.lists(st.sampled_from(TITLES), min_size=1, unique=True)):
        town, day = data.draw(st.sampled_from(sorted(TOWNS))), data.draw(DAYS)
        people_there = data.draw(st.integers(0, 900))
        meant.add((title, day, town, "held", people_there))
        cells = {"title": title, "day": written(day, shape[1], shape[0]), "place": town}
        rows.append({**cells, "status": in_language(HELD, shape[0]), "attendance": str(people_there)})
    database = imported(initialised_file, EVENTS, shape, rows)
    columns = events.c
    with database.reading() as connection:
        found = connection.execute(
            select(columns.title, columns.starts_on, columns.city, columns.status, columns.attendance)
        ).all()
    database.close()
    assert set(map(tuple, found)) == meant


@SETTINGS
@given(data=st.data(), shape=tables(REQUESTS), notation=st.sampled_from(AMOUNTS))
def test_requests(
    initialised_file: Path, data: st.DataObject, shape: tuple[str, str, list[str], str], notation: str
) -> None:
    meant, rows = [], []
    for name in data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6)):
        cents, day = data.draw(st.integers(0, 900_000_000)), data.draw(DAYS)
        meant.append((name, Decimal(cents) / 100, "EUR", day, "approved", "travel"))
        cells = {"name": name, "amount": amount(cents, notation), "day": written(day, shape[1], shape[0])}
        status, category = in_language(PAID, shape[0]), in_language(TRAVEL, shape[0])
        rows.append({**cells, "status": status, "category": category})
    database = imported(initialised_file, REQUESTS, shape, rows)
    columns = funding_requests.c
    with database.reading() as connection:
        found = connection.execute(
            select(
                *(people.c.name, columns.requested_amount, columns.currency, columns.requested_on),
                *(columns.decision, columns.category),
            ).join_from(funding_requests, people, people.c.person_key == columns.person_key)
        ).all()
    database.close()
    assert sorted(map(tuple, found), key=str) == sorted(meant, key=str)
