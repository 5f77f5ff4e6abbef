"""The headline numbers, a second way: plain Python over the files, against what the product says of its database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.second.comparing import COMPARED, Asking, differences
from tests.second.programs import DAYS, Program, make, selections


@pytest.fixture(scope="module", params=(1, 2, 3))
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Program]]:
    program = make(tmp_path_factory.mktemp(f"second{request.param}"), request.param)
    yield request.param, program
    program.database.close()


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(DAYS)), ids=[str(day) for day in DAYS])
def test_the_product_says_what_the_definitions_say(seeded: tuple[int, Program], place: int) -> None:
    """A Latin square: each program on each day, each selection once a program and once a day. `make bench` asks all."""
    seed, program = seeded
    asked = selections(DAYS[place])[(place + seed) % 3]
    with program.database.reading() as connection:
        found = list(differences(program.bundle, connection, asked))
    assert not found, "\n".join([asked.in_words(), *found[:12]])


@pytest.mark.slow
def test_every_comparison_compares_something(tmp_path: Path) -> None:
    """Else nothing would be proved. And a value that is not the same is seen."""
    program = make(tmp_path, 4, events=120, contributions=900, people=120)
    asked = selections(DAYS[0])[0]
    with program.database.reading() as connection:
        both = {name: compared(Asking(program.bundle, connection, asked)) for name, compared in COMPARED.items()}
        key, event = next((key, event) for key, event in program.bundle.events.items() if event.status == "held")
        program.bundle.events[key] = replace(event, status="cancelled")
        program.bundle.requests.clear()
        program.bundle.memberships.clear()
        program.bundle.contributions.pop(0)
        seen = Counter(words.split()[0] for words in differences(program.bundle, connection, asked))
    program.database.close()
    assert both["contributor_funnel"][0][3][-1] is not None, "an estimate of the end"
    assert [name for name, (mine, theirs) in both.items() if not mine or not theirs] == []
    assert {"impact", "events_total", "floor_summary", "budget_summary", "budget_burn", "returning"} <= seen.keys()
