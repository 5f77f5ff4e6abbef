"""Every page of the navigation, and the public's: full, empty, filtered, forbidden and hostile.

A page is tested here because it stands in `PAGES`. What one page alone promises has a file of its own beside this one.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go
import pytest
from sqlalchemy import Engine, event

from dashboard import navigation
from dashboard.commands.publish import publish
from dashboard.commands.release import release
from dashboard.navigation import PAGES, PageEntry
from dashboard.site import published
from data_access.database.engine import Database
from data_access.imports.options import ImportOptions
from data_access.imports.pipeline import run_import
from data_access.migrations.migrate import initialise
from data_access.selection import EVERYBODY, Role
from sample_data.generator import write_program
from tests.builders import ProgramBuilder
from tests.dashboard.apptest import Dashboard, PublicPage
from tests.full_program import AS_OF, LONG, MARKUP, RIGHT_TO_LEFT

every_page = pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
PARTNER = "partner:docs"
# Statements of a page's first run, and of the next one.
FIRST, AGAIN = 90, 18
REFUSAL = "This page is not open to you"


def stands(shown: Dashboard) -> None:
    """It says something, what the data is as of, and every figure in words and in nothing that Plotly does not know."""
    assert shown.finding
    assert "data as of 1 september 2026" in shown.text.lower()
    figures = shown.at.get("plotly_chart")
    for figure in figures:
        assert figure.proto.alt
        go.Figure(json.loads(figure.proto.spec))  # raises ValueError with the name that it does not know
    # Each has a finding as its title, and three files with it, its source and its day.
    saved = re.findall(r'<button class="up-save" type="button" data-format="(\w+)"(.*?)>', shown.html, re.DOTALL)
    kinds = [kind for kind, _ in saved]
    kinds += ["csv" for button in shown.at.get("download_button") if button.proto.label == "CSV"]
    assert sorted(kinds) == sorted(["csv", "png", "svg"] * len(figures))
    for _, told in saved:
        assert re.search(r'data-title="[^"]{8,}"', told)
        assert re.search(r'data-source="[^"]+(Shown on 15 September|Published \d+ \w+) 2026', told)


def empty_states(shown: Dashboard) -> list[str]:
    """Why there is nothing, and what to do."""
    boxes = re.findall(r'<p class="up-empty">(.+?)</p>\s*<p>(.+?)</p>', shown.html, re.DOTALL)
    lists = re.findall(r'<p class="up-none">(.+?)</p>', shown.html)
    return [" ".join(box) for box in boxes] + [words for words in lists if ". " in words]


def chips(shown: Dashboard) -> set[str]:
    """The filters that the page heeds, each with a button that removes it."""
    return {str(button.key).removeprefix("chip_") for button in shown.at.button if str(button.key).startswith("chip_")}


@every_page
def test_a_full_program_fills_it(monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry) -> None:
    shown = Dashboard(monkeypatch, full).open(entry.url_path)
    stands(shown)
    assert "up-empty" not in shown.html


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A sample of three hundred people: enough rows that a statement for each would be seen."""
    folder = tmp_path_factory.mktemp("many")
    write_program(folder / "bundle", events=400, contributions=4_000, people=300, seed=7)
    made = Database(f"sqlite:///{folder / 'uplift.db'}")
    initialise(made.program)
    assert run_import(made, [folder / "bundle"], ImportOptions(releases=False)).committed
    made.close()
    return made.program.url.render_as_string(hide_password=False)


@every_page
def test_its_statements_are_few_and_fewer_when_it_runs_again(
    monkeypatch: pytest.MonkeyPatch, many: str, entry: PageEntry
) -> None:
    """What answers say is kept; forms ask anew for what they are about, however many rows that is."""
    statements: list[str] = []

    def asked(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", asked)
    try:
        shown = Dashboard(monkeypatch, many).open(entry.url_path)
        assert len(statements) <= FIRST
        statements.clear()
        shown.run()
        assert len(statements) <= AGAIN
    finally:
        event.remove(Engine, "before_cursor_execute", asked)


@every_page
def test_a_program_that_is_believable_but_lacks_whole_tables_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, busy: str, entry: PageEntry
) -> None:
    stands(Dashboard(monkeypatch, busy).open(entry.url_path))


