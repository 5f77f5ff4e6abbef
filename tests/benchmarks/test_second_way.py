"""The headline numbers, a second way, on larger programs: every selection on every day; `make bench` prints it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.second.comparing import differences
from tests.second.programs import DAYS, STORY_ENDS, make, more_selections, selections

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("seed", [21, 22])
def test_the_product_says_what_the_definitions_say_whatever_is_asked(tmp_path: Path, seed: int) -> None:
    program = make(tmp_path, seed, events=1_000, contributions=8_000, people=600)
    found, asked_for, started = [], 0, time.perf_counter()
    with program.database.reading() as connection:
        for day in (*DAYS, STORY_ENDS):
            for asked in (*selections(day), *more_selections(day)):
                asked_for += 1
                said = differences(program.bundle, connection, asked)
                found += [f"{day}, {asked.in_words()}: {words}" for words in said]
    program.database.close()
    print(f"\n{asked_for} selections compared in {time.perf_counter() - started:.0f} s, {len(found)} differences")
    assert not found, "\n".join(found[:20])
