"""The place index: built once, whole or not at all, and what can be looked up in it."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from data_access.geography.cache_folder import cache_folder, or_temporary
from data_access.geography.distances import distance_km
from data_access.geography.gazetteer import Gazetteer, open_gazetteer
from data_access.geography.gazetteer_build import ensure_index, index_path, is_complete
from data_access.geography.states import states


@pytest.mark.slow
def test_the_index_is_built_with_progress_in_seconds_stays_small_and_clears_old_leftovers(tmp_path: Path) -> None:
    killed, at_work = tmp_path / "gazetteer-x.building", tmp_path / "gazetteer-y.building"
    killed.touch()
    at_work.touch()
    os.utime(killed, (0, 0))
    index_path(tmp_path).write_bytes(b"damaged")
    steps: list[tuple[int, int, str]] = []
    started = time.monotonic()
    path = ensure_index(tmp_path, lambda done, total, text: steps.append((done, total, text)))
    assert time.monotonic() - started < 60
    assert path.stat().st_size < 80_000_000
    assert [step[0] for step in steps] == sorted(step[0] for step in steps)
    assert steps[-1][0] == steps[-1][1]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([path.name, at_work.name])
    built_at = path.stat().st_mtime_ns
    assert ensure_index(tmp_path) == path
    assert path.stat().st_mtime_ns == built_at


@pytest.mark.long
def test_builders_at_the_same_time_leave_one_whole_index(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom data_access.geography.gazetteer import open_gazetteer\n"
        "found = open_gazetteer(Path(sys.argv[1])).named('berlin')\n"
        "assert found[0][0].country == 'DE'\n"
    )
    builders = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    assert [builder.wait(timeout=240) for builder in builders] == [0, 0]
    assert [entry.name for entry in tmp_path.iterdir()] == [index_path(tmp_path).name]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 100])
def test_a_damaged_file_is_no_index(tmp_path: Path, content: bytes) -> None:
    path = index_path(tmp_path)
    path.write_bytes(content)
    assert not is_complete(path)


def test_the_cache_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLIFT_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("UPLIFT_CACHE_DIR")
    assert cache_folder().name == "uplift"


def test_an_account_without_a_home_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one in whatever folder the process was started in, and none that somebody else has made."""
    own = tmp_path / f"uplift-{os.geteuid()}"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for none in (Path("~/.cache/uplift"), Path("/proc/none/uplift")):
        assert or_temporary(none) == own
    assert own.stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "~").exists()
    own.rmdir()
    own.symlink_to(tmp_path)
    assert or_temporary(Path("~/x/uplift")) not in (tmp_path, own)


def test_the_index_cannot_be_written_to(gazetteer: Gazetteer) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        gazetteer._rows("DELETE FROM places", ())


def test_every_state_of_the_table_found_its_chief_city_and_no_two_share_a_code(gazetteer: Gazetteer) -> None:
    codes: dict[tuple[str, str], str] = {}
    for state in states():
        entries = gazetteer.regions(state.names[0], state.country)
        assert entries, state
        if not state.is_region:
            assert codes.setdefault((state.country, entries[0].admin1), state.names[0]) == state.names[0]


def test_the_states_of_the_usa_are_known_by_code_and_by_name(gazetteer: Gazetteer) -> None:
    assert {entry.admin1 for entry in gazetteer.states("TX", "US")} == {"TX"}
    assert {entry.admin1 for entry in gazetteer.states("texas", "US")} == {"TX"}
    assert {entry.admin1 for entry in gazetteer.states("D.C.", "US")} == {"DC"}
    assert {(entry.country, entry.name) for entry in gazetteer.states("WA")} == {
        ("US", "Washington"),
        ("AU", "Western Australia"),
    }


@pytest.mark.slow
def test_the_nearest_place_is_the_one_that_comparing_all_of_them_finds(gazetteer: Gazetteer) -> None:
    everything = list(gazetteer.urban_places(-1))
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    points = [(chance.uniform(-85, 85), chance.uniform(-180, 180)) for _ in range(5)]
    points += [(chance.uniform(-20, -10), side) for side in (179.95, -179.95)]
    points += [(chance.uniform(60, 75), chance.uniform(10, 30)) for _ in range(2)]
    for latitude, longitude in points:
        nearest = min(distance_km(latitude, longitude, place.latitude, place.longitude) for place in everything)
        found = gazetteer.nearest(latitude, longitude, within_km=2000)
        assert (found[1] if found else None) == (pytest.approx(nearest) if nearest <= 2000 else None)


@pytest.mark.parametrize("point", [(90.0, 0.0), (-90.0, 180.0), (0.0, -140.0)])
def test_where_nobody_lives_nothing_is_near(gazetteer: Gazetteer, point: tuple[float, float]) -> None:
    assert gazetteer.nearest(*point) is None


def test_urban_places_come_largest_first_and_none_too_small(gazetteer: Gazetteer) -> None:
    populations = [place.population for place in gazetteer.urban_places(1_000_000)]
    assert len(populations) > 300
    assert populations == sorted(populations, reverse=True)
    assert populations[-1] >= 1_000_000


def test_a_second_opening_takes_no_time(gazetteer: Gazetteer) -> None:
    started = time.monotonic()
    open_gazetteer().close()
    assert time.monotonic() - started < 1
