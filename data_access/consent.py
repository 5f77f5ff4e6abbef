"""What people consented to be counted by: one condition for every question that reads attributes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_

from data_access.database.schema import person_attributes


def disclosed_by(day: date) -> ColumnElement[bool]:
    """The attributes that count on a day: consented to by then, or from a file that does not say when.

    What a file gives without consent, in a column for its day that is empty, is not kept at all.
    """
    consented = person_attributes.c.consented_on
    return or_(consented.is_(None), consented <= day)
