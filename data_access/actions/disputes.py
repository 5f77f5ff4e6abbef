"""Disputes, by the program manager and the board: opened, taken through the runbook's steps, closed with an outcome."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Connection, select

from data_access.actions.record import ActionRefused, Author, Snapshot, checked, past_day
from data_access.actions.rows import BOTH, Row, record_row, there, undoing
from data_access.contract.runbook import STEPS
from data_access.database.engine import Database
from data_access.database.schema import dispute_steps, disputes
from data_access.kept_rows import DISPUTE, DISPUTE_STEP
from data_access.wording import day_in_words, say


def open_dispute(
    database: Database, author: Author, *, today: date, kind: str, opened_on: date | None, note: str = ""
) -> int:
    """A dispute is open from a day on. What it is about in a word or two; the record keeps who opened it."""
    if not kind.strip():
        raise ActionRefused("About: say in a word or two what it is about.")
    about: str = checked("disputes", "kind", kind, "About")
    day = past_day("disputes", "opened_on", opened_on, "Opened on", today)
    key = f"dispute-{uuid.uuid4().hex[:16]}"

    def change(connection: Connection, before: Row | None) -> Row:
        row = {"dispute_key": key, "kind": about, "opened_on": day}
        return {**row, "closed_on": None, "outcome": None}

    return record_row(database, author, DISPUTE, key, "dispute opened", {}, change, roles=BOTH, note=note)


def do_step(
    database: Database,
    author: Author,
    dispute: str,
    *,
    opened: Snapshot,
    today: date,
    step: str,
    done_on: date | None,
    note: str = "",
) -> int:
    """A step of the runbook was done, each once; also after the dispute was closed, as the last one is."""
    if not step:
        raise ActionRefused("Step: choose what was done.")
    code: str = checked("dispute_steps", "step", step, "Step")
    day = past_day("dispute_steps", "done_on", done_on, "Done on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        whole = select(disputes.c.opened_on).where(disputes.c.dispute_key == dispute)
        found = connection.execute(whole).scalar()
        if found is None:
            raise ActionRefused("There is no such dispute. Nothing was changed.")
        if before is not None:
            done = date.fromisoformat(before["done_on"])
            raise ActionRefused(say("This step was done on {day} already. Undo that first, to correct it.", day=done))
        if day < found.isoformat():
            raise ActionRefused(say("Done on: the dispute was opened on {day} only.", day=day_in_words(found)))
        return {"dispute_key": dispute, "step": code, "done_on": day}

    key = f"{dispute}/{code}"
    return record_row(database, author, DISPUTE_STEP, key, "runbook step", opened, change, roles=BOTH, note=note)


def close_dispute(
    database: Database,
    author: Author,
    dispute: str,
    *,
    opened: Snapshot,
    today: date,
    outcome: str,
    closed_on: date | None,
) -> int:
    """A dispute is closed with its outcome, once it was judged and the sides were told."""
    words: str = checked("disputes", "outcome", outcome, "Outcome")
    day = past_day("disputes", "closed_on", closed_on, "Closed on", today)

    def change(connection: Connection, before: Row | None) -> Row:
        row = there(before, "dispute")
        if row["closed_on"]:
            closed = date.fromisoformat(row["closed_on"])
            raise ActionRefused(say("It was closed on {day} already. Undo that first, to correct it.", day=closed))
        if not words:
            raise ActionRefused("Outcome: it is needed, so that others can follow it.")
        if day < row["opened_on"]:
            opened_on = date.fromisoformat(row["opened_on"])
            raise ActionRefused(say("Closed on: the dispute was opened on {day} only.", day=opened_on))
        own = dispute_steps.c
        done = set(connection.execute(select(own.step).where(own.dispute_key == dispute)).scalars())
        for step in ("heard", "judged"):
            if step not in done:
                template = "The runbook comes first. Not done yet: {step}."
                raise ActionRefused(say(template, step=STEPS[step]))
        return {**row, "closed_on": day, "outcome": words}

    return record_row(database, author, DISPUTE, dispute, "dispute closed", opened, change, roles=BOTH)


undoing(DISPUTE, BOTH)
undoing(DISPUTE_STEP, BOTH)
