"""All that releases tell of contributors, together: no small count is narrowed, nor what came between releases."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from data_access.database.schema import applications, cohorts, memberships, released_counts
from tests.builders import ProgramBuilder
from tests.data_access.attacker import Attacker
from tests.releasing import release

SIZE = 5
Name = tuple[str, ...]
FUNNELS = {
    "contributors": ("joined", "casual", "active", "core"),
    "applicants": ("applied", "evaluated", "accepted", "trained", "graduated", "active_member"),
}
PERSONA_PEOPLE, MISSION, WORDS = 0, 1, range(2, 6)


def build(program: ProgramBuilder, seed: int) -> None:
    """Three years of few people: most groups of most quarters are small."""
    random = np.random.default_rng(seed)
    program.add_program()
    program.add(cohorts, cohort_key="c", name="Autumn")
    for number in range(3):
        program.add_event(key=f"e{number}", starts_on=date(2023 + number, 11, 20), scale="micro")
    with program.deriving_at_the_end():
        for number in range(70):
            joined = date(2023, 1, 1) + timedelta(days=int(random.integers(0, 1095)))
            key = f"p{number}"
            program.add_person(key, joined_on=joined, entry_channel=str(random.choice(["event", "online"])),
                               home_country=str(random.choice(["DE", "JP"])))  # fmt: skip
            later = np.cumsum(random.integers(1, 90, random.integers(0, 9))).tolist()
            days = sorted({day for days in later if (day := joined + timedelta(days=days)) < date(2026, 4, 1)})
            for day in days:
                program.add_contributions(key, day, area=str(random.choice(["coding", "docs"])),
                                          quantity=int(random.integers(1, 7)))  # fmt: skip
            if number % 4 == 0:
                accepted = bool(random.integers(0, 2))
                program.add(applications, application_key=f"a{number}", person_key=key, cohort_key="c",
                            applied_on=joined, decision="accepted" if accepted else "declined",
                            decided_on=joined + timedelta(days=20))  # fmt: skip
                if accepted:
                    program.add(memberships, membership_key=f"m{number}", person_key=key,
                                started_on=joined + timedelta(days=40))  # fmt: skip


def told(program: ProgramBuilder) -> dict[Name, tuple[int, tuple[int, int]]]:
    """All that was ever told: the exact count, and the range."""
    counts = released_counts.c
    statement = select(counts.name, counts.exact, counts.at_least, counts.at_most).where(counts.at_most < 10**6)
    with program.database.program.connect() as connection:
        return {
            tuple(json.loads(name)): (exact, (low, high)) for name, exact, low, high in connection.execute(statement)
        }


class World:
    """The attacker's unknowns by name, and what they know of them."""

    def __init__(self, known: dict[Name, tuple[int, tuple[int, int]]]) -> None:
        self.attacker, self.known = Attacker(), known
        self.at = {name: self.attacker.count(*ends) for name, (_, ends) in known.items()}
        self.exact = {self.at[name]: exact for name, (exact, _) in known.items()}
        self.links = 0

    def adds_up(self, total: Name, *parts: Name) -> None:
        if {total, *parts} <= self.at.keys():
            if self.known[total][0] != sum(self.known[part][0] for part in parts):
                # Somebody came later, after the parts were told.
                self.holds(total, *parts)
                return
            self.attacker.adds_up(self.at[total], [self.at[part] for part in parts])
            self.links += 1

    def holds(self, whole: Name, *parts: Name) -> None:
        """The whole is the parts and others, of whom nothing is told: whoever subtracts looks for them."""
        if not {whole, *parts} <= self.at.keys():
            return
        rest = self.known[whole][0] - sum(self.known[part][0] for part in parts)
        if rest >= 0:
            other = self.attacker.count(0, 10_000)
            self.exact[other] = rest
            self.attacker.adds_up(self.at[whole], [other, *(self.at[part] for part in parts)])
            self.links += 1

    def narrowed(self) -> list[tuple[Name | int, float, float]]:
        small = [place for place, exact in self.exact.items() if exact < SIZE]
        name_of = {place: name for name, place in self.at.items()}
        found = zip(small, self.attacker.bounds_of(small, enough=(0, SIZE - 1)), strict=True)
        return [
            (name_of.get(place, place), low, high)
            for place, (low, high) in found
            if low > 1e-6 or high < SIZE - 1 - 1e-6
        ]