@every_page
def test_an_empty_program_says_why_there_is_nothing_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, bare: str, entry: PageEntry
) -> None:
    """To the program manager; leadership, who could do nothing about it, sees a page that stands."""
    shown = Dashboard(monkeypatch, bare).open(entry.url_path)
    assert shown.finding
    assert empty_states(shown)
    assert "No data has been imported yet" in shown.text
    if Role.LEADERSHIP in entry.roles:
        assert Dashboard(monkeypatch, bare).open(entry.url_path, **{"as": "leadership"}).finding


@every_page
def test_a_filter_is_heeded_or_the_page_says_what_it_shows_instead(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry
) -> None:
    """Germany alone leaves something on every page; 2019, before the program began, leaves nothing."""
    some = Dashboard(monkeypatch, full).open(entry.url_path, country="DE")
    stands(some)
    assert "country" in chips(some) or entry.url_path == "viewers" or 'class="up-selection"' in some.html
    none = Dashboard(monkeypatch, full).open(entry.url_path, period="2019")
    assert none.finding
    if "period" in chips(none) and entry.url_path != "members":  # which shows the last quarters, whatever the period
        assert empty_states(none)


@pytest.mark.slow
@every_page
@pytest.mark.parametrize("period", [pytest.param("2026-Q3", marks=pytest.mark.long), "1900-01-01..2200-01-01"])
def test_any_period_can_be_asked_for(monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry, period: str) -> None:
    """A quarter that is not over, and all time."""
    stands(Dashboard(monkeypatch, full).open(entry.url_path, period=period))


CLOSED = [(entry, role) for entry in PAGES for role in Role if role not in entry.roles]


def named(value: object) -> str:
    return value.url_path if isinstance(value, PageEntry) else str(value)


def seen_as(role: Role) -> dict[str, str]:
    return {"as": PARTNER if role is Role.PARTNER else str(role)}


@pytest.mark.parametrize(("entry", "role"), CLOSED, ids=named)
def test_its_own_guard_refuses_whom_the_navigation_does_not_show_it(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry, role: Role
) -> None:
    """By its address; and where the navigation would show every page to everybody, so that only the page can refuse."""
    turned_away(Dashboard(monkeypatch, full).open(entry.url_path, **seen_as(role)))
    monkeypatch.setattr(navigation, "PAGES", tuple(replace(page, roles=EVERYBODY) for page in PAGES))
    turned_away(Dashboard(monkeypatch, full).open(entry.url_path, **seen_as(role)))


@pytest.mark.slow
@pytest.mark.parametrize("entry", [entry for entry in PAGES if Role.BOARD in entry.roles], ids=named)
def test_it_stands_for_the_board(monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry) -> None:
    """The program manager opens it in all the other tests; who is outside, in test_outside."""
    stands(Dashboard(monkeypatch, full).open(entry.url_path, **seen_as(Role.BOARD)))


def turned_away(shown: Dashboard) -> None:
    """A sentence, and nothing of the page."""
    assert [title.value for title in shown.at.title] == [REFUSAL]
    assert not shown.finding
    assert not shown.at.dataframe
    assert not shown.at.get("plotly_chart")
    assert not shown.at.get("component_instance")


@every_page
def test_words_from_data_are_shown_as_words(monkeypatch: pytest.MonkeyPatch, hostile: str, entry: PageEntry) -> None:
    """Markup, formulas, overrides of the reading direction and ten thousand characters, in every name and note."""
    harmless(Dashboard(monkeypatch, hostile).open(entry.url_path))


