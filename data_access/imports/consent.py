"""Attributes without consent are not kept: what a file gives with an empty day of consent goes, here and there."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select

from data_access.imports.staging import ROW, Stage


def leave_out_unconsented(connection: Connection, stage: Stage) -> int:
    """Take out the staged attributes without a day of consent, and what was known of the same; returns how many rows.

    Only where the files have the column: without it nobody was asked, and all of it counts as it did before.
    """
    if stage.name != "person_attributes" or "consented_on" not in stage.given:
        return 0
    staged, target = stage.table, stage.target
    without = staged.c.consented_on.is_(None)
    same = [staged.c[name] == target.c[name] for name in stage.contract.key]
    known = select(staged.c[ROW]).where(without, *same).exists()
    stage.withdrawn = connection.execute(delete(target).where(known)).rowcount
    rows = connection.execute(select(func.count()).select_from(staged).where(without)).scalar_one()
    connection.execute(delete(staged).where(without))
    stage.rows -= rows
    return int(rows)