def state_links(world: World) -> None:
    """What anybody who reads the documentation knows of the numbers."""
    funnel_links(world)
    names = list(world.at)
    as_of: defaultdict[Name, list[Name]] = defaultdict(list)
    for name in names:
        if name[-1].startswith("as of "):
            as_of[name[:-1]].append(name)
    for each in as_of.values():
        for earlier, later in pairwise(sorted(each)):
            world.holds(later, earlier)
    quarters = [name[1] for name in names if name[0] == "new contributors" and is_quarter(name[1])]
    for name in names:
        if name[0] == "new contributors" and not is_quarter(name[1]):
            world.adds_up(name, *(("new contributors", each) for each in quarters if within(each, name[1])))
    for quarter in quarters:
        new = ("new contributors", quarter)
        world.adds_up(everybody(quarter), new, ("continuing", quarter), ("reactivated", quarter))
    for name in names:
        # That nobody was there before the program's first quarter is no secret: that quarter is left alone.
        is_everybody = name[:2] == ("people", "contributors") and name == everybody(name[2])
        if is_everybody and name[2].startswith("2023-01-01") and not is_quarter(name[2]):
            world.adds_up(name, *(("new contributors", each) for each in quarters if within(each, name[2])))
        if name[:2] == ("contributors of at least", "10"):
            world.holds(everybody(name[2]), name)
            world.holds(name, ("contributors of at least", "100", name[2]))
        if name[0] == "persona" and name[2] == "1":
            year = name[1]
            world.holds(everybody(year), ("persona", year, str(MISSION)))
            for word in WORDS:
                world.holds(everybody(year), ("persona", year, str(word)))
                world.holds(("persona", year, str(word)), ("persona", year, str(MISSION)))
    retention_links(world)


def funnel_links(world: World) -> None:
    for name in list(world.at):
        if name[0] in FUNNELS and name[-1].startswith("as of "):
            steps = FUNNELS[name[0]]
            if at := steps.index(name[1]):
                world.holds((name[0], steps[at - 1], *name[2:]), name)
            if not name[3]:
                for by in {other[3] for other in world.at if other[0] == name[0] and other[3]}:
                    parts = [n for n in world.at if n[:3] == name[:3] and n[3] == by and n[5:] == name[5:]]
                    if len(parts) and parts[0][0] == "contributors":
                        world.adds_up(name, *parts)
        if name[:2] == ("after events", "new_90") and not name[2]:
            for by in ("scale", "format", "space", "mode", "tasks"):
                parts = [n for n in world.at if n[:3] == ("after events", "new_90", by) and n[4:] == name[4:]]
                world.adds_up(name, *parts)
        if name[0] == "after events" and name[1].endswith("_90"):
            world.holds(name, (name[0], name[1].replace("90", "30"), *name[2:]))


def retention_links(world: World) -> None:
    exactly, later = "1", "2"
    for name in list(world.at):
        if name[0] == "retained" and name[3] in (exactly, later):
            world.holds(("new contributors", name[1]), name)
        if name[0] == "retained" and name[3] == later:
            world.holds(name, (*name[:3], exactly))
            for earlier, after in pairwise(("1", "3", "6", "12")):
                if name[2] == after:
                    world.holds((name[0], name[1], earlier, *name[3:]), name)


def everybody(period: str) -> Name:
    return ("people", "contributors", period, "", "", "", "")


def is_quarter(period: str) -> bool:
    start, end = map(date.fromisoformat, period.split(".."))
    return (end - start).days < 100


def within(part: str, whole: str) -> bool:
    start, end = whole.split("..")
    first, last = part.split("..")
    return start <= first and last <= end


@pytest.fixture(scope="module", params=[1, pytest.param(2, marks=pytest.mark.long)])
def released_twice(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> ProgramBuilder:
    """Between the releases one person joins a year that was told, and one contribution moves to another quarter."""
    folder: Path = tmp_path_factory.mktemp("journeys")
    program = ProgramBuilder(f"sqlite:///{folder / 'uplift.db'}")
    build(program, request.param)
    release(program.database, date(2026, 1, 1))
    program.add_person("late", joined_on=date(2025, 5, 5))
    program.add_contributions("late", date(2025, 5, 6), date(2025, 5, 7), date(2025, 5, 8))
    program.add_contributions("p1", date(2025, 8, 8))
    release(program.database, date(2026, 4, 1))
    return program


@pytest.mark.slow
def test_nothing_told_of_contributors_narrows_a_small_count(released_twice: ProgramBuilder) -> None:
    """The links are this test's own: steps, groups, years of quarters, readings, and one release less another."""
    world = World(told(released_twice))
    state_links(world)
    small = sum(exact < SIZE for exact in world.exact.values())
    assert small > 100
    assert world.links > 300
    assert world.narrowed() == []


@pytest.mark.slow
def test_the_attacker_finds_counts_that_are_only_rounded(released_twice: ProgramBuilder) -> None:
    """Against the same counts in plain ranges of five, nothing widened, the same links narrow many."""
    known = told(released_twice)
    plain = {
        name: (exact, (exact // SIZE * SIZE, exact // SIZE * SIZE + SIZE - 1)) for name, (exact, _) in known.items()
    }
    world = World(plain)
    state_links(world)
    assert len(world.narrowed()) > 5
