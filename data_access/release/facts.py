"""Facts that are no facts about persons: the tables, and of them the columns, that stand in the release as they are.

They are as new as the program database. Free text that somebody wrote about others (notes, outcomes) stays inside.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, TableClause

from data_access.database import schema

# A table that is not named here is not in the release; neither is a column that is left out.
LEFT_OUT: dict[str, frozenset[str]] = {
    "program": frozenset(),
    "sample_program": frozenset(),
    "regions": frozenset(),
    "spaces": frozenset({"coordinator_technical", "coordinator_community"}),
    "areas": frozenset(),
    "teams": frozenset({"coordinator_key"}),
    "team_stages": frozenset({"note"}),
    "team_milestones": frozenset({"note"}),
    "team_risks": frozenset(),
    "cohorts": frozenset(),
    "events": frozenset(),
    "materials": frozenset({"author_key"}),
    "challenges": frozenset(),
    "targets": frozenset(),
    # Of decisions outside learn what, when, topic and status: whose part it was, and papers about it, stay inside.
    "decisions": frozenset({"who_decides", "who_agrees", "consulted", "informed", "evidence_url"}),
    # Written for everybody; those for who is inside stand in a table of their own.
    "time_notes": frozenset(),
    "places": frozenset(),
    "countries": frozenset(),
    "imports": frozenset({"imported_by", "source", "checksum", "seconds", "hints", "format"}),
    "releases": frozenset({"withheld"}),
    "event_topics": frozenset(),
    "event_languages": frozenset(),
}


def fact_tables() -> list[Table]:
    """The tables as they stand in the release: their keys and types, without references to what is not there."""
    metadata = MetaData()
    return [without(schema.metadata.tables[name], left_out, metadata) for name, left_out in LEFT_OUT.items()]


def without(table: Table, left_out: frozenset[str], metadata: MetaData) -> Table:
    """The table with its keys and types, but without these columns and without references."""
    columns = [
        Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)
        for column in table.columns
        if column.name not in left_out
    ]
    for column in columns:
        if isinstance(column.type, Integer) and column.primary_key:
            column.autoincrement = False
    return Table(table.name, metadata, *columns)


def indexes_of(table: TableClause) -> list[tuple[str, tuple[str, ...]]]:
    """The indexes of a fact table whose columns are all in the release: (name, columns)."""
    left_out = LEFT_OUT[table.name]
    found = []
    for index in sorted(schema.metadata.tables[table.name].indexes, key=lambda index: str(index.name)):
        names = tuple(column.name for column in index.columns)
        if names and not left_out.intersection(names):
            found.append((str(index.name), names))
    return found
