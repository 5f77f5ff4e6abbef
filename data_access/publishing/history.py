"""What was ever published of people, and whether a new publication together with it would give a small group away.

The history lies next to the site (`history.json`): it holds published ranges only, so it can give away nothing that the
world could not have kept; it goes where the site goes; and a program database that is restored from a backup does not
forget what the world already knows. Publishing into another folder starts another history.

Attack: somebody has kept every publication, and takes it that nothing changed between those that can be of the same
people. Then every range ever published of a count holds at once, and so do all sums. Where that leaves a small count
fewer values than 0 to `min_group_size` − 1, the new publication is refused. It happens when the minimum group is
changed, or when counts move a little, and ranges are widened at another place than before.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when they are first used: a page without them starts sooner

from data_access.answers import rows
from data_access.publishing.folder import PublishRefused
from data_access.publishing.rows import PublishedLanguage, PublishedShare, PublishedStep, PublishedTrend

HISTORY_FILE = "history.json"
FORMAT = 1
_SURE = 1e-6
# Trends that count people.
ATTENDANCE, ACTIVE = "attendance", "active_contributors"
Listed = TypeVar("Listed", PublishedShare, PublishedStep)


@dataclass(frozen=True)
class Family:
    """Counts of the same people that are published together: ranges by cell, sums, and which cell is part of which."""

    size: int
    cells: Mapping[str, tuple[int, int]]
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    within: tuple[tuple[str, str], ...] = ()

    def as_data(self) -> dict[str, Any]:
        links = {"sums": [[total, list(parts)] for total, parts in self.sums], "within": [list(w) for w in self.within]}
        return {"size": self.size, "cells": {name: list(ends) for name, ends in self.cells.items()}} | links

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Family:
        return cls(
            int(data["size"]),
            {str(name): (int(low), int(high)) for name, (low, high) in data["cells"].items()},
            tuple((str(total), tuple(map(str, parts))) for total, parts in data["sums"]),
            tuple((str(part), str(whole)) for part, whole in data["within"]),
        )


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A small count that would be known too well: in which table, which, and how well."""

    table: str
    cell: str
    low: int
    high: int

    def in_words(self) -> str:
        known = str(self.low) if self.low == self.high else f"{self.low} to {self.high}"
        return f"{self.cell} (table {self.table}) could be narrowed to {known}"


@dataclass
class History:
    """Every version of every family, oldest first."""

    families: dict[str, list[Family]] = field(default_factory=dict)

    def with_new(self, new: Mapping[str, Family]) -> History:
        """The history that holds the new publication too; what is as it was before is not written a second time."""
        known = {name: list(versions) for name, versions in self.families.items()}
        for name, family in new.items():
            versions = known.setdefault(name, [])
            if family not in versions:
                versions.append(family)
        return History(known)

    def to_bytes(self) -> bytes:
        kept = {name: [family.as_data() for family in versions] for name, versions in sorted(self.families.items())}
        text = json.dumps({"format": FORMAT, "families": kept}, ensure_ascii=False, separators=(",", ":"))
        return (text + "\n").encode()


