"""The generator keeps its promises: the same bytes for the same arguments, bounded memory, clear refusals."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sample_data.generator import write_program
from tests.sample_data.conftest import Bundle, read_table

ROOT = Path(__file__).parents[2]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))}


@pytest.mark.slow
def test_the_same_arguments_give_the_same_bytes_even_in_another_process(bundle: Bundle, tmp_path: Path) -> None:
    code = "import pathlib, sys; from sample_data.generator import write_program as w; w(pathlib.Path(sys.argv[1]))"
    for hash_seed in ("1", "2"):
        out = tmp_path / hash_seed
        environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", code, str(out)], check=True, env=environment, cwd=tmp_path)
        assert digests(out) == digests(bundle.folder)


def test_another_seed_gives_another_program(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_program(tmp_path / str(seed), events=200, contributions=500, people=100, seed=seed)
    first, second = digests(tmp_path / "1"), digests(tmp_path / "2")
    same = {name for name in first if first[name] == second[name]}
    assert same <= {
        "program.csv",
        "regions.csv",
        "areas.csv",
        "dispute_steps.csv",
        "decisions.csv",
        "trainings.csv",
        "space_notes.csv",
        "spaces.csv",
        "team_stages.csv",
        "targets.csv",
        "cohorts.csv",
    }


def test_writing_again_replaces_what_was_there(tmp_path: Path) -> None:
    write_program(tmp_path, events=50, contributions=100, people=40)
    before = digests(tmp_path)
    write_program(tmp_path, events=90, contributions=300, people=60, seed=9)
    write_program(tmp_path, events=50, contributions=100, people=40)
    assert digests(tmp_path) == before


def test_another_date_moves_the_whole_program(tmp_path: Path) -> None:
    write_program(tmp_path, events=300, contributions=500, people=80, as_of=date(2024, 2, 29))
    held = [row["starts_on"] for row in read_table(tmp_path / "events.csv") if row["status"] == "held"]
    assert min(held) >= "2019-03-01"
    assert "2024-02-01" <= max(held) <= "2024-02-29"
    assert {row["fiscal_year"] for row in read_table(tmp_path / "budgets.csv")} <= {str(y) for y in range(2019, 2025)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"events": -1}, r"--events must be between 0 and 10,000,000; it is -1"),
        ({"events": 10**9}, r"--events must be between 0 and 10,000,000"),
        ({"contributions": -5}, r"--contributions must be between 0 and 100,000,000"),
        ({"people": 0}, r"--people must be between 1 and 1,000,000"),
        ({"seed": -3}, r"--seed must be between 0"),
    ],
)
def test_absurd_numbers_are_refused_with_the_limits_and_nothing_is_written(
    tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        write_program(tmp_path / "out", **arguments)
    assert not (tmp_path / "out").exists()


def test_progress_is_reported_for_every_table_with_rows_and_ends_at_the_rows_written(tmp_path: Path) -> None:
    heard: dict[str, list[int]] = {}
    counts = write_program(
        tmp_path,
        events=300,
        contributions=200_000,
        people=100,
        progress=lambda table, done, total: heard.setdefault(table, []).append(done if done <= total else -1),
    )
    assert {table: done[-1] for table, done in heard.items()} == {
        table: count for table, count in counts.items() if table in heard
    }
    assert set(heard) >= {table for table, count in counts.items() if count}
    assert len(heard["contributions"]) >= 3
    assert heard["contributions"] == sorted(heard["contributions"])


def peak_memory(out: Path, events: int, contributions: int) -> float:
    """Megabytes a fresh process needed at most."""
    code = (
        "import resource, sys; from pathlib import Path; from sample_data.generator import write_program as w;"
        "w(Path(sys.argv[1]), events=int(sys.argv[2]), contributions=int(sys.argv[3]), people=2000);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", code, str(out), str(events), str(contributions)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return float(done.stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_contributions(tmp_path: Path) -> None:
    little = peak_memory(tmp_path, 1000, 200_000)
    much = peak_memory(tmp_path, 1000, 1_200_000)
    assert much - little < 15


@pytest.mark.bench
def test_a_hundred_thousand_more_events_need_only_a_few_megabytes_more(tmp_path: Path) -> None:
    little = peak_memory(tmp_path, 80_000, 1000)
    much = peak_memory(tmp_path, 180_000, 1000)
    assert much - little < 40
