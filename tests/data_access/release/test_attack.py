"""Whoever knows everything that was ever released, and how it adds up, narrows no small count.

Three releases of a small program; between them people come, and one changes what they say. What the history says was
told is what everybody outside could read; the attacker solves for every small count in all of it together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from data_access.database.engine import Database
from data_access.database.schema import person_attributes, released_counts, released_sums
from data_access.selection import Period
from tests.data_access.attacker import Attacker
from tests.people_programs import AS_OF, PeopleProgram
from tests.releasing import release

SIZE = 5
DAYS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))

Told = dict[str, tuple[int, tuple[int, int] | None]]


@pytest.fixture(
    scope="module", params=[(3, 30), pytest.param((5, 90), marks=pytest.mark.long)], ids=["30 people", "90 people"]
)
def released(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Database:
    seed, count = request.param
    path: Path = tmp_path_factory.mktemp("attacked")
    program = PeopleProgram(f"sqlite:///{path / 'program.db'}", seed, count)
    for number, day in enumerate(DAYS):
        program.add_people(number * 2 + 1, start=count + 10 * number)
        with program.database.writing() as connection:
            one = select(person_attributes.c.person_key).limit(1).offset(number).scalar_subquery()
            connection.execute(
                update(person_attributes).where(person_attributes.c.person_key == one).values(value="changed")
            )
        release(program.database, day)
    return program.database


def told(database: Database) -> tuple[Told, list[tuple[str, list[str]]]]:
    """Every count with its range, and every sum that holds of them."""
    with database.program.connect() as connection:
        counts: Told = {
            row.name: (row.exact, None if row.at_least is None else (row.at_least, row.at_most))
            for row in connection.execute(select(released_counts))
        }
        sums = [
            (row.total, [json.dumps(part, ensure_ascii=False) for part in json.loads(row.parts)])
            for row in connection.execute(select(released_sums))
        ]
    known = [(total, parts) for total, parts in sums if total in counts and all(part in counts for part in parts)]
    true = [(total, parts) for total, parts in known if counts[total][0] == sum(counts[part][0] for part in parts)]
    return counts, true


def linked(counts: Told, sums: list[tuple[str, list[str]]]) -> Iterator[tuple[list[str], list[tuple[str, list[str]]]]]:
    """What hangs together, to be solved together."""
    of: defaultdict[str, list[int]] = defaultdict(list)
    for number, (total, parts) in enumerate(sums):
        for name in (total, *parts):
            of[name].append(number)
    seen: set[str] = set()
    for first in counts:
        names, waiting, used = [], [first], set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            names.append(name)
            for number in of[name]:
                used.add(number)
                waiting += [sums[number][0], *sums[number][1]]
        if names:
            yield names, [sums[number] for number in sorted(used)]


@pytest.mark.slow
def test_no_small_count_is_narrowed_by_all_that_was_ever_told(released: Database) -> None:
    counts, sums = told(released)
    attacked = 0
    for names, links in linked(counts, sums):
        attacker, at = Attacker(), {}
        for name in names:
            at[name] = attacker.count()
            if ends := counts[name][1]:
                assert ends[0] <= counts[name][0] <= ends[1], "a range holds the count"
                attacker.learn(at[name], *map(float, ends))
        for total, parts in links:
            attacker.adds_up(at[total], [at[part] for part in parts])
        small = [name for name in names if counts[name][0] < SIZE and counts[name][1] is not None]
        bounds = attacker.bounds_of([at[name] for name in small], enough=(0.0, SIZE - 1.0)) if links else []
        for name, (least, most) in zip(small, bounds, strict=False):
            assert (round(least, 6) <= 0, round(most, 6) >= SIZE - 1) == (True, True), (name, least, most)
            attacked += 1
        assert all(counts[name][1] == (0, SIZE - 1) for name in small if not links)
    assert attacked > 100


@pytest.mark.slow
def test_what_was_told_is_never_told_otherwise(released: Database) -> None:
    """Asked again for the last day, with people added to the past: the same answers for all windows of then."""
    counts, _ = told(released)
    release(released, Period.quarter_of(AS_OF).end)
    again, _ = told(released)
    assert {name: again[name] for name in counts} == counts
