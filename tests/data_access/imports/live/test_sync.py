"""A sync as a whole: what is kept together, killed and started twice, and how fast it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from data_access.database.engine import Database
from data_access.database.schema import contributions, imports, live_sources, source_items
from data_access.imports.live.named import add_source
from data_access.imports.live.one_sync import one_sync
from data_access.imports.live.refusals import LiveRefused
from data_access.imports.live.sync import sync
from tests.bundles import PROJECT
from tests.data_access.imports.live.conftest import QUICK, Adding, Syncing
from tests.data_access.imports.taking_in import rows
from tests.forge import Forge, commit, forge

DAYS = [f"2026-0{month}-{day:02}" for month in range(1, 9) for day in range(1, 29)]
SYNCING = """
import sys
from data_access.database.engine import Database
from data_access.imports.live.sync import sync
sync(Database(sys.argv[1]))
"""


@pytest.fixture
def repository() -> Iterator[Forge]:
    """Ten thousand commits of fifty people in a hundred pages."""
    people = [f"p{n}" for n in range(50)]
    with forge(commits=[commit(n, DAYS[n % len(DAYS)], people[n % 50]) for n in range(10_000)]) as made:
        yield made


def counted(database: Database) -> int:
    with database.program.connect() as connection:
        return int(connection.execute(select(func.coalesce(func.sum(contributions.c.quantity), 0))).scalar_one())


@pytest.mark.slow
def test_ten_thousand_commits(
    database: Database, repository: Forge, add: Adding, synced: Syncing, capsys: pytest.CaptureFixture[str]
) -> None:
    add("guide", "gitea", f"{repository.server.address}/docs/guide", take="commits")
    started = time.monotonic()
    done = synced()
    with capsys.disabled():
        print(f"\n10,000 commits: {time.monotonic() - started:.1f} s, {len(done.reports)} imports")
    assert counted(database) == 10_000
    assert rows(database, func.count(source_items.c.item)) == [(10_000,)]
    assert done.asked == 101


@pytest.mark.slow
def test_a_killed_sync_goes_on_where_it_stopped(either: Database, repository: Forge) -> None:
    """Killed in the middle of its pages: what was imported is whole, and no page is skipped or asked for again."""
    repository.commits = repository.commits[:6_000]
    with either.writing() as connection:
        address = f"{repository.server.address}/docs/guide"
        add_source(connection, "guide", "gitea", address, allow_private=True, settings={"take": "commits"})
    good = repository.server.answer
    process = subprocess.Popen([sys.executable, "-c", SYNCING, either.url], cwd=PROJECT)

    def killing(asked):  # type: ignore[no-untyped-def]
        if asked.query.get("page") == "50":
            os.kill(process.pid, signal.SIGKILL)
        return good(asked)

    repository.server.answer = killing
    assert process.wait(60) == -signal.SIGKILL
    assert counted(either) == 4_000
    [state] = [json.loads(found) for (found,) in rows(either, live_sources.c.state)]
    assert state["commits"]["page"] == 41
    repository.server.answer = good
    repository.server.asked.clear()
    [done] = sync(either, (), QUICK)
    assert done.went_well
    assert [int(each.query["page"]) for each in repository.server.asked] == list(range(41, 61))
    assert counted(either) == 6_000


def test_the_state_is_kept_with_the_import_that_used_it_or_not_at_all(
    database: Database, repository: Forge, add: Adding, synced: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops the import after the state was written takes both away."""
    from data_access.imports import pipeline

    repository.commits = repository.commits[:10]
    add("guide", "gitea", f"{repository.server.address}/docs/guide", take="commits")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "forget_old_reads", stop)
        with pytest.raises(KeyboardInterrupt):
            synced()
    assert rows(database, live_sources.c.state) == [("{}",)]
    assert (counted(database), rows(database, source_items.c.item)) == (0, [])
    assert synced().went_well
    assert counted(database) == 10


def test_of_two_syncs_at_once_the_second_is_refused_in_words(either: Database) -> None:
    with one_sync(either), pytest.raises(LiveRefused, match="Another sync of this program is running"):
        sync(either, (), QUICK)
    assert sync(either, (), QUICK) == []


def test_a_dry_run_asks_and_writes_nothing(database: Database, repository: Forge, add: Adding, synced: Syncing) -> None:
    repository.commits = repository.commits[:250]
    add("guide", "gitea", f"{repository.server.address}/docs/guide", take="commits")
    before = rows(database, *live_sources.c)
    done = synced(dry_run=True)
    assert done.went_well
    assert sum(report.total("created") for report in done.reports) > 0
    assert rows(database, *live_sources.c) == before
    assert (counted(database), rows(database, imports.c.kind)) == (0, [])


def test_one_source_that_fails_keeps_no_other_back(
    database: Database, repository: Forge, add: Adding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody there, a variable that is not set: said in words and in the list, and the third is read."""
    monkeypatch.delenv("NOT_SET_HERE", raising=False)
    repository.commits = repository.commits[:5]
    add("a-gone", "csv", "http://127.0.0.1:9/table.csv")
    add("b-closed", "csv", "http://127.0.0.1:9/table.csv", "NOT_SET_HERE")
    add("c-guide", "gitea", f"{repository.server.address}/docs/guide", take="commits")
    gone, closed, guide = sync(database, (), QUICK)
    assert (gone.went_well, closed.went_well, guide.went_well) == (False, False, True)
    assert gone.outcome == "a-gone (http://127.0.0.1:9/table.csv): nobody answers there."
    assert "NOT_SET_HERE is not set" in closed.outcome
    listed = {
        name: (outcome, step)
        for name, outcome, step in rows(database, live_sources.c.name, live_sources.c.outcome, live_sources.c.next_step)
    }
    assert listed["a-gone"] == (gone.outcome, "Try again later, or look whether it is up.")
    assert listed["c-guide"][1] is None
    with pytest.raises(LiveRefused, match=r"There is no source guide\. The sources are a-gone, b-closed, c-guide"):
        sync(database, ["guide"], QUICK)