def read_history(folder: Path) -> History:
    """The history in a published folder; an empty one where nothing was published. Raises PublishRefused."""
    path = folder / HISTORY_FILE
    if not path.exists():
        return History()
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        return History({name: [Family.from_data(one) for one in found] for name, found in data["families"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as cause:
        raise PublishRefused(
            f"{path} cannot be read, so nobody can say what this publication would give away together with earlier "
            "ones. Bring the folder back from a copy of what was published."
        ) from cause


# ---- what is published of people ---------------------------------------------------------------------------------


def families(tables: Mapping[str, pd.DataFrame], size: int) -> dict[str, Family]:
    """Every count of people in the published tables, by family; the name begins with the table's."""
    found = dict(_shares(rows(PublishedShare, tables["shares"]), size))
    found |= dict(_funnels(rows(PublishedStep, tables["funnel"]), size))
    for trend in rows(PublishedTrend, tables["trends"]):
        if trend.measure in (ATTENDANCE, ACTIVE):
            cell = {f"{trend.label} {trend.quarter}": (trend.at_least, trend.at_most)}
            found[f"trends/{trend.measure}/{trend.quarter}"] = Family(size, cell)
    for language in rows(PublishedLanguage, tables["languages"]):
        for what, low, high in language.ranges():
            if low is not None and high is not None:
                cell = {f"{what} in {language.name}": (low, high)}
                found[f"languages/{what}/{language.language}"] = Family(size, cell)
    return found


def _grouped(
    listed: Iterable[Listed], key: Callable[[Listed], tuple[str, object]]
) -> dict[tuple[str, object], list[Listed]]:
    found: dict[tuple[str, object], list[Listed]] = {}
    for row in listed:
        found.setdefault(key(row), []).append(row)
    return found


def _shares(listed: Iterable[PublishedShare], size: int) -> Iterator[tuple[str, Family]]:
    for (population, end), shares in _grouped(listed, lambda row: (row.population, row.ends_on)).items():
        cells: dict[str, tuple[int, int]] = {}
        parts: dict[str, list[str]] = {}
        named: dict[str, list[str]] = {}
        for row in shares:
            if row.kind == "value":
                named.setdefault(row.dimension, []).append(row.value)
        for row in shares:
            name = population
            if row.dimension:
                # Who is published together depends on who is published alone: another list makes another count.
                alone = ", ".join(sorted(named.get(row.dimension, [])))
                value = f"not {alone}" if row.kind == "other" else row.value
                name = f"{population}, {row.dimension}: {value}"
                parts.setdefault(row.dimension, []).append(name)
            cells[name] = (row.at_least, row.at_most)
        sums = tuple((population, tuple(names)) for names in parts.values())
        yield f"shares/{population}/{end}", Family(size, cells, sums)


def _funnels(listed: Iterable[PublishedStep], size: int) -> Iterator[tuple[str, Family]]:
    for (name, cohort), reached in _grouped(listed, lambda row: (row.funnel, row.cohort)).items():
        cells = {f"{row.step} of {cohort}": (row.at_least, row.at_most) for row in reached}
        within = tuple((later, earlier) for earlier, later in itertools.pairwise(cells))
        yield f"funnel/{name}/{cohort}", Family(size, cells, (), within)


# ---- the attack ------------------------------------------------------------------------------------------------


def narrowed(history: History, new: Mapping[str, Family]) -> list[Narrowed]:
    """The small counts that the new publication would give away together with earlier ones."""
    found: list[Narrowed] = []
    for name, family in new.items():
        earlier = [version for version in history.families.get(name, []) if version != family]
        # A count that is linked to no other is not narrowed by being published again, unless in other steps.
        if earlier and (len(family.cells) > 1 or any(version.size != family.size for version in earlier)):
            found += _narrowed_in(name.partition("/")[0], family, earlier)
    return found


def _narrowed_in(table: str, family: Family, earlier: list[Family]) -> list[Narrowed]:
    known = [family]
    for version in reversed(earlier):
        # Where not all can hold at once, people have changed in between, and nobody can put the two together.
        if _System([*known, version]).is_possible():
            known.append(version)
    if len(known) == 1:
        return []
    system = _System(known)
    # A publication shows each small count as 0 to the minimum; a narrower range is therefore not of a small count.
    open_: dict[str, int] = {}
    for one in known:
        alone = _System([one])
        for cell in (name for name, (low, _) in one.cells.items() if low == 0):
            low, high = alone.ends(cell)
            if low == 0 and high >= one.size - 1:
                open_[cell] = max(open_.get(cell, 0), one.size - 1)
    ends = {cell: system.ends(cell) for cell in open_}
    return [Narrowed(table, cell, low, high) for cell, (low, high) in ends.items() if low > 0 or high < open_[cell]]


class _System:
    """All that is known of whole counts: every range, every sum, every part that is within a whole."""

    def __init__(self, known: list[Family]) -> None:
        self.names = list(dict.fromkeys(name for family in known for name in family.cells))
        at = {name: index for index, name in enumerate(self.names)}
        self.low, self.high = np.zeros(len(at)), np.full(len(at), np.inf)
        rows: list[dict[int, float]] = []
        self.least: list[float] = []
        for family in known:
            for name, (low, high) in family.cells.items():
                self.low[at[name]] = max(self.low[at[name]], low)
                self.high[at[name]] = min(self.high[at[name]], high)
            for total, parts in family.sums:
                rows.append({at[total]: -1.0, **{at[part]: 1.0 for part in parts}})
                self.least.append(0.0)
            for part, whole in family.within:
                rows.append({at[part]: 1.0, at[whole]: -1.0})
                self.least.append(-np.inf)
        values = [value for row in rows for value in row.values()]
        places = [(number, column) for number, row in enumerate(rows) for column in row]
        shape = (len(rows), len(at))
        self.matrix = scipy.sparse.csr_array((values, tuple(np.array(places).T)), shape=shape) if rows else None

    def _solve(self, cost: np.ndarray) -> Any:
        least = np.array(self.least)
        links = (
            [] if self.matrix is None else [scipy.optimize.LinearConstraint(self.matrix, least, np.zeros(len(least)))]
        )
        return scipy.optimize.milp(
            cost, integrality=np.ones(len(cost)), bounds=scipy.optimize.Bounds(self.low, self.high), constraints=links
        )

    def is_possible(self) -> bool:
        if (self.low > self.high).any():
            return False
        return bool(self._solve(np.zeros(len(self.names))).status == 0)

    def ends(self, cell: str) -> tuple[int, int]:
        """The least and the most that a count can be."""
        cost = np.zeros(len(self.names))
        cost[self.names.index(cell)] = 1.0
        least, most = self._solve(cost), self._solve(-cost)
        return round(least.fun + _SURE), round(-most.fun - _SURE)
