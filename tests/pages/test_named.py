"""A page for each person, team, event, country and space: for whom it opens, what it says, where names lead."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import Connection

from dashboard.navigation import NAMED_PAGES, PAGES, PageEntry
from dashboard.parts.named import KIND_OF_KEY, LEADS_TO, OPEN_TO, named_by
from data_access.answers import Key
from data_access.database.schema import countries, events, people, spaces, teams
from data_access.questions import QUESTIONS
from data_access.selection import Role
from tests.dashboard.apptest import Dashboard, as_sent

pytestmark = pytest.mark.slow
REFUSAL = "This page is not open to you"
KEYS = {"person": "ada", "team": "docs", "country": "DE", "space": "pilot"}
# Answers with a key in them that say no name of it: one thing's own rows, or codes beside another name.
WITHOUT_NAMES = {"unconverted_amounts", "member_homes", "event_arc_people", "request_queue"}
WITHOUT_NAMES |= {"team_people", "team_stage_history", "team_milestones_list", "team_risks_list"}
WITHOUT_NAMES |= {"team_growth", "team_change_funnel"}
# Its rows are of several kinds; each is told in a sentence of its own, whose names lead on.
WITHOUT_NAMES |= {"this_week"}


class Known(NamedTuple):
    event: str
    names: frozenset[str]


@pytest.fixture(scope="module")
def known(full: str) -> Known:
    """The event with most on its time line, and how everybody is called."""

    def read(connection: Connection) -> Known:
        wanted = select(events.c.event_key).where(events.c.title == "The members' evening")
        names = connection.execute(select(people.c.name)).scalars()
        return Known(connection.execute(wanted).scalar_one(), frozenset(filter(None, names)))

    engine = create_engine(full)
    with engine.connect() as connection:
        found = read(connection)
    engine.dispose()
    return found


def key_of(kind: str, known: Known) -> str:
    return known.event if kind == "event" else KEYS[kind]


@pytest.mark.parametrize("kind", OPEN_TO)
def test_it_opens_for_its_roles_and_outside_names_nobody(
    monkeypatch: pytest.MonkeyPatch, full: str, known: Known, kind: str
) -> None:
    """The program manager and the board see people; leadership and partners facts alone, where they have the page."""
    for role in ("pm", "board", "leadership", "partner:docs", "public"):
        shown = Dashboard(monkeypatch, full).open(kind, key=key_of(kind, known), **{"as": role})
        if Role(role.partition(":")[0]) not in OPEN_TO[kind]:
            assert [title.value for title in shown.at.title] == [REFUSAL]
            assert not shown.finding
            continue
        assert shown.finding, role
        assert '<ol><li><time datetime="' in shown.html, role
        assert all(figure.proto.alt for figure in shown.at.get("plotly_chart"))
        everything = shown.html + "".join(as_sent(table).to_csv() for table in shown.at.dataframe)
        inside = role in ("pm", "board")
        assert ("/person?key=" in everything) == (inside and kind in ("person", "event", "country")), role
        if not inside:
            words = {word for word in known.names if f">{word}<" in everything or f"{word}{LEADS_TO}" in everything}
            assert not words, role
            assert "€" not in everything


def test_a_key_that_nothing_has_gets_a_sentence_and_says_nothing_about_people(
    monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    for entry in NAMED_PAGES:
        shown = Dashboard(monkeypatch, full).open(entry.url_path, key="<b>zq</b>")
        assert "is known" in shown.finding, entry.title
        assert "Ctrl-K" in shown.text
        assert Dashboard(monkeypatch, full).open(entry.url_path).finding.startswith("Look for")
    whoever = [Dashboard(monkeypatch, full).open("person", key=key, **{"as": "leadership"}) for key in ("ada", "zq")]
    assert whoever[0].text == whoever[1].text
    looked = Dashboard(monkeypatch, full).open("team")
    looked.at.text_input[0].set_value("doc")
    assert 'href="/team?key=docs"' in looked.run().html


def test_older_entries_come_when_they_are_asked_for_and_stay_in_the_address(
    monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    shown = Dashboard(monkeypatch, full).open("country", key="DE", rows="5")
    assert shown.html.count("<time ") == 5
    shown.at.button(key="timeline_older").click()
    assert shown.run().query == {"key": "DE", "entries": "105"}
    assert 5 < shown.html.count("<time ") <= 105
    assert Dashboard(monkeypatch, full).open("country", key="DE", rows="-1").html.count("<time ") > 5


def test_names_in_tables_lead_to_pages_for_whom_they_open(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    def cells(role: str, page: str) -> str:
        shown = Dashboard(monkeypatch, full).open(page, period="2026", **{"as": role})
        return "".join(as_sent(table).to_csv() for table in shown.at.dataframe)

    assert f"Ada{LEADS_TO}/person?key=ada" in cells("pm", "members")
    assert "as=board" in cells("board", "members")
    assert LEADS_TO not in cells("leadership", "members")
    assert "/country?key=" in cells("leadership", "event-map")
    assert LEADS_TO not in cells("public", "event-map")


# Names that are said in sentences and lead nowhere, each with its reason.
NOT_LED: Mapping[str, set[str]] = {}


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_names_in_findings_and_on_cards_lead_to_pages(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry
) -> None:
    """A person, team, event, space or country that is named there and has a page is a link to it."""
    shown = Dashboard(monkeypatch, full).open(entry.url_path, **{"as": "pm"})
    said = re.findall(
        r'<h1 class="up-finding">.*?</h1>|<p class="up-more">.*?</p>|<div class="up-due.*?</p>', shown.html
    )
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"<a [^>]*>.*?</a>", " ", " ".join(said), flags=re.S))
    names = {name for name in every_name(full) if re.search(rf"(?<!\w){re.escape(html.escape(name))}(?!\w)", plain)}
    assert names == NOT_LED.get(entry.url_path, set())


@functools.cache
def every_name(url: str) -> frozenset[str]:
    """What people, teams, events, spaces and the countries of events are called."""
    engine = create_engine(url)
    columns = (people.c.name, teams.c.name, events.c.title, spaces.c.name)
    here = select(countries.c.name).where(countries.c.country.in_(select(events.c.located_country)))
    with engine.connect() as connection:
        found = [
            name for statement in (*map(select, columns), here) for name in connection.execute(statement).scalars()
        ]
    engine.dispose()
    return frozenset(name for name in found if name)


def test_every_answer_with_the_key_of_a_thing_says_its_name_or_has_a_reason() -> None:
    """A column of names that leads nowhere is found here."""
    without = set()
    for question in QUESTIONS.values():
        keys = {column.name for column in question.columns if isinstance(column, Key) and column.name in KIND_OF_KEY}
        if keys - {each.key for each in named_by(question.columns)} - {"team"} or (
            keys == {"team"} and not named_by(question.columns)
        ):
            without.add(question.name)
    assert without == WITHOUT_NAMES


def test_no_address_is_taken_twice() -> None:
    addresses = [entry.url_path for entry in (*PAGES, *NAMED_PAGES)]
    assert len(addresses) == len(set(addresses))
    assert {entry.url_path for entry in NAMED_PAGES} | {"person"} == set(OPEN_TO)
    roles = {entry.url_path: entry.roles for entry in (*PAGES, *NAMED_PAGES)}
    assert all(roles[kind] == of for kind, of in OPEN_TO.items()), "links and pages are open to the same roles"
