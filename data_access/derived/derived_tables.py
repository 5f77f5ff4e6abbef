"""The derived tables, a row each: which imported tables they follow from, and how they are brought up to date.

To add one: define its table in `database/schema.py`, write a function that refreshes it for what an import changed,
and add its row here. Nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, Table, delete, select, union

from data_access.database.schema import (
    LIST_TABLES,
    budget_conversions,
    funding_conversions,
    ledger,
    metadata,
    organizer_starts,
    team_contributors,
)
from data_access.derived.levels import CONTRIBUTOR_TABLES, refresh_contributors
from data_access.derived.lists import refresh_lists
from data_access.derived.money import refresh_budgets, refresh_money
from data_access.derived.organizers import refresh_organizers, whose_organizing_changed
from data_access.derived.team_contributors import refresh_team_contributors

if TYPE_CHECKING:
    from data_access.database.unfinished_copy import UnfinishedCopy


@dataclass(frozen=True)
class Changes:
    """What an import changed, for the tables derived from it.

    `staged` holds the new and changed rows by table (tables without any are absent), `given` the columns that its
    files have, `updated` the tables in which rows were known before. `new_thresholds`: those of the levels changed.
    `copy` is a columnar copy that the import may begin, to work in.
    """

    staged: Mapping[str, Table]
    given: Mapping[str, Collection[str]]
    updated: Collection[str]
    new_thresholds: bool
    as_of: date
    copy: UnfinishedCopy | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived table, or a few that are computed together.

    `needs` are the imported tables from which it follows; `refresh` is called when one of them changed, and computes
    again what that touches.
    """

    words: str
    needs: frozenset[str]
    refresh: Callable[[Connection, Changes], None]


def _lists(connection: Connection, changes: Changes) -> None:
    for owner, column in LIST_TABLES:
        if owner in changes.staged and column in changes.given[owner]:
            refresh_lists(connection, changes.staged[owner], owner, column, replacing=owner in changes.updated)


def _levels(connection: Connection, changes: Changes) -> None:
    """Of the people touched; of all when a threshold changed, or what is code."""
    if changes.new_thresholds or "areas" in changes.updated:
        refresh_contributors(connection, None, changes.copy)
        return
    people = [
        select(changes.staged[name].c.person_key) for name in ("contributions", "people") if name in changes.staged
    ]
    if people:
        refresh_contributors(connection, select(union(*people).subquery().c.person_key), changes.copy)


def _team_contributors(connection: Connection, changes: Changes) -> None:
    refresh_team_contributors(connection, changes.staged["contributions"], changes.copy)


def _organizers(connection: Connection, changes: Changes) -> None:
    staged = changes.staged
    refresh_organizers(connection, whose_organizing_changed(staged.get("events"), staged.get("participations")))


def _money(connection: Connection, changes: Changes) -> None:
    """Of the requests touched; of all when rates or the program's currency may have changed."""
    touched: Select[tuple[str]] | None = None
    if changes.staged.keys().isdisjoint(("exchange_rates", "program")):
        touched = select(changes.staged["funding_requests"].c.request_key)
    refresh_money(connection, touched)


def _budgets(connection: Connection, changes: Changes) -> None:
    refresh_budgets(connection)


_TABLES = frozenset(
    (
        *LIST_TABLES.values(),
        *(CONTRIBUTOR_TABLES),
        *(team_contributors, organizer_starts, funding_conversions, budget_conversions, ledger),
    )
)
DERIVED: tuple[Derived, ...] = (
    Derived("Splitting lists", frozenset(owner for owner, _ in LIST_TABLES), _lists),
    Derived("Computing levels", frozenset({"contributions", "people", "areas", "program"}), _levels),
    Derived("Finding teams’ contributors", frozenset({"contributions"}), _team_contributors),
    Derived("Finding organizers", frozenset({"participations", "events"}), _organizers),
    Derived("Converting money", frozenset({"funding_requests", "exchange_rates", "program"}), _money),
    Derived("Converting budgets", frozenset({"budgets", "exchange_rates", "program"}), _budgets),
)


def refresh_derived(connection: Connection, changes: Changes, report: Callable[[str, int, int | None], None]) -> None:
    """Bring the derived tables up to date that follow from what changed."""
    for derived in DERIVED:
        if derived.needs & changes.staged.keys():
            report(derived.words, 0, None)
            derived.refresh(connection, changes)


def clear_derived(connection: Connection) -> None:
    """Empty every derived table, so that nothing in them stands in the way of rows that go."""
    for table in reversed(metadata.sorted_tables):
        if table in _TABLES:
            connection.execute(delete(table))


def derive_again(connection: Connection) -> None:
    """Fill the derived tables from all there is, as one import of everything would."""
    from data_access.database.unfinished_copy import copy_of_its_own  # it loads DuckDB

    for owner, column in LIST_TABLES:
        refresh_lists(connection, metadata.tables[owner], owner, column, replacing=True)
    with copy_of_its_own(connection.engine) as copy:
        refresh_contributors(connection, None, copy)
        refresh_team_contributors(connection, None, copy)
    refresh_organizers(connection, None)
    refresh_money(connection, None)
    refresh_budgets(connection)