def harmless(shown: Dashboard) -> None:
    stands(shown)
    assert not re.search(r"<img(?! class=\"\w+\" alt=)", shown.html)
    assert "\u202e" not in shown.html
    spoken = [*shown.at.markdown, *shown.at.caption, *shown.at.header, *shown.at.subheader, *shown.at.button]
    for words in (str(getattr(element, "value", "")) + str(getattr(element, "label", "")) for element in spoken):
        assert "<img" not in words.replace("\\<", "")
    # Options of a box are no Markdown: they are written as they are.
    options = [option for box in (*shown.at.selectbox, *shown.at.multiselect) for option in box.options]
    assert not [option for option in options if "\\" in option]
    for figure in shown.at.get("plotly_chart"):
        assert "<img" not in figure.proto.spec
        assert "\\u003cimg" not in figure.proto.spec
    for component in shown.at.get("component_instance"):
        assert "onerror" not in component.proto.json_args


def test_the_words_are_hostile(hostile: str) -> None:
    """Each kind is there, in the program's events and people."""
    database = Database(hostile)
    with database.reading() as connection:
        found = "".join(
            str(row[0])
            for table in ("events", "people")
            for row in connection.exec_driver_sql(f"SELECT {'title' if table == 'events' else 'name'} FROM {table}")  # noqa: S608
        )
    database.close()
    assert all(kind in found for kind in (MARKUP, "=HYPERLINK", RIGHT_TO_LEFT, LONG))


# ---- the public's page, which reads a publication and no database ---------------------------------------------------


@pytest.fixture(scope="module")
def publications(full: str, hostile: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The full program's, the hostile one's, and one of a program without events."""
    folder = tmp_path_factory.mktemp("publications")
    nothing = ProgramBuilder(f"sqlite:///{folder / 'nothing.db'}")
    nothing.add_program()
    nothing.add_import()
    made = {"full": Database(full), "hostile": Database(hostile), "nothing": nothing.database}
    for name, database in made.items():
        release(database, AS_OF)
        publish(database, folder / name)
        database.close()
    return {name: folder / name for name in made}


def test_the_publics_page_is_full(monkeypatch: pytest.MonkeyPatch, publications: dict[str, Path]) -> None:
    shown = PublicPage(monkeypatch, publications["full"]).open()
    stands(shown)
    assert shown.finding.startswith("122 events in 4 countries and 4 languages")
    assert 'alt="Events by quarter, from 2024-Q2 to 2026-Q2' in shown.html


def test_the_publics_page_says_when_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch, publications: dict[str, Path], tmp_path: Path
) -> None:
    """No event, or no publication at all."""
    assert PublicPage(monkeypatch, publications["nothing"]).open().finding.startswith("No events were held")
    assert PublicPage(monkeypatch, tmp_path).open().finding == "Nothing is published here at the moment."


def test_the_publics_page_heeds_a_region_and_names_what_is_not_published(
    monkeypatch: pytest.MonkeyPatch, publications: dict[str, Path]
) -> None:
    some = PublicPage(monkeypatch, publications["full"]).open(region="Western Europe")
    assert some.finding == "40 events in Western Europe, in 2 countries."
    none = PublicPage(monkeypatch, publications["full"]).open(period="2019", region="Atlantis")
    stands(none)
    assert ["2019" in warning.value for warning in none.at.warning] == [True, False]


def test_the_publics_page_is_closed_to_a_server_of_the_staffs(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    """Its own guard: nothing else stands between the staff's database and it."""
    monkeypatch.setattr(Dashboard, "script", published.PAGE)
    turned_away(Dashboard(monkeypatch, full).open())


def test_words_from_data_are_words_for_the_public_too(
    monkeypatch: pytest.MonkeyPatch, publications: dict[str, Path]
) -> None:
    harmless(PublicPage(monkeypatch, publications["hostile"]).open())
