"""Calendars and tables at an address: read like files, and only when they have changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data_access.database.engine import Database
from data_access.database.schema import events, imports, live_sources
from data_access.imports.live.feeds import TABLE
from tests.data_access.imports.live.conftest import Adding, Syncing
from tests.data_access.imports.taking_in import rows
from tests.web_server import Asked, Reply, WebServer, web_server

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTART;VALUE=DATE:20260601\r\n"
    "SUMMARY:{title}\r\nLOCATION:Berlin\\, Germany\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SECRET = "hunter2hunter2"


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A calendar with an ETag, as long as the test does not say otherwise."""

    def answer(asked: Asked) -> Reply:
        body = CALENDAR.format(title="Docs day").encode()
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304)
        return Reply(body, headers={"ETag": '"1"', "Content-Type": "text/calendar"})

    with web_server(answer) as running:
        yield running


def test_a_calendar_is_read_once_and_again_when_it_changes(
    database: Database, server: WebServer, add: Adding, synced: Syncing
) -> None:
    add("diary", "ical", f"{server.address}/diary")
    assert synced().outcome == "1 row new, 0 changed, 0 hints."
    assert rows(database, events.c.title, events.c.city) == [("Docs day", "Berlin")]
    assert rows(database, imports.c.source, imports.c.format) == [(f"diary ({server.address})", "iCalendar address")]
    assert synced().outcome == "nothing new."
    assert server.asked[1].headers["if-none-match"] == '"1"'
    # A server that knows no ETag and sends the same again.
    server.answer = lambda asked: Reply(CALENDAR.format(title="Docs day").encode())
    assert synced().outcome == "nothing new."
    server.answer = lambda asked: Reply(CALENDAR.format(title="Docs days").encode())
    assert synced().outcome == "0 rows new, 1 changed, 0 hints."
    assert len(rows(database, imports.c.kind)) == 2


def test_the_secret_is_used_and_nowhere_kept_or_told(
    database: Database, server: WebServer, add: Adding, synced: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIARY_SECRET", SECRET)
    add("diary", "ical", f"{server.address}/{{secret}}/diary.ics", "DIARY_SECRET")
    done = synced()
    assert done.went_well
    assert server.paths == [f"/{SECRET}/diary.ics"]
    server.answer = lambda asked: Reply(status=404)
    assert SECRET not in synced().in_words() + done.in_words()
    for table in database_texts(database):
        assert SECRET not in table


def database_texts(database: Database) -> list[str]:
    from data_access.database.schema import metadata

    return [str(rows(database, *table.c)) for table in metadata.sorted_tables]


NONSENSE = {
    "a page": (b"\n<!doctype html><html>Sign in</html>", "a web page came instead"),
    "nothing": (b" \n", "the answer is empty"),
    "another thing": (b"\x00\x01\x02" * 100, "because of 1 error in what it answered"),
    "half a calendar": (CALENDAR.format(title="Docs day").encode()[:120], ""),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_changes_nothing_and_is_asked_for_again(
    database: Database, server: WebServer, add: Adding, synced: Syncing, name: str
) -> None:
    body, says = NONSENSE[name]
    good = server.answer
    server.answer = lambda asked: Reply(body, headers={"ETag": '"bad"'})
    add("diary", "ical", f"{server.address}/diary")
    done = synced()
    assert not done.went_well
    assert says in done.outcome
    assert rows(database, events.c.title) == []
    assert rows(database, live_sources.c.state) == [("{}",)]
    server.answer = good
    assert synced().went_well
    assert rows(database, events.c.title) == [("Docs day",)]


def test_a_published_sheet_is_read_by_its_columns_or_as_the_table_that_is_named(
    database: Database, server: WebServer, add: Adding, synced: Syncing
) -> None:
    """Hostile cells are cells: ten thousand characters, the year 9999, a formula."""
    table = f'Event Key,Title,Starts on\ne1,"=HYPERLINK(""x"")",2026-05-01\ne2,{"x" * 10_000},9999-12-31\n'
    server.answer = lambda asked: Reply(table.encode())
    add("sheet", "csv", f"{server.address}/pub?output=csv")
    done = synced()
    assert done.went_well, done.in_words()
    assert server.asked[0].query == {"output": "csv"}
    assert [title[:12] for (title,) in rows(database, events.c.title)] == ['=HYPERLINK("', "x" * 12]


def test_addresses_of_sheets_as_people_copy_them() -> None:
    sheet = "https://docs.google.com/spreadsheets/d/abc"
    assert TABLE.address(f"{sheet}/edit?gid=7") == f"{sheet}/export?format=csv&gid=7"
    assert TABLE.address(f"{sheet}/edit") == f"{sheet}/export?format=csv"
    assert TABLE.address(f"{sheet}/pub?output=csv") == f"{sheet}/pub?output=csv"
