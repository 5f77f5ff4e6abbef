"""Pages of whoever is outside open nothing of the program database but its table of viewers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert

from dashboard.maps.answers import CELLS, Answers
from dashboard.maps.tokens import MapRequest
from dashboard.navigation import PAGES, PageEntry
from dashboard.settings import Settings
from data_access.database.schema import (
    deliveries,
    metadata,
    saved_views,
    subscription_looks,
    subscriptions,
    told_items,
    viewers,
)
from data_access.selection import NotAllowed, Period, Role, Scope, Selection
from tests.dashboard.apptest import signed_in
from tests.full_program import AS_OF
from tests.pages.test_every_page import stands

OUTSIDE = [(entry, role) for entry in PAGES for role in (Role.LEADERSHIP, Role.PARTNER, Role.PUBLIC)]


def named(value: object) -> str:
    return value.url_path if isinstance(value, PageEntry) else str(value)


@pytest.fixture(scope="module")
def walled(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The release of the full program, beside a database that knows its readers: accounts, and what they are told."""
    path = tmp_path_factory.mktemp("walled") / "uplift.db"
    shutil.copy(full_file.with_suffix(".release.db"), path.with_suffix(".release.db"))
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine, [viewers, subscriptions, subscription_looks, told_items, deliveries, saved_views])
    with engine.begin() as connection:
        for role in (Role.LEADERSHIP, Role.PARTNER):
            account = {"email": f"{role}@example.org", "role": str(role), "teams": ""}
            connection.execute(insert(viewers).values(account))
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    "what", ["events", "planned", "members", "rate", "gap", "change", "reach", "languages", "diversity"]
)
def test_the_maps_addresses_answer_from_the_release_alone(walled: str, what: str) -> None:
    """Cells, shades, circles and words; where members live is open to nobody outside."""
    asked = MapRequest(what, Selection(Period.parse("2026"), AS_OF), Scope(Role.LEADERSHIP))
    answers = Answers(Settings(database_url=walled))
    version = answers.version(asked.scope)
    if what == "members":
        with pytest.raises(NotAllowed):
            answers.words(asked, version)
        return
    assert answers.words(asked, version)["as_of"]
    if what in CELLS:
        assert answers.cells(asked, version, 0, 0, 0)["n"]
    else:
        shown = answers.reach(asked, version)["at"] if what == "reach" else answers.shades(asked, version)["code"]
        assert shown


@pytest.mark.parametrize(("entry", "role"), OUTSIDE, ids=named)
def test_it_stands_on_the_release_alone(
    monkeypatch: pytest.MonkeyPatch, walled: str, entry: PageEntry, role: Role
) -> None:
    """A page that the role may open says something; another says that it is not for them."""
    email = "" if role is Role.PUBLIC else f"{role}@example.org"
    shown = signed_in(monkeypatch, walled, email).open(entry.url_path)
    if role in entry.roles:
        stands(shown)
    else:
        assert [title.value for title in shown.at.title] == ["This page is not open to you"]
