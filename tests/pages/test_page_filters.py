"""Each page shows exactly the filters that change something on it, and offers what its subject has."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.asking import cached
from dashboard.navigation import PAGES, PageEntry
from data_access.database.engine import Database
from data_access.questions.options import filter_options
from data_access.selection import Scope, Selection
from tests.dashboard.apptest import Dashboard
from tests.data_access.questions.asking import DEPTHS, in_turns

pytestmark = pytest.mark.slow
# For each filter, values that something in the full program has.
VALUES: dict[str, tuple[str, ...]] = {
    "period": ("2025",),
    "country": ("DE",),
    "region": ("Africa",),
    "mode": ("online",),
    "scale": ("micro",),
    "area": ("docs", "coding"),
    "topic": ("python",),
    "language": ("de",),
    "space": ("s", "pilot"),
    "team": ("docs", "team-a"),
    "status": ("planned",),
}
Answers = list[tuple[str, pd.DataFrame]]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What a page was answered, in the order in which it asked."""
    found: Answers = []
    really = cached.answer

    def answer(question: Any, selection: Selection, scope: Scope, **options: Any) -> pd.DataFrame:
        found.append((question.__name__, really(question, selection, scope, **options)))
        return found[-1][1]

    monkeypatch.setattr(cached, "answer", answer)
    return found


def same(one: Answers, other: Answers) -> bool:
    """Whether the same questions had the same answers."""
    if [name for name, _ in one] != [name for name, _ in other]:
        return False
    return all(here.equals(there) for (_, here), (_, there) in zip(one, other, strict=True))


def sidebar(shown: Dashboard) -> set[str]:
    """The filters that the sidebar shows, by name."""
    keys = [str(box.key) for box in (*shown.at.sidebar.multiselect, *shown.at.sidebar.selectbox)]
    return {key.removeprefix("filter_") for key in keys if key.startswith("filter_") or key == "period"}


@pytest.mark.parametrize("deep", DEPTHS)
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_a_page_shows_the_filters_that_change_its_answers_and_no_others(
    monkeypatch: pytest.MonkeyPatch, full: str, entry: PageEntry, answers: Answers, deep: bool
) -> None:
    """Found by trying: each filter alone, with values that occur."""
    tried = list(VALUES) if deep else in_turns(entry.url_path, list(VALUES), 1, 3)
    shown = sidebar(Dashboard(monkeypatch, full).open(entry.url_path))
    everything = list(answers)
    heeded = set()
    for name in tried:
        for value in VALUES[name]:
            answers.clear()
            Dashboard(monkeypatch, full).open(entry.url_path, **{name: value})
            if not same(everything, answers):
                heeded.add(name)
                break
    assert heeded == shown & set(tried)
    assert shown <= set(VALUES)


def test_filters_follow_what_is_chosen_on_the_page(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    """Members are filtered by home alone; the data's checks by whatever narrows events, once that is asked for."""
    members = Dashboard(monkeypatch, full).open("people", who="members")
    assert sidebar(members) == {"period", "country", "region"}
    data = Dashboard(monkeypatch, full).open("data", quality_of="Only what the filters choose")
    assert {"period", "country", "status"} <= sidebar(data)


def test_a_page_of_people_offers_homes(monkeypatch: pytest.MonkeyPatch, full: str) -> None:
    """To the program manager; others learn nothing of where people live, and have nothing to filter there."""
    database = Database(full)
    with database.reading() as connection:
        homes = dict(filter_options(connection).of("country", people=True))
    database.close()
    shown = Dashboard(monkeypatch, full).open("funnel")
    [box] = [box for box in shown.at.sidebar.multiselect if box.key == "filter_country"]
    assert set(box.options) == set(homes.values())
    assert sidebar(Dashboard(monkeypatch, full).open("funnel", **{"as": "leadership"})) == {"period"}
