"""How much there is to thank members for, counted without saying whom."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection

from data_access.answers import Code, Count, rows, table
from data_access.questions.members.achieved import AS_MEMBER
from data_access.questions.members.recognition import Achievement, recognition
from data_access.questions.registry import PEOPLE, question
from data_access.selection import INSIDE, Scope, Selection


class ThanksDue(NamedTuple):
    what: Annotated[str, Code("What", help="first_talk, tenth_event, new_language, member_anniversary")]
    occasions: Annotated[int, Count("Occasions", "occasions")]
    people: Annotated[int, Count("Members", "members")]


@question(roles=INSIDE, counts=PEOPLE, columns=ThanksDue)
def thanks_due(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Reasons for a word of thanks to members in the period, by kind, with how many members gave them.

    Counted as `recognition` lists them.
    """
    found = rows(Achievement, recognition(connection, selection, scope))
    by_kind = {kind: [row.person_key for row in found if row.what == kind] for kind in AS_MEMBER}
    return table(ThanksDue, [ThanksDue(kind, len(keys), len(set(keys))) for kind, keys in by_kind.items()])
