"""Rows about people who were erased are left out of every import: their keys stand on the stop list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, select, update

from data_access.contract.cells import BadCell, parse_cell
from data_access.contract.tables import TABLES
from data_access.imports.batches import Batch, in_batches
from data_access.imports.rows import Problem
from data_access.imports.staging import Stage
from data_access.persons.belonging import CONTRACT_KEYS, OUTLIVES_THEM, REMARKS
from data_access.persons.erase import RETENTION, By, erase
from data_access.persons.naming import Persons
from data_access.persons.stop_list import StopList
from data_access.persons.traces import gone_for
from data_access.program import load_program

# Stands where a row that outlives them names them, until the row that is known already says who is meant.
NOBODY = "erased: nobody"


class WithoutErased:
    """Batches as they come, without people who were erased: neither rows about them, which `left_out` counts, nor their
    names in remarks.
    """

    def __init__(self, stopped: StopList) -> None:
        self.left_out = 0
        # People come back row after row: each key is looked at once.
        self._is_stopped = lru_cache(maxsize=200_000)(lambda text: _key(text) in stopped)
        self.stopped = stopped

    def __call__(self, items: Iterable[Batch | Problem]) -> Iterator[Batch | Problem]:
        for item in items:
            if self.stopped and isinstance(item, Batch):
                yield from (self._checked(self._unremarked(batch)) for batch in in_batches(item))
            else:
                yield item

    def _unremarked(self, batch: Batch) -> Batch:
        """Remarks without their names."""
        places = {at for at, name in enumerate(batch.columns) if name in REMARKS}
        if not places:
            return batch
        struck = self.stopped.struck_out
        rows: list[Sequence[str]] = [
            [struck(cell) if at in places else cell for at, cell in enumerate(row)] for row in batch.rows
        ]
        return replace(batch, rows=rows)

    def _checked(self, batch: Batch) -> Batch:
        places = [batch.columns.index(name) for name in CONTRACT_KEYS.get(batch.table, ()) if name in batch.columns]
        marked = {
            index for index, row in enumerate(batch.rows) if any(self._is_stopped(row[place]) for place in places)
        }
        if not marked:
            return batch
        if batch.table in OUTLIVES_THEM:
            rows: list[Sequence[str]] = [
                self._unnamed(row, places) if index in marked else row for index, row in enumerate(batch.rows)
            ]
            return replace(batch, rows=rows)
        self.left_out += len(marked)
        kept = [index for index in range(len(batch.rows)) if index not in marked]
        return replace(batch, rows=[batch.rows[at] for at in kept], lines=[batch.lines[at] for at in kept])

    def _unnamed(self, row: Sequence[str], places: Sequence[int]) -> list[str]:
        return [NOBODY if at in places and self._is_stopped(cell) else cell for at, cell in enumerate(row)]


def _key(text: str) -> str:
    """The key that a cell holds, as the import would read it."""
    try:
        return str(parse_cell(TABLES["people"].column("person_key"), text))
    except BadCell:
        return text.strip()


def keep_who_is_known(connection: Connection, stage: Stage) -> None:
    """Where a file names somebody who was erased, the staged row takes what the database has, or nobody."""
    if stage.name not in OUTLIVES_THEM:
        return
    own = stage.target.alias("own")
    same = [stage.table.c[name] == own.c[name] for name in stage.contract.key]
    for name in set(CONTRACT_KEYS[stage.name]) & stage.given:
        # The days of it are of the same source as the person.
        together = [name, *(each for each in stage.contract.column_names if each.startswith(name.split("_")[0] + "_"))]
        values = {each: select(own.c[each]).where(*same).scalar_subquery() for each in together}
        connection.execute(update(stage.table).where(stage.table.c[name] == NOBODY).values(**values))


def erase_who_is_gone(connection: Connection, by: str, as_of: date) -> Persons | None:
    """Erase whose last trace is older than the program's retention period; None where nobody is, or it has none.

    The import counts people again afterwards, under its own data version.
    """
    years = load_program(connection).retention_years
    gone = gone_for(connection, years, as_of) if years else []
    return erase(connection, gone, By(by, "import", RETENTION), as_of, counts=False) if gone else None
