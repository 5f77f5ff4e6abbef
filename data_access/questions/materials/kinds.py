"""What kinds of materials there are: how many, original or translated, in how many languages."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Annotated, NamedTuple

import pandas as pd
from sqlalchemy import Connection, case, func, select

from data_access.answers import Count, Share, Text, table
from data_access.database.schema import materials
from data_access.geography.language_reach import base_language
from data_access.questions.languages.materials import published_in
from data_access.questions.registry import EVENTS, question
from data_access.selection import EVERYBODY, Scope, Selection


class MaterialsOfKind(NamedTuple):
    kind: Annotated[str, Text("Kind", help="Empty: not recorded")]
    materials: Annotated[int, Count("Materials", "materials")]
    originals: Annotated[int, Count("Original materials", "materials", help="Translated from no other material")]
    translations: Annotated[int, Count("Translations", "materials")]
    original_share: Annotated[float, Share("Originals", help="Of the materials of this kind")]
    languages: Annotated[int, Count("Languages", "languages")]
    of_event: Annotated[int, Count("Made for an event", "materials")]


@question(roles=EVERYBODY, counts=EVENTS, columns=MaterialsOfKind)
def materials_by_kind(connection: Connection, selection: Selection, scope: Scope) -> pd.DataFrame:
    """Materials per kind, originals against translations, most first; those without a kind come last.

    Counted are the materials that `materials_by_language` counts: published in the period, up to `as_of`, of the events
    that filters choose.
    """
    original, for_event = (
        func.sum(case((is_so, 1), else_=0))
        for is_so in (materials.c.original_key.is_(None), materials.c.event_key.is_not(None))
    )
    statement = (
        select(materials.c.kind, materials.c.language, func.count(), original, for_event)
        .where(*published_in(selection))
        .group_by(materials.c.kind, materials.c.language)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    languages: dict[str, set[str]] = defaultdict(set)
    for kind, tag, count, originals, of_event in connection.execute(statement):
        counts[kind or ""].update({"all": count, "originals": int(originals), "of_event": int(of_event)})
        languages[kind or ""].add(base_language(tag))
    rows = [
        MaterialsOfKind(
            kind=kind,
            materials=found["all"],
            originals=found["originals"],
            translations=found["all"] - found["originals"],
            original_share=found["originals"] / found["all"],
            languages=len(languages[kind]),
            of_event=found["of_event"],
        )
        for kind, found in counts.items()
    ]
    rows.sort(key=lambda row: (row.kind == "", -row.materials, row.kind))
    return table(MaterialsOfKind, rows)
